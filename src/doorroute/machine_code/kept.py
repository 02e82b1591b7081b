"""Where machine code is kept: what the wheel carries is looked at first, then the computer's own.

Code compiled for any processor of an architecture runs on each of them, and searches as fast. So it serves every process, and
only the processes that compile it ahead of time (`processes`) are set to such a processor: numba's setting holds for a whole
process, and what a user compiles beside us is to fit their processor. numba's own cache could not tell the two apart.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import re
import sys
import tempfile
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from types import FunctionType
from typing import Any, Final

from numba.core import config
from numba.core.caching import IndexDataCacheFile, _Cache
from numba.core.compiler import CompileResult
from numba.core.sigutils import normalize_signature

from doorroute.disk.places import cache_folder
from doorroute.machine_code.key import source_key

SHIPPED: Final = Path(__file__).with_name("shipped")
"""The machine code that a wheel carries; never written by a process that uses it."""

ANY_PROCESSOR: Final = ("generic", "")
"""numba's name and features of a processor with nothing that others of its architecture lack."""

_DAMAGED: Final = (
    OSError,
    EOFError,
    pickle.UnpicklingError,
    ValueError,
    TypeError,
    AttributeError,
    ImportError,
    IndexError,
)
_FOLDERS: dict[str, Path | None] = {}


class KeptCode(_Cache):  # type: ignore[misc]  # numba ships no types
    """The machine code of one function, for each combination of argument types and processor."""

    def __init__(self, function: FunctionType) -> None:
        self._function = function
        self._enabled = True
        python = f"py{sys.version_info[0]}{sys.version_info[1]}{getattr(sys, 'abiflags', '')}"
        self._name = f"{function.__module__}.{function.__qualname__}.{python}"

    @property
    def cache_path(self) -> str | None:
        """Return the folder that new machine code is written to; None if there is none."""
        folder = own_folder()
        return None if folder is None else str(folder)

    def load_overload(self, sig: Any, target_context: Any) -> CompileResult | None:  # noqa: ANN401  numba's
        """Return the function compiled for `sig`, None where it has to be compiled."""
        target_context.refresh()
        codegen = target_context.codegen()
        data = self.find(sig, codegen)
        return None if data is None else CompileResult._rebuild(target_context, *data)  # noqa: SLF001

    def find(self, sig: Any, codegen: Any) -> Any:  # noqa: ANN401  numba's
        """Return numba's data of the function compiled for `sig`, for any processor or else for this one; None if there is none."""
        for key in dict.fromkeys((key_for_any_processor(sig, codegen), _index_key(sig, codegen))):
            for folder in (SHIPPED, own_folder()):
                if folder is not None and self._enabled and self._key:
                    with suppress(*_DAMAGED):  # then it is compiled again
                        data = self.file(folder).load(key)
                        if data is not None:
                            return data
        return None

    def save_overload(self, sig: Any, data: CompileResult) -> None:  # noqa: ANN401  numba's
        """Keep what was compiled; a full disk or a read-only folder only means that it is compiled again next time."""
        folder = own_folder()
        lasting = not data.lifted and not data.library.has_dynamic_globals
        if not (self._enabled and self._key and folder is not None and lasting):
            return
        file, key = self.file(folder), _index_key(sig, data.codegen)
        kept = data._reduce()  # noqa: SLF001
        with suppress(OSError):
            try:
                file.save(key, kept)
            except _DAMAGED:  # the index names a class that is gone, say
                file.flush()
                file.save(key, kept)

    def file(self, folder: Path) -> IndexDataCacheFile:
        """Return numba's index and data of this function in `folder`; an index with another key counts as empty."""
        return IndexDataCacheFile(str(folder), self._name, self._key)

    def has_any(self) -> bool:
        """Return whether the function can be loaded for some arguments."""
        for folder in (SHIPPED, own_folder()):
            with suppress(*_DAMAGED):
                if folder is not None and self._key and self.file(folder)._load_index():  # noqa: SLF001
                    return True
        return False

    def enable(self) -> None:
        """Load and keep machine code."""
        self._enabled = True

    def disable(self) -> None:
        """Neither load nor keep machine code."""
        self._enabled = False

    def flush(self) -> None:
        """Forget what this computer has kept."""
        folder = own_folder()
        if folder is not None:
            self.file(folder).flush()

    @cached_property
    def _key(self) -> str:
        return source_key(self._function)


def own_folder() -> Path | None:
    """Return where this computer keeps machine code: beside the package, else in the account's cache; None if neither can be written.

    `NUMBA_CACHE_DIR`, if set, comes before both.
    """
    chosen = config.CACHE_DIR
    if chosen not in _FOLDERS:
        package = Path(__file__).parent
        apart = f"machine-code-{hashlib.sha256(str(package).encode()).hexdigest()[:16]}"  # one for each installation
        folders = [Path(chosen, apart)] if chosen else [package / "__pycache__", cache_folder() / apart]
        _FOLDERS[chosen] = next((folder for folder in folders if _can_write(folder)), None)
    return _FOLDERS[chosen]


def _can_write(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError:
        return False
    return os.access(folder, os.R_OK)


def _index_key(sig: Any, codegen: Any, processor: tuple[str, str] | None = None) -> tuple[Any, ...]:  # noqa: ANN401  numba's
    """Return what numba's index lists code under: types, architecture, processor and its features."""
    types, _ = normalize_signature(sig)
    triple, *this_processor = codegen.magic_tuple()
    # macOS has its release in the name
    return tuple(types), re.sub(r"[\d.]+$", "", triple), *(processor or this_processor)


def key_for_any_processor(sig: Any, codegen: Any) -> tuple[Any, ...]:  # noqa: ANN401  numba's
    """Return what the index lists code for any processor under."""
    return _index_key(sig, codegen, ANY_PROCESSOR)
