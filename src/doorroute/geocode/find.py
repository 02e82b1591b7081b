"""Search one address in the index: the door, if one is clearly the best, and all candidates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from doorroute.geocode.chinese import chinese_hits, read_chinese
from doorroute.geocode.index import AddressIndex, metres
from doorroute.geocode.index_tables import SOURCE_ORDER, Door, DoorSource, HostKind
from doorroute.geocode.match import Hit, Named, western_hits
from doorroute.geocode.readings import joined
from doorroute.geocode.spelling import has_han, key, plain
from doorroute.geocode.western import read_western
from doorroute.model.place import Access, Candidate, Place, Point, Precision

SAME_DOOR_M: Final = 40  # doors with one address within this distance are the same door
_SAME_POINT_M: Final = 2
_ONE_NAME_M: Final = 300
_BUILT: Final = frozenset({Precision.ENTRANCE, Precision.BUILDING, Precision.GIVEN})
_EQUAL: Final = 0.025  # scores this close to the best are equally likely
_CANDIDATES: Final = 6
_STREETS: Final = 3
_NEAR_NUMBERS: Final = 3
_STREET_SCORE, _NEAR_NUMBER_SCORE = 0.5, 0.3  # far below any threshold: offered, never used
_HOST_PRECISION: Final = {
    HostKind.STREET: Precision.STREET,
    HostKind.COMPOUND: Precision.COMPOUND,
    HostKind.BUILDING: Precision.BUILDING,
    HostKind.AREA: Precision.AREA,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """What the index has for one address: the place, if one is clearly the best, and all candidates.

    `equally_likely` counts the likeliest doors; more than one if the address is ambiguous.
    """

    place: Place | None
    candidates: tuple[Candidate, ...]
    equally_likely: int = 0


def find(address: str, access: Access, index: AddressIndex) -> SearchResult:
    """Search the index for an address as written.

    `access` is what separate columns say about the entrance.
    """
    text = plain(address)
    if not re.search(r"\w", text + access.building):
        return SearchResult(place=None, candidates=())
    hits: list[Hit] = []
    named: list[Named] = []
    chinese = has_han(text + access.building)
    if chinese:
        hits, named = chinese_hits(index, read_chinese(text, access.building))
    if not chinese or (not hits and re.search(r"[A-Za-z]{3}", text)):
        hits, named = western_hits(index, read_western(text, stairs=index.stairs, postcodes=index.postcodes))
    groups = _groups(hits)
    equal = [group for group in groups if group[0].score >= groups[0][0].score - _EQUAL]
    mapped = {key(group[0].door.city) for group in equal if not _is_weak(group[0].door)}
    # a shop's address counts less than a building of the same town with that address
    equal = [group for group in equal if not _is_weak(group[0].door) or key(group[0].door.city) not in mapped]
    place = _place(equal[0][0], access, index) if len(equal) == 1 else None
    candidates = [*_offered(groups, len(equal)), *_nearby(index, named, numbers=not groups)]
    return SearchResult(place=place, candidates=distinct(candidates)[:_CANDIDATES], equally_likely=len(equal))


def distinct(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Return the candidates, each place once, under its first name."""
    kept: list[Candidate] = []
    for each in candidates:
        if not any(_one_place(each, other) for other in kept):
            kept.append(each)
    return tuple(kept)


def _one_place(one: Candidate, other: Candidate) -> bool:
    """Return whether two candidates are one place: one building, or two parts of one street or compound."""
    distance_m = metres((one.point.lon, one.point.lat), (other.point.lon, other.point.lat))
    long, short = sorted((key(one.label), key(other.label)), key=len, reverse=True)
    if {one.precision, other.precision} <= _BUILT:
        return distance_m <= _SAME_POINT_M or (
            distance_m <= SAME_DOOR_M and bool(short) and long.endswith(short)
        )
    return one.precision == other.precision and long == short and distance_m <= _ONE_NAME_M


