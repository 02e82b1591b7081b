"""Places in the small towns that the fixture `draw_town` writes, and in real extracts."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from doorroute.model.place import Point
from doorroute.model.team import Profile
from doorroute.network import StreetNetwork

DrawTown = Callable[..., Path]

# At 60 degrees north on WGS 84, 0.001 degrees are 55.80 m east and 111.41 m north.
EAST_M, NORTH_M = 55.80, 111.41


def at(x: float, y: float) -> Point:
    return Point(25 + x / 1000, 60 + y / 1000)


def travel_m(network: StreetNetwork, start: Point, end: Point, profile: Profile = Profile.FOOT) -> int:
    return network.leg(start, end, profile).distance_m


def sample_points(network: StreetNetwork, count: int, seed: int = 1) -> list[Point]:
    """Pick points near streets, spread over the extract."""
    rng = np.random.default_rng(seed)
    vertices = network.graph.vertex[rng.choice(len(network.graph.vertex), count)] / 1e7
    return [Point(lon, lat) for lon, lat in vertices + rng.normal(0, 1e-4, (count, 2))]
