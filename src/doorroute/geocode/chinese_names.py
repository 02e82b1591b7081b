"""Find the compounds, streets and buildings that Chinese words name.

A host must be named in full, and nothing unknown may precede its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from doorroute.geocode.chinese_divisions import (
    is_general,
    leading_division,
    name_and_divisions,
    says_elsewhere,
)
from doorroute.geocode.house_numbers import building_names
from doorroute.geocode.index import AddressIndex, metres
from doorroute.geocode.index_tables import Host, HostKind
from doorroute.geocode.match import TIED, UNKNOWN_WORDS, Named

_HAN: Final = r"[\u3400-\u9fff]"
_ROAD: Final = re.compile(
    rf"{_HAN}{{2,9}}?(?:路|街|大道|巷|胡同)(?:[东西南北中]?段)?(?:\d{{1,5}}(?:号院?|弄)?)?"
    rf"|{_HAN}{{2,9}}?(?:里|条|弄|道)\d{{1,5}}(?:号院?|弄)"
)
_ROAD_NUMBER: Final = re.compile(r"^\d{1,5}(?:号院?|弄)?")
_SITE: Final = "小区"  # often added to a name: 锦绣家园小区
_GROUP: Final = re.compile(r"\d{1,2}(?:组|队|社)$")
_LANE: Final = re.compile(r"\d{1,5}弄$")
_DISTINCTIVE: Final = set("东西南北中前后上下左右内外新老旧大小零一二三四五六七八九十甲乙丙丁戊己庚辛壬癸")

_GROUP_OFF, _LANE_OFF = 0.85, 0.5  # each group of a village may have its own numbers; each lane has
_SITE_WORD_MORE: Final = 0.98
_ONE_SIGN: Final = 0.92  # one character that sounds the same
_OTHER_SIGN, _INSIDE, _SAME_START = 0.8, 0.6, 0.5  # far below any threshold: offered, never used
_OTHER_DISTRICT: Final = 0.7
_SHORTEST_SOUNDED: Final = 3  # one wrong character of two is half the name
_NEAR_M: Final = 2_000  # maximum distance of a compound from the one around it
_OFFERED: Final = 6


def hosts_of(index: AddressIndex, head: str) -> list[Named]:
    """Return the hosts that the words before the number name, or can mean, the likeliest first."""
    found: list[Named] = []
    forms = {head: 1.0}
    for form, factor in ((_GROUP.sub("", head), _GROUP_OFF), (_LANE.sub("", head), _LANE_OFF)):
        forms.setdefault(form, factor)
    for text, factor in forms.items():
        found += [Named(name.host, name.edits, name.trust * factor) for name in _ending(index, text)]
    if not any(name.trust > UNKNOWN_WORDS for name in found):
        found += _same_sounding(index, head)
        known = {name.host for name in found}
        found += [name for name in _offered(index, head) if name.host not in known][:_OFFERED]
    return found


def _ending(index: AddressIndex, text: str) -> Iterator[Named]:
    """Yield the hosts whose name ends the text, the longest names first, until one is sure."""
    most = 1.0
    for at in range(len(text) - 1):
        name = text[at:]
        hosts = index.named(name)
        bare, factor = name.removesuffix(_SITE), 1.0
        if not hosts and bare != name and not is_general(bare):
            hosts = tuple(host for host in index.named(bare) if not index.shortened(host, bare))
            factor = _SITE_WORD_MORE
        trusts = [
            factor * _explained(index, text[:at], name, host) * _unrivalled(index, name, host)
            for host in hosts
        ]
        yield from (Named(host, 0, min(most, trust)) for host, trust in zip(hosts, trusts, strict=True))
        if hosts:
            most = min(most, max(trusts))  # part of a longer name is never more certain than the whole
            if most > UNKNOWN_WORDS:
                return


def _unrivalled(index: AddressIndex, name: str, host: int) -> float:
    """Return 1.0, or less if a short name can mean another compound: 阳光 for 阳光小区 or 阳光新村."""
    if not index.shortened(host, name):
        return 1.0
    return 1.0 if set(index.beginning(name)) <= set(index.named(name)) else UNKNOWN_WORDS


def _same_sounding(index: AddressIndex, head: str) -> list[Named]:
    """Return the hosts whose name differs by one character that sounds the same: 锦秀家园 for 锦绣家园."""
    for at in range(len(head) - _SHORTEST_SOUNDED + 1):
        name = head[at:]
        if is_general(name):
            break
        sounding = [host for host, signs in index.sounding(name) if not signs & _DISTINCTIVE]
        if sounding:
            tied = len(set(sounding)) > 1 or index.beginning(name)
            trust = _ONE_SIGN * (TIED if tied else 1.0)
            return [
                Named(host, 1, trust * _explained(index, head[:at], name, host))
                for host in dict.fromkeys(sounding)
            ]
    return []


def _offered(index: AddressIndex, head: str) -> Iterator[Named]:
    """Yield possible meanings of unknown words: longer names, names one character off, names inside them."""
    core, _ = name_and_divisions(head)
    if len(core) >= _SHORTEST_SOUNDED:
        yield from (Named(host, 2, UNKNOWN_WORDS) for host in index.beginning(core)[:_OFFERED])
        yield from (Named(host, edits, _OTHER_SIGN) for host, edits, _ in index.like(core, 1) if edits)
    for length in range(len(head), 1, -1):
        for at in range(len(head) - length + 1):
            part = head[at : at + length]
            if not is_general(part):
                yield from (Named(host, 3, _INSIDE) for host in index.named(part))
    yield from (Named(host, 4, _SAME_START) for host in index.beginning(core[:2])[:_OFFERED] if len(core) > 1)


def _explained(index: AddressIndex, words: str, name: str, host: int) -> float:
    """Return how well the words before a name are explained as divisions, road or owner: 1.0 or less.

    Other words belong to the name and give `UNKNOWN_WORDS`: 新海滨小区 is not 海滨小区. Before a name that
    many compounds share (西区), only a city or district is not part of it: next to 怡园小区 the 西区 on the
    map may belong to another compound.
    """
    if says_elsewhere(words):
        return UNKNOWN_WORDS
    numbered = building_names(name)
    bare = numbered[0][0] if numbered else name.removesuffix(_SITE)  # 梅园 of 梅园1号楼
    whole = name if not numbered and name in index.host(host).keys else bare
    general, short = is_general(bare or name), len(whole) < _SHORTEST_SOUNDED
    trust, rank = 1.0, 0
    while words:
        end = _known(index, words, index.host(host), general=general, short=short)
        if not end and (unit := leading_division(words + name, rank, len(words))):
            said, end = words[: unit.end], unit.end
            trust = min(trust, _in_district(index, said))
            if (general and not _is_surely_division(said)) or (
                short and said.endswith("社区") and said[0] != "第"
            ):
                return UNKNOWN_WORDS  # 幸福社区荷园 may be one name
            rank = unit.rank + (not words[unit.end :].startswith(said))
        if not end and not general:
            end = _road(words)
        if not end:
            return trust * UNKNOWN_WORDS
        words = _ROAD_NUMBER.sub("", words[end:]) if _is_road(index, words[:end]) else words[end:]
    return trust


def _is_road(index: AddressIndex, piece: str) -> bool:
    return any(index.host(host).kind == HostKind.STREET for host in index.named(piece))


def _known(index: AddressIndex, words: str, target: Host, *, general: bool, short: bool) -> int:
    """Return the end of the longest start of `words` that the map knows and that can precede the target.

    0 if there is none.
    """
    for at in range(len(words), 1, -1):
        piece = words[:at]
        whole = piece.endswith(("省", "市", "区", "县", "镇", "乡", "旗", "街道"))
        if index.is_division(piece) and (whole or not general):
            return at
        owners = [index.host(owner) for owner in index.named(piece)]
        if not general and any(_may_own(owner, target, short=short) for owner in owners):
            return at
        areas = () if owners or (general and not whole) else index.areas(piece)
        if any(metres((area.lon, area.lat), (target.lon, target.lat)) <= area.reach_m for area in areas):
            return at
    return 0


def _may_own(owner: Host, target: Host, *, short: bool) -> bool:
    """Return whether a name can precede another: a road, or the compound or village around it.

    A compound and a name of two characters (怡园小区梅园) may be one name.
    """
    if HostKind.STREET in (owner.kind, target.kind):
        return True
    if short and owner.kind != HostKind.AREA:
        return False
    return metres((owner.lon, owner.lat), (target.lon, target.lat)) <= _NEAR_M


def _is_surely_division(unit: str) -> bool:
    """Return whether a unit cannot be a compound; 锦绣东区 and 怡园社区 can."""
    return unit.endswith(("省", "市", "县", "自治区", "街道", "街道办", "街道办事处"))


def _road(words: str) -> int:
    """Return the end of a road that the map does not know, including its number; 0 if there is none."""
    road = _ROAD.match(words)
    if (
        road is None
        or is_general(road[0])
        or len(road[0]) < 3
        or re.search(r"小区|花园|家园|公寓|新村", road[0])
    ):
        return 0
    return road.end()


def _in_district(index: AddressIndex, name: str) -> float:
    """Return 1.0, or less if the addresses on the map name only other districts or cities."""
    if name[-1] not in "省市区县" or name.endswith(("社区", "新区", "地区", "开发区")):
        return 1.0
    same_kind = [district for district in index.districts if name[-1] in district]
    return 1.0 if not same_kind or any(name in district for district in same_kind) else _OTHER_DISTRICT
