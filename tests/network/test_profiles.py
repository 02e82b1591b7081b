"""Who may use which way, how fast, in which direction."""

from pathlib import Path

import pytest

from doorroute.errors import BadInputError
from doorroute.model.team import Profile
from doorroute.network.profiles import default_rules, faster, passage, read_rules, traversal, written

FOOT, BIKE, CAR = (default_rules()[profile] for profile in Profile)


def directions(rules: object, **tags: str) -> tuple[bool, bool]:
    named = {key.replace("__", ":"): value for key, value in tags.items()}
    way = traversal(rules, named)  # type: ignore[arg-type]
    return way.forward_kmh > 0, way.backward_kmh > 0


@pytest.mark.parametrize(
    ("tags", "car", "bike"),
    [
        ({}, (True, True), (True, True)),
        ({"oneway": "yes"}, (True, False), (True, False)),
        ({"oneway": "-1"}, (False, True), (False, True)),
        ({"oneway": "no", "junction": "roundabout"}, (True, True), (True, True)),
        ({"junction": "roundabout"}, (True, False), (True, False)),
        ({"oneway": "yes", "oneway__bicycle": "no"}, (True, False), (True, True)),
        ({"oneway__motor_vehicle": "yes"}, (True, False), (True, True)),
        ({"oneway": "yes", "cycleway__left": "opposite_lane"}, (True, False), (True, True)),
        ({"oneway": "reversible"}, (False, False), (False, False)),
        ({"access": "no"}, (False, False), (False, False)),
        ({"access": "no", "bicycle": "yes"}, (False, False), (True, True)),
        ({"motor_vehicle": "no"}, (False, False), (True, True)),
        ({"highway": "steps"}, (False, False), (True, True)),
        ({"highway": "motorway"}, (True, False), (False, False)),
        ({"highway": "construction"}, (False, False), (False, False)),
    ],
)
def test_directions_follow_the_tags(
    tags: dict[str, str], car: tuple[bool, bool], bike: tuple[bool, bool]
) -> None:
    tags = {"highway": "residential", **tags}
    assert directions(CAR, **tags) == car
    assert directions(BIKE, **tags) == bike


def test_walkers_mind_no_oneway_but_their_own() -> None:
    assert directions(FOOT, highway="residential", oneway="yes") == (True, True)
    assert directions(FOOT, highway="footway", oneway__foot="yes") == (True, False)
    assert directions(FOOT, highway="steps", conveying="backward") == (False, True)
    assert directions(FOOT, highway="residential", foot="no") == (False, False)
    assert directions(FOOT, highway="motorway") == (False, False)


@pytest.mark.parametrize(
    ("maxspeed", "kmh"),
    [
        ("30", 24.0),
        ("50;30", 40.0),
        ("20 mph", 25.75),
        ("20mph", 25.75),
        ("walk", 25.0),
        ("none", 25.0),
        ("CN:urban", 40.0),
        ("0", 25.0),
        ("٣٠", 25.0),
    ],
)
def test_a_car_drives_by_the_sign_where_it_is_a_number(maxspeed: str, kmh: float) -> None:
    assert traversal(CAR, {"highway": "residential", "maxspeed": maxspeed}).forward_kmh == pytest.approx(
        kmh, abs=0.01
    )


@pytest.mark.parametrize(
    ("tags", "kmh"),
    [
        ({"maxspeed:type": "CN-SH:urban"}, 40.0),
        ({"maxspeed:type": "CN-SH:urban", "maxspeed": "30"}, 24.0),
        ({"source:maxspeed": "sign"}, 65.0),
        ({"surface": "cobblestone"}, 30.0),
        ({"surface": "sett", "smoothness": "very_bad"}, 20.0),
        ({"surface": "asphalt", "tracktype": "grade1"}, 60.0),
    ],
)
def test_zones_and_bad_ground_limit_what_is_driven(tags: dict[str, str], kmh: float) -> None:
    assert traversal(CAR, {"highway": "primary", **tags}).forward_kmh == pytest.approx(kmh)


