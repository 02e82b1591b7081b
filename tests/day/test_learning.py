"""A day replayed with known times gives them back; and nothing is offered where the day does not tell."""

import numpy as np
import pytest

from doorroute.day.learning import ENOUGH, Gap, learn
from doorroute.model.settings import ServiceTimes
from doorroute.model.team import Profile

TRUTH = {"door": 90.0, "person": 240.0, "bedridden": 480.0, "walk:foot": 1.25}
SET = ServiceTimes()


def replayed(count, *, seed=1, alone=False, truth=TRUTH, rests=0):
    """Return the gaps of a day of `count` doors: times vary by an eighth, in whole minutes, with rests."""
    chance = np.random.default_rng(seed)
    gaps = []
    for number in range(count):
        people = {"": 1 if alone else int(chance.integers(0, 4))}
        if chance.random() < 0.3 or not people[""]:
            people["bedridden"] = 1
        people = {kind: some for kind, some in people.items() if some}
        walk_s, setup_s = int(chance.integers(0, 500)), int(chance.integers(60, 200))
        at_door = truth["door"] + sum(some * truth[kind or "person"] for kind, some in people.items())
        real = (
            truth["walk:foot"] * walk_s * chance.normal(1, 0.1) + setup_s + at_door * chance.normal(1, 0.12)
        )
        start = chance.uniform(0, 60)
        seconds = int((start + real + (1800 if number < rests else 0)) // 60) * 60
        gaps.append(Gap(seconds=seconds, profile=Profile.FOOT, walk_s=walk_s, setup_s=setup_s, people=people))
    return gaps


def learned(gaps, service=SET):
    found = learn(gaps, service, lambda kind: service.kinds.get(kind, service.resident_s))
    return {each.name: each for each in found}


@pytest.mark.parametrize("seed", range(5))
def test_known_times_come_back_though_some_teams_rested(seed):
    found = learned(replayed(600, seed=seed, rests=30))
    assert {name: each.sure for name, each in found.items()} == dict.fromkeys(TRUTH, True)
    for name, each in found.items():
        assert each.value == pytest.approx(TRUTH[name], rel=0.25), name
        assert abs(each.value - TRUTH[name]) < 4 * each.error
    assert found["door"].observations == 600


def test_door_and_person_that_cannot_be_told_apart_are_learned_as_one():
    found = learned([gap for gap in replayed(300, alone=True) if "bedridden" not in gap.people])
    assert not found["door"].sure
    assert found["door"].value == SET.door_s
    assert found["person"].value == pytest.approx(TRUTH["door"] + TRUTH["person"] - SET.door_s, rel=0.1)
    assert found["person"].sure


def test_too_few_and_too_wide_offer_nothing_and_keep_what_was_set():
    few = learned(replayed(ENOUGH - 1))
    assert not any(each.sure for each in few.values())
    assert {name: each.value for name, each in few.items()} == {"door": 60, "person": 180, "walk:foot": 1}
    chance = np.random.default_rng(3)
    wild = [
        Gap(
            seconds=int(chance.integers(0, 120)) * 60,
            profile=Profile.FOOT,
            walk_s=100,
            setup_s=60,
            people={"": 1},
        )
        for _ in range(15)
    ]
    assert not any(each.sure for each in learned(wild).values())


def test_a_kind_too_rare_counts_as_the_settings_say():
    gaps = [gap for gap in replayed(300, seed=4) if "bedridden" not in gap.people]
    rare = [gap for gap in replayed(60, seed=5) if gap.people.get("bedridden")][: ENOUGH - 1]
    found = learned([*gaps, *rare], ServiceTimes(kinds={"bedridden": 480}))
    assert set(found) == {"door", "person", "walk:foot"}
    assert found["person"].value == pytest.approx(240, rel=0.1)


def test_no_gaps_teach_nothing():
    assert learned([]) == {}
