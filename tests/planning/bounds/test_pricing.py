"""The prices of visits: no route of any day beats them, and they come near to what plans cost."""

from dataclasses import replace

import numpy as np
import pytest

from doorroute.model.resident import Window
from doorroute.model.settings import Objective
from doorroute.planning.bounds import pricing
from doorroute.planning.bounds.lower import bounds_of
from doorroute.planning.bounds.pricing import day_prices
from doorroute.planning.core.tables import tabulate
from doorroute.planning.solve import search, solve
from tests.helpers.street_days import EIGHT, NOON, Nobody, street, team, visit

TOWN, TEAMS = 60, 6


def town(shifts=((EIGHT, EIGHT + 9000),), windows=0.25):
    """Return a day on a plane: 60 doors within 20 minutes' walk around the depot, six teams in each of the
    shifts.
    """
    random = np.random.default_rng(7)
    teams = [team(f"T{i}-{begin}", shift=Window(begin, end)) for i in range(TEAMS) for begin, end in shifts]
    tables = tabulate(street({f"V{i}": 1 for i in range(TOWN)}, teams=teams))
    points = np.vstack([random.uniform(-850, 850, (TOWN, 2)), np.zeros((tables.go_s.shape[1] - TOWN, 2))])
    ways = np.hypot(*(points[:, None] - points[None, :]).transpose(2, 0, 1)).astype(np.int64)[None]
    ways = np.repeat(ways, len(tables.go_s), axis=0)
    opens, closes = tables.opens_s.copy(), tables.closes_s.copy()
    early = np.flatnonzero(random.random(TOWN) < windows)
    opens[early, 0], closes[early, 0] = EIGHT, EIGHT + 3600
    return replace(tables, go_s=ways, travel_s=ways, distance_m=ways, opens_s=opens, closes_s=closes)


def test_the_bound_comes_near_to_a_plan_and_does_not_pass_it():
    tables = town()
    plan = search(tables, Objective.TRAVEL, time_limit_s=60, seed=1, iterations=60_000)
    assert not sum(plan.missed)
    weak, strong = bounds_of(tables, range(TOWN)), bounds_of(tables, range(TOWN), day_prices(tables))
    assert (
        weak.lower_bound_travel_s < 0.75 * plan.travel_s < 0.85 * plan.travel_s < strong.lower_bound_travel_s
    )
    assert strong.lower_bound_travel_s <= plan.travel_s
    assert weak.lower_bound_finish_s < strong.lower_bound_finish_s <= plan.finish_s


def test_two_shifts_are_not_taken_for_one_long_one():
    morning, afternoon = (EIGHT, EIGHT + 4500), (NOON, NOON + 4500)
    split = day_prices(town((morning, afternoon), windows=0)).travel.bound(range(TOWN))
    long = day_prices(town(((EIGHT, NOON + 4500),), windows=0)).travel.bound(range(TOWN))
    assert split > 1.1 * long


def test_more_shifts_than_are_told_apart_count_as_one():
    shifts = [(EIGHT + 60 * late, EIGHT + 9000) for late in range(pricing.SHIFTS + 1)]
    relaxed = pricing.Relaxed(town(shifts), np.arange(TOWN), town(shifts).go_s)
    assert relaxed.shifts == (((EIGHT, EIGHT + 9000), TEAMS * len(shifts)),)


def test_who_is_to_be_back_early_walks_more():
    tables = town(((EIGHT, EIGHT + 12 * 3600),), windows=0)
    plan = search(tables, Objective.FINISH, time_limit_s=60, seed=1, iterations=30_000)
    late, early = day_prices(tables), day_prices(tables, back_by_s=lambda: plan.finish_s)
    some_day, that_early = bounds_of(tables, range(TOWN), late), bounds_of(tables, range(TOWN), early)
    assert some_day.lower_bound_finish_s < that_early.lower_bound_finish_s <= plan.finish_s
    assert early.go.bound(range(TOWN)) > 1.1 * late.go.bound(range(TOWN))
    # who may come home late can travel less, and with fewer teams
    assert that_early.lower_bound_travel_s == some_day.lower_bound_travel_s
    assert that_early.lower_bound_teams == some_day.lower_bound_teams


