"""The wiring of one stage into the next."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from doorroute.errors import NoSoundPlanError
from doorroute.model.finding import Finding, in_doubt
from doorroute.model.plan import Plan, Route, StepType
from doorroute.model.problem import Problem
from doorroute.pipeline.barriers import barrier_findings, datum_of_barriers
from doorroute.pipeline.cache_findings import cache_findings
from doorroute.pipeline.locating import LocatedDoors, locate_around, sources_of
from doorroute.pipeline.measuring import measure
from doorroute.pipeline.reading import DayTables, hashes_of, must_be_as_before, tables_of
from doorroute.pipeline.stages import GEOCODE, INTAKE, NETWORK, PLANNING, VERIFY, Reporter, Silence
from doorroute.planning.summary import summary_of
from doorroute.sandbox import start_sandbox
from doorroute.texts import msg

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from doorroute.checker import Violation
    from doorroute.geocode import Unsure
    from doorroute.intake import IdRecord, SheetAsRead
    from doorroute.model.place import Point, TakenDatum
    from doorroute.model.team import Profile, Team
    from doorroute.network import Leg, StreetNetwork
    from doorroute.pipeline.request import Request
    from doorroute.planning import Solution


@dataclass(frozen=True, kw_only=True)
class CheckedPlan:
    """A plan that the checker accepted, with what it was made from.

    `rows` counts the rows of each list of residents. `hashes` are those of the files as they were read.
    `extract` is the part of the map that was read. `crew` has all teams of the day, including dropped ones.
    `record` has the day's ids after this plan. `as_read` has the sheets with people.
    """

    request: Request
    problem: Problem
    plan: Plan
    rows: Mapping[str, int]
    hashes: Mapping[str, str]
    findings: tuple[Finding, ...]
    unsure: tuple[Unsure, ...]
    engine: str
    extract: Path
    crew: tuple[Team, ...] = ()
    record: IdRecord | None = None
    as_read: tuple[SheetAsRead, ...] = field(default=(), repr=False)

    @property
    def in_doubt(self) -> tuple[Finding, ...]:
        """The warnings about rows that are nevertheless on a route."""
        return in_doubt(self.findings, self.problem.rows_of({left.visit for left in self.plan.unassigned}))


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """All that a plan is made from and checked against.

    `extract` is the part of the map that was read. `day` is the problem before anything has happened,
    `problem` what is left of it.
    """

    hashes: Mapping[str, str]
    tables: DayTables
    located: LocatedDoors
    datums: tuple[TakenDatum, ...]
    network: StreetNetwork
    extract: Path
    day: Problem
    problem: Problem
    findings: tuple[Finding, ...]


def prepare(request: Request, reporter: Reporter) -> Prepared:
    """Read the tables, find the doors, and measure the streets.

    Raises
    ------
    BadInputError
        A file cannot be used at all, or changed while it was read.
    """
    hashes = hashes_of(request)
    start_sandbox(
        "doorroute.geocode.index_build", "doorroute.geocode.map_features", "doorroute.network.reading"
    )
    with reporter.stage(INTAKE):
        tables = tables_of(request)
    with reporter.stage(GEOCODE):
        sources, told = sources_of(request.pins, request.gazetteer)
        near, located, cut = locate_around(
            tables, request.network, reporter, settings=request.settings, cache=request.cache, sources=sources
        )
    with reporter.stage(NETWORK):
        network, day, far = measure(tables, located, request, near.extract)
        closed = datum_of_barriers(network, request.barriers)
    must_be_as_before(request, hashes)
    datums = (*located.datums, *((closed,) if closed else ()))
    rest, problem = request.rest, day
    if rest is not None:
        from doorroute.day.rest_of_day import rest_of_day

        problem = rest_of_day(day, rest.before, rest.events, rest.ask).problem
    kept = cache_findings(located.troubles | network.cache.troubles)
    for each in kept:
        reporter.warn(each)
    placed = tables.placed((*located.findings, *far))
    findings = (*tables.findings, *told, *cut, *placed, *barrier_findings(closed), *kept)
    return Prepared(
        hashes=hashes,
        tables=tables,
        located=located,
        datums=datums,
        network=network,
        extract=near.extract,
        day=day,
        problem=problem,
        findings=findings,
    )


def plan(
    request: Request,
    *,
    reporter: Reporter | None = None,
    stop: threading.Event | None = None,
    meanwhile: Callable[[], None] | None = None,
) -> CheckedPlan:
    """Run all stages except output: read, locate, measure, split, check.

    Parameters
    ----------
    request
        The inputs and options.
    reporter
        Called at every stage and for every better plan.
    stop
        Set it to end the search with the best plan so far.
    meanwhile
        Called once, in a thread of its own, while the search runs.

    Raises
    ------
    BadInputError
        A file cannot be used at all.
    NoSoundPlanError
        The checker found a broken rule. Nothing was written.
    """
    from doorroute.intake import IdRecord

    tell = reporter or Silence()
    if request.record is None:
        request = replace(request, record=IdRecord(day=request.date))
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
) -> CheckedPlan:
    """Draw the routes, sum up the plan, and check it; `parent` is the hash of the previous plan.

    Raises
    ------
    NoSoundPlanError
        The checker found a broken rule.
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
        sheets=ready.tables.sheets,
        parent=parent,
        datums=ready.datums,
    )
    refuse_if_broken(check_plan(made, problem, ready))
    return CheckedPlan(
        request=request,
        problem=problem,
        plan=made,
        rows=ready.tables.rows,
        hashes=ready.hashes,
        findings=ready.findings,
        unsure=ready.located.unsure,
        engine=solution.engine,
        extract=ready.extract,
        crew=ready.tables.teams.teams,
        record=ready.tables.record,
        as_read=ready.tables.as_read,
    )


