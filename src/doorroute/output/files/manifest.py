"""`manifest.xlsx`: the plan as a workbook, a sheet for each team, and what is on no route with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from doorroute.disk.spreadsheet import fitting, workbook
from doorroute.model.clock import clock, duration
from doorroute.model.file_names import sheet_names
from doorroute.model.line import row_of
from doorroute.model.plan import Plan
from doorroute.model.problem import Problem
from doorroute.model.resident import CLASSES, Visit
from doorroute.output.views.doors import way_in
from doorroute.output.views.routes import TeamRoute, people
from doorroute.texts import Text, listed, msg

_DOOR: Final[tuple[tuple[Text, int], ...]] = (
    (msg("address"), 34),
    (msg("way in"), 30),
    (msg("people"), 8),
    (msg("names"), 28),
    (msg("phones"), 24),
    (msg("class"), 10),
    (msg("window"), 16),
    (msg("note"), 30),
)

Cell = str | int | Text


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet: its name, its columns with their widths in characters, its rows."""

    name: str
    columns: Sequence[tuple[Text, int]]
    rows: Iterable[Sequence[Cell]]


def write_manifest(
    plan: Plan, problem: Problem, teams: Sequence[TeamRoute], path: Path, *, lang: str
) -> None:
    """Write the workbook."""
    with workbook(path) as book:
        heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for sheet in _sheets(plan, problem, teams, lang):
            _write(book.add_worksheet(sheet.name), sheet, heading, wrapped, lang)


def _write(page: Worksheet, sheet: Sheet, heading: Format, wrapped: Format, lang: str) -> None:
    for column, (title, width) in enumerate(sheet.columns):
        page.set_column(column, column, width)
        page.write_string(0, column, title.into(lang), heading)
    for row, cells in enumerate(sheet.rows, 1):
        for column, cell in enumerate(cells):
            if isinstance(cell, int):
                page.write_number(row, column, cell, wrapped)
            else:
                text = cell.into(lang) if isinstance(cell, Text) else cell
                page.write_string(row, column, fitting(text), wrapped)
    page.freeze_panes(1, 0)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)


def _sheets(plan: Plan, problem: Problem, teams: Sequence[TeamRoute], lang: str) -> tuple[Sheet, ...]:
    fixed = [
        title.into(lang)
        for title in (msg("Summary"), msg("On no route"), msg("Not located"), msg("Rejected"))
    ]
    names = sheet_names((team.name for team in teams), fixed)
    summary, unassigned, not_located, rejected = fixed
    return (
        Sheet(summary, ((msg("what"), 34), (msg("value"), 40)), _summary(plan, teams)),
        *(Sheet(names[team.name], _STOP_COLUMNS, _stops(team, lang)) for team in teams),
        Sheet(unassigned, _LEFT_COLUMNS, _left(plan, problem, lang)),
        Sheet(not_located, _SEEN_COLUMNS, _seen(plan, lang)),
        Sheet(
            rejected,
            (
                (msg("row"), 8),
                (msg("column"), 20),
                (msg("code"), 24),
                (msg("what was found"), 80),
                (msg("sheet"), 16),
            ),
            ((row_of(row.row), row.column, row.code, row.message, row.sheet) for row in plan.rejected),
        ),
    )


def _summary(plan: Plan, teams: Sequence[TeamRoute]) -> Iterable[Sequence[Cell]]:
    numbers = plan.summary
    yield msg("date"), plan.date
    yield msg("residents"), numbers.residents
    yield msg("doors"), numbers.visits
    yield msg("doors on a route"), numbers.assigned
    yield msg("doors on no route"), numbers.unassigned
    yield msg("addresses to check"), len(plan.not_located)
    yield msg("rows rejected"), len(plan.rejected)
    yield msg("last team back"), clock(numbers.finish_s)
    if numbers.lower_bound_finish_s:
        yield msg("earliest possible"), clock(numbers.lower_bound_finish_s)
    yield msg("longest round (hours)"), duration(numbers.longest_s)
    yield msg("total metres"), numbers.distance_m
    for team in teams:
        doors = msg("{n} doors, {people} to sample, {start}-{finish}", n=len(team.stops), people=team.people,
                    start=clock(team.route.start_s), finish=clock(team.route.finish_s))  # fmt: skip
        yield team.name, doors
    yield (
        msg("This workbook holds names, phone numbers and addresses. Give it only to those who need it."),
        "",
    )


_STOP_COLUMNS: Final = (
    (msg("number"), 8),
    (msg("visit"), 8),
    (msg("arrives"), 9),
    (msg("begins"), 9),
    (msg("leaves"), 9),
    *_DOOR,
)
_LEFT_COLUMNS: Final = (
    (msg("visit"), 8),
    (msg("code"), 22),
    (msg("why"), 50),
    (msg("what would help"), 50),
    *_DOOR,
)
_SEEN_COLUMNS: Final = (
    (msg("row"), 8),
    (msg("address in the sheet"), 40),
    (msg("code"), 24),
    (msg("what it may mean"), 70),
    (msg("sheet"), 16),
)


def _stops(team: TeamRoute, lang: str) -> Iterable[Sequence[Cell]]:
    for stop in team.stops:
        step = stop.step
        times = (clock(step.arrival_s), clock(step.start_service_s), clock(step.departure_s))
        yield (stop.number, stop.visit.id, *times, *_door(stop.visit, lang))


def _left(plan: Plan, problem: Problem, lang: str) -> Iterable[Sequence[Cell]]:
    visits = {visit.id: visit for visit in problem.visits}
    for left in plan.unassigned:
        yield (left.visit, left.code, left.detail, left.remedy, *_door(visits[left.visit], lang))


def _seen(plan: Plan, lang: str) -> Iterable[Sequence[Cell]]:
    for row in plan.not_located:
        candidates = "\n".join(
            msg("{label} ({n} % match)", label=one.label, n=round(100 * one.score)).into(lang)
            for one in row.candidates
        )
        yield row_of(row.row), row.address, row.code, candidates, row.sheet


def _door(visit: Visit, lang: str) -> tuple[Cell, ...]:
    return (
        visit.address,
        listed(*way).into(lang) if (way := way_in(visit.access)) else "",
        people(visit),
        "\n".join(resident.name or resident.id for resident in visit.residents),
        "\n".join(filter(None, (resident.phone for resident in visit.residents))),
        CLASSES[visit.infection_class],
        ", ".join(map(str, visit.time_windows)),
        "\n".join(filter(None, (resident.note for resident in visit.residents))),
    )
