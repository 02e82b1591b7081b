"""A routing problem of another program or benchmark, and its solution in VROOM's format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from doorroute.planning.core.schedule import Timed, timed
from doorroute.planning.core.score import Orders, left_out
from doorroute.planning.core.tables import FORBIDDEN, NO_WINDOW, Crew, Ints, Tables

ANYWHERE: Final = -1
"""The location of a team that may start or end anywhere: travel to or from it takes no time."""

Shown = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedStep:
    """A given step: a visit by its node, or a break by its position in `Crew.pauses`.

    `at_s`, `after_s` and `before_s` say when it must begin.
    """

    visit: int | None = None
    pause: int | None = None
    at_s: int | None = None
    after_s: int | None = None
    before_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Instance:
    """Tables, and the external ids of their visits and teams.

    shown : extra fields of a step at each node (visits, then depots); routes_shown : of each team. breaks :
    the ids of each team's breaks, in the order of its pauses. extra_s : (profiles, n), the service of each
    visit beyond `Tables.service_s`, which `Tables.go_s` includes. Times in the solution are `origin_s` later;
    a second of travel costs `cost_s`. load : the name of the demand, None to leave it out. fixed : the given
    steps of each team. windows : those of each visit, before setup. setup_s : (profiles, n), the setup of a
    visit reached from elsewhere.
    """

    tables: Tables
    visits: Sequence[int]
    teams: Sequence[int]
    priorities: Sequence[int]
    breaks: Sequence[Sequence[int]]
    extra_s: Ints
    shown: Sequence[Shown]
    routes_shown: Sequence[Shown] = field(default=())
    origin_s: int = 0
    cost_s: float = 1.0
    load: str | None = None
    distances: bool = False
    fixed: Sequence[Sequence[FixedStep]] | None = None
    windows: Sequence[Sequence[tuple[int, int]]] = ()
    setup_s: Ints | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ProfileTables:
    """One profile: (locations, locations) seconds and metres, and (n,) setup and service at each visit."""

    duration_s: Ints
    distance_m: Ints
    setup_s: Ints
    service_s: Ints


def tables_of(
    profiles: Sequence[ProfileTables],
    locations: Sequence[int],
    *,
    demand: Ints,
    priorities: Sequence[int],
    windows: Sequence[Sequence[tuple[int, int]]],
    crews: tuple[Crew, ...],
    alone: Sequence[bool] = (),
) -> tuple[Tables, Ints]:
    """Return tables for the visits at the first of `locations`, and `Instance.extra_s`.

    Setup is free where a team already is. A visit that is `alone` is never reached from its own location.
    """
    where, n = np.array(locations, dtype=np.int64), len(demand)
    tail = np.zeros(len(where) - n, dtype=np.int64)
    anywhere = where == ANYWHERE
    free = anywhere[:, None] | anywhere[None, :]
    here = where[:, None] == where[None, :]

    def placed(table: Ints) -> Ints:
        return np.where(free, 0, table[np.ix_(where, where)]).astype(np.int64)

    service = np.stack([profile.service_s for profile in profiles])
    least = service.min(axis=0)
    extra = service - least
    travel = np.stack([placed(profile.duration_s) for profile in profiles])
    go = travel.copy()
    for row, profile in enumerate(profiles):
        if profile.setup_s.any():
            go[row] += np.where(here, 0, np.concatenate([profile.setup_s, tail])[None, :])
        if extra[row].any():
            go[row] += np.concatenate([extra[row], tail])[:, None]
    np.minimum(go, FORBIDDEN, out=go)
    same = all(profile.distance_m is profile.duration_s for profile in profiles)
    if any(alone):
        go[:, here & np.concatenate([np.array(alone, dtype=bool), tail > 0])[None, :]] = FORBIDDEN
    levels = sorted(set(priorities), reverse=True)
    width = max((len(spans) for spans in windows), default=0) or 1
    opens = np.full((len(where), width), NO_WINDOW, dtype=np.int64)
    closes = opens.copy()
    opens[:, 0], closes[:, 0] = 0, FORBIDDEN
    for node, spans in enumerate(windows):
        for place, (first, last) in enumerate(sorted(spans)):
            opens[node, place], closes[node, place] = first, last
    tables = Tables(
        n=n,
        go_s=go,
        travel_s=travel,
        distance_m=travel if same else np.stack([placed(profile.distance_m) for profile in profiles]),
        service_s=np.concatenate([least, tail]),
        demand=np.concatenate([demand, np.zeros((len(tail), demand.shape[1]), dtype=np.int64)]),
        rank=np.zeros(len(where), dtype=np.int64),
        tier=np.concatenate([np.array([levels.index(p) for p in priorities], dtype=np.int64), tail]),
        opens_s=opens,
        closes_s=closes,
        crews=crews,
    )
    return tables, extra


_SUMS: Final = ("cost", "setup", "service", "duration", "waiting_time", "priority")


def solution_of(instance: Instance, orders: Orders) -> dict[str, Any]:
    """Return the solution as in VROOM's API (docs/API.md of VROOM 1.15); times are in the input's unit."""
    tables = instance.tables
    routes = []
    for number, (crew, order) in enumerate(zip(tables.crews, orders, strict=True)):
        if order:
            times = timed(tables, crew, order)
            if times is None:
                raise ValueError("a route breaks a rule")
            routes.append(_route(instance, number, crew, order, times))
    return whole(instance, orders, routes)


def whole(instance: Instance, orders: Orders, routes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the solution with `routes`, which visit `orders`."""
    tables, missing = instance.tables, left_out(instance.tables, orders)
    summed = (*_SUMS, *(("distance",) if instance.distances else ()))
    totals: dict[str, Any] = {key: sum(route[key] for route in routes) for key in summed}
    if instance.load is not None:
        totals[instance.load] = (
            tables.demand[[node for order in orders for node in order]].sum(axis=0).tolist()
        )
    return {
        "code": 0,
        "summary": {
            **totals,
            "routes": len(routes),
            "unassigned": len(missing),
            "violations": [broken for route in routes for broken in route["violations"]],
        },
        "unassigned": [
            {"id": instance.visits[node], "type": "job", **instance.shown[node]} for node in missing
        ],
        "routes": list(routes),
    }


