"""Every row of the list has one result, with planned and real times, also after re-planning."""

from dataclasses import MISSING, fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorroute.day import Event, Outcome, doors_of, fold
from doorroute.day.calls import calls, effective_events
from doorroute.day.closing import End, close, marks_of, planned_of, team_days
from doorroute.errors import ExitCode, InternalError
from doorroute.model.clock import DAY_S
from doorroute.model.plan import (
    NotLocated,
    Plan,
    Reason,
    Rejected,
    Route,
    Step,
    StepType,
    StopLock,
    Summary,
    Unassigned,
)  # fmt: skip
from doorroute.model.resident import Resident
from doorroute.model.settings import Objective
from doorroute.model.team import Profile
from doorroute.output.drawings.lanes import lanes, span_of
from doorroute.texts import msg

DAY = "2022-04-06"
PEOPLE = tuple(Resident(id=f"R{number}", row=number + 1) for number in range(1, 8))
SHEET = range(2, 11)  # R1 to R7, and two rows that were not taken


def step(visit, *residents, at=9, lock=StopLock.NONE):
    time_s = at * 3600
    return Step(
        type=StepType.VISIT, visit=visit, residents=residents, arrival_s=time_s, start_service_s=time_s,
        service_s=600, departure_s=time_s + 600, lock=lock,
    )  # fmt: skip


def route(team, *steps, start=8, finish=12):
    zero = dict.fromkeys(("travel_s", "service_s", "waiting_s", "distance_m"), 0)
    return Route(
        team=team, profile=Profile.FOOT, start_s=start * 3600, finish_s=finish * 3600, steps=steps, **zero
    )  # fmt: skip


def plan(*routes, unassigned=("R6",)):
    return Plan(
        date=DAY,
        objective=Objective.FINISH,
        seed=1,
        routes=routes,
        unassigned=tuple(
            Unassigned(
                visit=f"V{each[1:]}",
                residents=(each,),
                code=Reason.SKILL,
                ever=False,
                detail=msg("x"),
                remedy=msg("y"),
            )
            for each in unassigned
        ),
        summary=Summary(**{field.name: 0 for field in fields(Summary) if field.default is MISSING}),
        not_located=(NotLocated(row=8, resident="R7", code=Reason.NO_LOCATION, address=""),),
        rejected=(
            Rejected(row=9, code="NO_ADDRESS", column="address", message=msg("none")),
            Rejected(row=10, code="DUPLICATE", column="name", message=msg("twice")),
        ),
    )  # fmt: skip


MORNING = plan(
    route("T1", step("V1", "R1", "R2"), step("V3", "R3", at=10)),
    route("T2", step("V4", "R4"), step("V5", "R5", at=11)),
)
ANEW = plan(  # at 10:20: R1 of V1 was done, R2 is still open; nobody was home at V4, which T1 tries again
    route(
        "T1",
        step("V1~1", "R1", lock=StopLock.DONE),
        step("V3", "R3", lock=StopLock.DONE),
        step("V1", "R2", at=11),
        step("V4", "R4", at=12),
        finish=13,
    ),
    route("T2", step("V4~1", lock=StopLock.DONE), step("V5", "R5", at=11)),
)


def event(visit, outcome, hour, minute=0, *residents, team="T1", source="aa", day=DAY):
    return Event(
        day=day,
        time_s=hour * 3600 + minute * 60,
        visit=visit,
        outcome=Outcome(outcome),
        residents=residents,
        team=team,
        source=source,
    )


EVENTS = (
    event("V1", "done", 9, 15, "R1"),
    event("V1", "refused", 9, 15, "R2"),
    event("V3", "done", 10, 20),
    event("V4", "nobody_home", 9, 5, team="T2"),
    event("V4", "nobody_home", 11, 40, team="T2"),
)


def closed(*plans, events=EVENTS, people=PEOPLE, sheet=SHEET):
    state = fold(events, doors_of(plans[0]), day=DAY)
    return {fate.row: fate for fate in close(plans, people, state.residents, sheet)}


def test_every_row_has_its_fate_with_reason_tries_and_times():
    fates = closed(MORNING)
    assert [fate.end.value for fate in fates.values()] == [
        *("sampled", "refused", "sampled", "nobody_home", "not_visited"),
        *("unassigned", "not_located", "rejected", "no_person"),
    ]
    assert str(fates[5].reason) == "nobody home, 2 tries"
    assert str(fates[7].reason) == "not on any route, SKILL"
    assert str(fates[9].reason) == "row rejected, NO_ADDRESS, column address"
    assert (fates[2].planned_s, fates[2].real_s, fates[2].team) == (9 * 3600 + 600, 9 * 3600 + 900, "T1")
    assert fates[6].real_s is None
    assert [row for row, fate in fates.items() if fate.carried] == [5, 6, 7, 8, 9]


def test_who_is_on_no_route_and_was_sampled_all_the_same_counts_as_sampled():
    fates = closed(MORNING, events=[event("V6", "done", 9)])
    assert (fates[7].end, fates[7].code, fates[7].team) == (End.SAMPLED, "", "T1")


