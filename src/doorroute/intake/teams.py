"""The table of teams. A team that cannot be used is an error: no plan is made without it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

from doorroute.errors import BadInputError
from doorroute.intake import header_words, numbers, times, values
from doorroute.intake.findings import Findings
from doorroute.intake.people_lists import SheetKind, sheets_for
from doorroute.intake.phone_cells import telephone
from doorroute.intake.row_reader import RowReader, refuse_unknown_cells
from doorroute.intake.table_files import read_sheets
from doorroute.intake.table_layout import find_list
from doorroute.intake.unread_parts import report_other_tables, report_table
from doorroute.model.finding import Finding
from doorroute.model.resident import InfectionClass, TeamId, Window
from doorroute.model.team import Break, Depot, DepotId, Profile, Team
from doorroute.texts import Text, msg

_USUAL_SHIFT: Final = Window(8 * 3600, 12 * 3600)
_MOST_TEAMS: Final = 1_000
_MOST_RELOADS: Final = 20

_UNLIMITED: Final = frozenset({"", "-", "none", "unlimited", "nolimit", "无", "不限", "无限制"})
_UNITS: Final = r"[个套份支件户人次站]|户人家|kits?|visits?|stops?|doors?|tubes?|suits?|times?|pcs?"
_PROFILES: Final = {
    **dict.fromkeys(
        ("foot", "walk", "walking", "onfoot", "pedestrian", "步行", "走路", "徒步", "行走"), Profile.FOOT),
    **dict.fromkeys(
        ("bike", "bicycle", "cycling", "cycle", "ebike", "骑行", "骑车", "自行车", "电动车", "电瓶车", "单车",
         "共享单车"), Profile.BIKE),
    **dict.fromkeys(
        ("car", "drive", "driving", "van", "auto", "vehicle", "开车", "汽车", "驾车", "车", "轿车", "小汽车",
         "面包车", "乘车"), Profile.CAR),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamTable:
    """The teams in the order of the sheet."""

    teams: tuple[Team, ...]
    findings: tuple[Finding, ...]


def read_teams(path: Path, *, depots: Mapping[DepotId, Depot]) -> TeamTable:
    """Read the table of teams; `start` and `end` name depots and may be blank if there is only one.

    Raises BadInputError: those of `read_sheets` and `find_list`, and NO_TEAMS, NO_TEAM_NAME, DUPLICATE_TEAM,
    UNKNOWN_DEPOT, NO_DEPOT, IMPOSSIBLE_SHIFT, IMPOSSIBLE_BREAK, UNKNOWN_PROFILE, NOT_A_NUMBER, NOT_YES_OR_NO,
    UNKNOWN_CLASS.
    """
    sheets = sheets_for(read_sheets(path), SheetKind.TEAMS)
    layout = find_list(path, sheets, header_words.TEAMS)
    findings = Findings("teams")
    report_table(layout, sheets[layout.place], findings)
    report_other_tables(sheets, layout.place, SheetKind.TEAMS, findings)
    teams: list[Team] = []
    for row in layout.rows:
        if row.blank or row.repeats_header:
            continue
        reader = RowReader(row, findings)
        refuse_unknown_cells(reader, path)
        team = _team(reader, depots)
        if any(values.key(team.id) == values.key(other.id) for other in teams):
            raise _wrong(
                reader,
                "DUPLICATE_TEAM",
                "team",
                msg("another team has the same name"),
                msg("Give each team a different name."),
            )
        teams.append(team)
    if not teams:
        raise _no_teams()
    return TeamTable(teams=tuple(teams), findings=findings.all())


def default_teams(count: int, depots: Mapping[DepotId, Depot]) -> TeamTable:
    """Make `count` teams, `T1`, `T2` ...: on foot from the first depot and back, 08:00-12:00.

    Raises BadInputError: NO_TEAMS, NO_DEPOT.
    """
    if not 1 <= count <= _MOST_TEAMS:
        raise _no_teams()
    if not depots:
        raise BadInputError(
            "NO_DEPOT", msg("There is no depot to start from."), msg("Add one to the table of depots.")
        )
    depot = next(iter(depots))
    teams = (
        Team(id=TeamId(f"T{number}"), start=depot, end=depot, shift=_USUAL_SHIFT)
        for number in range(1, count + 1)
    )
    return TeamTable(teams=tuple(teams), findings=())


def _team(reader: RowReader, depots: Mapping[DepotId, Depot]) -> Team:
    name = reader.name("team")
    if not name:
        raise _wrong(
            reader, "NO_TEAM_NAME", "team", msg("the team has no name"), msg("Give each team a name.")
        )
    start = _depot(reader, "start", depots, next(iter(depots)) if len(depots) == 1 else None)
    shifts = _shifts(reader)
    reload, max_reloads = _reloads(reader, depots)
    return Team(
        id=TeamId(name),
        start=start,
        end=_depot(reader, "end", depots, start),
        shift=shifts[0],
        more_shifts=shifts[1:],
        breaks=_breaks(reader, shifts),
        profile=_profile(reader),
        skills=values.skills(reader.text("skills")),
        capacity=_limit(reader, "capacity"),
        suits=_limit(reader, "suits"),
        tubes=_limit(reader, "tubes"),
        max_visits=_limit(reader, "max_visits"),
        max_travel_s=_limit(reader, "max_travel_min", _travel_s),
        max_distance_m=_limit(reader, "max_distance_m", _metres(reader)),
        max_reloads=max_reloads,
        reload=reload,
        open_end=_open_end(reader),
        classes=_classes(reader),
        home_area=values.area(reader.text("home_area")),
        members=reader.text("members"),
        phone=telephone(reader, "phone"),
    )


def _depot(reader: RowReader, field: str, depots: Mapping[DepotId, Depot], usual: DepotId | None) -> DepotId:
    name = reader.name(field)
    if not name and usual is not None:
        return usual
    known = msg("The depots are: {depots}.", depots=", ".join(depots))
    if not name:
        raise _wrong(reader, "NO_DEPOT", field, msg("the team has no depot, and there are several"), known)
    for depot in depots:
        if values.key(depot) == values.key(name):
            return depot
    raise _wrong(reader, "UNKNOWN_DEPOT", field, msg("there is no depot {depot}", depot=name), known)


def _shifts(reader: RowReader) -> tuple[Window, ...]:
    text = reader.text("shift")
    start, end = reader.text("shift_start"), reader.text("shift_end")
    if not text and (start or end):
        text = f"{start}-{end}"
    if not text:
        reader.findings.note(
            "NO_SHIFT",
            reader.row.number,
            reader.cell("shift")[1],
            msg("The team has no shift; {shift} is assumed.", shift=_USUAL_SHIFT),
            msg("Write its shift, such as 08:00-12:00."),
        )
        return (_USUAL_SHIFT,)
    try:
        read = times.shifts(text)
    except ValueError:
        raise _wrong(
            reader,
            "IMPOSSIBLE_SHIFT",
            "shift",
            msg("the shift cannot be read, ends before it begins, or overlaps the next"),
            msg("Write a time range, such as 08:00-12:00, or several as 08:00-12:00;14:00-18:00."),
        ) from None
    if read.doubted:
        reader.findings.warn(
            "SHIFT_DOUBTED",
            reader.row.number,
            reader.cell("shift" if reader.text("shift") else "shift_start")[1],
            msg("The shift is read as {shift}.", shift=", ".join(map(str, read.shifts))),
            msg("Write it as 24-hour time, such as 14:00-18:00."),
        )
    return read.shifts


def _breaks(reader: RowReader, shifts: tuple[Window, ...]) -> tuple[Break, ...]:
    try:
        breaks = tuple(
            each for each in times.breaks(reader.text("break"), shifts) if not _between(each, shifts)
        )
    except ValueError:
        breaks = None
    if breaks is None or not all(any(_fits(pause, shift) for shift in shifts) for pause in breaks):
        raise _wrong(
            reader,
            "IMPOSSIBLE_BREAK",
            "break",
            msg("the break cannot be read, or does not fit into the shift"),
            msg("Write 12:00-12:30, or 11:30-13:00/30 for 30 minutes within that time."),
        )
    return breaks


def _between(pause: Break, shifts: tuple[Window, ...]) -> bool:
    """Return whether a break lies between two shifts, when the team is not out."""
    return any(
        before.end_s <= pause.window.start_s and pause.window.end_s <= after.start_s
        for before, after in pairwise(shifts)
    )


def _fits(pause: Break, shift: Window) -> bool:
    inside_s = min(pause.window.end_s, shift.end_s) - max(pause.window.start_s, shift.start_s)
    return inside_s >= pause.duration_s


def _profile(reader: RowReader) -> Profile:
    text = reader.text("profile")
    try:
        return _PROFILES[values.key(text)] if text else Profile.FOOT
    except KeyError:
        raise _wrong(
            reader,
            "UNKNOWN_PROFILE",
            "profile",
            msg("the travel mode is not known"),
            msg("Write foot, bike or car."),
        ) from None


def _whole(text: str) -> int:
    return numbers.exact(numbers.whole(text, 0, 1_000_000, _UNITS))


def _travel_s(text: str) -> int:
    return numbers.exact(numbers.minutes_s(text, 24 * 3600))


def _metres(reader: RowReader) -> Callable[[str], int]:
    header = reader.cell("max_distance_m")[1].casefold()
    kilometres = any(word in header for word in ("km", "公里", "千米"))
    return lambda text: numbers.exact(numbers.metres(text, kilometres=kilometres))


def _reloads(reader: RowReader, depots: Mapping[DepotId, Depot]) -> tuple[DepotId | None, int]:
    """Return where the team reloads (None: at its end) and how often at most.

    The limit is 1 if only the depot is given.
    """
    where = _depot(reader, "reload", depots, None) if reader.name("reload") else None
    times_at_most = _limit(reader, "reloads")
    return where, (1 if where is not None else 0) if times_at_most is None else min(
        times_at_most, _MOST_RELOADS
    )


def _open_end(reader: RowReader) -> bool:
    text = reader.text("open_end")
    try:
        return bool(text) and values.yes_or_no(text)
    except ValueError:
        raise _wrong(
            reader, "NOT_YES_OR_NO", "open_end", msg("it is neither yes nor no"), msg("Write yes or no.")
        ) from None


def _classes(reader: RowReader) -> frozenset[InfectionClass] | None:
    text = reader.text("classes")
    try:
        return values.infection_classes(text) if text else None
    except ValueError:
        raise _wrong(
            reader,
            "UNKNOWN_CLASS",
            "classes",
            msg("it contains an unknown class"),
            msg("Write regular, yellow or isolated; separate several with semicolons."),
        ) from None


def _limit(reader: RowReader, field: str, parse: Callable[[str], int] = _whole) -> int | None:
    text = reader.text(field)
    if values.key(text) in _UNLIMITED:
        return None
    try:
        return parse(text)
    except ValueError:
        raise _wrong(
            reader,
            "NOT_A_NUMBER",
            field,
            msg("it is not a number"),
            msg("Write a number, or leave the cell blank for no limit."),
        ) from None


def _wrong(reader: RowReader, code: str, field: str, what: Text, advice: Text) -> BadInputError:
    column = reader.cell(field)[1] or field
    return BadInputError(
        code,
        msg("Teams, row {row}, column {column}: {what}.", row=reader.row.number, column=column, what=what),
        advice,
    )


def _no_teams() -> BadInputError:
    return BadInputError(
        "NO_TEAMS",
        msg("There must be 1 to {most} teams.", most=_MOST_TEAMS),
        msg("Add a row for each team, or give the number of teams."),
    )
