"""Every error that is expected: a code, an exit code, what happened, and what to do about it."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from doorroute.texts import Text


class ExitCode(IntEnum):
    """What the command line returns; other programs rely on the numbers."""

    DONE = 0
    BUG = 1
    BAD_INPUT = 2
    OUTSIDE_FAILED = 3
    NO_SOUND_PLAN = 4


class DoorrouteError(Exception):
    """An expected failure, told to the user in one line and one of advice.

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
    """What was given cannot be used: a file, a value, an option."""

    exit_code = ExitCode.BAD_INPUT


class OutsideError(DoorrouteError):
    """Something outside failed: a disk, a server, a child process."""

    exit_code = ExitCode.OUTSIDE_FAILED


class NoSoundPlanError(DoorrouteError):
    """No plan was found that keeps every rule; nothing was written."""

    exit_code = ExitCode.NO_SOUND_PLAN


class InternalError(DoorrouteError):
    """Our fault: what must hold does not."""

    exit_code = ExitCode.BUG
