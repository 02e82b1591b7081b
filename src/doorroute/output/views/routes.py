"""The routes of a plan as pages and exports show them: stops in order, with their visits and places."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from doorroute.handback.marks import Status
from doorroute.model.file_names import file_names, route_names
from doorroute.model.place import Point
from doorroute.model.plan import Plan, Route, Step, StopLock
from doorroute.model.problem import Problem
from doorroute.model.resident import ResidentId, Visit, VisitId
from doorroute.model.team import Team
from doorroute.output.views.closed import ClosedShape
from doorroute.output.views.colours import Look, look
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
    """A visit on a route; calls when nobody was home are not stops.

    `number` counts the stops of the route from 1. `fates` has the result of each resident, in order, if the
    stop is finished.
    """

    number: int
    step: Step
    visit: Visit
    point: Point
    fates: tuple[Status, ...] = ()

    @property
    def fate(self) -> Status:
        """Return the result of the door as a whole."""
        return Status.PARTLY if len(set(self.fates)) > 1 else self.fates[0] if self.fates else Status.OPEN

    @property
    def people(self) -> int:
        """Return how many people to sample behind this door."""
        return people(self.visit)

    @property
    def windows(self) -> str:
        """Return the hours in which the visit may begin, '' for any."""
        return ", ".join(map(str, self.visit.time_windows))


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamRoute:
    """A route with its team and how it is drawn.

    Attributes
    ----------
    name : the team's name, or `T1-2` for the second route of a team with two shifts.
    file : the name of its page without the suffix.
    nobody_home : calls when nobody was home.
    """

    name: str
    team: Team
    route: Route
    look: Look
    file: str
    stops: tuple[Stop, ...]
    start: Point
    end: Point
    closed: tuple[ClosedShape, ...] = ()
    nobody_home: Mapping[VisitId, Visit] = field(default_factory=dict)

    @property
    def happened(self) -> tuple[Stop, ...]:
        """Return the finished stops, which come first."""
        return tuple(stop for stop in self.stops if stop.fates)

    @property
    def path(self) -> tuple[Point, ...]:
        """Return the line along the streets, or straight lines between the stops if there is none."""
        return self.route.geometry or (self.start, *(stop.point for stop in self.stops), self.end)

    @property
    def points(self) -> tuple[Point, ...]:
        """Return all points that a map of this route must show."""
        return (self.start, self.end, *self.path, *(stop.point for stop in self.stops))

    @property
    def people(self) -> int:
        """Return how many people to sample on this route."""
        return sum(stop.people for stop in self.stops)


def people(visit: Visit) -> int:
    """Return how many people to sample behind a door."""
    return sum(resident.people for resident in visit.residents)


def team_routes(
    plan: Plan,
    problem: Problem,
    closed: Sequence[ClosedShape] = (),
    refused: Collection[ResidentId] = (),
    crew: Sequence[Team] = (),
) -> tuple[TeamRoute, ...]:
    """Return the routes in the order of the plan.

    Parameters
    ----------
    closed : what is closed today; each route gets what is closed to its profile.
    refused : residents who refused; all others at finished stops are done.
    crew : all teams of the day, also those that stopped work (default: the teams of the problem). A team's
        index among them determines its look, which therefore stays the same all day.
    """
    teams = {team.id: team for team in problem.teams}
    visits = {visit.id: visit for visit in problem.visits}
    names = route_names([route.team for route in plan.routes])
    looks = {
        (team.id, shift): look(place) for place, (team, shift) in enumerate(_shifts(crew or problem.teams))
    }
    files = file_names(names)
    return tuple(
        TeamRoute(
            name=name,
            team=(team := teams[route.team]),
            route=route,
            look=looks[route.team, route.shift],
            file=files[name],
            stops=tuple(
                Stop(
                    number=number,
                    step=step,
                    visit=visits[step.visit],
                    point=problem.places[step.visit].point,
                    fates=_fates(step, visits[step.visit], refused),
                )
                for number, step in enumerate((step for step in route.steps if step.residents), 1)
                if step.visit is not None
            ),
            start=problem.depot_places[team.start].point,
            end=problem.depot_places[team.end].point,
            closed=tuple(each for each in closed if route.profile in each.stops),
            nobody_home={
                step.visit: visits[step.visit]
                for step in route.steps
                if step.visit is not None and not step.residents
            },
        )
        for name, route in zip(names, plan.routes, strict=True)
    )


def _shifts(teams: Sequence[Team]) -> Iterator[tuple[Team, int]]:
    """Yield the first shift of every team, then the second shifts, and so on."""
    for shift in range(max((len(team.shifts) for team in teams), default=0)):
        yield from ((team, shift) for team in teams if shift < len(team.shifts))


def _fates(step: Step, visit: Visit, refused: Collection[ResidentId]) -> tuple[Status, ...]:
    if step.lock is not StopLock.DONE:
        return ()
    return tuple(Status.REFUSED if resident in refused else Status.DONE for resident in visit.resident_ids)


def weekday(day: str) -> Text | None:
    """Return the day of the week of an ISO date, or None if a plan has no particular date."""
    try:
        return _WEEKDAYS[date.fromisoformat(day).weekday()]
    except ValueError:
        return None


def pins(stops: Sequence[Stop]) -> tuple[tuple[Stop, ...], ...]:
    """Group consecutive stops at the same house: they share a pin on the map."""
    groups: list[list[Stop]] = []
    for stop in stops:
        if groups and _same_door(groups[-1][0].point, stop.point):
            groups[-1].append(stop)
        else:
            groups.append([stop])
    return tuple(map(tuple, groups))


def pin_label(group: Sequence[Stop]) -> str:
    """Return the label of a pin: `7`, or `7–9` for several stops."""
    first, last = group[0].number, group[-1].number
    return str(first) if first == last else f"{first}–{last}"


def line_points(path: Sequence[Point]) -> list[tuple[int, int]]:
    """Return a line as latitudes and longitudes in 1e-5 degrees, without repeated points."""
    points = [(round(point.lat * 1e5), round(point.lon * 1e5)) for point in path]
    return [point for place, point in enumerate(points) if place == 0 or point != points[place - 1]]


def line_steps(path: Sequence[Point]) -> list[int]:
    """Return a line as pages store it: steps in 1e-5 degrees, latitude and longitude in turn, from 0, 0."""
    points = line_points(path)
    return [
        step
        for (lat, lon), (lat0, lon0) in zip(points, [(0, 0), *points], strict=False)
        for step in (lat - lat0, lon - lon0)
    ]


def leg_ends(path: Sequence[Point], stops: Sequence[Point]) -> list[int]:
    """Return, for each of `stops`, the index in `line_points(path)` at which the leg to it ends.

    These are the points nearest to the stops, in order along the line; if the line passes a place twice, the
    first of them.
    """
    line = np.array(line_points(path), dtype=np.float64)
    scale = np.array([1, math.cos(math.radians(line[0, 0] / 1e5))])
    places = np.arange(len(line))
    lowest = np.zeros(len(line))  # least sum of distances with all stops so far at or before a point
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
    """Return a point for Leaflet, to a metre."""
    return [round(point.lat, 5), round(point.lon, 5)]


def route_data(route: TeamRoute) -> dict[str, object]:
    """Return what `frontend/lib/map/signs.js` draws of a route; it has no personal data."""
    return {
        "name": route.name,
        "colour": route.look.colour,
        "ink": route.look.ink,
        "shape": route.look.shape,
        "dash": list(route.look.dash),
        "line": line_steps(route.path),
        "pins": [
            {
                "label": pin_label(group),
                "at": lat_lon(group[0].point),
                "stops": [stop.number for stop in group],
            }
            for group in pins(route.stops)
        ],
    }


def _same_door(one: Point, other: Point) -> bool:
    return abs(one.lat - other.lat) < _SAME_DOOR_DEG and abs(one.lon - other.lon) < _SAME_DOOR_DEG
