"""The key of machine code: a hash of all source that it was compiled from. With another key, it is stale.

numba compiles called functions and constants into a function, whatever files they are in. So the key is
made of the text of each file that holds a function called, directly or not, or a class of its arguments,
and of the values of the constants used. Only the function's own package counts: numba compares its own
version.
"""

from __future__ import annotations

import hashlib
import inspect
import re
import sys
from enum import Enum
from functools import cache
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np

_NAME = re.compile(r"[^\W\d]\w*")


def source_key(function: FunctionType) -> str:
    """Return the key of `function`, 64 hex digits; "" if some of its source cannot be read."""
    sources = _Sources(_root(function.__module__))
    sources.add_function(function)
    texts = {module: _text(module) for module in sorted(sources.modules)}
    if not all(texts.values()):
        return ""
    parts = [*(f"{module}\n{text}" for module, text in texts.items()), *sorted(sources.values)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


class _Sources:
    """Modules and constants of the package `root` that functions are compiled from."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.modules: set[str] = set()
        self.values: set[str] = set()
        self._seen: set[int] = set()

    def add_function(self, function: FunctionType) -> None:
        """Add the module of `function`, and everything that the function names."""
        self.modules.add(function.__module__)
        self._add_names(_names(function.__code__) | _annotated(function), function.__globals__)

    def _add_names(self, names: set[str], scope: dict[str, Any]) -> None:
        for name in names & scope.keys():
            self._add(name, scope[name], names)

    def _add(self, name: str, value: object, names: set[str]) -> None:
        value = getattr(value, "py_func", value)
        text = _constant(value)
        if text is not None:
            self.values.add(f"{name} = {text}")
        elif isinstance(value, ModuleType):
            if _root(value.__name__) == self.root:
                self._add_names(names, vars(value))
        elif _root(getattr(value, "__module__", "")) == self.root and id(value) not in self._seen:
            self._seen.add(id(value))
            if isinstance(value, FunctionType):
                self.add_function(value)
            elif isinstance(value, type):
                self.modules.add(value.__module__)
                self._add_names(_annotated(value), vars(sys.modules[value.__module__]))


def _names(code: CodeType) -> set[str]:
    """Return the names that `code` uses, and the code inside it."""
    inner = (_names(part) for part in code.co_consts if isinstance(part, CodeType))
    return set(code.co_names).union(*inner)


def _annotated(value: FunctionType | type) -> set[str]:
    """Return the names in the annotations: the classes of arguments and of their fields."""
    annotations = value.__annotations__ if isinstance(value, FunctionType) else inspect.get_annotations(value)
    texts = (
        text if isinstance(text, str) else getattr(text, "__forward_arg__", getattr(text, "__name__", ""))
        for text in annotations.values()
    )
    return {name for text in texts for name in _NAME.findall(text)}


def _constant(value: object) -> str | None:
    """Return a constant as text; None if numba makes no constant of `value`."""
    if isinstance(value, tuple | frozenset):
        parts = [_constant(part) for part in value]
        return None if None in parts else f"({', '.join(part or '' for part in parts)})"
    if isinstance(value, Enum):
        return f"{type(value).__qualname__}.{value.name} {value.value!r}"
    if isinstance(value, np.ndarray | np.generic):
        return f"{value.dtype.str} {value.shape} {value.tobytes().hex()}"
    if isinstance(value, bool | int | float | complex | str | bytes | None):
        return repr(value)
    return None


@cache
def _text(module: str) -> str:
    """Return the source of a module that is loaded; "" where there is none."""
    loader = getattr(sys.modules.get(module), "__loader__", None)
    try:
        return loader.get_source(module) or "" if loader is not None else ""
    except (AttributeError, ImportError, OSError):
        return ""


def _root(module: str) -> str:
    return module.partition(".")[0]
