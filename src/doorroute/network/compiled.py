"""Functions turned into machine code by numba: kept on disk, so that only the first run on a computer waits for the compiler."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile `function` for arrays of numbers; it lets other threads run."""
    return cast("F", numba.njit(cache=True, nogil=True)(function))
