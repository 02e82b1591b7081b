"""Teams and depots: what cannot be used is an error with row and column."""

from pathlib import Path

import pytest

from doorroute.errors import BadInputError
from doorroute.intake import default_teams, read_depots, read_teams
from doorroute.model.place import Datum, GivenPoint
from doorroute.model.team import Depot, DepotId, Profile

CENTRE, POINT = DepotId("Centre"), DepotId("采样点")
DEPOTS = {CENTRE: Depot(id=CENTRE), POINT: Depot(id=POINT)}
ONE = {CENTRE: Depot(id=CENTRE)}


def refused(path: Path, depots=DEPOTS) -> BadInputError:
    with pytest.raises(BadInputError) as caught:
        read_teams(path, depots=depots)
    return caught.value


def test_a_whole_team_is_read_field_by_field(as_csv) -> None:
    head = "team members phone start end shift break profile skills capacity max_visits home_area"
    row = [
        "T1",
        "Ann, Bob",
        "123",
        "centre",
        "采样点",
        "8-12",
        "10:00-11:00/15",
        "骑行",
        "Nurse;儿童",
        "40",
        "不限",
        "East",
    ]
    (team,) = read_teams(as_csv([head.split(), row]), depots=DEPOTS).teams
    assert (team.id, team.members, team.phone, team.start, team.end) == (
        "T1",
        "Ann, Bob",
        "123",
        "Centre",
        "采样点",
    )
    assert (str(team.shift), team.breaks[0].duration_s) == ("08:00-12:00", 900)
    assert (team.profile, team.skills) == (Profile.BIKE, {"nurse", "儿童"})
    assert (team.capacity, team.max_visits, team.home_area) == (40, None, "East")
    assert "Ann" not in repr(team)


def test_chinese_headers_read_too(as_csv) -> None:
    head = ["队伍", "出发点", "返回点", "班次", "出行方式", "物资"]
    (team,) = read_teams(
        as_csv([head, ["一队", "采样点", "Centre", "上午8点-12点", "步行", "40"]]), depots=DEPOTS
    ).teams
    assert (team.id, team.start, team.end, team.profile, team.capacity) == (
        "一队",
        "采样点",
        "Centre",
        Profile.FOOT,
        40,
    )


def test_where_there_is_one_depot_and_no_shift_little_needs_saying(as_csv) -> None:
    table = read_teams(as_csv([["team", "phone"], ["T1", "1"], ["", ""], ["T2", ""]]), depots=ONE)
    assert [(team.id, team.start, team.end, str(team.shift)) for team in table.teams] == [
        ("T1", "Centre", "Centre", "08:00-12:00"),
        ("T2", "Centre", "Centre", "08:00-12:00"),
    ]
    assert {finding.code for finding in table.findings} == {"NO_SHIFT"}


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        (["", "Centre", "8-12", "", "", ""], "NO_TEAM_NAME", "team"),
        (["T1", "Nowhere", "8-12", "", "", ""], "UNKNOWN_DEPOT", "start"),
        (["T1", "", "8-12", "", "", ""], "NO_DEPOT", "start"),
        (["T1", "Centre", "12:00-08:00", "", "", ""], "IMPOSSIBLE_SHIFT", "shift"),
        (["T1", "Centre", "mornings", "", "", ""], "IMPOSSIBLE_SHIFT", "shift"),
        (["T1", "Centre", "8-12", "12:00-12:30", "", ""], "IMPOSSIBLE_BREAK", "break"),
        (["T1", "Centre", "8-12", "at noon", "", ""], "IMPOSSIBLE_BREAK", "break"),
        (["T1", "Centre", "8-12", "", "balloon", ""], "UNKNOWN_PROFILE", "profile"),
        (["T1", "Centre", "8-12", "", "", "many"], "NOT_A_NUMBER", "capacity"),
        (["t0", "Centre", "8-12", "", "", ""], "DUPLICATE_TEAM", "team"),
    ],
)
def test_a_team_that_cannot_go_is_refused_by_row_and_column(
    as_csv, row: list[str], code: str, column: str
) -> None:
    head = ["team", "start", "shift", "break", "profile", "capacity"]
    error = refused(as_csv([head, ["T0", "Centre", "8-12", "", "", ""], row]))
    assert error.code == code
    assert f"row 3, column {column}:" in str(error)


