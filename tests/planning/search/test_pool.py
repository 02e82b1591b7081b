"""The final split: what CP-SAT makes of the routes that the search has met."""

from doorroute.model.settings import Objective
from doorroute.planning.core.tables import tabulate
from doorroute.planning.search.best import Best
from doorroute.planning.search.pool import MOST, Pool, split
from tests.helpers.street_days import EIGHT, street, team, visit

DAY = street(
    {"A": 100, "B": 110, "C": -100, "Z": -110}, teams=(team("T1"), team("T2"), team("T3", max_visits=1))
)


def chosen(problem, plans, objective, first):
    """Return what the split makes of the routes of `plans`, from the plan `first` on."""
    tables = tabulate(problem)
    best, pool = Best(tables, objective), Pool(tables)
    best.take(first)
    for plan in plans:
        pool.add(plan)
    split(best, pool, 5.0, 1)
    return best


def test_halves_of_two_plans_make_a_better_one():
    poor = ((0, 2), (1, 3), ())
    best = chosen(DAY, [((0, 1), (2,), ()), ((3,), (2, 3), (0,))], Objective.TRAVEL, poor)
    assert sorted(best.orders) == [(), (0, 1), (2, 3)]
    assert best.travel_s == 440


def test_for_the_last_return_the_longest_route_counts_first_and_travel_breaks_the_tie():
    one = ((0, 1, 2, 3), (), ())
    best = chosen(DAY, [((1, 0), (2, 3), ()), ((0, 2), (3, 1), ())], Objective.FINISH, one)
    assert (best.finish_s, best.travel_s) == (EIGHT + 820, 440)


def test_a_route_goes_only_to_a_team_that_is_alike():
    best = chosen(DAY, [((0, 1), (), (2,))], Objective.TRAVEL, ((0,), (1,), (2,)))
    assert best.orders[2] == (2,)
    assert sorted(best.orders[:2]) == [(), (0, 1)]


def test_of_routes_through_the_same_doors_the_shortest_is_taken():
    best = chosen(DAY, [((1, 0), (3, 2), ()), ((0, 1), (2, 3), ())], Objective.TRAVEL, ((0, 2), (1, 3), ()))
    assert best.travel_s == 440


def test_whoever_was_left_out_comes_in_and_nobody_who_was_in_goes_out():
    problem = street({"A": 100, "B": 110, "C": -100}, [visit("A", priority=1)], (team("T1"),))
    best = chosen(problem, [((1, 2),), ((0, 1, 2),), ((1,),)], Objective.TRAVEL, ((0, 1),))
    assert set(best.orders[0]) == {0, 1, 2}


def test_the_pool_forgets_the_oldest_routes():
    tables = tabulate(street({f"V{i}": i for i in range(100)}))
    pool = Pool(tables)
    for i in range(100):
        for j in range(100):
            pool.add(((i, j) if i != j else (i,),))
    assert len(pool._routes) == MOST
    assert ((99, 98)) in [order for _, order in pool._routes]
    assert (0,) not in [order for _, order in pool._routes]
