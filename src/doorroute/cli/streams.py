"""Standard output and error that may be closed, full, or a broken pipe."""

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
    """Replace closed standard streams, so that no file gets their numbers.

    Afterwards a failure to show progress is ignored; a failure to print results is an OutsideError,
    `OUTPUT_FAILED`.
    """
    for number, mode in enumerate(
        (os.O_RDONLY, os.O_RDONLY, os.O_WRONLY)
    ):  # a closed output stays closed for writing
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, mode)  # gets the lowest free number, which is this one
    sys.stdout = _Stream(sys.stdout or os.fdopen(1, "w", encoding="utf-8", closefd=False), _fail)
    sys.stderr = _Stream(sys.stderr or os.fdopen(2, "w", encoding="utf-8", closefd=False), _pass_over)


def print_no_more() -> None:
    """Discard everything that is printed after this."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(error: OSError) -> None:
    if isinstance(error, BrokenPipeError):  # the reader, such as `head`, has closed the pipe
        raise error
    print_no_more()
    raise OutsideError(
        "OUTPUT_FAILED",
        msg("The result cannot be printed: {why}.", why=why(error)),
        msg("All files were written completely. Send the output to the screen or to another disk."),
    ) from error


def _pass_over(error: OSError) -> None:
    del error


class _Stream:
    """A stream that calls `failed` with errors of the system."""

    def __init__(self, stream: IO[str], failed: Callable[[OSError], None]) -> None:
        self._stream, self._failed = stream, failed

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write the text; return its length."""
        try:
            return 0 if text == "" else self._stream.write(text)  # click tests a stream by writing ""
        except OSError as error:
            self._failed(error)
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write the text; return its length."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Write what is buffered."""
        try:
            self._stream.flush()
        except OSError as error:
            self._failed(error)
