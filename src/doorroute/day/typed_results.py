"""A table of results that the dispatcher typed, as events: visit, resident or stop of a team's sheet, status, time, note; Chinese or English."""

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
"""So long after the last team is back may something be told of the day."""
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
"""The day's plans by their mark: for each route, by what its sheet is called, the doors in the order of its numbers."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """What a table may name: the doors with their residents, which team has each, and the numbers on the sheets."""

    day: str
    hours: Window
    visit: Callable[[str], VisitId | None]
    home: Callable[[str], tuple[VisitId, ResidentId] | None]
    teams: Mapping[VisitId, TeamId]
    sheets: Sheets
    names: Mapping[str, TeamId]


def is_table(path: Path) -> bool:
    """Say whether the file is a table of results, whatever its name."""
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
    """Read such a table. Each row becomes an event, or is told with its line; `teams` are taken where the row names none.

    `sheets` are the numbers on the sheets of the day's plans, `names` the team of each sheet by what it is called. `hours` is when teams are out: a time of small hours is the one that lies nearest to them.

    Raises
    ------
    BadInputError
        The file is no table, or lacks a column: `NO_RESULT_COLUMN`.
    """
    findings = Findings("results")
    known = Known(
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
                events.append(_event(RowReader(row, findings), findings, known))
            except RejectedRowError as reason:
                findings.error(reason.code, row.number, reason.column, reason.message, reason.advice)
    return tuple(events), findings.all()


def _layouts(path: Path, findings: Findings) -> list[Layout]:
    """Return the lists of results on all sheets; a sheet that holds none is told. Raises BadInputError where there is none."""
    sheets = read_sheets(path)
    if sheets[0].is_text or len(sheets) == 1:
        layouts = [find_list(path, sheets, HEADERS)]
    else:
        layouts = []
        for sheet in sheets:
            try:
                layouts.append(find_list(path, [sheet], HEADERS))
            except BadInputError:
                _tell_sheet(sheet, findings)
    found = [layout for layout in layouts if _is_of_results(layout)]
    if not found:
        raise BadInputError(
            "NO_RESULT_COLUMN",
            msg(
                "{file} lacks a column: visit (or resident, or team and stop), status and time are needed.",
                file=path.name,
            ),
            msg(
                "Head the columns visit, status, time; or team, stop, plan, status, time. A note may follow."
            ),
        )
    for layout in layouts:
        if layout not in found:
            _tell_sheet(next(sheet for sheet in sheets if sheet.name == layout.sheet), findings)
    return found


def _is_of_results(layout: Layout) -> bool:
    columns = layout.columns.keys()
    return {"status", "time"} <= columns and (
        bool({"visit", "resident"} & columns) or {"team", "stop"} <= columns
    )


def _tell_sheet(sheet: Sheet, findings: Findings) -> None:
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
        msg("Head the columns visit, status, time; team and note may follow."),
    )


def _event(reader: RowReader, findings: Findings, known: Known) -> Event:
    at, person, team = _where(reader, known)
    outcome = _outcome(reader)
    time_s = _time_s(reader, findings, known)
    return Event(
        day=known.day,
        time_s=time_s,
        visit=at,
        outcome=outcome,
        residents=person,
        team=team or known.teams.get(at),
        note=reader.text("note"),
    )


def _where(reader: RowReader, known: Known) -> tuple[VisitId, tuple[ResidentId, ...], TeamId | None]:
    """Return the door, who of it (nobody: all), and the team that the row names."""
    row = reader.row.number
    named, person_named = reader.text("visit"), reader.text("resident")
    number = reader.text("stop")
    said, team = _team(reader.text("team"), known)
    visit, person = known.visit(named), known.home(person_named)
    if named and visit is None and not number and team is not None and _STOP.fullmatch(named):
        named, number = "", named  # the column stop, with the number on the sheet
    if number and visit is None and person is None and not (named or person_named):
        visit = _stop(row, number, said, reader.text("plan"), known)
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


def _team(text: str, known: Known) -> tuple[str, TeamId | None]:
    """Return what the team's sheet is called, and the team; the text itself where no plan has it."""
    sheet = _named({name: name for name in known.names})(text) or text
    return sheet, known.names.get(sheet, TeamId(sheet)) if sheet else None


def _stop(row: int, number: str, team: str, plan: str, known: Known) -> VisitId:
    """Return the door with a number on a team's sheet; of which plan is asked where there are several."""
    marks = ", ".join(known.sheets)
    if not plan and len(known.sheets) > 1:
        raise RejectedRowError(
            "WHICH_PLAN",
            "plan",
            msg(
                "Row {row}: there are several plans of this day, and stops have other numbers in each.",
                row=row,
            ),
            msg("Add a column plan with the four letters at the top of the sheet: {marks}.", marks=marks),
        )
    mark = _named({each: each for each in known.sheets})(plan) if plan else next(iter(known.sheets), None)
    if mark is None:
        raise RejectedRowError(
            "UNKNOWN_PLAN",
            "plan",
            msg("Row {row}: no plan of this day has these letters.", row=row),
            msg("Write the four letters at the top of the team's sheet: {marks}.", marks=marks),
        )
    stop = _STOP.fullmatch(number.strip())
    doors = known.sheets[mark].get(team, ())
    if stop is None or not 1 <= int(stop[1]) <= len(doors):
        raise RejectedRowError(
            "UNKNOWN_STOP",
            "stop",
            msg("Row {row}: the sheet of this team has no such stop.", row=row),
            msg("Write the team as on its sheet, and the number that stands before the address there."),
        )
    return doors[int(stop[1]) - 1]


def _outcome(reader: RowReader) -> Outcome:
    row, text = reader.row.number, reader.text("status")
    outcome = outcome_of(text)
    if outcome is not None:
        return outcome
    words = msg(
        "Write done, not home or refused, as on the phone page and the paper sheet; or open to take a mark back."
    )
    if is_partly(text):
        raise RejectedRowError(
            "PARTLY_DONE",
            "status",
            msg("Row {row}: a part of the people is done, but the row does not say who.", row=row),
            msg("Write a line for each person, with the number of the resident and what became of each."),
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


def _time_s(reader: RowReader, findings: Findings, known: Known) -> int:
    row, hours = reader.row.number, known.hours
    told = _moment(values.text_of(reader.cell("time")[0]), hours)
    if told is None:
        raise RejectedRowError(
            "UNKNOWN_TIME",
            "time",
            msg("Row {row}: the time cannot be read.", row=row),
            msg("Write it like 10:20."),
        )
    after_midnight_s = told.time_s % DAY_S + DAY_S
    if told.date == _next(known.day) and after_midnight_s <= hours.end_s + _LATE_S:
        told = replace(told, date=known.day, time_s=after_midnight_s)
    if told.date not in {None, known.day}:
        raise RejectedRowError(
            "OTHER_DAY",
            "time",
            msg("Row {row} is of another day than the plan.", row=row),
            msg("Give the folder of that day's plan."),
        )
    if told.doubted:
        findings.warn(
            "TIME_DOUBTED",
            row,
            "time",
            msg("Row {row}: the time is taken as {time}.", row=row, time=clock(told.time_s)),
            msg("If that is wrong, take the mark back and type the time with hours up to 24."),
        )
    return told.time_s


def _named(ids: Mapping[I, T]) -> Callable[[str], T | None]:
    """Return how to find what has an id: as it is written, or spelled freely (`r 12` for R12) where that can mean one alone: R1-2 is not R12."""
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
