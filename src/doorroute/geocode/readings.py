"""An address as understood: which words name the street or compound, the number, the unit and the room."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from doorroute.model.place import Access


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A possible house number, normalised: `12a`, `22-24`, `a1` (of A1栋), `12-3` (of 12号附3).

    `unit`, `floor` and `room` are read from the same words with this number. `trust` is how likely it is. If
    the map has the number of an earlier reading, later ones are not tried.
    """

    number: str = field(repr=False)
    unit: str = field(default="", repr=False)
    floor: int | None = field(default=None, repr=False)
    room: str = field(default="", repr=False)
    trust: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One possible meaning of an address.

    `before`: the words before the number, the nearest last; `after`: those after it; either may name the
    street. `houses` are tried in order; empty for a place without a number. `context` are the other parts
    (towns, districts), `postcode` is one of them. `front` and `back` are words next to number and street
    without a comma between. `written` is the number with its word, as in the address.
    """

    before: tuple[str, ...] = field(default=(), repr=False)
    after: tuple[str, ...] = field(default=(), repr=False)
    houses: tuple[House, ...] = field(default=(), repr=False)
    context: tuple[tuple[str, ...], ...] = field(default=(), repr=False)
    front: tuple[str, ...] = field(default=(), repr=False)
    back: tuple[str, ...] = field(default=(), repr=False)
    postcode: str = field(default="", repr=False)
    access: Access = field(default=Access(), repr=False)
    written: str = field(default="", repr=False)


def joined(said: Access, read: Access) -> Access:
    """Combine what separate columns say with what the address says; the columns take precedence."""
    return replace(
        said,
        building=said.building or read.building,
        unit=said.unit or read.unit,
        floor=said.floor if said.floor is not None else read.floor,
        lift=said.lift if said.lift is not None else read.lift,
        room=said.room or read.room,
    )
