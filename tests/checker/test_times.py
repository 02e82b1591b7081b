"""When."""

from dataclasses import replace

import pytest

from doorroute.checker import check
from doorroute.checker.times import setup_s
from doorroute.model.place import Access
from doorroute.model.plan import Step, StepType
from doorroute.model.resident import VisitId, Window
from doorroute.model.settings import ServiceTimes, Settings
from doorroute.model.team import Break, DepotId, Profile
from doorroute.model.travel import UNREACHABLE, depot_key, visit_key

V = {name: VisitId(name) for name in ("V1", "V2", "V3", "V4", "V5", "V6", "V7")}


def test_streets_lead_there_refuses_a_way_that_does_not_exist(drawn):
    problem = drawn.with_way(Profile.CAR, visit_key(V["V6"]), visit_key(V["V4"]), UNREACHABLE, UNREACHABLE)
    violations = check(problem, drawn.plan.routes, drawn.plan.unassigned)
    assert {(v.rule, v.team, v.visit) for v in violations if v.rule != "totals_add_up"} == {
        ("streets_lead_there", "T2", "V4")
    }


def test_streets_lead_there_by_the_teams_own_means_of_travel(drawn):
    problem = drawn.with_way(Profile.FOOT, visit_key(V["V6"]), visit_key(V["V4"]), UNREACHABLE, UNREACHABLE)
    assert drawn.broken(problem=problem) == set()


def test_times_add_up_with_the_travel_of_the_matrix_in_its_direction(drawn):
    there = drawn.with_way(Profile.FOOT, visit_key(V["V2"]), visit_key(V["V3"]), 241, 300)
    back = drawn.with_way(Profile.FOOT, visit_key(V["V3"]), visit_key(V["V2"]), 1, 1)
    assert drawn.broken(problem=there) == {"times_add_up", "totals_add_up"}
    assert drawn.broken(problem=back) == set()


@pytest.mark.parametrize(
    "name", ["arrival_s", "waiting_s", "setup_s", "start_service_s", "service_s", "departure_s"]
)
@pytest.mark.parametrize(("team", "position"), [("T1", p) for p in range(6)] + [("T2", p) for p in range(5)])
@pytest.mark.parametrize("wrong_by", [1, -1])
def test_times_add_up_to_the_second(drawn, team, position, name, wrong_by):
    found = getattr(drawn.route(team).steps[position], name) + wrong_by
    assert "times_add_up" in drawn.broken(routes=drawn.with_step(team, position, **{name: found}))


def test_times_add_up_says_what_it_found_and_what_is_right(drawn):
    routes = drawn.with_step("T1", 1, arrival_s=28921)
    first = check(drawn.problem, routes, drawn.plan.unassigned)[0]
    assert (
        str(first.message)
        == "Arrival is at 08:02:01; by the previous departure and the travel time it should be 08:02:00."
    )


def test_waiting_never_negative_even_where_all_times_add_up(drawn):
    """T1 is at V3's door a second sooner than it can be there, and waits the longer before its break."""
    route = drawn.route("T1")
    start, v1, v2, v3, pause, end = route.steps
    v3 = replace(v3, waiting_s=-1, start_service_s=v3.start_service_s - 481, departure_s=v3.departure_s - 481)
    pause = replace(pause, arrival_s=pause.arrival_s - 481, waiting_s=481)
    routes = drawn.with_route("T1", steps=(start, v1, v2, v3, pause, end))
    problem = drawn.with_visit("V3", time_windows=())
    assert drawn.broken(problem=problem, routes=routes) == {"waiting_never_negative"}


S = ServiceTimes(entrance_s=60, lift_s=60, floor_s=30)
FLOORS = [  # before (None: not through the same door), visit, seconds
    (None, Access(), 60),
    (None, Access(floor=1), 60),
    (None, Access(floor=-1), 60),
    (None, Access(floor=4), 60 + 3 * 30),
    (None, Access(floor=4, lift=False), 60 + 3 * 30),
    (None, Access(floor=4, lift=True), 60 + 60),
    (None, Access(floor=1, lift=True), 60),
    (None, Access(lift=True), 60),
    (Access(floor=2), Access(floor=5), 3 * 30),
    (Access(floor=5), Access(floor=2), 0),
    (Access(floor=5), Access(floor=5), 0),
    (Access(), Access(floor=3), 2 * 30),
    (Access(floor=-2), Access(floor=2), 30),
    (Access(floor=2, lift=True), Access(floor=5, lift=True), 30),
    (Access(floor=5, lift=True), Access(floor=2, lift=True), 30),
    (Access(floor=5, lift=True), Access(floor=5, lift=True), 0),
    (Access(floor=1, lift=True), Access(lift=True), 0),
    (Access(floor=2), Access(floor=5, lift=True), 30),
]


