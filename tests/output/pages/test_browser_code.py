"""The unit tests of the pages' scripts, run by Node: packing, marks and their merge, search, clock,
whereabouts, projection.
"""

import pytest

from frontend import build


@pytest.mark.parametrize("file", build.unit_tests())
def test_every_unit_test_of_the_browser_code_passes(file):
    said = build.test([file])
    assert "fail 0" in said
    assert "tests 0" not in said
