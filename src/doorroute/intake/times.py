"""Times of day as people write them: `9-11am;14:00-16:00`, `下午3点以后`.

Windows, shifts, breaks, moments.

`clock_grammar` finds what a text can mean; here the day decides between the meanings.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from doorroute.errors import BadInputError
from doorroute.intake import numbers
from doorroute.intake.clock_grammar import Form, Sentence, Stretch, parse
from doorroute.intake.clock_meaning import HALF_HOUR_S, Settled, of_next_day, settled, share_in
from doorroute.intake.clock_words import Kind, UnreadableError, words_of
from doorroute.model.clock import DAY_S
from doorroute.model.resident import Window
from doorroute.model.team import Break
from doorroute.texts import msg

USUAL_DAY: Final = Window(7 * 3600, 20 * 3600)
"""The span of the shifts, if it is unknown."""
_NEAR_S: Final = 3 * 3600
"""A time this near to the shifts is used as written, unless its hours are small."""
_NOT_SMALL: Final = 7
_SMALL_PADDED: Final = 5
_TODAY: Final = frozenset({"今天", "今日", "当天", "当日", "today"})
_NONE: Final = frozenset({"无", "-", "/", "--", "none", "n/a"})
_DATE_ALONE: Final = re.compile(r"\s*\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[t ]00:00(?::00(?:\.0+)?)?)?\s*")
_FRACTION_ALONE: Final = re.compile(r"\s*0?\.\d+\s*")


@dataclass(frozen=True, slots=True)
class Windows:
    """The windows of one cell, in order and without overlap; () for any time.

    The other fields are to be reported.

    `assumed`: an end was missing. `doubted`: small hours were read as afternoon or as the next day.
    `readings`: all possible meanings, if the day does not decide. `day_named`: the cell names dates or days
    of the week. `remarks`: it has words that are not a time.
    """

    windows: tuple[Window, ...]
    assumed: bool = False
    doubted: bool = False
    readings: tuple[tuple[Window, ...], ...] = ()
    day_named: bool = False
    remarks: bool = False

    @property
    def needs_check(self) -> bool:
        """Return whether anything about it must be reported."""
        return self.assumed or self.doubted or bool(self.readings) or self.day_named or self.remarks


def windows(text: str, day: Window = USUAL_DAY) -> Windows:
    """Read all windows of a cell, () for any time. A single time is the half hour from then.

    `day` is the span of the shifts: hours without am or pm are those inside it. Raises ValueError if any part
    cannot be read.
    """
    line = unicodedata.normalize("NFKC", text).casefold().strip()
    if _DATE_ALONE.fullmatch(line):
        raise ValueError("a date")  # a spreadsheet program turns 9-11 into a day in September
    if line in _NONE:
        return Windows(())
    if _FRACTION_ALONE.fullmatch(line):  # a time cell that lost its format is a fraction of the day: 0.375
        start_s = 60 * round(float(line) * DAY_S / 60)
        if start_s in {0, DAY_S}:
            raise UnreadableError("a blank")
        return Windows((Window(start_s, start_s + HALF_HOUR_S),), assumed=True)
    sentence = parse(words_of(text))
    if not sentence.stretches and not sentence.any_time:
        raise UnreadableError("no time")
    if any(_is_blank(stretch, day) for stretch in sentence.stretches):
        raise UnreadableError("a blank")
    groups: dict[int, list[Stretch]] = {}
    for stretch in sentence.stretches:
        groups.setdefault(stretch.day, []).append(stretch)
    found_by_day = [_of_group(group, day) for group in groups.values()] or [Windows(())]
    return _of_days(sentence, found_by_day)


def _is_blank(stretch: Stretch, day: Window) -> bool:
    """Return whether the text is midnight written for an empty cell: `00:00`, `0:00-0:00` or `24:00`."""
    if (
        stretch.form not in {Form.AT, Form.RANGE}
        or stretch.start is None
        or stretch.end not in {None, stretch.start}
    ):
        return False
    clock = stretch.start.clock
    return clock.hour in {0, 24} and clock.minutes == (0,) and not day.start_s <= DAY_S <= day.end_s


def clock_of(text: str, day: Window = USUAL_DAY) -> int:
    """Read one time of day, such as `12:00` or `下午2点半`, as seconds after midnight.

    Raises BadInputError if it is not exactly one time.
    """
    return read_clock(text, day).time_s


def read_clock(text: str, day: Window) -> ReadMoment:
    """Read one time of day as `clock_of` does, and say whether it is doubtful. Raises BadInputError."""
    try:
        return moment(text, day)
    except ValueError:
        raise BadInputError(
            "CLOCK_WRONG",
            msg("{text} is not a time of day.", text=text),
            msg("Write hours and minutes, such as 12:00."),
        ) from None


@dataclass(frozen=True, slots=True)
class ReadMoment:
    """One moment and the date written with it; `doubted`: it was not used as written."""

    time_s: int
    date: str | None = None
    doubted: bool = False


def moment(text: str, day: Window = USUAL_DAY) -> ReadMoment:
    """Read one time, with or without a date. Without am or pm the time nearest to `day` is used.

    Raises ValueError if it is not a single time, or if the day does not decide.
    """
    line = unicodedata.normalize("NFKC", text).casefold().strip()
    if _FRACTION_ALONE.fullmatch(line):
        return ReadMoment(_after_midnight(60 * round(float(line) * DAY_S / 60), day))
    sentence = parse(words_of(text))
    days = [token for token in sentence.days if token.text not in _TODAY]
    dates = {token.date for token in days if not (token.kind is Kind.NEXT and day.end_s > DAY_S)}
    if (
        len(sentence.stretches) != 1
        or sentence.remarks
        or sentence.any_time
        or len(dates) > 1
        or dates == {None}
    ):
        raise UnreadableError("no single time")
    (stretch,) = sentence.stretches
    if stretch.form is Form.PART and len(stretch.parts) == 1 and stretch.parts[0].point is not None:
        return ReadMoment(stretch.parts[0].point)
    if stretch.form is not Form.AT or stretch.start is None or stretch.negated or stretch.about:
        raise UnreadableError("no single time")
    date = dates.pop() if dates else None
    found = stretch.start
    if len(found.clock.minutes) > 1:
        raise UnreadableError("minutes of one digit")
    spoken = replace(
        found, clock=replace(found.clock, padded=False)
    )  # work at 02:30 was done in the afternoon
    first, *others = dict.fromkeys(_after_midnight(option, day) for option in spoken.options)
    far = {option: _distance_s(option, day) for option in (first, *others)}
    best = min(far, key=lambda option: (far[option], option != first))
    written = found.clock.hour >= _NOT_SMALL or (found.clock.padded and found.clock.hour >= _SMALL_PADDED)
    if far[best] == far[first] or (written and _distance_s(spoken.options[0], day) <= _NEAR_S):
        best = first
    if others and not written and all(distance == 0 for distance in far.values()):
        raise UnreadableError("two times of the day")
    return ReadMoment(best, _iso(date), doubted=best % DAY_S != found.options[0] % DAY_S)


def _iso(written: tuple[int, int, int] | None) -> str | None:
    return None if written is None else dt.date(*written).isoformat()


def _after_midnight(time_s: int, day: Window) -> int:
    """Move a time to the next day if that is nearer to late shifts."""
    late = day.end_s > DAY_S or day.start_s >= DAY_S // 2
    return time_s + DAY_S if late and _distance_s(time_s + DAY_S, day) < _distance_s(time_s, day) else time_s


def _distance_s(time_s: int, day: Window) -> int:
    return max(day.start_s - time_s, time_s - day.end_s, 0)


# --- a day's windows ---


def _of_days(sentence: Sentence, days: Sequence[Windows]) -> Windows:
    """Combine the windows of several named days; if they differ, use what all share."""
    named = bool(sentence.days)
    readings = tuple(dict.fromkeys(each.windows for each in days))
    if len(readings) > 1:
        shared = readings[0]
        for other in readings[1:]:
            shared = _common(shared, other)
        return Windows(shared, readings=readings, day_named=named, remarks=sentence.remarks)
    return Windows(
        readings[0],
        assumed=any(each.assumed for each in days),
        doubted=any(each.doubted for each in days),
        readings=tuple(reading for each in days for reading in each.readings),
        day_named=named or sentence.day_excluded,
        remarks=sentence.remarks,
    )


def _of_group(group: Sequence[Stretch], day: Window) -> Windows:
    end_s = max(DAY_S, day.end_s)
    found: list[Settled] = [settled(stretch, day, end_s) for stretch in group]
    if any(each.window is not None and each.window.start_s >= each.window.end_s for each in found):
        raise UnreadableError("it lasts no time")
    wanted = _joined([each for each in found if not each.stretch.negated])
    for each in found:
        if each.stretch.negated and each.window is not None:
            wanted = _without(wanted or (Window(0, end_s),), each.window)
    if any(each.stretch.negated for each in found) and not wanted:
        raise UnreadableError("never")
    unclear = [each for each in found if each.window is None]
    readings: tuple[tuple[Window, ...], ...] = ()
    if unclear:
        readings = tuple((reading,) for each in unclear for reading in each.readings)
        negated = any(each.stretch.negated for each in unclear)
        wanted = () if negated else _merged([*wanted, *_shared(unclear, day)])
    return Windows(
        () if wanted in {(Window(0, end_s),), (Window(0, DAY_S - 60),)} else wanted,  # 0:00-23:59 is all day
        assumed=any(each.assumed for each in found) or any(each.stretch.negated for each in found),
        doubted=any(each.doubted for each in found),
        readings=readings,
    )


def _joined(found: Sequence[Settled]) -> tuple[Window, ...]:
    """Return the union of the windows; `after 9, before 11` is what both allow."""
    made: list[Window] = []
    last: Settled | None = None
    for each in found:
        if each.window is None:
            continue
        if last is not None and last.window is not None and each.stretch.joined is not Kind.OR:
            forms = {last.stretch.form, each.stretch.form}
            both = _common((last.window,), (each.window,))
            pair = forms == {Form.AFTER, Form.BEFORE} or (
                forms == {Form.PART, Form.BEFORE} and each.stretch.joined is None
            )
            if pair and both and both[0].start_s < both[0].end_s:
                made[-1] = both[0]
                last = None
                continue
        made.append(each.window)
        last = each
    return _merged(made)


def _shared(unclear: Iterable[Settled], day: Window) -> tuple[Window, ...]:
    """Return what all readings share, if it overlaps the day."""
    for each in unclear:
        start_s = max(reading.start_s for reading in each.readings)
        end_s = min(reading.end_s for reading in each.readings)
        if start_s < end_s and share_in(Window(start_s, end_s), day) > 0:
            return (Window(start_s, end_s),)
    return ()


def _without(wanted: Sequence[Window], out: Window) -> tuple[Window, ...]:
    left: list[Window] = []
    for window in wanted:
        if window.start_s < min(window.end_s, out.start_s):
            left.append(Window(window.start_s, min(window.end_s, out.start_s)))
        if max(window.start_s, out.end_s) < window.end_s:
            left.append(Window(max(window.start_s, out.end_s), window.end_s))
    return tuple(left)


def _common(a: Sequence[Window], b: Sequence[Window]) -> tuple[Window, ...]:
    """Return what both allow; no windows allow any time."""
    if not a or not b:
        return tuple(a or b)
    pairs = ((max(x.start_s, y.start_s), min(x.end_s, y.end_s)) for x in a for y in b)
    return tuple(sorted({Window(start, end) for start, end in pairs if start < end}))


def _merged(found: Sequence[Window]) -> tuple[Window, ...]:
    merged: list[Window] = []
    for window in sorted(found):
        if merged and window.start_s <= merged[-1].end_s:
            merged[-1] = Window(merged[-1].start_s, max(merged[-1].end_s, window.end_s))
        else:
            merged.append(window)
    return tuple(merged)


# --- teams ---


@dataclass(frozen=True, slots=True)
class Shifts:
    """The shifts of one cell, in order and without overlap; `doubted` as in `Windows`."""

    shifts: tuple[Window, ...]
    doubted: bool = False


def shifts(text: str, day: Window = USUAL_DAY, *, moved: bool = False) -> Shifts:
    """Read time ranges with both ends: `08:00-12:00;14:00-18:00`, `20:00-06:00`. Raises ValueError.

    `moved`: they may be on the previous or next day (see `settled`).
    """
    sentence = parse(words_of(text))
    plain = not (sentence.any_time or sentence.days or sentence.remarks)
    if not plain or any(
        each.form is not Form.RANGE or each.parts or each.negated or each.about or each.start == each.end
        for each in sentence.stretches
    ):
        raise UnreadableError("not stretches of time alone")
    each_of = [settled(stretch, day, max(DAY_S, day.end_s), moved=moved) for stretch in sentence.stretches]
    found = sorted(each.window for each in each_of if each.window is not None)
    if len(found) < len(each_of) or any(window.start_s == window.end_s for window in found):
        raise UnreadableError("it may mean two things, or has no length")
    if not found or any(after.start_s < before.end_s for before, after in pairwise(found)):
        raise UnreadableError("no shifts that follow one another")
    return Shifts(tuple(found), doubted=any(each.doubted for each in each_of))


def shift(text: str) -> Window:
    """Read one time range with both ends: `08:00-12:00`. Raises ValueError."""
    found = shifts(text).shifts
    if len(found) != 1:
        raise UnreadableError("not one stretch of time")
    return found[0]


def breaks(text: str, shifts_of: Sequence[Window] = (USUAL_DAY,)) -> tuple[Break, ...]:
    """Read `12:00-12:30`, or `11:30-13:00/30` for 30 minutes within; several by `;`. Raises ValueError.

    The team's shifts, `shifts_of`, decide which half of the day and which day is meant.
    """
    day = Window(shifts_of[0].start_s, shifts_of[-1].end_s)
    found = []
    for part in re.split(r"[;,、]", unicodedata.normalize("NFKC", text)):
        if not part.strip():
            continue
        stretch, _, minutes = part.partition("/")
        (window,) = shifts(stretch, day, moved=True).shifts
        window = of_next_day(window, day)
        duration_s = numbers.minutes_s(minutes).value if minutes else window.end_s - window.start_s
        found.append(Break(window=window, duration_s=duration_s))
    return tuple(found)
