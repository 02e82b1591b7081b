"""The search of our own: what it finds, and that it never breaks a rule on the way."""

import time

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from doorroute.model.resident import Window
from doorroute.model.settings import Objective
from doorroute.planning.best import Best
from doorroute.planning.insertion import Filler
from doorroute.planning.ruin import Ruin
from doorroute.planning.schedule import timed
from doorroute.planning.score import left_out, no_orders
from doorroute.planning.search import Search
from doorroute.planning.tables import tabulate

from .drawn import EIGHT, problems, street, team, visit


def search(problem, objective, seconds=0.5):
    tables = tabulate(problem)
    best = Best(tables, objective)
    best.take(Filler(tables, tables.go_s).fill(no_orders(tables), range(tables.n)))
    Search(tables, best, time.monotonic() + seconds, 1, lambda: False).run()
    return best


@given(problems())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_ruin_breaks_a_rule_and_none_leaves_out_more(problem):
    tables = tabulate(problem)
    if not (tables.n and tables.crews):
        return
    ruin, filler = Ruin(tables, np.random.default_rng(1)), Filler(tables, tables.travel_s)
    ruin.begin(filler, filler.fill(no_orders(tables), range(tables.n)))
    missed = len(left_out(tables, ruin.orders))
    for _ in range(20):
        ruin.step(100.0)
        assert all(timed(tables, crew, order) for crew, order in zip(tables.crews, ruin.orders, strict=True) if order)
        assert len({node for order in ruin.orders for node in order}) == sum(map(len, ruin.orders))
    if tables.tiers == 1:
        assert len(left_out(tables, ruin.orders)) <= missed


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
    tables = tabulate(street({f"V{i}": 37 * i * (-1) ** i for i in range(15)}, teams=[team("T1"), team("T2")]))
    plans = []
    for _ in range(2):
        ruin, filler = Ruin(tables, np.random.default_rng(7)), Filler(tables, tables.go_s)
        ruin.begin(filler, filler.fill(no_orders(tables), range(tables.n)))
        for _ in range(60):
            ruin.step(20.0)
        plans.append(ruin.orders)
    assert plans[0] == plans[1]
