"""Places that are known apart from the map: pins that someone confirmed, and the user's own gazetteer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from doorroute.geocode.datum import to_wgs84
from doorroute.geocode.find import find
from doorroute.geocode.index import AddressIndex
from doorroute.geocode.spelling import has_han, key
from doorroute.geocode.tables import Area, Door, Host, HostKind, Known, Tables
from doorroute.geocode.understood import understand_address
from doorroute.model.place import Access, Datum, GivenPoint, Place, Point, Precision

PIN, GAZETTEER = "pin", "gazetteer"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPlace:
    """An address and where it is (WGS 84). `access` is what separate columns say; `who` and `when` confirmed it.

    `given` are the coordinates as a table has them; None where they came from no table.
    """

    address: str = field(repr=False)
    point: Point
    access: Access = field(default=Access(), repr=False)
    who: str = field(default="", repr=False)
    when: str = ""
    precision: Precision = Precision.GIVEN
    given: GivenPoint | None = None


class KnownPlaces:
    """Finds an address among known places: the very words first, then the same building as it is understood.

    What is understood is searched as a map is, so that 窑上小区14号楼2单元501 helps 窑上小区14号楼3单元102. Of two places for the same words
    the one confirmed last holds.
    """

    def __init__(self, source: str, places: Iterable[KnownPlace]) -> None:
        self.source = source
        self.places = tuple(sorted(places, key=lambda place: place.when))
        self._by_words = {_words(place.address, place.access): place for place in self.places}
        self._index = AddressIndex(_tables(source, self._by_words.values()))

    @property
    def current(self) -> tuple[KnownPlace, ...]:
        """Return the places that hold: of each address the one confirmed last."""
        return tuple(self._by_words.values())

    def taken_in(self, datum: Datum) -> KnownPlaces:
        """Return the same places, the coordinates that name no datum taken in `datum`."""
        if datum is Datum.WGS84:
            return self  # as they were read
        moved = (
            replace(place, point=to_wgs84(place.given, datum)) if place.given and not place.given.datum else place
            for place in self.places
        )
        return KnownPlaces(self.source, moved)

    def __len__(self) -> int:
        return len(self._by_words)

    def exactly(self, address: str, access: Access) -> Place | None:
        """Return the place of these very words; one that was confirmed without a unit holds for every unit."""
        whole = _words(address, replace(access, unit=""))
        known = self._by_words.get(_words(address, access)) or self._by_words.get(whole)
        if known is None or not (key(address) or key(access.building)):
            return None
        understood = understand_address(address, access)
        name = "|".join((self.source, understood.name, understood.number, key(understood.access.unit)))
        return Place(
            point=known.point,
            precision=known.precision,
            score=1.0,
            source=self.source,
            entrance_id=name if understood.number else f"{name}|{key(address)}",
            label=known.address,
            access=understood.access,
        )

    def alike(self, address: str, access: Access) -> Place | None:
        """Return the place of the same building under other words; None where none stands out, or the towns are not the same."""
        understood = understand_address(address, access)
        if not understood.number:
            return None
        place = find(address, access, self._index).place
        if place is None:
            return None
        if not has_han(address + access.building):  # a street of this name may lie in another town
            home = place.entrance_id.rpartition("|")[0]
            towns = {key(door.city) for door in self._index.tables.doors if door.building == home}
            if key(understood.town) not in towns:
                return None
        return replace(place, source=self.source)


def _words(address: str, access: Access) -> str:
    return "|".join((key(address), key(access.building), key(access.unit)))


def _tables(source: str, places: Iterable[KnownPlace]) -> Tables:
    """Lay the places out as a map does: what carries the number, and the numbered door."""
    tables = Tables()
    hosts: dict[str, int] = {}
    for place in places:
        understood = understand_address(place.address, place.access)
        name = key(understood.name)
        if not (name and understood.number):
            continue
        if name not in hosts:
            hosts[name] = len(tables.hosts)
            kind = HostKind.COMPOUND if has_han(understood.name) else HostKind.STREET
            tables.hosts.append(Host(understood.name, kind, place.point.lon, place.point.lat, [name]))
        unit, home = key(understood.access.unit), f"{source}|{understood.name}|{understood.number}"
        known, at = (Known.ENTRANCE, True) if unit else (Known.BUILDING, False)
        town, lon, lat = (understood.town, understood.postcode), place.point.lon, place.point.lat
        for number in (understood.number, *understood.others):
            tables.doors.append(Door(hosts[name], number, unit, place.address, *town, lon, lat, home, known, at))
            if unit:  # for the other units of the building
                tables.doors.append(Door(hosts[name], number, "", place.address, *town, lon, lat, home, Known.BUILDING))
        if understood.town:
            tables.areas.append(Area(key(understood.town), place.point.lon, place.point.lat, 100_000))
    return tables