def test_nothing_is_said_beyond_what_was_asked():
    tables = town()
    weak, asked = bounds_of(tables, range(TOWN)).lower_bound_finish_s, EIGHT + 4700
    prices = day_prices(
        tables, back_by_s=lambda: asked
    )  # no plan is back by then: what its routes would take says nothing
    assert prices.go.bound(range(TOWN)) + 300 * TOWN > TEAMS * (asked - EIGHT)
    assert weak < bounds_of(tables, range(TOWN), prices).lower_bound_finish_s == asked


def test_prices_of_all_bound_a_plan_for_some():
    tables, some = town(), range(0, TOWN, 2)
    prices = day_prices(tables)
    best = search(_without(tables, some), Objective.TRAVEL, time_limit_s=60, seed=1, iterations=20_000)
    assert 0 < prices.travel.bound(some) <= best.travel_s


def test_good_prices_to_begin_with_save_rounds(monkeypatch):
    tables = town()
    cold = day_prices(tables)
    fewer = replace(tables, crews=tables.crews[1:])
    monkeypatch.setattr(pricing, "ROUNDS", ())  # whoever began anew would get nowhere
    warm = day_prices(fewer, near=cold)
    assert warm.travel.bound(range(TOWN)) >= 0.98 * cold.travel.bound(range(TOWN))
    assert day_prices(fewer).travel.bound(range(TOWN)) < 0.9 * warm.travel.bound(range(TOWN))


def test_told_to_stop_it_keeps_what_it_has():
    tables, asked = town(), []
    few = day_prices(tables, stop=lambda: bool(asked.append(1)) or len(asked) > 30)
    assert 0.5 < few.travel.bound(range(TOWN)) / day_prices(tables).travel.bound(range(TOWN)) < 1


def test_visits_that_take_no_time_have_no_prices():
    at_once = [visit(name, service_s=0) for name in "AB"]
    assert day_prices(tabulate(street({"A": 5, "B": 5}, at_once))) is None
    assert day_prices(tabulate(street({"A": 5, "B": 95}, at_once))) is not None


def test_too_many_visits_steps_or_none_have_no_prices(monkeypatch):
    assert day_prices(town()) is not None
    monkeypatch.setattr(pricing, "MOST", TOWN - 1)
    assert day_prices(town()) is None
    monkeypatch.undo()
    monkeypatch.setattr(pricing, "LABELS", TOWN)
    assert day_prices(town()) is None
    assert day_prices(tabulate(street({}))) is None
    assert day_prices(tabulate(street({"A": 1}, teams=[]))) is None


@pytest.mark.parametrize("iterations", [None, 500])
def test_a_plan_comes_with_the_bound_of_its_prices(iterations):
    doors = {f"V{i}": 300 + i for i in range(40)}  # three teams walk out, which pairs of ways do not see
    problem = street(doors, teams=[team(f"T{i}", shift=Window(EIGHT, EIGHT + 5000)) for i in range(3)])
    plan = solve(problem, objective=Objective.TRAVEL, time_limit_s=2, engine=Nobody, iterations=iterations)
    assert not plan.unassigned
    tables = tabulate(problem)
    assert plan.lower_bound_travel_s == bounds_of(tables, range(40), day_prices(tables)).lower_bound_travel_s
    assert plan.lower_bound_travel_s > bounds_of(tables, range(40)).lower_bound_travel_s


def _without(tables, kept):
    crews = tuple(replace(crew, may=crew.may & np.isin(np.arange(tables.n), kept)) for crew in tables.crews)
    return replace(tables, crews=crews)
