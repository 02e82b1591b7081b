"""The dispatcher's page: all routes on one map, next to the plan's figures and what needs attention.

It shows visit ids, row numbers and where doors are; names, telephones, addresses, health classes, and
reasons that name a class or a skill, are in its file only sealed with the dispatcher's code
(`overview_data.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

import folium

from doorroute.handback.seal import Keys, PageLock
from doorroute.model.clock import clock, duration
from doorroute.model.finding import Finding, Severity, in_doubt, table_name
from doorroute.model.grouped import Group, SameFinding, count_text, grouped, skipped_rows
from doorroute.model.ledger import NO_PERSON, headline, ledger_text
from doorroute.model.line import row_of
from doorroute.model.place import Candidate, Point, Precision
from doorroute.model.plan import NotLocated, Plan, Reason, Rejected, Unassigned
from doorroute.model.problem import Problem
from doorroute.output.basemap.packed import BaseMap
from doorroute.output.pages.assets import leaflet_js, render_page
from doorroute.output.pages.figure import figure_of
from doorroute.output.pages.overview_data import plan_data, sealed_names, tells_of_people, told_until
from doorroute.output.views.routes import TeamRoute, lat_lon, people, weekday
from doorroute.texts import Text, msg

_PRECISIONS: Final = {
    Precision.GIVEN: msg("the given point"),
    Precision.ENTRANCE: msg("an entrance"),
    Precision.BUILDING: msg("a building"),
    Precision.COMPOUND: msg("a compound"),
    Precision.STREET: msg("a street"),
    Precision.AREA: msg("an area"),
}
_SEVERITIES: Final = {
    Severity.ERROR: msg("Errors"),
    Severity.WARNING: msg("Warnings"),
    Severity.NOTE: msg("Notes"),
}
_HALF_HOUR_S: Final = 1800
_MOST_ROWS: Final = 1000  # stretches of rows that are listed of one finding
_LISTED: Final = 3000  # stops that are text in the page; a larger plan lists a team's stops when it is opened


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """The span of the chart's bars and the marks of its hours, in seconds after midnight."""

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
    """A visit on no route, as the page tells it: `why` is None where that is sealed."""

    visit: str
    people: int
    at: list[float]
    why: Unassigned | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotLocatedRow:
    """A row to look at: how sure its candidates are, named by letters as on the map."""

    row: int
    sheet: str
    why: Text
    candidates: tuple[
        tuple[str, Text, int, list[float]], ...
    ]  # letter, what it is, likeness in percent, place


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewPage:
    """The data of `templates/overview.html.j2`.

    `assigned` of `visits` doors are on a route; a door counts once, however often a team was there.
    `in_doubt` rows are on a route although there is a warning. `skipped` says how many rows are not a
    person, and why; `findings` are about all other rows, `found` counts them.
    """

    date: str
    weekday: Text | None
    plan: Plan
    headline: Text
    ledger: Text | None
    people: int
    assigned: int
    visits: int
    teams: tuple[TeamRoute, ...]
    idle: tuple[str, ...]
    axis: Axis
    bound: float
    told_s: int
    listed: bool
    doors: tuple[tuple[str, Text], ...]
    team_doors: Mapping[str, tuple[tuple[str, Text], ...]]
    windows: tuple[str, ...]
    review: bool
    unassigned: tuple[UnassignedRow, ...]
    not_located: tuple[NotLocatedRow, ...]
    rejected: tuple[Rejected, ...]
    in_doubt: int
    skipped: tuple[tuple[int, str, Text, Text], ...]
    found: int
    findings: tuple[tuple[Severity, tuple[Group, ...]], ...]
    count_text: Callable[[Group], Text]
    rows_of: Callable[[SameFinding], Text]
    severities: Mapping[Severity, Text]
    table_name: Callable[[str], Text]


