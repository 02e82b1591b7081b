"""Each remedy that is told as proven is one: with the change made to the day, the visit is placed and nobody
else is lost.
"""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from doorroute.checker import check
from doorroute.model.plan import Reason
from doorroute.model.problem import Done, Locks
from doorroute.model.resident import InfectionClass, TeamId, Window
from doorroute.model.settings import ClassRule, Objective
from doorroute.model.team import Break
from doorroute.planning import solve
from doorroute.planning.core.insertion import Filler
from doorroute.planning.core.schedule import with_orders_that_can_be_kept
from doorroute.planning.core.score import left_out, no_orders
from doorroute.planning.core.tables import tabulate
from doorroute.planning.reasons.changes import for_room
from doorroute.planning.reasons.explain import explained
from doorroute.planning.reasons.remedies import Prover, for_ever, with_proven_remedies
from doorroute.planning.search.best import Best
from doorroute.planning.search.phases import Search
from tests.helpers.street_days import EIGHT, NO_SETUP, NOON, Nobody, problems, street, team, visit

PROVEN = "Proven by planning again: "


def told(problem):
    """Return code and remedy of the one visit that a solve leaves out."""
    solution = solve(problem, time_limit_s=3, engine=Nobody, iterations=300)
    assert check(problem, solution.routes, solution.unassigned) == ()
    (left,) = solution.unassigned
    return left.code, str(left.remedy)


def all_placed(problem):
    return not solve(problem, time_limit_s=3, engine=Nobody, iterations=600).unassigned


def with_team(problem, name="T1", **changes):
    return replace(problem, teams=tuple(replace(t, **changes) if t.id == name else t for t in problem.teams))


def with_visit(problem, name, **changes):
    return replace(
        problem, visits=tuple(replace(v, **changes) if v.id == name else v for v in problem.visits)
    )


ABC = {"A": 10, "B": 20, "C": 80}
AGED = replace(NO_SETUP, max_sample_age_s=1200)
BY_TEAMS = replace(NO_SETUP, class_rule=ClassRule.TEAMS)


