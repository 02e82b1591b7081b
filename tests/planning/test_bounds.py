"""The lower bound holds against everything that can be done."""

import itertools

from hypothesis import given, settings

from doorroute.planning.bounds import lower_bound_finish
from doorroute.planning.schedule import timed
from doorroute.planning.tables import tabulate

from .drawn import EIGHT, problems, street, team


@given(problems(max_visits=4, max_teams=2))
@settings(max_examples=100, deadline=None)
def test_no_plan_brings_the_last_team_home_before_the_bound(problem):
    tables = tabulate(problem)
    soonest = _soonest_by_trying(tables)
    if soonest is not None:
        assert lower_bound_finish(tables, range(tables.n)) <= soonest


def test_one_far_door_bounds_the_day_however_many_teams_there_are():
    tables = tabulate(street({"A": 5000, "B": 10}, teams=[team(f"T{i}") for i in range(5)]))
    assert lower_bound_finish(tables, [0, 1]) == EIGHT + 10_000 + 300


def test_much_work_bounds_the_day_though_every_door_is_near():
    tables = tabulate(street({f"V{i}": 10 for i in range(10)}, teams=[team("T1"), team("T2")]))
    assert lower_bound_finish(tables, range(10)) == EIGHT + 5 * 300


def test_nothing_to_do_has_no_bound():
    assert lower_bound_finish(tabulate(street({"A": 10})), []) == 0


def _soonest_by_trying(tables):
    """Return the soonest last return of all plans with every visit, None where there is none."""
    best = {}
    for number, crew in enumerate(tables.crews):
        for size in range(tables.n + 1):
            for order in itertools.permutations(range(tables.n), size):
                route = timed(tables, crew, order) if order else None
                finish = route.finish_s if route else 0
                if route or not order:
                    key = (number, frozenset(order))
                    best[key] = min(best.get(key, finish), finish)
    finishes = []
    for split in itertools.product(range(len(tables.crews)), repeat=tables.n):
        parts = [(number, frozenset(n for n in range(tables.n) if split[n] == number)) for number in set(split)]
        if all(part in best for part in parts):
            finishes.append(max((best[part] for part in parts), default=0))
    return min(finishes, default=None)
