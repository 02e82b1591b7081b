"""The wiring of `doorroute scenarios`: plan, check, replay and draw every team count."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from doorroute import __version__
from doorroute.disk.takeover import refuse_links
from doorroute.model.finding import Finding, in_doubt
from doorroute.pipeline.barriers import barrier_findings, datum_of_barriers
from doorroute.pipeline.locating import locate_around, sources_of
from doorroute.pipeline.measuring import measure
from doorroute.pipeline.reading import hashes_of, must_be_as_before, tables_of
from doorroute.pipeline.stages import GEOCODE, INTAKE, NETWORK, SCENARIOS, VERIFY, Reporter, Silence
from doorroute.pipeline.wiring import drawn, refuse_if_broken

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from doorroute.counts import Question, WhatIf
    from doorroute.counts.series import Series
    from doorroute.model.ledger import SheetCount
    from doorroute.model.problem import Problem
    from doorroute.model.team import Depot, DepotId, Team
    from doorroute.network import StreetNetwork
    from doorroute.pipeline.request import Request

CSV, PAGE, PICTURE = "scenarios.csv", "scenarios.html", "scenarios.png"

Tell = Callable[["WhatIf", int, int, bool], None]
"""Called for each finished team count with the changes, the count, its last return (seconds after midnight),
and whether it is from an earlier run."""


@dataclass(frozen=True, kw_only=True)
class Answered:
    """The answer to a planner's question.

    `series` has one entry for each set of changes. `extract` is the part of the map that was read.
    `held_back` counts the rows that were rejected or not located. `in_doubt` has warnings about rows that
    are on a route of some plan.
    """

    request: Request
    extract: Path
    question: Question
    series: tuple[Series, ...]
    findings: tuple[Finding, ...]
    in_doubt: tuple[Finding, ...]
    held_back: int
    sheets: tuple[SheetCount, ...]
    stopped: bool


@dataclass(frozen=True, kw_only=True)
class _Case:
    """A set of changes with its problem (all teams that may go) and the team counts to plan."""

    whatif: WhatIf
    problem: Problem
    counts: range
    by_s: int


def run_scenarios(
    request: Request,
    question: Question,
    out: Path,
    *,
    reporter: Reporter | None = None,
    tell: Tell | None = None,
    stop: threading.Event | None = None,
    jobs: int | None = None,
) -> Answered:
    """Plan every team count of every set of changes. Finished plans are kept below `out` and reused.

    Set `stop` to end with the counts that are finished.

    Raises
    ------
    BadInputError
        A file or the question cannot be used.
    NoSoundPlanError
        The checker found a broken rule.
    """
    watch, stop = reporter or Silence(), stop or threading.Event()
    _refuse_links(out)
    hashes = hashes_of(request)
    with watch.stage(INTAKE):
        tables = tables_of(request)
        chosen = [_chosen(whatif, question, tables.teams.teams, tables.depots) for whatif in question.whatifs]
    with watch.stage(GEOCODE):
        sources, told = sources_of(request.pins, request.gazetteer)
        near, located, cut = locate_around(
            tables, request.network, watch, settings=request.settings, cache=request.cache, sources=sources
        )
    with watch.stage(NETWORK):
        network, problem, far = measure(tables, located, request, near.extract)
    must_be_as_before(request, hashes)
    from doorroute.counts.question import changed_problem

    cases = [
        _Case(whatif=whatif, problem=changed_problem(problem, whatif, teams), counts=counts, by_s=by_s)
        for whatif, teams, counts, by_s in chosen
    ]
    with watch.stage(SCENARIOS):
        plans = [
            _solved(case, request, question, out, hashes, tell=tell, stop=stop, jobs=jobs) for case in cases
        ]
    with watch.stage(VERIFY):
        series = tuple(
            _series(case, plan, request, question, network)
            for case, plan in zip(cases, plans, strict=True)
            if plan
        )
    shifted = barrier_findings(datum_of_barriers(network, request.barriers))
    findings = (*tables.findings, *told, *cut, *located.findings, *far, *shifted)
    left = [{left.visit for left in row.unassigned} for each in series for row in each.scenarios]
    return Answered(
        request=request,
        extract=near.extract,
        question=question,
        series=series,
        findings=findings,
        in_doubt=in_doubt(findings, problem.rows_of(set.intersection(*left) if left else ())),
        held_back=len(located.not_located) + len(tables.residents.rejected),
        sheets=tables.sheets,
        stopped=stop.is_set(),
    )


def _chosen(
    whatif: WhatIf,
    question: Question,
    teams: tuple[Team, ...],
    depots: Mapping[DepotId, Depot],
) -> tuple[WhatIf, tuple[Team, ...], range, int]:
    """Check the question against the teams before the long work begins."""
    from doorroute.counts.question import changed_teams, chosen_counts, finish_by

    going = changed_teams(whatif, teams, depots)
    return whatif, going, chosen_counts(whatif, len(going)), finish_by(question, going)


def _solved(
    case: _Case,
    request: Request,
    question: Question,
    out: Path,
    hashes: dict[str, str],
    *,
    tell: Tell | None,
    stop: threading.Event,
    jobs: int | None,
) -> dict[int, Any]:
    from doorroute.counts import planning_parts as engine
    from doorroute.counts import sweep
    from doorroute.counts.stored import Store

    rows = engine.tabulate(case.problem)
    about: dict[str, object] = {
        "version": __version__,
        "inputs": {name: digest for name, digest in hashes.items() if name != "teams"},
        "mapping": dict(request.mapping),
        "settings": asdict(request.settings),
        "service": case.whatif.service,
        "time_limit_s": question.time_limit_s,
        "seed": request.seed,
    }

    def store(count: int) -> Store:
        return Store(out, {**about, "teams": [asdict(team) for team in case.problem.teams[:count]]})

    known = {
        count: orders
        for count in case.counts
        if (orders := store(count).find(count, case.problem, rows)) is not None
    }

    def say(count: int, orders: engine.Orders, *, before: bool) -> None:
        if tell is not None:
            made = engine.first_teams(rows, count)
            finish = engine.last_return(made, orders)
            tell(case.whatif, count, finish, before)

    def finished(count: int, orders: engine.Orders) -> None:
        store(count).keep(count, case.problem, orders)
        say(count, orders, before=False)

    for count, orders in known.items():
        say(count, orders, before=True)
    if len(known) < len(case.counts):
        engine.warm_up()
    return sweep.sweep(
        rows,
        case.counts,
        seconds=question.time_limit_s,
        seed=request.seed,
        known=known,
        finished=finished,
        stop=stop,
        jobs=jobs,
    )


def _series(
    case: _Case, plans: dict[int, Any], request: Request, question: Question, network: StreetNetwork
) -> Series:
    """Check, replay and draw the plans."""
    from doorroute.checker import check
    from doorroute.counts import answer, scenario_of, sweep
    from doorroute.counts import planning_parts as engine
    from doorroute.counts.series import Series

    rows = engine.tabulate(case.problem)
    plans = sweep.monotone(rows, plans)
    leg_of = cache(network.leg)  # plans of neighbouring counts share most of their legs
    scenarios = []
    with ThreadPoolExecutor(1) as pool:  # compiled code, which releases the interpreter
        bounds = pool.submit(sweep.bounds, rows, plans)
        for orders in plans.values():
            made = scenario_of(
                case.problem,
                rows,
                orders,
                by_s=case.by_s,
                chance=question.chance,
                luck=question.luck,
                seed=request.seed,
            )
            made = replace(made, routes=tuple(drawn(route, leg_of) for route in made.routes))
            refuse_if_broken(check(made.problem, made.routes, made.unassigned))
            scenarios.append(made)
    scenarios = [replace(made, bound_s=bounds.result()[made.teams]) for made in scenarios]
    return Series(
        name=case.whatif.name,
        by_s=case.by_s,
        chance=question.chance,
        scenarios=tuple(scenarios),
        answer=answer(scenarios, case.by_s, question.chance),
    )


def _refuse_links(out: Path) -> None:
    from doorroute.counts.stored import FOLDER

    home = out.resolve()
    kept = (f"{FOLDER}/{each.name}" for each in (home / FOLDER).glob("*"))
    refuse_links(home, (FOLDER, *kept, CSV, PICTURE, PAGE))


def write_scenarios(
    made: Answered, out: Path, *, lang: str, reporter: Reporter | None = None
) -> tuple[Path, ...]:
    """Write the page, the table and the picture, and return their paths."""
    from doorroute.disk.files import write_whole
    from doorroute.output.basemap import packed as basemap
    from doorroute.output.drawings import chart
    from doorroute.output.pages import counts as scenarios
    from doorroute.pipeline.stages import MAPS

    with (reporter or Silence()).stage(MAPS):
        base_map = basemap.read_base_map(made.extract)
        page = scenarios.scenarios_page(made.series, base_map, lang=lang, date=made.request.date)
        write_whole(out / CSV, "\ufeff" + scenarios.table(made.series))
        write_whole(out / PICTURE, chart.picture(made.series, lang))
        write_whole(out / PAGE, page)
    return out / PAGE, out / CSV, out / PICTURE
