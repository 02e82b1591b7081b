"""Teams (vehicles, in the literature) and the depots where their routes start and end."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import NewType

from doorroute.model.place import GivenPoint
from doorroute.model.resident import InfectionClass, TeamId, Window

DepotId = NewType("DepotId", str)


class Profile(StrEnum):
    """How a team moves."""

    FOOT = "foot"
    BIKE = "bike"
    CAR = "car"


@dataclass(frozen=True, slots=True, kw_only=True)
class Depot:
    """A place where teams start, end and fetch kits; at a `lab` samples are handed in."""

    id: DepotId
    address: str = field(default="", repr=False)
    given: GivenPoint | None = None
    lab: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A pause of `duration_s` within `window`, taken anywhere on the route.

    It is only required if the team leaves the depot before `window.start_s + duration_s` and is back later
    than `window.end_s - duration_s`: otherwise it can be taken before leaving or after the return.
    """

    window: Window
    duration_s: int

    def __post_init__(self) -> None:
        if not 0 < self.duration_s <= self.window.end_s - self.window.start_s:
            raise ValueError("a break needs 0 < duration <= length of its window")


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A team: it leaves `start` during its shift and is back at `end` before the shift is over.

    It carries `capacity` kits, `suits` and `tubes`, serves `max_visits`, and travels `max_travel_s` seconds
    and `max_distance_m` metres between stops; None means no limit. `skills` are all that it has.

    With `more_shifts` it makes one route in each shift, `shift` first; every limit holds for each route. Up
    to `max_reloads` times a route it may stop at the depot `reload` (None: `end`) for `ServiceTimes.reload_s`
    and fill up again. With `open_end` the route is over after the last visit, without travel to `end`.
    `classes` are the infection classes that it takes (None: see `ClassRule`).
    """

    id: TeamId
    start: DepotId
    end: DepotId
    shift: Window
    breaks: tuple[Break, ...] = ()
    profile: Profile = Profile.FOOT
    skills: frozenset[str] = frozenset()
    capacity: int | None = None
    max_visits: int | None = None
    max_travel_s: int | None = None
    max_distance_m: int | None = None
    suits: int | None = None
    tubes: int | None = None
    more_shifts: tuple[Window, ...] = ()
    max_reloads: int = 0
    reload: DepotId | None = None
    open_end: bool = False
    classes: frozenset[InfectionClass] | None = None
    home_area: str = ""
    members: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        shifts = self.shifts
        if any(after.start_s < before.end_s for before, after in pairwise(shifts)):
            raise ValueError("shifts follow one another")

    @property
    def shifts(self) -> tuple[Window, ...]:
        """Return all its shifts; a route's `shift` is an index into them."""
        return (self.shift, *self.more_shifts)

    @property
    def capacities(self) -> tuple[int | None, int | None, int | None]:
        """Return what it can carry of each of `GOODS`."""
        return (self.capacity, self.suits, self.tubes)

    @property
    def reload_at(self) -> DepotId:
        """Return the depot where it reloads."""
        return self.end if self.reload is None else self.reload
