"""Shared fixtures find the shipped extract anywhere, and skip, with a reason, what is outside the project."""

from collections.abc import Callable
from pathlib import Path

import pytest


def test_the_shipped_extract_is_found_without_any_other(extract_of: Callable[[str], Path]) -> None:
    assert extract_of("helsinki-centre").is_file()


def test_a_further_extract_is_found_or_the_test_is_skipped_with_its_reason(
    extract_of: Callable[[str], Path],
) -> None:
    there = (Path(__file__).resolve().parents[2] / "shared" / "data").is_dir()
    if there:
        assert extract_of("liechtenstein").is_file()
        return
    with pytest.raises(pytest.skip.Exception, match="needs the further extracts"):
        extract_of("liechtenstein")