@pytest.mark.parametrize(
    ("problem", "code", "remedy", "change"),
    [
        (
            street(ABC, [], [team(shift=Window(EIGHT, EIGHT + 1000))]),
            Reason.NO_ROOM_LEFT,
            "Extend the shift of T1 by 1 min. Or: Add one team like T1.",
            lambda day: with_team(day, shift=Window(EIGHT, EIGHT + 1060)),
        ),
        (
            street(ABC, [], [team(capacity=2)]),
            Reason.NO_ROOM_LEFT,
            "Let T1 carry 3 kits. Or: Add one team like T1.",
            lambda day: with_team(day, capacity=3),
        ),
        (
            street(ABC, [], [team(max_visits=2)]),
            Reason.NO_ROOM_LEFT,
            "Let T1 make 3 visits. Or: Add one team like T1.",
            lambda day: replace(day, teams=(*day.teams, team("T2", max_visits=2))),
        ),
        (
            street({"A": 100, "B": -100}, [], [team(max_travel_s=399)]),
            Reason.NO_ROOM_LEFT,
            "Let T1 travel 7 min in all. Or: Add one team like T1.",
            lambda day: with_team(day, max_travel_s=420),
        ),
        (
            street({"A": 100, "B": -100}, [], [team(max_distance_m=399)]),
            Reason.NO_ROOM_LEFT,
            "Let T1 travel 400 m in all. Or: Add one team like T1.",
            lambda day: with_team(day, max_distance_m=400),
        ),
        (
            street({"A": 300, "B": 310, "C": 320}, [], [team(max_visits=3)], settings=AGED),
            Reason.NO_ROOM_LEFT,
            "Let samples be 21 min old when they are handed in. Or: Add one team like T1.",
            lambda day: replace(day, settings=replace(AGED, max_sample_age_s=21 * 60)),
        ),
        (
            street(
                {"A": 10, "B": 20},
                [visit(name, time_windows=(Window(EIGHT + 600, EIGHT + 600),)) for name in "AB"],
            ),
            Reason.NO_ROOM_LEFT,
            "Let it be visited at 08:04. Or: Add one team like T1.",
            lambda day: with_visit(day, "B", time_windows=(Window(EIGHT + 240, EIGHT + 299),)),
        ),
        (
            street({"A": 10, "B": 20}, [visit("A", skills=frozenset({"x"})), visit("B", skills=frozenset({"x"}))],
                   [team("T1", max_visits=1, skills=frozenset({"x"})), team("T2")]),
            Reason.NO_ROOM_LEFT,
            "Let T1 make 2 visits. Or: Give T2 the skill x. Or: Add one team like T1.",
            lambda day: with_team(day, "T2", skills=frozenset({"x"})),
        ),
        (
            street(ABC, [visit("C", skills=frozenset({"infant"}))]),
            Reason.SKILL,
            "Give T1 the skill infant.",
            lambda day: with_team(day, skills=frozenset({"infant"})),
        ),
        (
            street(ABC, [visit("C", only_teams=frozenset({TeamId("T9")}))]),
            Reason.NOT_ELIGIBLE,
            "Let T1 make this visit.",
            lambda day: with_visit(day, "C", only_teams=frozenset({TeamId("T9"), TeamId("T1")})),
        ),
        (
            street(ABC, [visit("C", infection_class=InfectionClass.YELLOW)], settings=BY_TEAMS),
            Reason.CLASS_CONFLICT,
            "Let T1 take homes of this infection class.",
            lambda day: with_team(day, classes=frozenset({InfectionClass.REGULAR, InfectionClass.YELLOW})),
        ),
        (
            street({"A": 1000}, settings=AGED),
            Reason.SAMPLE_AGE,
            "Let samples be 22 min old when they are handed in.",
            lambda day: replace(day, settings=replace(AGED, max_sample_age_s=22 * 60)),
        ),
        (
            street({"A": 615}, [visit("A", time_windows=(Window(0, EIGHT + 600),))]),
            Reason.TIME_WINDOW,
            "Let T1 start 1 min earlier. Or: Open the window until 08:11.",
            lambda day: with_team(day, shift=Window(EIGHT - 60, NOON)),
        ),
        (
            street({"A": 630}, [visit("A", time_windows=(Window(NOON, NOON + 600),))]),
            Reason.TIME_WINDOW,
            "Open the window from 11:44 on. Or: Extend the shift of T1 by 16 min.",
            lambda day: with_visit(day, "A", time_windows=(Window(11 * 3600 + 44 * 60, NOON),)),
        ),
        (
            street({"A": 7200}, teams=[team(), team("T2", shift=Window(EIGHT, NOON - 60))]),
            Reason.SHIFT_TOO_SHORT,
            "Extend the shift of T1 by 5 min.",
            lambda day: with_team(day, shift=Window(EIGHT, NOON + 300)),
        ),
        (
            street({"A": 100}, [visit("A", kits=9, skills=frozenset({"x"}))], [team(capacity=4)]),
            Reason.SKILL,
            "Give T1 the skill x. And: Let T1 carry 9 kits.",
            lambda day: with_team(day, skills=frozenset({"x"}), capacity=9),
        ),
    ],
)  # fmt: skip
def test_the_remedy_that_is_told_places_the_visit(problem, code, remedy, change):
    assert told(problem) == (code, PROVEN + remedy)
    assert all_placed(change(problem))


def test_where_no_change_is_known_the_reason_says_where_to_look():
    code, remedy = told(street({"A": 100}, closed=[("D", "A")]))
    assert code is Reason.UNREACHABLE
    assert remedy.startswith("Check on the map")


def test_without_time_nothing_is_told_as_proven():
    problem = street(ABC, [], [team(capacity=2)])
    tables = tabulate(problem)
    orders = Filler(tables, tables.go_s).fill(no_orders(tables), range(tables.n))
    unassigned, room = explained(problem, tables, orders)
    (left,) = with_proven_remedies(problem, tables, orders, unassigned, room, seconds=0, seed=1)
    assert str(left.remedy) == (
        "Tried in the current routes, not proven: Let T1 carry 3 kits. Or: Add one team."
    )


def test_a_change_that_makes_it_possible_but_finds_no_room_is_told_as_that():
    full = team(max_visits=1)
    doors = [visit("A", priority=1), visit("B", priority=2, skills=frozenset({"x"}))]
    code, remedy = told(street({"A": 10, "B": 20}, doors, [full]))
    assert code is Reason.SKILL
    assert (
        remedy == "This would make the visit possible, but no room was found for it yet: Give T1 the skill x."
    )


def test_nobody_of_the_same_priority_loses_a_place_for_a_remedy():
    """With the skill the second door would fit in the place of the first: that helps nobody."""
    doors = [visit("A"), visit("B", skills=frozenset({"x"}))]
    problem = street({"A": 10, "B": 20}, doors, [team(max_visits=1)])
    assert not told(problem)[1].startswith(PROVEN)
    less = with_visit(problem, "A", priority=3)
    assert told(less)[1] == PROVEN + "Give T1 the skill x."


