"""Where machine code is kept: in the wheel, or else on this computer.

Code compiled for a generic processor runs on every processor of its architecture, and the searches are
as fast. numba's setting of the processor holds for a whole process, and a user's own functions should
fit the user's processor. So only the child processes that compile ahead of time (`processes`) have the
setting, and any process loads what they have compiled. numba's own cache accepts only code for the
processor that is set.
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
from numba.core.base import BaseContext
from numba.core.caching import IndexDataCacheFile, _Cache
from numba.core.codegen import CPUCodegen
from numba.core.compiler import CompileResult
from numba.core.sigutils import normalize_signature
from numba.core.typing import Signature

from doorroute.disk.places import cache_folder
from doorroute.machine_code.key import source_key

SHIPPED: Final = Path(__file__).with_name("shipped")
"""The machine code in an installed wheel; only read."""

ANY_PROCESSOR: Final = ("generic", "")
"""numba's name of the generic processor, and its extra features: none."""

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
        """Return the folder for new machine code; None if no folder can be written."""
        folder = own_folder()
        return None if folder is None else str(folder)

    def load_overload(self, sig: Signature, target_context: BaseContext) -> CompileResult | None:
        """Return the function compiled for `sig`; None if it must be compiled."""
        target_context.refresh()
        codegen = target_context.codegen()
        data = self.find(sig, codegen)
        return None if data is None else CompileResult._rebuild(target_context, *data)  # noqa: SLF001

    def find(self, sig: Signature, codegen: CPUCodegen) -> tuple[Any, ...] | None:
        """Return what numba has saved for `sig`, for any processor or else for this one; None if nothing."""
        for key in dict.fromkeys((key_for_any_processor(sig, codegen), _index_key(sig, codegen))):
            for folder in (SHIPPED, own_folder()):
                if folder is not None and self._enabled and self._key:
                    with suppress(*_DAMAGED):  # then it is compiled again
                        data: tuple[Any, ...] | None = self.file(folder).load(key)
                        if data is not None:
                            return data
        return None

    def save_overload(self, sig: Signature, data: CompileResult) -> None:
        """Keep what was compiled. If the disk is full, it is compiled again in the next process."""
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
        """Return the index and data of this function in `folder`; an index with another key is empty."""
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
    """Return the folder for new machine code: in the package, else in the user's cache folder.

    None if neither can be written. If `NUMBA_CACHE_DIR` is set, only that is tried.
    """
    chosen = config.CACHE_DIR
    if chosen not in _FOLDERS:
        package = Path(__file__).parent
        # a name for each installation
        name = f"machine-code-{hashlib.sha256(str(package).encode()).hexdigest()[:16]}"
        folders = [Path(chosen, name)] if chosen else [package / "__pycache__", cache_folder() / name]
        _FOLDERS[chosen] = next((folder for folder in folders if _can_write(folder)), None)
    return _FOLDERS[chosen]


def _can_write(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError:
        return False
    return os.access(folder, os.R_OK)


def _index_key(
    sig: Signature, codegen: CPUCodegen, processor: tuple[str, str] | None = None
) -> tuple[Any, ...]:
    """Return the key in the index: argument types, architecture, processor and its features."""
    types, _ = normalize_signature(sig)
    triple, *this_processor = codegen.magic_tuple()
    # macOS appends its release
    return tuple(types), re.sub(r"[\d.]+$", "", triple), *(processor or this_processor)


def key_for_any_processor(sig: Signature, codegen: CPUCodegen) -> tuple[Any, ...]:
    """Return the key in the index of code for any processor."""
    return _index_key(sig, codegen, ANY_PROCESSOR)
