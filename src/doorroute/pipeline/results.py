"""Read results that teams handed in or the dispatcher typed into the day's log."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from doorroute.day.events import doors_of
from doorroute.day.plan_doors import hours_of, open_doors, sheet_numbers
from doorroute.errors import BadInputError
from doorroute.model.file_names import route_names
from doorroute.model.resident import TeamId, VisitId, door_of
from doorroute.pipeline.plan_folder import plan_in
from doorroute.texts import msg

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from doorroute.day import Logged
    from doorroute.handback.reading import TeamResults, Unread
    from doorroute.model.finding import Finding
    from doorroute.model.plan import Plan


@dataclass(frozen=True, kw_only=True)
class HandedIn:
    """The outcome of reading files: results by team, unreadable files, new log entries, and findings."""

    teams: tuple[TeamResults, ...]
    unread: tuple[Unread, ...]
    logged: Logged
    findings: tuple[Finding, ...]


def take_results(folder: Path, files: Sequence[Path], *, now_s: int | None) -> HandedIn:
    """Read all files and add what is new to the log in `folder`.

    The order of the files does not matter, and a file may be read twice.

    Raises
    ------
    BadInputError
        There is no plan, a table lacks a column, or no file has results.
    OutsideError
        The log cannot be written, the reader of pictures is missing, or another run is writing to the folder.
    """
    from doorroute.day import append, fold
    from doorroute.day.phone_events import phone_events
    from doorroute.day.sort_files import tables_and_pages
    from doorroute.day.typed_results import read_typed
    from doorroute.disk.takeover import settle
    from doorroute.handback.reading import read_results
    from doorroute.pipeline.opening import events_of, own_events, planned_anew
    from doorroute.pipeline.unchanged import changed_plan

    settle(folder)
    typed, pages = tables_and_pages(files)
    teams, unread = read_results(pages, folder) if pages else ((), ())
    if unread and not teams and not typed:
        raise BadInputError(unread[0].code, unread[0].message, unread[0].advice)
    plan = plan_in(folder)
    sent_by = dict(zip(route_names([route.team for route in plan.routes]), plan.routes, strict=True))
    teams = tuple(
        replace(page, team=sent_by[page.team].team) if page.team in sent_by else page for page in teams
    )  # the page of a second shift
    doors, open_now = doors_of(plan), open_doors(plan)
    by_team = {visit: route.team for route in plan.routes for visit in route.visits}
    hours, sheets = hours_of(plan), sheets_of(folder, plan) if typed else {}
    names = {name: TeamId(name) for sheet in sheets.values() for name in sheet}
    names |= {name: route.team for name, route in sent_by.items()}
    tables = [
        read_typed(file, doors, day=plan.date, teams=by_team, hours=hours, sheets=sheets, names=names)
        for file in typed
    ]
    known, _ = events_of(folder, plan)
    events = [
        event if event.residents else replace(event, residents=open_now.get(event.visit, doors[event.visit]))
        for table, _ in tables
        for event in table
    ]
    events += phone_events(teams, doors, known, day=plan.date)
    logged = append(folder, events, own_events(folder, plan)[0])
    held, broken = events_of(folder, plan)
    odd = fold(held, doors, day=plan.date, now_s=now_s).findings
    anew = (*changed_plan(folder), *planned_anew(folder, _COUNTS_THERE))
    return HandedIn(
        teams=teams,
        unread=unread,
        logged=logged,
        findings=(*(each for _, found in tables for each in found), *anew, *broken, *odd),
    )


def sheets_of(folder: Path, plan: Plan) -> dict[str, dict[str, tuple[VisitId, ...]]]:
    """Return the doors of each paper sheet in order, by plan mark and sheet name; this plan first."""
    from doorroute.handback.codes import read_codes
    from doorroute.pipeline.request import FILES, PARENT

    plans = [plan]
    with suppress(BadInputError):
        plans += [plan_in(folder / FILES[PARENT])] if (folder / FILES[PARENT]).is_file() else []
    sheets: dict[str, dict[str, tuple[VisitId, ...]]] = {each.mark: sheet_numbers(each) for each in plans}
    with suppress(BadInputError):
        for page in read_codes(folder):
            for mark in page.plans if page.date == plan.date else ():
                of_plan = sheets.setdefault(mark, {})
                of_plan.setdefault(page.lock.team, tuple(door_of(visit) for visit, _ in page.doors))
    return sheets


_COUNTS_THERE: Final = msg(
    "Results read here count there too, as long as both folders are in one place. Use the newest folder "
    "next time."
)
