"""Compiling the search ahead of time, so that no plan waits for the compiler."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, cast

import numba
import numpy as np

from doorroute.machine_code import is_kept
from doorroute.machine_code.processes import compile_in_processes
from doorroute.planning.bounds.lower import spanning_tree
from doorroute.planning.bounds.pricing import day_prices
from doorroute.planning.core.schedule import timed
from doorroute.planning.core.tables import NO_LIMIT, Crew, Tables
from doorroute.planning.core.trips import cuts_of
from doorroute.planning.search import kernel, ruin
from doorroute.planning.search.kernel import ruin_recreate
from doorroute.planning.search.kernel.places import find_place

COMMANDS: Final = (("doorroute.planning.search", "steps"), ("doorroute.planning.search", "rest"))
"""Arguments of `python -m` that compile the search, in two processes that take about as long."""


def is_warm() -> bool:
    """Return whether the search has been compiled; if not, `warm_up` takes half a minute or more."""
    return is_kept(kernel.anneal) and is_kept(kernel.settle)


def warm_up() -> None:
    """Load the search; if it has never been compiled, compile it and keep it on disk."""
    if not is_warm():
        compile_in_processes(COMMANDS)
    compile_steps()
    compile_rest()


def compile_steps() -> None:
    """Compile or load the steps of the search."""
    if numba.config.DISABLE_JIT:
        return
    tables = _small_day()
    arrays = ruin.data_of(tables), ruin.state_of(tables, np.random.default_rng(1))
    if not is_kept(kernel.anneal):
        # first what calls nothing that the other process compiles meanwhile
        _compile(find_place, *arrays, 0)
        _compile(ruin_recreate.recreate, *arrays, 0, 0)
    _compile(kernel.anneal, *arrays, 1, 1.0, 0)


def _compile(function: Callable[..., Any], *arguments: object) -> None:
    """Compile or load `function` for the types of `arguments`, without calling it."""
    cast("Any", function).compile(tuple(numba.typeof(argument) for argument in arguments))


def compile_rest() -> None:
    """Compile or load everything except the steps."""
    tables = _small_day()
    arrays = ruin.data_of(tables), ruin.state_of(tables, np.random.default_rng(1))
    search = ruin.Ruin(tables, 1)
    if not is_kept(kernel.anneal):
        _compile(ruin_recreate.ruin, *arrays, 0)
    search.fits(0, 0, 0)
    kernel.mark(arrays[1])
    timed(tables, tables.crews[0], (0,))
    cuts_of(tables, replace(tables.crews[0], max_reloads=1, reload=1), (0,), 1)
    day_prices(_small_day())
    spanning_tree(np.zeros((1, 1)), np.zeros(1), np.zeros(1), np.zeros((3, 1), dtype=np.int64))


def _small_day() -> Tables:
    """Return a day of three visits and one team, which calls all compiled functions."""
    visits, nodes = 3, 4
    legs = np.full((1, nodes, nodes), 100, dtype=np.int64)
    crew = Crew(
        profile=0,
        start=visits,
        end=visits,
        opens_s=0,
        closes_s=3600,
        pauses=(),
        capacity=(NO_LIMIT,),
        max_visits=NO_LIMIT,
        may=np.ones(visits, dtype=bool),
    )
    return Tables(
        n=visits,
        go_s=legs,
        travel_s=legs,
        distance_m=legs,
        service_s=np.array([60] * visits + [0], dtype=np.int64),
        demand=np.zeros((nodes, 1), dtype=np.int64),
        rank=np.zeros(nodes, dtype=np.int64),
        tier=np.zeros(nodes, dtype=np.int64),
        opens_s=np.zeros((nodes, 1), dtype=np.int64),
        closes_s=np.full((nodes, 1), 3600, dtype=np.int64),
        crews=(crew,),
    )
