"""What must hold of the lists of rows that are on no route because of what they say: each stands there as the tables have it."""

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
    """Return every rejected or not located row, and every count of rows, that the plan has otherwise than the tables when they are read again."""
    counted = (
        _wrong_sheets(plan.sheets, sheets) if plan.sheets else ()
    )  # plans of earlier versions do not count them
    return (*_wrong(plan, rejected, not_located, rows), *counted)


def _wrong_sheets(found: Sequence[SheetCount], right: Sequence[SheetCount]) -> Iterator[Violation]:
    for each in (*found, *right):
        if (each in found) != (each in right):
            text = msg(
                "What the plan says of the rows of sheet {name} is not what the table gives.", name=each.sheet
            )
            yield Violation(rule="rows_as_read", team=None, visit=None, message=text)
            return


def _wrong(
    plan: Plan, rejected: Collection[Rejected], not_located: Collection[NotLocated], rows: Mapping[str, int]
) -> Iterator[Violation]:
    for refused in plan.rejected:
        if not any(_same_rejected(refused, right) for right in rejected):
            text = msg(
                "Row {row} was rejected; what the plan says of it is not what the table gives.",
                row=row_of(refused.row),
            )
            yield Violation(rule="rows_as_read", team=None, visit=None, message=text)
    right_ones = {_as_written(right) for right in not_located}
    for unsure in plan.not_located:
        if _as_written(unsure) not in right_ones:
            text = msg(
                "Row {row} was not found on the map; what the plan says of it is not what the tables and the map give.",
                row=row_of(unsure.row),
            )
            yield Violation(rule="rows_as_read", team=None, visit=None, message=text)
    for name, file in plan.inputs:
        if file.rows != rows.get(name):
            text = msg("{name} has {right} rows; the plan says {found}.", name=name, right=rows.get(name, 0), found=file.rows or 0)  # fmt: skip
            yield Violation(rule="rows_as_read", team=None, visit=None, message=text)


def _same_rejected(found: Rejected, right: Rejected) -> bool:
    said = {right.message.into(lang) for lang in LANGUAGES}  # the plan has them in one of the languages
    return replace(found, message=right.message) == right and str(found.message) in said


def _as_written(unsure: NotLocated) -> NotLocated:
    """Return it with its points as exact as `plan.json` has them."""
    candidates = (
        replace(each, point=Point(round(each.point.lon, DIGITS), round(each.point.lat, DIGITS)))
        for each in unsure.candidates
    )
    return replace(unsure, candidates=tuple(candidates))
