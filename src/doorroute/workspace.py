"""Where each file of a day lies, and how a whole folder of them comes to be: at once, or not at all."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import platformdirs

from doorroute.errors import BadInputError, OutsideError
from doorroute.files import sha256_of, write_whole
from doorroute.texts import msg

if TYPE_CHECKING:
    from collections.abc import Iterator

PLAN: Final = "plan.json"
OVERVIEW: Final = "overview.html"
FINDINGS: Final = "findings.csv"
REVIEW: Final = "review.html"
PINS: Final = "pins.csv"
CODES: Final = "codes.html"
SECRET: Final = frozenset({CODES, "codes.txt", "codes.json"})
"""Files whose hash is kept nowhere: it would be a quick way to try out codes."""


def cache_folder() -> Path:
    """Return where compiled extracts are kept: `DOORROUTE_CACHE`, else the account's own folder for caches."""
    return Path(os.environ.get("DOORROUTE_CACHE") or platformdirs.user_cache_dir("doorroute"))


def demo_folder() -> Path:
    """Return the shipped sample: inside the installed package, or `data/demo` of a checkout."""
    package = Path(__file__).parent
    installed = package / "demo_data"
    return installed if installed.is_dir() else package.parents[1] / "data" / "demo"


def read_plan(folder: Path) -> dict[str, Any]:
    """Read `plan.json` of a plan's folder (or that file itself).

    Raises
    ------
    BadInputError
        Where there is none, or it is no plan.
    """
    file = folder if folder.is_file() else folder / PLAN
    advice = msg("Give the folder that `doorroute plan` wrote with --out.")
    try:
        document = json.loads(file.read_bytes())
    except FileNotFoundError as error:
        raise BadInputError("PLAN_NOT_FOUND", msg("There is no {file}.", file=str(file)), advice) from error
    except (OSError, ValueError, RecursionError) as error:
        raise BadInputError(
            "PLAN_UNREADABLE", msg("{file} cannot be read as a plan.", file=str(file)), advice
        ) from error
    if not isinstance(document, dict) or document.get("schema") != "doorroute/plan/1":
        raise BadInputError("PLAN_UNREADABLE", msg("{file} cannot be read as a plan.", file=str(file)), advice)
    return document


@contextmanager
def staged(out: Path) -> Iterator[Path]:
    """Give an empty folder to write a plan's files to; on leaving without an error they become those of `out`.

    Until then nothing of `out` changes, so that a failed run leaves the earlier plan as it was. Files of the earlier plan that the new
    one does not write again are removed, `plan.json` comes last, and files that no plan wrote are not touched.

    Raises
    ------
    OutsideError
        Where the folder cannot be written.
    """
    was_there = out.exists()
    try:
        out.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=out))
    except OSError as error:
        raise OutsideError(
            "OUT_NOT_WRITABLE",
            msg(
                "The folder {folder} cannot be written: {why}.",
                folder=str(out),
                why=error.strerror or type(error).__name__,
            ),
            msg("Choose another folder with --out."),
        ) from error
    try:
        yield fresh
        _take_over(fresh, out)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        if not was_there and not any(out.iterdir()):
            out.rmdir()


def write_plan(folder: Path, document: dict[str, Any]) -> None:
    """Write `plan.json`, with the names and hashes of all other files in `folder` below `files`."""
    files = {
        path.relative_to(folder).as_posix(): None if path.name in SECRET else sha256_of(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    text = json.dumps({**document, "files": files}, ensure_ascii=False, indent=1)
    write_whole(folder / PLAN, text + "\n")


def _take_over(fresh: Path, out: Path) -> None:
    names = sorted(path.relative_to(fresh) for path in fresh.rglob("*") if path.is_file())
    stale = _files_of(out) - {name.as_posix() for name in names}
    for name in sorted(names, key=lambda name: name == Path(PLAN)):
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (fresh / name).replace(out / name)
    for each in stale:
        (out / each).unlink(missing_ok=True)


def _files_of(out: Path) -> set[str]:
    """Return the files that the plan in `out` says it wrote: below `out`, and unchanged since."""
    try:
        hashes = read_plan(out).get("files")
    except BadInputError:
        return set()
    home = out.resolve()
    return {
        name
        for name, sha256 in (hashes.items() if isinstance(hashes, dict) else ())
        if (file := (out / name).resolve()).is_relative_to(home)
        and file.is_file()
        and (name in SECRET if sha256 is None else sha256_of(file) == sha256)
    }
