"""Check a whole plan: its summary is the sum of its routes, and every row of the input is in one place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping

from doorroute.checker.case import Violation, at
from doorroute.checker.wishes import wishes_s
from doorroute.model.line import row_of
from doorroute.model.place import TakenDatum
from doorroute.model.plan import Plan
from doorroute.model.problem import Problem
from doorroute.model.resident import ResidentId, TeamId, VisitId
from doorroute.texts import Text, msg


def check_summary(plan: Plan, problem: Problem) -> tuple[Violation, ...]:
    """Return every number of the summary that differs from the sum over routes and unassigned visits."""
    return tuple(_violation("summary_adds_up", text) for text in _wrong_numbers(plan, problem))


def check_rows(
    plan: Plan, residents_by_row: Mapping[int, ResidentId], rows: Collection[int]
) -> tuple[Violation, ...]:
    """Return every row that is not in exactly one of: a step, unassigned, not located, rejected.

    `rows` are the numbers of all data rows of the list, including blank ones; `residents_by_row` has the
    residents of the accepted rows.
    """
    return tuple(_misplaced(plan, residents_by_row, rows))


def check_datums(plan: Plan, taken: Collection[TakenDatum]) -> tuple[Violation, ...]:
    """Return every source of coordinates for which the plan has a wrong datum, or a wrong reason for it."""
    if plan.datums is None:  # plans of earlier versions
        return ()
    wrong = {each.source for each in set(plan.datums) ^ set(taken)}
    return tuple(
        _violation(
            "datums_as_taken",
            msg("The plan names the wrong datum for {source}.", source=source),
        )
        for source in sorted(wrong)
    )


def _wrong_numbers(plan: Plan, problem: Problem) -> Iterator[Text]:
    steps = [step for route in plan.routes for step in route.steps if step.visit is not None]
    people = {resident.id: resident.people for visit in problem.visits for resident in visit.residents}
    lengths = [route.finish_s - route.start_s for route in plan.routes]
    right = {
        "residents": sum(people.get(resident, 0) for _, _, resident in _residents(plan)),
        "visits": len(steps) + len(plan.unassigned),
        "assigned": len(steps),
        "unassigned": len(plan.unassigned),
        "finish_s": max((route.finish_s for route in plan.routes), default=0),
        "longest_s": max(lengths, default=0),
        "travel_s": sum(route.travel_s for route in plan.routes),
        "service_s": sum(route.service_s for route in plan.routes),
        "waiting_s": sum(route.waiting_s for route in plan.routes),
        "distance_m": sum(route.distance_m for route in plan.routes),
        "teams": len({route.team for route in plan.routes}),
        "wishes_s": wishes_s(problem, plan.routes),
    }
    for name, number in right.items():
        found = getattr(plan.summary, name)
        if found != number:
            yield msg(
                "{name} is {found}; by the routes it should be {right}.", name=name, found=found, right=number
            )
    count, mean_s = max(1, len(lengths)), plan.summary.mean_s
    if abs(mean_s * count - sum(lengths)) >= count:  # rounding up or down is fine
        right_s = sum(lengths) // count
        yield msg(
            "{name} is {found}; by the routes it should be {right}.",
            name="mean_s",
            found=mean_s,
            right=right_s,
        )
    bound_s = plan.summary.lower_bound_finish_s
    first_s = min((shift.start_s for team in problem.teams for shift in team.shifts), default=0)
    if bound_s and not first_s <= bound_s <= plan.summary.finish_s:
        yield msg(
            "The lower bound of the finish is {bound}; it must be between the first shift and the finish "
            "at {finish}.",
            bound=at(bound_s),
            finish=at(plan.summary.finish_s),
        )
    for name, bound, most in (
        ("lower_bound_travel_s", plan.summary.lower_bound_travel_s, plan.summary.travel_s),
        ("lower_bound_teams", plan.summary.lower_bound_teams, plan.summary.teams),
    ):
        if not 0 <= bound <= most:
            yield msg(
                "{name} is {found}; it must be between 0 and {right}.", name=name, found=bound, right=most
            )
    if plan.objectives and plan.objectives[0] is not plan.objective:
        yield msg("The first of the objectives differs from the objective.")


def check_sheets(plan: Plan, lines: Iterable[Mapping[int, str]]) -> tuple[Violation, ...]:
    """Return every count over the sheets that differs from the rows of the lists or the people in the plan.

    `lines` has, for each list, the sheet of each entry by its number. Plans of earlier versions have no
    counts and pass.
    """
    if not plan.sheets:
        return ()
    read = [each for each in plan.sheets if each.read]
    rows = sum(len({(sheet, row_of(line)) for line, sheet in each.items()}) for each in lines)
    people = {resident for _, _, resident in _residents(plan)} | {
        unsure.resident for unsure in plan.not_located
    }
    sums = (
        ("rows", sum(each.rows for each in read), rows),
        (
            "with_people + to_correct + skipped",
            sum(each.with_people + each.to_correct + each.skipped for each in read),
            rows,
        ),
        ("residents", sum(each.residents for each in read), len(people)),
    )
    return tuple(
        _violation(
            "sheets",
            msg("The sheets have {found} {name}; it should be {right}.", found=found, name=name, right=right),
        )
        for name, found, right in sums
        if found != right
    )


def _misplaced(
    plan: Plan, residents_by_row: Mapping[int, ResidentId], rows: Collection[int]
) -> Iterator[Violation]:
    line_of = {resident: row for row, resident in residents_by_row.items()}
    found: Counter[int] = Counter(refused.row for refused in plan.rejected)
    for team, visit, resident in _residents(plan):
        if resident in line_of:
            found[line_of[resident]] += 1
        else:
            yield _violation(
                "each_row_once", msg("A resident in the plan is not in any row of the input."), team, visit
            )
    for unsure in plan.not_located:
        found[unsure.row] += 1
        if residents_by_row.get(unsure.row) != unsure.resident:
            yield _violation(
                "each_row_once", msg("Row {row} is listed with someone else's id.", row=row_of(unsure.row))
            )
    for row in sorted(set(rows) | found.keys()):
        if row not in rows:
            yield _violation("each_row_once", msg("The input has no row {row}.", row=row_of(row)))
        elif found[row] != 1:
            text = msg(
                "Row {row} is in the plan {count} times; it should be there once.",
                row=row_of(row),
                count=found[row],
            )
            yield _violation("each_row_once", text)


def _residents(plan: Plan) -> Iterator[tuple[TeamId | None, VisitId | None, ResidentId]]:
    for route in plan.routes:
        for step in route.steps:
            for resident in step.residents:
                yield route.team, step.visit, resident
    for left_out in plan.unassigned:
        for resident in left_out.residents:
            yield None, left_out.visit, resident


def _violation(
    rule: str, message: Text, team: TeamId | None = None, visit: VisitId | None = None
) -> Violation:
    return Violation(rule=rule, team=team, visit=visit, message=message)
