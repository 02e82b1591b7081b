"""The files of a plan's folder, and how the folder is written: all files at once, or none."""

from __future__ import annotations

import json
import shutil
from contextlib import contextmanager, suppress
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from doorroute.day.log import LOG
from doorroute.disk.files import PRIVATE, parsed, sha256_of, write_whole
from doorroute.disk.takeover import OwnFiles, claimed, inside, refuse_links, settle, taken_over
from doorroute.errors import BadInputError
from doorroute.texts import msg

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from doorroute.model.plan import Plan

PLAN: Final = "plan.json"
OVERVIEW: Final = "overview.html"
SEAL: Final = "seal"
FINDINGS: Final = "findings.csv"
REVIEW: Final = "review.html"
PINS: Final = "pins.csv"
CODES: Final = "codes.html"
SECRET: Final = frozenset({CODES, "codes.txt", "codes.json"})
"""Files whose hash is not in `plan.json`: it would be a quick way to try out codes."""
_OURS: Final = SECRET | {PLAN, OVERVIEW, FINDINGS, REVIEW, LOG, "teams", "sheets"}


def read_plan(folder: Path) -> dict[str, Any]:
    """Read `plan.json` of a plan's folder, or that file itself, after repairing what a killed run left there.

    Raises
    ------
    BadInputError
        There is no plan, or the file is not a plan.
    OutsideError
        Another run is writing to the folder (`takeover.settle`).
    """
    settle(folder.parent if folder.is_file() else folder)
    file = folder if folder.is_file() else folder / PLAN
    advice = msg("Give the folder that `doorroute plan` wrote with --out.")
    try:
        document = parsed(file.read_bytes())
    except FileNotFoundError as error:
        raise BadInputError("PLAN_NOT_FOUND", msg("There is no {file}.", file=str(file)), advice) from error
    except (OSError, ValueError) as error:
        raise BadInputError(
            "PLAN_UNREADABLE", msg("{file} cannot be read as a plan.", file=str(file)), advice
        ) from error
    if not isinstance(document, dict) or document.get("schema") != "doorroute/plan/1":
        raise BadInputError(
            "PLAN_UNREADABLE", msg("{file} cannot be read as a plan.", file=str(file)), advice
        )
    return document


def plan_in(folder: Path) -> Plan:
    """Read the plan of a folder, or of its `plan.json`.

    Raises
    ------
    BadInputError
        There is no plan, or it is incomplete.
    """
    from doorroute.model.plan_json import plan_from_json

    try:
        return plan_from_json(read_plan(folder))
    except ValueError as error:
        raise BadInputError(
            "PLAN_UNREADABLE",
            msg("The plan in {folder} is incomplete: {what}.", folder=str(folder), what=str(error)),
            msg("Make it again with `doorroute plan`."),
        ) from error


@contextmanager
def claimed_folder(out: Path) -> Iterator[None]:
    """Claim the plan's folder before the search, so that nobody waits for a plan that cannot be written.

    Raises as `staged`, as far as this can be known in advance.
    """
    with claimed(out) as home:
        refuse_links(home, sorted(_OURS))
        yield


@contextmanager
def staged(out: Path) -> Iterator[Path]:
    """Give an empty folder for a plan's files; on leaving without an error, move all of them into `out`.

    - Files of the earlier plan that the new one does not write are removed, unless changed by hand.
    - Files that no plan wrote are not touched. If one is in the way, nothing is written.
    - A log belongs to the day, not to a plan. A new log must have the lines of the one it replaces.
    - Changed tables, and codes that cannot be read but are in use, are kept under another name, such as
      `codes-before-1.html`.

    Raises
    ------
    BadInputError
        A file or a link is in the way.
    OutsideError
        The folder cannot be written, another run is writing to it, or a file cannot be replaced.
    """
    with taken_over(out, _held) as fresh:
        yield fresh
        for path in (*_lost_codes(out), *_edited(out, fresh)):
            kept = fresh / _before(path, out)
            shutil.copy2(path, kept)
            kept.chmod(PRIVATE)


def write_plan(folder: Path, document: dict[str, Any]) -> None:
    """Write `plan.json` with its seal, and with the names and hashes of all other files in `folder`."""
    files = {
        path.relative_to(folder).as_posix(): None if path.name in SECRET else sha256_of(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != LOG  # it grows
    }
    whole = {**document, "files": files}
    whole[SEAL] = seal_of(json.loads(json.dumps(whole)))
    write_whole(folder / PLAN, json.dumps(whole, ensure_ascii=False, indent=1) + "\n")


def seal_of(document: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a plan's document without its seal and independent of layout.

    It shows that something was changed, but anybody can compute it.
    """
    sealed = {name: value for name, value in document.items() if name != SEAL}
    return sha256(json.dumps(sealed, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _lost_codes(out: Path) -> list[Path]:
    """Return the lists of codes if `codes.json` cannot be read, so that its codes cannot continue."""
    from doorroute.handback.codes import FILE, own_code, read_codes

    if not (out / FILE).is_file():
        return []
    try:
        read_codes(out)
        own_code(out)
    except BadInputError:
        return [out / name for name in sorted(SECRET) if (out / name).is_file()]
    return []


def _edited(out: Path, fresh: Path) -> list[Path]:
    """Return the tables that somebody changed and that will be replaced: there may be notes in them."""
    return [
        out / name
        for name, held in _written(out).items()
        if Path(name).suffix in (".xlsx", ".csv")
        and (fresh / name).is_file()
        and sha256_of(out / name) != held
    ]


def _before(path: Path, out: Path) -> str:
    """Return the name under which a replaced file is kept."""
    names = (f"{path.stem}-before-{number}{path.suffix}" for number in count(1))
    return next(name for name in names if not (out / name).exists())


def _held(out: Path) -> OwnFiles:
    """Return which files of `out` a new plan may replace (its plan's) and remove (unchanged ones)."""
    wrote = _written(out)
    unchanged = {
        name
        for name, held in wrote.items()
        if (Path(name).name in SECRET if held is None else sha256_of(out / name) == held)
    }
    logs = {LOG, *(path.name for path in out.glob("log-*.jsonl"))}
    return OwnFiles(replace=frozenset({*wrote, PLAN, *logs}), remove=frozenset(unchanged), keep=SECRET | logs)


def _written(out: Path) -> dict[str, object]:
    """Return the existing files that the plan in `out` lists as its own, with the hash of each."""
    try:
        hashes = read_plan(out).get("files")
    except BadInputError:
        return {}
    found = {}
    for name, held in hashes.items() if isinstance(hashes, dict) else ():
        with suppress(ValueError):  # made by somebody else, to reach files elsewhere
            if (out / inside(name)).is_file():
                found[name] = held
    return found
