"""Functions compiled to machine code by numba; it is kept on disk and shipped in the wheel.

The decorators say who calls a function: `compiled` and `allocating` functions are called from Python
too, `internal` ones from compiled code only, and `inlined` ones are copied into their compiled callers.
`key` decides when kept machine code is stale, `kept` where it is kept, `processes` compiles in child
processes, and `shipped` prepares what a wheel carries.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn, TypeVar, cast

import numba
from numba.core.registry import CPUDispatcher

from doorroute.machine_code.kept import KeptCode

__all__ = ["allocating", "compiled", "functions", "inlined", "internal", "is_kept"]

F = TypeVar("F", bound=Callable[..., Any])

_FUNCTIONS: list[CPUDispatcher] = []


class _Internal(CPUDispatcher):  # type: ignore[misc]  # numba ships no types
    """A function without the code that unpacks Python's arguments: half of it, if there are dozens."""

    def __call__(self, *_: object, **__: object) -> NoReturn:
        """Refuse the call: it would crash."""
        name = self.py_func.__qualname__
        raise TypeError(
            f"{name} can only be called from compiled code; decorate it with @compiled to call it from Python"
        )


def compiled(function: F) -> F:
    """Compile `function`, which makes no arrays; other threads run while it does.

    Arrays are not reference-counted (`_nrt`): with dozens of them in a call, that took forty times as
    long as the work itself.
    """
    return _compiled(function, CPUDispatcher, _nrt=False)


def allocating(function: F) -> F:
    """Compile `function`, which may make arrays; other threads run while it does."""
    return _compiled(function, CPUDispatcher)


def internal(function: F) -> F:
    """Compile `function`, which makes no arrays, for compiled callers only; that takes half as long."""
    return _compiled(function, _Internal, _nrt=False, no_cpython_wrapper=True)


def inlined(function: F) -> F:
    """Copy `function` into its compiled callers; it makes no arrays. Passing dozens takes longer."""
    return _compiled(function, _Internal, _nrt=False, no_cpython_wrapper=True, forceinline=True)


def functions() -> tuple[Any, ...]:
    """Return all compiled functions of the modules imported so far, as numba's dispatchers."""
    return tuple(_FUNCTIONS)


def is_kept(function: Callable[..., Any]) -> bool:
    """Return whether `function` can be called without waiting for the compiler."""
    dispatcher = cast("Any", function)
    return (
        not isinstance(dispatcher, CPUDispatcher)
        or bool(dispatcher.signatures)
        or dispatcher._cache.has_any()  # noqa: SLF001
    )


def _compiled(function: F, kind: type[CPUDispatcher], **options: bool) -> F:
    if numba.config.DISABLE_JIT:
        return function
    # as `numba.njit` does, but with our own cache: numba's notices a change in the function's own file only
    options = {"nopython": True, "nogil": True, "no_cfunc_wrapper": True} | options
    dispatcher = kind(py_func=function, locals={}, targetoptions=options | {"boundscheck": None})
    dispatcher._cache = KeptCode(cast("Any", function))  # noqa: SLF001
    _FUNCTIONS.append(dispatcher)
    return cast("F", dispatcher)
