"""A day that has begun: whatever has happened and must stay, the search keeps it, and the checker, written
apart, finds nothing.
"""

from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from doorroute.checker import check
from doorroute.model.problem import Done, Locks, Problem
from doorroute.model.settings import Objective
from doorroute.planning.core.insertion import Filler
from doorroute.planning.core.score import left_out, no_orders
from doorroute.planning.core.tables import FORBIDDEN, tabulate
from doorroute.planning.replan import locks_that_can_be_kept
from doorroute.planning.solve import solve
from tests.helpers.days_with_rules import days
from tests.helpers.rule_checks import assert_ruin_keeps_every_rule, breaches, fill
from tests.helpers.street_days import Nobody


@st.composite
def begun(draw: st.DrawFn) -> Problem:
    """Draw a day of which a part has happened, as planned or not: stops late or early, in another order,
    breaking rules; and what comes next is locked.
    """
    day = draw(days())
    tables = tabulate(day)
    orders = Filler(tables, tables.go_s).fill(no_orders(tables), left_out(tables, no_orders(tables)))
    if draw(st.integers(0, 3)) == 0 and tables.n and tables.crews:  # no plan ever made this
        orders = tuple(tuple(order[::-1]) for order in (*orders[1:], orders[0]))
    locks = []
    for crew, order in zip(tables.crews, orders, strict=True):
        if draw(st.integers(0, 3)) == 0:
            continue
        count = draw(st.integers(0, len(order)))
        clock, done = crew.opens_s + draw(st.integers(-900, 900)), []
        left = draw(st.none() | st.just(max(0, clock)))
        if count:
            clock = max(clock, 0)
        for node in order[:count]:
            arrival = max(clock, left or 0) + draw(st.integers(0, 1500))
            start = arrival + draw(st.integers(0, 600))
            clock = start + draw(st.integers(0, 1800))
            done.append(
                Done(visit=day.visits[node].id, arrival_s=arrival, start_service_s=start, departure_s=clock)
            )
            if day.teams[crew.team].max_reloads and draw(st.booleans()):
                begins = clock + draw(st.integers(0, 600))
                clock = begins + draw(st.integers(0, 600))
                done.append(Done(visit=None, arrival_s=begins, start_service_s=begins, departure_s=clock))
        ahead = order[count : count + draw(st.integers(0, 2))]
        locks.append(
            Locks(
                team=day.teams[crew.team].id,
                shift=crew.shift,
                left_s=left,
                done=tuple(done),
                order=tuple(day.visits[node].id for node in ahead),
                free_s=draw(st.just(0) | st.integers(max(0, clock - 600), max(0, clock) + 3600)),
            )
        )
    begun = replace(day, locks=tuple(locks))
    tables = tabulate(begun)
    for crew in tables.crews:  # streets that close behind a team are another matter
        assume(not crew.out or tables.travel_s[crew.profile, crew.start, crew.end] < FORBIDDEN)
    return replace(begun, locks=locks_that_can_be_kept(begun))


@given(begun())
@settings(max_examples=300, deadline=None)
def test_whatever_is_filled_in_keeps_the_locks(day):
    assert breaches(day, fill(day)) == []


@given(begun(), st.booleans())
@settings(max_examples=200, deadline=None)
def test_whatever_the_kernel_makes_keeps_the_locks(day, by_travel):
    assert_ruin_keeps_every_rule(day, by_travel=by_travel)


@given(begun(), st.permutations(list(Objective)))
@settings(max_examples=40, deadline=None)
def test_whatever_the_whole_search_plans_keeps_the_locks(day, goals):
    solution = solve(day, objective=goals, iterations=300, engine=Nobody)
    assert check(day, solution.routes, solution.unassigned) == ()
