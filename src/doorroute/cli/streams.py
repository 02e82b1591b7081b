"""Standard output and error when they are closed, full, or nobody listens any more."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import IO, TYPE_CHECKING

from doorroute.errors import OutsideError, why
from doorroute.texts import msg

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def have_streams() -> None:
    """See that the standard streams are there, so that no file takes their numbers.

    Progress that cannot be shown stops nothing. Results that cannot be printed are an OutsideError, `OUTPUT_FAILED`.
    """
    for number, mode in enumerate(
        (os.O_RDONLY, os.O_RDONLY, os.O_WRONLY)
    ):  # a closed output stays unwritable
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, mode)  # takes the lowest free number: this one
    sys.stdout = _Stream(sys.stdout or os.fdopen(1, "w", encoding="utf-8", closefd=False), _fail)
    sys.stderr = _Stream(sys.stderr or os.fdopen(2, "w", encoding="utf-8", closefd=False), _pass_over)


def print_no_more() -> None:
    """Let whatever is still to be printed go nowhere."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(error: OSError) -> None:
    if isinstance(error, BrokenPipeError):  # `| head` has seen enough
        raise error
    print_no_more()
    raise OutsideError(
        "OUTPUT_FAILED",
        msg("What was to be printed cannot be: {why}.", why=why(error)),
        msg("Files that were to be written are whole; let the output go to the screen or to another disk."),
    ) from error


def _pass_over(error: OSError) -> None:
    del error


class _Stream:
    """A stream that hands over to `failed` what the system refuses."""

    def __init__(self, stream: IO[str], failed: Callable[[OSError], None]) -> None:
        self._stream, self._failed = stream, failed

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write."""
        try:
            return (
                0 if text == "" else self._stream.write(text)
            )  # click tries out what a stream is by writing nothing
        except OSError as error:
            self._failed(error)
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Write what is still held back."""
        try:
            self._stream.flush()
        except OSError as error:
            self._failed(error)
