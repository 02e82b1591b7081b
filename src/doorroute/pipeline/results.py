"""What teams handed in and dispatchers typed, taken into the day's log beside the plan."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from doorroute.day.events import doors_of
from doorroute.errors import BadInputError
from doorroute.intake.times import USUAL_DAY
from doorroute.model.file_names import route_names
from doorroute.model.resident import ResidentId, TeamId, VisitId, Window, door_of
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
    """What came of a set of files: what each team's phones said, what could not be read, what the log did, and what is odd about the day so far."""

    teams: tuple[TeamResults, ...]
    unread: tuple[Unread, ...]
    logged: Logged
    findings: tuple[Finding, ...]


def plan_in(folder: Path) -> Plan:
    """Read the plan of a folder (or that file itself).

    Raises
    ------
    BadInputError
        There is none, or it is not whole.
    """
    from doorroute.model.plan_json import plan_from_json
    from doorroute.pipeline.plan_folder import read_plan

    try:
        return plan_from_json(read_plan(folder))
    except ValueError as error:
        raise BadInputError(
            "PLAN_UNREADABLE",
            msg("The plan in {folder} is not whole: {what}.", folder=str(folder), what=str(error)),
            msg("Make it again with `doorroute plan`."),
        ) from error


def take_results(folder: Path, files: Sequence[Path], *, now_s: int | None) -> HandedIn:
    """Read every file, in any order, the same one twice without harm, and add what is new to the log in `folder`.

    Raises
    ------
    BadInputError
        There is no plan, a table lacks a column, or no file at all gives results.
    OutsideError
        The log cannot be written, the reader of pictures is missing, or another run is at work in the folder.
    """
    from doorroute.day import append, fold
    from doorroute.day.phone_events import phone_events
    from doorroute.day.typed_results import read_typed
    from doorroute.disk.takeover import settle
    from doorroute.handback.reading import read_results
    from doorroute.pipeline.opening import events_of, own_events, planned_anew
    from doorroute.pipeline.unchanged import changed_plan

    settle(folder)
    typed, pages = _sorted(files)
    teams, unread = read_results(pages, folder) if pages else ((), ())
    if unread and not teams and not typed:
        raise BadInputError(unread[0].code, unread[0].message, unread[0].advice)
    plan = plan_in(folder)
    sent_by = dict(zip(route_names([route.team for route in plan.routes]), plan.routes, strict=True))
    teams = tuple(
        replace(page, team=sent_by[page.team].team) if page.team in sent_by else page for page in teams
    )  # the page of a second shift
    doors, open_now = doors_of(plan), _open_now(plan)
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


def _sorted(files: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Return the tables, and all else that may hold results of a page: told by what is in a file, not by its name."""
    from doorroute.day.typed_results import TABLES, is_table
    from doorroute.handback.file_kinds import Kind, kind_of, read_whole, text_of
    from doorroute.handback.marks import readings_in

    typed: list[Path] = []
    pages: list[Path] = []
    for file in files:
        by_name = file.suffix.lower() in TABLES
        try:
            data = read_whole(file)
            kind = kind_of(file, data)
        except BadInputError as error:
            # a table is told about as a table
            (typed if by_name and error.code != "RESULTS_KIND" else pages).append(file)
            continue
        codes = kind is Kind.TEXT and any(True for _ in readings_in(text_of(data) or ""))
        table = kind is Kind.WORKBOOK or (kind is Kind.TEXT and ((by_name and not codes) or is_table(file)))
        if table:
            typed.append(file)
        if codes or not table:
            pages.append(file)
    return typed, pages


def sheets_of(folder: Path, plan: Plan) -> dict[str, dict[str, tuple[VisitId, ...]]]:
    """Return how the sheets of the day's plans number their doors, by the plan's mark and what each sheet is called; the plan's own first."""
    from doorroute.handback.codes import read_codes
    from doorroute.pipeline.request import FILES, PARENT

    plans = [plan]
    with suppress(BadInputError):
        plans += [plan_in(folder / FILES[PARENT])] if (folder / FILES[PARENT]).is_file() else []
    sheets: dict[str, dict[str, tuple[VisitId, ...]]] = {each.mark: _numbers(each) for each in plans}
    with suppress(BadInputError):
        for page in read_codes(folder):
            for mark in page.plans if page.date == plan.date else ():
                of_plan = sheets.setdefault(mark, {})
                of_plan.setdefault(page.lock.team, tuple(door_of(visit) for visit, _ in page.doors))
    return sheets


def _numbers(plan: Plan) -> dict[str, tuple[VisitId, ...]]:
    names = route_names([route.team for route in plan.routes])
    return {
        name: tuple(door_of(step.visit) for step in route.steps if step.visit is not None and step.residents)
        for name, route in zip(names, plan.routes, strict=True)
    }


_COUNTS_THERE: Final = msg(
    "What is read here counts there too while both folders lie side by side; give the newest folder from now on."
)


def hours_of(plan: Plan) -> Window:
    """Return from when to when teams are out by the plan."""
    if not plan.routes:
        return USUAL_DAY
    return Window(min(route.start_s for route in plan.routes), max(route.finish_s for route in plan.routes))


def _open_now(plan: Plan) -> dict[VisitId, tuple[ResidentId, ...]]:
    """Return who is still behind each door of which a part was done before: a line on that door means them."""
    doors = doors_of(plan)
    visits = [
        (step.visit, step.residents)
        for route in plan.routes
        for step in route.steps
        if step.visit is not None
    ]
    return {
        visit: residents
        for visit, residents in (*visits, *((left.visit, left.residents) for left in plan.unassigned))
        if visit == door_of(visit) and len(residents) < len(doors[visit])
    }
