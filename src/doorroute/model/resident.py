"""Residents and visits: who is sampled, and at which door."""

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
"""Separates a door's id from the number of an earlier visit there: `V7~1`."""


def door_of(visit: VisitId) -> VisitId:
    """Return the door of a visit: `V7` for `V7` and for `V7~1`."""
    return VisitId(visit.partition(PART)[0])


GOODS: Final = ("kits", "suits", "tubes")
"""Supplies that are used up on a route, in the order of every demand, capacity and load."""


class InfectionClass(StrEnum):
    """The health class of a home, in the order of visits on a route."""

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
"""Names of the classes."""


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """An interval of seconds after midnight, both ends included."""

    start_s: int
    end_s: int

    def __post_init__(self) -> None:
        if not 0 <= self.start_s <= self.end_s:
            raise ValueError("a window needs 0 <= start <= end")

    def __str__(self) -> str:
        return f"{clock(self.start_s)}-{clock(self.end_s)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resident:
    """A person to be sampled, or with `people` > 1 a row for several.

    `row` is the line number in the sheet (`model.line`), `sheet` the sheet's name. `service_s` is None if the
    sheet gives none. Empty `time_windows` mean any time. `own_id` is the number given by the sheet, `id` the
    one that stays the same all day. Nothing personal is in `repr`.
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
    kind: str = field(default="", repr=False)  # bedridden, infant, ...: key of a service time in the settings
    area: str = field(default="", repr=False)
    only_teams: frozenset[TeamId] | None = None
    not_teams: frozenset[TeamId] = frozenset()
    last_team: TeamId | None = None
    note: str = field(default="", repr=False)
    sheet: str = field(default="", compare=False)

    @property
    def at(self) -> str:
        """Return the person's row as numbered by the spreadsheet program, with its sheet."""
        row = row_of(self.row)
        return f"{row} ({self.sheet})" if self.sheet else str(row)

    def seen_from(self, other: Resident) -> str:
        """Return the person's row, with the sheet if it differs from that of `other`."""
        return str(row_of(self.row)) if self.sheet == other.sheet else self.at


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One door and the residents behind it.

    From the residents follow `time_windows` (those that all share; empty: any time), `infection_class` (the
    highest), `priority` (the most urgent; 1 is first), `skills` (all that anyone needs), and the sums `kits`,
    `suits` and `tubes`. `service_s` is the time at the door in seconds, without setup. `only_teams` are those
    that all allow (None: any), `not_teams` those that anyone refuses; `last_team` came last time, `area` is
    the neighbourhood: both matter only to wishes.

    Replanning may split a door: a part such as `V7~1` has only the residents who were seen on that visit,
    none if nobody was at home.
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
        """Return the quantity used of each of `GOODS`."""
        return (self.kits, self.suits, self.tubes)

    @property
    def resident_ids(self) -> tuple[ResidentId, ...]:
        """Return the ids of the residents, in the order of the sheet."""
        return tuple(resident.id for resident in self.residents)
