"""Tables for spreadsheet programs. Every table is written here, so that no cell can run as a formula.

In CSV a text that would run as a formula gets an apostrophe in front. In a workbook a text stays a text.
Source of the rule: OWASP, "CSV Injection"; full-width signs start a formula in East Asian locales.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from doorroute.disk.files import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    import xlsxwriter

_FORMULA_STARTS: Final = "=+\\-@\t\r\n＝＋－＠"
_MUST_BE_ESCAPED: Final = re.compile(f"[{_FORMULA_STARTS}]|'+[{_FORMULA_STARTS}0-9]")
_ESCAPED: Final = re.compile(f"'+[{_FORMULA_STARTS}0-9]")
_TEXT_FORMULA: Final = re.compile(r'="([^"]*)"')
_TEXT_STAYS: Final = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_LONGEST: Final = 32_767  # characters in a cell: Excel's limit; a longer text would be left out


class Digits(str):
    """A number formatted by doorroute. `csv_text` writes it as it is: a minus sign is not a formula."""

    __slots__ = ()


def escaped(cell: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would run or that `unescaped` would change."""
    return f"'{cell}" if _MUST_BE_ESCAPED.match(cell) else cell


def unescaped(cell: str) -> str:
    """Undo `escaped`, and guards typed by hand: `'+358` -> `+358`, `'002` -> `002`, `="002"` -> `002`."""
    if _ESCAPED.match(cell):
        return cell[1:]
    held = _TEXT_FORMULA.fullmatch(cell)
    return held[1] if held else cell


def csv_text(header: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a table as CSV (RFC 4180), its texts `escaped`. Numbers and `Digits` are written as they are."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(map(escaped, header))
    for cells in rows:
        writer.writerow(
            [
                escaped(cell) if isinstance(cell, str) and not isinstance(cell, Digits) else cell
                for cell in cells
            ]
        )
    return text.getvalue()


def write_csv(path: Path, header: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """Write a table as `csv_text`, in UTF-8 with a byte order mark: without it Excel shows no Chinese."""
    write_whole(path, b"\xef\xbb\xbf" + csv_text(header, rows).encode(errors="replace"))


def fitting(text: str) -> str:
    """Return as much of a text as fits into a cell of a workbook."""
    readable = text.encode(errors="replace").decode()
    return readable if len(readable) <= _LONGEST else readable[: _LONGEST - 1] + "…"


@contextmanager
def workbook(path: Path) -> Iterator[xlsxwriter.Workbook]:
    """Give a workbook to fill; on leaving without an error it is written to `path`, for its owner alone.

    No text in it becomes a formula, a link or a number. It is made in memory, so a full disk is an OSError as
    with any other file.

    Raises
    ------
    OSError
        It cannot be written.
    """
    import xlsxwriter

    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {**_TEXT_STAYS, "in_memory": True}) as book:
        yield book
    write_whole(path, held.getvalue())
