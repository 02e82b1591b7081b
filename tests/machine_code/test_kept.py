"""Machine code serves every process of the computer, and leaves what others compile alone."""

import llvmlite.binding
import numba
import numpy as np
import pytest
from numba.core import caching
from numba.core.compiler import CompileResult
from numba.core.registry import cpu_target

from doorroute.machine_code import compiled, functions, inlined, kept
from doorroute.planning.bounds.lower import spanning_tree
from doorroute.planning.search import kernel


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (caching.IndexDataCacheFile, "load"),
        (caching.IndexDataCacheFile, "save"),
        (caching.IndexDataCacheFile, "flush"),
        (caching.IndexDataCacheFile, "_load_index"),
        (CompileResult, "_reduce"),
        (CompileResult, "_rebuild"),
        (kernel.anneal, "_cache"),
        (kernel.anneal, "overloads"),
        (cpu_target.target_context.codegen(), "magic_tuple"),
        (numba.config, "CACHE_DIR"),
        (numba.config, "CPU_NAME"),
    ],
)
def test_numba_still_has_what_machine_code_is_kept_through(owner, name):
    assert hasattr(owner, name), f"numba {numba.__version__} has no {name}: see machine_code/kept.py"


def test_the_search_is_code_for_any_processor_and_others_compile_for_theirs():
    codegen = cpu_target.target_context.codegen()
    assert codegen.magic_tuple()[1] == llvmlite.binding.get_host_cpu_name()
    kernel_cache = kernel.anneal._cache
    (types,) = kernel.anneal.overloads
    files = [kernel_cache.file(folder) for folder in (kept.SHIPPED, kept.own_folder()) if folder]
    index = next(filter(None, (file._load_index() for file in files)))
    assert kept.key_for_any_processor(types, codegen) in index

    @numba.njit
    def users_own(number: int) -> int:
        return number + 1

    assert users_own(1) == 2
    library = users_own.overloads[users_own.signatures[0]].library
    assert library.codegen._tm.triple == codegen.magic_tuple()[0]
    assert type(users_own._cache) is caching.NullCache


def test_what_compiled_code_alone_calls_refuses_a_call_from_python():
    @inlined
    def inside(number: int) -> int:
        return number + 1

    with pytest.raises(TypeError, match="inside can only be called from compiled code"):
        inside(1)
    assert inside in functions()


def test_a_folder_that_cannot_be_written_gives_way_to_the_accounts_own(tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "_FOLDERS", {})
    monkeypatch.setattr(kept, "_can_write", lambda folder: folder.is_relative_to(tmp_path))
    monkeypatch.setenv("DOORROUTE_CACHE", str(tmp_path))
    folder = kept.own_folder()
    assert folder is not None
    assert folder.parent == tmp_path

    monkeypatch.setattr(kept, "_FOLDERS", {})
    monkeypatch.setattr(kept, "_can_write", lambda _: False)
    assert kept.own_folder() is None
    assert kernel.anneal._cache.cache_path is None


def test_a_full_disk_does_not_stop_what_was_compiled(monkeypatch):
    class Full(caching.IndexDataCacheFile):
        def load(self, _: object) -> None:
            return None

        def save(self, *_: object) -> None:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(kept, "IndexDataCacheFile", Full)
    function = compiled(spanning_tree.py_func)
    assert function(np.zeros((1, 1)), np.zeros(1), np.zeros(1), np.zeros((3, 1), dtype=np.int64))
    assert sum(function.stats.cache_misses.values()) == 1
