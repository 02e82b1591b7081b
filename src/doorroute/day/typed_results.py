"""Read a table of results that the dispatcher typed, in Chinese or English, as events.

A row has a visit, a resident or the stop of a team's sheet, a status, a time and perhaps a note.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeVar

from doorroute.day.events import Doors, Event, Outcome
from doorroute.day.outcomes import is_partly, outcome_of, says_not_why
from doorroute.errors import BadInputError
from doorroute.intake import values
from doorroute.intake.findings import Findings
from doorroute.intake.resident_row import refuse_faulty
from doorroute.intake.row_reader import RejectedRowError, RowReader
from doorroute.intake.table_files import Sheet, is_blank, read_sheets
from doorroute.intake.table_layout import Layout, find_list
from doorroute.intake.times import USUAL_DAY, ReadMoment, moment
from doorroute.model.clock import DAY_S, clock
from doorroute.model.finding import Finding
from doorroute.model.resident import ResidentId, TeamId, VisitId, Window
from doorroute.texts import msg, msg_n

T = TypeVar("T")
I = TypeVar("I", bound=str)  # noqa: E741  # an id

_LATE_S: Final = 6 * 3600
"""How long after the last team is back a result may be dated."""
TABLES: Final = frozenset({".csv", ".tsv", ".xlsx", ".xls", ".xlsm", ".xlsb", ".ods"})
HEADERS: Final = {
    "visit": (
        *(
            "stop",
            "visit id",
            "visit number",
            "visit no",
            "door",
            "task",
            "任务号",
            "任务",
            "任务编号",
            "上门编号",
        ),
        *("走访编号", "门户编号", "访问编号", "户号", "站点"),
    ),
    "resident": ("resident id", "id", "person", "居民编号", "编号", "居民", "人员编号"),
    "stop": (*("stop number", "stop no", "no", "number", "站", "站号", "第几站", "序号", "站序", "顺序"),),
    "plan": ("plan number", "plan no", "plan mark", "计划", "计划号", "计划编号", "方案", "方案号"),
    "status": ("result", "outcome", "state", "状态", "结果", "情况", "采样结果", "完成情况"),
    "time": (
        "at",
        "clock",
        "when",
        "时间",
        "采样时间",
        "上门时间",
        "完成时间",
        "时刻",
        "几点",
        "time done",
        "done at",
    ),
    "team": ("team id", "小组", "队伍", "队", "组", "组别", "医疗队"),
    "note": ("remark", "remarks", "comment", "备注", "说明", "原因"),
}
_STOP: Final = re.compile(r"(?:第|no\.?|stop|#|站)?\s*(\d{1,4})(?:\.0)?\s*(?:站|户|号)?", re.IGNORECASE)

Sheets = Mapping[str, Mapping[str, tuple[VisitId, ...]]]
"""By plan mark: for each route, by the name of its sheet, its doors in the order of their numbers."""


@dataclass(frozen=True, kw_only=True)
class Lookup:
    """What a row may refer to: doors with their residents, their teams, and the numbers on the sheets."""

    day: str
    hours: Window
    visit: Callable[[str], VisitId | None]
    home: Callable[[str], tuple[VisitId, ResidentId] | None]
    teams: Mapping[VisitId, TeamId]
    sheets: Sheets
    names: Mapping[str, TeamId]


def is_table(path: Path) -> bool:
    """Return whether the file is a table of results, judged by its columns."""
    try:
        return "status" in find_list(path, read_sheets(path), HEADERS).columns
    except BadInputError:
        return False


def read_typed(
    path: Path,
    doors: Doors,
    *,
    day: str,
    teams: Mapping[VisitId, TeamId],
    hours: Window = USUAL_DAY,
    sheets: Sheets = MappingProxyType({}),
    names: Mapping[str, TeamId] = MappingProxyType({}),
) -> tuple[tuple[Event, ...], tuple[Finding, ...]]:
    """Read a table of results: each row becomes an event, or a finding with its line.

    Parameters
    ----------
    teams : the team of each door, for rows that name none.
    hours : when teams are out. A time such as 2:30 is read as the one nearest to these hours.
    sheets : the doors on the sheets of the day's plans.
    names : the team of each sheet, by the sheet's name.

    Raises
    ------
    BadInputError
        The file is not a table, or lacks a column: `NO_RESULT_COLUMN`.
    """
    findings = Findings("results")
    lookup = Lookup(
        day=day,
        hours=hours,
        visit=_named({visit: visit for visit in doors}),
        home=_named(
            {resident: (visit, resident) for visit, residents in doors.items() for resident in residents}
        ),
        teams=teams,
        sheets=sheets,
        names=names,
    )
    events: list[Event] = []
    for layout in _layouts(path, findings):
        findings.on(layout.sheet)
        for row in layout.rows:
            if row.blank or row.repeats_header:
                continue
            try:
                refuse_faulty(row, layout)
                events.append(_event(RowReader(row, findings), findings, lookup))
            except RejectedRowError as reason:
                findings.error(reason.code, row.number, reason.column, reason.message, reason.advice)
    return tuple(events), findings.all()


def _layouts(path: Path, findings: Findings) -> list[Layout]:
    """Return the lists of results on all sheets; a sheet without one gets a finding.

    Raises
    ------
    BadInputError
        No sheet has one.
    """
    sheets = read_sheets(path)
    if sheets[0].is_text or len(sheets) == 1:
        layouts = [find_list(path, sheets, HEADERS)]
    else:
        layouts = []
        for sheet in sheets:
            try:
                layouts.append(find_list(path, [sheet], HEADERS))
            except BadInputError:
                _report_skipped(sheet, findings)
    found = [layout for layout in layouts if _is_of_results(layout)]
    if not found:
        raise BadInputError(
            "NO_RESULT_COLUMN",
            msg(
                "{file} lacks a column: visit (or resident, or team and stop), status and time are needed.",
                file=path.name,
            ),
            msg(
                "Name the columns visit, status, time; or team, stop, plan, status, time. A note is optional."
            ),
        )
    for layout in layouts:
        if layout not in found:
            _report_skipped(next(sheet for sheet in sheets if sheet.name == layout.sheet), findings)
    return found


def _is_of_results(layout: Layout) -> bool:
    columns = layout.columns.keys()
    return {"status", "time"} <= columns and (
        bool({"visit", "resident"} & columns) or {"team", "stop"} <= columns
    )


def _report_skipped(sheet: Sheet, findings: Findings) -> None:
    findings.on(sheet.name)
    findings.warn(
        "OTHER_SHEET",
        None,
        "",
        msg_n(
            "The sheet {sheet} is not read ({n} row): {why}.",
            "The sheet {sheet} is not read ({n} rows): {why}.",
            sum(not is_blank(cells) for cells in sheet.rows),
            sheet=sheet.name,
            why=msg("it lacks a column: visit (or resident), status and time are needed"),
        ),
        msg("Name the columns visit, status, time; team and note are optional."),
    )


def _event(reader: RowReader, findings: Findings, lookup: Lookup) -> Event:
    at, person, team = _where(reader, lookup)
    outcome = _outcome(reader)
    time_s = _time_s(reader, findings, lookup)
    return Event(
        day=lookup.day,
        time_s=time_s,
        visit=at,
        outcome=outcome,
        residents=person,
        team=team or lookup.teams.get(at),
        note=reader.text("note"),
    )


def _where(reader: RowReader, lookup: Lookup) -> tuple[VisitId, tuple[ResidentId, ...], TeamId | None]:
    """Return the door, its residents that the row is about (none: all), and the team that the row names."""
    row = reader.row.number
    named, person_named = reader.text("visit"), reader.text("resident")
    number = reader.text("stop")
    sheet, team = _team(reader.text("team"), lookup)
    visit, person = lookup.visit(named), lookup.home(person_named)
    if named and visit is None and not number and team is not None and _STOP.fullmatch(named):
        named, number = "", named  # a stop column with the number on the sheet
    if number and visit is None and person is None and not (named or person_named):
        visit = _stop(row, number, sheet, reader.text("plan"), lookup)
        named = number
    at = visit or (person[0] if person else None)
    if (
        at is None
        or (named and visit is None)
        or (person_named and person is None)
        or (person and person[0] != at)
    ):
        raise RejectedRowError(
            "UNKNOWN_VISIT",
            "visit",
            msg("Row {row}: the plan has no such visit or resident.", row=row),
            msg("Use the visit (V7) or the resident (R12) of the plan, or the team and stop of its sheet."),
        )
    return at, (person[1],) if person else (), team


def _team(text: str, lookup: Lookup) -> tuple[str, TeamId | None]:
    """Return the name of the team's sheet, and the team; the text itself if no plan has it."""
    sheet = _named({name: name for name in lookup.names})(text) or text
    return sheet, lookup.names.get(sheet, TeamId(sheet)) if sheet else None


