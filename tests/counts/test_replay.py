"""Replayed mornings against results computed on paper."""

import numpy as np
import pytest

from doorroute.counts import planning_parts as engine
from doorroute.counts.replay import Luck, replay
from doorroute.model.resident import InfectionClass, Window
from doorroute.model.team import Break
from tests.helpers.street_days import EIGHT, street, team, visit

CALM = Luck(service_cv=0, pace_cv=0, no_show=0, team_ill=0)
MANY = 20_000


def doors(count: int) -> dict[str, int]:
    return {f"V{number}": 60 * number for number in range(1, count + 1)}


def test_without_luck_every_morning_is_the_plan():
    windowed = visit("V2", time_windows=(Window(EIGHT + 3600, EIGHT + 7200),))
    pause = Break(window=Window(EIGHT + 1800, EIGHT + 5400), duration_s=600)
    tables = engine.tabulate(street(doors(4), [windowed], [team("T1", breaks=(pause,)), team("T2")]))
    orders = ((0, 1), (2, 3))
    made = replay(tables, orders, CALM, seed=1, mornings=5)
    assert made.finish_s.tolist() == [engine.last_return(tables, orders)] * 5
    assert made.whole.all()


def test_doors_that_vary_give_the_mean_and_spread_of_their_sum():
    tables = engine.tabulate(street(doors(16)))
    made = replay(
        tables,
        (tuple(range(16)),),
        Luck(service_cv=0.6, pace_cv=0, no_show=0, team_ill=0),
        seed=2,
        mornings=MANY,
    )
    planned = engine.last_return(tables, (tuple(range(16)),))
    spread = 0.6 * 300 * 4  # sixteen independent doors of 300 s
    assert made.finish_s.mean() == pytest.approx(planned, abs=4 * spread / np.sqrt(MANY))
    assert made.finish_s.std() == pytest.approx(spread, rel=0.05)


def test_the_last_of_two_teams_is_later_than_either_as_the_normal_law_says():
    tables = engine.tabulate(street({f"V{n}": 0 for n in range(80)}, teams=[team("T1"), team("T2")]))
    orders = (tuple(range(40)), tuple(range(40, 80)))
    made = replay(
        tables, orders, Luck(service_cv=0.3, pace_cv=0, no_show=0, team_ill=0), seed=3, mornings=MANY
    )
    spread = 0.3 * 300 * np.sqrt(40)
    expected = EIGHT + 40 * 300 + spread / np.sqrt(np.pi)  # E max of two normals: mean + sigma / sqrt(pi)
    assert made.finish_s.mean() == pytest.approx(expected, abs=0.06 * spread)
    assert made.chance(EIGHT + 40 * 300) == pytest.approx(0.25, abs=0.03)


def test_a_pace_lengthens_the_way_and_not_the_doors():
    tables = engine.tabulate(street({"V1": 1000}))
    made = replay(
        tables, ((0,),), Luck(service_cv=0, pace_cv=0.19, no_show=0, team_ill=0), seed=4, mornings=MANY
    )
    assert made.finish_s.std() == pytest.approx(0.19 * 2000, rel=0.05)
    assert made.finish_s.min() > EIGHT + 300


def test_a_door_where_nobody_opens_costs_the_ringing_and_the_way_back_to_it():
    tables = engine.tabulate(street({"V1": 100, "V2": 200}))
    made = replay(
        tables,
        ((0, 1),),
        Luck(service_cv=0, pace_cv=0, no_show=0.25, no_show_s=120, team_ill=0),
        seed=5,
        mornings=MANY,
    )
    plan = engine.last_return(tables, ((0, 1),))
    # both open; V1 closed: back from V2 to V1; V2 closed: ring there again; both: V2 to V1, then V2
    costs = {plan: 9 / 16, plan + 120: 6 / 16, plan + 240 + 200: 1 / 16}
    values, counts = np.unique(made.finish_s, return_counts=True)
    assert set(values.tolist()) == set(costs)
    for value, count in zip(values.tolist(), counts.tolist(), strict=True):
        assert count / MANY == pytest.approx(costs[value], abs=0.015)


def test_a_regular_door_is_tried_again_before_the_team_goes_to_an_isolated_one():
    isolated = visit("V2", infection_class=InfectionClass.ISOLATED)
    tables = engine.tabulate(street({"V1": 100, "V2": 200}, [isolated]))
    made = replay(
        tables,
        ((0, 1),),
        Luck(service_cv=0, pace_cv=0, no_show=1, no_show_s=60, team_ill=0),
        seed=6,
        mornings=3,
    )
    assert made.finish_s.tolist() == [engine.last_return(tables, ((0, 1),)) + 120] * 3


def test_a_team_that_is_ill_leaves_its_doors_to_the_others():
    tables = engine.tabulate(street(doors(8), teams=[team("T1"), team("T2")]))
    orders = ((0, 1, 2, 3), (4, 5, 6, 7))
    luck = Luck(service_cv=0, pace_cv=0, no_show=0, team_ill=0.1)
    made = replay(tables, orders, luck, seed=7, mornings=MANY)
    calm = engine.last_return(tables, orders)
    assert (made.finish_s > calm).mean() == pytest.approx(1 - 0.9**2, abs=0.01)
    assert made.finish_s.max() == EIGHT + 8 * 300 + 2 * 480  # one team alone
    assert made.whole.all()


def test_who_has_no_other_team_is_not_done():
    tables = engine.tabulate(street(doors(2)))
    made = replay(tables, ((0, 1),), Luck(service_cv=0, pace_cv=0, no_show=0, team_ill=1), seed=8, mornings=4)
    assert made.chance(24 * 3600) == 0


def test_the_same_seed_gives_the_same_mornings():
    tables = engine.tabulate(street(doors(6), teams=[team("T1"), team("T2")]))
    one, other, third = (
        replay(tables, ((0, 1, 2), (3, 4, 5)), Luck(), seed=seed).finish_s for seed in (1, 1, 2)
    )
    assert one.tolist() == other.tolist() != third.tolist()


@pytest.mark.parametrize("wrong", [{"no_show": 1.5}, {"service_cv": -0.1}, {"team_ill": float("nan")}])
def test_luck_that_cannot_be_is_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Luck(**wrong)
