"""An address in parts, stored with a pin and shown to the person who checks it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from doorroute.geocode.address_cells import LONGEST
from doorroute.geocode.chinese import read_chinese
from doorroute.geocode.chinese_divisions import name_and_divisions
from doorroute.geocode.readings import Reading, joined
from doorroute.geocode.spelling import has_han, plain, words
from doorroute.geocode.western import read_western, take_access
from doorroute.model.place import Access

_LIKELY: Final = 0.93


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """The parts of an address; '' for missing ones.

    `name` carries the `number`; `town` is the town or district; `access` is unit, floor and room.
    """

    name: str = field(default="", repr=False)
    number: str = field(default="", repr=False)
    town: str = field(default="", repr=False)
    postcode: str = field(default="", repr=False)
    access: Access = field(default=Access(), repr=False)
    others: tuple[str, ...] = field(default=(), repr=False)  # other possible numbers: 12 of 12/3

    def __str__(self) -> str:
        way_in = self.access
        floor = "" if way_in.floor is None else f"{way_in.floor}F"
        parts = (
            self.name,
            self.number,
            way_in.unit and f"[{way_in.unit}]",
            floor,
            way_in.room and f"#{way_in.room}",
            self.postcode,
            self.town,
        )
        return " ".join(part for part in parts if part)


def understand_address(address: str, access: Access = Access(), *, stairs: bool = False) -> Understood:
    """Split an address into parts without a map, by its plainest reading.

    `access` is from separate columns and takes precedence.
    """
    text = plain(address)[:LONGEST]
    if not re.search(r"\w", text + access.building):
        return Understood(access=access)
    if has_han(text + access.building):
        reading = read_chinese(text, access.building)[0]
        name, town = name_and_divisions(reading.before[0])
        separator = ""
    else:
        plainest = Reading(access=take_access(text)[0])  # only a flat
        reading = next(iter(read_western(text, stairs=stairs, postcodes=frozenset())), plainest)
        name, separator = _as_written(reading.before or reading.after, text), " "
        town = " ".join(_as_written(group, text) for group in reading.context)
    house = reading.houses[0] if reading.houses else None
    return Understood(
        name=name,
        number=house.number if house else "",
        town=town.strip(separator or None),
        postcode=reading.postcode,
        access=joined(access, _access_of(reading)),
        others=tuple(other.number for other in reading.houses[1:] if other.trust >= _LIKELY),
    )


def _as_written(folded: Sequence[str], text: str) -> str:
    """Return words as they are spelled in `text`."""
    written = {word: token for token in re.split(r"[\s,;]+", text) for word in words(token)}
    country = re.findall(r"\b([a-z]{1,3})-\d{4,6}\b", text.casefold())  # FL of the postcode FL-9490
    return " ".join(dict.fromkeys(written.get(word, word) for word in folded if word not in country))


def _access_of(reading: Reading) -> Access:
    house = reading.houses[0] if reading.houses else None
    if house is None:
        return reading.access
    own = Access(unit=house.unit.upper(), floor=house.floor, room=house.room)
    return joined(own, reading.access)
