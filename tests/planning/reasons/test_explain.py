"""Each reason, and that its remedy is one: with the change made, the visit is placed."""

from dataclasses import replace

import pytest

from doorroute.model.plan import Reason
from doorroute.model.problem import Done, Locks
from doorroute.model.resident import InfectionClass, Window
from doorroute.model.team import Break
from doorroute.planning.core.insertion import Filler
from doorroute.planning.core.score import left_out, no_orders
from doorroute.planning.core.tables import tabulate
from doorroute.planning.reasons.explain import explain
from tests.helpers.street_days import EIGHT, NOON, TEN, street, team, visit


def filled(problem):
    """Return the tables and a plan that takes what it can."""
    tables = tabulate(problem)
    return tables, Filler(tables, tables.go_s).fill(no_orders(tables), range(tables.n))


def reasons(problem):
    """Return code, `ever`, detail and remedy of each visit that a filled plan leaves out."""
    tables, orders = filled(problem)
    return [(un.code, un.ever, str(un.detail), str(un.remedy)) for un in explain(problem, tables, orders)]


def all_placed(problem):
    tables, orders = filled(problem)
    return not left_out(tables, orders)


def test_a_skill_that_no_team_has():
    problem = street({"A": 100}, [visit("A", skills=frozenset({"infant"}))])
    assert reasons(problem) == [
        (
            Reason.SKILL,
            False,
            "No team has all the skills that this visit needs.",
            "Give a team the skill infant.",
        )
    ]
    assert all_placed(replace(problem, teams=(team(skills=frozenset({"infant"})),)))


def test_more_kits_than_any_team_carries():
    problem = street({"A": 100}, [visit("A", kits=9)], [team(capacity=4), team("T2", capacity=8)])
    ((code, ever, detail, remedy),) = reasons(problem)
    assert (code, ever, remedy) == (Reason.CAPACITY, False, "Let a team carry 9 kits.")
    assert "at most 8" in detail
    assert all_placed(replace(problem, teams=(team(capacity=9),)))


def test_teams_that_make_no_visits():
    assert reasons(street({"A": 100}, teams=[team(max_visits=0)]))[0][:2] == (Reason.MAX_VISITS, False)


def test_a_door_that_no_street_leads_to_or_from():
    for closed in ([("D", "A")], [("A", "D")]):
        assert reasons(street({"A": 100}, closed=closed))[0][:2] == (Reason.UNREACHABLE, False)


def test_a_way_longer_than_the_shift_and_by_how_much():
    problem = street({"A": 7200}, teams=[team(), team("T2", shift=Window(EIGHT, NOON - 60))])
    ((code, ever, _, remedy),) = reasons(problem)
    assert (code, ever, remedy) == (Reason.SHIFT_TOO_SHORT, False, "Extend the shift of T1 by 5 min.")
    assert all_placed(replace(problem, teams=(team(shift=Window(EIGHT, NOON + 300)),)))


def test_a_window_that_is_over_before_any_team_can_be_there():
    problem = street({"A": 615}, [visit("A", time_windows=(Window(0, EIGHT + 600),))])
    ((code, ever, _, remedy),) = reasons(problem)
    assert (code, ever) == (Reason.TIME_WINDOW, False)
    assert remedy == "Extend the window past 08:11, or let a team start earlier."
    assert all_placed(replace(problem, visits=(visit("A", time_windows=(Window(0, EIGHT + 660),)),)))


def test_a_window_that_opens_after_the_last_way_home():
    problem = street({"A": 630}, [visit("A", time_windows=(Window(NOON, NOON + 600),))])
    ((code, ever, _, remedy),) = reasons(problem)
    assert (code, ever, remedy) == (Reason.TIME_WINDOW, False, "Open the window by 11:44, or extend a shift.")
    assert all_placed(
        replace(problem, visits=(visit("A", time_windows=(Window(11 * 3600 + 44 * 60, NOON),)),))
    )


def test_breaks_that_leave_no_time():
    lunch = Break(window=Window(EIGHT + 10, EIGHT + 700), duration_s=690)
    problem = street({"A": 100}, teams=[team(shift=Window(EIGHT, EIGHT + 710), breaks=(lunch,))])
    ((code, ever, _, remedy),) = reasons(problem)
    assert (code, ever) == (Reason.SHIFT_TOO_SHORT, False)
    assert remedy == "Extend the shift of T1 by 9 min."