def check_plan(made: Plan, problem: Problem, ready: Prepared) -> tuple[Violation, ...]:
    """Check the plan against its inputs: rules, drawn lines, sums, rows, sheets and datums."""
    from doorroute.checker import check, check_datums, check_geometry, check_rows, check_sheets, check_summary

    tables = ready.tables
    taken = {resident.row: resident.id for resident in tables.residents.residents}
    lines = frozenset().union(*tables.lines.values())
    return (
        *check(problem, made.routes, made.unassigned),
        *check_geometry(problem, made.routes, ready.network.leg),
        *check_summary(made, problem),
        *check_rows(made, taken, lines),
        *check_sheets(made, tables.lines.values()),
        *check_datums(made, ready.datums),
    )


def refuse_if_broken(violations: tuple[Violation, ...]) -> None:
    """Raise NoSoundPlanError if there are violations."""
    if violations:
        raise NoSoundPlanError(
            "PLAN_BROKEN",
            msg(
                "The plan breaks {count} rules. The first: {first}",
                count=len(violations),
                first=violations[0].message,
            ),
            msg(
                "Nothing was written. This is a bug in doorroute: please report it,"
                " with the input if you may share it."
            ),
        )


def drawn(route: Route, leg_of: Callable[[Point, Point, Profile], Leg]) -> Route:
    """Return the route with its line along the streets and the directions to each stop."""
    points: list[Any] = []
    steps = list(route.steps)
    located = [
        (number, step.location)
        for number, step in enumerate(steps)
        if step.location is not None and step.type is not StepType.BREAK
    ]
    for (_, start), (here, end) in pairwise(located):
        leg = leg_of(start, end, route.profile)
        points.extend(
            leg.points if not points or not leg.points or points[-1] != leg.points[0] else leg.points[1:]
        )
        steps[here] = replace(steps[here], directions=leg.directions)
    return replace(route, steps=tuple(steps), geometry=tuple(points))
