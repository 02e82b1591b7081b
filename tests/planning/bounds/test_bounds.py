"""The lower bounds hold against everything that can be done."""

import itertools

from hypothesis import given, settings
from ortools.sat.python import cp_model

from doorroute.model.resident import Window
from doorroute.model.settings import Objective
from doorroute.planning.bounds.lower import bounds_of
from doorroute.planning.bounds.pricing import day_prices
from doorroute.planning.core.schedule import timed
from doorroute.planning.core.score import travel_of
from doorroute.planning.core.tables import tabulate
from tests.helpers.street_days import EIGHT, NOON, problems, street, team, visit


@given(problems(max_visits=5, max_teams=3))
@settings(max_examples=150, deadline=None)
def test_no_plan_beats_a_bound_by_exact_solution_with_cp_sat(problem):
    tables = tabulate(problem)
    routes = _all_routes(tables)
    prices = day_prices(tables)
    for (_, order), (_, travel_s) in routes.items() if prices else ():
        assert travel_s >= prices.travel.price[list(order)].sum() + prices.travel.undercut - 1e-6
    bounds = bounds_of(tables, range(tables.n), prices)
    for goal, bound in (
        (Objective.FINISH, bounds.lower_bound_finish_s),
        (Objective.TRAVEL, bounds.lower_bound_travel_s),
        (Objective.TEAMS, bounds.lower_bound_teams),
    ):
        least = _least(tables, routes, goal)
        if least is not None:
            assert bound <= least, goal


def test_the_bound_of_travel_ties_two_far_apart_groups_together():
    doors = {"A": 1000, "B": 1010, "C": 2000, "Z": 2010}
    tables = tabulate(street(doors, teams=[team("T1")]))
    assert 3900 <= bounds_of(tables, range(4)).lower_bound_travel_s <= 4020


def test_work_for_three_shifts_needs_three_teams():
    teams = [team(f"T{i}", shift=Window(EIGHT, EIGHT + 1000)) for i in range(5)]
    assert (
        bounds_of(tabulate(street({f"V{i}": 1 for i in range(9)}, teams=teams)), range(9)).lower_bound_teams
        == 3
    )


def test_three_doors_open_at_one_moment_need_three_teams():
    visits = [visit(f"V{i}", time_windows=(Window(NOON - 900, NOON - 900),)) for i in range(3)]
    tables = tabulate(street({f"V{i}": 1 for i in range(3)}, visits, [team(f"T{i}") for i in range(5)]))
    assert bounds_of(tables, range(3)).lower_bound_teams == 3


def test_one_far_door_bounds_the_day_however_many_teams_there_are():
    tables = tabulate(street({"A": 5000, "B": 10}, teams=[team(f"T{i}") for i in range(5)]))
    assert bounds_of(tables, [0, 1]).lower_bound_finish_s == EIGHT + 10_000 + 300


def test_much_work_bounds_the_day_though_every_door_is_near():
    tables = tabulate(street({f"V{i}": 10 for i in range(10)}, teams=[team("T1"), team("T2")]))
    assert (
        bounds_of(tables, range(10)).lower_bound_finish_s == EIGHT + 5 * 300 + 10
    )  # and once there and back, shared


def test_nothing_to_do_has_no_bound():
    assert bounds_of(tabulate(street({"A": 10})), []).lower_bound_finish_s == 0


def _all_routes(tables):
    """Return finish and travel of every route that keeps the rules, by team and order."""
    return {
        (number, order): (times.finish_s, travel_of(tables, crew, order))
        for number, crew in enumerate(tables.crews)
        for size in range(1, tables.n + 1)
        for order in itertools.permutations(range(tables.n), size)
        if (times := timed(tables, crew, order)) is not None
    }


def _least(tables, routes, goal):
    """Return the least last return, travel or number of teams of all plans with every visit; None where
    there is none.
    """
    model = cp_model.CpModel()
    chosen = {key: model.new_bool_var("") for key in routes}
    for node in range(tables.n):
        model.add_exactly_one(var for (_, order), var in chosen.items() if node in order)
    for number in range(len(tables.crews)):
        model.add_at_most_one(var for (crew, _), var in chosen.items() if crew == number)
    last = model.new_int_var(0, 2**20, "")
    for key, var in chosen.items():
        model.add(last >= routes[key][0]).only_enforce_if(var)
    goals = {
        Objective.FINISH: last,
        Objective.TRAVEL: sum(routes[key][1] * var for key, var in chosen.items()),
        Objective.TEAMS: sum(chosen.values()),
    }
    model.minimize(goals[goal])
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    status = solver.solve(model)
    assert status in (cp_model.OPTIMAL, cp_model.INFEASIBLE)
    return round(solver.objective_value) if status == cp_model.OPTIMAL else None


def test_a_team_with_several_shifts_is_one_team_of_the_bound():
    shifts = {"shift": Window(EIGHT, EIGHT + 200), "more_shifts": (Window(NOON, NOON + 200),)}
    day = street(
        {f"V{i}": 1 for i in range(6)},
        [visit(f"V{i}", service_s=60) for i in range(6)],
        [team("T1", **shifts)],
    )
    assert bounds_of(tabulate(day), range(6)).lower_bound_teams == 1
    two = street(
        {f"V{i}": 1 for i in range(9)},
        [visit(f"V{i}", service_s=60) for i in range(9)],
        [team("T1", **shifts), team("T2", **shifts)],
    )
    assert bounds_of(tabulate(two), range(9)).lower_bound_teams == 2
