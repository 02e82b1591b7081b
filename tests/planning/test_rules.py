"""Each rule that a day can have, by itself: the plan keeps it, and the checker agrees."""

from dataclasses import replace

import pytest

from doorroute.checker import check
from doorroute.model.plan import Reason, StepType
from doorroute.model.problem import Done, Locks
from doorroute.model.resident import InfectionClass, TeamId, VisitId, Window
from doorroute.model.settings import ClassRule, ServiceTimes, Settings
from doorroute.planning import solve
from tests.helpers.street_days import EIGHT, NO_SETUP, NOON, Nobody, street, team, visit

REGULAR, YELLOW, ISOLATED = InfectionClass


def planned(problem):
    """Return the solution and, by team and shift, the visits in order; the checker has found nothing."""
    solution = solve(problem, iterations=300, engine=Nobody)  # no clock: the same however busy the machine is
    assert check(problem, solution.routes, solution.unassigned) == ()
    return solution, {(route.team, route.shift): route.visits for route in solution.routes}


def test_a_team_with_two_shifts_makes_a_route_in_each():
    doors = [
        visit("A", time_windows=(Window(EIGHT, NOON),)),
        visit("B", time_windows=(Window(15 * 3600, 16 * 3600),)),
    ]
    twice = team(more_shifts=(Window(14 * 3600, 18 * 3600),))
    _, routes = planned(street({"A": 100, "B": 200}, doors, [twice]))
    assert routes == {("T1", 0): ("A",), ("T1", 1): ("B",)}


def test_a_limit_holds_for_each_route_of_a_team():
    doors = dict.fromkeys("ABCD", 100)
    twice = team(max_visits=2, more_shifts=(Window(14 * 3600, 18 * 3600),))
    solution, routes = planned(street(doors, [], [twice]))
    assert solution.unassigned == ()
    assert sorted(len(visits) for visits in routes.values()) == [2, 2]


def test_an_open_route_is_over_at_its_last_door():
    solution, _ = planned(
        street({"A": 900}, [], [team(open_end=True, shift=Window(EIGHT, EIGHT + 900 + 300))])
    )
    (route,) = solution.routes
    assert (route.travel_s, route.distance_m) == (900, 900)
    assert route.steps[-1].location == route.steps[-2].location


def test_classes_apart_never_share_a_route():
    doors = [visit("A"), visit("B", infection_class=ISOLATED), visit("C")]
    settings = replace(NO_SETUP, class_rule=ClassRule.APART)
    _, routes = planned(
        street({"A": 10, "B": 20, "C": 30}, doors, [team("T1"), team("T2")], settings=settings)
    )
    assert sorted(map(sorted, routes.values())) == [["A", "C"], ["B"]]


def test_by_the_rule_of_teams_only_a_named_team_takes_more_than_regular_homes():
    doors = [visit("A"), visit("B", infection_class=YELLOW)]
    settings = replace(NO_SETUP, class_rule=ClassRule.TEAMS)
    problem = street({"A": 10, "B": 20}, doors, [team("T1")], settings=settings)
    solution, _ = planned(problem)
    assert [(left.code, left.ever) for left in solution.unassigned] == [(Reason.CLASS_CONFLICT, False)]
    named = replace(problem, teams=(team("T1", classes=frozenset({REGULAR, YELLOW})),))
    assert planned(named)[0].unassigned == ()


def test_changing_gear_takes_its_time_where_the_class_rises():
    doors = [visit("A"), visit("B", infection_class=YELLOW), visit("C", infection_class=YELLOW)]
    settings = Settings(service=ServiceTimes(entrance_s=0, lift_s=0, floor_s=0, gear_s=240))
    solution, _ = planned(street({"A": 10, "B": 20, "C": 30}, doors, settings=settings))
    (route,) = solution.routes
    assert [step.setup_s for step in route.steps[1:-1]] == [0, 240, 0]


def test_a_visit_goes_to_the_team_it_asks_for_and_never_to_one_it_refuses():
    doors = [
        visit("A", only_teams=frozenset({TeamId("T2")})),
        visit("B", not_teams=frozenset({TeamId("T2")})),
    ]
    _, routes = planned(street({"A": 10, "B": 20}, doors, [team("T1"), team("T2")]))
    assert routes == {("T1", 0): ("B",), ("T2", 0): ("A",)}
    solution, _ = planned(street({"A": 10}, [visit("A", only_teams=frozenset({TeamId("T9")}))], [team("T1")]))
    assert [(left.code, left.ever) for left in solution.unassigned] == [(Reason.NOT_ELIGIBLE, False)]


