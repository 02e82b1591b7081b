"""What the lists ask of one another, and the columns of every rule of the day."""

import pytest

from doorroute.errors import BadInputError
from doorroute.intake import (
    check_labs,
    contradictions,
    read_residents,
    read_teams,
    visits_of,
    with_known_teams,
)
from doorroute.model.resident import InfectionClass, Window
from doorroute.model.settings import ClassRule, ServiceTimes, Settings
from doorroute.model.team import Depot, DepotId

REGULAR, YELLOW, ISOLATED = InfectionClass
HOME, LAB = DepotId("Home"), DepotId("Lab")
DEPOTS = {HOME: Depot(id=HOME), LAB: Depot(id=LAB, lab=True)}


def people(as_csv, head: str, *rows: str):
    lines = [
        f"id,address,{head}".split(","),
        *([f"R{n}", "Street 1", *row.split(",")] for n, row in enumerate(rows, 1)),
    ]
    return read_residents(as_csv(lines))


def one_team(as_csv, head: str, row: str):
    lines = [f"team,start,{head}".split(","), ["T1", "Lab", *row.split(",")]]
    return read_teams(as_csv(lines), depots=DEPOTS).teams[0]


@pytest.mark.parametrize(
    "head",
    [
        "suits,tubes,kind,area,team,not_team,last_team",
        "防护服,采样管数,服务类型,片区,指定队伍,排除队伍,上次队伍",
    ],
)
def test_a_resident_is_read_with_every_rule(as_csv, head) -> None:
    (resident,) = people(as_csv, head, "2,3,卧床,East  Side,T1;T2,T3,T2").residents
    assert (resident.suits, resident.tubes, resident.kind, resident.area) == (2, 3, "卧床", "East Side")
    assert (resident.only_teams, resident.not_teams, resident.last_team) == ({"T1", "T2"}, {"T3"}, "T2")


def test_blank_cells_ask_for_nothing_and_wrong_numbers_are_told(as_csv) -> None:
    table = people(as_csv, "suits,tubes,team,not_team,last_team", ",,,,", "many,2,无,none,")
    read = [(r.suits, r.only_teams, r.not_teams, r.last_team) for r in table.residents]
    assert read == [(0, None, frozenset(), None)] * 2
    assert [(f.code, f.row, f.column) for f in table.findings if f.code == "SUITS_UNREADABLE"] == [
        ("SUITS_UNREADABLE", 3, "suits")
    ]


def test_the_kind_of_a_person_sets_the_time_at_the_door(as_csv) -> None:
    table = people(as_csv, "kind,service_min", "bedridden,", "infant/Bedridden,", "bedridden,2", "other,")
    service = ServiceTimes(door_s=10, resident_s=100, kinds={"bedridden": 420, "infant": 300})
    times = [
        visits_of([resident], Settings(service=service)).visits[0].service_s for resident in table.residents
    ]
    assert times == [430, 430, 130, 110]


@pytest.mark.parametrize(
    "head",
    [
        "shift,suits,tubes,max_travel_min,max_distance_m,reloads,reload,open_end,classes",
        "班次,防护服,采样管,最长路程分钟,最远距离,补给次数,补给点,不返回,负责类别",
    ],
)
def test_a_team_is_read_with_every_rule(as_csv, head) -> None:
    team = one_team(as_csv, head, "14:00-18:00;08:00-12:00,20,60,90,3.5 km,2,Home,no,regular;黄码")
    assert team.shifts == (Window(8 * 3600, 12 * 3600), Window(14 * 3600, 18 * 3600))
    assert (team.suits, team.tubes, team.max_travel_s, team.max_distance_m) == (20, 60, 5400, 3500)
    assert (team.max_reloads, team.reload_at, team.open_end, team.classes) == (
        2,
        HOME,
        False,
        {REGULAR, YELLOW},
    )


def test_a_header_in_kilometres_is_taken_at_its_word(as_csv) -> None:
    assert one_team(as_csv, "max distance (km)", "2.5").max_distance_m == 2500
    assert one_team(as_csv, "max distance", "2500").max_distance_m == 2500


