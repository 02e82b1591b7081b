"""The wiring: what one stage made goes into the next."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from doorroute.errors import BadInputError, NoSoundPlanError
from doorroute.model.finding import Finding, FindingCode, Severity, in_doubt, warning
from doorroute.model.plan import Plan, Route
from doorroute.model.problem import Problem
from doorroute.model.settings import Settings
from doorroute.model.travel import depot_key, visit_key
from doorroute.pipeline.locating import Located, locate_visits, sources_of
from doorroute.pipeline.numbers import summary_of
from doorroute.pipeline.stages import GEOCODE, INTAKE, NETWORK, PLANNING, VERIFY, Reporter, Silence
from doorroute.texts import msg

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from doorroute.geocode import Unsure
    from doorroute.intake import ResidentTable, TeamTable
    from doorroute.model.place import Point
    from doorroute.model.resident import TeamId, Visit
    from doorroute.model.team import Depot, DepotId, Profile
    from doorroute.network import Leg, StreetNetwork
    from doorroute.pipeline.request import Request
    from doorroute.planning import Solution
    from doorroute.verify import Violation


@dataclass(frozen=True, kw_only=True)
class Tables:
    """What intake made of the files; `lines` are the numbers of all data rows of each list of residents, by the list's name in `plan.json`."""

    residents: ResidentTable
    visits: tuple[Visit, ...]
    depots: Mapping[DepotId, Depot]
    teams: TeamTable
    lines: Mapping[str, range]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A plan that was checked, with what it was made from; `rows` of each list of residents."""

    request: Request
    problem: Problem
    plan: Plan
    rows: Mapping[str, int]
    findings: tuple[Finding, ...]
    unsure: tuple[Unsure, ...]
    engine: str

    @property
    def in_doubt(self) -> tuple[Finding, ...]:
        """The warnings about rows that are on a route all the same."""
        return in_doubt(self.findings, self.problem.rows_of({left.visit for left in self.plan.unassigned}))


def read_tables(
    residents: Path,
    *,
    teams: Path | int | None = None,
    depots: Path | None = None,
    mapping: Mapping[str, str] | None = None,
    settings: Settings = Settings(),
    added: Sequence[Path] = (),
    more_teams: Sequence[tuple[TeamId, TeamId]] = (),
) -> Tables:
    """Read what there is; without depots there are no teams, and without teams none.

    `added` are lists of people who came later, `more_teams` teams that did, each with one that it is alike to.
    """
    from doorroute.intake import (
        TeamTable,
        alike_teams,
        check_labs,
        contradictions,
        read_depots,
        read_teams,
        visits_of,
        with_known_teams,
    )

    lists = _lists(residents, added, mapping)
    depot_table = read_depots(depots) if depots else None
    known = depot_table.depots if depot_table else {}
    if teams is None or not known:
        team_table = TeamTable(teams=(), findings=())
    else:
        team_table = alike_teams(teams, known) if isinstance(teams, int) else read_teams(teams, depots=known)
        like = {team.id: team for team in team_table.teams}
        more = (replace(like[model], id=name, members="", phone="") for name, model in more_teams)
        team_table = replace(team_table, teams=(*team_table.teams, *more))
        check_labs(team_table.teams, known, settings)
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
    return Tables(
        residents=replace(
            lists[0],
            residents=tuple(resident for table in lists for resident in table.residents),
            rejected=tuple(refused for table in lists for refused in table.rejected),
        ),
        visits=visits,
        depots=known,
        teams=team_table,
        lines={
            f"added-{number}" if number else "residents": range(table.header_row + 1, table.header_row + 1 + table.rows)
            for number, table in enumerate(lists)
        },
        findings=(
            *findings,
            *contradictions(visits, team_table.teams, settings),
            *(depot_table.findings if depot_table else ()),
            *team_table.findings,
        ),
    )


def _lists(residents: Path, added: Sequence[Path], mapping: Mapping[str, str] | None) -> list[ResidentTable]:
    """Read the list of residents, and those that were added to it: their rows are numbered from the next thousand on."""
    from doorroute.intake import read_residents

    lists = [read_residents(residents, mapping=mapping or None)]
    for path in added:
        known = [resident for table in lists for resident in table.residents]
        before = -(-(lists[-1].header_row + lists[-1].rows) // 1000) * 1000
        try:
            table = read_residents(path, mapping=mapping or None, known=known, rows_before=before)
        except BadInputError:
            if not mapping:
                raise
            table = read_residents(path, known=known, rows_before=before)  # its headers are its own
        told = Finding(
            severity=Severity.NOTE,
            code=FindingCode("ADDED_ROWS"),
            table="residents",
            row=before + 1,
            column="",
            message=msg("{file} was added: its row 1 is row {row} here.", file=path.name, row=before + 1),
            advice=msg("Nothing to do."),
        )
        lists.append(replace(table, findings=(told, *table.findings)))
    return lists


def tables_of(request: Request) -> Tables:
    """Read the tables that a plan is made from."""
    return read_tables(
        request.residents,
        teams=request.teams,
        depots=request.depots,
        mapping=request.mapping,
        settings=request.settings,
        added=request.added,
        more_teams=request.more_teams,
    )


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """All that a plan is made from, and checked against; `day` is the problem as it is before anything has happened, `problem` what is left of it."""

    tables: Tables
    located: Located
    network: StreetNetwork
    day: Problem
    problem: Problem
    findings: tuple[Finding, ...]


def prepare(request: Request, reporter: Reporter) -> Prepared:
    """Read, locate, measure.

    Raises
    ------
    BadInputError
        Where a file cannot be used as a whole.
    """
    with reporter.stage(INTAKE):
        tables = tables_of(request)
    with reporter.stage(GEOCODE):
        sources, told = sources_of(request.pins, request.gazetteer)
        located = locate_visits(
            tables, request.network, settings=request.settings, cache=request.cache, sources=sources
        )
    with reporter.stage(NETWORK):
        network, day, far = measure(tables, located, request)
    rest, problem = request.rest, day
    if rest is not None:
        from doorroute.day.again import begun

        problem = begun(day, rest.before, rest.events, rest.ask).problem
    findings = (*tables.findings, *told, *located.findings, *far)
    return Prepared(tables=tables, located=located, network=network, day=day, problem=problem, findings=findings)


def plan(
    request: Request,
    *,
    reporter: Reporter | None = None,
    stop: threading.Event | None = None,
    meanwhile: Callable[[], None] | None = None,
) -> Planned:
    """Go through all stages but the last: read, locate, measure, split, check.

    Parameters
    ----------
    request
        What to plan from, and how.
    reporter
        Hears of every stage and of every better plan.
    stop
        Set it, and the search ends with the best plan so far.
    meanwhile
        Called once in a thread of its own while the search runs.

    Raises
    ------
    BadInputError
        Where a file cannot be used as a whole.
    NoSoundPlanError
        Where the checker finds a rule broken; nothing was written.
    """
    tell = reporter or Silence()
    ready = prepare(request, tell)
    problem = ready.problem
    with tell.stage(PLANNING):
        from doorroute import planning

        if meanwhile is not None:
            threading.Thread(target=meanwhile, daemon=True).start()
        warned: list[Finding] = []

        def warn(finding: Finding) -> None:
            warned.append(finding)
            tell.warn(finding)

        solution = planning.solve(
            problem,
            objective=request.goals,
            iterations=request.iterations,
            time_limit_s=request.time_limit_s,
            seed=request.seed,
            progress=tell.best,
            stop=stop,
            plain=request.plain_ortools,
            warn=warn,
        )
    with tell.stage(VERIFY):
        made = checked(request, ready, problem, solution)
    return replace(made, findings=(*made.findings, *warned))


def checked(
    request: Request, ready: Prepared, problem: Problem, solution: Solution, parent: str | None = None
) -> Planned:
    """Draw the routes, add everything up, and hold it against the inputs; `parent` is the hash of the plan before.

    Raises
    ------
    NoSoundPlanError
        Where the checker finds a rule broken.
    """
    routes = tuple(drawn(route, ready.network.leg) for route in solution.routes)
    made = Plan(
        date=request.date,
        objective=request.objective,
        objectives=request.goals,
        seed=request.seed,
        routes=routes,
        unassigned=solution.unassigned,
        summary=summary_of(problem, routes, solution),
        not_located=ready.located.not_located,
        rejected=ready.tables.residents.rejected,
        parent=parent,
    )
    refuse_if_broken(check_plan(made, problem, ready.tables, ready.network))
    return Planned(
        request=request,
        problem=problem,
        plan=made,
        rows={name: len(lines) for name, lines in ready.tables.lines.items()},
        findings=ready.findings,
        unsure=ready.located.unsure,
        engine=solution.engine,
    )


def measure(tables: Tables, located: Located, request: Request) -> tuple[StreetNetwork, Problem, tuple[Finding, ...]]:
    """Open the streets and put the day together as a problem.

    Raises
    ------
    BadInputError
        Where a team's depot lies off the streets of the extract, or on one that is closed.
    """
    from doorroute.network import open_network
    from doorroute.network.census import in_pieces, use_of

    network = open_network(request.network, cache=request.cache, profiles=request.profiles, barriers=request.barriers)
    teams = tables.teams.teams
    visits = tuple(visit for visit in tables.visits if visit.id in located.places)
    stops = [
        *((depot_key(depot), place.point) for depot, place in located.depot_places.items()),
        *((visit_key(visit.id), located.places[visit.id].point) for visit in visits),
    ]
    points = [point for _, point in stops]
    travel = {}
    pieces = []
    far_rows: dict[int, float] = {}
    closed_rows: set[int] = set()
    for profile in sorted({team.profile for team in teams}):
        offsets, closed = network.snap(points, profile).offset_m, network.closed(points, profile)
        for team in teams:
            for depot in {team.start, team.end, *((team.reload_at,) if team.max_reloads else ())}:
                position = list(located.depot_places).index(depot)
                offset = offsets[position]
                if team.profile is profile and closed[position]:
                    raise BadInputError(
                        "DEPOT_CLOSED",
                        msg("The depot {depot} lies on a street that a barrier closes.", depot=depot),
                        msg("Draw the barrier elsewhere, or let the team start from another depot."),
                    )
                if team.profile is profile and not offset <= request.settings.max_snap_m:
                    raise BadInputError(
                        "DEPOT_OFF_THE_STREETS",
                        msg("The depot {depot} lies off the streets of the extract.", depot=depot),
                        msg(
                            "Check its coordinates (lon and lat swapped?) and their datum, or take an extract that covers it."
                        ),
                    )
        travel[profile] = network.travel(stops, profile)
        pieces.append(in_pieces(use_of(network, profile)))
        depots = len(located.depot_places)
        for visit, offset, shut in zip(visits, offsets[depots:], closed[depots:], strict=True):
            if shut:
                closed_rows.update(resident.row for resident in visit.residents)
            if not offset <= request.settings.max_snap_m:
                far_rows.update({resident.row: float(offset) for resident in visit.residents})
    problem = Problem(
        visits=visits,
        places={visit.id: located.places[visit.id] for visit in visits},
        teams=teams,
        depots=tables.depots,
        depot_places=located.depot_places,
        travel=travel,
        settings=request.settings,
    )
    column = tables.residents.columns.get("address", "")
    findings = (
        *filter(None, pieces),
        *(_far_from_streets(row, offset, column) for row, offset in sorted(far_rows.items())),
        *(_on_closed_street(row, column) for row in sorted(closed_rows)),
        *(_idle_barrier(number) for number in network.idle_barriers),
        *_shifted_barriers(network, request.barriers),
    )
    return network, problem, findings


def check_plan(made: Plan, problem: Problem, tables: Tables, network: StreetNetwork) -> tuple[Violation, ...]:
    """Hold the plan against its inputs: every rule, every line drawn, every sum, every row."""
    from doorroute.verify import check, check_geometry, check_rows, check_summary

    taken = {resident.row: resident.id for resident in tables.residents.residents}
    sheets = frozenset().union(*tables.lines.values())
    return (
        *check(problem, made.routes, made.unassigned),
        *check_geometry(problem, made.routes, network.leg),
        *check_summary(made, problem),
        *check_rows(made, taken, sheets),
    )


def refuse_if_broken(violations: tuple[Violation, ...]) -> None:
    """Raise NoSoundPlanError where the checker found a rule broken."""
    if violations:
        raise NoSoundPlanError(
            "PLAN_BROKEN",
            msg(
                "The plan breaks {count} rules, the first: {first}", count=len(violations), first=violations[0].message
            ),
            msg(
                "Nothing was written. This is a fault of the engine: please report it with the input, if you may share it."
            ),
        )


def drawn(route: Route, leg_of: Callable[[Point, Point, Profile], Leg]) -> Route:
    """Lay the route along the streets, leg by leg, and say the way to each stop."""
    points: list[Any] = []
    steps = list(route.steps)
    located = [(number, step.location) for number, step in enumerate(steps) if step.location is not None]
    for (_, start), (here, end) in pairwise(located):
        leg = leg_of(start, end, route.profile)
        points.extend(leg.points if not points or not leg.points or points[-1] != leg.points[0] else leg.points[1:])
        steps[here] = replace(steps[here], way=leg.way)
    return replace(route, steps=tuple(steps), geometry=tuple(points))


def _far_from_streets(row: int, offset_m: float, column: str) -> Finding:
    return warning(
        code="FAR_FROM_STREET",
        table="residents",
        row=row,
        column=column,
        message=msg("The door lies {metres} m from the nearest street.", metres=round(offset_m))
        if offset_m < 100_000
        else msg("The door lies outside the streets of the extract."),
        advice=msg("Check the address, or the coordinates (lon and lat swapped?) and their datum."),
    )


def _on_closed_street(row: int, column: str) -> Finding:
    return warning(
        code="CLOSED_STREET",
        table="residents",
        row=row,
        column=column,
        message=msg("A barrier closes the street at the door, or stands between the two: nobody gets there."),
        advice=msg("Give lon and lat of an entrance that is open, or draw the barrier elsewhere."),
    )


def _shifted_barriers(network: StreetNetwork, barriers: Path | None) -> tuple[Finding, ...]:
    """Say so where all barriers miss the streets, and would lie on them if they were given in GCJ-02."""
    if barriers is None or not network.idle_barriers:
        return ()
    import numpy as np
    import shapely

    from doorroute.geocode.datum import to_wgs84
    from doorroute.model.place import Datum, GivenPoint
    from doorroute.network.barriers import read_barriers, work_in

    def back(points: Any) -> Any:  # noqa: ANN401  # shapely has no types
        moved = [to_wgs84(GivenPoint(lon, lat, Datum.GCJ02)) for lon, lat in points.tolist()]
        return np.asarray([(point.lon, point.lat) for point in moved])

    drawn = read_barriers(barriers)
    if len(network.idle_barriers) < len(drawn):
        return ()
    shifted = [replace(each, shape=shapely.transform(each.shape, back)) for each in drawn]
    if len(work_in(network.graph, shifted)[1]) * 2 > len(drawn) or shifted[0].shape.equals(drawn[0].shape):
        return ()
    return (
        warning(
            code="BARRIERS_SHIFTED",
            table="barriers",
            message=msg(
                "The barriers touch no street where they are, but would if they had been drawn on a Chinese map (GCJ-02)."
            ),
            advice=msg(
                "Save them as WGS 84: draw them on an OpenStreetMap ground, or shift them with a tool for GCJ-02."
            ),
        ),
    )


def _idle_barrier(number: int) -> Finding:
    return warning(
        code="BARRIER_NOWHERE",
        table="barriers",
        row=number,
        message=msg("Barrier {number} touches no street: it closes none.", number=number),
        advice=msg("Draw it on the street; coordinates are WGS 84, longitude first."),
    )
