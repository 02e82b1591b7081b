"""Findings: the names of tables, and the warnings about people who are visited nevertheless."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

import doorroute
from doorroute.model.finding import TABLES, Severity, in_doubt, table_name, warning
from doorroute.texts import literal


def test_every_table_that_a_warning_names_has_a_name_in_chinese() -> None:
    source = Path(doorroute.__file__).parent
    named = {
        name
        for file in source.rglob("*.py")
        for name in re.findall(r'table="(\w+)"', file.read_text("utf-8"))
    }
    assert named <= set(TABLES)
    assert all(re.search("[一-鿿]", table_name(table).into("zh")) for table in TABLES)
    assert str(table_name("a list to come")) == "a list to come"


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({}, True),
        ({"table": "teams"}, False),
        ({"row": None}, False),
        ({"row": 8}, False),  # of a row that is reported elsewhere
        ({"severity": Severity.NOTE}, False),
        ({"row": 9}, False),  # of a row that has an error too
    ],
)
def test_in_doubt_are_warnings_about_rows_that_go_on(
    changes: dict[str, object],
    kept: bool,  # noqa: FBT001
) -> None:
    odd = warning("ODD", literal("odd"), literal("look"), "residents", row=7)
    wrong = replace(odd, severity=Severity.ERROR, row=9)
    assert in_doubt([replace(odd, **changes), wrong], excluded={8}) == ((odd,) if kept else ())
