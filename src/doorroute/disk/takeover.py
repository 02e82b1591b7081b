"""A folder is taken over by a run: it has all of the new files or all of the old ones, wherever the run is stopped.

Everything that a run writes lies in one hidden folder inside the folder itself, so that all moves are renames on one disk, and the folder
may be a mount point, the current directory, or open in a file manager:

1. `.new-XXXXXXXX/files` takes the new files. Nothing else has changed so far.
2. `.new-XXXXXXXX/journal.json` names what comes and what goes. From its rename on the take-over is under way.
3. The old files are moved to `.new-XXXXXXXX/old`. What must never be missing (codes, the day's log) is copied there and stays.
4. The new files are moved to their places, codes and log each by one rename over the old one.
5. The journal is removed. This one step decides: before it the old files are put back, after it only litter is left.

So no page of the old plan ever lies beside one of the new. A file that cannot be moved (Windows moves none that is open in a program)
fails step 3 or 4, and the run puts everything back. A run that was killed leaves its hidden folder; the next command in that folder puts
the old files back if there is a journal, and removes the hidden folder. Whether a run is alive is told by a lock that the system frees when
its process ends (`locking`).
"""

from __future__ import annotations

import errno
import filecmp
import json
import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final

from doorroute.disk.files import make_folder, write_whole
from doorroute.disk.locking import NAME, FolderLock
from doorroute.errors import BadInputError, DoorrouteError, OutsideError, why
from doorroute.texts import msg

_RUN: Final = re.compile(r"\.new-[a-z0-9_]{8}")
_JOURNAL, _FILES, _OLD = "journal.json", "files", "old"
_JUNCTION: Final = 0xA0000003
"""`IO_REPARSE_TAG_MOUNT_POINT`, which the library knows on Windows alone."""
_DISK: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO)
_WAIT_S: Final = 10.0
"""How long a reader waits for a take-over that is under way; it is a matter of renames."""

