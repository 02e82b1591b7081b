"""A routing problem without doors and residents, as other programs and public benchmarks state them, and its solution in VROOM's format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np

from doorroute.planning.schedule import Timed, timed
from doorroute.planning.score import Orders, left_out
from doorroute.planning.tables import FORBIDDEN, NO_WINDOW, Crew, Ints, Tables

ANYWHERE: Final = -1
"""The location of a team that may start or end where it likes: no way to or from it takes time."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Instance:
    """Tables, and what their visits and teams are called outside.

    locations : of each visit and then of each depot, ANYWHERE for none. breaks : the ids of each team, in the order of its pauses.
    """

    tables: Tables
    visits: Sequence[int]
    teams: Sequence[int]
    locations: Sequence[int]
    priorities: Sequence[int]
    setup_s: Ints
    breaks: Sequence[Sequence[int]]


def tables_of(
    durations: Sequence[Ints],
    locations: Sequence[int],
    *,
    setup_s: Ints,
    service_s: Ints,
    demand: Ints,
    priorities: Sequence[int],
    windows: Sequence[Sequence[tuple[int, int]]],
    crews: tuple[Crew, ...],
) -> Tables:
    """Make tables of matrices by profile, (locations, locations), and of what the first of `locations` ask for; setup is free where one already is."""
    where, n = np.array(locations, dtype=np.int64), len(demand)
    anywhere = where == ANYWHERE
    free = anywhere[:, None] | anywhere[None, :]
    travel = [np.where(free, 0, table[np.ix_(where, where)]) for table in durations]
    setup = np.where(
        where[:, None] == where[None, :],
        0,
        np.concatenate([setup_s, np.zeros(len(where) - n, dtype=np.int64)])[None, :],
    )
    levels = sorted(set(priorities), reverse=True)
    width = max((len(spans) for spans in windows), default=0) or 1
    opens = np.full((len(where), width), NO_WINDOW, dtype=np.int64)
    closes = opens.copy()
    opens[:, 0], closes[:, 0] = 0, FORBIDDEN
    for node, spans in enumerate(windows):
        for place, (first, last) in enumerate(sorted(spans)):
            opens[node, place], closes[node, place] = first, last
    tail = np.zeros(len(where) - n, dtype=np.int64)
    stacked = np.stack(travel).astype(np.int64)
    return Tables(
        n=n,
        go_s=np.minimum(stacked + setup, FORBIDDEN),
        travel_s=stacked,
        distance_m=stacked,
        service_s=np.concatenate([service_s, tail]),
        demand=np.concatenate([demand, np.zeros((len(tail), demand.shape[1]), dtype=np.int64)]),
        rank=np.zeros(len(where), dtype=np.int64),
        tier=np.concatenate([np.array([levels.index(p) for p in priorities], dtype=np.int64), tail]),
        opens_s=opens,
        closes_s=closes,
        crews=crews,
    )


def solution_of(instance: Instance, orders: Orders) -> dict[str, Any]:
    """Return the solution as VROOM's API writes it (docs/API.md of VROOM 1.14): times in the unit of the input, cost = seconds of travel."""
    tables = instance.tables
    routes = []
    for number, (crew, order) in enumerate(zip(tables.crews, orders, strict=True)):
        if order:
            times = timed(tables, crew, order)
            if times is None:
                raise ValueError("a route breaks a rule")
            routes.append(_route(instance, number, crew, order, times))
    missing = left_out(tables, orders)
    totals = {
        key: sum(route[key] for route in routes)
        for key in ("cost", "setup", "service", "duration", "waiting_time", "priority")
    }
    return {
        "code": 0,
        "summary": {**totals, "routes": len(routes), "unassigned": len(missing), "violations": []},
        "unassigned": [
            {"id": instance.visits[node], "type": "job", **_at(instance.locations[node])} for node in missing
        ],
        "routes": routes,
    }


def _route(instance: Instance, number: int, crew: Crew, order: Sequence[int], times: Timed) -> dict[str, Any]:
    tables, stops = instance.tables, (crew.start, *order, crew.end)
    travel, go = tables.travel_s[crew.profile], tables.go_s[crew.profile]
    now, spent, load = times.start_s, 0, np.zeros_like(tables.demand[0])
    steps: list[dict[str, Any]] = [_step("start", instance.locations[crew.start], now, 0, load)]
    for done, (stop, node) in enumerate(pairwise(stops)):
        for pause, after, begin in times.breaks_s:
            if after == done:
                rest = tables.crews[number].pauses[pause].duration_s
                steps.append(
                    {
                        **_step("break", ANYWHERE, now, spent, load),
                        "id": instance.breaks[number][pause],
                        "waiting_time": begin - now,
                        "service": rest,
                    }
                )
                now = begin + rest
        leg = int(travel[stop, node])
        spent, now = spent + leg, now + leg
        if done == len(order):
            steps.append(_step("end", instance.locations[node], now, spent, load))
            break
        setup, service, begin = int(go[stop, node]) - leg, int(tables.service_s[node]), times.begins_s[done]
        load = load + tables.demand[node]
        steps.append(
            {
                **_step("job", instance.locations[node], now, spent, load),
                "id": instance.visits[node],
                "job": instance.visits[node],
                "setup": setup,
                "service": service,
                "waiting_time": begin - setup - now,
            }
        )
        now = begin + service
    return {
        "vehicle": instance.teams[number],
        "cost": spent,
        "duration": spent,
        "setup": sum(step["setup"] for step in steps),
        "service": sum(step["service"] for step in steps),
        "waiting_time": sum(step["waiting_time"] for step in steps),
        "priority": sum(instance.priorities[node] for node in order),
        "steps": steps,
        "violations": [],
    }


def _step(kind: str, location: int, arrival: int, duration: int, load: Ints) -> dict[str, Any]:
    return {
        "type": kind,
        "arrival": arrival,
        "duration": duration,
        "setup": 0,
        "service": 0,
        "waiting_time": 0,
        "load": load.tolist(),
        "violations": [],
        **_at(location),
    }


def _at(location: int) -> Mapping[str, int]:
    return {} if location == ANYWHERE else {"location_index": location}
