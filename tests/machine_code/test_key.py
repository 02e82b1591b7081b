"""Machine code is stale as soon as anything changes that it was compiled from, in whatever file."""

import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from doorroute.machine_code import key

FILES = {
    "__init__.py": "",
    "sizes.py": "STEP = 10\nUNUSED = 1\n",
    "shapes.py": "from typing import NamedTuple\n\nclass Pair(NamedTuple):\n    low: int\n    high: int\n",
    "inner.py": (
        "from doorroute.machine_code import inlined\n\n@inlined\ndef raised(number):\n    return number + 1\n"
    ),
    "outer.py": (
        "from __future__ import annotations\n"
        "from house import sizes\n"
        "from house.inner import raised\n"
        "from house.shapes import Pair\n"
        "from doorroute.machine_code import compiled\n\n"
        "@compiled\ndef outer(pair: Pair):\n    return raised(pair.low) * sizes.STEP\n"
    ),
    "elsewhere.py": "def other():\n    return 1\n",
}


@pytest.fixture
def house(tmp_path: Path) -> Path:
    folder = tmp_path / "house"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text)
    return folder


def key_of(house: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the key of `outer`, read anew."""
    monkeypatch.syspath_prepend(str(house.parent))
    for name in [name for name in sys.modules if name.partition(".")[0] == "house"]:
        del sys.modules[name]
    importlib.invalidate_caches()
    key._text.cache_clear()
    outer = importlib.import_module("house.outer").outer
    return key.source_key(outer.py_func)


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("outer.py", "pair.low", "pair.high"),
        ("inner.py", "number + 1", "number + 2"),
        ("sizes.py", "STEP = 10", "STEP = 11"),
        ("shapes.py", "low: int\n    high: int", "high: int\n    low: int"),
    ],
)
def test_the_key_changes_with_a_function_a_constant_or_a_class_in_any_file(
    house, monkeypatch, file, before, after
):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # two versions within a second and of one size
    first = key_of(house, monkeypatch)
    assert len(first) == 64
    path = house / file
    path.write_text(path.read_text().replace(before, after))
    assert key_of(house, monkeypatch) != first


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [("elsewhere.py", "return 1", "return 2"), ("sizes.py", "UNUSED = 1", "UNUSED = 2")],
)
def test_the_key_stays_when_nothing_changes_that_was_compiled(house, monkeypatch, file, before, after):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    first = key_of(house, monkeypatch)
    path = house / file
    path.write_text(path.read_text().replace(before, after))
    assert key_of(house, monkeypatch) == first


def test_the_search_is_stale_when_a_file_of_the_core_changes():
    from doorroute.planning.search import kernel

    sources = key._Sources("doorroute")
    sources.add_function(kernel.anneal.py_func)
    assert {
        "doorroute.planning.search.kernel.places",
        "doorroute.planning.search.kernel.ruin_recreate",
        "doorroute.planning.core.trips",
        "doorroute.planning.core.windows",
    } <= sources.modules
    assert any(value.startswith("FORBIDDEN = ") for value in sources.values)


RUN = """
from house.outer import outer
from house.shapes import Pair
print(outer(Pair(low=1, high=5)), sum(outer.stats.cache_misses.values()))
"""


def test_a_change_in_a_called_file_compiles_anew_and_a_damaged_file_does_too(house, tmp_path):
    package = Path(key.__file__).parents[2]
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join((str(tmp_path), str(package))),
        "NUMBA_CACHE_DIR": str(tmp_path / "kept"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }

    def run() -> list[str]:
        done = subprocess.run(
            [sys.executable, "-c", RUN], env=environment, capture_output=True, text=True, check=False
        )
        assert not done.returncode, done.stderr
        return done.stdout.split()

    assert run() == ["20", "1"]
    assert run() == ["20", "0"]
    inner = house / "inner.py"
    inner.write_text(inner.read_text().replace("number + 1", "number + 2"))
    assert run() == ["30", "1"]
    for data in (tmp_path / "kept").rglob("*.nbc"):
        data.write_bytes(data.read_bytes()[:100])
    assert run() == ["30", "1"]
    assert run() == ["30", "0"]
