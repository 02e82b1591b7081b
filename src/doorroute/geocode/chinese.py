"""Understands Chinese addresses: 省市区街道 小区/村/路 号 号楼 单元 层 室, with or without separators, parts missing or twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from doorroute.geocode.index import AddressIndex
from doorroute.geocode.match import KNOWN, TIED, UNKNOWN_WORDS, Hit, Named
from doorroute.geocode.numbers import DESIGNATION, chinese_number, designation
from doorroute.geocode.reading import House, Reading
from doorroute.geocode.spelling import SITE_WORDS, arabic, key, plain
from doorroute.geocode.tables import HostKind, Known
from doorroute.model.place import Access

_GAP: Final = r"[\s,\-/]*"
_FLAT: Final = r"[a-z]?\d{1,5}[a-z]?"
# What may stand behind the building: unit, floor, room, each with or without its word.
_WAY_IN: Final = re.compile(
    rf"{_GAP}(?:(?P<unit>[\da-z]{{1,2}}|[东西南北中甲乙丙丁])(?:单元|门|梯){_GAP})?(?:(?P<floor>-?\d{{1,2}})(?:层|楼|f){_GAP})?"
    rf"(?:(?P<unit2>\d{{1,2}})[\-/ ](?=\d{{3}}))?(?:(?P<room>{_FLAT})(?:号?室|房间?|号房|号|户)?)?{_GAP}",
    re.IGNORECASE,
)
_DESIGNATED: Final = re.compile(
    rf"(?<![a-z\d第])(?:{DESIGNATION})(?P<attached>[附之\-]\d{{1,3}}(?!\d)号?)?", re.IGNORECASE
)
_DASHED: Final = re.compile(
    rf"^(?P<head>.*[^\d\s\-/a-z]){_GAP}(?P<number>[a-z]?\d{{1,3}}[a-z]?|[a-z](?=[\-/]))(?:[\-/ ](?P<unit>\d{{1,2}}))?(?:[\-/ ](?P<room>\d{{3,4}}))?$",
    re.IGNORECASE,
)
_NAMED: Final = re.compile(rf"^(?P<head>.*?[^\d\s\-/,a-z]){_WAY_IN.pattern}$", re.IGNORECASE)

_PROVINCES: Final = "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门"
_UNIT_OF_STATE: Final = re.compile(
    rf"(?P<name>[^\s\d]{{1,8}}?(?:特别行政区|自治区|自治州|自治县|开发区|新区|地区|街道办事处|街道办|街道|社区居委会|社区居民委员会|居民委员会|居委会|村民委员会|村委会|社区|省|市|区|县|旗|盟|镇|乡|村))|(?P<province>{_PROVINCES})"
)
_ON_ROAD: Final = re.compile(
    r"[^\s\d]{1,10}?(?:路|街|道|巷|胡同|里|条|弄)(?:[东西南北中]?段)?(?:\d{1,5}(?:号院?|弄)?)?"
)
_ROAD_AND_NUMBER: Final = re.compile(r"[^\s\d]{1,10}?(?:路|街|道|巷|胡同)\d{1,5}号院?")
_GROUP: Final = re.compile(r"\d{1,2}(?:组|队|社)$")
_LANE: Final = re.compile(r"\d{1,5}弄$")
_GROUP_OFF, _LANE_OFF = 0.85, 0.5  # a village may number the houses of each group anew; a lane surely does
_TELLS_APART: Final = set("东西南北中前后上下左右内外新老旧大小一二三四五六七八九十甲乙丙丁0123456789")

_SITE_WORD_OFF: Final = 0.98
_BARE_NUMBER: Final = 0.95
_ONE_SIGN, _ONE_SIGN_SHORT = 0.92, 0.8  # one character wrong in a name of five or more, of fewer
_OTHER_DISTRICT: Final = 0.7
_STREET_WITH_BUILDING: Final = 0.8  # 学院路3号楼: building 3 of some yard, not number 3 of the street


def read_chinese(address: str, building: str = "") -> list[Reading]:
    """Return the ways in which `address` may be meant, the plainest first; `building` is what a column of its own says."""
    text = re.sub(r"[\s,.;]+", " ", re.sub(r"\([^)]*\)", " ", arabic(plain(address)))).strip()
    text = re.sub(r"(?<=[\da-zA-Z]) (?=[号栋幢座楼单层室门弄#])", "", text)
    if building and not any(match["kind"] != "号" for match in _DESIGNATED.finditer(text)):
        own = arabic(plain(building))
        text += own if re.search(r"\D$", own) else f"{own}号楼"
    found = [*_designated(text), *_dashed(text)]
    named = _NAMED.match(text)
    if named and not found:
        found.append(Reading(before=(named["head"],), access=_access(named)))
    return found or [Reading(before=(text,))]


def _designated(text: str) -> Iterator[Reading]:
    """Yield a reading for each 号楼, 栋, 座 or 号, the last one first, behind which only the way in is left."""
    for match in reversed(list(_DESIGNATED.finditer(text))):
        way_in = _WAY_IN.fullmatch(text[match.end() :])
        number = designation(match)
        if match["attached"]:
            number = chinese_number(match[0]) or number
        head, trust = text[: match.start()], 1.0 if way_in else UNKNOWN_WORDS
        access = _access(way_in) if way_in else Access()
        kind = "号" if match["kind"] == "号" else "号楼"
        yield Reading(
            before=(head,),
            after=(kind,),
            houses=(House(number=number, unit=access.unit.casefold(), trust=trust),),
            access=access,
        )
        if number[0] in "东西南北中" and not match["attached"]:
            house = House(number=number[1:], unit=access.unit.casefold(), trust=trust)
            yield Reading(before=(head + number[0],), after=(kind,), houses=(house,), access=access)


def _dashed(text: str) -> Iterator[Reading]:
    """Yield the readings of 窑上小区14-2-501, 蓝旗营 10 2 501 and of a bare number at the end."""
    match = _DASHED.match(text)
    if match is None:
        return
    number, unit, room = match["number"].casefold(), match["unit"] or "", match["room"] or ""
    if unit and not room:
        yield Reading(before=(match["head"],), houses=(House(number=f"{number}-{unit}"),))
    access = Access(unit=unit, room=room)
    yield Reading(before=(match["head"],), houses=(House(number=number, unit=unit, trust=_BARE_NUMBER),), access=access)


def _access(match: re.Match[str]) -> Access:
    return Access(
        unit=(match["unit"] or match["unit2"] or "").upper(),
        floor=int(match["floor"]) if match["floor"] else None,
        room=match["room"] or "",
    )


def chinese_hits(index: AddressIndex, readings: list[Reading]) -> tuple[list[Hit], list[Named]]:
    """Return the doors that the readings may mean, and the compounds or streets they name, the likeliest first."""
    hits: list[Hit] = []
    named: list[Named] = []
    for reading in readings:
        hosts = [replace(name, number=_asked(reading)) for name in _hosts(index, key(reading.before[0]))]
        named += hosts
        for house in reading.houses or (House(number=""),):
            for name in hosts:
                trust = name.trust * house.trust * _as_said(index, name, reading)
                doors = index.doors(name.host, house.number)
                doors = [door for door in doors if not door.unit or door.unit == house.unit] or doors
                hits += [
                    Hit(door=door, house=house, reading=reading, score=trust * KNOWN.get(Known(door.known), 1.0))
                    for door in doors
                ]
        if any(hit.score >= UNKNOWN_WORDS for hit in hits):
            break
    return sorted(hits, key=lambda hit: -hit.score), sorted(named, key=lambda name: (name.edits, -name.trust))


def _asked(reading: Reading) -> str:
    return reading.houses[0].number if reading.houses else ""


def _as_said(index: AddressIndex, name: Named, reading: Reading) -> float:
    street = index.host(name.host).kind == HostKind.STREET
    return _STREET_WITH_BUILDING if street and reading.after == ("号楼",) else 1.0


def _hosts(index: AddressIndex, head: str) -> list[Named]:
    """Return what the words in front of the number name: the longest known name they end in, or one that is a sign off."""
    found: list[Named] = []
    bare = next((head.removesuffix(word) for word in SITE_WORDS if head.endswith(word)), "")
    forms = {head: 1.0}
    for form, factor in ((bare, _SITE_WORD_OFF), (_GROUP.sub("", head), _GROUP_OFF), (_LANE.sub("", head), _LANE_OFF)):
        forms.setdefault(form, factor)
    for text, factor in forms.items():
        for at in range(len(text) - 1):
            trust = factor * _explained(index, text[:at]) if index.named(text[at:]) else 0.0
            found += [Named(host, 0, trust) for host in index.named(text[at:])]
            if trust > UNKNOWN_WORDS:
                return found
    named = {name.host for name in found}
    return found + [name for name in _misspelt(index, head) if name.host not in named]


def _misspelt(index: AddressIndex, head: str) -> list[Named]:
    core, _ = name_and_states(head)
    found = [Named(host, 2, UNKNOWN_WORDS) for host in index.beginning(core)] if len(core) >= 3 else []
    for host, edits, length in index.like(core, 1) if len(core) >= 3 else []:
        changed = min((set(name) ^ set(core) for name in index.host(host).keys), key=len)
        if edits and not changed & _TELLS_APART:
            trust = _ONE_SIGN if length >= 5 and len(changed) == 2 else _ONE_SIGN_SHORT
            found.append(Named(host, edits, trust))
    several = len({name.host for name in found}) > 1
    return [replace(name, trust=name.trust * TIED) for name in found] if several else found


def name_and_states(head: str) -> tuple[str, str]:
    """Split the words in front of a number into the name that carries it and the 省市区街道 and road in front of that."""
    rest = head.strip(" ,-")
    for pattern in (_UNIT_OF_STATE, _ROAD_AND_NUMBER):
        while (match := pattern.match(rest)) and match.end() < len(rest) - 1:
            rest = rest[match.end() :].strip(" ,-")
    return rest, head[: head.rfind(rest)].strip(" ,-")


def _explained(index: AddressIndex, words: str) -> float:
    """Return how well the words in front of a name are explained as its 省市区街道, road or owner: 1.0, less, or `UNKNOWN_WORDS`.

    Words that are none of these belong to the name: 新海滨小区 is not 海滨小区.
    """
    trust = 1.0
    while words:
        known = next(
            (at for at in range(len(words), 1, -1) if index.in_district(words[:at]) or index.named(words[:at])), 0
        )
        state = None if known else _UNIT_OF_STATE.match(words)
        if state and state["name"]:
            trust = min(trust, _in_district(index, state["name"]))
        match = state or (None if known else _ON_ROAD.match(words))
        end = known or (match.end() if match else 0)
        if not end:
            return UNKNOWN_WORDS if trust == 1.0 else trust * UNKNOWN_WORDS
        words = re.sub(r"^\d{1,5}(?:号院?|弄)?", "", words[end:])
    return trust


def _in_district(index: AddressIndex, name: str) -> float:
    """Return 1.0 unless the addresses here name other districts (or cities) only."""
    if name[-1] not in "省市区县" or name.endswith(("社区", "新区", "地区", "开发区")):
        return 1.0
    same_kind = [district for district in index.districts if name[-1] in district]
    return 1.0 if not same_kind or any(name in district for district in same_kind) else _OTHER_DISTRICT
