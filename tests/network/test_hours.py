"""Gates that are locked, and streets and gates that are open at some hours only."""

from datetime import date
from pathlib import Path

import pytest

from doorroute.model.team import Profile
from doorroute.network import Hours, StreetNetwork, open_network
from doorroute.network.hours import holds, values
from tests.helpers.drawn_town import EAST_M, NORTH_M, DrawTown, at

HOUR = 3600
MORNING = Hours(date(2026, 11, 30), 8 * HOUR, 12 * HOUR)  # a Monday
NIGHT = Hours(date(2026, 11, 30), 20 * HOUR, 30 * HOUR)
NODES = {1: (0, 0), 2: (1, 0), 3: (3, 0), 4: (3, 2), 5: (0, 2)}
DIRECT_M, ROUND_M = 3 * EAST_M, 3 * EAST_M + 4 * NORTH_M


def town(
    draw_town: DrawTown,
    gate: dict[str, str] | None = None,
    hours: Hours | None = MORNING,
    cache: Path | None = None,
    **street: str,
) -> StreetNetwork:
    """Return a street with a gate, and a way round it."""
    tags = {key.replace("__", ":"): value for key, value in street.items()}
    ways = [{"nodes": [1, 2, 3], "id": 11, **tags}, {"nodes": [3, 4, 5, 1], "id": 12}]
    return open_network(draw_town(NODES, ways, {2: gate} if gate else None), hours=hours, cache=cache)


def metres(network: StreetNetwork, profile: Profile = Profile.FOOT) -> int:
    return network.leg(at(0, 0), at(3, 0), profile).distance_m


def test_a_locked_gate_is_not_passed_but_opened_for_whoever_is_expected_behind_it(
    draw_town: DrawTown,
) -> None:
    locked = town(draw_town, {"barrier": "gate", "locked": "yes"})
    assert metres(locked) == pytest.approx(ROUND_M, abs=1)
    assert metres(town(draw_town, {"barrier": "gate", "locked": "no"})) == pytest.approx(DIRECT_M, abs=1)
    yard = [{"nodes": [5, 1]}, {"nodes": [1, 2, 3]}]
    behind = open_network(draw_town(NODES, yard, {2: {"barrier": "gate", "locked": "yes", "foot": "yes"}}))
    assert metres(behind) == pytest.approx(DIRECT_M, abs=1)


@pytest.mark.parametrize(
    ("tags", "open_", "told"),
    [
        ({"opening_hours": "06:00-22:00"}, True, False),
        ({"opening_hours": "24/7"}, True, False),
        ({"opening_hours": "Mo-Fr 07:00-19:00; Sa,Su off"}, True, False),
        ({"opening_hours": "Sa-Su 08:00-20:00"}, False, False),
        ({"opening_hours": "09:00-18:00"}, False, True),
        ({"opening_hours": "ask the porter"}, False, True),
        ({"access:conditional": "no @ (22:00-06:00)"}, True, False),
        ({"access:conditional": "no @ (08:00-13:00)"}, False, False),
        ({"foot:conditional": "no @ (11:00-13:00)"}, False, True),
        ({"access": "no", "access:conditional": "yes @ (07:00-19:00)"}, True, False),
        ({"access": "no", "foot:conditional": "yes @ (07:00-19:00)"}, True, False),
        ({"access": "no", "access:conditional": "yes @ (07:00-11:00)"}, False, True),
        ({"foot": "yes", "access:conditional": "no @ (08:00-20:00)"}, True, False),
        ({"access:conditional": "no"}, False, True),
    ],
)
def test_gates_and_streets_are_open_where_they_are_all_the_time_that_teams_are_out(
    draw_town: DrawTown, tags: dict[str, str], *, open_: bool, told: bool
) -> None:
    at_gate = town(draw_town, {"barrier": "gate", **tags})
    assert metres(at_gate) == pytest.approx(DIRECT_M if open_ else ROUND_M, abs=1)
    assert at_gate.doubtful.gates == ((2,) if told else ())
    on_way = town(draw_town, **tags)
    assert metres(on_way) == pytest.approx(DIRECT_M if open_ else ROUND_M, abs=1)
    assert on_way.doubtful.ways == ((11,) if told else ())


