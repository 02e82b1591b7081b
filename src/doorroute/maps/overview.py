"""The dispatcher's page: all routes on one map, and beside it what the plan comes to and what needs a hand.

It shows visit ids and row numbers; no name, phone, address or health class is in its file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import folium

from doorroute.maps.assets import render_page
from doorroute.maps.basemap import BaseMap
from doorroute.maps.figure import figure_of
from doorroute.maps.views import TeamRoute, lat_lon, leg_ends, people, route_data, stop_times, weekday
from doorroute.model.clock import clock, duration
from doorroute.model.finding import Finding, Severity
from doorroute.model.place import Candidate, Point, Precision
from doorroute.model.plan import NotLocated, Plan, Reason, Rejected, Unassigned
from doorroute.model.problem import Problem
from doorroute.texts import Text, msg

_PRECISIONS: Final = {
    Precision.GIVEN: msg("the given point"),
    Precision.ENTRANCE: msg("an entrance"),
    Precision.BUILDING: msg("a building"),
    Precision.COMPOUND: msg("a compound"),
    Precision.STREET: msg("a street"),
    Precision.AREA: msg("an area"),
}
_SEVERITIES: Final = {Severity.ERROR: msg("Errors"), Severity.WARNING: msg("Warnings"), Severity.NOTE: msg("Notes")}
_TABLES: Final = {
    "residents": msg("list of residents"),
    "teams": msg("list of teams"),
    "depots": msg("list of depots"),
    "pins": msg("list of pins"),
    "gazetteer": msg("list of places"),
}
_HALF_HOUR_S: Final = 1800
_LISTED: Final = 3000  # stops that stand in the page as text; of a larger plan each team's are listed when it is opened


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """The stretch of the day that the bars span, in seconds after midnight, and where its hours are marked."""

    start_s: int
    end_s: int

    def percent(self, time_s: int) -> float:
        """Return where a time lies, 0 at the start and 100 at the end."""
        return round(100 * (time_s - self.start_s) / (self.end_s - self.start_s), 2)

    @property
    def hours(self) -> tuple[tuple[str, float], ...]:
        """Return the marks: clock text and place in percent; no more than seven."""
        step = 3600 * max(1, -(-(self.end_s - self.start_s) // (7 * 3600)))
        first = -(-self.start_s // step) * step
        return tuple((clock(at), self.percent(at)) for at in range(first, self.end_s + 1, step))


@dataclass(frozen=True, slots=True, kw_only=True)
class UnassignedRow:
    """A visit on no route, as the page tells it."""

    visit: str
    people: int
    at: list[float]
    why: Unassigned


@dataclass(frozen=True, slots=True, kw_only=True)
class NotLocatedRow:
    """A row to look at: how sure its candidates are, named by letters as on the map."""

    row: int
    why: Text
    candidates: tuple[tuple[str, Text, int, list[float]], ...]  # letter, what it is, likeness in percent, place


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewPage:
    """All that `templates/overview.html.j2` shows."""

    date: str
    weekday: Text | None
    plan: Plan
    teams: tuple[TeamRoute, ...]
    idle: tuple[str, ...]
    axis: Axis
    bound: float
    listed: bool
    unassigned: tuple[UnassignedRow, ...]
    not_located: tuple[NotLocatedRow, ...]
    rejected: tuple[Rejected, ...]
    findings: tuple[tuple[Severity, tuple[Finding, ...]], ...]
    severities: Mapping[Severity, Text]
    tables: Mapping[str, Text]


def overview_page(
    plan: Plan,
    problem: Problem,
    teams: Sequence[TeamRoute],
    base_map: BaseMap,
    *,
    lang: str,
    findings: Sequence[Finding],
) -> str:
    """Return the page as HTML, complete in itself."""
    page = _page(plan, problem, teams, findings)
    points = plan_points(problem, teams)
    street_map = folium.Map(
        location=lat_lon(points[0]),
        tiles=None,
        zoom_control="topright",
        zoom_snap=0.25,
        max_zoom=20,
        fade_animation=False,
    )
    figure = figure_of(street_map, ("overview",))
    return render_page(
        "overview.html.j2",
        lang,
        {
            "page": page,
            "figure": figure.parts(),
            "map_data": base_map.cut(points),
            "plan_data": _plan_data(page, problem, teams, lang),
            "clock": clock,
            "duration": duration,
        },
    )


def plan_points(problem: Problem, teams: Iterable[TeamRoute]) -> tuple[Point, ...]:
    """Return all points that a map of the plan must show: depots, doors, the ways between them."""
    return (
        *(place.point for place in problem.depot_places.values()),
        *(place.point for place in problem.places.values()),
        *(point for team in teams for point in team.path),
    )


def _page(plan: Plan, problem: Problem, teams: Sequence[TeamRoute], findings: Sequence[Finding]) -> OverviewPage:
    routed = {route.team.id for route in teams}
    axis = _axis(plan)
    bound_s = min(max(plan.summary.lower_bound_finish_s, axis.start_s), axis.end_s)
    visits = {visit.id: visit for visit in problem.visits}
    return OverviewPage(
        date=plan.date,
        weekday=weekday(plan.date),
        plan=plan,
        teams=tuple(teams),
        idle=tuple(team.id for team in problem.teams if team.id not in routed),
        axis=axis,
        bound=axis.percent(bound_s),
        listed=sum(len(team.stops) for team in teams) <= _LISTED,
        unassigned=tuple(
            UnassignedRow(
                visit=left.visit,
                people=people(visits[left.visit]),
                at=lat_lon(problem.places[left.visit].point),
                why=left,
            )
            for left in plan.unassigned
        ),
        not_located=tuple(map(_not_located, plan.not_located)),
        rejected=plan.rejected,
        findings=tuple(
            (severity, chosen)
            for severity in Severity
            if (chosen := tuple(finding for finding in findings if finding.severity is severity))
        ),
        severities=_SEVERITIES,
        tables=_TABLES,
    )


def _axis(plan: Plan) -> Axis:
    starts = [route.start_s for route in plan.routes] or [plan.summary.finish_s]
    start_s = min(starts) // _HALF_HOUR_S * _HALF_HOUR_S
    ends = [route.finish_s for route in plan.routes] or [start_s]
    return Axis(start_s=start_s, end_s=max(start_s, *ends) // _HALF_HOUR_S * _HALF_HOUR_S + _HALF_HOUR_S)


def _not_located(row: NotLocated) -> NotLocatedRow:
    why = (
        msg("The address was found, but not for sure.")
        if row.code is Reason.LOW_GEOCODE_PRECISION or row.candidates
        else msg("The address was not found.")
    )
    return NotLocatedRow(row=row.row, why=why, candidates=tuple(map(_candidate, "ABCDEFGH", row.candidates)))


def _candidate(letter: str, candidate: Candidate) -> tuple[str, Text, int, list[float]]:
    return letter, _PRECISIONS[candidate.precision], round(100 * candidate.score), lat_lon(candidate.point)


def _plan_data(page: OverviewPage, problem: Problem, teams: Sequence[TeamRoute], lang: str) -> dict[str, object]:
    used = {depot for team in problem.teams for depot in (team.start, team.end)}
    return {
        "teams": [
            {
                **route_data(team),
                "ends": leg_ends(team.path, [stop.point for stop in team.stops]),
                "start_s": team.route.start_s,
                "finish_s": team.route.finish_s,
                "stops": [
                    {
                        "number": stop.number,
                        "visit": stop.visit.id,
                        "people": msg("{n} to sample", n=stop.people).into(lang),
                        "wait": duration(stop.step.waiting_s) if stop.step.waiting_s >= 60 else "",
                        "windows": stop.windows,
                        "from_s": stop.step.arrival_s,
                        "to_s": stop.step.departure_s,
                        **stop_times(stop),
                    }
                    for stop in team.stops
                ],
            }
            for team in teams
        ],
        "depots": [
            {"name": depot, "lab": problem.depots[depot].lab, "at": lat_lon(problem.depot_places[depot].point)}
            for depot in problem.depots
            if depot in used
        ],
        "unassigned": [{"visit": left.visit, "at": left.at} for left in page.unassigned],
        "words": {
            key: text.into(lang)
            for key, text in {
                "arrive": msg("arrives"),
                "begin": msg("begins"),
                "leave": msg("leaves"),
                "wait": msg("waits"),
                "windows": msg("window"),
                "stop": msg("Stop {number}"),
                "depot": msg("Depot"),
                "lab": msg("samples are handed in here"),
                "all": msg("Show everything"),
                "on_no_route": msg("On no route"),
                "not_found": msg("No visit {text} in this plan."),
                "at_stop": msg("at stop {number}"),
                "to_stop": msg("on the way to stop {number}"),
                "to_depot": msg("on the way back"),
                "not_started": msg("not yet started"),
                "back": msg("back"),
            }.items()
        },
    }
