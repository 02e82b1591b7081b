"""Numbers as people write them.

The whole cell must be a number: `5`, `3-5`, `约3`, `十五`, `两三个`, `1h`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_NUMERALS: Final = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS: Final = {"十": 10, "百": 100, "千": 1_000}
_SPELLED: Final[Mapping[str, float]] = {
    word: number
    for number, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
        ]
    )
} | {"twenty": 20, "thirty": 30, "forty": 40, "a": 1, "an": 1, "half": 0.5}
_NUMBER: Final = (
    r"(?:\d{1,3}(?:[,']\d{3})+|\d+(?:[.,]\d+)?\.?|[零〇一二两三四五六七八九十百千]+|半|"
    + "|".join(_SPELLED)
    + r")(?![\d])"
)
_LONGEST: Final = 30
_ABOUT: Final = re.compile(
    r"(?:约|大约|大概|左右|最多|不超过|至多|about|around|approx(?:imately)?\.?|roughly|ca\.?|circa|up to|at "
    r"most|max\.?|<=|≤|~|至少|最少|at least|min\.? |>=|≥)\s*"
)
_ABOUT_BEHIND: Final = re.compile(
    r"\s*(?:左右|上下|或更多|以上|以内|多|余|or so|or more|or less|max\.?|\+|\?)\s*$"
)
_TO: Final = r"\s*(?:-|~|到|至|或者?|to|or|/)\s*"
_RANGE: Final = re.compile(rf"({_NUMBER})(?:{_TO}({_NUMBER}))?")


@dataclass(frozen=True, slots=True)
class Number:
    """A number. `inexact`: it was a range (the larger end is taken) or an approximate number."""

    value: int
    inexact: bool = False


def whole(text: str, least: int, most: int, units: str = "") -> Number:
    """Read a whole number from `least` to `most`, with or without one of `units` (a pattern).

    Raises ValueError if it is not.
    """
    value, inexact, rest = _number(_plain(text))
    if not re.fullmatch(rf"\s*(?:{units})?\.?", rest) or value != int(value) or not least <= value <= most:
        raise ValueError(f"not a whole number from {least} to {most}")
    return Number(int(value), inexact)


def plain(text: str, least: int, most: int) -> int:
    """Read an exact whole number: `3`, `3.0`, `三`. Raises ValueError, also for ranges."""
    return exact(whole(text, least, most))


def exact(read: Number) -> int:
    """Return the value of an exact number. Raises ValueError if it is inexact."""
    if read.inexact:
        raise ValueError("not one number")
    return read.value


_GOODS: Final = r"个|套|份|支|件|盒|根|只|包|人份|pcs?|pieces?|kits?|sets?|tubes?|suits?|swabs?|tests?"


def goods(text: str) -> Number:
    """Read a number of kits, suits or tubes: `2`, `2套`, `3-4` (4). Raises ValueError."""
    return whole(text, 0, 5_000, _GOODS)


_PEOPLE: Final = (
    r"(?:个|口|名|位)?(?:人|口人|居民|persons?|people|ppl|pers?|pax|heads?|residents?|members?|个|口|位|名"
    r"|户内)"
)
_OLD: Final = r"个?(?:大人|大|成人|成年人|老人|老|adults?|grown-?ups?)"
_YOUNG: Final = r"个?(?:小孩子?|小朋友|小|孩子?|儿童|婴儿|child(?:ren)?|kids?|bab(?:y|ies)|infants?)"
_SEX: Final = r"个?(?:男性?|女性?|men|man|women|woman|males?|females?)"
_SORT: Final = rf"(?:{_OLD}|{_YOUNG}|{_SEX})"
_AND: Final = r"\s*(?:\+|,|and|&|、|和|加)?\s*"
_SORTED: Final = re.compile(rf"({_NUMBER})\s*(?:{_SORT}|{_PEOPLE})")
_SORTED_BEFORE: Final = re.compile(rf"(?:{_SORT})\s*({_NUMBER})\s*(?:{_PEOPLE})?")
_PLUS: Final = re.compile(rf"{_NUMBER}(?:\s*\+\s*{_NUMBER})+\s*(?:{_PEOPLE})?")
_HOUSE: Final = re.compile(
    r"(?:一家|全家|一共|总共|共计|合计|共|家庭|户内|一户|1户|每户|人数|夫妻|夫妇|(?:a )?(?:family|household"
    r"|party) of)"
    rf"\s*[:]?\s*(?={_NUMBER})"
)
_OF_THEM: Final = re.compile(
    rf"\s*(?:\(\s*(?:含|其中|包括|including|incl\.?)?\s*{_NUMBER}\s*(?:名|位)?(?:{_SORT})\s*\)"
    rf"|[,;]\s*(?:含|其中|包括|including|incl\.?)\s*{_NUMBER}\s*(?:名|位)?(?:{_SORT}))$"
)
"""People who are already counted: 3人（含1名婴儿）."""
_SO_MANY: Final[Mapping[str, int]] = {
    **dict.fromkeys(("独居", "单人", "一个人", "single", "alone", "lives alone"), 1),
    **dict.fromkeys(("俩", "俩人", "夫妻", "夫妇", "夫妻俩", "两口子", "双人", "couple", "a couple"), 2),
    **dict.fromkeys(("仨", "仨人"), 3),
}


def people(text: str, most: int = 500) -> Number:
    """Read a number of people: `2`, `3-4人` (4), `2大1小` and `2+1` (3), `一家三口`. Raises ValueError."""
    line = _plain(text)
    if line in _SO_MANY:
        return Number(_SO_MANY[line])
    if parts := _parts_of_sum(line):
        total = sum(map(_value, parts))
        return whole(str(int(total)) if total == int(total) else "?", 1, most)
    line = _HOUSE.sub("", _OF_THEM.sub("", line), count=1) if not _COUNTED.match(line) else line
    return whole(line, 1, most, f"{_PEOPLE}|{_OLD}|{_YOUNG}|口之家|人户|人份")


_COUNTED: Final = re.compile(rf"{_NUMBER}\s*户")


def _parts_of_sum(line: str) -> list[str]:
    """Return the terms of a sum over several kinds of people, or [] if the cell is not a sum."""
    if _PLUS.fullmatch(line):
        return [found[0] for found in re.finditer(_NUMBER, line)]
    for pattern in (_SORTED, _SORTED_BEFORE):
        found = pattern.findall(line)
        joined = re.fullmatch(rf"{pattern.pattern}(?:{_AND}{pattern.pattern})+", line)
        if joined and len(found) > 1 and re.search(_SORT, line):
            return found
    return []


_SECONDS: Final[Mapping[str, int]] = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds", "秒", "秒钟"), 1),
    **dict.fromkeys(("", "m", "min", "mins", "minute", "minutes", "'", "分", "分钟"), 60),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "小时", "钟头"), 3_600),
    "刻钟": 900,
}
_LEAST_MINUTES: Final = 0.1
_UNIT: Final = "|".join(sorted(filter(None, _SECONDS), key=len, reverse=True))


def minutes_s(text: str, most_s: int = 8 * 3600) -> Number:
    """Read a duration as seconds: `5` (minutes), `3-5分钟` (5), `1h`, `半小时`. Raises ValueError."""
    line = _plain(text)
    half_more = re.fullmatch(rf"({_NUMBER})\s*(?:个|and a)\s*(?:半|half)\s*({_UNIT})", line)
    if half_more:
        seconds, inexact = (_value(half_more[1]) + 0.5) * _SECONDS[half_more[2]], False
    elif compound := re.fullmatch(
        rf"({_NUMBER})\s*(h|hrs?|hours?|个?小时|个?钟头|分钟?|mins?|minutes?)\s*({_NUMBER})\s*"
        r"(分钟?|m|mins?|minutes?|秒钟?|s|secs?|seconds?)?",
        line,
    ):
        larger = _SECONDS[compound[2].removeprefix("个")]
        smaller = _SECONDS[compound[4]] if compound[4] else 60
        if smaller >= larger:
            raise ValueError("not minutes")
        seconds, inexact = _value(compound[1]) * larger + _value(compound[3]) * smaller, False
    else:
        value, inexact, rest = _number(line)
        unit = re.fullmatch(
            rf"\s*(?:个|of an|an)?\s*({_UNIT})?\.?\s*(?:each|per person|每人|一人|/人)?", rest
        )
        if not unit:
            raise ValueError("not minutes")
        if not unit[1] and 0 < value < _LEAST_MINUTES:
            raise ValueError("not minutes: a time cell that lost its format")
        seconds = value * _SECONDS[unit[1] or ""]
    if not 0 <= seconds <= most_s:
        raise ValueError("not minutes")
    return Number(round(seconds), inexact)


def metres(text: str, *, kilometres: bool = False) -> Number:
    """Read `3000`, `3,000 m`, `3.5 km` as metres; with `kilometres` a bare number is km.

    Raises ValueError.
    """
    value, inexact, rest = _number(_plain(text))
    unit = re.fullmatch(r"\s*(m|meters?|metres?|米|km|kms|kilomet(?:er|re)s?|公里|千米)?\.?", rest)
    if not unit:
        raise ValueError("not a distance")
    name = unit[1] or ("km" if kilometres else "m")
    length = round(value * (1_000 if name.startswith("k") or name in {"公里", "千米"} else 1))
    if length > 1_000_000:
        raise ValueError("too far")
    return Number(length, inexact)


def _plain(text: str) -> str:
    line = re.sub(r"(?<=\d)(?=[²³¹⁰⁴-⁹½¼¾①-⑳])|(?<=[①-⑳])(?=\d)", " ", text)  # NFKC turns 3² into 32
    line = unicodedata.normalize("NFKC", line).casefold().strip(" 。")
    return re.sub(r"[‐‑‒–—―〜～]", "-", line)


def _number(line: str) -> tuple[float, bool, str]:
    """Return the number at the start of a line, whether it is inexact, and the rest of the line."""
    behind = _ABOUT_BEHIND.search(line)
    line = line[: behind.start()] if behind else line
    about = _ABOUT.match(line)
    begin = about.end() if about else 0
    found = _RANGE.match(line, begin)
    if not found or len(found[0]) > _LONGEST:
        raise ValueError("not a number")
    said = [_spoken(part) for part in found.groups() if part]
    if len(said) == 2 and said[0][1] >= said[1][1]:
        raise ValueError("not a range")
    low, high = said[0][0], said[-1][1]
    inexact = low != high or about is not None or behind is not None
    return high, inexact, line[found.end() :]


def _value(text: str) -> float:
    low, high = _spoken(text)
    if low != high:
        raise ValueError("not one number")
    return high


def _spoken(text: str) -> tuple[float, float]:
    """Return the smallest and largest value that a number word can mean: 三四 is 3 to 4."""
    if text == "半":
        return 0.5, 0.5
    if text in _SPELLED:
        return _SPELLED[text], _SPELLED[text]
    if text[0].isdigit():
        plain = (
            re.sub(r"[,']", "", text)
            if re.fullmatch(r"\d{1,3}(?:[,']\d{3})+", text)
            else text.rstrip(".").replace(",", ".")
        )
        return float(plain), float(plain)
    pair = re.fullmatch(r"(十?)([一二两三四五六七八])([二三四五六七八九])(十?)", text)
    if pair and not (pair[1] and pair[4]):
        low, high = _NUMERALS[pair[2]], _NUMERALS[pair[3]]
        if low >= high:
            raise ValueError("not a number")
        factor, more = (10 if pair[4] else 1), (10 if pair[1] else 0)
        return more + low * factor, more + high * factor
    number = _chinese(text)
    return number, number


def _chinese(text: str) -> float:
    if not set(text) & set(_TENS):
        if len(text) == 2:
            raise ValueError("not a number")
        return int("".join(str(_NUMERALS[char]) for char in text))  # 三零一: digit by digit
    total, current = 0, 0
    for char in text:
        if char in _TENS:
            total += (current or 1) * _TENS[char]
            current = 0
        elif current:
            raise ValueError("not a number")
        else:
            current = _NUMERALS[char]
    return total + current
