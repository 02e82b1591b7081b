"""Read map extracts as foreign files: in a sandbox, with an explanation if one cannot be read."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from doorroute.errors import BadInputError, DoorrouteError, OutsideError, why
from doorroute.extracts.explaining import FAULT, explain
from doorroute.extracts.faults import broken, fault
from doorroute.sandbox import Failure, Limits, SandboxError, run_in_sandbox
from doorroute.texts import msg

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from doorroute.sandbox import Work

__all__ = ["OSM_SUFFIXES", "SUFFIXES", "broken", "limits_of", "must_be_there", "read_in_sandbox"]

OSM_SUFFIXES: Final = (".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2")
SUFFIXES: Final = (*OSM_SUFFIXES, ".graphml")

_MEGABYTE: Final = 2**20
_MEMORY: Final = 1_500 * _MEGABYTE  # for the libraries and a small extract
_SECONDS: Final = 120.0
# extra bytes and seconds for each megabyte of file; packed formats hold some twenty times as much
_SHARE: Final = {".osm": (12, 0.5), ".graphml": (40, 2.0)}
_SHARE_ELSE: Final = (100, 6.0)
_STREAMED: Final = 10


@contextlib.contextmanager
def read_in_sandbox(
    work: Work,
    extract: Path,
    *args: str | float,
    limits: Limits | None = None,
    progress: Callable[[float], None] | None = None,
) -> Iterator[Path]:
    """Run `work(folder, extract, *args)` in the sandbox; give the folder with what it wrote.

    `limits` default to `limits_of(extract)`.

    Raises
    ------
    BadInputError
        `EXTRACT_...`: the file cannot be read, or its reader crashed.
    OutsideError
        `DISK_FAILED`: the disk gave an error.
    """
    must_be_there(extract)
    with contextlib.ExitStack() as stack:
        try:
            folder = stack.enter_context(
                run_in_sandbox(
                    work,
                    str(extract.absolute()),
                    *args,
                    limits=limits or limits_of(extract),
                    progress=progress,
                )
            )
        except SandboxError as error:
            raise _fault_of(extract, error) from error
        yield folder


def must_be_there(extract: Path) -> None:
    """Refuse a missing or unreadable file, or one whose name is not that of an extract.

    Raises
    ------
    BadInputError
        `EXTRACT_MISSING`, `EXTRACT_KIND` or `NO_PERMISSION`.
    OutsideError
        `DISK_FAILED`.
    """
    kinds = msg("Give the path of a street extract: {kinds}.", kinds=", ".join(SUFFIXES))
    try:
        there = extract.is_file()
    except (OSError, ValueError):  # not a valid name on this system
        there = False
    if not there:
        raise BadInputError("EXTRACT_MISSING", msg("There is no file {file}.", file=extract.name), kinds)
    if not extract.name.lower().endswith(SUFFIXES):
        raise BadInputError(
            "EXTRACT_KIND", msg("{file} is not a street extract by its name.", file=extract.name), kinds
        )
    try:
        with extract.open("rb"):
            pass
    except OSError as error:
        raise _unopened(extract, error) from error


def limits_of(extract: Path, *, streamed: bool = False) -> Limits:
    """Return the limits for reading the extract, by its size; `streamed` takes a tenth of the memory."""
    size = extract.stat().st_size
    memory, seconds = next(
        (share for suffix, share in _SHARE.items() if extract.name.lower().endswith(suffix)), _SHARE_ELSE
    )
    return Limits(
        memory=_MEMORY + memory * size // (_STREAMED if streamed else 1),
        seconds=_SECONDS + seconds * size / _MEGABYTE,
    )


def _unopened(extract: Path, error: OSError) -> DoorrouteError:
    if isinstance(error, PermissionError):
        return BadInputError(
            "NO_PERMISSION",
            msg("You do not have permission to read {file}.", file=extract.name),
            msg("Get read permission, or copy it to a folder of your own."),
        )
    return OutsideError(
        "DISK_FAILED",
        msg("{file} could not be read: {reason}", file=extract.name, reason=why(error)),
        msg("Copy the file to this computer's own disk and try again."),
    )


def _fault_of(extract: Path, error: SandboxError) -> BadInputError:
    """Return the error for the way in which the reader failed."""
    if error.reason in {Failure.MEMORY, Failure.TIME}:
        return BadInputError(
            "EXTRACT_TOO_LARGE",
            msg(
                "Reading {file} takes more memory or time than a file of its size should.", file=extract.name
            ),
            msg(
                "Cut out your town: doorroute network cut {file} --around DEPOTS --out town.osm.pbf",
                file=extract.name,
            ),
        )
    if error.reason is Failure.FOREIGN:
        with contextlib.suppress(SandboxError, DoorrouteError):
            args = (str(extract.absolute()), error.detail)
            with run_in_sandbox(explain, *args, limits=limits_of(extract)) as folder:
                found = json.loads((folder / FAULT).read_bytes())
                return fault(extract, str(found["fault"]), str(found["value"]), found["line"])
    return broken(extract)
