"""Who is where."""

from dataclasses import replace

import pytest

from doorroute.checker import check
from doorroute.model.place import Point
from doorroute.model.plan import StepType
from doorroute.model.resident import ResidentId, VisitId
from doorroute.model.team import DepotId, Profile, TeamId


def test_the_plan_drawn_by_hand_breaks_no_rule(drawn):
    assert check(drawn.problem, drawn.plan.routes, drawn.plan.unassigned) == ()


def test_a_plan_without_routes_is_sound_where_every_visit_has_its_reason(drawn):
    reasons = tuple(
        replace(drawn.plan.unassigned[0], visit=visit.id, residents=visit.resident_ids)
        for visit in drawn.problem.visits
    )
    assert drawn.broken(routes=(), unassigned=reasons) == set()


def test_each_visit_once_misses_a_visit_that_is_nowhere(drawn):
    violations = check(drawn.problem, drawn.plan.routes, ())
    assert [(v.rule, v.team, v.visit) for v in violations] == [("each_visit_once", None, "V7")]


def test_each_visit_once_finds_a_visit_that_is_both_visited_and_left_out(drawn):
    twice = replace(drawn.plan.unassigned[0], visit=VisitId("V5"), residents=(ResidentId("R6"),))
    violations = check(drawn.problem, drawn.plan.routes, (*drawn.plan.unassigned, twice))
    assert [(v.rule, v.team, v.visit) for v in violations] == [("each_visit_once", "T2", "V5")]
    assert "2 times" in str(violations[0].message)


def test_each_visit_once_finds_a_visit_that_is_not_in_the_input(drawn):
    problem = replace(drawn.problem, visits=drawn.problem.visits[:-1])
    assert drawn.broken(problem=problem) == {"each_visit_once", "residents_of_their_visit"}


def test_each_visit_once_wants_a_door_at_every_visit_and_at_nothing_else(drawn):
    assert "each_visit_once" in drawn.broken(routes=drawn.with_step("T2", 1, visit=None))
    assert "each_visit_once" in drawn.broken(
        routes=drawn.with_step("T2", 0, visit=VisitId("V7")), unassigned=()
    )


@pytest.mark.parametrize("residents", [(), ("R1",), ("R1", "R2", "R3"), ("R1", "R1"), ("R1", "R2", "R2")])
def test_residents_of_their_visit_are_all_there_and_nobody_else(drawn, residents):
    ids = tuple(ResidentId(resident) for resident in residents)
    assert drawn.broken(routes=drawn.with_step("T1", 1, residents=ids)) == {"residents_of_their_visit"}


def test_residents_of_their_visit_may_come_in_any_order(drawn):
    turned = tuple(reversed(drawn.route("T1").steps[1].residents))
    assert drawn.broken(routes=drawn.with_step("T1", 1, residents=turned)) == set()


def test_residents_of_their_visit_are_checked_for_those_left_out_too(drawn):
    nobody = replace(drawn.plan.unassigned[0], residents=())
    assert drawn.broken(unassigned=(nobody,)) == {"residents_of_their_visit"}


def test_one_route_a_shift_refuses_a_second_one(drawn):
    first, second = drawn.plan.routes
    split = replace(second, team=first.team)
    assert "one_route_a_shift" in drawn.broken(routes=(first, split))


def test_one_route_a_shift_refuses_a_team_that_is_not_in_the_input(drawn):
    assert drawn.broken(routes=drawn.with_route("T1", team=TeamId("T9"))) == {"one_route_a_shift"}


@pytest.mark.parametrize("shift", [-1, 1, 2**70])
def test_one_route_a_shift_refuses_a_shift_that_the_team_does_not_have(drawn, shift):
    assert drawn.broken(routes=drawn.with_route("T1", shift=shift)) == {"one_route_a_shift"}


def test_moves_like_its_team_refuses_a_car_for_those_on_foot(drawn):
    assert drawn.broken(routes=drawn.with_route("T1", profile=Profile.CAR)) == {"moves_like_its_team"}


def test_from_start_to_end_wants_both(drawn):
    steps = drawn.route("T2").steps
    for rest in ((), steps[:1], steps[1:], steps[:-1], steps[1:-1], (*steps, steps[-1]), (steps[0], *steps)):
        assert "from_start_to_end" in drawn.broken(routes=drawn.with_route("T2", steps=rest))


@pytest.mark.parametrize("kind", [StepType.START, StepType.END])
def test_from_start_to_end_there_is_no_other_start_or_end(drawn, kind):
    assert "from_start_to_end" in drawn.broken(routes=drawn.with_step("T1", 4, type=kind))


@pytest.mark.parametrize(
    ("team", "position"), [("T1", 0), ("T1", 1), ("T1", 5), ("T2", 0), ("T2", 3), ("T2", 4)]
)
@pytest.mark.parametrize("shift", [(2e-6, 0), (0, -2e-6)])
def test_steps_at_their_places_notices_a_stop_moved_by_hand(drawn, team, position, shift):
    where = drawn.route(team).steps[position].location
    moved = Point(where.lon + shift[0], where.lat + shift[1])
    assert drawn.broken(routes=drawn.with_step(team, position, location=moved)) == {"steps_at_their_places"}
    assert drawn.broken(routes=drawn.with_step(team, position, location=None)) == {"steps_at_their_places"}


def test_steps_at_their_places_knows_that_a_file_keeps_seven_digits(drawn):
    where = drawn.route("T1").steps[1].location
    rounded = Point(where.lon + 5e-8, where.lat - 5e-8)
    assert drawn.broken(routes=drawn.with_step("T1", 1, location=rounded)) == set()


def test_steps_at_their_places_knows_which_depot_is_the_teams_own(drawn):
    assert "steps_at_their_places" in drawn.broken(problem=drawn.with_team("T2", end=DepotId("D2")))
    assert "steps_at_their_places" in drawn.broken(problem=drawn.with_team("T1", start=DepotId("D2")))


def test_steps_at_their_places_lets_a_break_be_nowhere_or_where_the_step_before_was(drawn):
    steps = drawn.route("T1").steps
    assert drawn.broken(routes=drawn.with_step("T1", 4, location=steps[3].location)) == set()
    assert drawn.broken(routes=drawn.with_step("T1", 4, location=steps[0].location)) == {
        "steps_at_their_places"
    }
