"""Extracts as foreign files: which there are, how they are read apart, and what is said of one that cannot be read."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from doorroute.errors import BadInputError, DoorrouteError, OutsideError, why
from doorroute.extracts.explaining import TOLD, explain
from doorroute.extracts.faults import broken, fault
from doorroute.sandbox import ApartError, Limits, Reason, apart
from doorroute.texts import msg

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from doorroute.sandbox import Work

__all__ = ["OSM_SUFFIXES", "SUFFIXES", "broken", "limits_of", "must_be_there", "read_apart"]

OSM_SUFFIXES: Final = (".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2")
SUFFIXES: Final = (*OSM_SUFFIXES, ".graphml")

_MEGABYTE: Final = 2**20
_MEMORY: Final = 1_500 * _MEGABYTE  # for the libraries and a small extract
_SECONDS: Final = 120.0
# bytes and seconds a megabyte that a file may take besides: packed, it holds some twenty times what a plain one does
_SHARE: Final = {".osm": (12, 0.5), ".graphml": (40, 2.0)}
_SHARE_ELSE: Final = (100, 6.0)
_STREAMED: Final = 10


@contextlib.contextmanager
def read_apart(
    work: Work,
    extract: Path,
    *args: str | float,
    limits: Limits | None = None,
    progress: Callable[[float], None] | None = None,
) -> Iterator[Path]:
    """Run `work(folder, extract, *args)` in a process of its own; give the folder with what it wrote.

    `limits` are those of `limits_of` where nothing else is said.

    Raises
    ------
    BadInputError
        `EXTRACT_...`: whatever is wrong with the file, also where its reader crashes.
    OutsideError
        `DISK_FAILED`: the disk gave an error.
    """
    must_be_there(extract)
    with contextlib.ExitStack() as stack:
        try:
            folder = stack.enter_context(
                apart(
                    work,
                    str(extract.absolute()),
                    *args,
                    limits=limits or limits_of(extract),
                    progress=progress,
                )
            )
        except ApartError as error:
            raise _fault_of(extract, error) from error
        yield folder


def must_be_there(extract: Path) -> None:
    """Refuse what is no file, may not be read, or is no extract by its name.

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
    except (OSError, ValueError):  # a name that the system cannot have
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
    """Return what reading the extract may take, in proportion to its size; where it is `streamed`, a tenth of that."""
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
            msg("Ask for the right to read it, or copy it to a folder of your own."),
        )
    return OutsideError(
        "DISK_FAILED",
        msg("{file} could not be read: {reason}", file=extract.name, reason=why(error)),
        msg("Copy the file to this computer's own disk and try again."),
    )


def _fault_of(extract: Path, error: ApartError) -> BadInputError:
    """Say what is wrong, by how the reader ended."""
    if error.reason in {Reason.MEMORY, Reason.TIME}:
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
    if error.reason is Reason.FOREIGN:
        with contextlib.suppress(ApartError, DoorrouteError):
            args = (str(extract.absolute()), error.detail)
            with apart(explain, *args, limits=limits_of(extract)) as folder:
                told = json.loads((folder / TOLD).read_bytes())
                return fault(extract, str(told["fault"]), str(told["value"]), told["line"])
    return broken(extract)
