"""The plan as a whole: its summary, and that nobody is lost."""

from dataclasses import fields, replace

import pytest

from doorroute.checker import check_rows, check_summary
from doorroute.model.plan import NotLocated, Reason, Summary
from doorroute.model.resident import ResidentId


def test_the_summary_of_the_plan_drawn_by_hand_adds_up(drawn):
    assert check_summary(drawn.plan, drawn.problem) == ()


@pytest.mark.parametrize("name", [field.name for field in fields(Summary) if field.name != "trade_off"])
def test_each_number_of_the_summary_is_checked(drawn, name):
    wrong_by = {
        "lower_bound_finish_s": 10_000,
        "lower_bound_travel_s": 10_000,
        "lower_bound_teams": 2,
        "mean_s": 2,
    }.get(name, 1)
    summary = replace(drawn.plan.summary, **{name: getattr(drawn.plan.summary, name) + wrong_by})
    violations = check_summary(replace(drawn.plan, summary=summary), drawn.problem)
    assert "summary_adds_up" in {violation.rule for violation in violations}


def test_the_mean_may_be_rounded_either_way(drawn):
    for mean_s, sound in ((2322, True), (2323, True), (2321, False), (2324, False)):  # 2322.5
        summary = replace(drawn.plan.summary, mean_s=mean_s)
        assert (check_summary(replace(drawn.plan, summary=summary), drawn.problem) == ()) is sound


def test_the_lower_bound_is_no_later_than_the_finish(drawn):
    for bound_s, sound in ((0, True), (32040, True), (32041, False), (-1, False)):
        summary = replace(drawn.plan.summary, lower_bound_finish_s=bound_s)
        assert (check_summary(replace(drawn.plan, summary=summary), drawn.problem) == ()) is sound


def test_a_row_that_stands_for_several_people_counts_as_many(drawn):
    visit = drawn.problem.visits[0]
    family = tuple(replace(resident, people=2) for resident in visit.residents)
    problem = drawn.with_visit("V1", residents=family)
    assert [str(v.message) for v in check_summary(drawn.plan, problem)] == [
        "residents is 9; by the routes it should be 11."
    ]


def test_the_summary_of_a_plan_without_routes_is_all_nought(drawn):
    nothing = Summary(**dict.fromkeys((field.name for field in fields(Summary)), 0))
    empty = replace(drawn.plan, routes=(), unassigned=(), summary=nothing)
    assert check_summary(empty, drawn.problem) == ()


def messages(drawn, plan, **more):
    rows = more.get("rows", drawn.rows)
    violations = check_rows(plan, more.get("residents_by_row", drawn.residents_by_row), rows)
    assert {violation.rule for violation in violations} <= {"each_row_once"}
    return [str(violation.message) for violation in violations]


def test_every_row_of_the_plan_drawn_by_hand_is_in_one_place(drawn):
    assert messages(drawn, drawn.plan) == []


@pytest.mark.parametrize(("part", "row"), [("unassigned", 10), ("rejected", 11), ("not_located", 12)])
def test_a_row_is_missed_when_its_place_is_dropped(drawn, part, row):
    assert messages(drawn, replace(drawn.plan, **{part: ()})) == [
        f"Row {row} is in the plan 0 times; it should be there once."
    ]


@pytest.mark.parametrize("row", range(2, 10))
def test_a_row_is_missed_when_its_resident_is_in_no_step(drawn, row):
    resident = drawn.residents_by_row[row]
    routes = tuple(
        replace(
            route,
            steps=tuple(
                replace(s, residents=tuple(r for r in s.residents if r != resident)) for s in route.steps
            ),
        )
        for route in drawn.plan.routes
    )
    assert messages(drawn, replace(drawn.plan, routes=routes)) == [
        f"Row {row} is in the plan 0 times; it should be there once."
    ]


def test_a_row_in_two_places_is_told(drawn):
    both = (*drawn.plan.rejected, replace(drawn.plan.rejected[0], row=2))
    assert messages(drawn, replace(drawn.plan, rejected=both)) == [
        "Row 2 is in the plan 2 times; it should be there once."
    ]
    found = NotLocated(row=3, resident=ResidentId("R2"), code=Reason.NO_LOCATION, address="")
    both = (*drawn.plan.not_located, found)
    assert messages(drawn, replace(drawn.plan, not_located=both)) == [
        "Row 3 is in the plan 2 times; it should be there once."
    ]


def test_a_row_that_the_input_does_not_have_is_told(drawn):
    more = (*drawn.plan.rejected, replace(drawn.plan.rejected[0], row=13))
    assert messages(drawn, replace(drawn.plan, rejected=more)) == ["The input has no row 13."]


def test_a_row_listed_under_another_id_is_told(drawn):
    swapped = (replace(drawn.plan.not_located[0], resident=ResidentId("R1")),)
    plan = replace(drawn.plan, not_located=swapped)
    assert messages(drawn, plan) == ["Row 12 is listed with someone else's id."]


def test_a_resident_from_nowhere_is_told_without_the_id(drawn):
    left_out = replace(drawn.plan.unassigned[0], residents=(ResidentId("R9"), ResidentId("S1")))
    assert messages(drawn, replace(drawn.plan, unassigned=(left_out,))) == [
        "A resident in the plan is not in any row of the input."
    ]