def overview_page(  # noqa: PLR0913  # what the page shows, each by name
    plan: Plan,
    problem: Problem,
    teams: Sequence[TeamRoute],
    base_map: BaseMap,
    *,
    lang: str,
    findings: Sequence[Finding],
    links: Sequence[tuple[str, Text]],
    team_links: Mapping[str, Sequence[tuple[str, Text]]],
    lock: PageLock,
    keys: Keys,
) -> str:
    """Return the page as HTML, complete in itself.

    `links` are files of the plan's folder with their texts, `team_links` those of each team. The names are
    sealed with `lock`, whose code the dispatcher has; `keys` are made from it.
    """
    page = _page(plan, problem, teams, findings, links, team_links)
    points = plan_points(problem, teams)
    street_map = folium.Map(
        location=lat_lon(points[0]),
        tiles=None,
        zoom_control="topright",
        zoom_snap=0.25,
        max_zoom=20,
        fade_animation=False,
    )
    figure = figure_of(street_map).parts()
    return render_page(
        "overview.html.j2",
        lang,
        {
            "page": page,
            "figure": figure,
            "map_data": base_map.cut(points),
            "plan_data": plan_data(plan, problem, teams, lang, route=lock.route),
            "sealed": sealed_names(plan, problem, lock=lock, keys=keys, lang=lang),
            "clock": clock,
            "shown": row_of,
            "duration": duration,
        },
        scripts=(leaflet_js(), figure["code"]),
    )


def plan_points(problem: Problem, teams: Iterable[TeamRoute]) -> tuple[Point, ...]:
    """Return all points that a map of the plan must show: depots, doors, the ways between them."""
    return (
        *(place.point for place in problem.depot_places.values()),
        *(place.point for place in problem.places.values()),
        *(point for team in teams for point in team.path),
    )


def _page(
    plan: Plan,
    problem: Problem,
    teams: Sequence[TeamRoute],
    findings: Sequence[Finding],
    links: Sequence[tuple[str, Text]],
    team_links: Mapping[str, Sequence[tuple[str, Text]]],
) -> OverviewPage:
    routed = {route.team.id for route in teams}
    axis = _axis(plan)
    bound_s = min(max(plan.summary.lower_bound_finish_s, axis.start_s), axis.end_s)
    visits = {visit.id: visit for visit in problem.visits}
    assigned, doors = plan.doors
    groups = [group for group in grouped(findings) if not group.skipped]
    return OverviewPage(
        date=plan.date,
        weekday=weekday(plan.date),
        plan=plan,
        headline=headline(plan),
        ledger=ledger_text(plan.sheets) if plan.sheets else None,
        people=sum(team.people for team in teams),
        assigned=assigned,
        visits=doors,
        teams=tuple(teams),
        idle=tuple(team.id for team in problem.teams if team.id not in routed),
        axis=axis,
        bound=axis.percent(bound_s),
        told_s=told_until(teams),
        listed=sum(len(team.stops) for team in teams) <= _LISTED,
        doors=tuple((quote(name), text) for name, text in links),
        team_doors={
            team: tuple((quote(name), text) for name, text in files) for team, files in team_links.items()
        },
        windows=tuple(sorted({", ".join(map(str, visit.time_windows)) for visit in problem.visits} - {""})),
        review=any(name == "review.html" for name, _ in links),
        unassigned=tuple(
            UnassignedRow(
                visit=left.visit,
                people=people(visits[left.visit]),
                at=lat_lon(problem.places[left.visit].point),
                why=None if tells_of_people(left, problem) else left,
            )
            for left in plan.unassigned
        ),
        not_located=tuple(map(_not_located, plan.not_located)),
        rejected=tuple(row for row in plan.rejected if row.code not in NO_PERSON),
        in_doubt=len(
            {
                each.row
                for each in in_doubt(findings, problem.rows_of({left.visit for left in plan.unassigned}))
            }
        ),
        skipped=skipped_rows(plan.rejected, _MOST_ROWS),
        found=sum(group.count for group in groups),
        findings=tuple(
            (severity, chosen)
            for severity in Severity
            if (chosen := tuple(group for group in groups if group.severity is severity))
        ),
        count_text=count_text,
        rows_of=lambda said: said.rows(_MOST_ROWS),
        severities=_SEVERITIES,
        table_name=table_name,
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
    return NotLocatedRow(
        row=row.row, sheet=row.sheet, why=why, candidates=tuple(map(_candidate, "ABCDEFGH", row.candidates))
    )


def _candidate(letter: str, candidate: Candidate) -> tuple[str, Text, int, list[float]]:
    return letter, _PRECISIONS[candidate.precision], round(100 * candidate.score), lat_lon(candidate.point)
