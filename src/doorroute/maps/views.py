"""What every page and export shows of a plan: each route with its stops in order, their visits and places at hand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from doorroute.maps.colours import Look, look
from doorroute.maps.names import file_names
from doorroute.model.place import Point
from doorroute.model.plan import Plan, Route, Step
from doorroute.model.problem import Problem
from doorroute.model.resident import Visit
from doorroute.model.team import Team
from doorroute.texts import Text, msg

_WEEKDAYS: Final = (
    msg("Monday"),
    msg("Tuesday"),
    msg("Wednesday"),
    msg("Thursday"),
    msg("Friday"),
    msg("Saturday"),
    msg("Sunday"),
)
_SAME_DOOR_DEG: Final = 3e-5  # about 3 m: one house number


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A visit on a route; `number` counts the visits of the route from 1."""

    number: int
    step: Step
    visit: Visit
    point: Point

    @property
    def people(self) -> int:
        """Return how many are to be sampled behind this door."""
        return people(self.visit)

    @property
    def windows(self) -> str:
        """Return the hours that suit the residents, '' for any."""
        return ", ".join(map(str, self.visit.time_windows))


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamRoute:
    """A route with its team, its looks on a map, and the name of its page without the suffix."""

    team: Team
    route: Route
    look: Look
    file: str
    stops: tuple[Stop, ...]
    start: Point
    end: Point

    @property
    def path(self) -> tuple[Point, ...]:
        """Return the way along the streets; where none was drawn, from stop to stop."""
        return self.route.geometry or (self.start, *(stop.point for stop in self.stops), self.end)

    @property
    def points(self) -> tuple[Point, ...]:
        """Return all points that a map of this route must show."""
        return (self.start, self.end, *self.path, *(stop.point for stop in self.stops))

    @property
    def people(self) -> int:
        """Return how many are sampled on this route."""
        return sum(stop.people for stop in self.stops)


def people(visit: Visit) -> int:
    """Return how many are to be sampled behind a door."""
    return sum(resident.people for resident in visit.residents)


def team_routes(plan: Plan, problem: Problem) -> tuple[TeamRoute, ...]:
    """Return the routes in the order of the plan."""
    teams = {team.id: team for team in problem.teams}
    visits = {visit.id: visit for visit in problem.visits}
    files = file_names(route.team for route in plan.routes)
    return tuple(
        TeamRoute(
            team=(team := teams[route.team]),
            route=route,
            look=look(position),
            file=files[route.team],
            stops=tuple(
                Stop(number=number, step=step, visit=visits[step.visit], point=problem.places[step.visit].point)
                for number, step in enumerate((step for step in route.steps if step.visit is not None), 1)
                if step.visit is not None
            ),
            start=problem.depot_places[team.start].point,
            end=problem.depot_places[team.end].point,
        )
        for position, route in enumerate(plan.routes)
    )


def weekday(day: str) -> Text | None:
    """Return the day of the week of an ISO date, None where a plan is for no particular day."""
    try:
        return _WEEKDAYS[date.fromisoformat(day).weekday()]
    except ValueError:
        return None


def pins(stops: Sequence[Stop]) -> tuple[tuple[Stop, ...], ...]:
    """Group stops that follow one another at one house: they share a sign on the map."""
    groups: list[list[Stop]] = []
    for stop in stops:
        if groups and _same_door(groups[-1][0].point, stop.point):
            groups[-1].append(stop)
        else:
            groups.append([stop])
    return tuple(map(tuple, groups))


def pin_label(group: Sequence[Stop]) -> str:
    """Return `7`, or `7–9` where one sign stands for several stops."""
    first, last = group[0].number, group[-1].number
    return str(first) if first == last else f"{first}–{last}"


def line_points(path: Sequence[Point]) -> list[tuple[int, int]]:
    """Return a line as latitude and longitude in 1e-5 degrees, no point twice in a row."""
    points = [(round(point.lat * 1e5), round(point.lon * 1e5)) for point in path]
    return [point for place, point in enumerate(points) if place == 0 or point != points[place - 1]]


def line_steps(path: Sequence[Point]) -> list[int]:
    """Return a line as a page carries it: steps of 1e-5 degrees, latitude and longitude in turn, from 0, 0."""
    points = line_points(path)
    return [
        step
        for (lat, lon), (lat0, lon0) in zip(points, [(0, 0), *points], strict=False)
        for step in (lat - lat0, lon - lon0)
    ]


def leg_ends(path: Sequence[Point], stops: Sequence[Point]) -> list[int]:
    """Return, for each of `stops`, at which of `line_points(path)` the way to it ends.

    Those nearest to the stops, in order along the line; where a line passes one place twice, the first time.
    """
    line = np.array(line_points(path), dtype=np.float64)
    scale = np.array([1, math.cos(math.radians(line[0, 0] / 1e5))])
    places = np.arange(len(line))
    lowest = np.zeros(len(line))  # the least sum of distances with the stops so far all at or before a place
    ends: list[NDArray[np.intp]] = []
    for stop in stops:
        here = lowest + np.hypot(*((line - (stop.lat * 1e5, stop.lon * 1e5)) * scale).T)
        lowest = np.minimum.accumulate(here)
        first = np.append(True, lowest[1:] < lowest[:-1])
        ends.append(np.maximum.accumulate(np.where(first, places, 0)))
    chosen: list[int] = []
    last = len(line) - 1
    for end in reversed(ends):
        last = int(end[last])
        chosen.append(last)
    return chosen[::-1]


def lat_lon(point: Point) -> list[float]:
    """Return a point as Leaflet takes it, to a metre."""
    return [round(point.lat, 5), round(point.lon, 5)]


def route_data(route: TeamRoute) -> dict[str, object]:
    """Return what `js/routes.js` draws of a route: no name, phone, address or class is in it."""
    return {
        "name": route.team.id,
        "colour": route.look.colour,
        "ink": route.look.ink,
        "shape": route.look.shape,
        "dash": list(route.look.dash),
        "line": line_steps(route.path),
        "pins": [
            {"label": pin_label(group), "at": lat_lon(group[0].point), "stops": [stop.number for stop in group]}
            for group in pins(route.stops)
        ],
    }


def _same_door(one: Point, other: Point) -> bool:
    return abs(one.lat - other.lat) < _SAME_DOOR_DEG and abs(one.lon - other.lon) < _SAME_DOOR_DEG
