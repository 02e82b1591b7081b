"""Replace the files of a folder all at once: wherever a run is stopped, all of them are new or all are old.

A run writes everything in one hidden folder inside the folder itself. So all moves are renames on one disk,
and the folder may be a mount point, the current directory, or open in a file manager:

1. `.new-XXXXXXXX/files` takes the new files. Nothing else has changed so far.
2. `.new-XXXXXXXX/journal.json` lists the files that come and go. The take-over begins with its rename.
3. The old files are moved to `.new-XXXXXXXX/old`. Files that must never be missing (codes, the day's log) are
   copied there instead.
4. The new files are moved to their places; codes and log each replace the old file in one rename.
5. The journal is removed. This decides: before it, the old files are put back; after it, only litter remains.

So pages of the old plan and of the new are never mixed. If a file cannot be moved in step 3 or 4 (Windows
moves no open file), the run puts everything back. A killed run leaves its hidden folder; the next command in
the folder puts the old files back if there is a journal, and removes it. Whether a run is alive shows a lock
that the system frees when its process ends (`locking`).
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
"""`IO_REPARSE_TAG_MOUNT_POINT`, which `stat` defines only on Windows."""
_DISK: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO)
_WAIT_S: Final = 10.0
"""How long a reader waits for a take-over in progress, which only renames files."""

_claimed: ContextVar[frozenset[Path]] = ContextVar("claimed", default=frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFiles:
    """The files of a folder that a take-over may touch, by names such as `teams/T1.html`.

    `replace`: if a new file has that name; `remove`: in any case; `keep`: these are never missing, even
    briefly.
    """

    replace: frozenset[str] = field(default_factory=frozenset)
    remove: frozenset[str] = field(default_factory=frozenset)
    keep: frozenset[str] = field(default_factory=frozenset)


@contextmanager
def claimed(out: Path) -> Iterator[Path]:
    """Make the folder `out` if necessary and lock it; clean up after killed runs, and refuse a second run.

    May be nested in one thread. Folders made here are removed at the end if they are still empty.

    Raises
    ------
    OutsideError
        `FOLDER_BUSY`: another run is using the folder. `OUT_NOT_WRITABLE`: it cannot be written.
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
        with suppress(OSError):  # stops at the first that is not empty
            for folder in missing:
                folder.rmdir()


@contextmanager
def taken_over(out: Path, own_files: Callable[[Path], OwnFiles]) -> Iterator[Path]:
    """Give an empty folder to write to; on leaving without an error, move all its files to `out`, or none.

    `own_files` is called on leaving with the folder, and returns which of its files may be replaced and
    removed.

    Raises
    ------
    BadInputError
        `OUT_HAS_LINK`, `OUT_HAS_OTHER_FILES`: a link, or a file of the user, is in the way.
    OutsideError
        As `claimed`; `OUT_FILE_HELD`: a file cannot be moved. The folder is unchanged.
    """
    with claimed(out) as home:
        try:
            run = Path(tempfile.mkdtemp(prefix=".new-", dir=home))
            (run / _FILES).mkdir()
        except OSError as error:
            raise not_writable(out, error) from error
        try:
            yield run / _FILES
            _take_over(run, home, own_files(home))
        except OSError as error:
            if error.errno in _DISK or str(error.filename or "").startswith(str(run)):
                raise not_writable(out, error) from error
            raise
        finally:
            _remove(run)


