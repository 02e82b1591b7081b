"""A lock on a folder. The system frees it when its process ends, however it ends."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final, Self

NAME: Final = ".doorroute-lock"
_NO_LOCKS: Final = {
    getattr(errno, name, None) for name in ("ENOLCK", "EOPNOTSUPP", "ENOTSUP", "ENOSYS", "EINVAL")
}
"""Errors of disks without locks, such as some network drives: they are used without a lock."""


class FolderLock:
    """A lock that gives this process sole use of a folder, until `free`."""

    def __init__(self, path: Path, handle: int) -> None:
        self._path, self._handle = path, handle

    @classmethod
    def of(cls, folder: Path) -> Self | None:
        """Lock the folder; None if another process, or another part of this one, has locked it.

        Raises
        ------
        OSError
            The folder does not exist or cannot be written.
        """
        path = folder / NAME
        while True:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
            try:
                if not _taken(handle):
                    os.close(handle)
                    return None
                still = sys.platform == "win32" or _is_still(handle, path)
            except BaseException:
                with suppress(OSError):
                    os.close(handle)
                raise
            if still:
                return cls(path, handle)
            os.close(handle)  # its last owner has removed the file meanwhile

    def free(self) -> None:
        """Remove the file, then close it; on Windows, where open files cannot be removed, the reverse."""
        if sys.platform == "win32":
            os.close(self._handle)
        with suppress(OSError):  # on Windows the next run may have it open by now
            self._path.unlink()
        if sys.platform != "win32":
            os.close(self._handle)


def _is_still(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def _taken(handle: int) -> bool:
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
    return True
