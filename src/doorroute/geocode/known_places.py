"""Places known without the map: confirmed pins, and the user's gazetteer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from doorroute.geocode.chinese_divisions import contradict
from doorroute.geocode.datum import to_wgs84
from doorroute.geocode.find import find
from doorroute.geocode.index import AddressIndex
from doorroute.geocode.index_tables import Area, Door, DoorSource, Host, HostKind, IndexTables
from doorroute.geocode.spelling import has_han, key, words
from doorroute.geocode.understood import Understood, understand_address
from doorroute.model.place import Access, Datum, GivenPoint, Place, Point, Precision

PIN, GAZETTEER = "pin", "gazetteer"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPlace:
    """An address and its position (WGS 84).

    `access` is from separate columns; `who` confirmed it, and `when`.

    `given` are the coordinates as in the table, None if they are not from a table.
    """

    address: str = field(repr=False)
    point: Point
    access: Access = field(default=Access(), repr=False)
    who: str = field(default="", repr=False)
    when: str = ""
    precision: Precision = Precision.GIVEN
    given: GivenPoint | None = None


class KnownPlaces:
    """Find an address among known places: first the same words, then the same building.

    The building is found as on a map, so that 窑上小区14号楼2单元501 helps 窑上小区14号楼3单元102. Of two
    places for the same words the one confirmed last is used.
    """

    def __init__(self, source: str, places: Iterable[KnownPlace]) -> None:
        self.source = source
        self.places = tuple(sorted(places, key=lambda place: place.when))
        self._by_words = {_words(place.address, place.access): place for place in self.places}
        read = [(place, understand_address(place.address, place.access)) for place in self._by_words.values()]
        homes = [(_home(source, understood), place, understood) for place, understood in read]
        self._by_home = {home: place for home, place, _ in homes}
        self._index = AddressIndex(_tables(homes))

    @property
    def current(self) -> tuple[KnownPlace, ...]:
        """The current places: for each address the one confirmed last."""
        return tuple(self._by_words.values())

    def taken_in(self, datum: Datum) -> KnownPlaces:
        """Return the same places, with coordinates without a datum read in `datum`."""
        if datum is Datum.WGS84:
            return self  # they were read so
        moved = (
            replace(place, point=to_wgs84(place.given, datum))
            if place.given and not place.given.datum
            else place
            for place in self.places
        )
        return KnownPlaces(self.source, moved)

    def __len__(self) -> int:
        return len(self._by_words)

    def near(self, index: AddressIndex) -> KnownPlaces:
        """Return the places in or near the extract of `index`; those of other towns are left out."""
        here = [place for place in self.places if index.is_near(place.point)]
        return self if len(here) == len(self.places) else KnownPlaces(self.source, here)

    def same_words(self, address: str, access: Access) -> Place | None:
        """Return the place with the same words; one confirmed without a unit fits every unit."""
        whole = _words(address, replace(access, unit=""))
        known = self._by_words.get(_words(address, access)) or self._by_words.get(whole)
        if known is None or not (key(address) or key(access.building)):
            return None
        understood = understand_address(address, access)
        name = f"{_home(self.source, understood)}|{key(understood.access.unit)}"
        return Place(
            point=known.point,
            precision=known.precision,
            score=1.0,
            source=self.source,
            entrance_id=name if understood.number else f"{name}|{key(address)}",
            label=known.address,
            access=understood.access,
        )

    def same_building(self, address: str, access: Access) -> tuple[Place, KnownPlace] | None:
        """Return the place of the same building with other words, and its known place.

        None if it is not clear, or if the towns differ.
        """
        understood = understand_address(address, access)
        if not understood.number:
            return None
        place = find(address, access, self._index).place
        if place is None:
            return None
        known = self._by_home[place.entrance_id.rpartition("|")[0]]
        if has_han(address + access.building):
            other_town = contradict(key(address), key(known.address))
        else:  # a street of this name may be in another town
            other_town = key(understood.town) != key(understand_address(known.address, known.access).town)
        return None if other_town else (replace(place, source=self.source), known)


def _words(address: str, access: Access) -> str:
    return "|".join((_spelled(address), _spelled(access.building), _spelled(access.unit)))


def _spelled(text: str) -> str:
    """Return the form in which whole addresses are compared; 7-2-902 and 72-902 stay different."""
    return re.sub(r"(?<!\d) | (?!\d)", "", " ".join(words(text)))


def _home(source: str, understood: Understood) -> str:
    return f"{source}|{understood.town}|{understood.name}|{understood.number}"


def _tables(places: Iterable[tuple[str, KnownPlace, Understood]]) -> IndexTables:
    """Make index tables of the places: hosts with their full name, and numbered doors."""
    tables = IndexTables()
    hosts: dict[str, int] = {}
    for home, place, understood in places:
        chinese = has_han(understood.name)
        names = [key(understood.name)]
        if chinese:
            names.append(key(understood.town + understood.name))
        if not (names[0] and understood.number):
            continue
        for name in dict.fromkeys(names):
            if name not in hosts:
                hosts[name] = len(tables.hosts)
                kind = HostKind.COMPOUND if chinese else HostKind.STREET
                tables.hosts.append(Host(understood.name, kind, place.point.lon, place.point.lat, [name]))
            tables.doors += _doors(hosts[name], home, place, understood)
        if understood.town and not chinese:
            tables.areas.append(Area(key(understood.town), place.point.lon, place.point.lat, 100_000))
    return tables


def _doors(host: int, home: str, place: KnownPlace, understood: Understood) -> Iterator[Door]:
    unit = key(understood.access.unit)
    known, at = (DoorSource.ENTRANCE, True) if unit else (DoorSource.BUILDING, False)
    town = ("", "") if has_han(understood.name) else (understood.town, understood.postcode)
    lon, lat = place.point.lon, place.point.lat
    for number in (understood.number, *understood.others):
        yield Door(host, number, unit, place.address, *town, lon, lat, home, known, at)
        if unit:  # for the other units of the building
            yield Door(host, number, "", place.address, *town, lon, lat, home, DoorSource.BUILDING)
