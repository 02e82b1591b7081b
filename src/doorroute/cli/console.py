"""Print progress on standard error, results on standard output."""

from __future__ import annotations

import json
import signal
import sys
import threading
import time
from contextlib import AbstractContextManager, contextmanager
from dataclasses import fields
from itertools import islice
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text as Styled

from doorroute.model.clock import clock, duration
from doorroute.model.finding import Severity, place_text, table_name
from doorroute.model.grouped import count_text, grouped, skipped_rows
from doorroute.model.ledger import NO_PERSON, headline, ledger_text
from doorroute.pipeline.plan_folder import PLAN
from doorroute.pipeline.stages import PLANNING, SCENARIOS, Reporter, Silence, Stage
from doorroute.texts import Text, msg, msg_n

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from rich.status import Status

    from doorroute.model.finding import Finding
    from doorroute.model.ledger import SheetCount
    from doorroute.model.plan import Plan, Summary
    from doorroute.pipeline.stopped_search import KeptPlan
    from doorroute.planning import Progress

BAR_WIDTH = 24
FIRST = 5
"""How many entries of a list are printed before `and n more`."""


class _Screen(Console):
    """A console for results."""

    def on_broken_pipe(self) -> None:
        """Raise the error, which `main` handles."""
        raise BrokenPipeError


def results() -> Console:
    """Return the console of results. It reads no markup: cell texts may look like it."""
    return _Screen(markup=False, highlight=False, soft_wrap=False)


class ProgressReporter:
    """A reporter that shows the running stage, the time that each took, and the best plan so far."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.console = Console(stderr=True, markup=False, highlight=False)
        self._live: Status | None = None

    @contextmanager
    def _running(self, stage: Stage) -> Iterator[None]:
        began = time.monotonic()
        title = stage.does.into(self.lang)
        with self.console.status(title) as self._live:
            yield
        self._live = None
        self.console.print(
            Styled.assemble(("✓ ", "green"), f"{title}  ", (f"{time.monotonic() - began:.1f} s", "dim"))
        )

    def stage(self, stage: Stage, /) -> AbstractContextManager[object]:
        """Show the stage while it runs, and its time afterwards."""
        return self._running(stage)

    def best(self, progress: Progress, /) -> None:
        """Show the best plan so far after the stage's title."""
        if self._live is not None:
            best = msg(
                "{seconds} s: last return {finish}, travel {travel}, left out {left}",
                seconds=round(progress.elapsed_s),
                finish=clock(progress.finish_s),
                travel=duration(progress.travel_s),
                left=progress.unassigned,
            )
            self._live.update(f"{PLANNING.does.into(self.lang)} · {best.into(self.lang)}")

    def warn(self, finding: Finding, /) -> None:
        """Show a warning above the running stage."""
        self.console.print(
            Styled.assemble(
                ("! ", "bold yellow"),
                finding.message.into(self.lang),
                (f" {finding.advice.into(self.lang)}", "dim"),
            ),
            soft_wrap=True,
        )


def reporter(lang: str, *, quiet: bool) -> Reporter:
    """Return the reporter of progress."""
    return Silence() if quiet else ProgressReporter(lang)


class Watching:
    """A reporter that passes everything on, and knows whether the search is running."""

    def __init__(self, reporter: Reporter) -> None:
        self._reporter, self.searching = reporter, False

    def stage(self, stage: Stage, /) -> AbstractContextManager[object]:
        """Note when the search starts and ends."""
        return self._running(stage)

    @contextmanager
    def _running(self, stage: Stage) -> Iterator[None]:
        with self._reporter.stage(stage):
            self.searching = stage in (PLANNING, SCENARIOS)
            try:
                yield
            finally:
                self.searching = False

    def best(self, progress: Progress, /) -> None:
        """Pass it on."""
        self._reporter.best(progress)

    def warn(self, finding: Finding, /) -> None:
        """Pass it on."""
        self._reporter.warn(finding)


