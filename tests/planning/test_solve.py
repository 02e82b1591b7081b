"""The whole way from a problem to a plan."""

import threading
import time

import pytest
from hypothesis import HealthCheck, given, settings

from doorroute.checker import check
from doorroute.model.plan import Reason, StepType
from doorroute.model.resident import Window
from doorroute.model.settings import Objective
from doorroute.model.team import Break, DepotId
from doorroute.planning import solve
from doorroute.planning.search.child import Child
from doorroute.planning.search.ruin import Ruin
from doorroute.planning.solve import SIDE
from tests.helpers.street_days import EIGHT, NOON, TEN, Nobody, problems, street, team, visit


def planned(problem, objective=Objective.FINISH, time_limit_s=0.3, **options):
    solution = solve(
        problem, objective=objective, time_limit_s=time_limit_s, seed=1, **({"engine": Nobody} | options)
    )
    assert check(problem, solution.routes, solution.unassigned) == ()
    return solution


@given(problems())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_whatever_the_day_every_visit_is_once_somewhere_and_every_rule_holds(problem):
    solution = planned(problem, time_limit_s=0.08)
    somewhere = [name for route in solution.routes for name in route.visits] + [
        un.visit for un in solution.unassigned
    ]
    assert sorted(somewhere) == sorted(door.id for door in problem.visits)
    assert solution.lower_bound_finish_s <= max((route.finish_s for route in solution.routes), default=0)
    assert all(len(str(un.detail)) > 10 and len(str(un.remedy)) > 10 for un in solution.unassigned)


@pytest.mark.parametrize("objective", Objective)
def test_or_tools_in_its_child_takes_part_and_the_time_limit_is_kept(objective):
    problem = street(
        {f"V{i}": 40 * i * (-1) ** i for i in range(12)}, teams=(team("T1"), team("T2", end=DepotId("D")))
    )
    begun = time.monotonic()
    solution = planned(problem, objective, time_limit_s=3)
    assert time.monotonic() - begun < 3 * 1.1 + 1
    assert not solution.unassigned


def test_two_teams_share_a_street_so_that_the_last_is_home_soonest():
    problem = street({"A": 100, "B": 110, "C": -100, "Z": -110}, teams=(team("T1"), team("T2")))
    solution = planned(problem)
    assert {frozenset(route.visits) for route in solution.routes} == {frozenset("AB"), frozenset("CZ")}
    assert {route.finish_s for route in solution.routes} == {EIGHT + 220 + 600}
    assert solution.lower_bound_finish_s <= EIGHT + 820


def test_least_travel_sends_one_team_where_two_would_walk_more():
    problem = street({"A": 100, "B": 110}, teams=(team("T1"), team("T2")))
    solution = planned(problem, Objective.TRAVEL)
    assert [set(route.visits) for route in solution.routes] == [{"A", "B"}]
    assert solution.routes[0].travel_s == 220


def test_one_urgent_visit_goes_before_two_that_are_less_so():
    short = team(shift=Window(EIGHT, EIGHT + 2500))
    doors = {"far": 1000, "near": 20, "next": 30}
    solution = planned(street(doors, [visit("far", priority=1)], [short]))
    assert solution.routes[0].visits == ("far",)
    assert {un.visit for un in solution.unassigned} == {"near", "next"}


def test_a_break_is_a_step_of_the_route():
    lunch = Break(window=Window(EIGHT + 400, EIGHT + 1200), duration_s=600)
    early = visit("A", time_windows=(Window(EIGHT, EIGHT + 600),))
    late = visit("B", time_windows=(Window(EIGHT + 1800, NOON),))
    solution = planned(street({"A": 100, "B": 200}, [early, late], [team(breaks=(lunch,))]))
    (route,) = solution.routes
    assert [step.service_s for step in route.steps if step.type is StepType.BREAK] == [600]
    assert route.finish_s - route.start_s == route.travel_s + route.service_s + route.waiting_s + 600


def test_no_break_is_a_step_where_it_can_be_taken_at_home():
    lunch = Break(window=Window(EIGHT + 600, EIGHT + 1800), duration_s=600)
    solution = planned(street({"A": 100, "B": 200}, teams=[team(breaks=(lunch,))]))
    (route,) = solution.routes
    assert [step.type for step in route.steps] == [
        StepType.START,
        StepType.VISIT,
        StepType.VISIT,
        StepType.END,
    ]


def test_a_day_without_visits_is_an_empty_plan():
    solution = planned(street({}))
    assert (solution.routes, solution.unassigned, solution.lower_bound_finish_s) == ((), (), 0)


def test_a_day_without_teams_leaves_every_visit_out_and_says_so():
    solution = planned(street({"A": 100, "B": 200}, teams=()))
    assert [(un.code, un.ever, str(un.remedy)) for un in solution.unassigned] == [
        (Reason.NO_ROOM_LEFT, False, "Add one team.")
    ] * 2


