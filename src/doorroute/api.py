"""The library: `from doorroute import plan`."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from doorroute.disk.places import cache_folder
from doorroute.model.settings import Objective, Settings
from doorroute.pipeline import CheckedPlan, Request, write_folder
from doorroute.pipeline import plan as plan_request
from doorroute.pipeline.opening import held_in
from doorroute.pipeline.plan_folder import OVERVIEW
from doorroute.texts import choose_language

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from doorroute.model.finding import Finding
    from doorroute.model.plan import Plan

PathLike = str | os.PathLike[str]


@dataclass(frozen=True)
class Day:
    """A planned day: the plan, and the findings about the tables."""

    planned: CheckedPlan

    @property
    def plan(self) -> Plan:
        """Return the checked plan."""
        return self.planned.plan

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return the findings about the tables."""
        return self.planned.findings

    def write(self, out: PathLike, *, lang: str | None = None) -> Path:
        """Write plan, maps and tables to the folder `out`, all or nothing; return the overview's path.

        Raises
        ------
        BadInputError
            Another day is open in `out`.
        """
        write_folder(self.planned, Path(out), lang=choose_language(lang))
        return Path(out) / OVERVIEW

    def __str__(self) -> str:
        """Summarise the day in one line."""
        from doorroute.model.clock import clock

        summary = self.plan.summary
        doors, teams = f"{summary.assigned} of {summary.visits} visits", f"{len(self.plan.routes)} teams"
        return f"{doors}, {teams}, last return {clock(summary.finish_s)}"


def plan(  # noqa: PLR0913  # keyword-only: what `doorroute plan` takes as options
    residents: PathLike,
    *,
    teams: PathLike | int,
    depots: PathLike,
    network: PathLike,
    objective: str | Sequence[str] = "finish",
    time_limit_s: float = 20.0,
    seed: int = 1,
    date: dt.date | None = None,
    mapping: Mapping[str, str] | None = None,
    sheets: Sequence[str] = (),
    settings: Settings | None = None,
    cache: PathLike | None = None,
    folder: PathLike | None = None,
) -> Day:
    """Plan a day of home visits.

    Parameters
    ----------
    residents, depots
        Tables: xlsx, xls, ods or csv.
    teams
        A table, or how many teams start from the first depot.
    network
        An OpenStreetMap extract: .osm.pbf, .osm, .osm.gz or .graphml.
    objective
        `finish` (earliest last return), `travel` (least travel), `teams` (fewest teams), `balance` (even
        hours); or several, the most important first.
    time_limit_s
        Seconds to search.
    mapping
        The header of each field whose header is not recognised.
    sheets
        The sheets of `residents` to read; all sheets with people if none is named.
    cache
        The folder for compiled extracts; None: the account's own.
    folder
        The folder that the plan will be written to. If it has a plan of the same day, people and doors keep
        their ids.

    Raises
    ------
    BadInputError
        A file cannot be used as a whole, or another day is open in `folder`. Single bad rows are in the
        plan's `rejected`.
    NoSoundPlanError
        No plan keeps every rule.
    """
    names = (objective,) if isinstance(objective, str) else objective
    goals = tuple(Objective(name) for name in names) or (Objective.FINISH,)
    day = (date or dt.datetime.now().astimezone().date()).isoformat()
    held = held_in(Path(folder), day) if folder is not None else None
    return Day(
        plan_request(
            Request(
                residents=Path(residents),
                teams=teams if isinstance(teams, int) else Path(teams),
                depots=Path(depots),
                network=Path(network),
                date=day,
                objective=goals[0],
                objectives=goals,
                time_limit_s=time_limit_s,
                seed=seed,
                mapping=dict(mapping or {}),
                sheets=tuple(sheets),
                settings=settings or Settings(),
                record=held.record if held is not None and held.date == day else None,
                cache=Path(cache) if cache is not None else cache_folder(),
            )
        )
    )