@contextmanager
def stop_on_interrupt(watching: Watching | None = None) -> Iterator[threading.Event]:
    """Set the event on the first Ctrl-C during a search, so that it stops with the best plan so far.

    The second Ctrl-C raises KeyboardInterrupt, and so does the first while `watching` sees no search.
    """
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return

    def on_interrupt(signum: int, frame: object) -> None:
        del signum, frame
        if stop.is_set() or (watching is not None and not watching.searching):
            raise KeyboardInterrupt
        stop.set()

    before = signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def nothing_written_on_interrupt(out: Path, lang: str) -> Iterator[None]:
    """On Ctrl-C, print that no plan was written to `out`, and whether it still has one."""
    try:
        yield
    except KeyboardInterrupt:
        told = (
            msg("Stopped: no plan was written. The plan in {folder} is unchanged.", folder=str(out))
            if (out / PLAN).is_file()
            else msg("Stopped: no plan was written.")
        )
        click.echo(told.into(lang), err=True)
        raise click.exceptions.Abort from None


def tell_stopped(kept: KeptPlan | None, out: Path, lang: str) -> None:
    """Print what happens after a stopped search. With `kept`, nothing is written and the command ends.

    Raises
    ------
    click.exceptions.Abort
        `kept` is given.
    """
    if kept is None:
        click.echo(msg("Stopped early: the best plan so far is used.").into(lang), err=True)
        return
    summary = kept.plan.summary
    numbers = {
        "folder": str(out),
        "date": kept.plan.date,
        "finish": clock(summary.finish_s),
        "assigned": summary.assigned,
        "visits": summary.visits,
    }
    told = (
        msg(
            "Stopped early: no better plan was found than the one in {folder} ({assigned} of {visits} "
            "visits, last return {finish}). It is kept; nothing was written.",
            **numbers,
        )
        if kept.same
        else msg(
            "Stopped early: {folder} has a plan of {date} that was made from other tables or settings. It "
            "is kept; nothing was written. Run it to the end to replace it, or name another folder with "
            "--out.",
            **numbers,
        )
    )
    click.echo(told.into(lang), err=True)
    raise click.exceptions.Abort


def print_json(document: object) -> None:
    """Print a document as JSON, Chinese unescaped."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=1) + "\n")


def print_findings(findings: Iterable[Finding], lang: str) -> None:
    """Print the findings, the worst first. Equal ones are one entry with their rows; advice is below it."""
    console = results()
    style = {"error": "bold red", "warning": "bold yellow", "note": "bold"}
    groups = grouped(findings)
    for group in (each for each in groups if not each.skipped):
        about = " · ".join(filter(None, (table_name(group.table).into(lang), group.column)))
        head = Styled.assemble((group.code, style[group.severity.value]), f" {about}")
        if where := count_text(group).into(lang):
            head.append(f" · {where}")
        console.print(head, soft_wrap=True)
        for said in group.same[:FIRST]:
            where = said.where.into(lang) if said.where is not None and len(group.same) > 1 else ""
            console.print(f"  {where + ': ' if where else ''}{said.message.into(lang)}", soft_wrap=True)
        if len(group.same) > FIRST:
            more = sum(len(said.findings) for said in group.same[FIRST:])
            others = msg_n("and {n} more", "and {n} more", more)
            console.print(f"  {others.into(lang)}", soft_wrap=True)
        for advice in dict.fromkeys(said.advice.into(lang) for said in group.same[:FIRST]):
            console.print(Styled(f"  → {advice}", style="dim"), soft_wrap=True)
    skipped = [
        (group.code, said.message, said.where) for group in groups if group.skipped for said in group.same
    ]
    _print_skipped(skipped, sum(group.count for group in groups if group.skipped), lang)


def _print_skipped(skipped: Sequence[tuple[str, Text, Text | None]], rows: int, lang: str) -> None:
    """Print the first rows that are not people, equal ones in one line."""
    console = results()
    if skipped:
        title = msg_n("{n} row skipped (nothing to do):", "{n} rows skipped (nothing to do):", rows)
        console.print(title.into(lang), style="bold")
    for code, message, where in skipped[:FIRST]:
        place = where.into(lang) if where else ""
        console.print(
            Styled.assemble(f"  {place} ", (f"{code} ", "yellow"), message.into(lang)), soft_wrap=True
        )
    if len(skipped) > FIRST:
        console.print("  …")


def print_in_doubt(doubts: Collection[Finding], others: Text, lang: str, *, planned: bool) -> None:
    """Print how many rows are `planned` (or accepted) despite a warning, and the first warnings.

    `others` says where all of them are.
    """
    if not doubts:
        return
    rows = len({each.row for each in doubts})
    title = (
        msg_n(
            "{n} row is planned, although something in it was unclear:",
            "{n} rows are planned, although something in them was unclear:",
            rows,
        )
        if planned
        else msg_n(
            "{n} row is accepted, although something in it was unclear:",
            "{n} rows are accepted, although something in them was unclear:",
            rows,
        )
    )
    console = results()
    console.print(title.into(lang), style="bold", soft_wrap=True)
    for group in islice(grouped(doubts), FIRST):
        first = group.same[0].message.into(lang)
        where = " · ".join(filter(None, (count_text(group).into(lang), group.column)))
        console.print(Styled.assemble(f"  {where} ", (f"{group.code} ", "yellow"), first), soft_wrap=True)
    console.print(f"  {others.into(lang)}", soft_wrap=True)


def print_datums(findings: Iterable[Finding], lang: str) -> None:
    """Print the datum of each table's coordinates, and what to do if it is not sure."""
    console = results()
    for each in findings:
        if each.code.startswith(("DATUM_", "BARRIERS_SHIFTED")) and each.row is None:
            line = msg("{table}: {message}", table=table_name(each.table), message=each.message).into(lang)
            sure = each.severity is Severity.NOTE
            console.print(Styled(line, style="" if sure else "bold yellow"), soft_wrap=True)
            if not sure:
                console.print(f"  → {each.advice.into(lang)}", soft_wrap=True)


