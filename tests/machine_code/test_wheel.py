"""A wheel carries the machine code, and whoever installs it does not wait for the compiler."""

import json
import os
import pickle
import platform
import subprocess
import sys
import zipfile
from pathlib import Path

import numba
import pytest

ROOT = Path(__file__).parents[2]

EVERYTHING = """
import doorroute.network.warm, doorroute.planning
from doorroute.machine_code import functions
doorroute.planning.warm_up()
doorroute.network.warm.warm_up()
hits = sum(sum(function.stats.cache_hits.values()) for function in functions())
misses = sum(sum(function.stats.cache_misses.values()) for function in functions())
print(doorroute.__file__, hits, misses)
"""

ONE_FUNCTION = """
import numpy as np
from doorroute.planning.bounds.lower import spanning_tree
spanning_tree(np.zeros((1, 1)), np.zeros(1), np.zeros(1), np.zeros((3, 1), dtype=np.int64))
print(sum(spanning_tree.stats.cache_misses.values()))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a wheel of this checkout, which was compiled at setup."""
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture
def installed(wheel: Path, tmp_path: Path) -> Path:
    """Unpack the wheel into a folder of its own, as pip does; every file gets a new time."""
    folder = tmp_path / "site-packages"
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(folder)
    return folder


def run(script: str, installed: Path, own: Path) -> list[str]:
    environment = os.environ | {"PYTHONPATH": str(installed), "NUMBA_CACHE_DIR": str(own)}
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=installed,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.returncode, done.stderr
    return done.stdout.split()


def test_an_installed_wheel_compiles_nothing(installed, tmp_path):
    package, hits, misses = run(EVERYTHING, installed, tmp_path / "own")
    assert Path(package).is_relative_to(installed)
    assert int(misses) == 0
    assert int(hits) > 10
    assert not list((tmp_path / "own").rglob("*.nb?"))


def test_the_wheel_names_its_platform_and_what_it_was_made_with(wheel, installed):
    python, abi, tag = wheel.stem.split("-")[2:]
    assert (python, abi) == ("py3", "none")
    assert tag != "any"
    note = json.loads((installed / "doorroute" / "machine_code" / "shipped" / "made-with.json").read_text())
    assert note["numba"] == numba.__version__
    assert note["python"] == platform.python_version()
    assert note["machine"] == platform.machine()


def test_under_another_numba_it_is_compiled_once_and_kept_on_the_computer(installed, tmp_path):
    (index,) = (installed / "doorroute" / "machine_code" / "shipped").glob("*.spanning_tree.*.nbi")
    with index.open("rb") as file:
        pickle.load(file)  # noqa: S301  # our own
        rest = file.read()
    other = pickle.dumps("0.1.0") + rest
    index.write_bytes(other)
    assert run(ONE_FUNCTION, installed, tmp_path / "own") == ["1"]
    assert run(ONE_FUNCTION, installed, tmp_path / "own") == ["0"]
    assert index.read_bytes() == other
