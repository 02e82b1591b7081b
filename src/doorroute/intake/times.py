"""Times of day as people write them: `09:00-11:00;14:00-16:00`, `上午9点-11点半`, `9-11am`, `14点以后`, shifts and breaks."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from doorroute.errors import BadInputError
from doorroute.intake.values import western_digits
from doorroute.model.clock import DAY_S
from doorroute.model.resident import Window
from doorroute.model.team import Break
from doorroute.texts import msg

_HALF_HOUR: Final = 1_800
_NOON: Final = DAY_S // 2

_MORNING = "上午|早上|早晨|清晨|早|凌晨|午前"
_MIDDAY = "中午|正午"
_AFTERNOON = "下午|午后|傍晚|晚上|晚间|夜间|晚|夜里"
# Where a part of the day stands alone; no team is out before or after.
_PARTS: Final = {
    **dict.fromkeys(("上午", "早上", "早晨", "午前", "早", "morning", "mornings", "am"), Window(6 * 3600, _NOON)),
    **dict.fromkeys(("中午", "正午", "noon", "midday"), Window(11 * 3600, 14 * 3600)),
    **dict.fromkeys(("下午", "午后", "afternoon", "afternoons", "pm"), Window(_NOON, 18 * 3600)),
    **dict.fromkeys(("晚上", "晚间", "傍晚", "evening", "evenings"), Window(17 * 3600, 22 * 3600)),
}
_ANY: Final = frozenset(
    ("any", "any time", "anytime", "all day", "always", "全天", "整天", "随时", "不限", "任意", "任意时间", "都可以", "均可", "都行", "无", "-", "/", "none")
)  # fmt: skip


def _time(end: int) -> str:
    """Return the pattern of one time, its groups numbered `end`: `上午9点15分`, `9:00`, `0900`, `9am`."""
    return (
        rf"(?P<part{end}>{_MORNING}|{_MIDDAY}|{_AFTERNOON})?\s*(?P<hour{end}>\d{{1,2}})"
        rf"(?:\s*(?P<mark{end}>[:.点时h])\s*(?P<minute{end}>\d{{1,2}})?(?::\d\d(?:\.0+)?)?|(?<=\d\d)(?P<tail{end}>\d\d)(?!\d))?"
        rf"\s*分?(?:整|钟)?\s*(?P<half{end}>am|pm|uhr)?"
    )


_RANGE: Final = re.compile(_time(1) + r"\s*(?:-+|~+|至|到|to|till|until|bis)\s*" + _time(2))
_SINGLE: Final = re.compile(
    rf"(?P<word>before|until|by|after|from|since)?\s*{_time(1)}\s*(?P<behind>之前|以前|前|之后|以后|后|起|开始)?"
)
_CLOCK: Final = re.compile(r"\s*(\d{1,2})\s*[:：]\s*(\d{2})\s*")
_WORD: Final = re.compile(r"[a-z]+|[^\W\d_]+")
_FRACTION: Final = re.compile(r"0\.\d+")
_DATE_ALONE: Final = re.compile(r"\s*\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[t ]00:00(?::00)?)?\s*")
_BETWEEN: Final = re.compile(r"(?:[\s;,、|/&+]|and\b|or\b|和|及|或|以及)+")
_DATES: Final = re.compile(
    r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?[t ]?|\d{1,2}月\d{1,2}[日号]|(?:星期|周|礼拜)[一二三四五六日天]"
)


@dataclass(frozen=True, slots=True)
class Windows:
    """The windows of one cell, in order and apart. `assumed`: some of them was made of a single time or of a word such as `morning`."""

    windows: tuple[Window, ...]
    assumed: bool = False


def windows(text: str) -> Windows:
    """Read all windows of a cell; none where it says any time. A single time is taken as the half hour from then.

    Dates and days of the week are passed over. Raises ValueError where any part cannot be read, or ends before it begins.
    """
    if _DATE_ALONE.fullmatch(text.casefold()):
        raise ValueError("a date")  # a spreadsheet program takes 9-11 for a day in September
    line = _normal(text)
    if line in _ANY:
        return Windows(())
    if _FRACTION.fullmatch(line):  # a time cell that lost its format is a part of the day: 0.375
        start = 60 * round(float(line) * DAY_S / 60)
        return Windows((Window(start, min(start + _HALF_HOUR, DAY_S)),), assumed=True)
    found: list[Window] = []
    assumed = False
    position = 0
    while position < len(line):
        if between := _BETWEEN.match(line, position):
            position = between.end()
            continue
        window, position, exact = _next(line, position)
        found.append(window)
        assumed = assumed or not exact
    if not found:
        raise ValueError("no time")
    return Windows(_merged(found), assumed)


def clock_of(text: str) -> int:
    """Read `12:00`, as it is given to a command, as seconds after midnight. Raises BadInputError where it is no time of the day."""
    found = _CLOCK.fullmatch(text)
    if not found or int(found[2]) > 59 or 60 * int(found[1]) + int(found[2]) > DAY_S // 60:
        raise BadInputError(
            "CLOCK_WRONG",
            msg("{text} is no time of the day.", text=text),
            msg("Write hours and minutes, such as 12:00."),
        )
    return 3600 * int(found[1]) + 60 * int(found[2])


def shift(text: str) -> Window:
    """Read one stretch with both its ends: `08:00-12:00`. Raises ValueError."""
    line = _normal(text)
    found = _RANGE.fullmatch(line)
    if not found:
        raise ValueError("not one stretch of time")
    window = _range(found)
    if window.start_s == window.end_s:
        raise ValueError("it has no length")
    return window


def shifts(text: str) -> tuple[Window, ...]:
    """Read one stretch or several, apart by `;`: `08:00-12:00;14:00-18:00`. Raises ValueError, where they overlap too."""
    found = sorted(shift(part) for part in re.split(r"[;；,，、]", text) if part.strip())
    if not found or any(after.start_s < before.end_s for before, after in pairwise(found)):
        raise ValueError("no shifts that follow one another")
    return tuple(found)


def breaks(text: str) -> tuple[Break, ...]:
    """Read `12:00-12:30`, or `11:30-13:00/30` for 30 minutes within; several apart by `;`. Raises ValueError."""
    found = []
    for part in re.split(r"[;；,，、]", text):
        if not part.strip():
            continue
        stretch, _, minutes = unicodedata.normalize("NFKC", part).partition("/")
        window = shift(stretch)
        length = (
            re.fullmatch(r"\s*(\d{1,3})\s*(?:min|mins|minutes|分钟|分)?\s*", minutes.casefold()) if minutes else None
        )
        if minutes and not length:
            raise ValueError("not a number of minutes")
        duration_s = 60 * int(length[1]) if length else window.end_s - window.start_s
        found.append(Break(window=window, duration_s=duration_s))
    return tuple(found)


def _normal(text: str) -> str:
    line = unicodedata.normalize("NFKC", text).casefold()
    line = _DATES.sub(" ", line)
    line = re.sub(r"[‐‑‒–—―−〜～]", "-", line)
    line = line.replace("a.m.", "am").replace("p.m.", "pm").replace("點", "点").replace("時", "时")
    line = re.sub(r"[点时]半", "点30", line).replace("点一刻", "点15").replace("点三刻", "点45")
    return western_digits(line).strip(" \t;,.。")


def _next(line: str, position: int) -> tuple[Window, int, bool]:
    """Read the window that begins at `position`; return it, where it ends, and whether both its ends were said."""
    if found := _RANGE.match(line, position):
        return _range(found), found.end(), True
    word = _WORD.match(line, position)
    if word and word[0] in _PARTS:
        return _PARTS[word[0]], word.end(), False
    single = _SINGLE.match(line, position)
    if not single:
        raise ValueError("not a time")
    if not (single["mark1"] or single["tail1"] or single["half1"] or single["part1"] or single["word"]):
        raise ValueError("a number alone is no time")
    start = _seconds(single, 1, _half(single, 1))
    if single["word"] in {"before", "until", "by"} or single["behind"] in {"前", "之前", "以前"}:
        return Window(0, start), single.end(), True
    if single["word"] or single["behind"]:
        return Window(start, DAY_S), single.end(), True
    return Window(start, min(start + _HALF_HOUR, DAY_S)), single.end(), False


def _range(found: re.Match[str]) -> Window:
    """Read both ends; what only one of them says about the half of the day holds for the other too, as far as it can."""
    first, second = _half(found, 1), _half(found, 2)
    end_s = _seconds(found, 2, second or first)
    if second is None and first is not None and end_s <= _seconds(found, 1, first):
        end_s = _seconds(found, 2, "pm")  # 上午10点-2点
    start_s = _seconds(found, 1, first or second)
    if first is None and start_s > end_s:
        start_s = _seconds(found, 1, None)  # 11-1pm
    if end_s < start_s:
        raise ValueError("it ends before it begins")
    return Window(start_s, end_s)


def _half(found: re.Match[str], end: int) -> str | None:
    part = found[f"part{end}"]
    if part is None:
        return found[f"half{end}"] if found[f"half{end}"] in {"am", "pm"} else None
    return "am" if part in _MORNING.split("|") else "noon" if part in _MIDDAY.split("|") else "pm"


def _seconds(found: re.Match[str], end: int, half: str | None) -> int:
    hour = int(found[f"hour{end}"])
    minute = int(found[f"minute{end}"] or found[f"tail{end}"] or 0)
    if half == "am" and hour == 12:
        hour = 0
    elif (half == "pm" and hour < 12) or (half == "noon" and hour < 3):
        hour += 12
    seconds = 3600 * hour + 60 * minute
    if minute > 59 or seconds > DAY_S:
        raise ValueError("no time of the day")
    return seconds


def _merged(found: list[Window]) -> tuple[Window, ...]:
    merged: list[Window] = []
    for window in sorted(found):
        if merged and window.start_s <= merged[-1].end_s:
            merged[-1] = Window(merged[-1].start_s, max(merged[-1].end_s, window.end_s))
        else:
            merged.append(window)
    return tuple(merged)