def finding_to_json(finding: Finding, lang: str) -> dict[str, object]:
    """Return a finding as a JSON object."""
    return {
        "severity": finding.severity.value,
        "code": finding.code,
        "table": finding.table,
        "row": finding.row_shown,
        "sheet": finding.sheet,
        "column": finding.column,
        "message": finding.message.into(lang),
        "advice": finding.advice.into(lang),
    }


def print_plan(plan: Plan, lang: str) -> None:
    """Print each team's day with a bar for its finish, then everything that is on no route."""
    console = results()
    if plan.routes:
        _print_routes(plan, console, lang)
    else:
        console.print(
            msg("No door is on a route. The reasons, and what would help, are listed below.").into(lang),
            style="bold",
        )
    _print_left_out(plan, console, lang)


def print_sum(plan: Plan, lang: str) -> None:
    """Print how many people are planned and where the others are, and how the rows of every sheet ended."""
    results().print(headline(plan).into(lang), style="bold", soft_wrap=True)
    print_ledger(plan.sheets, lang)


def print_ledger(sheets: Sequence[SheetCount], lang: str) -> None:
    """Print how the rows of every sheet of the list ended."""
    if sheets:
        results().print(ledger_text(sheets).into(lang), soft_wrap=True)


def sheets_to_json(sheets: Sequence[SheetCount]) -> list[dict[str, object]]:
    """Return how the rows of every sheet ended, as JSON objects."""
    return [{field.name: getattr(each, field.name) for field in fields(each)} for each in sheets]


