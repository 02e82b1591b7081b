"""Days drawn at random on real streets."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from doorroute.model.place import Point
from doorroute.model.resident import VisitId
from doorroute.model.team import DepotId, Profile
from doorroute.model.travel import depot_key, visit_key
from doorroute.network import open_network
from doorroute.planning.core.tables import FORBIDDEN, NO_LIMIT, Crew, Tables

SHIPPED = Path(__file__).resolve().parents[2] / "data" / "demo" / "helsinki-centre.osm.pbf"
NEAR_M, SETUP_S, KITS = 40.0, 60, 40
OPENS_S, SHIFT_S, WINDOW_S = 8 * 3600, 4 * 3600, 2 * 3600


def day(doors: int, teams: int, *, seed: int, depots: int = 3) -> Tables:
    """Draw doors and depots near streets of the shipped extract, and teams on foot."""
    random, network = np.random.default_rng(seed), open_network(SHIPPED)
    west, south, east, north = network.bounds
    drawn = [Point(*xy) for xy in random.uniform((west, south), (east, north), (20 * doors, 2)).tolist()]
    reached = np.flatnonzero(network.snap(drawn, Profile.FOOT).offset_m < NEAR_M)[: doors + depots]
    points = [drawn[at] for at in reached.tolist()]
    keys = [visit_key(VisitId(f"V{i}")) for i in range(doors)] + [
        depot_key(DepotId(f"D{i}")) for i in range(depots)
    ]
    travel = network.travel(list(zip(keys, points, strict=True)), Profile.FOOT).duration_s.astype(np.int64)
    m = doors + depots
    windowed = np.flatnonzero(random.random(doors) < 0.25)
    opens, closes = np.zeros((m, 1), dtype=np.int64), np.full((m, 1), FORBIDDEN, dtype=np.int64)
    opens[windowed, 0] = OPENS_S + random.integers(0, 3, len(windowed)) * 3600
    closes[windowed, 0] = opens[windowed, 0] + WINDOW_S
    service, kits = np.zeros(m, dtype=np.int64), np.zeros(m, dtype=np.int64)
    service[:doors], kits[:doors] = random.integers(300, 721, doors), 1
    setup = np.zeros(m, dtype=np.int64)
    setup[:doors] = SETUP_S
    crews = tuple(
        Crew(
            profile=0,
            start=doors + team * depots // teams,
            end=doors + team * depots // teams,
            opens_s=OPENS_S,
            closes_s=OPENS_S + SHIFT_S,
            pauses=(),
            capacity=(KITS,),
            max_visits=NO_LIMIT,
            may=np.ones(doors, dtype=bool),
        )
        for team in range(teams)
    )
    zeros = np.zeros(m, dtype=np.int64)
    return Tables(
        n=doors,
        go_s=np.where(np.eye(m, dtype=bool), 0, travel + setup[None, :])[None],
        travel_s=travel[None],
        distance_m=travel[None],
        service_s=service,
        demand=kits[:, None],
        rank=zeros,
        tier=zeros,
        opens_s=opens,
        closes_s=closes,
        crews=crews,
    )
