"""A few trials of each kind, always the same ones; `make fuzz` runs new ones for as long as one likes."""

import subprocess
import sys
from pathlib import Path

import pytest

from .__main__ import faults_in
from .kinds import KINDS, one

HERE = Path(__file__).parent
FIRST = 2_022_000
FEW = {
    "table": 25,
    "workbook": 8,
    "extract": 20,
    "vroom": 4,
    "day": 25,
    "folder": 2,
    "leaf": 2,
    "results": 2,
    "kill": 1,
}


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_odd_breaks_it(kind: str) -> None:
    found = {seed: fault for seed in range(FIRST, FIRST + FEW[kind]) if (fault := one(kind, seed))}
    assert found == {}


def test_a_crash_is_the_fault_of_the_trial_that_it_was_at() -> None:
    said = "trial 7\nfault 7 'a row is lost'\ntrial 8\n"
    assert faults_in(said, 0, "", 7) == [(7, "'a row is lost'")]
    assert faults_in(said, -11, "Segmentation fault", 7)[1] == (
        8,
        "the process ended with -11: Segmentation fault",
    )
    assert faults_in("", 1, "no such module", 3) == [(3, "the process ended with 1: no such module")]


def test_the_command_runs_as_many_trials_as_asked() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", "table", "--seed", "7", "--count", "2"],
        cwd=HERE.parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "table: 2 trials" in done.stdout
