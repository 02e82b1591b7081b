"""Ferries: how long a crossing takes, and the wait for the boat.

A crossing takes what `duration` gives for the whole line, otherwise its length at the usual speed. Timetables
are not read: boarding takes half the `interval`, or the usual wait. Half of it is spent at each quay, so that
both directions are equal.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from doorroute.network.compiling import Graph
from doorroute.network.profiles import FERRY, LINE, ProfileRules, way_class

_CLOCK: Final = re.compile(r"(\d{1,3}):(\d{2})(?::\d{2})?")
_WORDS: Final = re.compile(
    r"(?:PT)?(?:(\d+)\s*h(?:ours?)?)?\s*(?:(\d+)\s*(?:m|mins?|minutes?)?)?", re.IGNORECASE
)
_MOST_MIN: Final = 24 * 60
_LEAST_MS: Final = 15_000  # for a kilometre: no boat is faster than 240 km/h, so it is a typing error


def minutes(text: str) -> float | None:
    """Return the minutes in a `duration` or an `interval`; of a range (`10-20`), the longest.

    Accepts `0:20`, `PT1H20M`, `1 h 20 min`, or a number of minutes. None for anything else.
    """
    found = [_one(part.strip()) for part in re.split(r"[;-]", text)]
    known = [each for each in found if each is not None and 0 < each <= _MOST_MIN]
    return max(known) if known and None not in found else None


def _one(text: str) -> float | None:
    match = _CLOCK.fullmatch(text) or _WORDS.fullmatch(text)
    if match is None or not any(match.groups()):
        return None
    return 60.0 * int(match[1] or 0) + int(match[2] or 0)


def by_boat(graph: Graph, rules: ProfileRules, ms: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return `ms` with times of ferries: (2, m) milliseconds along and against each edge, -1 if closed."""
    boat = np.asarray([way_class(tags) == FERRY for tags in graph.tag_sets], dtype=np.bool_)[graph.tags]
    edges = np.flatnonzero(boat)
    if not len(edges):
        return ms
    times = [_times(rules, tags) for tags in graph.tag_sets]
    sail_min, wait_min = np.asarray(times, dtype=np.float64)[graph.tags[edges]].T
    metres = graph.length_m[edges]
    _, line = np.unique(_lines(graph)[:, edges], axis=1, return_inverse=True)
    share = metres / np.maximum(np.bincount(line, weights=metres)[line], 1e-9)
    sail_ms = sail_min * 60_000 * share
    sail_ms = np.where(sail_ms >= metres * _LEAST_MS / 1000, sail_ms, np.nan)
    ashore = np.zeros(len(graph.node_id), dtype=np.int64)
    np.logical_or.at(ashore, np.r_[graph.tail[~boat], graph.head[~boat]], 1)
    quays = ashore[graph.tail[edges]] + ashore[graph.head[edges]]
    taken = np.where(np.isnan(sail_ms), ms[:, edges], sail_ms) + quays * wait_min * 30_000
    changed = ms.copy()
    changed[:, edges] = np.where(ms[:, edges] >= 0, np.rint(taken), -1).astype(np.int64)
    return changed


def _lines(graph: Graph) -> NDArray[np.int64]:
    """Return (2, m), the ids of each edge's ferry line: its relation, or its way."""
    relation = np.asarray([int(tags.get(LINE, -1)) for tags in graph.tag_sets], dtype=np.int64)[graph.tags]
    return np.stack([relation, np.where(relation < 0, graph.way, 0)])


def _times(rules: ProfileRules, tags: Mapping[str, str]) -> tuple[float, float]:
    """Return the minutes of the whole crossing (NaN if not given) and of the wait for the boat."""
    every = minutes(tags.get("interval", ""))
    return minutes(tags.get("duration", "")) or np.nan, rules.ferry_wait_min if every is None else every / 2