def _print_routes(plan: Plan, console: Console, lang: str) -> None:
    summary = plan.summary
    assigned, visits = plan.doors
    numbers = {
        "assigned": assigned,
        "visits": visits,
        "routes": len(plan.routes),
        "finish": clock(summary.finish_s),
        "bound": clock(summary.lower_bound_finish_s),
        "travel": duration(summary.travel_s),
        "km": f"{summary.distance_m / 1000:.1f}",
    }
    first = (
        msg(
            "{assigned} of {visits} doors on {routes} routes, last return {finish} (never before {bound}), "
            "travel {travel}, {km} km",
            **numbers,
        )
        if summary.lower_bound_finish_s
        else msg(
            "{assigned} of {visits} doors on {routes} routes, last return {finish}, travel {travel}, {km} km",
            **numbers,
        )
    )
    console.print(first.into(lang), style="bold", soft_wrap=True)
    for line in more_of(summary, replanned=plan.parent is not None):
        console.print(line.into(lang), soft_wrap=True)
    table = Table(box=None, pad_edge=False, show_edge=False, header_style="bold")
    table.add_column(msg("Team").into(lang))
    for title in (msg("Visits"), msg("Residents"), msg("Leaves"), msg("Back"), msg("Travel")):
        table.add_column(title.into(lang), justify="right")
    table.add_column("")
    begin = min((route.start_s for route in plan.routes), default=0)
    span = max(1, summary.finish_s - begin)
    for route in plan.routes:
        width = max(1, round(BAR_WIDTH * (route.finish_s - begin) / span))
        table.add_row(
            Styled(route.team),
            str(len(route.visits)),
            str(sum(len(step.residents) for step in route.steps)),
            clock(route.start_s),
            clock(route.finish_s),
            duration(route.travel_s),
            Styled("▇" * width, style="blue"),
        )
    console.print(table)


def more_of(summary: Summary, *, replanned: bool = False) -> list[Text]:
    """Return sentences on the trade-off, the bounds, and wishes that were not kept, as far as they apply.

    On a `replanned` day the wishes need no line: the doors that change their team are counted elsewhere.
    """
    lines = []
    if summary.trade_off is not None:
        lines.append(msg("Compared with the shortest plan found: {trade_off}", trade_off=summary.trade_off))
    if summary.lower_bound_travel_s:
        lines.append(
            msg(
                "No plan of these visits has less travel than {bound}.",
                bound=duration(summary.lower_bound_travel_s),
            )
        )
    if summary.lower_bound_teams > 1:  # at least one is trivial
        lines.append(
            msg(
                "{teams} teams go out; at least {bound} teams are needed.",
                teams=summary.teams,
                bound=summary.lower_bound_teams,
            )
        )
    if summary.wishes_s and not replanned:
        lines.append(
            msg(
                "Not every wish was kept: some doors are outside the team's home area, or have another team "
                "than before."
            )
        )
    return lines


def _print_left_out(plan: Plan, console: Console, lang: str) -> None:
    if plan.unassigned:
        console.print(msg("On no route:").into(lang), style="bold")
    for left in plan.unassigned:
        console.print(
            Styled.assemble((f"  {left.visit} {left.code.value} ", "yellow"), left.detail.into(lang)),
            soft_wrap=True,
        )
        console.print(f"      → {left.remedy.into(lang)}", soft_wrap=True)
    if plan.not_located:
        console.print(msg("Not found on the map, please check:").into(lang), style="bold")
    for entry in plan.not_located:
        n = len(entry.candidates)
        found = (
            msg_n(
                "{n} possible place; confirm it on the page “Resolve addresses”",
                "{n} possible places; choose one on the page “Resolve addresses”",
                n,
            )
            if n
            else msg(
                "no possible place; correct the address, or mark the place on the page “Resolve addresses”"
            )
        )
        where = place_text(entry.row, entry.sheet).into(lang)
        console.print(
            Styled.assemble(f"  {where} ", (f"{entry.code.value} ", "yellow"), found.into(lang)),
            soft_wrap=True,
        )
    wrong = [row for row in plan.rejected if row.code not in NO_PERSON]
    if wrong:
        console.print(msg("Rows to correct:").into(lang), style="bold")
    for row in wrong:
        where = place_text(row.row, row.sheet).into(lang)
        console.print(
            Styled.assemble(f"  {where} ", (f"{row.code} ", "yellow"), row.message.into(lang)), soft_wrap=True
        )
    skipped = skipped_rows(plan.rejected)
    _print_skipped([each[1:] for each in skipped], sum(rows for rows, *_ in skipped), lang)