def test_progress_tells_the_best_plan_so_far_and_it_only_gets_better():
    seen = []
    doors = {f"V{i}": 37 * i * (-1) ** i for i in range(20)}
    solution = planned(street(doors, teams=[team("T1"), team("T2")]), progress=seen.append)
    assert [told.finish_s for told in seen] == sorted((told.finish_s for told in seen), reverse=True)
    assert seen[-1].finish_s == max(route.finish_s for route in solution.routes)
    assert seen[-1].travel_s == sum(route.travel_s for route in solution.routes)
    assert seen[-1].unassigned == 0


def test_a_stop_ends_the_search_at_once_with_the_best_so_far():
    stop = threading.Event()
    begun = time.monotonic()
    solution = planned(
        street({"A": 100, "B": 200}), time_limit_s=60, progress=lambda _: stop.set(), stop=stop
    )
    assert time.monotonic() - begun < 10
    assert len(solution.routes[0].visits) == 2


def test_ctrl_c_ends_the_search_with_the_best_so_far():
    def interrupt(_):
        raise KeyboardInterrupt

    solution = planned(street({"A": 100, "B": 200}), time_limit_s=60, progress=interrupt)
    assert len(solution.routes[0].visits) == 2


def test_a_window_that_opens_late_does_not_make_the_team_wait_at_the_door():
    problem = street({"A": 100}, [visit("A", time_windows=(Window(TEN, NOON),))])
    (route,) = planned(problem).routes
    assert (route.start_s, route.waiting_s) == (TEN - 100, 0)


@pytest.mark.parametrize("objective", Objective)
def test_or_tools_alone_plans_too_in_the_child(objective):
    doors = {f"V{i}": 40 * i * (-1) ** i for i in range(24)}
    problem = street(doors, teams=(team("T1"), team("T2", end=DepotId("D")), team("T3")))
    solution = solve(problem, objective=objective, time_limit_s=4, plain=True)
    assert solution.engine == "ortools"
    assert check(problem, solution.routes, solution.unassigned) == ()
    assert not solution.unassigned
    searched = []

    class Watched(Child):
        def news(self):
            found = super().news()
            searched.extend(found)
            return found

    solve(problem, objective=objective, time_limit_s=4, plain=True, engine=Watched)
    assert searched, "OR-Tools found nothing better than the first plan, or never ran"


def _spread(count=40):
    return {f"V{i}": (37 * i * i) % 1500 * (-1) ** i for i in range(count)}


@pytest.mark.parametrize(
    "objective", [*Objective, (Objective.TEAMS, Objective.FINISH), (Objective.FINISH, Objective.BALANCE)]
)
def test_with_iterations_the_same_seed_gives_the_same_plan_whatever_the_clock_says(objective):
    problem = street(_spread(), teams=[team(f"T{i}") for i in range(4)])
    first, second = (planned(problem, objective, time_limit_s=limit, iterations=3000) for limit in (0.5, 30))
    assert first == second
    assert not first.unassigned


def test_the_fewest_teams_go_where_that_is_what_matters():
    problem = street(_spread(12), teams=[team(f"T{i}") for i in range(5)])
    assert len(planned(problem, (Objective.TEAMS, Objective.FINISH), iterations=5000).routes) == 1
    assert len(planned(problem, (Objective.FINISH, Objective.TEAMS), iterations=5000).routes) > 2


def test_hours_are_even_where_that_is_what_matters():
    problem = street(_spread(24), teams=[team(f"T{i}") for i in range(3)])
    even, short = (
        planned(problem, objective, iterations=5000) for objective in (Objective.BALANCE, Objective.TRAVEL)
    )

    def spread(solution):
        hours = [route.finish_s - route.start_s for route in solution.routes]
        return max(hours) - min(hours)

    assert len(even.routes) == 3
    assert spread(even) < 300
    assert short.lower_bound_travel_s <= sum(route.travel_s for route in short.routes)


def test_the_trade_off_is_told_in_words():
    doors = {"A": 900, "B": 910, "C": 920, "Z": 930}
    solution = planned(street(doors, teams=[team(f"T{i}") for i in range(4)]), iterations=5000)
    assert "min more travel in all, last team home" in str(solution.trade_off)
    assert planned(street(doors), Objective.TRAVEL, iterations=500).trade_off is None


@pytest.mark.parametrize("objective", [Objective.TRAVEL, Objective.FINISH])
def test_a_large_plan_is_searched_in_parts_and_is_the_same_every_time(objective, monkeypatch):
    doors = {f"V{i}": (131 * i * i) % 3000 - 1500 for i in range(2 * SIDE)}
    problem = street(doors, teams=[team(f"T{i}") for i in range(14)])
    parts, shares = [], Ruin._shares
    monkeypatch.setattr(Ruin, "_shares", lambda ruin: parts.append(shares(ruin)) or parts[-1])
    one, same = (planned(problem, objective, iterations=1500) for _ in range(2))
    assert max(map(len, parts)) == 2
    assert one.routes == same.routes
    assert one.lower_bound_finish_s <= max(route.finish_s for route in one.routes)
