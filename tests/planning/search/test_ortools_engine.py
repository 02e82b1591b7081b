"""OR-Tools under the same rules, in this process."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from doorroute.model.problem import Done, Locks
from doorroute.model.resident import InfectionClass, TeamId, Window
from doorroute.model.settings import Objective, Wishes
from doorroute.model.team import Break, DepotId
from doorroute.planning.core.schedule import timed
from doorroute.planning.core.tables import tabulate
from doorroute.planning.search.best import Best
from doorroute.planning.search.ortools_engine import Model, improve
from doorroute.planning.search.ortools_gaps import prices_of, untold
from tests.helpers.street_days import EIGHT, NO_SETUP, NOON, TEN, problems, street, team, visit


def searched(problem, seconds=0.3):
    """Return the last plan of a plain search, as OR-Tools gave it."""
    tables, found = tabulate(problem), []
    Model(tables).search(seconds, None, lambda orders: found.append(orders) or True)
    return tables, found[-1]


@given(problems(), st.none() | st.integers(600, 7200))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_plan_of_or_tools_keeps_every_rule_that_it_is_told(problem, max_age_s):
    tables = tabulate(replace(problem, settings=replace(problem.settings, max_sample_age_s=max_age_s)))
    if tables.n and tables.crews:
        found = []
        Model(tables).search(0.05, None, lambda orders: found.append(orders) or len(found) < 5)
        for orders in found:
            for crew, order in zip(tables.crews, orders, strict=True):
                assert not order or crew.pauses or timed(tables, crew, order)


def test_a_team_goes_no_longer_and_no_further_than_it_may():
    for limit in ({"max_travel_s": 410}, {"max_distance_m": 410}):
        _, (order,) = searched(street({"A": 100, "B": 200, "C": 300}, teams=[team(**limit)]))
        assert sorted(order) == [0, 1]


def test_samples_grow_no_older_than_they_may():
    doors = {"A": 300, "B": 310, "C": 320}
    aged = replace(NO_SETUP, max_sample_age_s=1000)  # two doors and the way home, not three
    tables, (order,) = searched(street(doors, settings=aged))
    assert len(order) == 2
    assert timed(tables, tables.crews[0], order)
    late = [
        visit("A", time_windows=(Window(EIGHT, EIGHT + 400),)),
        visit("B", time_windows=(Window(TEN, NOON),)),
    ]
    tables, (order,) = searched(street({"A": 100, "B": 110}, late, settings=aged))
    assert len(order) == 1  # waiting for the second would make the first one's sample too old


def test_a_break_is_kept_free_where_it_is_due():
    lunch = Break(window=Window(EIGHT + 1000, EIGHT + 2200), duration_s=900)
    crew = team(shift=Window(EIGHT, EIGHT + 2800), breaks=(lunch,))
    tables, (order,) = searched(street({f"V{i}": 10 * i for i in range(9)}, teams=[crew]))
    assert 5 <= len(order) <= 6  # 1,900 s without the break
    assert timed(tables, tables.crews[0], order)
    home = Break(window=Window(EIGHT + 2000, EIGHT + 4000), duration_s=900)  # can be taken at home
    short = team(shift=Window(EIGHT, EIGHT + 2800), breaks=(home,))
    assert len(searched(street({f"V{i}": 10 * i for i in range(9)}, teams=[short]))[1][0]) >= 8


def test_wishes_cost_what_they_count():
    doors = [visit("A", last_team=TeamId("T2")), visit("B", last_team=TeamId("T2"))]
    teams = [team("T1"), team("T2", start=DepotId("E"), end=DepotId("E"))]
    for weight, routes in ((0, ((0, 1), ())), (3000, ((), (0, 1)))):
        wished = replace(NO_SETUP, wishes=Wishes(same_team_s=weight))
        day = street({"A": 10, "B": 20}, doors, teams, depots={"E": -500}, settings=wished)
        assert tuple(map(sorted, searched(day)[1])) == tuple(map(sorted, routes))


def test_what_is_done_and_what_is_locked_stays_in_front():
    problem = street({"A": 100, "B": 200, "C": 300, "D1": 400}, teams=[team(max_visits=3)])
    named = [door.id for door in problem.visits]
    done = Done(visit=named[3], arrival_s=EIGHT + 400, start_service_s=EIGHT + 400, departure_s=EIGHT + 700)
    locks = Locks(team=TeamId("T1"), left_s=EIGHT, done=(done,), order=(named[0],), free_s=EIGHT + 700)
    tables, (order,) = searched(replace(problem, locks=(locks,)))
    assert order[0] == 0
    assert len(order) == 2
    assert timed(tables, tables.crews[0], order)


def test_an_open_end_and_a_second_shift_are_stated():
    crew = team(open_end=True, shift=Window(EIGHT, EIGHT + 1200), more_shifts=(Window(TEN, TEN + 1200),))
    tables, orders = searched(street({"A": 900, "B": 890}, teams=[crew]))
    assert sorted(map(len, orders)) == [1, 1]
    assert all(timed(tables, crew, order) for crew, order in zip(tables.crews, orders, strict=True))


def test_few_teams_go_out_where_that_matters_most():
    """Two depots, each with its doors: ways are shortest with two teams."""
    teams = [team("T1"), team("T2", start=DepotId("E"), end=DepotId("E"))]
    tables = tabulate(street({"A": 10, "B": 990}, teams=teams, depots={"E": 1000}))
    used = {}
    for goal in (Objective.TEAMS, Objective.TRAVEL):
        best = Best(tables, goal)
        improve(best, 0.4, seed=1)
        used[goal] = sum(map(bool, best.orders))
    assert used == {Objective.TEAMS: 1, Objective.TRAVEL: 2}


@pytest.mark.parametrize("objective", Objective)
def test_it_improves_on_a_plan_in_which_nobody_goes(objective):
    problem = street(
        {"A": 100, "B": 110, "C": -100, "Z": -110}, teams=(team("T1"), team("T2", end=DepotId("D")))
    )
    tables = tabulate(problem)
    best = Best(tables, objective)
    improve(best, 0.6, seed=1)
    assert best.missed == (0,)
    assert (
        best.finish_s == EIGHT + (820 if objective is Objective.FINISH else 440 + 1200)
        or best.travel_s == 440
    )


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
    problem = street(
        {"A": 100}, teams=[team(), team("T2", end=DepotId("E"))], depots={"E": 50}, closed=[("D", "E")]
    )
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


def test_what_it_is_not_told_is_named_where_the_day_has_it():
    def named(problem, *goals):
        return [str(finding.message) for finding in untold(problem, tabulate(problem), goals)]

    assert named(street({"A": 100}), Objective.FINISH) == []
    (reloads,) = named(street({"A": 100}, teams=[team(max_reloads=1)]), Objective.TRAVEL)
    assert "no reloads" in reloads
    even, first = named(street({"A": 100}), Objective.FINISH, Objective.BALANCE)
    assert ("even hours" in even, "first goal" in first) == (True, True)
    doors = [visit(f"V{i}", priority=i // 10 + 1) for i in range(300)]
    (tiers,) = named(street({door.id: 10 for door in doors}, doors), Objective.FINISH)
    assert "so many priorities" in tiers


def test_prices_of_many_tiers_still_fit_in_64_bits():
    doors = [visit(f"V{i}", priority=i // 10 + 1) for i in range(300)]
    prices = prices_of(tabulate(street({door.id: 10 for door in doors}, doors)))
    assert sum(prices) < 2**62
    assert prices == sorted(prices, reverse=True)
    assert prices[0] > prices[10] > prices[299] > NOON - EIGHT