def test_what_holds_at_night_does_not_in_the_morning_though_the_streets_are_kept(
    draw_town: DrawTown, tmp_path: Path
) -> None:
    for _ in range(2):
        for hours, open_ in ((MORNING, True), (NIGHT, False), (None, True)):
            network = town(
                draw_town, None, hours, tmp_path / "kept", access__conditional="no @ (19:00-07:00)"
            )
            assert metres(network) == pytest.approx(DIRECT_M if open_ else ROUND_M, abs=1)


def test_a_limit_for_lorries_and_a_street_that_is_one_way_at_some_hours(draw_town: DrawTown) -> None:
    assert metres(town(draw_town, motor_vehicle__conditional="no @ (weight>7.5)"), Profile.CAR) < ROUND_M - 9
    assert metres(town(draw_town, motor_vehicle__conditional="no @ (weight>1)"), Profile.CAR) > DIRECT_M + 9
    against = town(draw_town, oneway__conditional="-1 @ (Mo-Fr 06:00-13:00)")
    assert metres(against, Profile.CAR) == pytest.approx(ROUND_M, abs=1)
    assert metres(against) == pytest.approx(DIRECT_M, abs=1)


@pytest.mark.parametrize(
    ("tags", "open_"),
    [
        ({"foot:backward": "no"}, True),
        ({"foot:forward": "no"}, False),
        ({"access": "closed"}, False),
        ({"access": "employees"}, False),
        ({"winter_road": "yes"}, False),
    ],
)
def test_what_else_closes_a_street(draw_town: DrawTown, tags: dict[str, str], *, open_: bool) -> None:
    ways = [{"nodes": [1, 2]}, {"nodes": [2, 3], **tags}, {"nodes": [3, 4, 5, 1]}]
    network = open_network(draw_town(NODES, ways))
    assert metres(network) == pytest.approx(DIRECT_M if open_ else ROUND_M, abs=1)


@pytest.mark.parametrize(
    ("text", "morning", "night"),
    [
        ("07:00-13:00", True, False),
        ("mo-fr 7:00-13:00", True, False),
        ("Tu-Su 07:00-13:00", False, False),
        ("Sa-Mo 00:00-24:00", True, None),
        ("20:00-06:00", False, True),
        ("Mo 20:00-06:00", False, True),
        ("Su 20:00-06:00", False, False),
        ("08:00-10:00,10:00-12:00", True, False),
        ("08:00-10:00, Mo 10:00-12:00", True, False),
        ("Oct-Mar", True, True),
        ("Apr-Sep 07:00-22:00; Oct-Mar 08:00-12:00", True, False),
        ("Nov 15-30: 07:00-18:00", True, False),
        ("Dec 24-26 off; 07:00-18:00", True, False),
        ("07:00-18:00; 09:00-10:00 off", None, False),
        ("07:00-18:00; PH off", True, False),
        ("sunrise-sunset", None, None),
        ("Mo off", False, False),
        ("07:00+", None, None),
        ('"by appointment"', None, None),
        ("", None, None),
        ("99:99-99:99", None, None),
    ],
)
def test_opening_hours_are_read_or_unsure(
    text: str,
    morning: bool | None,  # noqa: FBT001
    night: bool | None,  # noqa: FBT001
) -> None:
    assert holds(text, MORNING) is morning
    assert holds(text, NIGHT) is night


def test_the_sun_is_up_at_noon() -> None:
    assert holds("sunrise-sunset", Hours(date(2026, 12, 21), 11 * HOUR, 13 * HOUR)) is True
    assert holds("sunset-sunrise", Hours(date(2026, 12, 21), 11 * HOUR, 13 * HOUR)) is False


@pytest.mark.parametrize(
    ("text", "possible"),
    [
        ("yes @ (07:00-19:00)", ["yes"]),
        ("yes @ 07:00-19:00; no @ (09:00-10:00)", ["yes", "no"]),
        ("destination @ (Mo-Fr 06:00-20:00 AND length>12)", ["no"]),
        ("yes @ (permit)", ["no", "yes"]),
        ("yes @ (Sa 08:00-10:00; Su 08:00-10:00); private @ (Mo)", ["private"]),
    ],
)
def test_conditions_say_what_a_tag_may_be(text: str, possible: list[str]) -> None:
    assert values(text, "no", MORNING) == possible
