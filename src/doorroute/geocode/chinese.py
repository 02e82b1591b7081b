"""Read Chinese addresses: 省市区街道 小区/村/路 号 号楼 单元 层 室, with parts missing or repeated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from doorroute.geocode.chinese_divisions import says_elsewhere
from doorroute.geocode.chinese_names import hosts_of
from doorroute.geocode.house_numbers import (
    BEFORE_NUMBER,
    DESIGNATION,
    STEMS,
    designation,
    han_number,
    without_zeros,
)
from doorroute.geocode.index import AddressIndex
from doorroute.geocode.index_tables import Door, DoorSource, HostKind
from doorroute.geocode.match import KNOWN, UNKNOWN_WORDS, Hit, Named
from doorroute.geocode.readings import House, Reading
from doorroute.geocode.spelling import arabic, key, plain
from doorroute.model.place import Access

_GAP: Final = r"[\s,\-/]*"
_FLAT: Final = r"[a-z]?\d{1,5}[a-z]?"
# What can follow the building: unit, floor, room, each with or without its word.
_WAY_IN: Final = re.compile(
    rf"{_GAP}(?:(?P<unit>[\da-z]{{1,2}}|[东西南北中甲乙丙丁])(?:单元|门|梯){_GAP})?"
    rf"(?:(?P<floor>-?\d{{1,2}})(?:层|楼|f){_GAP})?(?:(?P<unit2>\d{{1,2}})[\-/ ](?=\d{{3}}))?"
    rf"(?:(?P<room>{_FLAT}|[东西南北中左右](?=户)|(?(floor)[东西南北中左右](?=\s*$)|(?!)))"
    rf"(?:号?室|房间?|号房|号|户)?)?{_GAP}",
    re.IGNORECASE,
)
_DESIGNATED: Final = re.compile(BEFORE_NUMBER + DESIGNATION, re.IGNORECASE)
_DASHED: Final = re.compile(
    rf"^(?P<head>.*[^\d\s\-/a-z]){_GAP}(?P<number>[a-z]?\d{{1,3}}[a-z]?|[a-z](?=[\-/]))"
    r"(?:(?P<sep>[\-/ ])(?P<unit>\d{1,2}))?"
    r"(?:[\-/ ](?P<room>\d{3,4})(?:号?室|号|户)?)?$",
    re.IGNORECASE,
)
_MOST_BEHIND: Final = 24  # characters

_NOTE: Final = re.compile(r"\(([^()]*)\)")
_PART_OF_ADDRESS: Final = re.compile(
    rf"[\da-z{STEMS}区期院苑园里栋楼座村]|^[新老旧原前后临副]$", re.IGNORECASE
)
_GATE: Final = re.compile(r"(?:从|走|由|靠近?)?[东西南北正侧大小前后]{0,2}门(?:进入?|入)?")
_TO_CALL: Final = re.compile(r"(?:请|已)?电联|(?:联系)?(?:电话|手机号?)?[:\s]*(?<!\d)1[3-9]\d{9}(?!\d)")

_OWN_NAME: Final = re.compile(r"[东西南北中高]\d{1,3}|[东西南北中]?\d{1,3}(?:公寓|宿舍)")
_BARE_NUMBER: Final = 0.95
_STREET_WITH_BUILDING: Final = 0.8  # 学院路3号楼: building 3 of some yard, not number 3 of the street


def read_chinese(address: str, building: str = "") -> list[Reading]:
    """Return the possible readings of `address`, the plainest first; `building` is a separate column."""
    text = _TO_CALL.sub(" ", _NOTE.sub(_note, arabic(plain(address))))
    text = re.sub(r"[\s,.;]+", " ", text).strip()
    text = re.sub(r"(?<=[\da-zA-Z]) (?=[号栋幢座楼单层室门弄#])", "", text)
    trust = 1.0
    if building:
        said = [designation(match) for match in _DESIGNATED.finditer(text) if match["kind"] != "号"]
        own = re.sub(r"\s", "", arabic(plain(building)))
        own += "" if re.search(r"\D$", own) else "号楼"
        bare = re.search(r"(?<![\d\-/ ])\d{1,4}$", text)
        if not said and bare and han_number(bare[0]) == han_number(own):
            text = text[: bare.start()] + own  # 锦绣家园8 and 8: the same building
        elif not said:
            text += f" {own}" if text[-1:].isdigit() else own
        elif han_number(own) not in said:
            trust = UNKNOWN_WORDS  # cell and column name two buildings
    found = [*_designated(text), *_dashed(text)]
    found = [replace(reading, houses=_doubted(reading.houses, trust)) for reading in found]
    return [*found, *_named(text)] or [Reading(before=(text,))]


def _note(match: re.Match[str]) -> str:
    """Remove a note in brackets, unless it is part of the name or number or moves the door.

    (西区) and (3栋607) are part of it; (对面) moves the door. Before the number, only a gate is removed.
    """
    note, number_follows = match[1], re.search(r"\d", match.string[match.end() :])
    part = not _GATE.fullmatch(note) if number_follows else _PART_OF_ADDRESS.search(note)
    return note if part or says_elsewhere(note) else " "


def _doubted(houses: tuple[House, ...], trust: float) -> tuple[House, ...]:
    return tuple(replace(house, trust=house.trust * trust) for house in houses)


def _designated(text: str) -> Iterator[Reading]:
    """Yield a reading for each 号楼, 栋, 座 or 号, from the last to the first."""
    for match in reversed(list(_DESIGNATED.finditer(text))):
        access_match = _WAY_IN.fullmatch(text[match.end() :])
        number = designation(match)
        head, trust = text[: match.start()], 1.0 if access_match else UNKNOWN_WORDS
        access = _access(access_match) if access_match else Access()
        kind = "号" if match["kind"] in {"号", "号院"} else "号楼"
        if match["kind"] == "楼" and _may_be_a_floor(number, access):
            kind = "楼"
        house = House(number=number, unit=access.unit.casefold(), trust=trust)
        yield Reading(before=(head,), after=(kind,), houses=(house,), access=access, written=match[0])
        if number[0] in "东西南北中" and not match["attached"]:
            house = replace(house, number=number[1:])
            yield Reading(before=(head + number[0],), after=(kind,), houses=(house,), access=access)


def _may_be_a_floor(number: str, access: Access) -> bool:
    """Return whether 3楼, 3楼302 or 12楼1204 can be a storey: nothing shows that it is a building."""
    said = access.unit or access.floor is not None
    return not said and (not access.room[:1].isdigit() or access.room[:-2] == number)


def _dashed(text: str) -> Iterator[Reading]:
    """Yield the readings of 窑上小区14-2-501, 蓝旗营 10 2 501 and of a bare number at the end."""
    match = _DASHED.match(text)
    if match is None:
        return
    number, unit, room = without_zeros(match["number"].casefold()), match["unit"] or "", match["room"] or ""
    trust = _BARE_NUMBER
    if unit and not room:
        yield Reading(before=(match["head"],), houses=(House(number=f"{number}-{unit}"),))
        trust = _BARE_NUMBER if match["sep"] == " " else UNKNOWN_WORDS  # 20-1 can be one number
    access = Access(unit=unit, room=room)
    yield Reading(
        before=(match["head"],), houses=(House(number=number, unit=unit, trust=trust),), access=access
    )


def _named(text: str) -> Iterator[Reading]:
    """Yield the readings as a name without a number, the longest name first."""
    for end in range(len(text), max(1, len(text) - _MOST_BEHIND), -1):
        access_match = (
            _WAY_IN.fullmatch(text[end:]) if re.match(r"[^\d\s\-/,a-zA-Z]", text[end - 1]) else None
        )
        if access_match:
            yield Reading(before=(text[:end],), access=_access(access_match))


def _access(match: re.Match[str]) -> Access:
    return Access(
        unit=(match["unit"] or match["unit2"] or "").upper(),
        floor=int(match["floor"]) if match["floor"] else None,
        room=match["room"] or "",
    )


def chinese_hits(index: AddressIndex, readings: list[Reading]) -> tuple[list[Hit], list[Named]]:
    """Return the doors that the readings can mean and the hosts they name, the likeliest first."""
    hits: list[Hit] = []
    named: list[Named] = []
    for reading in readings:
        head = key(reading.before[0])
        hosts = [replace(name, number=_number_of(reading)) for name in hosts_of(index, head)]
        named += hosts
        for house in reading.houses or (House(number=""),):
            for name in hosts:
                trust = name.trust * house.trust
                doors = index.doors(name.host, house.number)
                doors = [door for door in doors if not door.unit or door.unit == house.unit] or doors
                hits += [
                    Hit(
                        door,
                        house,
                        reading,
                        trust * _as_said(index, reading, door) * KNOWN.get(DoorSource(door.known), 1.0),
                    )
                    for door in doors
                ]
            if not head and house.number:  # 东6楼 without its compound: all buildings of this name
                doors = index.numbered_buildings(house.number)
                sure = house.trust if _is_whole_name(index, reading, doors) else UNKNOWN_WORDS
                hits += [Hit(door, house, reading, sure) for door in doors]
        if any(hit.score > UNKNOWN_WORDS for hit in hits):
            break
    return sorted(hits, key=lambda hit: -hit.score), sorted(named, key=lambda name: (name.edits, -name.trust))


def _is_whole_name(index: AddressIndex, reading: Reading, doors: list[Door]) -> bool:
    """Return whether the reading is the whole name of one building of the map: 东6楼, 8公寓.

    3楼 and A座 are not names by themselves.
    """
    number = reading.houses[0].number
    spelled = all(door.shown == index.host(door.host).name + reading.written for door in doors)
    return bool(_OWN_NAME.fullmatch(number)) and spelled and len({door.building for door in doors}) == 1


def _number_of(reading: Reading) -> str:
    return reading.houses[0].number if reading.houses else ""


def _as_said(index: AddressIndex, reading: Reading, door: Door) -> float:
    """Return how well a door fits the word after the number, or the dashes."""
    street = index.host(door.host).kind == HostKind.STREET
    if reading.after == ("楼",) and not door.shown.casefold().endswith(f"{door.number}楼"):
        return UNKNOWN_WORDS
    if street and not reading.after and reading.access.unit:
        return UNKNOWN_WORDS  # 成府路20-1-501 may be in 20-1
    return _STREET_WITH_BUILDING if street and reading.after in {("号楼",), ("楼",)} else 1.0