def _groups(hits: Sequence[Hit]) -> list[list[Hit]]:
    """Group the hits by door, that is by building or distance; the best known hit of a group comes first."""
    groups: list[list[Hit]] = []
    for hit in sorted(hits, key=lambda hit: (-hit.score, not hit.door.at_entrance, _order(hit.door))):
        for group in groups:
            if any(_same_door(hit.door, other.door) for other in group):
                group.append(hit)
                break
        else:
            groups.append([hit])
    return groups


def _same_door(one: Door, other: Door) -> bool:
    return one.building == other.building or metres((one.lon, one.lat), (other.lon, other.lat)) <= SAME_DOOR_M


def _is_weak(door: Door) -> bool:
    return _order(door) >= SOURCE_ORDER[DoorSource.SHOP]


def _order(door: Door) -> int:
    return SOURCE_ORDER[DoorSource(door.known)]


def _place(hit: Hit, access: Access, index: AddressIndex) -> Place:
    door = hit.door
    read = Access(
        building=hit.reading.access.building,
        unit=hit.house.unit.upper() or hit.reading.access.unit,
        floor=hit.house.floor if hit.house.floor is not None else hit.reading.access.floor,
        room=hit.house.room or hit.reading.access.room,
    )
    way_in = joined(access, read)
    unit = key(way_in.unit)
    entrance = index.unit_entrance(door.building, unit)
    lon, lat = entrance or (door.lon, door.lat)
    return Place(
        point=Point(lon, lat),
        precision=_precision(door, at_entrance=entrance is not None or door.at_entrance),
        score=round(hit.score, 3),
        source="extract",
        entrance_id=f"{door.building}|{unit}",
        label=_label(door),
        access=way_in,
    )


def _precision(door: Door, *, at_entrance: bool) -> Precision:
    if door.known == DoorSource.GUESSED:
        return Precision.STREET
    return Precision.ENTRANCE if at_entrance else Precision.BUILDING


def _label(door: Door) -> str:
    if has_han(door.shown):
        return door.city + door.shown
    return ", ".join(filter(None, (door.shown, " ".join(filter(None, (door.postcode, door.city))))))


def _offered(groups: Sequence[Sequence[Hit]], equal: int) -> list[Candidate]:
    """Return the doors found; equally likely ones share their score."""
    return [
        _candidate(group[0].door, group[0].score / equal if equal > 1 else group[0].score)
        for group in groups[:_CANDIDATES]
    ]


def _nearby(index: AddressIndex, named: Sequence[Named], *, numbers: bool) -> list[Candidate]:
    """Return the named streets or compounds, and with `numbers` the doors there with the nearest numbers."""
    found: list[Candidate] = []
    for name in list({name.host: name for name in reversed(named)}.values())[::-1][:_STREETS]:
        host = index.host(name.host)
        precision = _HOST_PRECISION[HostKind(host.kind)]
        found.append(
            Candidate(
                label=host.name,
                point=Point(host.lon, host.lat),
                precision=precision,
                score=round(_STREET_SCORE * name.trust, 3),
            )
        )
        wanted = _leading(name.number) if numbers else 0
        here = [
            door
            for door in index.all_doors(name.host)
            if not name.context.towns or key(door.city) in name.context.towns
        ]
        near = (
            {door.shown: door for door in sorted(here, key=lambda door: abs(_leading(door.number) - wanted))}
            if wanted
            else {}
        )
        found += [
            _candidate(door, _NEAR_NUMBER_SCORE * name.trust) for door in list(near.values())[:_NEAR_NUMBERS]
        ]
    return found


def _leading(number: str) -> int:
    digits = re.search(r"\d+", number)
    return int(digits[0]) if digits else 0


def _candidate(door: Door, score: float) -> Candidate:
    precision = _precision(door, at_entrance=door.at_entrance)
    return Candidate(
        label=_label(door), point=Point(door.lon, door.lat), precision=precision, score=round(score, 3)
    )
