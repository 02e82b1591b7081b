"""The search of our own: what it finds, and that it never breaks a rule on the way."""

import time

import pytest
from hypothesis import HealthCheck, given, settings

from doorroute.model.resident import Window
from doorroute.model.settings import Objective
from doorroute.planning.core.insertion import Filler
from doorroute.planning.core.schedule import timed
from doorroute.planning.core.score import left_out, no_orders
from doorroute.planning.core.tables import NEVER, tabulate
from doorroute.planning.search.best import Best
from doorroute.planning.search.phases import Search
from doorroute.planning.search.ruin import Ruin
from tests.helpers.street_days import EIGHT, problems, street, team, visit


def search(problem, objective, seconds=0.5):
    tables = tabulate(problem)
    best = Best(tables, objective)
    best.take(Filler(tables, tables.go_s).fill(no_orders(tables), range(tables.n)))
    Search(best, time.monotonic() + seconds, 1, lambda: False).run()
    return best


@pytest.mark.parametrize("by_travel", [False, True])
@given(problems(max_visits=10))
@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_no_step_breaks_a_rule_and_the_best_is_no_worse(by_travel, problem):
    tables = tabulate(problem)
    if not (tables.n and tables.crews):
        return
    until = EIGHT + 3 * 3600
    ruin, filler = Ruin(tables, 1), Filler(tables, tables.go_s, until)
    ruin.begin(filler.fill(no_orders(tables), range(tables.n)), by_travel=by_travel, until_s=until)
    ruin.set_price(100.0)
    for _ in range(30):
        before = ruin.best_cost
        ruin.run(3, 100.0)
        for orders in (ruin.orders, ruin.best):
            assert all(
                timed(tables, crew, order, until)
                for crew, order in zip(tables.crews, orders, strict=True)
                if order
            )
            assert len({node for order in orders for node in order}) == sum(map(len, orders))
        assert ruin.best_cost <= before
        assert not (ruin.all_in and any(ruin.possible[node] for node in left_out(tables, ruin.orders)))
    legs = sum(
        cost_of(tables, crew, order, by_travel) for crew, order in zip(tables.crews, ruin.orders, strict=True)
    )
    assert ruin.travel_s == legs


@given(problems(max_visits=6))
@settings(max_examples=150, deadline=None)
def test_a_visit_that_alone_is_left_out_is_put_wherever_the_route_would_keep_every_rule(problem):
    """The compiled check of a place and the schedule say the same."""
    tables = tabulate(problem)
    if not (tables.n and tables.crews):
        return
    ruin, filler = Ruin(tables, 1), Filler(tables, tables.travel_s)
    orders = filler.fill(no_orders(tables), range(0, tables.n, 2))
    ruin.begin(orders, by_travel=True)
    for node in left_out(tables, orders):
        if not ruin.possible[node]:
            continue
        for number, (crew, order) in enumerate(zip(tables.crews, orders, strict=True)):
            for place in range(len(order) + 1):
                trial = timed(tables, crew, (*order[:place], node, *order[place:]))
                assert ruin.fits(number, place, node) == (trial is not None)


def cost_of(tables, crew, order, by_travel):
    stops = [crew.start, *order, crew.end]
    table = (tables.travel_s if by_travel else tables.go_s)[crew.profile]
    return int(table[stops[:-1], stops[1:]].sum()) if order else 0


def test_the_shortest_round_is_found():
    doors = {f"V{i}": metre for i, metre in enumerate([300, 100, -200, 500, -400, 50, 450, -50])}
    best = search(street(doors), Objective.TRAVEL)
    assert best.travel_s == 2 * 500 + 2 * 400


def test_the_last_return_is_brought_forward_by_sharing():
    doors = {f"V{i}": 10 for i in range(12)}
    best = search(street(doors, teams=[team("T1"), team("T2"), team("T3")]), Objective.FINISH, 1.0)
    assert best.finish_s == EIGHT + 4 * 300 + 20


def test_travel_is_saved_once_the_last_return_cannot_be_sooner():
    # far away sets the last return; the second team should not walk to and fro meanwhile
    doors = {"far": 3000, "V1": -100, "V2": 200, "V3": -300, "V4": 400}
    best = search(street(doors, teams=[team("T1"), team("T2")]), Objective.FINISH)
    assert best.finish_s == EIGHT + 6000 + 300
    assert best.travel_s == 6000 + min(2 * 300 + 2 * 400, 2 * 400 + 2 * 300)


@pytest.mark.parametrize("objective", Objective)
def test_a_visit_that_nobody_can_make_does_not_spoil_the_rest(objective):
    doors = [visit("never", time_windows=(Window(0, 60),))]
    best = search(street({"never": 100, "A": 200, "B": -200}, doors), objective)
    assert left_out(best.tables, best.orders) == [0]


def test_same_seed_same_steps():
    tables = tabulate(
        street({f"V{i}": 37 * i * (-1) ** i for i in range(15)}, teams=[team("T1"), team("T2")])
    )
    plans = []
    for _ in range(2):
        ruin, filler = Ruin(tables, 7), Filler(tables, tables.go_s)
        ruin.begin(filler.fill(no_orders(tables), range(tables.n)))
        ruin.run(60, 20.0)
        plans.append(ruin.orders)
    assert plans[0] == plans[1]


def test_a_lone_visit_and_a_lone_team_are_a_search_too():
    best = search(street({"A": 100}), Objective.FINISH, 0.2)
    assert best.orders == ((0,),)


def test_a_more_urgent_visit_is_never_given_up_for_any_number_of_others():
    short = team(shift=Window(EIGHT, EIGHT + 2500))
    doors = {"far": 1000} | {f"V{i}": 10 + i for i in range(6)}
    best = search(street(doors, [visit("far", priority=1)], [short]), Objective.TRAVEL)
    assert best.orders == ((0,),)


@pytest.mark.parametrize("sides", [2, 3])
@pytest.mark.parametrize("until", [NEVER, EIGHT + 2 * 3600])
def test_sides_that_are_searched_side_by_side_make_one_plan(sides, until):
    """Nobody is lost or visited twice at the borders, no rule is broken, what it says it costs is what it
    costs, and it is the same every time.
    """
    doors = {f"V{i}": (131 * i * i) % 4000 - 2000 for i in range(90)}
    tables = tabulate(street(doors, teams=[team(f"T{i}", capacity=9) for i in range(12)]))
    plans = []
    for _ in range(2):
        ruin, filler = Ruin(tables, 5, sides), Filler(tables, tables.travel_s, until)
        ruin.begin(filler.fill(no_orders(tables), range(tables.n)), by_travel=True, until_s=until)
        ruin.set_price(1000.0)
        first, shared = ruin.cost, 0
        for _ in range(12):
            before = ruin.best_cost
            ruin.run(60, 30.0)
            shared += len(ruin._shares()) == sides  # that it was done at all
            for orders, cost in ((ruin.orders, ruin.cost), (ruin.best, ruin.best_cost)):
                taken = [node for order in orders for node in order]
                assert len(set(taken)) == len(taken)
                routes = [(crew, order) for crew, order in zip(tables.crews, orders, strict=True) if order]
                assert all(timed(tables, crew, order, until) for crew, order in routes)
                ways = sum(cost_of(tables, crew, order, by_travel=True) for crew, order in routes)
                assert cost == ways + 1000 * (tables.n - len(taken))
            assert ruin.best_cost <= before
        assert shared == 12
        assert ruin.best_cost < first
        plans.append(ruin.best)
    assert plans[0] == plans[1]