@pytest.mark.parametrize(
    ("goods", "detail"), [("kits", "2 kits"), ("suits", "2 suits"), ("tubes", "2 tubes")]
)
def test_each_of_the_goods_has_its_own_limit(goods, detail):
    limits = {"kits": {"capacity": 1}, "suits": {"suits": 1}, "tubes": {"tubes": 1}}[goods]
    solution, _ = planned(street({"A": 10}, [visit("A", **{goods: 2})], [team("T1", **limits)]))
    (left,) = solution.unassigned
    assert (left.code, left.ever) == (Reason.CAPACITY, False)
    assert detail in left.detail.into("en")
    assert left.remedy.into("en") == f"Proven by planning again: Let T1 carry {detail}."


def test_goods_add_up_along_a_route():
    doors = [visit("A", suits=2, tubes=1), visit("B", suits=1, tubes=3)]
    solution, _ = planned(street({"A": 10, "B": 20}, doors, [team(suits=3, tubes=4)]))
    (route,) = solution.routes
    assert [step.load for step in route.steps[-2:]] == [(2, 3, 4), (2, 3, 4)]
    tight, _ = planned(street({"A": 10, "B": 20}, doors, [team(suits=2)]))
    assert [left.ever for left in tight.unassigned] == [True]
    assert "suits" in tight.unassigned[0].remedy.into("en")


def test_a_team_fetches_kits_in_mid_route_rather_than_leave_anyone_out():
    day = street({"A": 300, "B": 600, "C": 900}, teams=(team(capacity=2, max_reloads=1),))
    solution = solve(day, iterations=200, engine=Nobody)
    assert not solution.unassigned
    assert check(day, solution.routes, solution.unassigned) == ()
    (route,) = solution.routes
    assert [step.type for step in route.steps].count(StepType.RELOAD) == 1
    assert max(step.load[0] for step in route.steps) == 2
    assert route.travel_s == 2 * 900 + 2 * 300  # the two far doors on one trip, the near one on the other


def test_nobody_reloads_who_carries_enough():
    day = street({"A": 300, "B": 600, "C": 900}, teams=(team(capacity=3, max_reloads=2),))
    (route,) = solve(day, iterations=200, engine=Nobody).routes
    assert StepType.RELOAD not in {step.type for step in route.steps}


def test_samples_are_handed_in_before_they_are_too_old_and_the_team_goes_out_again():
    day = street({"A": 300, "B": 600, "C": 900}, teams=(team(max_reloads=2),))
    day = replace(day, settings=replace(NO_SETUP, max_sample_age_s=1600))
    solution = solve(day, iterations=200, engine=Nobody)
    assert not solution.unassigned
    assert check(day, solution.routes, solution.unassigned) == ()


def test_a_team_that_is_out_and_has_used_everything_goes_by_its_depot_first():
    day = street({"A": 300, "B": 600}, teams=(team(capacity=1, max_reloads=1),))
    done = Done(
        visit=VisitId("A"), arrival_s=EIGHT + 300, start_service_s=EIGHT + 300, departure_s=EIGHT + 600
    )
    day = replace(day, locks=(Locks(team=day.teams[0].id, left_s=EIGHT, done=(done,), free_s=EIGHT + 600),))
    solution = solve(day, iterations=50, engine=Nobody)
    assert check(day, solution.routes, solution.unassigned) == ()
    assert [step.type.value for step in solution.routes[0].steps] == [
        "start",
        "visit",
        "reload",
        "visit",
        "end",
    ]


def test_nobody_goes_back_to_a_lower_class_over_the_depot_either():
    doors = [visit("A", infection_class=InfectionClass.YELLOW), visit("B")]
    day = street({"A": 300, "B": 600}, doors, (team(max_reloads=1), team("T2")))
    done = Done(
        visit=VisitId("A"), arrival_s=EIGHT + 300, start_service_s=EIGHT + 300, departure_s=EIGHT + 600
    )
    day = replace(day, locks=(Locks(team=day.teams[0].id, left_s=EIGHT, done=(done,), free_s=EIGHT + 600),))
    solution = solve(day, iterations=50, engine=Nobody)
    assert check(day, solution.routes, solution.unassigned) == ()
    assert [[step.visit for step in route.steps if step.visit] for route in solution.routes] == [["A"], ["B"]]
