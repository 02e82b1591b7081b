"""Travel times and distances between stops."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final, NewType

import numpy as np
from numpy.typing import NDArray

from doorroute.model.resident import VisitId
from doorroute.model.team import DepotId, Profile

StopKey = NewType("StopKey", str)
"""The name of a place in a travel matrix: a depot or a visit."""

UNREACHABLE: Final = 2**29
"""Seconds or metres where no street leads: the sum of two does not overflow 32 bits."""


def depot_key(depot: DepotId) -> StopKey:
    """Return the key of a depot's row and column."""
    return StopKey(f"depot:{depot}")


def visit_key(visit: VisitId) -> StopKey:
    """Return the key of a visit's row and column."""
    return StopKey(f"visit:{visit}")


@dataclass(frozen=True, kw_only=True)
class TravelMatrix:
    """Travel between all stops by one profile.

    duration_s, distance_m : (n, n) int32, seconds and metres; row = from, column = to, in the order of
    `stops`; UNREACHABLE where no street leads; 0 on the diagonal. Both are made read-only. One-way streets
    make them asymmetric.
    """

    profile: Profile
    stops: tuple[StopKey, ...]
    duration_s: NDArray[np.int32]
    distance_m: NDArray[np.int32]

    def __post_init__(self) -> None:
        n = len(self.stops)
        for table in (self.duration_s, self.distance_m):
            if table.shape != (n, n) or table.dtype != np.int32:
                raise ValueError("a travel matrix is (n, n) int32, one row and column a stop")
            if n and (int(table.min()) < 0 or int(table.max()) > UNREACHABLE or bool(table.diagonal().any())):
                raise ValueError("travel is 0 to UNREACHABLE, and 0 on the diagonal")
            table.setflags(write=False)

    @cached_property
    def index(self) -> dict[StopKey, int]:
        """Return the row and column of each stop."""
        return {stop: position for position, stop in enumerate(self.stops)}

    def seconds(self, start: StopKey, end: StopKey) -> int:
        """Return the seconds from `start` to `end`; UNREACHABLE where no street leads."""
        return int(self.duration_s[self.index[start], self.index[end]])

    def metres(self, start: StopKey, end: StopKey) -> int:
        """Return the metres of the path that takes `seconds`."""
        return int(self.distance_m[self.index[start], self.index[end]])
