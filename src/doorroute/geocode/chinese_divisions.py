"""Separate administrative divisions (省市区街道社区) before a Chinese name from the name itself.

小区, 园区, 小镇, 城市花园 and 新村 are part of names. A name counts as a whole: with a part cut off it is
another compound.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_HAN: Final = r"[\u3400-\u9fff]"
_PROVINCES: Final = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南"
    "|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门"
)
# By rank: each follows the one before. A village (村) is not a division: 石牌新庆村花园 is one name.
_RANKS: Final = tuple(
    re.compile(rf"(?:{words})$")
    for words in (
        rf"(?:{_PROVINCES})(?:省|市|(?:维吾尔|壮族|回族)?自治区|特别行政区)|{_HAN}{{2}}省",
        r"市|地区|自治州|盟",
        r"自治县|新区|开发区|区|县|(?<=.{3})旗|市",
        r"街道办事处|街道办|街道|镇|乡|地区",
        r"社区居民委员会|社区居委会|居民委员会|居委会|村民委员会|村委会|社区",
    )
)
COMMUNITY: Final = len(_RANKS) - 1
"""The rank of a community (社区)."""
_LONGEST: Final = 12
_NO_UNIT: Final = re.compile(
    r"(?:[小园校厂院矿景片街宅属活舍墅业社]|新村|[零一二三四五六七八九十\da-z])区$"
    r"|[城都超夜门菜集花早股]市$|[小古]镇$|^[东西南北中新老旧上下前后大小]?[区县镇乡市]$"
    r"|..[东西南北中前后]区$"
)
_NAME_INSIDE: Final = re.compile(
    r"小区|花园|家园|公寓|新村|大厦|宿舍|广场|大院|小镇|城市|都市|街道|[\da-z号]"
)
_BEGINS_WITH_UNIT: Final = re.compile(r"[省市区县镇乡旗]|街道|居?委会|居民委|办|事处")
_PROVINCE: Final = re.compile(rf"(?:{_PROVINCES})")

# Words saying that the door is elsewhere: not at the number, no longer or not yet.
_ELSEWHERE: Final = re.compile(
    r"对面|对过|对门|斜对|旁|隔壁|附近|周边|邻|[前后背]面|[前后][边身]|背后|门口|路口|街口|巷口|村口|拐角"
    r"|转角|交叉|交汇|[东西南北左右][侧边面头]"
    r"|往[东西南北前后左右]|以[东西南北]|楼上|楼下|之间|临时|暂|借住|[原现改曾旧][住居在址名]|搬|迁|不是"
    r"|不在|非|或|疑似"
)

# Words that many names share; one or two of them (西区, 二期, 花园小区) are not a name.
_KIND: Final = (
    r"小区|社区|花园|家园|家苑|佳苑|新村|新城|公寓|小高层|高层|多层|大院|家属院|家属区|住宅区|生活区|宿舍区"
    r"|宿舍|住宅|小楼|平房|别墅|组团|大楼"
)
_PART: Final = (
    r"(?:[东西南北中前后左右上下内外新老旧大小高第]{1,2}|[零一二三四五六七八九十甲乙丙丁\da-z]+"
    r"|[东西南北新老][一二三四\d]+)(?:号院?|[区期院苑园里村坊座组片段排栋楼巷])"
)
_GENERAL: Final = re.compile(rf"(?:{_KIND}|{_PART}){{1,2}}", re.IGNORECASE)
_NUMBERED_ROAD: Final = re.compile(rf"{_HAN}{{1,8}}?(?:路|街|道|巷|胡同)\d{{1,5}}(?:-\d{{1,3}})?号院?")


@dataclass(frozen=True, slots=True)
class Division:
    """A division at the beginning of a text: where it ends, and its rank (0: province)."""

    end: int
    rank: int


def is_general(name: str) -> bool:
    """Return whether a name (西区, 二期, 花园小区) is not unique without the words before it."""
    return _GENERAL.fullmatch(name) is not None


def says_elsewhere(words: str) -> bool:
    """Return whether words move the door away from the number: 对面, 旁边, 临时住, 原住."""
    return _ELSEWHERE.search(words) is not None


def leading_division(text: str, rank: int = 0, stop: int | None = None) -> Division | None:
    """Return the division at the start of `text` with at least this rank, or None.

    It ends at `stop` at the latest.
    """
    most = min(len(text) - 2 if stop is None else stop, _LONGEST)
    for at in range(rank, len(_RANKS)):
        for end in range(2, most + 1):
            unit, rest = text[:end], text[end:]
            word = _RANKS[at].search(unit)
            if word is None or _BEGINS_WITH_UNIT.match(rest) or (at == 0 and word.start()):
                continue
            no_unit = (at < COMMUNITY and _NO_UNIT.search(unit)) or _NAME_INSIDE.search(unit[: word.start()])
            if not no_unit and not says_elsewhere(unit):
                return Division(end, at)
    bare = _PROVINCE.match(text)
    if rank == 0 and bare and bare.end() <= most and leading_division(text[bare.end() :], 1) is not None:
        return Division(bare.end(), 0)
    return None


def split_divisions(text: str) -> tuple[list[str], str]:
    """Split the words before a number into their leading divisions and the name."""
    units: list[str] = []
    rest, rank = text.strip(" ,-"), 0
    while rest:
        if units and rest.startswith(units[-1]) and len(rest) > len(units[-1]) + 1:
            rest = rest[len(units[-1]) :].strip(" ,-")
            continue
        unit = leading_division(rest, rank)
        left = rest[unit.end :].strip(" ,-") if unit else ""
        if unit is None or len(left) < 2 or (is_general(left) and unit.rank == COMMUNITY):
            break
        units.append(rest[: unit.end])
        rest, rank = left, unit.rank + 1
    if units and is_general(rest):  # 东古城新区高层 is one name
        return [], text.strip(" ,-")
    return units, rest


def name_and_divisions(head: str) -> tuple[str, str]:
    """Split the words before a number into the name and the divisions and numbered road before it."""
    _, rest = split_divisions(head)
    road = _NUMBERED_ROAD.match(rest)
    if road and len(rest) - road.end() > 1 and not is_general(rest[road.end() :]):
        rest = rest[road.end() :].strip(" ,-")
    return rest, head[: head.rfind(rest)].strip(" ,-")


def contradict(one: str, other: str) -> bool:
    """Return whether two addresses name different provinces, cities or districts."""
    mine, theirs = _by_word(one), _by_word(other)
    both = [(mine[word], theirs[word]) for word in mine.keys() & theirs.keys()]
    return any(not (name.endswith(named) or named.endswith(name)) for name, named in both)


def _by_word(head: str) -> dict[str, str]:
    return {unit[-1]: unit for unit in split_divisions(head)[0] if unit[-1] in "省市区县旗镇乡"}
