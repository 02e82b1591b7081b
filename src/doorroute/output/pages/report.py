"""The evening's page and table: how every row ended, plan and reality, what was learned; no names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from doorroute.day.closing import ENDS, End, RowFate, TeamDay
from doorroute.day.learned_messages import listed
from doorroute.disk.spreadsheet import csv_text
from doorroute.model.clock import clock
from doorroute.model.finding import Finding
from doorroute.model.ledger import SheetCount, ledger_text
from doorroute.model.line import row_of
from doorroute.output.drawings.lanes import LANES_A_FIGURE, lanes, lateness, span_of
from doorroute.output.pages.assets import render_page
from doorroute.output.pages.overview_data import RUNNING_NUMBER
from doorroute.output.views.routes import weekday
from doorroute.texts import Text, msg, msg_n

COLUMNS: Final = (
    "row", "id", "people", "visit", "state", "code", "column", "reason", "planned", "real", "late_min",
    "team", "tries", "sheet",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Report:
    """A closed day: `sentences` say what was learned, `kept` what was not."""

    day: str
    fates: tuple[RowFate, ...]
    teams: tuple[TeamDay, ...]
    sentences: tuple[Text, ...]
    kept: Text | None
    findings: tuple[Finding, ...]
    sheets: tuple[SheetCount, ...] = ()

    @property
    def ledger(self) -> Text | None:
        """Return how the rows of every sheet of the list ended."""
        return ledger_text(self.sheets) if self.sheets else None

    @property
    def carried(self) -> int:
        """Return how many rows are for tomorrow."""
        return sum(fate.carried for fate in self.fates)

    @property
    def counts(self) -> Mapping[End, int]:
        """Return how many rows ended where, only where there are any, in the order of `End`."""
        found = Counter(fate.end for fate in self.fates)
        return {end: found[end] for end in End if found[end]}

    @property
    def sum(self) -> Text:
        """Return the sum: all rows = sampled + refused + not sampled, and the rows that are not a person."""
        counts = self.counts
        done, refused, nobody = (counts.get(end, 0) for end in (End.SAMPLED, End.REFUSED, End.NO_PERSON))
        parts = {"rows": len(self.fates) - nobody, "done": done, "refused": refused, "nobody": nobody}
        rest = len(self.fates) - done - refused - nobody
        if nobody:
            return msg(
                "{rows} on the list = {done} sampled + {refused} refused + {rest} not sampled, each with "
                "its reason; also {nobody} rows that are not a person (blank, totals or duplicate)",
                **parts,
                rest=rest,
            )
        return msg(
            "{rows} on the list = {done} sampled + {refused} refused + {rest} not sampled, each with its "
            "reason",
            **parts,
            rest=rest,
        )

    @property
    def people(self) -> Text | None:
        """Return how many people that is, None where every row is one."""
        people, done = (
            sum(fate.people for fate in self.fates if fate.resident is not None and fate.end in ends)
            for ends in (set(End), {End.SAMPLED})
        )
        rows = sum(fate.resident is not None for fate in self.fates)
        if people == rows:
            return None
        return msg(
            "{rows} on the list, {people} people to sample, of whom {done} were sampled.",
            rows=rows,
            people=people,
            done=done,
        )

    @property
    def reasons(self) -> Text | None:
        """Return how many were not sampled for which reason, None where there are none."""
        others = {End.SAMPLED, End.REFUSED, End.NO_PERSON}
        left = [msg("{n} {what}", n=n, what=ENDS[end]) for end, n in self.counts.items() if end not in others]
        return listed(left) if left else None

    @property
    def for_tomorrow(self) -> Text:
        """Return how many rows are for tomorrow."""
        return msg_n(
            "{n} row for tomorrow, in {file}",
            "{n} rows for tomorrow, in {file}",
            self.carried,
            file=CARRY_OVER,
        )


PAGE, TABLE, CARRY_OVER = "report.html", "report.csv", "carry-over.xlsx"


def late_min(fate: RowFate) -> int | None:
    """Return the minutes from the planned departure to the time of the result; negative if earlier."""
    return (
        None if fate.planned_s is None or fate.real_s is None else round((fate.real_s - fate.planned_s) / 60)
    )


def report_table(report: Report, lang: str) -> str:
    """Return every row of the list as CSV, with a byte order mark."""
    return "\ufeff" + csv_text(COLUMNS, _rows(report, lang))


def _rows(report: Report, lang: str) -> Iterator[tuple[str | int, ...]]:
    for fate in report.fates:
        late = late_min(fate)
        yield (
            row_of(fate.row),
            fate.resident or "",
            fate.people,
            fate.visit or "",
            fate.end.value,
            fate.code,
            fate.column,
            ": ".join(text.into(lang) for text in (fate.reason, fate.detail) if text is not None),
            "" if fate.planned_s is None else clock(fate.planned_s),
            "" if fate.real_s is None else clock(fate.real_s),
            "" if late is None else late,
            fate.team or "",
            fate.tries,
            fate.sheet,
        )


def report_page(report: Report, *, lang: str, files: Sequence[tuple[str, Text]]) -> str:
    """Return the page as HTML, complete in itself; it links to `files` in its folder, each with its purpose.

    It shows rows, visits, and ids that are only numbers.
    """
    span = span_of(report.teams)
    figures = [
        lanes(report.teams[at : at + LANES_A_FIGURE], span, lang)
        for at in range(0, len(report.teams), LANES_A_FIGURE)
    ]
    return render_page(
        "report.html.j2",
        lang,
        {
            "report": report,
            "date": report.day,
            "weekday": weekday(report.day),
            "figures": figures,
            "missed": [fate for fate in report.fates if fate.carried],
            "ends": {end.value: text for end, text in ENDS.items()},
            "clock": clock,
            "shown": row_of,
            "late": late_min,
            "lateness": lateness,
            "number": lambda text: text if text and RUNNING_NUMBER.fullmatch(text) else "",
            "files": files,
        },
    )
