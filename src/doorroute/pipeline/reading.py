"""From files to tables: read the inputs, and join several lists of residents."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from doorroute.disk.files import sha256_of
from doorroute.errors import BadInputError
from doorroute.model.finding import Finding, FindingCode, Severity
from doorroute.model.line import row_of
from doorroute.model.resident import Window
from doorroute.model.settings import Settings
from doorroute.texts import msg

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from doorroute.intake import IdRecord, KnownPerson, ResidentTable, SheetAsRead, TeamTable
    from doorroute.model.ledger import SheetCount
    from doorroute.model.plan import Plan
    from doorroute.model.resident import ResidentId, TeamId, Visit
    from doorroute.model.team import Depot, DepotId, Team
    from doorroute.pipeline.request import Request


@dataclass(frozen=True, kw_only=True)
class DayTables:
    """The tables as values.

    `lines` has the entry numbers (`model.line`) of each list of residents, by the list's name in `plan.json`,
    each with the name of its sheet. `sheets` counts what happened to the rows of each sheet. `as_read` has
    the cells of the sheets with people. `record` has the day's ids after this list, None if not asked for.
    """

    residents: ResidentTable
    visits: tuple[Visit, ...]
    depots: Mapping[DepotId, Depot]
    teams: TeamTable
    lines: Mapping[str, Mapping[int, str]]
    sheets: tuple[SheetCount, ...]
    findings: tuple[Finding, ...]
    as_read: tuple[SheetAsRead, ...] = field(repr=False)
    record: IdRecord | None = None

    @property
    def rows(self) -> dict[str, int]:
        """Return the number of rows of each list of residents."""
        return {
            name: len({(sheet, row_of(line)) for line, sheet in lines.items()})
            for name, lines in self.lines.items()
        }

    def placed(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Return the findings with the sheet of their row filled in."""
        names = {line: sheet for lines in self.lines.values() for line, sheet in lines.items()}
        return tuple(
            replace(each, sheet=names[each.row])
            if each.table == "residents" and not each.sheet and each.row in names
            else each
            for each in findings
        )


def read_tables(  # noqa: PLR0913  # each is a choice of the caller's
    residents: Path,
    *,
    teams: Path | int | None = None,
    depots: Path | None = None,
    mapping: Mapping[str, str] | None = None,
    settings: Settings = Settings(),
    added: Sequence[Path] = (),
    more_teams: Sequence[tuple[TeamId, TeamId]] = (),
    sheets: Sequence[str] = (),
    record: IdRecord | None = None,
) -> DayTables:
    """Read the tables. Teams are read only if depots are given too.

    Parameters
    ----------
    sheets
        The sheets of the residents' file to read; all sheets with people if empty.
    added
        Lists of people who came later.
    more_teams
        Teams that came later, each with the team that it copies.
    record
        The ids given out on this day. Without it, people and doors are numbered by this list alone.
    """
    from doorroute.intake import (
        TeamTable,
        check_labs,
        contradictions,
        default_teams,
        match_visits,
        read_depots,
        read_teams,
        updated_record,
        visits_of,
        with_known_teams,
    )

    depot_table = read_depots(depots) if depots else None
    places = depot_table.depots if depot_table else {}
    if teams is None or not places:
        team_table = TeamTable(teams=(), findings=())
    else:
        team_table = (
            default_teams(teams, places) if isinstance(teams, int) else read_teams(teams, depots=places)
        )
        like = {team.id: team for team in team_table.teams}
        more = (replace(like[model], id=name, members="", phone="") for name, model in more_teams)
        team_table = replace(team_table, teams=(*team_table.teams, *more))
        check_labs(team_table.teams, places, settings)
    lists = _lists(residents, added, mapping, sheets, day_of(team_table.teams))
    known: Mapping[ResidentId, KnownPerson] = {}
    if record is not None:
        lists, known = _named(lists, record)
    visits: tuple[Visit, ...] = ()
    findings: list[Finding] = []
    for number, table in enumerate(lists):
        people = table.residents
        findings += table.findings
        if team_table.teams:
            people, strange = with_known_teams(people, team_table.teams, table.columns)
            findings += strange
        found = visits_of(people, settings, before=len(visits))
        lists[number], visits = replace(table, residents=people), (*visits, *found.visits)
        findings += found.findings
    if record is not None:
        visits, numbered = match_visits(visits, record, known)
        record = updated_record(visits, record, numbered)
    tables = DayTables(
        residents=replace(
            lists[0],
            residents=tuple(resident for table in lists for resident in table.residents),
            rejected=tuple(refused for table in lists for refused in table.rejected),
        ),
        visits=visits,
        depots=places,
        teams=team_table,
        lines={
            f"added-{number}" if number else "residents": table.lines for number, table in enumerate(lists)
        },
        sheets=tuple(count for table in lists for count in table.sheets),
        as_read=tuple(sheet for table in lists for sheet in table.as_read),
        findings=(
            *findings,
            *contradictions(visits, team_table.teams, settings),
            *(depot_table.findings if depot_table else ()),
            *team_table.findings,
        ),
        record=record,
    )
    return replace(tables, findings=tables.placed(tables.findings))


