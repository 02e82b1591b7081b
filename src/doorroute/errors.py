"""Expected errors: a code, an exit code, what happened, and what to do about it."""

from __future__ import annotations

import errno
from enum import IntEnum
from pathlib import Path
from typing import ClassVar, Final

from doorroute.texts import Text, literal, msg


class ExitCode(IntEnum):
    """What the command line returns; other programs rely on the numbers."""

    DONE = 0
    BUG = 1
    BAD_INPUT = 2
    OUTSIDE_FAILED = 3
    NO_SOUND_PLAN = 4


class DoorrouteError(Exception):
    """An expected failure, shown to the user as one line of message and one of advice.

    `code` is stable and in capitals; `message` and `advice` hold no name, phone, address or health class.
    """

    exit_code: ClassVar[ExitCode]

    def __init__(self, code: str, message: Text, advice: Text) -> None:
        super().__init__(code, str(message))
        self.code = code
        self.message = message
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class BadInputError(DoorrouteError):
    """The user gave a file, value or option that cannot be used."""

    exit_code = ExitCode.BAD_INPUT


class OutsideError(DoorrouteError):
    """Something outside failed: a disk, a server, a child process."""

    exit_code = ExitCode.OUTSIDE_FAILED


class NoSoundPlanError(DoorrouteError):
    """No plan was found that keeps every rule; nothing was written."""

    exit_code = ExitCode.NO_SOUND_PLAN


class InternalError(DoorrouteError):
    """A fault in doorroute itself: an invariant does not hold."""

    exit_code = ExitCode.BUG


_NO_ROOM: Final = msg("the disk is full")
_NOT_THERE: Final = msg("it does not exist")
_NO_RIGHT: Final = msg("permission denied")
_REASONS: Final = {
    "ENOSPC": _NO_ROOM,
    "EDQUOT": msg("your disk quota is used up"),
    "EFBIG": msg("a file would become larger than this computer allows"),
    "EROFS": msg("the disk is read-only"),
    "EIO": msg("the disk is faulty"),
    "EACCES": _NO_RIGHT,
    "EPERM": _NO_RIGHT,
    "ENOENT": _NOT_THERE,
    "ENOTDIR": msg("a part of the path is not a folder"),
    "EISDIR": msg("it is a folder"),
    "EEXIST": msg("a file of that name already exists"),
    "ENAMETOOLONG": msg("the name is too long"),
    "ELOOP": msg("its links form a loop"),
    "EMFILE": msg("too many files are open"),
    "ENFILE": msg("too many files are open"),
    "ENOMEM": msg("there is no memory left"),
    "EBADF": msg("it was closed"),
}
_NAMES_THE_INPUT: Final = frozenset({"ENAMETOOLONG", "ENOTDIR", "EISDIR", "ELOOP"})
"""Faults of the given name rather than of the disk."""


def why(error: OSError) -> Text:
    """Return the system's reason as part of a sentence."""
    name = errno.errorcode.get(error.errno or 0, "")
    return _REASONS.get(name) or literal(error.strerror or type(error).__name__)


def system_error(error: OSError) -> DoorrouteError:
    """Return a general error for a system error that no closer handler has explained."""
    if errno.errorcode.get(error.errno or 0) in _NAMES_THE_INPUT:
        return BadInputError(
            "PATH_UNUSABLE",
            msg("{file} cannot be used: {why}.", file=_named(error), why=why(error)),
            msg("Give another name or folder."),
        )
    message = (
        msg("{file} cannot be read or written: {why}.", file=_named(error), why=why(error))
        if error.filename is not None
        else msg("A file cannot be read or written: {why}.", why=why(error))
    )
    return OutsideError(
        "DISK_FAILED",
        message,
        msg(
            "Make room on the disk, close the file in other programs, or give another folder;"
            " then run it again."
        ),
    )


def _named(error: OSError) -> str:
    """Return the name of the file, cut to `_SHOWN` characters."""
    name = Path(str(error.filename)).name
    return name if len(name) <= _SHOWN else f"{name[:_SHOWN]}…"


_SHOWN: Final = 60
