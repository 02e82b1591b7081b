"""The shipped sample is what its README says, and is read as `expected.json` says."""

import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from doorroute.intake import read_depots, read_residents, read_teams, visits_of
from doorroute.model.resident import InfectionClass

LISTS = ("residents.xlsx", "residents_zh.xlsx", "residents_zh.csv")


@pytest.fixture(scope="module")
def expected(demo_data: Path) -> dict:
    return json.loads((demo_data / "expected.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", LISTS)
def test_every_dirty_row_is_found_and_named_rightly(demo_data: Path, expected: dict, name: str) -> None:
    table = read_residents(demo_data / name)
    assert (table.rows, table.header_row) == (expected["rows"], 2)
    assert {str(found.row): found.code for found in table.rejected} == expected["rejected"]
    assert len(table.dropped) == 1
    told = {(finding.row, finding.code) for finding in table.findings}
    assert told >= {(41, "PHONE_AS_NUMBER"), (59, "SAME_ID")}


@pytest.mark.parametrize("name", LISTS)
def test_96_residents_behind_78_doors_can_be_visited(demo_data: Path, expected: dict, name: str) -> None:
    elsewhere = {int(row) for row in (*expected["not_located"], *expected["unassigned"])}
    residents = [one for one in read_residents(demo_data / name).residents if one.row not in elsewhere]
    visits = visits_of(residents).visits
    assert len(residents) == expected["visited_residents"] == 96
    assert len(visits) == expected["visited_doors"] == 78
    assert [visit.infection_class for visit in visits].count(InfectionClass.YELLOW) == 8
    assert [visit.infection_class for visit in visits].count(InfectionClass.ISOLATED) == 5
    assert sum(bool(visit.time_windows) for visit in visits) == 23
    assert sum(bool(visit.skills) for visit in visits) == 7


def test_the_list_says_the_same_in_both_languages(demo_data: Path) -> None:
    def spoken(name: str) -> list:
        return [
            replace(one, note="", skills=frozenset()) for one in read_residents(demo_data / name).residents
        ]

    assert spoken("residents.xlsx") == spoken("residents_zh.xlsx") == spoken("residents_zh.csv")


@pytest.mark.parametrize("language", ["", "_zh"])
def test_the_teams_have_room_and_skills_for_everybody(demo_data: Path, expected: dict, language: str) -> None:
    depots = read_depots(demo_data / f"depots{language}.xlsx").depots
    table = read_teams(demo_data / f"teams{language}.xlsx", depots=depots)
    residents = [
        one
        for one in read_residents(demo_data / f"residents{language}.xlsx").residents
        if str(one.row) not in expected["unassigned"]
    ]
    assert len(table.teams) == 6
    assert table.findings == ()
    assert sum(team.capacity or 0 for team in table.teams) >= sum(one.kits for one in residents)
    assert all(any(one.skills <= team.skills for team in table.teams) for one in residents)
    assert [depot.lab for depot in depots.values()] == [True, False]


def test_the_readme_names_every_dirty_row(demo_data: Path, expected: dict) -> None:
    readme = (demo_data / "README.md").read_text(encoding="utf-8")
    named = {
        row for cell in re.findall(r"^\| ([\d, ]+) \|", readme, re.MULTILINE) for row in cell.split(", ")
    }
    assert named == {
        row for kind in ("rejected", "not_located", "unassigned", "spoiled") for row in expected[kind]
    }


def test_the_script_makes_the_same_bytes_again(demo_data: Path, tmp_path: Path) -> None:
    made = ("make_sample.py", "sample_words.py", "helsinki-centre.osm.pbf")
    for name in made:
        shutil.copy(demo_data / name, tmp_path)
    subprocess.run([sys.executable, tmp_path / "make_sample.py"], check=True)
    for path in demo_data.iterdir():
        if path.suffix in {".xlsx", ".csv", ".json"}:
            assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name