def _route(instance: Instance, number: int, crew: Crew, order: Sequence[int], times: Timed) -> dict[str, Any]:
    writer, stop, setup, longer = RouteWriter(instance, number, order, times.start_s), crew.start, 0, 0
    go = instance.tables.go_s[crew.profile]
    for what, which, begin in times.doings():
        if begin is None:
            setup = int(go[stop, which]) - writer.drive(stop, which) - longer
            stop = which
        elif what == "rest":
            writer.rest(which, begin)
        else:
            longer = int(instance.extra_s[crew.profile, which])
            writer.visit(which, setup, begin - setup)
    return writer.route()


class RouteWriter:
    """Writes a route as VROOM does, step by step."""

    def __init__(self, instance: Instance, number: int, order: Sequence[int], start_s: int) -> None:
        self.instance, self.number, self.order = instance, number, order
        self.tables, self.crew = instance.tables, instance.tables.crews[number]
        self.used = self.tables.demand[list(order)].sum(axis=0)
        self.load = self.used if instance.load == "delivery" else np.zeros_like(self.used)
        self.now, self.spent, self.gone = start_s, 0, 0
        self.steps: list[dict[str, Any]] = []
        self.violations: list[dict[str, Any]] = []
        self._step("start", instance.shown[self.crew.start])

    def _step(self, kind: str, shown: Shown, **more: object) -> None:
        when = {"type": kind, "arrival": self.now + self.instance.origin_s, "duration": self.spent}
        took = {"setup": 0, "service": 0, "waiting_time": 0}
        load = {} if self.instance.load is None else {"load": self.load.tolist()}
        far = {"distance": self.gone} if self.instance.distances else {}
        self.steps.append({**when, **took, **load, **far, "violations": [], **shown, **more})

    def drive(self, stop: int, node: int) -> int:
        """Travel to a node, and return the seconds it takes."""
        leg = int(self.tables.travel_s[self.crew.profile, stop, node])
        self.now, self.spent = self.now + leg, self.spent + leg
        self.gone += int(self.tables.distance_m[self.crew.profile, stop, node])
        return leg

    def rest(self, pause: int, begin_s: int) -> None:
        """Take a break, at `begin_s` if that is later."""
        waits, rest = max(0, begin_s - self.now), self.crew.pauses[pause].duration_s
        named = self.instance.breaks[self.number][pause]
        self._step("break", {}, id=named, waiting_time=waits, service=rest)
        self.now += waits + rest

    def visit(self, node: int, setup: int, begin_s: int) -> None:
        """Do a job: setup at `begin_s` if that is later, then service."""
        waits, named = max(0, begin_s - self.now), self.instance.visits[node]
        service = int(self.tables.service_s[node] + self.instance.extra_s[self.crew.profile, node])
        sign = -1 if self.instance.load == "delivery" else 1
        self.load = self.load + sign * self.tables.demand[node]
        shown = self.instance.shown[node]
        self._step("job", shown, id=named, job=named, setup=setup, service=service, waiting_time=waits)
        self.now += waits + setup + service

    def breaks(self, cause: str, duration: int | None = None, *, route: bool = False) -> None:
        """Record a rule that the last step, or the whole route, breaks."""
        broken = {"cause": cause} | ({} if duration is None else {"duration": duration})
        self.violations.append(broken)
        if not route:
            self.steps[-1]["violations"].append(broken)

    def end(self) -> None:
        """Return to the depot."""
        self._step("end", self.instance.shown[self.crew.end])

    def route(self) -> dict[str, Any]:
        """Return the whole route."""
        instance = self.instance
        if self.steps[-1]["type"] != "end":
            self.end()
        return {
            "vehicle": instance.teams[self.number],
            "cost": round(self.spent * instance.cost_s),
            "duration": self.spent,
            **({"distance": self.gone} if instance.distances else {}),
            **{key: sum(each[key] for each in self.steps) for key in ("setup", "service", "waiting_time")},
            "priority": sum(instance.priorities[node] for node in self.order),
            **({} if instance.load is None else {instance.load: self.used.tolist()}),
            **(instance.routes_shown[self.number] if instance.routes_shown else {}),
            "steps": self.steps,
            "violations": self.violations,
        }
