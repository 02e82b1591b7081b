"""From places to a problem: open the streets, and warn about doors, depots and barriers off the streets."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import numpy as np

from doorroute.errors import BadInputError
from doorroute.model.finding import Finding, warning
from doorroute.model.problem import Problem
from doorroute.model.travel import UNREACHABLE, depot_key, visit_key
from doorroute.texts import Text, msg

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from doorroute.model.resident import Visit
    from doorroute.model.team import Team
    from doorroute.model.travel import TravelMatrix
    from doorroute.network import Hours, StreetNetwork
    from doorroute.network.census import Use
    from doorroute.network.today import Doubtful
    from doorroute.pipeline.locating import LocatedDoors
    from doorroute.pipeline.reading import DayTables
    from doorroute.pipeline.request import Request

DAY_S: Final = 86400
LISTED: Final = 5  # ids in one sentence


def measure(
    tables: DayTables, located: LocatedDoors, request: Request, extract: Path
) -> tuple[StreetNetwork, Problem, tuple[Finding, ...]]:
    """Open the streets of `extract` and return them with the day as a problem, and findings.

    Raises
    ------
    BadInputError
        A team's depot lies off the streets of the extract, or on a closed street.
    """
    from doorroute.network import open_network
    from doorroute.network.census import in_pieces, use_of

    teams = tables.teams.teams
    network = open_network(
        extract,
        cache=request.cache,
        profiles=request.profiles,
        barriers=request.barriers,
        hours=_out(request.date, teams),
    )
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
    cut_off: dict[int, Text] = {}
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
                            "Check its coordinates (lon and lat swapped?) and their datum, or take an "
                            "extract that covers it."
                        ),
                    )
        travel[profile] = network.travel(stops, profile)
        use = use_of(network, profile)
        pieces.append(in_pieces(use))
        depots = len(located.depot_places)
        for visit, offset, shut in zip(visits, offsets[depots:], closed[depots:], strict=True):
            if shut:
                closed_rows.update(resident.row for resident in visit.residents)
            if not offset <= request.settings.max_snap_m:
                far_rows.update({resident.row: float(offset) for resident in visit.residents})
        lost = _beyond(travel[profile], teams, visits) | ~(offsets[depots:] <= request.settings.max_snap_m)
        cut_off |= _cut_off_rows(network, use, visits, located, np.flatnonzero(lost & ~closed[depots:]))
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
        *(
            _far_from_streets(row, away, column)
            for row, away in sorted(far_rows.items())
            if _tells(row, away, cut_off)
        ),
        *(_cut_off(row, why, column) for row, why in sorted(cut_off.items())),
        *(_on_closed_street(row, column) for row in sorted(closed_rows)),
        *_unsure_hours(network.doubtful),
        *(_idle_barrier(number) for number in network.idle_barriers),
    )
    return network, problem, findings


def _out(day: str, teams: Sequence[Team]) -> Hours:
    """Return the hours from the first shift's start to the last shift's end."""
    from doorroute.network import Hours

    shifts = [shift for team in teams for shift in team.shifts]
    return Hours(
        date.fromisoformat(day),
        min((shift.start_s for shift in shifts), default=0),
        max((shift.end_s for shift in shifts), default=DAY_S),
    )


def _unsure_hours(doubtful: Doubtful) -> tuple[Finding, ...]:
    """Return a warning about streets and gates that count as closed because their hours are unclear."""
    if not doubtful.ways and not doubtful.gates:
        return ()
    ids = [f"way {way}" for way in doubtful.ways] + [f"node {gate}" for gate in doubtful.gates]
    return (
        warning(
            code="STREET_HOURS",
            table="network",
            message=msg(
                "The map does not clearly say that these are open while the teams are out,"
                " so no route uses them ({count} in all): {ids}.",
                count=len(ids),
                ids=", ".join(ids[:LISTED]) + (" …" if len(ids) > LISTED else ""),
            ),
            advice=msg(
                "Look them up on openstreetmap.org."
                " If one of them blocks the route to a door, plan with other hours."
            ),
        ),
    )


def _tells(row: int, offset_m: float, cut_off: Mapping[int, Text]) -> bool:
    """Return whether the distance from the streets needs a warning: not if only cut-off streets are near."""
    return row not in cut_off or bool(np.isfinite(offset_m))


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


def _beyond(travel: TravelMatrix, teams: Sequence[Team], visits: Sequence[Visit]) -> NDArray[np.bool_]:
    """Return (v,) bool: the visits that no team with this profile reaches from its depot."""
    starts = [
        travel.index[depot] for depot in {depot_key(t.start) for t in teams if t.profile is travel.profile}
    ]
    doors = [travel.index[visit_key(visit.id)] for visit in visits]
    legs_s = travel.duration_s[np.ix_(starts, doors)]
    return np.asarray((legs_s >= UNREACHABLE).all(axis=0), dtype=np.bool_)


def _cut_off_rows(
    network: StreetNetwork, use: Use, visits: Sequence[Visit], located: LocatedDoors, lost: NDArray[np.int64]
) -> dict[int, Text]:
    """Return why the streets at some doors are cut off, by row; `lost` (k,) are positions in `visits`."""
    from doorroute.network.cut_off import why_cut_off

    there = [visits[position] for position in lost.tolist()]
    why = why_cut_off(network, use, [located.places[visit.id].point for visit in there])
    return {
        resident.row: text
        for visit, text in zip(there, why, strict=True)
        if text is not None
        for resident in visit.residents
    }


def _cut_off(row: int, why: Text, column: str) -> Finding:
    return warning(
        code="CUT_OFF",
        table="residents",
        row=row,
        column=column,
        message=why,
        advice=msg(
            "Check on the map where the door is. If a path leads there, add it on openstreetmap.org"
            " (a ferry needs foot=yes, or motor_vehicle=yes for cars), or send a team by other means."
        ),
    )


def _on_closed_street(row: int, column: str) -> Finding:
    return warning(
        code="CLOSED_STREET",
        table="residents",
        row=row,
        column=column,
        message=msg(
            "A barrier closes the street at the door, or lies between street and door: nobody can get there."
        ),
        advice=msg("Give lon and lat of an entrance that is open, or draw the barrier elsewhere."),
    )


def _idle_barrier(number: int) -> Finding:
    return warning(
        code="BARRIER_NOWHERE",
        table="barriers",
        row=number,
        message=msg("Barrier {number} touches no street, so it closes none.", number=number),
        advice=msg("Draw it on the street; coordinates are WGS 84, longitude first."),
    )
