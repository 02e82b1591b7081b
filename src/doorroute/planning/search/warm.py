"""Compiling the search ahead of time, so that no plan waits for the compiler."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np

from doorroute.planning.bounds.lower import spanning_tree
from doorroute.planning.bounds.pricing import day_prices
from doorroute.planning.core.schedule import timed
from doorroute.planning.core.tables import FORBIDDEN, NO_LIMIT, Crew, Tables
from doorroute.planning.core.trips import cuts_of
from doorroute.planning.search import kernel
from doorroute.planning.search.ruin import Ruin


def is_warm() -> bool:
    """Say whether the search has been compiled on this computer: if not, `warm_up` takes a minute or two."""
    function = cast("Any", kernel.anneal)  # numba's, of which mypy knows nothing
    return bool(function.signatures) or any(Path(function.stats.cache_path).glob("kernel.*.nbc"))


def warm_up() -> None:
    """Compile the search and keep it on disk; where that has been done, load it (a moment)."""
    ruin = Ruin(_one_visit(), 1)
    ruin.run(1, 1.0)
    ruin.fits(0, 0, 0)
    tables = _one_visit()
    timed(tables, tables.crews[0], (0,))
    cuts_of(tables, replace(tables.crews[0], max_reloads=1, reload=1), (0,), 1)
    day_prices(_one_visit())
    spanning_tree(np.zeros((1, 1)), np.zeros(1), np.zeros(1), np.zeros((3, 1), dtype=np.int64))


def _one_visit() -> Tables:
    """Return the smallest problem there is."""
    still, zeros = np.zeros((1, 2, 2), dtype=np.int64), np.zeros(2, dtype=np.int64)
    crew = Crew(
        profile=0,
        start=1,
        end=1,
        opens_s=0,
        closes_s=1,
        pauses=(),
        capacity=(NO_LIMIT,),
        max_visits=NO_LIMIT,
        may=np.ones(1, dtype=bool),
    )
    return Tables(
        n=1,
        go_s=still,
        travel_s=still,
        distance_m=still,
        service_s=zeros,
        demand=zeros[:, None],
        rank=zeros,
        tier=zeros,
        opens_s=np.zeros((2, 1), dtype=np.int64),
        closes_s=np.full((2, 1), FORBIDDEN, dtype=np.int64),
        crews=(crew,),
    )
