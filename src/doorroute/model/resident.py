"""Residents and visits: whom to sample, and behind which door."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NewType

from doorroute.model.clock import clock
from doorroute.model.line import row_of
from doorroute.model.place import Access, GivenPoint
from doorroute.texts import msg

ResidentId = NewType("ResidentId", str)
VisitId = NewType("VisitId", str)
TeamId = NewType("TeamId", str)

PART: Final = "~"
"""Between a door's id and the number of a call there that was not its last: `V7~1`."""


def door_of(visit: VisitId) -> VisitId:
    """Return the door that a visit is at: `V7` for `V7` and for `V7~1`."""
    return VisitId(visit.partition(PART)[0])


GOODS: Final = ("kits", "suits", "tubes")
"""What is used up on a route, in the order of every demand, capacity and load."""


class InfectionClass(StrEnum):
    """The health class of a home, from the first to be visited on a route to the last."""

    REGULAR = "regular"
    YELLOW = "yellow"
    ISOLATED = "isolated"

    @property
    def rank(self) -> int:
        """Return 0 for regular, 1 for yellow, 2 for isolated: on a route the rank never falls."""
        return tuple(InfectionClass).index(self)


CLASSES: Final = {
    InfectionClass.REGULAR: msg("regular"),
    InfectionClass.YELLOW: msg("yellow"),
    InfectionClass.ISOLATED: msg("isolated"),
}
"""What the classes are called."""


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A stretch of the day in seconds after midnight, both ends belonging to it."""

    start_s: int
    end_s: int

    def __post_init__(self) -> None:
        if not 0 <= self.start_s <= self.end_s:
            raise ValueError("a window needs 0 <= start <= end")

    def __str__(self) -> str:
        return f"{clock(self.start_s)}-{clock(self.end_s)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resident:
    """One person (or, with `people` > 1, one row that stands for several) to be sampled.

    `row` is the line in the sheet, from 1 (a number of `model.line`, unique over all sheets), `sheet` the sheet's name. `service_s` is None where
    the sheet did not say. `time_windows` empty means any time. `own_id` is the number that the sheet gives, `id` the one that holds all day.
    Everything personal stays out of `repr`.
    """

    id: ResidentId
    row: int
    own_id: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    given: GivenPoint | None = None
    household: str = field(default="", repr=False)
    people: int = 1
    access: Access = Access()
    service_s: int | None = None
    time_windows: tuple[Window, ...] = ()
    infection_class: InfectionClass = field(default=InfectionClass.REGULAR, repr=False)
    kits: int = 1
    suits: int = 0
    tubes: int = 0
    skills: frozenset[str] = frozenset()
    priority: int = 2
    kind: str = field(default="", repr=False)  # bedridden, infant, ...: names a service time of the settings
    area: str = field(default="", repr=False)
    only_teams: frozenset[TeamId] | None = None
    not_teams: frozenset[TeamId] = frozenset()
    last_team: TeamId | None = None
    note: str = field(default="", repr=False)
    sheet: str = field(default="", compare=False)

    @property
    def at(self) -> str:
        """Say in which row the person stands, as the spreadsheet program numbers it, and on which sheet."""
        row = row_of(self.row)
        return f"{row} ({self.sheet})" if self.sheet else str(row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One door with the residents behind it; what holds for the door is drawn together from them.

    `time_windows` are those that all its residents share (empty: any time); `infection_class` the highest, `priority` the most
    urgent (1 first), `skills` all that anyone needs, `kits`, `suits` and `tubes` the sums. `service_s` are the seconds at the door, setup apart.
    `only_teams` are those that all its residents allow (None: any), `not_teams` those that anyone refuses; `last_team` came last time,
    `area` is the neighbourhood: both matter to wishes alone. A part of a door (`V7~1`), made when the day is planned again, has those
    residents alone who were seen to then: none where nobody was at home.
    """

    id: VisitId
    residents: tuple[Resident, ...]
    address: str = field(default="", repr=False)
    given: GivenPoint | None = None
    access: Access = Access()
    service_s: int
    time_windows: tuple[Window, ...] = ()
    infection_class: InfectionClass = field(default=InfectionClass.REGULAR, repr=False)
    kits: int = 1
    suits: int = 0
    tubes: int = 0
    skills: frozenset[str] = frozenset()
    priority: int = 2
    area: str = field(default="", repr=False)
    only_teams: frozenset[TeamId] | None = None
    not_teams: frozenset[TeamId] = frozenset()
    last_team: TeamId | None = None

    def __post_init__(self) -> None:
        if not self.residents and PART not in self.id:
            raise ValueError("a visit has at least one resident")

    @property
    def demand(self) -> tuple[int, int, int]:
        """Return what it uses up: kits, suits, tubes (`GOODS`)."""
        return (self.kits, self.suits, self.tubes)

    @property
    def resident_ids(self) -> tuple[ResidentId, ...]:
        """Return the ids of the residents, in the order of the sheet."""
        return tuple(resident.id for resident in self.residents)
