"""House numbers as tagged on the map and as part of building names."""

from __future__ import annotations

import re
from typing import Final

from doorroute.geocode.spelling import arabic, has_han, plain

_SUFFIX: Final = r"bis|ter|quater|[a-z]"
_ONE: Final = re.compile(
    rf"(?:n[or]?[.°]?\s*)?(\d{{1,5}})(?:(\s*)({_SUFFIX})(?![a-z]))?"
    rf"(?:\s*-\s*(\d{{1,5}})({_SUFFIX})?(?![a-z]))?",
    re.IGNORECASE,
)
_HALF: Final = re.compile(r"(\d{1,5})\s+([123]/[234])")
_FLOOR_WORDS: Final = re.compile(r"floor|krs|kerros|level|taso|stock|etage|piha|层|楼层|層", re.IGNORECASE)
_LONGEST_RANGE: Final = 40


def tagged_numbers(tag: str, *, stairs: bool) -> list[tuple[str, str]]:
    """Return the (number, unit) pairs of an `addr:housenumber`: `76, 76a` are two, `1-5` is one.

    `stairs`: a separate capital letter after the number is a stairwell (`20 B`), as in Finland.
    """
    found: list[tuple[str, str]] = []
    for part in map(str.strip, re.split(r"[;,|]", plain(tag))):
        if found and _FLOOR_WORDS.search(part):
            continue
        found += [pair for pair in _numbers(part, stairs=stairs) if pair not in found]
    return found


def _numbers(part: str, *, stairs: bool) -> list[tuple[str, str]]:
    if has_han(part):
        return [(han_number(part), "")]
    match = _ONE.fullmatch(without_zeros(part.strip(" .")))
    if match is None:
        whole = _whole(part)
        return [(whole, "")] if whole else []
    number, gap, letter, last, _ = match.groups()
    letter = (letter or "").casefold()
    if last is not None:
        return [(f"{number}{letter}-{last}", "")]
    if letter and gap and stairs and match[3].isupper():
        return [(number, letter)]
    return [(number + letter, "")]


def _whole(part: str) -> str:
    """Return all characters of a number that no rule reads, as they make it another house.

    `12 rear` is not 12.
    """
    if half := _HALF.fullmatch(part):
        return f"{half[1]} {half[2]}"
    bare = re.sub(r"\W", "", part).casefold()
    lettered = re.match(r"[a-z]{1,2}\d{0,2}-?(?=\d|$)", bare)  # A3, T2-A: the letters are the number's
    return bare if lettered or not re.search(r"\d\W+\d", part) else re.sub(r"\s", "", part).casefold()


def span(first: str, last: str) -> list[str]:
    """Return the numbers from `first` to `last` on one side of the street; [] if it is not a range."""
    if not (first.isdecimal() and last.isdecimal()):
        return []
    low, high = sorted((int(first), int(last)))
    most = _LONGEST_RANGE if int(first) < int(last) else 2  # 29-27 is a range, 12-8 is flat 8 of 12
    if not 0 < high - low <= most:
        return []
    return [str(number) for number in range(low, high + 1, 2 if (high - low) % 2 == 0 else 1)]


_LANE: Final = re.compile(r"(\d{1,5}弄)(\d.*)")


def lane_and_number(tag: str) -> tuple[str, str]:
    """Split `123弄4号` into the lane and the number in it; the lane is '' if there is none."""
    match = _LANE.fullmatch(arabic(plain(tag)).replace(" ", ""))
    return (match[1], match[2]) if match else ("", tag)


# Words for a numbered building; 公寓 and 宿舍 are numbered separately: 清华大学 has a 1号楼 and a 1公寓.
STEMS: Final = "甲乙丙丁戊己庚辛壬癸"
_DIGITS: Final = r"[a-z]{0,2}\d{1,4}(?:-\d{1,4})?[a-z]{0,2}"
_NUMERAL: Final = rf"[{STEMS}]?{_DIGITS}[{STEMS}]?|[a-z]\d{{0,2}}|[东西南北中]\d{{1,3}}"
_KIND: Final = r"号?楼栋?|号?栋楼?|号?幢楼?|号?座|号?公寓|号?宿舍|#楼?|号院|号"
_ATTACHED: Final = r"[附之]\d{1,3}(?!\d)号?|-\d{1,2}(?![\d\-/])号?"
# a side or stem after the kind is part of the number (14号楼东, 20号甲), but not in 7号楼东单元
DESIGNATION: Final = (
    rf"(?P<number>{_NUMERAL})(?P<kind>{_KIND})"
    rf"(?P<side>[东西南北{STEMS}](?!单元|门|户|梯|侧|边|面|头))?"
    rf"(?P<attached>[附之]\d{{1,3}}(?!\d)号?|(?<=[号院])-\d{{1,2}}(?![\d\-/])号?)?"
)
BEFORE_NUMBER: Final = r"(?<![a-z\d第])(?<!\d[\-/.])"
_BUILDING: Final = re.compile(rf"^(?P<head>.*?)[\s\-·]*{BEFORE_NUMBER}{DESIGNATION}$", re.IGNORECASE)
_TAGGED: Final = re.compile(
    rf"(?P<number>{_NUMERAL}|\d{{5}})(?P<kind>{_KIND}|)(?P<side>[东西南北{STEMS}])?(?P<attached>{_ATTACHED})?",
    re.IGNORECASE,
)


def building_names(name: str) -> list[tuple[str, str]]:
    """Return the (compound, number) pairs of a building name: 蓝旗营10号楼 -> (蓝旗营, 10).

    2H|2G座 -> ('', 2h), ('', 2g). Empty if the name has no number.
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


def without_zeros(number: str) -> str:
    """Return a number without leading zeros: 05 is 5, A03 is A3."""
    return re.sub(r"(?<!\d)0+(?=\d)", "", number)


def designation(match: re.Match[str]) -> str:
    """Return the whole number of a match of `DESIGNATION`, normalised for comparison.

    甲20号 is `甲20`, 20号甲 `20甲`, 24号院 `24院`; 12号附3, 12号之3 and 12-3号 are `12-3`.
    """
    number = without_zeros(match["number"].casefold()) + (match["side"] or "")
    own = next((word for word in ("公寓", "宿舍", "院") if word in match["kind"]), "")
    attached = re.search(r"\d+", match["attached"] or "")
    return number + own + (f"-{attached[0]}" if attached else "")


def han_number(text: str) -> str:
    """Return a house number with Chinese words (12号, 甲20号, 12号附3), normalised for comparison.

    A number that no rule reads is returned whole.
    """
    spelled = re.sub(r"\s", "", arabic(text)).casefold()
    match = _TAGGED.fullmatch(spelled)
    return designation(match) if match else without_zeros(spelled)