def _named(
    lists: list[ResidentTable], record: IdRecord
) -> tuple[list[ResidentTable], Mapping[ResidentId, KnownPerson]]:
    """Return the lists with the ids that the day's record has for their people, and what is known of them."""
    from doorroute.intake import match_people

    column = next((name for field in ("id", "name") if (name := lists[0].columns.get(field))), "")
    people, known, told = match_people([each for table in lists for each in table.residents], record, column)
    by_row = {each.row: each for each in people}
    named = [replace(table, residents=tuple(by_row[each.row] for each in table.residents)) for table in lists]
    return [replace(named[0], findings=(*named[0].findings, *told)), *named[1:]], known


def day_of(teams: Sequence[Team]) -> Window:
    """Return the span of all shifts, or the usual day if there are none."""
    from doorroute.intake import USUAL_DAY

    shifts = [shift for team in teams for shift in team.shifts]
    if not shifts:
        return USUAL_DAY
    return Window(min(shift.start_s for shift in shifts), max(shift.end_s for shift in shifts))


def _lists(
    residents: Path,
    added: Sequence[Path],
    mapping: Mapping[str, str] | None,
    sheets: Sequence[str],
    day: Window,
) -> list[ResidentTable]:
    """Read the list of residents and the added lists, whose rows are numbered from the next thousand on."""
    from doorroute.intake import read_residents

    lists = [read_residents(residents, mapping=mapping or None, sheets=sheets, day=day)]
    for path in added:
        known = [resident for table in lists for resident in table.residents]
        before = -(-max(map(row_of, lists[-1].lines)) // 1000) * 1000
        try:
            table = read_residents(path, mapping=mapping or None, known=known, rows_before=before, day=day)
        except BadInputError:
            if not mapping:
                raise
            table = read_residents(path, known=known, rows_before=before, day=day)  # its headers are its own
        told = Finding(
            severity=Severity.NOTE,
            code=FindingCode("ADDED_ROWS"),
            table="residents",
            row=before + 1,
            column="",
            message=msg(
                "{file}: its row numbers are raised by {more}; its row 3 is row {row} here.",
                file=path.name,
                more=before,
                row=before + 3,
            ),
            advice=msg("Nothing to do."),
        )
        lists.append(replace(table, findings=(told, *table.findings)))
    return lists


def must_have_read_the_same(made: Plan, tables: DayTables) -> None:
    """Raise BadInputError if an earlier version, which read one sheet only, planned a list with several."""
    read = [each for each in tables.sheets if each.read]
    if not made.sheets and len({(each.source, each.sheet) for each in read}) > len(
        {each.source for each in read}
    ):
        raise BadInputError(
            "PLAN_OF_ONE_SHEET",
            msg(
                "The plan was made by an earlier version, which read only one sheet of {file}.",
                file=read[0].source,
            ),
            msg("Plan again. This version reads all sheets with people, or those that --sheet names."),
        )


def hashes_of(request: Request) -> dict[str, str]:
    """Return the SHA-256 of every existing input file, by its name in `plan.json`."""
    found = {}
    for name, path in request.files.items():
        with suppress(OSError):  # its reader reports it
            found[name] = sha256_of(path)
    return found


def must_be_as_before(request: Request, hashes: Mapping[str, str]) -> None:
    """Raise BadInputError if a file changed while it was read."""
    now = hashes_of(request)
    changed = [
        request.files[name] for name in hashes.keys() | now.keys() if hashes.get(name) != now.get(name)
    ]
    if changed:
        raise BadInputError(
            "INPUT_CHANGING",
            msg("{file} was changed or removed while it was being read.", file=min(changed).name),
            msg("Save it, close it in other programs, and run the command again."),
        )


def tables_of(request: Request) -> DayTables:
    """Read the tables that a plan is made from."""
    return read_tables(
        request.residents,
        teams=request.teams,
        depots=request.depots,
        mapping=request.mapping,
        settings=request.settings,
        added=request.added,
        more_teams=request.more_teams,
        record=request.record,
        sheets=request.sheets,
    )
