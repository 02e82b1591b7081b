"""Measures planning: this project's search, plain OR-Tools and PyVRP for the same time, one process each, on the same tables.

PyVRP (`pip install pyvrp`, 0.14) is left out where it is not installed. Every plan is scored by our own schedule, whoever made it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from doorroute.planning.tables import Tables

ROOT = Path(__file__).resolve().parents[2]
PUBLIC = ROOT.parent / "shared" / "data" / "instances"
SECONDS = 10.0
DOMAIN = ((100, 6, 10.0), (300, 17, 10.0), (1000, 58, 20.0), (3000, 170, 60.0))
"""Doors, teams, seconds; the last return and OR-Tools are measured for all but the last."""
MOST_FOR_FINISH, MOST_FOR_ORTOOLS = 1000, 1000
FILES = {"X-n200-k36.vrp": 58578, "r1_2_3.txt": 33820, "rc1_4_2.txt": 78925}
"""Public instances and the best known cost (of those with windows in tenths; for fewest vehicles first)."""

CONDITIONS = """The same seconds for each engine (in the name; {seconds:.0f} for public instances), one seed, one after another, on two cores: doorroute uses both, PyVRP runs twice side by side and the better counts, OR-Tools' library has one thread (load of the machine when it began: {load:.1f}).
Least travel in seconds, or the last return in seconds after midnight / travel; in brackets how many visits are left out. Domain instances: doors drawn
on the shipped streets, three depots, on foot, service 5-12 min, a quarter with windows of two hours, shift of four hours, 40 kits a team."""


def run() -> str:
    """Measure, and return the section for the page of all benchmarks."""
    from benchmarks.planning import engines, instances
    from doorroute.model.settings import Objective
    from doorroute.planning import warm_up
    from doorroute.planning.bounds import lower_bound_finish
    from doorroute.planning.files import read

    warm_up()
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    names = list(engines.ENGINES)
    lines = [
        "## Planning",
        "",
        CONDITIONS.format(seconds=SECONDS, load=load),
        "",
        f"| instance | {' | '.join(names)} | known |",
        f"|---|{'---|' * len(names)}---|",
    ]

    def row(name: str, tables: Tables, objective: Objective, known: str, seconds: float = SECONDS) -> None:
        cells = []
        for engine in names:
            if engine == "OR-Tools" and tables.n > MOST_FOR_ORTOOLS:
                cells.append("")
                continue
            print(f"{name}, {engine}", file=sys.stderr)
            cells.append(engines.measured(engine, tables, objective, seconds))
        lines.append(f"| {name} | {' | '.join(cells)} | {known} |")

    for doors, teams, seconds in DOMAIN:
        tables, named = instances.day(doors, teams, seed=doors), f"{doors} doors, {teams} teams, {seconds:.0f} s"
        row(f"{named}, travel", tables, Objective.TRAVEL, "", seconds)
        if doors <= MOST_FOR_FINISH:
            bound = lower_bound_finish(tables, range(doors))
            row(f"{named}, last return", tables, Objective.FINISH, f"bound {bound}", seconds)
    for name, best in FILES.items() if PUBLIC.is_dir() else ():
        row(name, read(PUBLIC / name).tables, Objective.TRAVEL, str(best))
    return "\n".join([*lines, ""])
