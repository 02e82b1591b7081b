"""An address as it was understood: which words name the street or compound, which number, which way in."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from doorroute.model.place import Access


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A house number as it may be meant, normalised: `12a`, `22-24`, `a1` (of A1栋), `12-3` (of 12号附3).

    `unit`, `floor`, `room` are what the same words say about the way in if they are meant this way. `trust` is how
    likely they are; where the map knows the number of an earlier reading, a later one is not asked.
    """

    number: str = field(repr=False)
    unit: str = field(default="", repr=False)
    floor: int | None = field(default=None, repr=False)
    room: str = field(default="", repr=False)
    trust: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One way to understand an address.

    `before`: the words in front of the number, the nearest last; `after`: those behind it; either may name the street. `houses` are
    tried in order; none for a place without a number. `context` are the other parts (towns, districts), `postcode` one of them;
    `front` and `back` are the words next to number and street that no comma sets apart; `written` is the number with its word, as the address spells them.
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
    """Put together what separate columns said and what the address says; the columns win."""
    return replace(
        said,
        building=said.building or read.building,
        unit=said.unit or read.unit,
        floor=said.floor if said.floor is not None else read.floor,
        lift=said.lift if said.lift is not None else read.lift,
        room=said.room or read.room,
    )
