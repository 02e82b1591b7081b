"""A table of results that the dispatcher typed, as events: visit or resident, status, time, team, note; Chinese or English."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeVar

from doorroute.day.events import Doors, Event, Outcome
from doorroute.errors import BadInputError
from doorroute.intake import values
from doorroute.intake.columns import Layout, find_list
from doorroute.intake.findings import Findings
from doorroute.intake.person import refuse_faulty
from doorroute.intake.rows import RejectedRowError, RowReader
from doorroute.intake.tables import Sheet, is_blank, read_sheets
from doorroute.intake.times import USUAL_DAY, Told, moment
from doorroute.model.clock import DAY_S, clock
from doorroute.model.finding import Finding
from doorroute.model.resident import ResidentId, TeamId, VisitId, Window
from doorroute.texts import msg, msg_n

T = TypeVar("T")
I = TypeVar("I", bound=str)  # noqa: E741  # an id

_LATE_S: Final = 6 * 3600
"""So long after the last team is back may something be told of the day."""
TABLES: Final = frozenset({".csv", ".tsv", ".xlsx", ".xls", ".xlsm", ".xlsb", ".ods"})
_HEADERS: Final = {
    "visit": ("任务号", "任务", "stop", "visit id", "door", "上门编号", "门户编号", "访问编号", "户号", "站点"),
    "resident": ("resident id", "id", "person", "居民编号", "编号", "居民", "人员编号"),
    "status": ("result", "outcome", "state", "状态", "结果", "情况", "采样结果", "完成情况"),
    "time": ("at", "clock", "when", "时间", "采样时间", "上门时间", "完成时间", "时刻", "几点", "time done", "done at"),
    "team": ("team id", "小组", "队伍", "队", "组", "组别", "医疗队"),
    "note": ("remark", "remarks", "comment", "备注", "说明", "原因"),
}
_STATUSES: Final = {
    **dict.fromkeys(
        (
            "done",
            "sampled",
            "ok",
            "yes",
            "1",
            "完成",
            "已完成",
            "已采",
            "已采样",
            "采样完成",
            "已采集",
            "采了",
            "做了",
            "已做",
            "√",
            "✓",
            "✔",
            "completed",
            "finished",
        ),
        Outcome.DONE,
    ),
    **dict.fromkeys(
        (
            "nobody home",
            "not home",
            "no answer",
            "absent",
            "nobody_home",
            "无人",
            "家中无人",
            "不在家",
            "没人",
            "敲门无应",
            "无人在家",
            "家里没人",
            "没人在家",
            "没在家",
            "不在",
            "无人应答",
            "无人应门",
            "敲门不应",
            "nobody",
            "no one home",
            "nobody at home",
            "not at home",
        ),
        Outcome.NOBODY_HOME,
    ),
    **dict.fromkeys(
        ("refused", "refuses", "declined", "拒绝", "拒采", "拒检", "拒绝采样", "不配合", "不愿采"), Outcome.REFUSED
    ),
    **dict.fromkeys(
        ("open", "not visited", "undo", "未上门", "未完成", "撤销", "未采", "未采样", "没去", "没采"), Outcome.OPEN
    ),
}


def read_typed(
    path: Path, doors: Doors, *, day: str, teams: Mapping[VisitId, TeamId], hours: Window = USUAL_DAY
) -> tuple[tuple[Event, ...], tuple[Finding, ...]]:
    """Read such a table. Each row becomes an event, or is told with its line; `teams` are taken where the row names none.

    `hours` is when teams are out: a time of small hours is the one that lies nearest to them.

    Raises
    ------
    BadInputError
        The file is no table, or lacks a column: `NO_RESULT_COLUMN`.
    """
    findings = Findings("results")
    home = _named({resident: (visit, resident) for visit, residents in doors.items() for resident in residents})
    known = _named({visit: visit for visit in doors})
    events: list[Event] = []
    for layout in _layouts(path, findings):
        findings.on(layout.sheet)
        for row in layout.rows:
            if row.blank or row.repeats_header:
                continue
            try:
                refuse_faulty(row, layout)
            except RejectedRowError as reason:
                findings.warn(reason.code, row.number, reason.column, reason.message, reason.advice)
                continue
            reader = RowReader(row, findings)
            event = _event(reader, findings, known, home, day, teams, hours)
            if event is not None:
                events.append(event)
    return tuple(events), findings.all()


def _layouts(path: Path, findings: Findings) -> list[Layout]:
    """Return the lists of results on all sheets; a sheet that holds none is told. Raises BadInputError where there is none."""
    sheets = read_sheets(path)
    if sheets[0].is_text or len(sheets) == 1:
        layouts = [find_list(path, sheets, _HEADERS)]
    else:
        layouts = []
        for sheet in sheets:
            try:
                layouts.append(find_list(path, [sheet], _HEADERS))
            except BadInputError:
                _tell_sheet(sheet, findings)
    found = [layout for layout in layouts if _is_of_results(layout)]
    if not found:
        raise BadInputError(
            "NO_RESULT_COLUMN",
            msg("{file} lacks a column: visit (or resident), status and time are needed.", file=path.name),
            msg("Head the columns visit, status, time; team and note may follow."),
        )
    for layout in layouts:
        if layout not in found:
            _tell_sheet(next(sheet for sheet in sheets if sheet.name == layout.sheet), findings)
    return found


def _is_of_results(layout: Layout) -> bool:
    columns = layout.columns.keys()
    return {"status", "time"} <= columns and bool({"visit", "resident"} & columns)


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


def _event(
    reader: RowReader,
    findings: Findings,
    known: Callable[[str], VisitId | None],
    home: Callable[[str], tuple[VisitId, ResidentId] | None],
    day: str,
    teams: Mapping[VisitId, TeamId],
    hours: Window,
) -> Event | None:
    row = reader.row.number
    visit, person = known(reader.text("visit")), home(reader.text("resident"))
    named = bool(reader.text("visit")), bool(reader.text("resident"))
    if (
        (named[0] and visit is None)
        or (named[1] and person is None)
        or not any(named)
        or (visit and person and person[0] != visit)
    ):
        findings.error(
            "UNKNOWN_VISIT",
            row,
            "visit",
            msg("Row {row}: the plan has no such visit or resident.", row=row),
            msg("Use the numbers of the plan, such as V7 or R12."),
        )
        return None
    outcome = _STATUSES.get(_plain(reader.text("status")))
    if outcome is None:
        findings.error(
            "UNKNOWN_STATUS",
            row,
            "status",
            msg("Row {row}: the status is none of those known.", row=row),
            msg("Write done, nobody home, refused, or open to take a mark back."),
        )
        return None
    told = _moment(values.text_of(reader.cell("time")[0]), hours)
    if told is None:
        findings.error(
            "UNKNOWN_TIME",
            row,
            "time",
            msg("Row {row}: the time cannot be read.", row=row),
            msg("Write it like 10:20."),
        )
        return None
    after_midnight_s = told.time_s % DAY_S + DAY_S
    if told.date == _next(day) and after_midnight_s <= hours.end_s + _LATE_S:
        told = replace(told, date=day, time_s=after_midnight_s)
    if told.date not in {None, day}:
        findings.error(
            "OTHER_DAY",
            row,
            "time",
            msg("Row {row} is of another day than the plan.", row=row),
            msg("Give the folder of that day's plan."),
        )
        return None
    if told.doubted:
        findings.warn(
            "TIME_DOUBTED",
            row,
            "time",
            msg("Row {row}: the time is taken as {time}.", row=row, time=clock(told.time_s)),
            msg("If that is wrong, take the mark back and type the time with hours up to 24."),
        )
    at = visit or (person[0] if person else None)
    if at is None:
        return None
    team = reader.text("team")
    return Event(
        day=day,
        time_s=told.time_s,
        visit=at,
        outcome=outcome,
        residents=(person[1],) if person else (),
        team=TeamId(team) if team else teams.get(at),
        note=reader.text("note"),
    )


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


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _moment(text: str, hours: Window) -> Told | None:
    try:
        return moment(text, hours)
    except ValueError:
        return None


def _next(day: str) -> str:
    return (dt.date.fromisoformat(day) + dt.timedelta(days=1)).isoformat()
