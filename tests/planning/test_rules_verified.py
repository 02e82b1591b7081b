"""Every rule of the day, in every order that schedule, kernel and insertion accept: the checker, written
apart, finds nothing.
"""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from doorroute.planning.core.insertion import NOWHERE, Filler
from doorroute.planning.core.schedule import timed
from doorroute.planning.core.score import left_out, no_orders, travel_of
from doorroute.planning.core.tables import tabulate
from doorroute.planning.search.ruin import Ruin
from tests.helpers.days_with_rules import days
from tests.helpers.rule_checks import assert_ruin_keeps_every_rule, breaches, fill


@given(days())
@settings(max_examples=300, deadline=None)
def test_whatever_is_filled_in_passes_the_checker(day):
    assert breaches(day, fill(day)) == []


@given(days(), st.booleans())
@settings(max_examples=200, deadline=None)
def test_whatever_the_kernel_makes_passes_the_checker_and_the_schedule(day, by_travel):
    assert_ruin_keeps_every_rule(day, by_travel=by_travel)


@given(days(), st.integers(0, 15), st.integers(1, 50))
@settings(max_examples=150, deadline=None)
def test_an_aim_makes_who_is_late_dearer_by_exactly_the_seconds_and_breaks_nothing(day, quarters, price):
    tables = tabulate(day)
    if not (tables.n and tables.crews):
        return
    ruin, at_s = Ruin(tables, 5), 8 * 3600 + 900 * quarters
    ruin.begin(fill(day))
    ruin.set_price(1e5)
    plain = ruin.cost
    ruin.aim(at_s, price)
    times = [timed(tables, crew, order) for crew, order in zip(tables.crews, ruin.orders, strict=True)]
    late = sum(
        max(0, each.finish_s - at_s) for each, order in zip(times, ruin.orders, strict=True) if each and order
    )
    assert ruin.cost == plain + price * late
    ruin.run(60, 200.0)
    reckoned, best = ruin.cost, ruin.best_cost
    assert breaches(day, ruin.orders) == breaches(day, ruin.best) == []
    ruin.aim(at_s, price)  # reckons everything anew
    assert ruin.cost == reckoned
    assert best <= plain + price * late


@given(days())
@settings(max_examples=150, deadline=None)
def test_kernel_insertion_and_schedule_say_the_same_of_every_place(day):
    tables = tabulate(day)
    if not (tables.n and tables.crews):
        return
    filler = Filler(tables, tables.travel_s)
    rest = left_out(tables, no_orders(tables))
    orders = filler.fill(no_orders(tables), rest[::2])
    waiting = left_out(tables, orders)
    ruin = Ruin(tables, 1)
    ruin.begin(orders, by_travel=True)
    for number, (crew, order) in enumerate(zip(tables.crews, orders, strict=True)):
        price = filler.prices(filler.lane(crew, order), np.array(waiting, dtype=np.int64))
        for row, node in enumerate(waiting):
            for place in range(len(crew.fixed), len(order) + 1):
                longer = (*order[:place], node, *order[place:])
                allowed = timed(tables, crew, longer) is not None
                assert (price[row, place] < NOWHERE) == allowed == ruin.fits(number, place, node)
                if allowed and order:
                    detour = travel_of(tables, crew, longer) - travel_of(tables, crew, order)
                    assert price[row, place] == detour
