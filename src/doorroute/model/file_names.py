"""Turn names from a spreadsheet into legal, unique and recognisable names of files and worksheets."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Final

_MAX_FILE_BYTES: Final = 100  # file systems allow 255; a temporary name and a suffix are added
_MAX_SHEET: Final = 31  # Excel's limit in UTF-16 units: an emoji counts as two
# Windows refuses the first nine; % and # would change a link
_NOT_IN_FILES: Final = re.compile(r'[<>:"/\\|?*%#]')
_NOT_IN_SHEETS: Final = re.compile(r"[\[\]:*?/\\]")
# Source: learn.microsoft.com, "Naming Files, Paths, and Namespaces"; reserved with any extension
_RESERVED: Final = re.compile(
    r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\..*)?", re.IGNORECASE
)


def file_names(names: Iterable[str]) -> dict[str, str]:
    """Return a file name, without suffix, for each of `names`; no two differ only by case."""
    return _unique(names, _file_name, _cut_bytes)


def route_names(teams: Sequence[str]) -> tuple[str, ...]:
    """Return a unique name for each route: its team's, with `-2`, `-3`, ... from the team's second route."""
    used, names = set(teams), list[str]()
    for position, team in enumerate(teams):
        number, name = teams[:position].count(team) + 1, team
        while number > 1 and (name := f"{team}-{number}") in used:
            number += 1
        used.add(name)
        names.append(name)
    return tuple(names)


def sheet_names(names: Iterable[str], taken: Iterable[str]) -> dict[str, str]:
    """Return a worksheet name for each of `names`, none of them in `taken`."""
    return _unique(names, _sheet_name, _cut_sheet, taken)


def _unique(
    names: Iterable[str],
    legal: Callable[[str], str],
    cut: Callable[[str, int], str],
    taken: Iterable[str] = (),
) -> dict[str, str]:
    used = {_folded(name) for name in taken}
    given: dict[str, str] = {}
    for name in names:
        plain = candidate = cut(legal(name), 0) or "_"
        number = 1
        while _folded(candidate) in used:
            number += 1
            tail = f"-{number}"
            candidate = cut(plain, len(tail)) + tail
        used.add(_folded(candidate))
        given[name] = candidate
    return given


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def _visible(name: str) -> str:
    """Drop invisible characters: control characters, direction marks, lone surrogates."""
    return "".join(
        letter for letter in unicodedata.normalize("NFC", name) if unicodedata.category(letter)[0] != "C"
    )


def _file_name(name: str) -> str:
    safe = _NOT_IN_FILES.sub("_", _visible(name)).strip(" .")
    return f"{safe}_" if _RESERVED.fullmatch(safe) else safe


def _cut_bytes(name: str, room: int) -> str:
    return name.encode()[: _MAX_FILE_BYTES - room].decode(errors="ignore").rstrip(" .")


def _cut_sheet(name: str, room: int) -> str:
    return name.encode("utf-16-le")[: 2 * (_MAX_SHEET - room)].decode("utf-16-le", errors="ignore")


def _sheet_name(name: str) -> str:
    safe = _NOT_IN_SHEETS.sub("_", _visible(name)).strip(" '")
    return f"{safe}_" if safe.casefold() == "history" else safe  # Excel reserves that name


def xml_text(name: str) -> str:
    """Drop characters that XML 1.0 cannot hold. Source: its production `Char`."""
    return re.sub("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", name)