@pytest.mark.parametrize(("before", "here", "seconds"), FLOORS)
def test_setup_once_a_building_goes_by_floor_and_lift(drawn, before, here, seconds):
    problem = replace(drawn.with_place("V2", access=here), settings=Settings(service=S))
    if before is not None:
        problem = replace(
            problem, places=problem.places | {V["V1"]: replace(problem.places[V["V1"]], access=before)}
        )
        assert setup_s(problem, V["V1"], V["V2"]) == seconds
    else:
        assert setup_s(problem, None, V["V2"]) == seconds
        assert setup_s(problem, V["V3"], V["V2"]) == seconds


def test_setup_once_a_building_is_re_computed_from_the_places(drawn):
    assert drawn.broken(problem=drawn.with_place("V2", entrance_id="b2")) == {"setup_once_a_building"}
    assert drawn.broken(problem=drawn.with_place("V1", access=Access(floor=4))) == {"setup_once_a_building"}
    assert drawn.broken(problem=drawn.with_place("V6", access=Access(floor=2, lift=True))) == {
        "setup_once_a_building"
    }
    dearer = replace(drawn.problem, settings=Settings(service=ServiceTimes(entrance_s=61)))
    assert drawn.broken(problem=dearer) == {"setup_once_a_building"}


def test_setup_once_a_building_is_not_paid_again_after_a_break_inside(drawn):
    """T1 takes its break between V1 and V2, with two floors between them: only the stairs cost time."""
    start, v1, v2, v3, pause, end = drawn.route("T1").steps
    early = Break(window=Window(29000, 34200), duration_s=900)
    early_pause = replace(
        pause,
        arrival_s=v1.departure_s,
        start_service_s=v1.departure_s,
        departure_s=v1.departure_s + 900,
        load=(2, 0, 0),
    )
    late = {"arrival_s": 900, "start_service_s": 900, "departure_s": 900}
    v2 = replace(v2, **{name: getattr(v2, name) + s for name, s in late.items()})
    v3 = replace(v3, arrival_s=v3.arrival_s + 900, waiting_s=0, start_service_s=31020, departure_s=31260)
    end = replace(end, arrival_s=31560, start_service_s=31560, departure_s=31560)
    problem = drawn.with_team("T1", breaks=(early,))
    routes = drawn.with_route("T1", steps=(start, v1, early_pause, v2, v3, end), waiting_s=0, finish_s=31560)
    assert drawn.broken(problem=problem, routes=routes) == set()


def test_setup_once_a_building_is_nothing_at_depots_and_breaks(drawn):
    for team, position in (("T1", 0), ("T1", 4), ("T1", 5)):
        assert "setup_once_a_building" in drawn.broken(routes=drawn.with_step(team, position, setup_s=60))


def test_service_as_asked_is_what_the_input_says(drawn):
    assert drawn.broken(problem=drawn.with_visit("V5", service_s=241)) == {"service_as_asked"}
    assert drawn.broken(problem=drawn.with_visit("V7", service_s=241)) == set()


@pytest.mark.parametrize("position", [0, -1])
def test_service_as_asked_is_nothing_at_depots(drawn, position):
    assert "service_as_asked" in drawn.broken(routes=drawn.with_step("T2", position, service_s=60))


@pytest.mark.parametrize(
    ("windows", "kept"),
    [
        ((), True),
        ((Window(30600, 30600),), True),
        ((Window(0, 30600),), True),
        ((Window(0, 30599),), False),
        ((Window(30601, 40000),), False),
        ((Window(36000, 39600), Window(30000, 31000)), True),
        ((Window(36000, 39600), Window(28800, 30000)), False),
    ],
)
def test_inside_window_means_that_service_starts_in_any_of_them(drawn, windows, kept):
    broken = drawn.broken(problem=drawn.with_visit("V3", time_windows=windows))
    assert broken == (set() if kept else {"inside_window"})


@pytest.mark.parametrize(
    ("shift", "kept"),
    [
        (Window(28800, 32040), True),
        (Window(28801, 32040), False),
        (Window(28800, 32039), False),
        (Window(0, 86400), True),
    ],
)
def test_inside_shift_both_ends_belong_to_it(drawn, shift, kept):
    broken = drawn.broken(problem=drawn.with_team("T1", shift=shift))
    assert broken == (set() if kept else {"inside_shift"})


def _break(start_s, end_s, duration_s=900):
    return Break(window=Window(start_s, end_s), duration_s=duration_s)


@pytest.mark.parametrize(
    "breaks",
    [
        (),
        (_break(30841, 34200),),
        (_break(30600, 31739),),
        (_break(30600, 34200, 899),),
        (_break(30600, 34200, 901),),
        (_break(30600, 31800), _break(30600, 31800)),
    ],
)
def test_breaks_kept_are_those_of_the_team_and_each_once(drawn, breaks):
    assert drawn.broken(problem=drawn.with_team("T1", breaks=breaks)) == {"breaks_kept"}