def test_a_door_that_is_further_than_any_team_may_go():
    ((code, ever, _, _),) = reasons(street({"A": 100}, teams=[team(max_travel_s=199)]))
    assert (code, ever) == (Reason.TOO_FAR, False)
    assert all_placed(street({"A": 100}, teams=[team(max_travel_s=200)]))


def test_of_several_teams_the_one_that_comes_nearest_gives_the_reason():
    doors = [visit("A", skills=frozenset({"infant"}), time_windows=(Window(0, EIGHT),))]
    problem = street({"A": 100}, doors, [team(), team("T2", skills=frozenset({"infant"}))])
    assert reasons(problem)[0][0] is Reason.TIME_WINDOW


FULL = Window(EIGHT, EIGHT + 1000)


@pytest.mark.parametrize(
    ("doors", "crew", "remedy", "change"),
    [
        (
            [],
            {"shift": FULL},
            "Extend the shift of T1 by 1 min. Or: Add one team.",
            {"shift": Window(EIGHT, EIGHT + 1060)},
        ),
        ([], {"capacity": 2}, "Let T1 carry 3 kits. Or: Add one team.", {"capacity": 3}),
        ([], {"max_visits": 2}, "Let T1 make 3 visits. Or: Add one team.", {"max_visits": 3}),
    ],
)
def test_no_room_left_names_the_change_that_was_tried(doors, crew, remedy, change):
    problem = street({"A": 10, "B": 20, "C": 80}, doors, [team(**crew)])
    ((code, ever, _, told),) = reasons(problem)
    assert (code, ever, told) == (Reason.NO_ROOM_LEFT, True, remedy)
    assert all_placed(replace(problem, teams=(team(**(crew | change)),)))
    assert all_placed(replace(problem, teams=(team(**crew), team("T2", **crew))))


def test_another_time_is_offered_where_two_doors_want_the_same():
    moment = (Window(TEN, TEN),)
    problem = street({"A": 10, "B": 20}, [visit("A", time_windows=moment), visit("B", time_windows=moment)])
    ((code, ever, _, told),) = reasons(problem)
    assert (code, ever) == (Reason.NO_ROOM_LEFT, True)
    assert told.startswith("Let it be visited at ")


@pytest.mark.parametrize("reloads", [0, 1])
@pytest.mark.parametrize("windows", [(), (Window(0, 1),)])
def test_nobody_comes_from_a_home_of_a_higher_class(windows, reloads):
    isolated = visit("B", infection_class=InfectionClass.ISOLATED)
    problem = street(
        {"A": 0, "B": 0}, [visit("A", time_windows=windows), isolated], [team(max_reloads=reloads)]
    )
    done = Done(visit=isolated.id, arrival_s=EIGHT, start_service_s=EIGHT, departure_s=EIGHT + 300)
    begun = replace(problem, locks=(Locks(team=problem.teams[0].id, left_s=EIGHT, done=(done,)),))
    ((code, ever, detail, _),) = reasons(begun)
    assert (code, ever) == (Reason.CLASS_CONFLICT, False)
    assert detail.startswith("T1 has been at a home of a higher infection class")


def test_without_room_the_teams_are_named_that_the_rule_of_classes_keeps_away():
    isolated = visit("B", infection_class=InfectionClass.ISOLATED)
    late = team("T2", shift=Window(EIGHT, EIGHT + 700))
    problem = street({"A": 0, "B": 0, "C": 0, "D1": 0}, [isolated], [team("T1"), late])
    done = Done(visit=isolated.id, arrival_s=EIGHT, start_service_s=EIGHT, departure_s=EIGHT + 300)
    begun = replace(problem, locks=(Locks(team=problem.teams[0].id, left_s=EIGHT, done=(done,)),))
    tables, orders = filled(begun)
    (left,) = explain(begun, tables, orders)
    assert left.code is Reason.NO_ROOM_LEFT
    assert str(left.detail) == (
        "T1 has been at a home of a higher infection class (yellow or isolated) and therefore may not come "
        "here."
        " T2 has no room until 08:11."
    )
    assert (
        left.detail.into("zh")
        == "T1已去过类别更高的户（黄码或隔离），按规定不能再来这一户；T2到 08:11 已排满。"
    )
