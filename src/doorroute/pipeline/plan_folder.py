"""Where each file of a day lies, and how a whole folder of them comes to be: at once, or not at all."""

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
from doorroute.disk.takeover import Held, claimed, inside, refuse_links, settle, taken_over
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
"""Files whose hash is kept nowhere: it would be a quick way to try out codes."""
_OURS: Final = SECRET | {PLAN, OVERVIEW, FINDINGS, REVIEW, LOG, "teams", "sheets"}


def read_plan(folder: Path) -> dict[str, Any]:
    """Read `plan.json` of a plan's folder (or that file itself). What a killed run left there is put right before.

    Raises
    ------
    BadInputError
        Where there is none, or it is no plan.
    OutsideError
        Where another run is at work in the folder (`takeover.settle`).
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
    """Read the plan of a folder (or that file itself).

    Raises
    ------
    BadInputError
        There is none, or it is not whole.
    """
    from doorroute.model.plan_json import plan_from_json

    try:
        return plan_from_json(read_plan(folder))
    except ValueError as error:
        raise BadInputError(
            "PLAN_UNREADABLE",
            msg("The plan in {folder} is not whole: {what}.", folder=str(folder), what=str(error)),
            msg("Make it again with `doorroute plan`."),
        ) from error


@contextmanager
def having(out: Path) -> Iterator[None]:
    """Have the folder of a plan to be made alone, from before the search on: nobody waits for a plan that cannot be written then.

    Raises as `staged`, as far as it can be known at the beginning.
    """
    with claimed(out) as home:
        refuse_links(home, sorted(_OURS))
        yield


@contextmanager
def staged(out: Path) -> Iterator[Path]:
    """Give an empty folder to write a plan's files to; on leaving without an error they become those of `out`, all or none (`takeover`).

    Files of the earlier plan that the new one does not write again are removed, unless they were changed by hand. Files that no plan wrote
    are not touched: where one is in the way, nothing is written. Logs are no plan's: one among the new files takes the place of the one
    there, and has to have its lines. Kept beside the new ones, as `codes-before-1.html` and the like, are codes that cannot be read any
    more, so that they could not go on (pages with them are in use), and tables that somebody has changed.

    Raises
    ------
    BadInputError
        A file or a link is in the way.
    OutsideError
        The folder cannot be written, another run is at work in it, or a file cannot be replaced.
    """
    with taken_over(out, _held) as fresh:
        yield fresh
        for path in (*_lost_codes(out), *_edited(out, fresh)):
            kept = fresh / _before(path, out)
            shutil.copy2(path, kept)
            kept.chmod(PRIVATE)


def write_plan(folder: Path, document: dict[str, Any]) -> None:
    """Write `plan.json`, with the names and hashes of all other files in `folder` below `files`, and its own `seal`."""
    files = {
        path.relative_to(folder).as_posix(): None if path.name in SECRET else sha256_of(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != LOG  # it grows
    }
    whole = {**document, "files": files}
    whole[SEAL] = seal_of(json.loads(json.dumps(whole)))
    write_whole(folder / PLAN, json.dumps(whole, ensure_ascii=False, indent=1) + "\n")


def seal_of(document: Mapping[str, Any]) -> str:
    """Return the SHA-256 over all of a plan's document but its seal, however it is set in lines: it tells that something was changed, not by whom."""
    sealed = {name: value for name, value in document.items() if name != SEAL}
    return sha256(json.dumps(sealed, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _lost_codes(out: Path) -> list[Path]:
    """Return the lists of codes, where the one that codes go on from cannot be read."""
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
    """Return the tables that somebody changed since they were written, and that are to be written anew: there may be notes in them."""
    return [
        out / name
        for name, held in _written(out).items()
        if Path(name).suffix in (".xlsx", ".csv")
        and (fresh / name).is_file()
        and sha256_of(out / name) != held
    ]


def _before(path: Path, out: Path) -> str:
    """Return the name by which a file is kept beside the one that takes its place."""
    names = (f"{path.stem}-before-{number}{path.suffix}" for number in count(1))
    return next(name for name in names if not (out / name).exists())


def _held(out: Path) -> Held:
    """Say what of `out` a new plan may replace and remove: what the plan there says it wrote, and remove only what is unchanged since."""
    wrote = _written(out)
    unchanged = {
        name
        for name, held in wrote.items()
        if (Path(name).name in SECRET if held is None else sha256_of(out / name) == held)
    }
    logs = {LOG, *(path.name for path in out.glob("log-*.jsonl"))}
    return Held(replace=frozenset({*wrote, PLAN, *logs}), remove=frozenset(unchanged), keep=SECRET | logs)


def _written(out: Path) -> dict[str, object]:
    """Return the files that the plan in `out` says it wrote and that are there, each with the hash that it had."""
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