def test_an_unknown_depot_is_refused_with_those_there_are(as_csv) -> None:
    error = refused(as_csv([["team", "start"], ["T1", "Nowhere"]]))
    assert "Nowhere" in str(error)
    assert "Centre, 采样点" in str(error.advice)


def test_no_teams_are_refused(as_csv) -> None:
    assert refused(as_csv([["team", "start"]])).code == "NO_ROWS"
    for count in (0, -1, 10_000):
        with pytest.raises(BadInputError, match="NO_TEAMS"):
            default_teams(count, DEPOTS)
    with pytest.raises(BadInputError, match="NO_DEPOT"):
        default_teams(3, {})


def test_alike_teams_go_on_foot_from_the_first_depot_in_the_morning() -> None:
    teams = default_teams(3, DEPOTS).teams
    assert [team.id for team in teams] == ["T1", "T2", "T3"]
    assert {(team.start, team.end, str(team.shift), team.profile) for team in teams} == {
        (CENTRE, CENTRE, "08:00-12:00", Profile.FOOT)
    }


def test_depots_are_read_in_order_with_their_points_and_labs(as_csv) -> None:
    rows = [
        ["站点", "地址", "经度", "纬度", "坐标系", "化验室"],
        ["卫生中心", "", "118.80", "32.05", "gcj02", "是"],
        ["", "", "", "", "", ""],
        ["采样点", "海滨小区", "", "", "", ""],
    ]
    depots = read_depots(as_csv(rows)).depots
    assert list(depots) == ["卫生中心", "采样点"]
    assert depots[DepotId("卫生中心")].given == GivenPoint(118.80, 32.05, Datum.GCJ02)
    assert [depot.lab for depot in depots.values()] == [True, False]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (["", "Street 1", "", ""], "NO_DEPOT_NAME"),
        (["B", "", "", ""], "NO_DEPOT_ADDRESS"),
        (["a", "Street 1", "", ""], "DUPLICATE_DEPOT"),
        (["B", "Street 1", "200", "95"], "OFF_EARTH"),
    ],
)
def test_a_depot_that_cannot_be_used_is_refused_by_row(as_csv, row: list[str], code: str) -> None:
    path = as_csv([["depot", "address", "lon", "lat"], ["A", "Street 0", "", ""], row])
    with pytest.raises(BadInputError) as caught:
        read_depots(path)
    assert caught.value.code == code
    assert "3" in str(caught.value)


def test_a_swapped_depot_is_mended_and_told(as_csv) -> None:
    table = read_depots(as_csv([["depot", "lon", "lat"], ["A", "32.05", "118.80"]]))
    assert table.depots[DepotId("A")].given == GivenPoint(118.80, 32.05)
    assert [finding.code for finding in table.findings] == ["COORDINATES_SWAPPED"]


def test_a_second_sheet_of_teams_is_told(as_xlsx) -> None:
    table = read_teams(
        as_xlsx([["team", "shift"], ["T1", "8-12"]], [["team", "shift"], ["T2", "8-12"]]), depots=ONE
    )
    assert [(each.code, each.sheet) for each in table.findings] == [("OTHER_SHEET", "Sheet2")]


def test_a_break_between_two_shifts_needs_no_time_of_either(as_csv) -> None:
    rows = [["team", "shift", "break"], ["T1", "8:00-12:00、14:00-18:00", "12:30-13:00"]]
    assert read_teams(as_csv(rows), depots=ONE).teams[0].breaks == ()
