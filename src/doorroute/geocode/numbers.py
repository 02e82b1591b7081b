"""House numbers: as the map tags them, and as names of buildings carry them."""

from __future__ import annotations

import re
from typing import Final

from doorroute.geocode.spelling import arabic, plain

_SUFFIX: Final = r"bis|ter|quater|[a-z]"
_ONE: Final = re.compile(
    rf"(\d{{1,5}})(?:(\s*)({_SUFFIX})(?![a-z]))?(?:\s*-\s*(\d{{1,5}})({_SUFFIX})?(?![a-z]))?", re.IGNORECASE
)
_SLASHED: Final = re.compile(r"\d{1,5}[a-z]?\s*/\s*\d{1,5}[a-z]?", re.IGNORECASE)
_FLOOR_WORDS: Final = re.compile(r"floor|krs|kerros|level|taso|stock|etage|piha|层|楼层|層", re.IGNORECASE)
_LONGEST_RANGE: Final = 40


def tagged_numbers(tag: str, *, stairs: bool) -> list[tuple[str, str]]:
    """Return the (number, unit) pairs of an `addr:housenumber`: `76, 76a` are two, `1-5` is one.

    `stairs`: a capital letter set apart after the number is a stairwell (`20 B`), as in Finland, not a part of it.
    """
    found: list[tuple[str, str]] = []
    for part in map(str.strip, re.split(r"[;,|]", plain(tag))):
        if found and _FLOOR_WORDS.search(part):
            continue
        found += [pair for pair in _numbers(part, stairs=stairs) if pair not in found]
    return found


def _numbers(part: str, *, stairs: bool) -> list[tuple[str, str]]:
    own = chinese_number(part) or next((number for head, number in building_names(part) if not head), "")
    if own or _SLASHED.fullmatch(part):
        return [(own or re.sub(r"\s", "", part).casefold(), "")]
    match = _ONE.search(part)
    if match is None:
        bare = re.sub(r"\W", "", part).casefold()
        return [(bare, "")] if bare else []
    number, gap, letter, last, _ = match.groups()
    letter = (letter or "").casefold()
    if last is not None:
        return [(f"{number}{letter}-{last}", "")]
    if letter and gap and stairs and match[3].isupper():
        return [(number, letter)]
    prefix = re.match(r"[a-z]{1,2}\d{0,2}-?(?=\d|$)", part.casefold())
    if prefix and prefix[0]:
        return [(re.sub(r"\W", "", part).casefold(), "")]  # A3, T2-A: the letters are the number's
    return [(number + letter, "")]


def span(first: str, last: str) -> list[str]:
    """Return the numbers from `first` to `last` on one side of the street, both ends counted; empty where it is no range."""
    if not (first.isdecimal() and last.isdecimal()):
        return []
    low, high = sorted((int(first), int(last)))
    if (
        not 0 < high - low <= (_LONGEST_RANGE if int(first) < int(last) else 2)
    ):  # 29-27 is a range, 12-8 is flat 8 of 12
        return []
    return [str(number) for number in range(low, high + 1, 2 if (high - low) % 2 == 0 else 1)]


_LANE: Final = re.compile(r"(\d{1,5}弄)(\d.*)")


def lane_and_number(tag: str) -> tuple[str, str]:
    """Split `123弄4号` into the lane, which carries the numbers, and the number in it; the lane is empty where there is none."""
    match = _LANE.fullmatch(arabic(plain(tag)).replace(" ", ""))
    return (match[1], match[2]) if match else ("", tag)


# What a numbered building is called; 公寓 and 宿舍 count by themselves: 清华大学 has both a 1号楼 and a 1公寓.
_NUMERAL: Final = r"[a-z]{0,2}\d{1,4}[a-z]{0,2}|[a-z]\d{0,2}|[东西南北中]\d{1,3}"
DESIGNATION: Final = rf"(?P<number>{_NUMERAL})(?P<kind>号?楼栋?|号?栋楼?|号?幢楼?|号?座|号?公寓|号?宿舍|#楼?|号院|号)(?P<side>[东西南北甲乙丙])?"
_BUILDING: Final = re.compile(rf"^(?P<head>.*?)[\s\-·]*(?<![a-z\d第]){DESIGNATION}$", re.IGNORECASE)
_ATTACHED: Final = re.compile(r"^(\d{1,5})(?:号)?(?:[附之\-](\d{1,3}))?(?:号)?$")


def building_names(name: str) -> list[tuple[str, str]]:
    """Return (compound, number) of a building named by its number: 蓝旗营10号楼 -> (蓝旗营, 10), 2H|2G座 -> ('', 2h) and ('', 2g).

    Empty where the name carries no number.
    """
    text = arabic(plain(name)).replace(" ", "")
    shared = re.fullmatch(r"(.*[,/].*?)(号楼|栋|幢|座)", text)
    if shared:
        return [
            pair
            for part in re.split(r"[,/]", shared[1])
            for pair in building_names(part.rstrip("号楼栋幢座") + shared[2])
        ]
    match = _BUILDING.match(text)
    return [(match["head"], designation(match))] if match and match["kind"] != "号" else []


def designation(match: re.Match[str]) -> str:
    """Return the number of a match of `DESIGNATION` in the form in which numbers are compared."""
    number = match["number"].casefold() + (match["side"] or "")
    own = next((word for word in ("公寓", "宿舍", "院") if word in match["kind"]), "")
    return number + own


def chinese_number(text: str) -> str:
    """Return `12号`, `12号附3`, `12之3` as `12`, `12-3`, `12-3`; empty where it is written in no such way."""
    if not re.search(r"[号附之]", text):
        return ""
    match = _ATTACHED.match(arabic(text).replace(" ", ""))
    return "-".join(filter(None, match.groups())) if match else ""
