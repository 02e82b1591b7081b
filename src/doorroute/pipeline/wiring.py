"""The wiring: what one stage made goes into the next."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from doorroute.errors import BadInputError, NoSoundPlanError
from doorroute.model.finding import Finding, FindingCode, Severity
from doorroute.model.plan import Plan, Route
from doorroute.model.problem import Problem
from doorroute.model.settings import Settings
from doorroute.model.travel import depot_key, visit_key
from doorroute.pipeline.locating import Located, locate_visits, sources_of
from doorroute.pipeline.numbers import summary_of
from doorroute.pipeline.stages import GEOCODE, INTAKE, NETWORK, PLANNING, VERIFY, Reporter, Silence
from doorroute.texts import msg

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from doorroute.geocode import Unsure
    from doorroute.intake import ResidentTable, TeamTable
    from doorroute.model.place import Point
    from doorroute.model.resident import Visit
    from doorroute.model.team import Depot, DepotId, Profile
    from doorroute.network import Leg, StreetNetwork
    from doorroute.pipeline.request import Request
    from doorroute.verify import Violation


@dataclass(frozen=True, kw_only=True)
class Tables:
    """What intake made of the files."""

    residents: ResidentTable
    visits: tuple[Visit, ...]
    depots: Mapping[DepotId, Depot]
    teams: TeamTable
    findings: tuple[Finding, ...]


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A plan that was checked, with what it was made from."""

    request: Request
    problem: Problem
    plan: Plan
    findings: tuple[Finding, ...]
    unsure: tuple[Unsure, ...]
    engine: str


def read_tables(
    residents: Path,
    *,
    teams: Path | int | None = None,
    depots: Path | None = None,
    mapping: Mapping[str, str] | None = None,
    settings: Settings = Settings(),
) -> Tables:
    """Read what there is; without depots there are no teams, and without teams none."""
    from doorroute.intake import (
        TeamTable,
        alike_teams,
        check_labs,
        contradictions,
        read_depots,
        read_residents,
        read_teams,
        visits_of,
        with_known_teams,
    )

    resident_table = read_residents(residents, mapping=mapping or None)
    depot_table = read_depots(depots) if depots else None
    known = depot_table.depots if depot_table else {}
    if teams is None or not known:
        team_table = TeamTable(teams=(), findings=())
    else:
        team_table = alike_teams(teams, known) if isinstance(teams, int) else read_teams(teams, depots=known)
        check_labs(team_table.teams, known, settings)
    people = resident_table.residents
    strange: tuple[Finding, ...] = ()
    if team_table.teams:
        people, strange = with_known_teams(people, team_table.teams, resident_table.columns)
    visit_table = visits_of(people, settings)
    return Tables(
        residents=replace(resident_table, residents=people),
        visits=visit_table.visits,
        depots=known,
        teams=team_table,
        findings=(
            *resident_table.findings,
            *strange,
            *visit_table.findings,
            *contradictions(visit_table.visits, team_table.teams, settings),
            *(depot_table.findings if depot_table else ()),
            *team_table.findings,
        ),
    )


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
    with tell.stage(INTAKE):
        tables = read_tables(
            request.residents,
            teams=request.teams,
            depots=request.depots,
            mapping=request.mapping,
            settings=request.settings,
        )
    with tell.stage(GEOCODE):
        sources, told = sources_of(request.pins, request.gazetteer)
        located = locate_visits(
            tables, request.network, settings=request.settings, cache=request.cache, sources=sources
        )
    with tell.stage(NETWORK):
        network, problem, far = measure(tables, located, request)
    with tell.stage(PLANNING):
        from doorroute import planning

        if meanwhile is not None:
            threading.Thread(target=meanwhile, daemon=True).start()
        solution = planning.solve(
            problem,
            objective=request.goals,
            iterations=request.iterations,
            time_limit_s=request.time_limit_s,
            seed=request.seed,
            progress=tell.best,
            stop=stop,
            plain=request.plain_ortools,
        )
    with tell.stage(VERIFY):
        routes = tuple(drawn(route, network.leg) for route in solution.routes)
        made = Plan(
            date=request.date,
            objective=request.objective,
            objectives=request.goals,
            seed=request.seed,
            routes=routes,
            unassigned=solution.unassigned,
            summary=summary_of(problem, routes, solution),
            not_located=located.not_located,
            rejected=tables.residents.rejected,
        )
        refuse_if_broken(check_plan(made, problem, tables, network))
    return Planned(
        request=request,
        problem=problem,
        plan=made,
        findings=(*tables.findings, *told, *located.findings, *far),
        unsure=located.unsure,
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

    network = open_network(request.network, cache=request.cache, profiles=request.profiles, barriers=request.barriers)
    teams = tables.teams.teams
    visits = tuple(visit for visit in tables.visits if visit.id in located.places)
    stops = [
        *((depot_key(depot), place.point) for depot, place in located.depot_places.items()),
        *((visit_key(visit.id), located.places[visit.id].point) for visit in visits),
    ]
    points = [point for _, point in stops]
    travel = {}
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
        *(_far_from_streets(row, offset, column) for row, offset in sorted(far_rows.items())),
        *(_on_closed_street(row, column) for row in sorted(closed_rows)),
        *(_idle_barrier(number) for number in network.idle_barriers),
    )
    return network, problem, findings


def check_plan(made: Plan, problem: Problem, tables: Tables, network: StreetNetwork) -> tuple[Violation, ...]:
    """Hold the plan against its inputs: every rule, every line drawn, every sum, every row."""
    from doorroute.verify import check, check_geometry, check_rows, check_summary

    read = tables.residents
    taken = {resident.row: resident.id for resident in read.residents}
    sheet = range(read.header_row + 1, read.header_row + 1 + read.rows)
    return (
        *check(problem, made.routes, made.unassigned),
        *check_geometry(problem, made.routes, network.leg),
        *check_summary(made, problem),
        *check_rows(made, taken, sheet),
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
    return Finding(
        severity=Severity.WARNING,
        code=FindingCode("FAR_FROM_STREET"),
        table="residents",
        row=row,
        column=column,
        message=msg("The door lies {metres} m from the nearest street.", metres=round(offset_m))
        if offset_m < 100_000
        else msg("The door lies outside the streets of the extract."),
        advice=msg("Check the address, or the coordinates (lon and lat swapped?) and their datum."),
    )


def _on_closed_street(row: int, column: str) -> Finding:
    return Finding(
        severity=Severity.WARNING,
        code=FindingCode("CLOSED_STREET"),
        table="residents",
        row=row,
        column=column,
        message=msg("The door lies on a street that a barrier closes: nobody gets there by it."),
        advice=msg("Give lon and lat of an entrance that is open, or draw the barrier elsewhere."),
    )


def _idle_barrier(number: int) -> Finding:
    return Finding(
        severity=Severity.WARNING,
        code=FindingCode("BARRIER_NOWHERE"),
        table="barriers",
        row=number,
        column="",
        message=msg("Barrier {number} touches no street: it closes nothing.", number=number),
        advice=msg("Draw it on the street; coordinates are WGS 84, longitude first."),
    )