_claimed: ContextVar[frozenset[Path]] = ContextVar("claimed", default=frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What of a folder a take-over may touch, by names such as `teams/T1.html`: `replace` where a new file has that name, `remove` even where none has. `keep` are never missing, not for a moment."""

    replace: frozenset[str] = field(default_factory=frozenset)
    remove: frozenset[str] = field(default_factory=frozenset)
    keep: frozenset[str] = field(default_factory=frozenset)


@contextmanager
def claimed(out: Path) -> Iterator[Path]:
    """Make the folder `out` if need be and have it alone: what a killed run left is cleaned up, and a second run is refused.

    May be nested in one thread. Folders that were made are removed at the end where nothing came into them.

    Raises
    ------
    OutsideError
        `FOLDER_BUSY`: another run has the folder. `OUT_NOT_WRITABLE`: it cannot be written.
    """
    home = out.resolve()
    if home in _claimed.get():
        yield home
        return
    missing = [folder for folder in (home, *home.parents) if not folder.exists()]
    lock = None
    try:
        try:
            make_folder(home)
            lock = FolderLock.of(home)
        except OSError as error:
            raise not_writable(out, error) from error
        if lock is None:
            raise _busy(out)
        _clean(home)
        token = _claimed.set(_claimed.get() | {home})
        try:
            yield home
        finally:
            _claimed.reset(token)
    finally:
        if lock is not None:
            lock.free()
        with suppress(OSError):  # the first that is not empty
            for folder in missing:
                folder.rmdir()


@contextmanager
def taken_over(out: Path, held: Callable[[Path], Held]) -> Iterator[Path]:
    """Give an empty folder to write to; on leaving without an error its files become those of `out`, all of them or none.

    `held`, asked on leaving with the folder, says what of it may be replaced and removed.

    Raises
    ------
    BadInputError
        `OUT_HAS_LINK`, `OUT_HAS_OTHER_FILES`: a link, or a file that nobody may replace, is in the way.
    OutsideError
        As `claimed`; `OUT_FILE_HELD`: a file cannot be moved. Everything is as it was.
    """
    with claimed(out) as home:
        try:
            run = Path(tempfile.mkdtemp(prefix=".new-", dir=home))
            (run / _FILES).mkdir()
        except OSError as error:
            raise not_writable(out, error) from error
        try:
            yield run / _FILES
            _take_over(run, home, held(home))
        except OSError as error:
            if error.errno in _DISK or str(error.filename or "").startswith(str(run)):
                raise not_writable(out, error) from error
            raise
        finally:
            _remove(run)


def settle(folder: Path) -> None:
    """Before reading `folder`: put back what a killed run had begun to take over, and clean up after it; wait for one that is alive.

    Raises
    ------
    OutsideError
        `FOLDER_BUSY`: it is still at work. `OUT_NOT_WRITABLE`: it was killed, and the folder cannot be written to put it right.
    """
    home = folder.resolve()
    if home in _claimed.get():
        return
    ends = time.monotonic() + _WAIT_S
    while (runs := _runs(home)) or (home / NAME).exists():
        under_way = any((run / _JOURNAL).exists() for run in runs)
        try:
            lock = FolderLock.of(home)
        except OSError as error:
            if under_way:
                raise not_writable(folder, error) from error
            return
        if lock is not None:
            try:
                _clean(home)
            finally:
                lock.free()
            return
        if not under_way:
            return
        if time.monotonic() >= ends:
            raise _busy(folder)
        time.sleep(0.05)


def refuse_links(home: Path, names: Iterable[str]) -> None:
    """Raise BadInputError where one of `names`, or a folder on the way to it, is a link: what is written would end up elsewhere."""
    for name in names:
        way = home
        for part in Path(name).parts:
            way /= part
            if is_link(way):
                raise BadInputError(
                    "OUT_HAS_LINK",
                    msg(
                        "{name} in {folder} is a link to another place; nothing is written through it.",
                        name=way.relative_to(home).as_posix(),
                        folder=str(home),
                    ),
                    msg("Remove the link, or choose another folder."),
                )


def is_link(path: Path) -> bool:
    """Say whether the path itself is a link: a symbolic one, or a junction of Windows."""
    try:
        about = path.lstat()
    except OSError:
        return False
    return stat.S_ISLNK(about.st_mode) or getattr(about, "st_reparse_tag", 0) == _JUNCTION


def not_writable(out: Path, error: OSError) -> OutsideError:
    """Return the error for a folder that cannot be written."""
    return OutsideError(
        "OUT_NOT_WRITABLE",
        msg(
            "The folder {folder} cannot be written: {why}.",
            folder=str(out),
            why=why(error),
        ),
        msg("Choose another folder with --out."),
    )


def _take_over(run: Path, home: Path, held: Held) -> None:
    new = _names(run / _FILES)
    mine = held.replace | held.remove
    there = [name for name in sorted({*new, *held.remove}) if os.path.lexists(home / name)]
    refuse_links(home, [*new, *there])
    if strange := [name for name in there if name not in mine or not (home / name).is_file()]:
        raise BadInputError(
            "OUT_HAS_OTHER_FILES",
            msg(
                "{folder} has a {name} of its own, which no plan in it wrote.",
                folder=str(home),
                name=strange[0],
            ),
            msg("Move it away, or choose another folder with --out."),
        )
    kept = [name for name in new if name in held.keep]
    journal = {
        "new": [name for name in new if name not in held.keep],
        "old": [name for name in there if name not in kept],
        "kept": kept,
        "fresh": [name for name in kept if name not in there],
        "folders": sorted(
            {folder for name in new for folder in _parents(name) if not (home / folder).exists()}
        ),
    }
    try:
        write_whole(run / _JOURNAL, json.dumps(journal))
        _sync(run / _JOURNAL)
        for name in journal["old"]:
            _move(home / name, run / _OLD / name)
        for name in kept:
            if name in there:
                _copy(home / name, run / _OLD / name)
            _copy(run / _FILES / name, home / name, through=run)
        for name in journal["new"]:
            _move(run / _FILES / name, home / name)
        (run / _JOURNAL).unlink()
    except BaseException as error:
        _put_back(run, home)
        if isinstance(error, OSError):
            raise _held(home, error) from error
        raise


def _put_back(run: Path, home: Path) -> None:
    """Undo a take-over that was not decided; nothing happens where there is none. Each step may be done again."""
    if not (run / _JOURNAL).exists():
        return
    try:
        journal = _journal(run)
        refuse_links(home, {name for names in journal.values() for name in names})
        for name in journal["new"]:
            if not (run / _FILES / name).exists() and (home / name).exists():
                _move(home / name, run / _FILES / name)
        for name in (*journal["old"], *journal["kept"]):
            if (run / _OLD / name).exists() and not _same(run / _OLD / name, home / name):
                _move(run / _OLD / name, home / name)
        for name in journal["fresh"]:
            (home / name).unlink(missing_ok=True)
        for folder in reversed(journal["folders"]):
            with suppress(OSError):  # something else came into it
                (home / folder).rmdir()
        (run / _JOURNAL).unlink(missing_ok=True)
    except OSError as error:
        raise OutsideError(
            "NOT_PUT_BACK",
            msg(
                "{folder} was to be written and could not be, and {name} cannot be put back as it was: {why}.",
                folder=str(home),
                name=_name(error, home),
                why=why(error),
            ),
            msg(
                "Close the folder's files in other programs; then run any command on it again, such as verify. Its old files lie in {hidden} until then.",
                hidden=run.name,
            ),
        ) from error


def _journal(run: Path) -> dict[str, list[str]]:
    """Read which files a take-over moves; none where it had not begun, or the journal is not one of ours."""
    nothing: dict[str, list[str]] = {kind: [] for kind in ("new", "old", "kept", "fresh", "folders")}
    try:
        written = json.loads((run / _JOURNAL).read_bytes())
        return {kind: [inside(name) for name in written[kind]] for kind in nothing}
    except (
        ValueError,
        KeyError,
        TypeError,
    ):  # lost with the power before anything was moved, or made by somebody else
        return nothing


def inside(name: str) -> str:
    """Return the name of a file in a folder; raises ValueError where it leads out of it, here or on Windows."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts or set(name) & {"\\", ":", "\0"}:
        raise ValueError(name)
    return name


def _clean(home: Path) -> None:
    """Put right what killed runs left; whoever calls has the lock."""
    for run in _runs(home):
        _put_back(run, home)
        _remove(run)


def _remove(run: Path) -> None:
    """Remove the hidden folder of a run, if nothing in it is needed; what cannot be removed now is tried by the next run."""
    if not (run / _JOURNAL).exists():
        shutil.rmtree(run, ignore_errors=True)


def _runs(home: Path) -> list[Path]:
    try:
        with os.scandir(home) as entries:
            return [
                Path(entry.path) for entry in entries if _RUN.fullmatch(entry.name) and not entry.is_symlink()
            ]
    except OSError:  # no folder, or none that may be read: the caller finds out
        return []


def _names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _parents(name: str) -> list[str]:
    return [folder.as_posix() for folder in Path(name).parents if folder != Path()]


def _move(here: Path, there: Path) -> None:
    make_folder(there.parent)
    for patience in (0.05, 0.2, 0.5, None):
        try:
            here.replace(there)
        except PermissionError:
            if os.name != "nt" or patience is None:
                raise
            time.sleep(patience)  # a virus scanner looks at new files for a moment
        else:
            return


def _copy(here: Path, there: Path, through: Path | None = None) -> None:
    """Copy a file so that `there` is whole or not there; by way of the folder `through`."""
    copy = (through or there.parent) / f"copy-of-{here.name}"
    make_folder(copy.parent)
    shutil.copy2(here, copy)
    _sync(copy)
    _move(copy, there)


def _same(one: Path, other: Path) -> bool:
    """Say whether the files are equal: what was never replaced need not be put back, and may be held open."""
    return other.is_file() and filecmp.cmp(one, other, shallow=False)


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _name(error: OSError, home: Path) -> str:
    """Return the name in `home` of the file that an error is about, without the hidden folder that it may be in."""
    for path in (error.filename, error.filename2):
        parts = Path(str(path)).parts
        below = parts[len(home.parts) :] if parts[: len(home.parts)] == home.parts else ()
        if name := "/".join(below[2:] if below and _RUN.fullmatch(below[0]) else below):
            return name
    return "?"


def _held(home: Path, error: OSError) -> DoorrouteError:
    if error.errno in _DISK:
        return not_writable(home, error)
    return OutsideError(
        "OUT_FILE_HELD",
        msg(
            "{name} in {folder} cannot be replaced: {why}. Everything in the folder is as it was.",
            name=_name(error, home),
            folder=str(home),
            why=why(error),
        ),
        msg("Close it in other programs, or see that it may be written, and run the command again; or choose another folder with --out."),
    )  # fmt: skip


def _busy(folder: Path) -> OutsideError:
    return OutsideError(
        "FOLDER_BUSY",
        msg("Another doorroute is at work in {folder}.", folder=str(folder)),
        msg("Wait until it is done and run the command again, or choose another folder."),
    )
