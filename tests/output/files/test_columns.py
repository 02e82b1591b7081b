"""The columns of the residents' list: the document, the headers that are recognised, and the table of
`locate` agree.
"""

import re
from pathlib import Path

from doorroute.intake import header_words
from doorroute.output.files.located_table import COLUMNS, write_places
from tests.helpers.small_day import day

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "input.md"
FOUND = {"precision", "score", "source", "found_as", "reason", "candidates"}
"""Columns that say how a door was found. They are not read back."""


def documented():
    return set(re.search(r"\| residents \| (.*?) \|", DOCUMENT.read_text(encoding="utf-8"))[1].split(", "))


def test_the_document_names_every_column_of_the_table():
    assert documented() == set(COLUMNS) - FOUND


def test_every_column_in_the_document_has_headers():
    assert documented() <= header_words.RESIDENTS.keys()


def test_the_table_has_its_columns(tmp_path):
    plan, problem, _ = day()
    write_places(tmp_path / "doors.csv", problem.visits, problem.places, plan.not_located)
    header = (tmp_path / "doors.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    assert tuple(header.split(",")) == COLUMNS