def test_who_was_cancelled_is_so_unless_sampled_before():
    cancelled = {"R4", "R5", "R6", "R7"}
    left = plan(route("T1", step("V1", "R1", "R2"), step("V3", "R3", at=10)), unassigned=("R4", "R5", "R6"))
    doors = {**doors_of(left), "V4": ("R4",)}
    state = fold([event("V4", "done", 9)], doors, day=DAY)
    fates = close([left, MORNING], PEOPLE, state.residents, SHEET, cancelled)
    assert [fate.end.value for fate in fates][3:7] == ["sampled", "cancelled", "cancelled", "not_located"]
    assert [fate.carried for fate in fates][3:7] == [False, False, False, True]


def test_a_plan_made_anew_loses_nobody_and_keeps_what_was_planned_before_it_happened():
    fates = closed(ANEW, MORNING, events=[*EVENTS, event("V1", "done", 11, 30, "R2")])
    assert [fate.end.value for fate in fates.values()][:5] == [
        "sampled", "sampled", "sampled", "nobody_home", "not_visited",
    ]  # fmt: skip
    assert {fate.visit for fate in fates.values()} == {"V1", "V3", "V4", "V5", "V6", None}
    planned = planned_of([ANEW, MORNING])
    assert {who: (at.team, at.arrival_s // 3600) for who, at in planned.items()} == {
        "R1": ("T1", 9), "R2": ("T1", 11), "R3": ("T1", 10), "R4": ("T1", 12), "R5": ("T2", 11),
    }  # fmt: skip
    assert "R1" not in planned_of([ANEW])  # history was planned by nobody, where the plan before is gone


@given(
    st.lists(
        st.builds(
            event,
            st.sampled_from(["V1", "V3", "V4", "V5", "V6", "V9"]),
            st.sampled_from(Outcome),
            st.integers(8, 14),
            st.integers(0, 59),
            team=st.sampled_from(["T1", "T2", None]),
            source=st.sampled_from(["aa", "bb"]),
            day=st.sampled_from([DAY, DAY, "2022-04-05"]),
        ),
        max_size=15,
    ),
    st.randoms(),
)
def test_whatever_is_told_every_row_has_one_fate_and_the_order_does_not_matter(events, chance):
    again = [*events, *events[:3]]
    chance.shuffle(again)
    for plans in ([MORNING], [ANEW, MORNING]):
        fates = closed(*plans, events=events)
        assert list(fates) == list(SHEET)
        assert closed(*plans, events=again) == fates
        days = team_days(plans, fates.values(), marks_from(*events), lambda *_: 60)
        assert marks_from(*again) == marks_from(*events)
        assert {day.team for day in days} >= {"T1", "T2"}
        assert lanes(days, span_of(days), "zh").count("<svg") == 1


@pytest.mark.parametrize(
    ("people", "sheet", "odd"),
    [
        ((*PEOPLE, Resident(id="R8", row=11)), range(2, 12), "11"),
        (PEOPLE, range(2, 12), "11"),
        (PEOPLE[1:], SHEET, "2"),
        ((*PEOPLE, replace(PEOPLE[0])), SHEET, "2"),
    ],
)
def test_a_sum_that_does_not_add_up_is_never_hidden(people, sheet, odd):
    with pytest.raises(InternalError) as told:
        closed(MORNING, people=people, sheet=sheet)
    assert (told.value.exit_code, told.value.code) == (ExitCode.BUG, "ROWS_LOST")
    assert str(told.value.message).endswith(f"rows {odd}.")


def marks_from(*events):
    doors = doors_of(MORNING)
    return marks_of(
        calls(
            effective_events(events, doors, day=DAY),
            doors,
            teams=("T1", "T2"),
            planned={"V5": "T2"},
            now_s=DAY_S,
        )
    )


def marks(*events):
    found = marks_from(*events)
    return {
        team: [(mark.visit, mark.time_s // 60 - 540, mark.outcome.value) for mark in told]
        for team, told in found.items()
    }


def test_marks_tell_in_which_order_a_team_was_where():
    assert marks(*reversed(EVENTS), event("V6", "done", 10, 0, team="T2")) == {
        "T1": [("V1", 15, "done"), ("V3", 80, "done")],
        "T2": [("V4", 5, "nobody_home"), ("V6", 60, "done"), ("V4", 160, "nobody_home")],
    }


def test_what_was_taken_back_corrected_or_of_another_day_says_nothing_of_where_a_team_was():
    assert marks(
        event("V1", "done", 9, 10),
        event("V3", "done", 9, 20),
        event("V3", "open", 9, 21),
        event("V1", "refused", 11, 0),
        event("V5", "done", 9, 30, day="2022-04-05"),
        event("V9", "done", 9, 40),
        event("V5", "done", 9, 50, team=None),
    ) == {"T1": [("V1", 120, "refused")], "T2": [("V5", 50, "done")]}


def test_a_teams_day_says_what_is_open_when_it_was_back_and_how_late_it_was():
    fates = closed(MORNING)
    days = {
        day.team: day for day in team_days([MORNING], fates.values(), marks_from(*EVENTS), lambda *_: 300)
    }
    assert (days["T1"].open, days["T1"].back_s, days["T1"].finish_s) == (0, 10 * 3600 + 1500, 12 * 3600)
    assert days["T1"].late_s == 450  # 5 and 10 minutes after it was to leave
    assert (days["T2"].open, days["T2"].back_s) == (1, None)
