"""The codes of the teams' pages, for the dispatcher only: to read out, never to send along with the pages.

`codes.html` and `codes.txt` are for people; the dispatcher's own code, for the names in the overview, comes
first. `codes.json` is for reading results: it has the numbered doors of each page, including earlier pages of
the day, so that late results can still be read, and the key of the results, which is slow to derive.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from doorroute.disk.files import parsed, sha256_of
from doorroute.errors import BadInputError
from doorroute.handback.seal import PageLock, is_paper_code, new_lock, new_paper_code
from doorroute.model.resident import ResidentId, VisitId
from doorroute.texts import msg

FILE: Final = "codes.json"
_SCHEMA: Final = "doorroute/codes/1"
_OWN: Final = "overview"
_HASHES: Final = "files"

OVERVIEW: Final = "overview.html"
"""Used in place of a team's name for the dispatcher's code in `codes.txt`."""

Door = tuple[VisitId, tuple[ResidentId, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A page that was made for a team.

    Attributes
    ----------
    doors : its doors, in the order in which results number them.
    current : False once another page has replaced it.
    key : the key of its results, if derived already.
    paper : the code of the sheet's PDF, "" in lists of earlier versions.
    plans : the marks of the plans whose sheets number the doors in this way.
    """

    lock: PageLock
    date: str
    doors: tuple[Door, ...]
    current: bool = True
    key: bytes | None = field(default=None, repr=False)
    paper: str = field(default="", repr=False)
    plans: tuple[str, ...] = ()


def issue(
    date: str, routes: Mapping[str, tuple[Door, ...]], earlier: Sequence[Issued], *, mark: str = ""
) -> dict[str, Issued]:
    """Return the page of each team, by its name; `routes` has the doors of each route in order.

    A route with the same doors in the same order keeps its lock, and with it the marks on the phone.
    Another route of a team that already had a page today gets a new lock with the same code, so nobody has
    to read out a new one. The code of the PDF is kept in the same way.
    """
    issued = {}
    for name, doors in routes.items():
        before = [page for page in earlier if page.lock.team == name and page.date == date]
        same = next((page for page in before if page.doors == doors), None)
        lock = same.lock if same else new_lock(name, before[0].lock.code if before else None)
        paper = next((page.paper for page in before if page.paper), None) or new_paper_code()
        plans = dict.fromkeys((*(same.plans if same else ()), *([mark] if mark else ())))
        issued[name] = Issued(lock=lock, date=date, doors=doors, paper=paper, plans=tuple(plans))
    return issued


def codes_json(
    date: str,
    issued: Mapping[str, Issued],
    earlier: Sequence[Issued],
    *,
    own: PageLock,
    printed: Mapping[str, str],
) -> str:
    """Return the text of `codes.json`: the pages of today, the dispatcher's lock `own`, and hashes.

    `printed` has the texts of the lists for people, by file name; their hashes are kept.
    """
    now = {page.lock.route for page in issued.values()}
    old = [page for page in earlier if page.date == date and page.lock.route not in now]
    pages = [_to_json(page, current=True) for page in issued.values()] + [
        _to_json(page, current=False) for page in old
    ]
    document: dict[str, Any] = {_OWN: {"code": own.code, "route": own.route, "date": date}, _SCHEMA: pages}
    document[_HASHES] = {name: sha256(text.encode()).hexdigest() for name, text in printed.items()}
    document[_HASHES][FILE] = _seal(document)
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def read_codes(folder: Path) -> tuple[Issued, ...]:
    """Read the pages that were made for the plan in `folder`, then the earlier ones of the day.

    Raises
    ------
    BadInputError
        `CODES_UNREADABLE`: the list is missing or damaged.
    """
    document = _read(folder)
    try:
        return tuple(_from_json(entry) for entry in document[_SCHEMA])
    except (ValueError, KeyError, TypeError) as error:
        raise _unreadable() from error


def as_written(folder: Path, name: str) -> bool:
    """Return whether a file of codes is unchanged, by its hash in `codes.json` (none in earlier versions)."""
    document = _read(folder)
    hashes = document.get(_HASHES)
    if not isinstance(hashes, dict):
        return True
    return hashes.get(name) == (_seal(document) if name == FILE else sha256_of(folder / name))


def _seal(document: Mapping[str, Any]) -> str:
    """Return the hash of `codes.json` without the hash itself."""
    hashes = {name: value for name, value in document[_HASHES].items() if name != FILE}
    return sha256(json.dumps({**document, _HASHES: hashes}, sort_keys=True).encode()).hexdigest()


def own_lock(date: str, earlier: Path | None) -> PageLock:
    """Return a new lock for the names in the overview, with the code of an `earlier` plan of the same day."""
    try:
        before = _read(earlier)[_OWN] if earlier else {}
        return new_lock(OVERVIEW, before["code"] if before.get("date") == date else None)
    except (BadInputError, ValueError, KeyError, TypeError, AttributeError):
        return new_lock(OVERVIEW)


def own_code(folder: Path) -> PageLock:
    """Read the lock of the names in the overview of `folder`. Raises like `read_codes`."""
    document = _read(folder)
    try:
        return PageLock(OVERVIEW, document[_OWN]["route"], document[_OWN]["code"])
    except (ValueError, KeyError, TypeError) as error:
        raise _unreadable() from error


def _read(folder: Path) -> dict[str, Any]:
    try:
        document: dict[str, Any] = parsed((folder / FILE).read_bytes())
    except (OSError, ValueError) as error:
        raise _unreadable() from error
    return document


def _unreadable() -> BadInputError:
    return BadInputError(
        "CODES_UNREADABLE",
        msg("The list of codes {file} cannot be read.", file=FILE),
        msg("Give the folder of the plan that the team's page came from, with its original codes.json."),
    )


def _to_json(page: Issued, *, current: bool) -> dict[str, object]:
    lock = page.lock
    doors = [[visit, list(residents)] for visit, residents in page.doors]
    return {
        **({} if page.key is None else {"key": page.key.hex()}),
        **({"paper": page.paper} if page.paper else {}),
        **({"plans": list(page.plans)} if page.plans else {}),
        "team": lock.team,
        "code": lock.code,
        "route": lock.route,
        "date": page.date,
        "current": current,
        "doors": doors,
    }


def _from_json(entry: Mapping[str, Any]) -> Issued:
    doors = tuple(
        (VisitId(str(visit)), tuple(map(ResidentId, residents))) for visit, residents in entry["doors"]
    )
    lock = PageLock(str(entry["team"]), entry["route"], entry["code"])
    key = bytes.fromhex(entry["key"]) if "key" in entry else None
    paper = entry.get("paper", "")
    if paper and not is_paper_code(paper):
        raise ValueError("the code of a PDF has 12 symbols")
    plans = tuple(map(str, entry.get("plans", ())))
    return Issued(
        lock=lock,
        date=str(entry["date"]),
        doors=doors,
        current=bool(entry["current"]),
        key=key,
        paper=paper,
        plans=plans,
    )
