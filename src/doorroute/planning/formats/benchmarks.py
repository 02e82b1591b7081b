"""Read public benchmark instances: VRPLIB (.vrp, also with time windows) and Solomon's format (.txt)."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Final

import numpy as np

from doorroute.errors import BadInputError
from doorroute.planning.core.tables import FORBIDDEN, NO_LIMIT, Crew, Ints
from doorroute.planning.formats.instance import Instance, ProfileTables, tables_of
from doorroute.texts import Text, msg

TENTHS: Final = 10
"""With time windows, distances are cut to one decimal and times counted in tenths (DIMACS 2021 challenge)."""

SPARE: Final = 1.2
"""The number of vehicles if the file gives none: this many times the least number, and two more."""


def vrplib(text: str) -> Instance:
    """Read a .vrp file: EUC_2D, one depot, CVRP (distances rounded) or VRPTW (tenths, cut).

    Raises BadInputError.
    """
    head = {
        key.strip(): value.strip() for key, value in re.findall(r"^([A-Z_]+)\s*:(.*)$", text, re.MULTILINE)
    }
    if head.get("EDGE_WEIGHT_TYPE") != "EUC_2D":
        raise _bad(msg("only EUC_2D is supported"))
    sections = {
        name: _rows(body)
        for name, body in re.findall(
            r"^([A-Z_]+)_SECTION\s*\n((?:[ \t]*-?\d[^\n]*(?:\n|$))*)", text, re.MULTILINE
        )
    }
    try:
        points = np.array([row[1:3] for row in sections["NODE_COORD"]], dtype=float)
        demand = [int(row[1]) for row in sections["DEMAND"]]
        spans = [(row[1], row[2]) for row in sections.get("TIME_WINDOW", [])]
        service = float(head.get("SERVICE_TIME", 0))
        vehicles = int(head["VEHICLES"]) if "VEHICLES" in head else None
        return _instance(points, demand, int(head["CAPACITY"]), spans, [service] * len(points), vehicles)
    except (KeyError, IndexError, ValueError) as error:
        raise _bad(msg("a section is missing or broken")) from error


def solomon(text: str) -> Instance:
    """Read Solomon's format: vehicles, capacity; then number, x, y, demand, ready, due, service a customer.

    Raises BadInputError.
    """
    rows = [row for row in _rows(text, loose=True) if len(row) in (2, 7)]
    try:
        vehicles, capacity = (int(value) for value in rows[0])
        table = np.array(rows[1:], dtype=float)
        spans = [(row[4], row[5]) for row in rows[1:]]
        return _instance(
            table[:, 1:3], table[:, 3].astype(int).tolist(), capacity, spans, table[:, 6].tolist(), vehicles
        )
    except (IndexError, ValueError) as error:
        raise _bad(msg("a section is missing or broken")) from error


def _rows(text: str, *, loose: bool = False) -> list[list[float]]:
    found = []
    for line in text.splitlines():
        try:
            row = [float(cell) for cell in line.split()]
        except ValueError:
            if loose:
                continue
            raise
        if row:
            found.append(row)
    return found


def _instance(
    points: np.ndarray[tuple[int, int], np.dtype[np.float64]],
    demand: Sequence[int],
    capacity: int,
    spans: Sequence[tuple[float, float]],
    service: Sequence[float],
    vehicles: int | None,
) -> Instance:
    """Return an instance whose node 0 is the depot."""
    n = len(points) - 1
    if n < 1 or len(demand) != n + 1 or (spans and len(spans) != n + 1):
        raise ValueError("sections of different length")
    distance = np.hypot(*(points[:, None] - points[None, :]).transpose(2, 0, 1))
    scale = TENTHS if spans else 1
    matrix: Ints = np.floor(distance * scale + (0 if spans else 0.5)).astype(np.int64)
    teams = vehicles or math.ceil(sum(demand) / capacity * SPARE) + 2
    shift = tuple(int(end * scale) for end in spans[0]) if spans else (0, FORBIDDEN - 1)
    crew = Crew(
        profile=0,
        start=n,
        end=n,
        opens_s=shift[0],
        closes_s=shift[1],
        pauses=(),
        capacity=(capacity,),
        max_visits=NO_LIMIT,
        may=np.ones(n, dtype=bool),
    )
    locations = [*range(1, n + 1), 0]
    seconds = np.array([int(value * scale) for value in service[1:]], dtype=np.int64)
    tables, extra = tables_of(
        [
            ProfileTables(
                duration_s=matrix, distance_m=matrix, setup_s=np.zeros_like(seconds), service_s=seconds
            )
        ],
        locations,
        demand=np.array(demand[1:], dtype=np.int64)[:, None],
        priorities=[0] * n,
        windows=[[(int(first * scale), int(last * scale))] for first, last in spans[1:]],
        crews=(crew,) * teams,
    )
    return Instance(
        tables=tables,
        visits=range(1, n + 1),
        teams=range(1, teams + 1),
        priorities=[0] * n,
        breaks=[()] * teams,
        extra_s=extra,
        shown=[{"location_index": place} for place in locations],
        load="delivery",
    )


def _bad(what: Text) -> BadInputError:
    return BadInputError(
        "BAD_INSTANCE",
        msg("The file cannot be read: {what}.", what=what),
        msg("Give a VRPLIB (.vrp) or Solomon (.txt) file with one depot and Euclidean distances."),
    )
