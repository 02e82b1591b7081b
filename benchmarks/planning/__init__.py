"""Measures planning: this project's search against its peers, each for the same time on the same two cores
and the same tables.

The peers are left out where they are not installed: `pip install --no-deps pyvrp==0.14.1 vrplib tqdm
pyvroom==1.15.2 commiv==0.6.0`. Every plan is scored by our own schedule, whoever made it.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from doorroute.model.settings import Objective

if TYPE_CHECKING:
    from collections.abc import Iterable

    from doorroute.planning.core.tables import Tables

ROOT = Path(__file__).resolve().parents[2]
PUBLIC = ROOT.parent / "shared" / "data" / "instances"

DOMAIN = ((100, 6, 10.0, 5), (300, 17, 10.0, 5), (1000, 58, 30.0, 5), (3000, 170, 60.0, 5))
"""Doors, teams, seconds, seeds; the last return and OR-Tools are measured for all but the last."""
MOST_FOR_FINISH, MOST_FOR_ORTOOLS, MOST_FOR_VROOM = 1000, 1000, 300
ONE_DEPOT = ((300, 17, 10.0, 5), (1000, 58, 30.0, 1))
SOON_S, LONG_S, LONG_SEEDS = 2.0, 60.0, 2
FILES = {
    "X-n200-k36.vrp": 58578,
    "X-n502-k39.vrp": 69226,
    "X-n1001-k43.vrp": 72355,
    "r1_2_3.txt": 33820,
    "rc1_4_2.txt": 78925,
}
"""Public instances and the best known cost (of those with windows in tenths, and found for fewest vehicles
first).
"""
FILES_SEEDS, FILES_LONGER = 2, ("rc1_4_2.txt",)

CONDITIONS = """The same seconds for each engine (in the name), one after another, on two cores: doorroute uses both, PyVRP and commiv run twice side by side and the better counts, VROOM
has two threads, OR-Tools' library has one (load of the machine when it began: {load:.1f}). PyVRP has no last return as its goal: the shift is bisected, all trials within these
seconds. Median of the seeds, in brackets the least and the most; VROOM has no seed, OR-Tools ran once. Least travel in seconds, last return in seconds after midnight. "Ahead" is against the best peer, of the
median: of the travel, or of the time from {opens:02}:00 to the last return. A plan that leaves somebody out is told as "n out", whatever its cost. Domain instances: doors drawn
on the shipped streets, three depots (one, where it says so: commiv knows one), on foot, service 5-12 min, a quarter with windows of two hours, shift of four hours, 40 kits a team."""


@dataclass
class Runs:
    """What an engine reached with each seed: the goal, visits left out; and the seconds it took at most."""

    goals: list[int] = field(default_factory=list)
    missed: int = 0
    took_s: float = 0.0

    @property
    def median(self) -> float | None:
        """Return the median, None where a run left somebody out or there is none."""
        return statistics.median(self.goals) if self.goals and not self.missed else None

    def cell(self, seconds: float) -> str:
        """Return it as a cell of the table."""
        if not self.goals:
            return "breaks a rule"
        spread = f" ({min(self.goals):,}-{max(self.goals):,})" if len(self.goals) > 1 else ""
        late = f" in {self.took_s:.0f} s" if self.took_s > seconds * 1.1 + 1 else ""
        return (
            f"{statistics.median(self.goals):,.0f}{spread}"
            + (f", {self.missed} out" if self.missed else "")
            + late
        )


def runs(name: str, tables: Tables, objective: Objective, seconds: float, seeds: Iterable[int]) -> Runs:
    """Let an engine plan once a seed."""
    from benchmarks.planning.engines import ENGINES
    from doorroute.planning.core.score import scored

    found = Runs()
    for seed in seeds:
        begun = time.monotonic()
        orders = ENGINES[name](tables, objective, seconds, seed)
        found.took_s = max(found.took_s, time.monotonic() - begun)
        reached = scored(tables, orders, objective)
        print(f"  {name} {seed}: {reached}", file=sys.stderr)
        if reached is not None:
            found.goals.append(reached[-2])
            found.missed = max(found.missed, reached[0])
    return found


def row(
    name: str, tables: Tables, objective: Objective, seconds: float, seeds: dict[str, int], known: str = ""
) -> str:
    """Return a row of the table: `seeds` says who takes part, and how often."""
    from benchmarks.planning.engines import ENGINES, there
    from benchmarks.planning.instances import OPENS_S

    print(name, file=sys.stderr)
    cells, reached = [], dict[str, float]()
    for engine in ENGINES:
        number = seeds.get(engine, 0)
        if not number or not there(engine):
            cells.append("" if not number else "not installed")
            continue
        found = runs(engine, tables, objective, seconds, range(1, number + 1))
        cells.append(found.cell(seconds))
        if found.median is not None:
            reached[engine] = found.median - (OPENS_S if objective is Objective.FINISH else 0)
    mine, peers = reached.pop("doorroute", None), min(reached.values(), default=None)
    ahead = "" if mine is None or peers is None else f"{100 * (1 - mine / peers):.1f} %"
    return f"| {name} | {' | '.join(cells)} | {ahead} | {known} |"


def run() -> str:
    """Measure, and return the section for the page of all benchmarks."""
    from benchmarks.planning import engines, hard, instances
    from doorroute.planning import warm_up
    from doorroute.planning.bounds.lower import bounds_of
    from doorroute.planning.bounds.pricing import day_prices
    from doorroute.planning.formats.solve_file import read

    warm_up()
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    head = [
        f"| instance | {' | '.join(engines.ENGINES)} | ahead | known |",
        f"|---|{'---|' * len(engines.ENGINES)}---|---|",
    ]
    lines = ["## Planning", "", CONDITIONS.format(load=load, opens=instances.OPENS_S // 3600), "", *head]
    for doors, teams, seconds, seeds in DOMAIN:
        tables, named = (
            instances.day(doors, teams, seed=doors),
            f"{doors} doors, {teams} teams, {seconds:.0f} s",
        )
        bounds = bounds_of(tables, range(doors), day_prices(tables))
        both = {"doorroute": seeds, "PyVRP": seeds, "OR-Tools": int(doors <= MOST_FOR_ORTOOLS)}
        travel = both | {"VROOM": int(doors <= MOST_FOR_VROOM)}
        lines.append(
            row(
                f"{named}, travel",
                tables,
                Objective.TRAVEL,
                seconds,
                travel,
                f"bound {bounds.lower_bound_travel_s:,}",
            )
        )
        if doors <= MOST_FOR_FINISH:
            known = f"bound {bounds.lower_bound_finish_s:,}"
            lines.append(row(f"{named}, last return", tables, Objective.FINISH, seconds, both, known))
    for doors, teams, seconds, seeds in ONE_DEPOT:
        tables = instances.day(doors, teams, seed=doors, depots=1)
        three = dict.fromkeys(("doorroute", "PyVRP", "commiv"), seeds)
        lines.append(
            row(
                f"{doors} doors, one depot, {seconds:.0f} s, travel", tables, Objective.TRAVEL, seconds, three
            )
        )
    for name, best in FILES.items() if PUBLIC.is_dir() else ():
        tables, two = read(PUBLIC / name).tables, dict.fromkeys(("doorroute", "PyVRP"), FILES_SEEDS)
        lines.append(row(f"{name}, 10 s", tables, Objective.TRAVEL, 10.0, two, f"best {best:,}"))
        if name in FILES_LONGER:
            one = dict.fromkeys(two, 1)
            lines.append(row(f"{name}, 60 s", tables, Objective.TRAVEL, 60.0, one, f"best {best:,}"))
    return "\n".join([*lines, "", *_soon(), "", *_first(), "", *hard.lines(), ""])


def _soon() -> list[str]:
    """Return what stands after two seconds beside what PyVRP has after ten."""
    from benchmarks.planning import instances
    from benchmarks.planning.engines import there

    doors, teams, seconds, seeds = DOMAIN[1]
    tables = instances.day(doors, teams, seed=doors)
    mine = runs("doorroute", tables, Objective.TRAVEL, SOON_S, range(1, seeds + 1))
    if not there("PyVRP"):
        return []
    theirs = runs("PyVRP", tables, Objective.TRAVEL, seconds, range(1, seeds + 1))
    longer = runs("doorroute", tables, Objective.TRAVEL, LONG_S, range(1, LONG_SEEDS + 1))
    return [
        (
            f"Soon: at {doors} doors doorroute reaches {mine.cell(SOON_S)} s of travel in {SOON_S:.0f} s, PyVRP {theirs.cell(seconds)} in {seconds:.0f} s (median of {seeds} seeds each). "
            f"Late: in {LONG_S:.0f} s doorroute reaches {longer.cell(LONG_S)} ({LONG_SEEDS} seeds): no more than that is left to be ahead by."
        )
    ]


def _first() -> list[str]:
    """Return when the first plan stands in which nobody is left out who is not left out in the end, and the
    memory of the largest day.
    """
    import resource

    from benchmarks.planning import instances
    from doorroute.planning.solve import Progress, search

    lines = ["| first complete plan | after, s | bar, s |", "|---|---|---|"]
    for doors, teams, bar_s in ((100, 6, 1), (1000, 58, 5), (3000, 170, 25)):
        tables, complete = instances.day(doors, teams, seed=doors), list[float]()

        def tell(progress: Progress, complete: list[float] = complete) -> None:
            if progress.unassigned == 0:
                complete.append(progress.elapsed_s)

        search(tables, Objective.FINISH, time_limit_s=float(2 * bar_s), seed=1, progress=tell)
        lines.append(
            f"| {doors} doors | {complete[0]:.2f} | {bar_s} |"
            if complete
            else f"| {doors} doors | never | {bar_s} |"
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6  # kilobytes on Linux
    return [
        *lines,
        "",
        f"Memory of this process, which planned all of these, at most: {peak:.2f} GB (bar for 3,000 doors: 1.5).",
    ]
