"""Check that the plan's lists of rejected and not located rows match the tables."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from doorroute.checker.case import Violation
from doorroute.checker.geometry import DIGITS
from doorroute.model.ledger import SheetCount
from doorroute.model.line import row_of
from doorroute.model.place import Point
from doorroute.model.plan import NotLocated, Plan, Rejected
from doorroute.texts import LANGUAGES, msg


def check_lists(
    plan: Plan,
    rejected: Sequence[Rejected],
    not_located: Sequence[NotLocated],
    rows: Mapping[str, int],
    sheets: Sequence[SheetCount],
) -> tuple[Violation, ...]:
    """Return every rejected or not located row, and every row count, in which plan and tables differ."""
    # plans of earlier versions do not count the sheets
    counted = _wrong_sheets(plan.sheets, sheets) if plan.sheets else ()
    return (*_wrong(plan, rejected, not_located, rows), *counted)


def _wrong_sheets(found: Sequence[SheetCount], right: Sequence[SheetCount]) -> Iterator[Violation]:
    for each in (*found, *right):
        if (each in found) != (each in right):
            text = msg("The plan's row counts for sheet {name} do not match the table.", name=each.sheet)
            yield Violation(rule="rows_as_read", team=None, visit=None, message=text)
            return


def _wrong(
    plan: Plan, rejected: Collection[Rejected], not_located: Collection[NotLocated], rows: Mapping[str, int]
) -> Iterator[Violation]:
    for refused in plan.rejected:
        if not any(_same_rejected(refused, right) for right in rejected):
            text = msg(
                "Row {row} was rejected; the plan's entry for it does not match the table.",
                row=row_of(refused.row),
            )
            yield Violation(rule="rows_as_read", team=None, visit=None, message=text)
    right_ones = {_as_written(right) for right in not_located}
    for unsure in plan.not_located:
        if _as_written(unsure) not in right_ones:
            text = msg(
                "Row {row} was not found on the map; the plan's entry for it does not match the tables and "
                "the map.",
                row=row_of(unsure.row),
            )
            yield Violation(rule="rows_as_read", team=None, visit=None, message=text)
    for name, file in plan.inputs:
        if file.rows != rows.get(name):
            text = msg(
                "{name} has {right} rows; the plan says {found}.",
                name=name,
                right=rows.get(name, 0),
                found=file.rows or 0,
            )
            yield Violation(rule="rows_as_read", team=None, visit=None, message=text)


def _same_rejected(found: Rejected, right: Rejected) -> bool:
    messages = {right.message.into(lang) for lang in LANGUAGES}  # the plan's language is not known
    return replace(found, message=right.message) == right and str(found.message) in messages


def _as_written(unsure: NotLocated) -> NotLocated:
    """Return the row with its points rounded as in `plan.json`."""
    candidates = (
        replace(each, point=Point(round(each.point.lon, DIGITS), round(each.point.lat, DIGITS)))
        for each in unsure.candidates
    )
    return replace(unsure, candidates=tuple(candidates))