def _stop(row: int, number: str, team: str, plan: str, lookup: Lookup) -> VisitId:
    """Return the door with this number on a team's sheet; the row must name the plan if there are several."""
    marks = ", ".join(lookup.sheets)
    if not plan and len(lookup.sheets) > 1:
        raise RejectedRowError(
            "WHICH_PLAN",
            "plan",
            msg(
                "Row {row}: there are several plans for this day, and each numbers the stops differently.",
                row=row,
            ),
            msg("Add a column plan with the four letters at the top of the sheet: {marks}.", marks=marks),
        )
    mark = _named({each: each for each in lookup.sheets})(plan) if plan else next(iter(lookup.sheets), None)
    if mark is None:
        raise RejectedRowError(
            "UNKNOWN_PLAN",
            "plan",
            msg("Row {row}: no plan for this day has these letters.", row=row),
            msg("Write the four letters at the top of the team's sheet: {marks}.", marks=marks),
        )
    stop = _STOP.fullmatch(number.strip())
    doors = lookup.sheets[mark].get(team, ())
    if stop is None or not 1 <= int(stop[1]) <= len(doors):
        raise RejectedRowError(
            "UNKNOWN_STOP",
            "stop",
            msg("Row {row}: the sheet of this team has no such stop.", row=row),
            msg("Write the team as on its sheet, and the number in front of the address."),
        )
    return doors[int(stop[1]) - 1]