def test_breaks_kept_to_the_second(drawn):
    assert drawn.broken(problem=drawn.with_team("T1", breaks=(_break(30840, 31740),))) == set()


def test_breaks_kept_are_due_on_every_route_that_they_fall_into(drawn):
    violations = check(
        drawn.with_team("T2", breaks=(_break(29000, 31200),)), drawn.plan.routes, drawn.plan.unassigned
    )
    assert [(v.rule, v.team) for v in violations] == [("breaks_kept", "T2")]
    assert str(violations[0].message) == "The break of 15 min between 08:03:20 and 08:40:00 is missing."


@pytest.mark.parametrize(
    ("start_s", "end_s", "due"),
    [
        (28500, 31000, False),  # the team leaves at 29400, when it may have had its break
        (28501, 31000, True),
        (29000, 31705, False),  # it is back at 30805, when the break may begin at the latest
        (29000, 31704, True),
    ],
)
def test_breaks_kept_are_not_due_where_they_can_be_taken_before_leaving_or_after_coming_home(
    drawn, start_s, end_s, due
):
    problem = drawn.with_team("T2", breaks=(_break(start_s, end_s),))
    assert drawn.broken(problem=problem) == ({"breaks_kept"} if due else set())


@pytest.mark.parametrize("turned", [False, True])
def test_breaks_kept_finds_out_which_pause_is_which_break(drawn, turned):
    """Two pauses, two breaks; the first pause would fit both, the second only the wider one."""
    start, v1, v2, v3, pause, end = drawn.route("T1").steps
    second = replace(pause, arrival_s=31740, start_service_s=31740, departure_s=32640)
    end = replace(end, arrival_s=32940, start_service_s=32940, departure_s=32940)
    routes = drawn.with_route("T1", steps=(start, v1, v2, v3, pause, second, end), finish_s=32940)
    breaks = (_break(30600, 34200), _break(30600, 32000))
    problem = drawn.with_team("T1", breaks=breaks[::-1] if turned else breaks)
    assert drawn.broken(problem=problem, routes=routes) == set()


def test_breaks_kept_before_the_first_door_too(drawn):
    start, *_ = drawn.route("T2").steps
    pause = Step(
        type=StepType.BREAK, arrival_s=28500, start_service_s=28500, service_s=900, departure_s=29400
    )
    early = replace(start, arrival_s=28500, start_service_s=28500, departure_s=28500)
    routes = drawn.with_route("T2", steps=(early, pause, *drawn.route("T2").steps[1:]), start_s=28500)
    problem = drawn.with_team("T2", breaks=(_break(28000, 30000),), shift=Window(28500, 39600))
    assert drawn.broken(problem=problem, routes=routes) == set()


def _break_on_arrival(drawn, **changes):
    """Let T2 leave 15 minutes sooner, and rest at the door of V5 before it sets up there."""
    start, *rest = drawn.route("T2").steps
    door = drawn.problem.places[VisitId("V5")].point
    times = {"arrival_s": 28590, "start_service_s": 28590, "service_s": 900, "departure_s": 29490}
    pause = Step(**{"type": StepType.BREAK, "location": door} | times | changes)
    early = replace(start, arrival_s=28500, start_service_s=28500, departure_s=28500)
    routes = drawn.with_route("T2", steps=(early, pause, *rest), start_s=28500)
    problem = drawn.with_team("T2", breaks=(_break(28000, 30000),), shift=Window(28500, 39600))
    return drawn.broken(problem=problem, routes=routes)


def test_a_break_may_be_at_the_door_of_the_next_visit(drawn):
    assert _break_on_arrival(drawn) == set()


def test_a_break_at_the_next_door_comes_after_the_way_there(drawn):
    assert _break_on_arrival(drawn, location=None) == {"times_add_up"}
    early = _break_on_arrival(drawn, arrival_s=28500, start_service_s=28500, departure_s=29400)
    assert early == {"times_add_up"}


def test_a_break_is_at_no_other_door(drawn):
    other = drawn.problem.places[VisitId("V1")].point
    assert _break_on_arrival(drawn, location=other) == {"steps_at_their_places"}


def test_a_break_with_a_location_before_the_end_is_where_the_step_before_was(drawn):
    *before, pause, end = drawn.route("T1").steps
    door = drawn.problem.places[VisitId("V3")].point
    problem = drawn.with_team("T1", breaks=(_break(30840, 31740),))
    for location, broken in ((door, set()), (end.location, {"steps_at_their_places"})):
        steps = (*before, replace(pause, location=location), end)
        assert drawn.broken(problem=problem, routes=drawn.with_route("T1", steps=steps)) == broken


def test_the_depot_of_the_matrix_is_the_teams_own(drawn):
    shorter = drawn.with_way(Profile.CAR, visit_key(V["V4"]), depot_key(DepotId("D1")), 174, 825)
    assert drawn.broken(problem=shorter) == {"times_add_up", "totals_add_up"}
