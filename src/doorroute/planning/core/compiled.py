"""Functions turned into machine code by numba: kept on disk, so that only the first run on a computer waits for the compiler."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile `function` for arrays of numbers that it only reads and writes; it lets other threads run.

    Without reference counting (`_nrt`): dozens of arrays go into each call, and to count them took forty times as long as the work itself.
    """
    options: dict[str, Any] = {"cache": True, "nogil": True, "_nrt": False}
    return cast("F", numba.njit(**options)(function))


def inlined(function: F) -> F:
    """Compile `function` into whoever calls it: to hand over dozens of arrays takes longer than the work."""
    options: dict[str, Any] = {"cache": True, "nogil": True, "_nrt": False, "forceinline": True}
    return cast("F", numba.njit(**options)(function))
