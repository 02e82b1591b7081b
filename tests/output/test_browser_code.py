"""The unit tests of the pages' scripts, run by Node: packing, marks and their merge, search, clock, whereabouts, projection."""

import runpy
from pathlib import Path

import pytest

BUILD = runpy.run_path(str(Path(__file__).parents[2] / "frontend" / "build.py"))


@pytest.mark.parametrize("file", BUILD["unit_tests"]())
def test_every_unit_test_of_the_browser_code_passes(file):
    said = BUILD["test"]([file])
    assert "fail 0" in said
    assert "tests 0" not in said
