"""From places to a problem: the streets between them, and what is odd about where doors, depots and barriers lie."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from doorroute.errors import BadInputError
from doorroute.model.finding import Finding, warning
from doorroute.model.problem import Problem
from doorroute.model.travel import depot_key, visit_key
from doorroute.texts import msg

if TYPE_CHECKING:
    from pathlib import Path

    from doorroute.network import StreetNetwork
    from doorroute.pipeline.locating import Located
    from doorroute.pipeline.reading import Tables
    from doorroute.pipeline.request import Request


def measure(
    tables: Tables, located: Located, request: Request, extract: Path
) -> tuple[StreetNetwork, Problem, tuple[Finding, ...]]:
    """Open the streets of `extract` and put the day together as a problem.

    Raises
    ------
    BadInputError
        Where a team's depot lies off the streets of the extract, or on one that is closed.
    """
    from doorroute.network import open_network
    from doorroute.network.census import in_pieces, use_of

    network = open_network(extract, cache=request.cache, profiles=request.profiles, barriers=request.barriers)
    teams = tables.teams.teams
    visits = tuple(visit for visit in tables.visits if visit.id in located.places)
    stops = [
        *((depot_key(depot), place.point) for depot, place in located.depot_places.items()),
        *((visit_key(visit.id), located.places[visit.id].point) for visit in visits),
    ]
    points = [point for _, point in stops]
    travel = {}
    pieces = []
    far_rows: dict[int, float] = {}
    closed_rows: set[int] = set()
    for profile in sorted({team.profile for team in teams}):
        offsets, closed = network.snap(points, profile).offset_m, network.closed(points, profile)
        for team in teams:
            for depot in {team.start, team.end, *((team.reload_at,) if team.max_reloads else ())}:
                position = list(located.depot_places).index(depot)
                offset = offsets[position]
                if team.profile is profile and closed[position]:
                    raise BadInputError(
                        "DEPOT_CLOSED",
                        msg("The depot {depot} lies on a street that a barrier closes.", depot=depot),
                        msg("Draw the barrier elsewhere, or let the team start from another depot."),
                    )
                if team.profile is profile and not offset <= request.settings.max_snap_m:
                    raise BadInputError(
                        "DEPOT_OFF_THE_STREETS",
                        msg("The depot {depot} lies off the streets of the extract.", depot=depot),
                        msg(
                            "Check its coordinates (lon and lat swapped?) and their datum, or take an extract that covers it."
                        ),
                    )
        travel[profile] = network.travel(stops, profile)
        pieces.append(in_pieces(use_of(network, profile)))
        depots = len(located.depot_places)
        for visit, offset, shut in zip(visits, offsets[depots:], closed[depots:], strict=True):
            if shut:
                closed_rows.update(resident.row for resident in visit.residents)
            if not offset <= request.settings.max_snap_m:
                far_rows.update({resident.row: float(offset) for resident in visit.residents})
    problem = Problem(
        visits=visits,
        places={visit.id: located.places[visit.id] for visit in visits},
        teams=teams,
        depots=tables.depots,
        depot_places=located.depot_places,
        travel=travel,
        settings=request.settings,
    )
    column = tables.residents.columns.get("address", "")
    findings = (
        *filter(None, pieces),
        *(_far_from_streets(row, offset, column) for row, offset in sorted(far_rows.items())),
        *(_on_closed_street(row, column) for row in sorted(closed_rows)),
        *(_idle_barrier(number) for number in network.idle_barriers),
        *_shifted_barriers(network, request.barriers),
    )
    return network, problem, findings


def _far_from_streets(row: int, offset_m: float, column: str) -> Finding:
    return warning(
        code="FAR_FROM_STREET",
        table="residents",
        row=row,
        column=column,
        message=msg("The door lies {metres} m from the nearest street.", metres=round(offset_m))
        if offset_m < 100_000
        else msg("The door lies outside the streets of the extract."),
        advice=msg("Check the address, or the coordinates (lon and lat swapped?) and their datum."),
    )


def _on_closed_street(row: int, column: str) -> Finding:
    return warning(
        code="CLOSED_STREET",
        table="residents",
        row=row,
        column=column,
        message=msg("A barrier closes the street at the door, or stands between the two: nobody gets there."),
        advice=msg("Give lon and lat of an entrance that is open, or draw the barrier elsewhere."),
    )


def _shifted_barriers(network: StreetNetwork, barriers: Path | None) -> tuple[Finding, ...]:
    """Say so where all barriers miss the streets, and would lie on them if they were given in GCJ-02."""
    if barriers is None or not network.idle_barriers:
        return ()
    import numpy as np
    import shapely

    from doorroute.geocode.datum import to_wgs84
    from doorroute.model.place import Datum, GivenPoint
    from doorroute.network.barriers import read_barriers, work_in

    def back(points: Any) -> Any:  # noqa: ANN401  # shapely has no types
        moved = [to_wgs84(GivenPoint(lon, lat, Datum.GCJ02)) for lon, lat in points.tolist()]
        return np.asarray([(point.lon, point.lat) for point in moved])

    drawn = read_barriers(barriers)
    if len(network.idle_barriers) < len(drawn):
        return ()
    shifted = [replace(each, shape=shapely.transform(each.shape, back)) for each in drawn]
    if len(work_in(network.graph, shifted)[1]) * 2 > len(drawn) or shifted[0].shape.equals(drawn[0].shape):
        return ()
    return (
        warning(
            code="BARRIERS_SHIFTED",
            table="barriers",
            message=msg(
                "The barriers touch no street where they are, but would if they had been drawn on a Chinese map (GCJ-02)."
            ),
            advice=msg(
                "Save them as WGS 84: draw them on an OpenStreetMap ground, or shift them with a tool for GCJ-02."
            ),
        ),
    )


def _idle_barrier(number: int) -> Finding:
    return warning(
        code="BARRIER_NOWHERE",
        table="barriers",
        row=number,
        message=msg("Barrier {number} touches no street: it closes none.", number=number),
        advice=msg("Draw it on the street; coordinates are WGS 84, longitude first."),
    )