def _outcome(reader: RowReader) -> Outcome:
    row, text = reader.row.number, reader.text("status")
    outcome = outcome_of(text)
    if outcome is not None:
        return outcome
    words = msg(
        "Write done, not home or refused, as on the phone page and the paper sheet; write open to undo a "
        "result."
    )
    if is_partly(text):
        raise RejectedRowError(
            "PARTLY_DONE",
            "status",
            msg("Row {row}: some of the people are done, but the row does not say who.", row=row),
            msg("Write a line for each person: the resident's number and the result."),
        )
    if says_not_why(text):
        raise RejectedRowError(
            "UNKNOWN_STATUS",
            "status",
            msg("Row {row}: not done, but the row does not say why.", row=row),
            words,
        )
    raise RejectedRowError(
        "UNKNOWN_STATUS", "status", msg("Row {row}: the result is not a known word.", row=row), words
    )


def _time_s(reader: RowReader, findings: Findings, lookup: Lookup) -> int:
    row, hours = reader.row.number, lookup.hours
    read = _moment(values.text_of(reader.cell("time")[0]), hours)
    if read is None:
        raise RejectedRowError(
            "UNKNOWN_TIME",
            "time",
            msg("Row {row}: the time cannot be read.", row=row),
            msg("Write it like 10:20."),
        )
    after_midnight_s = read.time_s % DAY_S + DAY_S
    if read.date == _next(lookup.day) and after_midnight_s <= hours.end_s + _LATE_S:
        read = replace(read, date=lookup.day, time_s=after_midnight_s)
    if read.date not in {None, lookup.day}:
        raise RejectedRowError(
            "OTHER_DAY",
            "time",
            msg("Row {row} is for another day than the plan.", row=row),
            msg("Give the folder of that day's plan."),
        )
    if read.doubted:
        findings.warn(
            "TIME_DOUBTED",
            row,
            "time",
            msg("Row {row}: the time is read as {time}.", row=row, time=clock(read.time_s)),
            msg("If that is wrong, undo the result and type the time on the 24-hour clock."),
        )
    return read.time_s


def _named(ids: Mapping[I, T]) -> Callable[[str], T | None]:
    """Return a function that finds a value by its id.

    The id may be spelled freely (`r 12` for R12) if only one id fits; R1-2 is not R12.
    """
    exact = {str(name): value for name, value in ids.items()}
    free: dict[str, list[T]] = {}
    for name, value in exact.items():
        free.setdefault(values.key(name), []).append(value)

    def find(text: str) -> T | None:
        spelled = free.get(values.key(text), []) if text not in exact else [exact[text]]
        return spelled[0] if len(spelled) == 1 else None

    return find


def _moment(text: str, hours: Window) -> ReadMoment | None:
    try:
        return moment(text, hours)
    except ValueError:
        return None


def _next(day: str) -> str:
    return (dt.date.fromisoformat(day) + dt.timedelta(days=1)).isoformat()
