"""Change any one field of a sound plan, and the rule of that field says so."""

from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorroute.checker import RULES, check
from doorroute.model.place import Point
from doorroute.model.plan import Reason, Route, Step, StepType, StopLock, Unassigned
from doorroute.model.resident import ResidentId, VisitId
from doorroute.model.team import Profile, TeamId
from doorroute.texts import msg

ELSEWHERE = Point(24.95, 60.16)
VISIT_STEPS = [("T1", 1), ("T1", 2), ("T1", 3), ("T2", 1), ("T2", 2), ("T2", 3)]
OTHER_STEPS = [("T1", 0), ("T1", 4), ("T1", 5), ("T2", 0), ("T2", 4)]

# field of a step: a wrong value made of the right one, and the rules of which one at least must notice
WRONG_STEP = {
    "type": (lambda _: StepType.RELOAD, {"within_max_reloads", "from_start_to_end"}),
    "visit": (lambda visit: None if visit else VisitId("V7"), {"each_visit_once"}),
    "residents": (lambda ids: (*ids, ResidentId("R99")), {"residents_of_their_visit"}),
    "location": (lambda _: ELSEWHERE, {"steps_at_their_places"}),
    "arrival_s": (lambda s: s + 1, {"times_add_up"}),
    "waiting_s": (lambda s: s - 1, {"times_add_up"}),
    "setup_s": (lambda s: s + 1, {"setup_once_a_building"}),
    "start_service_s": (lambda s: s - 1, {"times_add_up"}),
    "service_s": (lambda s: s + 1, {"service_as_asked", "breaks_kept"}),
    "departure_s": (lambda s: s + 1, {"times_add_up"}),
    "load": (lambda load: (load[0] + 1, *load[1:]), {"load_counted"}),
    "lock": (lambda _: StopLock.ORDER, {"locks_told"}),
}
WRONG_ROUTE = {
    "team": (lambda _: TeamId("T9"), {"one_route_a_shift"}),
    "profile": (lambda _: Profile.BIKE, {"moves_like_its_team"}),
    "shift": (lambda shift: shift + 1, {"one_route_a_shift"}),
    **{
        name: (lambda number: number + 1, {"totals_add_up"})
        for name in ("start_s", "finish_s", "travel_s", "service_s", "waiting_s", "distance_m")
    },
    "steps": (lambda steps: steps[:-1], {"from_start_to_end"}),
}


def test_every_field_of_a_step_and_of_a_route_is_among_the_mutations():
    assert WRONG_STEP.keys() == {field.name for field in fields(Step)} - {"directions"}  # has its own check
    assert WRONG_ROUTE.keys() == {field.name for field in fields(Route)} - {"geometry"}  # has its own check


@pytest.mark.parametrize(("team", "position"), VISIT_STEPS + OTHER_STEPS)
@pytest.mark.parametrize("name", WRONG_STEP)
def test_a_wrong_field_of_a_step_is_caught_by_its_rule(drawn, team, position, name):
    mutate, rules = WRONG_STEP[name]
    wrong = mutate(getattr(drawn.route(team).steps[position], name))
    assert rules & drawn.broken(routes=drawn.with_step(team, position, **{name: wrong}))


@pytest.mark.parametrize("team", ["T1", "T2"])
@pytest.mark.parametrize("name", WRONG_ROUTE)
def test_a_wrong_field_of_a_route_is_caught_by_its_rule(drawn, team, name):
    mutate, rules = WRONG_ROUTE[name]
    wrong = mutate(getattr(drawn.route(team), name))
    assert rules & drawn.broken(routes=drawn.with_route(team, **{name: wrong}))


@pytest.mark.parametrize(("team", "position"), VISIT_STEPS)
def test_a_visit_taken_out_of_its_route_is_missed(drawn, team, position):
    steps = drawn.route(team).steps
    shorter = drawn.with_route(team, steps=steps[:position] + steps[position + 1 :])
    assert "each_visit_once" in drawn.broken(routes=shorter)


@pytest.mark.parametrize(("team", "position"), [("T1", 1), ("T1", 2), ("T2", 1), ("T2", 2)])
def test_two_steps_in_the_other_order_do_not_add_up(drawn, team, position):
    steps = list(drawn.route(team).steps)
    steps[position], steps[position + 1] = steps[position + 1], steps[position]
    assert "times_add_up" in drawn.broken(routes=drawn.with_route(team, steps=tuple(steps)))


def test_the_rules_are_told_apart_by_their_names():
    names = [rule.__name__ for rule in RULES]
    assert len(set(names)) == len(names) == 30


@settings(max_examples=200)
@given(data=st.data())
def test_any_number_of_any_step_or_route_cannot_be_changed_unnoticed(drawn, data):
    team = data.draw(st.sampled_from(["T1", "T2"]))
    wrong_by = data.draw(st.integers(-(10**6), 10**6).filter(bool))
    route = drawn.route(team)
    position = data.draw(st.integers(-1, len(route.steps) - 1))
    thing = route if position < 0 else route.steps[position]
    name = data.draw(
        st.sampled_from(
            [field.name for field in fields(thing) if isinstance(getattr(thing, field.name), int)]
        )
    )
    change = {name: getattr(thing, name) + wrong_by}
    routes = drawn.with_route(team, **change) if position < 0 else drawn.with_step(team, position, **change)
    assert drawn.broken(routes=routes)


TIME = st.integers(-(2**53), 2**53) | st.integers(28000, 33000)
VISIT_IDS = st.sampled_from([VisitId(f"V{n}") for n in range(1, 9)])
RESIDENTS = st.lists(st.sampled_from([ResidentId(f"R{n}") for n in range(1, 11)]), max_size=3).map(tuple)
STEPS = st.builds(
    Step,
    type=st.sampled_from(StepType),
    visit=st.none() | VISIT_IDS,
    residents=RESIDENTS,
    location=st.none() | st.just(ELSEWHERE),
    arrival_s=TIME,
    waiting_s=TIME,
    setup_s=TIME,
    start_service_s=TIME,
    service_s=TIME,
    departure_s=TIME,
    load=st.lists(TIME, max_size=4).map(tuple),
    lock=st.sampled_from(StopLock),
)
ROUTES = st.builds(
    Route,
    team=st.sampled_from([TeamId("T1"), TeamId("T2"), TeamId("T9")]),
    profile=st.sampled_from(Profile),
    shift=st.integers(-1, 2),
    start_s=TIME,
    finish_s=TIME,
    travel_s=TIME,
    service_s=TIME,
    waiting_s=TIME,
    distance_m=TIME,
    steps=st.lists(STEPS, max_size=6).map(tuple),
)
LEFT_OUT = st.builds(
    Unassigned,
    visit=VISIT_IDS,
    residents=RESIDENTS,
    code=st.sampled_from(Reason),
    ever=st.booleans(),
    detail=st.just(msg("No room.")),
    remedy=st.just(msg("One more team.")),
)


@settings(max_examples=150)
@given(routes=st.lists(ROUTES, max_size=3), unassigned=st.lists(LEFT_OUT, max_size=3))
def test_no_plan_however_wrong_makes_the_checker_fail(drawn, routes, unassigned):
    violations = check(drawn.problem, routes, unassigned)
    assert violations  # seven visits: three routes of such steps never get them right
    assert all(violation.message.into(lang) for violation in violations for lang in ("en", "zh"))


def test_the_routes_of_a_sound_plan_may_stand_in_any_order(drawn):
    assert drawn.broken(routes=drawn.plan.routes[::-1]) == set()