def test_signs_for_one_direction_count_for_it() -> None:
    way = traversal(CAR, {"highway": "primary", "maxspeed": "50", "maxspeed:backward": "30"})
    assert (way.forward_kmh, way.backward_kmh) == pytest.approx((40.0, 24.0))


@pytest.mark.parametrize(
    ("tags", "foot", "car"),
    [
        ({"barrier": "bollard"}, False, True),
        ({"barrier": "gate"}, False, False),
        ({"barrier": "gate", "access": "no"}, True, True),
        ({"barrier": "gate", "access": "no", "foot": "yes"}, False, True),
        ({"barrier": "wall"}, True, True),
        ({"barrier": "bollard", "motor_vehicle": "yes"}, False, False),
        ({"highway": "crossing", "access": "no"}, False, False),
    ],
)
def test_barriers_stop_whom_they_stop(tags: dict[str, str], *, foot: bool, car: bool) -> None:
    assert passage(FOOT, tags).closed is foot
    assert passage(CAR, tags).closed is car


def test_a_private_gate_is_for_those_who_start_or_end_behind_it() -> None:
    assert passage(FOOT, {"barrier": "gate", "access": "private"}).last_metres


def test_a_file_of_ones_own_changes_what_it_names_and_nothing_else(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text("[foot]\ngate_s = 30\n[foot.kmh]\nsteps = 1.5\ntrack = 0\n", encoding="utf-8")
    rules = read_rules(own)
    assert rules[Profile.FOOT].kmh == {**FOOT.kmh, "steps": 1.5, "track": 0.0}
    assert rules[Profile.FOOT].gate_s == 30
    assert rules[Profile.CAR] == CAR
    assert directions(rules[Profile.FOOT], highway="track") == (False, False)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("[foot", "PROFILES_BROKEN"),
        ("[train]\n", "PROFILES_WRONG"),
        ("foot = 3\n", "PROFILES_WRONG"),
        ("[foot]\nspeed = 3\n", "PROFILES_WRONG"),
        ("[foot.kmh]\nsteps = 'fast'\n", "PROFILES_WRONG"),
        ("[foot.kmh]\nsteps = -1\n", "PROFILES_WRONG"),
        ("[foot.kmh]\nsteps = nan\n", "PROFILES_WRONG"),
        ("[foot]\nclosed = 'no'\n", "PROFILES_WRONG"),
        ("[foot]\nwalk_kmh = 0\n", "PROFILES_WRONG"),
        ("[foot]\nother_barriers = 'maybe'\n", "PROFILES_WRONG"),
    ],
)
def test_what_means_nothing_in_it_is_told(tmp_path: Path, content: str, code: str) -> None:
    own = tmp_path / "own.toml"
    own.write_text(content, encoding="utf-8")
    with pytest.raises(BadInputError) as caught:
        read_rules(own)
    assert caught.value.code == code


def test_a_file_of_profiles_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="PROFILES_MISSING"):
        read_rules(tmp_path / "none.toml")


def test_rules_survive_being_written_and_faster_changes_every_speed(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(
        "[foot]\nsignal_s = 30\nareas = false\n[bike.kmh]\nsteps = 1.5\n[car]\nclosed = ['no']\n"
    )
    own = dict(read_rules(tmp_path / "own.toml"))
    slow = {**own, Profile.FOOT: faster(own[Profile.FOOT], 0.5)}
    (tmp_path / "slow.toml").write_text(written(slow, "walked slowly"), encoding="utf-8")
    assert read_rules(tmp_path / "slow.toml") == slow
    assert (slow[Profile.FOOT].walk_kmh, slow[Profile.FOOT].kmh["steps"], slow[Profile.FOOT].signal_s) == (
        2.4,
        1.17,
        30,
    )
    assert written(default_rules(), "nothing") == "# nothing\n"
