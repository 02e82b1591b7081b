"""OR-Tools under the same rules, in this process."""

import pytest
from hypothesis import HealthCheck, given, settings

from doorroute.model.resident import InfectionClass, Window
from doorroute.model.settings import Objective
from doorroute.model.team import DepotId
from doorroute.planning.best import Best
from doorroute.planning.ortools_engine import Model, improve, prices_of
from doorroute.planning.schedule import timed
from doorroute.planning.tables import NO_LIMIT, tabulate

from .drawn import EIGHT, NOON, TEN, problems, street, team, visit


def searched(problem, seconds=0.3):
    """Return the last plan of a plain search, as OR-Tools gave it."""
    tables, found = tabulate(problem), []
    Model(tables).search(seconds, None, lambda orders: found.append(orders) or True)
    return tables, found[-1]


@given(problems())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_plan_of_or_tools_keeps_every_rule_that_it_is_told(problem):
    tables = tabulate(problem)
    if tables.n and tables.crews:
        found = []
        Model(tables).search(0.05, None, lambda orders: found.append(orders) or len(found) < 5)
        for orders in found:
            for crew, order in zip(tables.crews, orders, strict=True):
                untold = crew.pauses or min(crew.max_travel_s, crew.max_distance_m) < NO_LIMIT
                assert not order or untold or timed(tables, crew, order)


@pytest.mark.parametrize("objective", Objective)
def test_it_improves_on_a_plan_in_which_nobody_goes(objective):
    problem = street({"A": 100, "B": 110, "C": -100, "Z": -110}, teams=(team("T1"), team("T2", end=DepotId("D"))))
    tables = tabulate(problem)
    best = Best(tables, objective)
    improve(best, 0.6, seed=1)
    assert best.missed == (0,)
    assert best.finish_s == EIGHT + (820 if objective is Objective.FINISH else 440 + 1200) or best.travel_s == 440


def test_it_goes_on_from_a_given_plan():
    tables = tabulate(street({"A": 100, "B": 200, "C": 300}))
    found = []
    Model(tables).search(0.2, ((2, 0, 1),), lambda orders: found.append(orders) or True)
    assert found[0] != ((0, 1, 2),)  # it started there, and made it better
    assert found[-1] in {((0, 1, 2),), ((2, 1, 0),), ((0, 2, 1),), ((1, 2, 0),)}


def test_windows_with_a_gap_between_are_kept():
    gap = (Window(EIGHT, EIGHT + 60), Window(TEN, NOON))
    tables, (order,) = searched(
        street({"A": 100, "B": 200}, [visit("A", time_windows=gap), visit("B", time_windows=gap)])
    )
    assert len(order) == 2
    assert timed(tables, tables.crews[0], order)


def test_an_unused_team_may_have_depots_with_no_street_between():
    problem = street({"A": 100}, teams=[team(), team("T2", end=DepotId("E"))], depots={"E": 50}, closed=[("D", "E")])
    assert (0,) in searched(problem, 0.1)[1]


def test_the_order_of_classes_is_kept_over_many_doors():
    kinds = [InfectionClass.ISOLATED, InfectionClass.REGULAR, InfectionClass.YELLOW] * 3
    doors = [visit(f"V{i}", infection_class=kind) for i, kind in enumerate(kinds)]
    tables, (order,) = searched(street({door.id: 50 * i for i, door in enumerate(doors)}, doors))
    ranks = [int(tables.rank[node]) for node in order]
    assert len(order) == 9
    assert ranks == sorted(ranks)


def test_a_visit_costs_more_left_out_than_all_less_urgent_ones_and_any_travel():
    priorities = [1, 1, 2, 2, 2, 5]
    doors = [visit(f"V{i}", priority=priority) for i, priority in enumerate(priorities)]
    prices = prices_of(tabulate(street({door.id: 10 for door in doors}, doors)))
    assert prices[5] > NOON - EIGHT
    assert prices[4] > prices[5] + NOON - EIGHT
    assert prices[0] > 3 * prices[2] + prices[5] + NOON - EIGHT


def test_prices_of_many_tiers_still_fit_in_64_bits():
    doors = [visit(f"V{i}", priority=i // 10 + 1) for i in range(300)]
    prices = prices_of(tabulate(street({door.id: 10 for door in doors}, doors)))
    assert sum(prices) < 2**62
    assert prices == sorted(prices, reverse=True)
    assert prices[0] > prices[10] > prices[299] > NOON - EIGHT
