"""The rest of a day after any events: nobody is lost, nothing is planned in the past, the checker agrees."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorroute.checker import check
from doorroute.day import Event, Outcome
from doorroute.day.calls import calls, effective_events
from doorroute.day.change_messages import change_messages
from doorroute.day.partial_visits import AGAIN_S
from doorroute.day.replan_request import ReplanRequest
from doorroute.day.rest_of_day import fixed_stop_counts, rest_of_day
from doorroute.day.route_changes import changes_between
from doorroute.model.plan import Plan, StopLock, Summary
from doorroute.model.resident import Resident, Window, door_of
from doorroute.model.settings import Objective
from doorroute.planning.core.insertion import Filler, possible
from doorroute.planning.core.routes import routes_of
from doorroute.planning.core.score import left_out, no_orders
from doorroute.planning.core.tables import tabulate
from doorroute.planning.reasons.explain import explain
from doorroute.planning.replan import locks_that_can_be_kept, solve_rest
from tests.helpers.street_days import EIGHT, TEN, Nobody, problems, street, team, visit

DAY = "2022-04-06"
COUNTS = ("residents", "visits", "assigned", "unassigned")
TIMES = ("finish_s", "lower_bound_finish_s", "longest_s", "mean_s", "travel_s", "service_s", "waiting_s")
NOTHING = Summary(**dict.fromkeys((*COUNTS, *TIMES, "distance_m"), 0))


def plan_of(day, orders=None):
    """Return a plan of the day, filled in as it comes where no orders are given."""
    tables = tabulate(day)
    if orders is None:
        orders = Filler(tables, tables.go_s).fill(no_orders(tables), left_out(tables, no_orders(tables)))
    return Plan(
        date=DAY,
        objective=Objective.FINISH,
        seed=1,
        routes=routes_of(day, tables, orders),
        unassigned=explain(day, tables, orders),
        summary=NOTHING,
    )


def event(name, outcome=Outcome.DONE, time_s=EIGHT, **more):
    return Event(day=DAY, time_s=time_s, visit=name, outcome=outcome, **more)


def rest(day, before, events, ask):
    """Begin the day as the command does: with the stops that can stay."""
    doors = {each.id: each.resident_ids for each in day.visits}
    sorted_events = effective_events(events, doors, day=DAY)
    first = rest_of_day(day, before, sorted_events, ask)
    return rest_of_day(
        day,
        before,
        sorted_events,
        replace(ask, held=fixed_stop_counts(locks_that_can_be_kept(first.problem))),
    )


@st.composite
def mornings(draw):
    """Draw a day, and what may have happened by some time: in any order, some twice, some by other teams."""
    day = draw(problems())
    visits = tuple(
        replace(v, residents=(*v.residents, Resident(id=f"S-{v.id}", row=3))) if draw(st.booleans()) else v
        for v in day.visits
    )
    day = replace(day, visits=visits)
    now = draw(st.integers(420, 800)) * 60
    names = [each.id for each in day.teams]
    events = []
    for each in visits:
        for _ in range(draw(st.integers(0, 2))):
            who = draw(st.just(()) | st.sampled_from([(r,) for r in each.resident_ids]))
            by = draw(st.sampled_from([None, "Nobody", *names]))
            at = draw(st.integers(420, 800)) * 60
            events.append(event(each.id, draw(st.sampled_from(Outcome)), at, residents=who, team=by))
    gone = draw(st.frozensets(st.sampled_from(names), max_size=len(names) - 1)) if len(names) > 1 else ()
    ask = ReplanRequest(
        now_s=now,
        keep=draw(st.integers(0, 3)),
        cancelled=frozenset(
            draw(st.lists(st.sampled_from([r for v in visits for r in v.resident_ids]), max_size=2))
        )
        if visits
        else frozenset(),
        dropped=dict.fromkeys(gone, now),
        delays_s={name: draw(st.integers(0, 60)) * 60 for name in names if draw(st.booleans())},
    )
    return (
        day,
        draw(st.permutations(events + draw(st.lists(st.sampled_from(events), max_size=2)) if events else [])),
        ask,
    )


@given(mornings())
@settings(max_examples=150, deadline=None)
def test_whatever_has_happened_everybody_is_in_one_place_and_the_rest_keeps_every_rule(morning):
    day, events, ask = morning
    plan = plan_of(day)
    left = rest(day, plan, events, ask)
    problem = left.problem
    placed = [resident for each in problem.visits for resident in each.resident_ids]
    assert sorted(placed) == sorted(resident for each in day.visits for resident in each.resident_ids)
    for lock in problem.locks:
        times = [t for done in lock.done for t in (done.arrival_s, done.start_service_s, done.departure_s)]
        assert all(a <= b for a, b in pairwise(times))
        assert all(t <= ask.now_s for t in times)
    tables = tabulate(problem)
    orders = Filler(tables, tables.go_s).fill(no_orders(tables), left_out(tables, no_orders(tables)))
    routes, unassigned = routes_of(problem, tables, orders), explain(problem, tables, orders)
    assert [(v.rule, str(v.message)) for v in check(problem, routes, unassigned)] == []
    free = [
        step.arrival_s >= ask.now_s
        for route in routes
        for step in route.steps
        if step.visit is not None and step.lock is StopLock.NONE and not _has_kept(route)
    ]
    assert all(free)


def _has_kept(route):
    """Return whether fixed stops come first: their setup may differ a little from the computed one."""
    return any(other.lock is StopLock.ORDER for other in route.steps)


@given(mornings(), st.randoms())
@settings(max_examples=60, deadline=None)
def test_the_rest_of_the_day_is_the_same_in_whatever_order_and_however_often_events_come(morning, chance):
    day, events, ask = morning
    plan = plan_of(day)
    again = [*events, *events]
    chance.shuffle(again)
    one, other = rest(day, plan, events, ask).problem, rest(day, plan, again, ask).problem
    assert (one.visits, one.locks, one.before) == (other.visits, other.locks, other.before)


@pytest.fixture
def day():
    return street(
        {f"V{n}": 100 * n for n in range(1, 9)},
        [visit("V2", residents=(Resident(id="R2a", row=2), Resident(id="R2b", row=3)), kits=2)],
        [team("T1"), team("T2")],
    )


@pytest.fixture
def before(day):
    return plan_of(day, ((0, 1, 2, 3, 4), (5, 6, 7)))


def locks_of(left, name):
    return next(lock for lock in left.problem.locks if lock.team == name)


def test_what_is_done_is_history_and_the_stop_that_a_team_goes_to_and_the_next_ones_stay(day, before):
    steps = before.routes[0].steps
    left = rest(
        day,
        before,
        [event("V1", time_s=steps[1].departure_s, team="T1")],
        ReplanRequest(now_s=steps[1].departure_s, keep=1),
    )
    lock = locks_of(left, "T1")
    assert [done.visit for done in lock.done] == ["V1"]
    assert (lock.done[0].arrival_s, lock.done[0].departure_s) == (steps[1].arrival_s, steps[1].departure_s)
    assert lock.order == ("V2", "V3")
    assert lock.free_s == steps[1].departure_s
    assert [each.code for each in left.findings] == ["SILENT_TEAM"]


def test_a_silent_team_keeps_what_it_should_have_done_at_the_planned_times(day, before):
    now = before.routes[1].steps[2].departure_s + 1
    left = rest(day, before, [], ReplanRequest(now_s=now, keep=0))
    lock = locks_of(left, "T2")
    assert (lock.done, lock.order, lock.left_s) == ((), ("V6", "V7", "V8"), before.routes[1].start_s)
    tables = tabulate(left.problem)
    again = routes_of(left.problem, tables, no_orders(tables))
    assert [s.arrival_s for s in again[1].steps[1:]] == [s.arrival_s for s in before.routes[1].steps[1:]]


def test_nobody_home_is_a_call_without_people_and_the_door_comes_again_later_by_the_same_team(day, before):
    left = rest(
        day, before, [event("V1", Outcome.NOBODY_HOME, EIGHT + 400)], ReplanRequest(now_s=EIGHT + 400)
    )
    call, again = (next(v for v in left.problem.visits if v.id == name) for name in ("V1~1", "V1"))
    assert (call.residents, call.demand) == ((), (0, 0, 0))
    assert again.resident_ids == ("R-V1",)
    assert again.time_windows == (
        Window(EIGHT + 400 + AGAIN_S, 2 * 86_400),
    )  # into the next day: shifts may pass midnight
    assert left.problem.before["V1"] == "T1"
    assert [done.visit for done in locks_of(left, "T1").done] == ["V1~1"]


def test_a_door_done_in_part_keeps_the_others_open_and_refusals_use_no_kit(day, before):
    events = [
        event("V2", Outcome.REFUSED, EIGHT + 900, residents=("R2a",)),
        event("V2", Outcome.NOBODY_HOME, EIGHT + 900, residents=("R2b",)),
    ]
    left = rest(day, before, events, ReplanRequest(now_s=EIGHT + 900))
    parts = {v.id: v for v in left.problem.visits if door_of(v.id) == "V2"}
    assert {name: part.resident_ids for name, part in parts.items()} == {"V2": ("R2b",), "V2~1": ("R2a",)}
    assert (parts["V2"].kits, parts["V2~1"].kits) == (1, 0)
    later = [*events, event("V2", time_s=EIGHT + 5000, residents=("R2b",), team="T2")]
    done = rest(day, before, later, ReplanRequest(now_s=EIGHT + 5000))
    assert {v.id: v.resident_ids for v in done.problem.visits if door_of(v.id) == "V2"} == {
        "V2": ("R2b",),
        "V2~1": ("R2a",),
    }
    assert [stop.visit for stop in locks_of(done, "T2").done] == ["V2"]


def test_a_team_that_is_gone_keeps_its_history_comes_home_and_takes_nobody(day, before):
    events = [event("V6", time_s=EIGHT + 1000, team="T2")]
    left = rest(day, before, events, ReplanRequest(now_s=EIGHT + 1200, dropped={"T2": EIGHT + 1200}))
    tables = tabulate(left.problem)
    orders = Filler(tables, tables.go_s).fill(no_orders(tables), left_out(tables, no_orders(tables)))
    routes = {route.team: route for route in routes_of(left.problem, tables, orders)}
    assert routes["T2"].visits == ("V6",)
    assert {"V7", "V8"} <= set(routes["T1"].visits)
    silent = rest(day, before, [], ReplanRequest(now_s=EIGHT + 1200, dropped={"T2": EIGHT + 1200}))
    assert [each.id for each in silent.problem.teams] == ["T1"]


def test_who_is_cancelled_is_on_no_route_and_who_is_done_already_is_told(day, before):
    left = rest(
        day,
        before,
        [event("V1", time_s=EIGHT + 400)],
        ReplanRequest(now_s=EIGHT + 400, cancelled={"R2a", "R-V1"}),
    )
    assert {name: off.residents for name, off in left.off.items()} == {"V2~1": ("R2a",)}
    assert next(v for v in left.problem.visits if v.id == "V2").resident_ids == ("R2b",)
    assert "CANCELLED_LATE" in [each.code for each in left.findings]


def test_a_door_passed_without_a_word_is_planned_again_and_told(day, before):
    left = rest(day, before, [event("V3", time_s=EIGHT + 1500, team="T1")], ReplanRequest(now_s=EIGHT + 1500))
    assert locks_of(left, "T1").order == ("V4", "V5")
    assert [each.code for each in left.findings if "V1, V2" in str(each.message)] == ["PASSED_OVER"]


def test_a_delay_moves_what_the_team_does_next(day, before):
    events = [event("V1", time_s=EIGHT + 400, team="T1")]
    left = rest(day, before, events, ReplanRequest(now_s=EIGHT + 400, delays_s={"T1": 900}))
    assert locks_of(left, "T1").free_s == EIGHT + 1300


@pytest.mark.parametrize(
    ("events", "found"),
    [
        (
            [event("V1", Outcome.DONE, TEN), event("V1", Outcome.REFUSED, TEN + 60)],
            [("V1", TEN + 60, {"R-V1": "refused"})],
        ),
        ([event("V1", Outcome.DONE, TEN), event("V1", Outcome.OPEN, TEN + 60)], []),
        (
            [event("V1", Outcome.DONE, TEN), event("V1", Outcome.DONE, TEN + 3600)],
            [("V1", TEN, {"R-V1": "done"})],
        ),
        (
            [event("V1", Outcome.NOBODY_HOME, TEN), event("V1", Outcome.DONE, TEN + 300)],
            [("V1", TEN + 300, {"R-V1": "done"})],
        ),
        (
            [event("V1", Outcome.NOBODY_HOME, TEN), event("V1", Outcome.DONE, TEN + 3600)],
            [("V1", TEN, {}), ("V1", TEN + 3600, {"R-V1": "done"})],
        ),
    ],
)
def test_calls_follow_the_last_word_and_join_what_was_said_in_one_go(day, events, found):
    doors = {each.id: each.resident_ids for each in day.visits}
    made = calls(
        effective_events(events, doors, day=DAY), doors, teams=["T1"], planned={"V1": "T1"}, now_s=TEN + 7200
    )
    assert [(call.visit, call.time_s, dict(call.fates)) for call in made] == found


def test_when_a_team_drops_out_only_its_own_visits_change_their_team(day, before):
    now = EIGHT + 400
    left = rest(day, before, [event("V1", time_s=now)], ReplanRequest(now_s=now, dropped={"T2": now}))
    problem = replace(
        left.problem,
        settings=replace(
            left.problem.settings, wishes=replace(left.problem.settings.wishes, little_change_s=900)
        ),
    )
    old = {(route.team, route.shift): route.visits for route in before.routes}
    made = solve_rest(problem, old, goals=(Objective.FINISH,), time_limit_s=1, iterations=300, engine=Nobody)
    (route,) = made.solution.routes
    assert set(route.visits) == {each.id for each in day.visits}
    assert check(problem, made.solution.routes, made.solution.unassigned) == ()


def test_what_would_help_those_who_are_left_out_is_proven_when_the_rest_is_planned_again(day, before):
    left = rest(day, before, [event("V1", time_s=EIGHT + 400)], ReplanRequest(now_s=EIGHT + 400))
    asking = replace(left.problem.visits[-1], skills=frozenset({"ventilator"}))
    problem = replace(left.problem, visits=(*left.problem.visits[:-1], asking))
    problem = replace(problem, locks=locks_that_can_be_kept(problem))
    old = {(route.team, route.shift): route.visits for route in before.routes}
    made = solve_rest(problem, old, goals=(Objective.FINISH,), time_limit_s=1, iterations=300, engine=Nobody)
    told = {each.visit: str(each.remedy) for each in made.solution.unassigned}
    assert told[asking.id].startswith("Proven by planning again: Give ")
    assert check(problem, made.solution.routes, made.solution.unassigned) == ()


def test_a_visit_that_finds_no_place_behind_the_stops_that_stay_is_not_impossible(day, before):
    left = rest(day, before, [event("V1", time_s=EIGHT + 400)], ReplanRequest(now_s=EIGHT + 400))
    tables = tabulate(left.problem)
    assert all(crew.fixed for crew in tables.crews)
    assert possible(tables)[1:].all()  # the first has happened
    late = replace(
        day,
        visits=tuple(
            replace(v, time_windows=(Window(EIGHT, EIGHT + 1000),)) if v.id == "V8" else v for v in day.visits
        ),
    )
    problem = rest(
        late, before, [event("V1", time_s=EIGHT + 400)], ReplanRequest(now_s=EIGHT + 400, keep=1)
    ).problem
    tables = tabulate(problem)
    (why,) = [each for each in explain(problem, tables, no_orders(tables)) if each.visit == "V8"]
    assert (why.code, why.ever) == ("NO_ROOM_LEFT", True)


def said(before, after, lang="en", **more):
    def ahead(plan):
        return replace(
            plan,
            routes=tuple(
                replace(r, steps=tuple(s for s in r.steps if s.lock is not StopLock.DONE))
                for r in plan.routes
            ),
        )

    changes = changes_between(before, ahead(after), addresses={})
    return [
        each.text.into(lang)
        for each in change_messages(before, after, changes, **{"revisited": (), "dropped": {}} | more)
    ]


def test_changes_are_said_in_sentences_with_the_numbers_of_the_page_that_the_team_has(day, before):
    after = plan_of(day, ((0, 1, 5, 6, 2, 4), (3, 7)))
    assert said(before, before)[0].startswith("Team T1: nothing changes; back at ")
    first, second = said(before, after)
    assert first.startswith(
        "Team T1: new after stop 2: V6, then V7; stop 4 (V4) goes to team T2; the rest is unchanged; back at "
    )
    assert second.startswith(
        "Team T2: new at the start: V4; stop 1 (V6) and stop 2 (V7) go to team T1; "
        "the rest is unchanged; back at "
    )
    assert said(before, after, "zh")[0].startswith(
        "T1：第2站之后新增V6，然后V7；第4站（V4）改由T2去；其余不变；"
    )


def test_a_team_with_several_shifts_is_given_the_changes_of_each(day, before):
    def in_shifts(plan):
        return replace(plan, routes=tuple(replace(r, team="T1", shift=n) for n, r in enumerate(plan.routes)))

    first, second = said(in_shifts(before), in_shifts(plan_of(day, ((0, 1, 2, 3, 4), (6, 5, 7)))))
    assert first.startswith("Team T1 from 08:00: nothing changes; back at ")
    assert second.startswith("Team T1 from 08:00: first go to stop 2 (V7); ")


def test_a_team_that_stopped_work_is_told_who_takes_its_stops_and_to_hand_in_its_samples(day, before):
    left = rest(
        day,
        before,
        [event("V6", time_s=EIGHT + 1000, team="T2")],
        ReplanRequest(now_s=EIGHT + 1200, dropped={"T2": EIGHT + 1200}),
    )
    after = plan_of(left.problem)
    text = said(before, after, dropped={"T2": True})[1]
    assert text.startswith(
        "Team T2: has stopped work; its last stop was stop 1 (V6); "
        "its samples still have to be handed in; stop 2 (V7) and stop 3 (V8) go to team T1."
    )
    assert len(said(before, after, dropped={"T2": False})) == 1
