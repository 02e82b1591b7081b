"""Functions compiled to machine code by numba, kept on disk and shipped with the wheel, so that nobody waits for the compiler.

Three decorators say who calls a function: `compiled` is called from Python, `internal` from compiled code only, and `inlined` is
copied into the compiled code that calls it. `key` says when kept machine code is stale, `kept` where it is kept, `processes`
compiles in processes of its own, `shipped` prepares what a wheel carries.
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
    """A function without the code that unpacks Python's arguments: for dozens of arrays that is half of what is compiled."""

    def __call__(self, *_: object, **__: object) -> NoReturn:
        """Refuse the call: without that code it would crash."""
        name = self.py_func.__qualname__
        raise TypeError(
            f"{name} can only be called from compiled code; decorate it with @compiled to call it from Python"
        )


def compiled(function: F) -> F:
    """Compile `function`, which reads and writes arrays and makes none; other threads run meanwhile.

    Arrays are not reference-counted (`_nrt`): with dozens of them in each call, that took forty times as long as the work itself.
    """
    return _compiled(function, CPUDispatcher, _nrt=False)


def allocating(function: F) -> F:
    """Compile `function`, which may also make arrays; other threads run meanwhile."""
    return _compiled(function, CPUDispatcher)


def internal(function: F) -> F:
    """Compile `function` for calls from compiled code only; it makes no arrays. It takes half as long to compile."""
    return _compiled(function, _Internal, _nrt=False, no_cpython_wrapper=True)


def inlined(function: F) -> F:
    """Compile `function` into each compiled caller: passing dozens of arrays takes longer than the work. It makes no arrays."""
    return _compiled(function, _Internal, _nrt=False, no_cpython_wrapper=True, forceinline=True)


def functions() -> tuple[Any, ...]:
    """Return all compiled functions of the modules imported so far, as numba's dispatchers."""
    return tuple(_FUNCTIONS)


def is_kept(function: Callable[..., Any]) -> bool:
    """Return whether `function` is compiled or can be loaded: if not, its first call waits for the compiler."""
    dispatcher = cast("Any", function)
    return (
        not isinstance(dispatcher, CPUDispatcher)
        or bool(dispatcher.signatures)
        or dispatcher._cache.has_any()  # noqa: SLF001
    )


def _compiled(function: F, kind: type[CPUDispatcher], **options: bool) -> F:
    if numba.config.DISABLE_JIT:
        return function
    # what `numba.njit` does, but with our place for machine code instead of numba's, which notices a change in one file only
    options = {"nopython": True, "nogil": True, "no_cfunc_wrapper": True} | options
    dispatcher = kind(py_func=function, locals={}, targetoptions=options | {"boundscheck": None})
    dispatcher._cache = KeptCode(cast("Any", function))  # noqa: SLF001
    _FUNCTIONS.append(dispatcher)
    return cast("F", dispatcher)