def test_less_than_what_the_routes_as_they_stand_would_need_is_found_by_planning_again():
    """Each route has a door far away and one near by; with the far ones together there is room."""
    shift = Window(EIGHT, EIGHT + 2700)
    doors = {"near": 10, "far": 1000, "close": 20, "remote": 1010, "C": 15}
    problem = street(doors, teams=[team("T1", shift=shift), team("T2", shift=shift)])
    tables, orders = tabulate(problem), ((0, 1), (2, 3))
    (change,) = for_room(problem, tables, orders, [4])[4]
    (less,) = Prover(problem, tables, orders, 10, 1).proven([4], lambda _: [change], ())[4][1]
    assert (change.amount, less.amount) == (4, 1)


@given(problems())
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.reuse, Phase.generate],
)
def test_whatever_the_day_a_proven_change_makes_a_better_plan(problem):
    tables = with_orders_that_can_be_kept(tabulate(problem))
    if not tables.n or not tables.crews:
        return
    best = Best(tables, Objective.TRAVEL)
    best.take(Filler(tables, tables.go_s).fill(no_orders(tables), range(tables.n)))
    Search(best, 0, 1, lambda: False, 200).fit()
    left, room = explained(problem, tables, best.orders)
    prover = Prover(problem, tables, best.orders, 0, 1, counted=True)
    nodes = {each.id: node for node, each in enumerate(problem.visits)}
    for each in left:
        node = nodes[each.visit]
        changes = room[node] if each.ever else for_ever(prover, node)
        proven = prover.proven([node], lambda _, c=changes: c, {node} if each.ever else ())
        for change in proven.get(node, ((), ()))[1]:  # nothing where the work is used up
            day = change.apply(problem)
            now = tabulate(day)
            again = Best(now, Objective.TRAVEL)
            at = {(day.teams[crew.team].id, crew.shift): n for n, crew in enumerate(now.crews)}
            start = [()] * len(now.crews)
            for crew, order in zip(tables.crews, best.orders, strict=True):
                start[at[problem.teams[crew.team].id, crew.shift]] = order
            again.take(tuple(start))
            again.take(Filler(now, now.go_s).fill(again.orders, left_out(now, again.orders)))
            Search(again, 0, 2, lambda better=again: better.missed < best.missed, 20_000).fit()
            tier = int(now.tier[node])
            assert np.sum(again.missed[: tier + 1]) < np.sum(best.missed[: tier + 1]), str(change.text)


def test_on_a_day_that_has_begun_the_past_stays():
    problem = street(ABC, [], [team(max_visits=2)])
    done = Done(
        visit=problem.visits[0].id, arrival_s=EIGHT + 10, start_service_s=EIGHT + 10, departure_s=EIGHT + 310
    )
    begun = replace(
        problem, locks=(Locks(team=TeamId("T1"), left_s=EIGHT, done=(done,), free_s=EIGHT + 310),)
    )
    code, remedy = told(begun)
    assert (code, remedy) == (Reason.NO_ROOM_LEFT, PROVEN + "Let T1 make 3 visits.")
    assert all_placed(with_team(begun, max_visits=3))


def test_a_longer_shift_in_which_a_break_comes_due_is_planned_with_it():
    lunch = Break(window=Window(EIGHT + 1000, EIGHT + 2500), duration_s=600)
    problem = street(ABC, [], [team(shift=Window(EIGHT, EIGHT + 1000), breaks=(lunch,))])
    code, remedy = told(problem)
    assert code is Reason.NO_ROOM_LEFT
    minutes = int(re.search(r"T1 by (\d+) min", remedy)[1])
    assert all_placed(with_team(problem, shift=Window(EIGHT, EIGHT + 1000 + 60 * minutes)))


def test_the_same_steps_give_the_same_words():
    doors = {f"V{i}": (37 * i * i) % 1500 * (-1) ** i for i in range(70)}
    problem = street(doors, teams=[team("T1"), team("T2", shift=Window(EIGHT, EIGHT + 5000))])
    first, second = (solve(problem, time_limit_s=3, engine=Nobody, iterations=400) for _ in range(2))
    assert first.unassigned == second.unassigned
    assert any(str(left.remedy).startswith(PROVEN) for left in first.unassigned)


def test_overtime_that_is_not_proven_to_help_is_not_asked_for():
    problem = street(ABC, [], [team(shift=Window(EIGHT, EIGHT + 700))])
    tables = tabulate(problem)
    orders = Filler(tables, tables.go_s).fill(no_orders(tables), range(tables.n))
    unassigned, room = explained(problem, tables, orders)
    assert any(change.overtime for changes in room.values() for change in changes)
    for left in with_proven_remedies(problem, tables, orders, unassigned, room, seconds=0, seed=1):
        assert str(left.remedy) == "Add one team."
