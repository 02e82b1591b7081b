"""Where a visit can go, and what is found by putting it there."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings

from doorroute.planning.core.insertion import NOWHERE, Filler, possible, repaired
from doorroute.planning.core.schedule import NEVER, timed
from doorroute.planning.core.score import left_out, no_orders
from doorroute.planning.core.tables import tabulate
from tests.helpers.street_days import EIGHT, NO_SETUP, problems, street, team, visit


@given(problems())
@settings(max_examples=150, deadline=None)
def test_a_visit_has_a_price_exactly_where_the_route_would_keep_every_rule(problem):
    tables = tabulate(problem)
    filler = Filler(tables, tables.travel_s, until_s=EIGHT + 3 * 3600)
    orders = filler.fill(no_orders(tables), range(0, tables.n, 2))
    waiting = np.array(left_out(tables, orders), dtype=np.int64)
    for crew, order in zip(tables.crews, orders, strict=True):
        price = filler.prices(filler.lane(crew, order), waiting)
        for row, node in enumerate(waiting.tolist()):
            for place in range(len(order) + 1):
                trial = timed(tables, crew, (*order[:place], node, *order[place:]), filler.until_s)
                assert (price[row, place] < NOWHERE) == (trial is not None)


def test_the_price_is_the_detour():
    tables = tabulate(street({"A": 100, "B": 300, "C": 200}))
    filler = Filler(tables, tables.travel_s)
    lane = filler.lane(tables.crews[0], (0, 1))
    assert filler.prices(lane, np.array([2])).tolist() == [[200, 0, 0]]
    assert filler.prices(filler.lane(tables.crews[0], ()), np.array([2])).tolist() == [[400]]


def test_the_price_counts_the_way_to_the_lab_that_a_visit_makes_necessary():
    aged = replace(NO_SETUP, max_sample_age_s=700)  # one door after the other is too long
    tables = tabulate(street({"A": 100, "B": 200}, (), [team(max_reloads=1)], settings=aged))
    crew, filler = tables.crews[0], Filler(tables, tables.travel_s)
    assert timed(tables, crew, (0, 1)).stops.count(crew.start) == 3
    price = filler.prices(filler.lane(crew, (0,)), np.array([1]))
    assert price.tolist() == [[400, 400]]
    assert filler.prices(filler.lane(crew, (0, 1)), np.array([], dtype=np.int64)).shape == (0, 3)


@given(problems())
@settings(max_examples=60, deadline=None)
def test_a_plan_filled_from_nothing_keeps_every_rule_and_takes_what_it_can(problem):
    tables = tabulate(problem)
    filler = Filler(tables, tables.go_s)
    orders = filler.fill(no_orders(tables), range(tables.n))
    assert all(timed(tables, crew, order) for crew, order in zip(tables.crews, orders, strict=True) if order)
    again = filler.fill(orders, left_out(tables, orders))
    assert {node for order in orders for node in order} <= {node for order in again for node in order}
    if tables.crews and possible(tables).any():
        assert any(orders)


def test_a_route_that_is_too_long_is_repaired_by_leaving_out_what_is_least_urgent():
    short = team(shift=street({"A": 0}).teams[0].shift.__class__(EIGHT, EIGHT + 800))
    tables = tabulate(street({"A": 10, "B": 20, "C": 30}, [visit("C", priority=1)], [short]))
    assert repaired(tables, ((0, 1, 2),)) == ((0, 2),)
    assert repaired(tables, ((0, 2),)) == ((0, 2),)
    assert repaired(tables, ((0, 2),), until_s=NEVER) == ((0, 2),)