def settle(folder: Path) -> None:
    """Prepare `folder` for reading: undo what a killed run began, or wait for a run that is taking it over.

    Raises
    ------
    OutsideError
        `FOLDER_BUSY`: that run takes too long. `OUT_NOT_WRITABLE`: the killed run cannot be undone.
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
    """Raise BadInputError if one of `names`, or a folder above it, is a link that leads elsewhere."""
    for name in names:
        path = home
        for part in Path(name).parts:
            path /= part
            if is_link(path):
                raise BadInputError(
                    "OUT_HAS_LINK",
                    msg(
                        "{name} in {folder} is a link to another place; nothing is written through it.",
                        name=path.relative_to(home).as_posix(),
                        folder=str(home),
                    ),
                    msg("Remove the link, or choose another folder."),
                )


def is_link(path: Path) -> bool:
    """Return whether the path itself is a symbolic link, or a junction of Windows."""
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


def _take_over(run: Path, home: Path, own_files: OwnFiles) -> None:
    new = _names(run / _FILES)
    mine = own_files.replace | own_files.remove
    there = [name for name in sorted({*new, *own_files.remove}) if os.path.lexists(home / name)]
    refuse_links(home, [*new, *there])
    if strange := [name for name in there if name not in mine or not (home / name).is_file()]:
        raise BadInputError(
            "OUT_HAS_OTHER_FILES",
            msg(
                "{folder} has a file {name} that was not written with a plan.",
                folder=str(home),
                name=strange[0],
            ),
            msg("Move it away, or choose another folder with --out."),
        )
    kept = [name for name in new if name in own_files.keep]
    journal = {
        "new": [name for name in new if name not in own_files.keep],
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
    """Undo a take-over that has begun and not ended, if there is one. Each step may be repeated."""
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
            with suppress(OSError):  # it holds other files by now
                (home / folder).rmdir()
        (run / _JOURNAL).unlink(missing_ok=True)
    except OSError as error:
        raise OutsideError(
            "NOT_PUT_BACK",
            msg(
                "{folder} could not be written, and {name} could not be restored: {why}.",
                folder=str(home),
                name=_name(error, home),
                why=why(error),
            ),
            msg(
                "Close the folder's files in other programs; then run any command on it again,"
                " such as verify. Its old files are in {hidden} until then.",
                hidden=run.name,
            ),
        ) from error


def _journal(run: Path) -> dict[str, list[str]]:
    """Return the files that a take-over moves; none if it has not begun or the journal is not valid."""
    nothing: dict[str, list[str]] = {kind: [] for kind in ("new", "old", "kept", "fresh", "folders")}
    try:
        written = json.loads((run / _JOURNAL).read_bytes())
        return {kind: [inside(name) for name in written[kind]] for kind in nothing}
    except (ValueError, KeyError, TypeError):  # lost in a power cut before anything was moved, or a forgery
        return nothing


def inside(name: str) -> str:
    """Return the name of a file in a folder; raise ValueError if it leads out of it, here or on Windows."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts or set(name) & {"\\", ":", "\0"}:
        raise ValueError(name)
    return name


def _clean(home: Path) -> None:
    """Undo what killed runs began; the caller holds the lock."""
    for run in _runs(home):
        _put_back(run, home)
        _remove(run)


def _remove(run: Path) -> None:
    """Remove the hidden folder of a run unless it is still needed; the next run tries again what fails."""
    if not (run / _JOURNAL).exists():
        shutil.rmtree(run, ignore_errors=True)


def _runs(home: Path) -> list[Path]:
    try:
        with os.scandir(home) as entries:
            return [
                Path(entry.path) for entry in entries if _RUN.fullmatch(entry.name) and not entry.is_symlink()
            ]
    except OSError:  # no folder, or not readable: the caller will notice
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
            time.sleep(patience)  # a virus scanner briefly opens new files
        else:
            return


def _copy(here: Path, there: Path, through: Path | None = None) -> None:
    """Copy a file so that `there` is whole or absent; the copy is made in the folder `through`."""
    copy = (through or there.parent) / f"copy-of-{here.name}"
    make_folder(copy.parent)
    shutil.copy2(here, copy)
    _sync(copy)
    _move(copy, there)


def _same(one: Path, other: Path) -> bool:
    """Return whether the files are equal: an unchanged file may be open and need not be put back."""
    return other.is_file() and filecmp.cmp(one, other, shallow=False)


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _name(error: OSError, home: Path) -> str:
    """Return the name in `home` of the file in an error, without the run's hidden folder."""
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
        msg(
            "Close it in other programs, or make it writable, and run the command again;"
            " or choose another folder with --out."
        ),
    )


def _busy(folder: Path) -> OutsideError:
    return OutsideError(
        "FOLDER_BUSY",
        msg("Another doorroute is using {folder}.", folder=str(folder)),
        msg("Wait until it is done and run the command again, or choose another folder."),
    )
