"""The sample, end to end: every row of it ends where it must, in both languages and in every form of the
table.
"""

import json
from pathlib import Path

import pytest

from doorroute import plan
from doorroute.api import Day

FORMS = {
    "residents.xlsx": ("teams.xlsx", "depots.xlsx"),
    "residents_zh.xlsx": ("teams_zh.xlsx", "depots_zh.xlsx"),
    "residents_zh.csv": ("teams.xlsx", "depots.xlsx"),
}


@pytest.fixture(scope="module", params=FORMS)
def day(request: pytest.FixtureRequest, demo_data: Path) -> Day:
    teams, depots = FORMS[request.param]
    return plan(
        demo_data / request.param,
        teams=demo_data / teams,
        depots=demo_data / depots,
        network=demo_data / "helsinki-centre.osm.pbf",
        time_limit_s=1,
    )


def rows_of(day: Day) -> dict[str, int]:
    return {resident.id: resident.row for visit in day.planned.problem.visits for resident in visit.residents}


def test_every_row_ends_where_the_sample_says(day: Day, demo_data: Path) -> None:
    expected = json.loads((demo_data / "expected.json").read_text())
    row_of = rows_of(day)
    unassigned = {
        str(row_of[resident]): left.code.value for left in day.plan.unassigned for resident in left.residents
    }
    visited = [
        row_of[resident] for route in day.plan.routes for step in route.steps for resident in step.residents
    ]
    assert len(visited) == len(set(visited)) == expected["visited_residents"]
    assert sum(len(route.visits) for route in day.plan.routes) == expected["visited_doors"]
    assert {str(row.row) for row in day.plan.rejected} == set(expected["rejected"])
    assert {str(entry.row) for entry in day.plan.not_located} == set(expected["not_located"])
    assert unassigned == expected["unassigned"]
    assert set(expected["spoiled"]) <= {str(row) for row in visited}


def test_what_is_not_found_has_candidates_where_there_are_any(day: Day) -> None:
    by_row = {entry.row: entry for entry in day.plan.not_located}
    assert by_row[48].candidates
    assert by_row[69].candidates


def test_every_visit_left_out_has_a_reason_and_a_remedy_in_both_languages(day: Day) -> None:
    for left in day.plan.unassigned:
        assert not left.ever
        for lang in ("en", "zh"):
            assert left.detail.into(lang)
            assert left.remedy.into(lang)
        assert left.detail.into("zh") != left.detail.into("en")


def test_a_day_says_how_it_goes_in_one_line(day: Day) -> None:
    assert str(day).startswith("78 of 80 visits")


def test_the_library_writes_what_the_command_writes(day: Day, demo_day: Path, tmp_path: Path) -> None:
    overview = day.write(tmp_path / "day", lang="en")
    assert overview.is_file()
    kinds = {path.suffix for path in (tmp_path / "day").rglob("*") if path.is_file()}
    assert kinds == {path.suffix for path in demo_day.rglob("*") if path.is_file()}


def test_nothing_personal_stands_in_the_repr_of_a_problem(day: Day) -> None:
    shown = repr(day.planned.problem) + repr(day.plan)
    for visit in day.planned.problem.visits:
        for resident in visit.residents:
            for text in (resident.name, resident.phone, resident.address):
                assert len(text) < 6 or text not in shown