@pytest.mark.parametrize(
    ("head", "cell", "code"),
    [
        ("shift", "08:00-12:00;11:00-13:00", "IMPOSSIBLE_SHIFT"),
        ("suits", "some", "NOT_A_NUMBER"),
        ("max_travel_min", "long", "NOT_A_NUMBER"),
        ("max_distance_m", "-3", "NOT_A_NUMBER"),
        ("reload", "Nowhere", "UNKNOWN_DEPOT"),
        ("open_end", "perhaps", "NOT_YES_OR_NO"),
        ("classes", "regular;purple", "UNKNOWN_CLASS"),
    ],
)
def test_a_wrong_value_of_a_team_is_refused_by_its_column(as_csv, head, cell, code) -> None:
    with pytest.raises(BadInputError, match=code) as caught:
        one_team(as_csv, head, cell)
    assert f"row 2, column {head}:" in str(caught.value)


def test_teams_that_rows_name_are_spelled_as_in_their_table_and_strange_ones_told(as_csv) -> None:
    table = people(as_csv, "team,last_team,area", "t1,T9,east", "T8,,West")
    team = one_team(as_csv, "home_area", "East")
    (first, second), findings = with_known_teams(table.residents, [team], table.columns)
    assert (first.only_teams, first.last_team, first.area) == ({"T1"}, None, "East")
    assert (second.only_teams, second.area) == (frozenset(), "West")
    assert [(f.code, f.row, f.column) for f in findings] == [
        ("UNKNOWN_TEAM", 2, "last_team"),
        ("UNKNOWN_TEAM", 3, "team"),
    ]
    assert "T1" in str(findings[0].advice)


def test_a_household_is_visited_by_a_team_that_all_allow(as_csv) -> None:
    table = people(as_csv, "household,team,not_team,suits,area", "H,T1;T2,,1,", "H,T2;T3,,2,East", "H,,T3,0,")
    (visit,) = visits_of(table.residents).visits
    assert (visit.only_teams, visit.not_teams, visit.suits, visit.area) == ({"T2"}, {"T3"}, 3, "East")


def test_a_household_whose_teams_do_not_meet_is_visited_apart_and_told(as_csv) -> None:
    table = visits_of(people(as_csv, "household,team", "H,T1", "H,T2").residents)
    assert [visit.only_teams for visit in table.visits] == [{"T1"}, {"T2"}]
    assert [finding.code for finding in table.findings] == ["TEAMS_APART"]


def test_what_no_team_has_is_told_by_row(as_csv) -> None:
    visits = visits_of(
        people(
            as_csv,
            "room,window,skills,class",
            "1,20:00-21:00,,",
            "2,,infant,",
            "3,,,isolated",
            "4,09:00-10:00,,",
        ).residents
    ).visits
    team = one_team(as_csv, "shift", "08:00-12:00")
    told = [(f.code, f.row) for f in contradictions(visits, [team], Settings(class_rule=ClassRule.TEAMS))]
    assert told == [("WINDOW_OUTSIDE_SHIFTS", 2), ("SKILLS_NOBODY_HAS", 3), ("CLASS_NOBODY_TAKES", 4)]
    assert contradictions(visits, [], Settings()) == ()


@pytest.mark.parametrize(
    ("head", "row", "code"),
    [
        ("end", "Home", "NO_LAB"),
        ("end,reloads,reload", "Lab,1,Home", "NO_LAB"),
        ("end,open_end", "Lab,yes", "OPEN_END_NO_LAB"),
        ("end", "Lab", None),
    ],
)
def test_samples_that_must_not_grow_old_reach_a_lab(as_csv, head, row, code) -> None:
    team = one_team(as_csv, head, row)
    check_labs([team], DEPOTS, Settings())
    if code is None:
        check_labs([team], DEPOTS, Settings(max_sample_age_s=3600))
        return
    with pytest.raises(BadInputError, match=code) as caught:
        check_labs([team], DEPOTS, Settings(max_sample_age_s=3600))
    assert code != "NO_LAB" or "Lab" in str(caught.value.advice)
