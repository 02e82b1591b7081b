"""Account for every row of every sheet: the counts add up to the file and to the list of people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from doorroute.texts import Text, msg, msg_n

if TYPE_CHECKING:
    from doorroute.model.plan import Plan

NO_PERSON: Final = frozenset(
    {"EMPTY_ROW", "EXAMPLE_ROW", "HEADER_AGAIN", "TOTALS_ROW", "DUPLICATE", "CONTINUED_ROW", "OTHER_TABLE"}
)
"""Codes of skipped rows: they hold no person, or one whose own row is elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetCount:
    """Counts of one sheet of a list of residents.

    `rows`, counted from below the header to the last row with content, is the sum of `with_people`,
    `to_correct` and `skipped`. A row may hold several people: `residents` counts those taken, `refused` those
    whose rows must be corrected. Skipped rows hold nobody. `read` is False for a sheet that is not a list of
    people.
    """

    source: str
    sheet: str
    rows: int
    with_people: int = 0
    to_correct: int = 0
    skipped: int = 0
    residents: int = 0
    refused: int = 0
    read: bool = True

    @property
    def text(self) -> Text:
        """Return the counts as one line."""
        rows = msg_n("{n} row", "{n} rows", self.rows)
        if not self.read:
            return msg("{name}: {rows}, not read", rows=rows, name=self.sheet)
        numbers = {"rows": rows, "n": self.residents + self.refused, "skipped": self.skipped}
        if not self.sheet:
            return msg("{rows}: {n} on the list, {skipped} skipped", **numbers)
        return msg("{name}: {rows}, {n} on the list, {skipped} skipped", name=self.sheet, **numbers)


def ledger_text(sheets: Sequence[SheetCount]) -> Text:
    """Return the counts of every sheet, and their sum if there are several."""
    first, *others = (each.text for each in sheets)
    line = listed_lines(first, others)
    read = [each for each in sheets if each.read]
    if len(read) < 2:
        return line
    return msg(
        "{sheets}. Together: {rows} rows, {n} on the list, {skipped} skipped",
        sheets=line,
        rows=sum(each.rows for each in read),
        n=sum(each.residents + each.refused for each in read),
        skipped=sum(each.skipped for each in read),
    )


def listed_lines(first: Text, others: Sequence[Text]) -> Text:
    """Join sentences with semicolons."""
    joined = first
    for one in others:
        joined = msg("{these}; {one}", these=joined, one=one)
    return joined


def headline(plan: Plan) -> Text:
    """Return how many people on the list are planned and where the others are; the sum is the whole list."""
    planned = {resident for route in plan.routes for step in route.steps for resident in step.residents}
    in_time = sum(len(left.residents) for left in plan.unassigned if left.code.value == "TIME_WINDOW")
    off = sum(len(left.residents) for left in plan.unassigned) - in_time
    wrong = sum(each.code not in NO_PERSON for each in plan.rejected)
    parts = [
        msg("{n} planned", n=len(planned)),
        *([msg("{n} not possible at the time", n=in_time)] if in_time else []),
        *([msg("{n} on no route", n=off)] if off else []),
        *(
            [msg_n("{n} address to decide", "{n} addresses to decide", len(plan.not_located))]
            if plan.not_located
            else []
        ),
        *([msg_n("{n} row to correct", "{n} rows to correct", wrong)] if wrong else []),
    ]
    total = len(planned) + in_time + off + len(plan.not_located) + wrong
    joined = parts[0]
    for part in parts[1:]:
        joined = msg("{these}, {more}", these=joined, more=part)
    return msg("{n} on the list: {parts}", n=total, parts=joined)
