"""The names of places on the map, shown on a map and searched by people."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from doorroute.geocode.index_tables import HostKind
from doorroute.model.place import Point

if TYPE_CHECKING:
    from doorroute.geocode.index import AddressIndex


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A named place on the map.

    `label` includes the compound or street. `sign` is the text for the building on a map ('' for none).
    `door`: it is a building or a door, not a whole compound or street.
    """

    label: str = field(repr=False)
    sign: str = field(repr=False)
    point: Point
    door: bool


def named_places(index: AddressIndex, most: int = 20_000) -> tuple[NamedPlace, ...]:
    """Return the first `most` buildings, numbers, compounds and streets of the map, each once."""
    found: dict[tuple[str, int, int], NamedPlace] = {}
    for door in index.tables.doors:
        host = index.host(door.host)
        own = door.shown.removeprefix(host.name).strip()
        sign = "" if host.kind == HostKind.STREET else own or door.shown
        place = NamedPlace(door.shown, sign, Point(door.lon, door.lat), door=True)
        found.setdefault((door.shown, round(door.lon * 3000), round(door.lat * 3000)), place)
    for host in index.tables.hosts:
        if host.kind != HostKind.BUILDING:
            place = NamedPlace(host.name, "", Point(host.lon, host.lat), door=False)
            found.setdefault((host.name, round(host.lon * 300), round(host.lat * 300)), place)
    return tuple(found.values())[:most]
