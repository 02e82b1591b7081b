"""Decide what a time range means in a day: of all possible meanings, the one when teams are out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from doorroute.intake.clock_grammar import Form, Stretch
from doorroute.intake.clock_moment import Moment
from doorroute.intake.clock_words import UnreadableError
from doorroute.model.clock import DAY_S
from doorroute.model.resident import Window

HALF_HOUR_S: Final = 1_800
"""A single time is read as a window this long."""
_TWELVE: Final = 12
_OVER_MIDNIGHT_AT_MOST_S: Final = 16 * 3600
"""A range over midnight is not longer than this: `12:00-08:00` is a mistake."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A range and its window; None if several `readings` are equally likely."""

    stretch: Stretch
    window: Window | None
    readings: tuple[Window, ...] = ()
    assumed: bool = False
    doubted: bool = False


def settled(stretch: Stretch, day: Window, end_s: int, *, moved: bool = True) -> Settled:
    """Decide what a range means in `day`, the span of the shifts; `end_s` is the latest possible time.

    If `moved`, a range outside the day is that of the next or previous day: 01:00 in a shift of 20:00-06:00.
    A shift itself is not moved: 20:00-08:00 begins in the evening.
    """
    if stretch.parts:
        return Settled(stretch, _of_parts(stretch, day, end_s), assumed=not _points(stretch))
    assert stretch.start is not None  # noqa: S101
    begins = stretch.start
    if (
        stretch.form is Form.RANGE
        and stretch.end is not None
        and not (begins == stretch.end and begins.clock.marked)
    ):
        ranges = _ranges(begins, stretch.end)
        options = [of_next_day(each, day) for each in ranges] if moved else ranges
        share: Callable[[Window], float] = lambda option: share_in(option, day)  # noqa: E731
        windows = options
        assumed = stretch.about
    else:
        points = [near(option, day) for option in begins.options]
        options = [Window(point, point) for point in points]
        share = lambda option: float(day.start_s <= option.start_s <= day.end_s)  # noqa: E731
        windows = [_around(stretch, point, end_s) for point in points]
        assumed = stretch.form in {Form.AT, Form.RANGE} or stretch.about
    clear = len(begins.clock.minutes) == 1 and (stretch.end is None or len(stretch.end.clock.minutes) == 1)
    kept = _likely(options, [share(option) for option in options], stretch, clear=clear)
    if len(kept) == 1:
        doubted = kept[0] > 0 or _turns_to_12(stretch, windows[kept[0]])
        return Settled(stretch, windows[kept[0]], assumed=assumed, doubted=doubted)
    return Settled(stretch, None, tuple(dict.fromkeys(windows[place] for place in kept)))


def _turns_to_12(stretch: Stretch, window: Window) -> bool:
    """Return whether a range counts to 24 at its start and to 12 at its end.

    18:00-9:00 may last until the morning.
    """
    start, end = stretch.start, stretch.end
    if stretch.form is not Form.RANGE or start is None or end is None or end.halves:
        return False
    return (
        start.clock.hour > _TWELVE >= end.clock.hour > 0
        and window.end_s - window.start_s < DAY_S // 2
        and window.end_s <= DAY_S
    )


def _likely(
    options: Sequence[Window], shares: Sequence[float], stretch: Stretch, *, clear: bool
) -> list[int]:
    """Return the indices of the likely options: one if the day decides.

    A range that begins at seven or later is used as written.
    """
    assert stretch.start is not None  # noqa: S101
    if len(options) == 1:
        return [0]
    best = max(shares)
    kept = [place for place, share in enumerate(shares) if share > 0 and share >= best / 2]
    if clear and not stretch.doubtful and (not kept or 0 in kept):
        return [0]
    return kept or list(range(len(options)))


def _ranges(start: Moment, end: Moment) -> list[Window]:
    """Return the possible windows, the one as written first.

    Raises UnreadableError if the range ends before it begins.
    """
    plain: list[Window] = []
    over_midnight: list[Window] = []
    for start_s in start.options:
        later = [option for option in end.options if option > start_s]
        ends = later if end.halves else sorted(later)[: len(end.clock.minutes)]
        plain += [Window(start_s, end_s) for end_s in ends]
        if not ends:
            next_s = min(end.options) + DAY_S
            if 0 < next_s - start_s <= _OVER_MIDNIGHT_AT_MOST_S:
                over_midnight.append(Window(start_s, next_s))
    if plain:  # 12am-2am is not half a day long
        over_midnight = [each for each in over_midnight if each.end_s - each.start_s <= DAY_S // 2]
    if end.halves and not start.halves and plain and len(end.options) == 1:
        return [max(plain)]  # 2-4pm
    found = [*plain, *over_midnight]
    if not found:
        raise UnreadableError("it ends before it begins")
    return found


def _around(stretch: Stretch, point: int, end_s: int) -> Window:
    if stretch.form is Form.BEFORE:
        return Window(0, min(point + (HALF_HOUR_S if stretch.about else 0), end_s))
    if stretch.form is Form.AFTER:
        return Window(min(point, end_s), max(point, end_s))
    return Window(
        max(0, point - (HALF_HOUR_S if stretch.about else 0)), max(point, min(point + HALF_HOUR_S, end_s))
    )


def _of_parts(stretch: Stretch, day: Window, end_s: int) -> Window:
    first, last = stretch.parts[0], stretch.parts[-1]
    if stretch.form is Form.BEFORE:
        return Window(0, first.window.start_s if first.point is None else first.point)
    if stretch.form is Form.AFTER:
        begins = first.window.end_s if stretch.strict else first.window.start_s
        return Window(begins if first.point is None else first.point, end_s)
    if stretch.form is Form.PART and first.point == DAY_S:
        return Window(DAY_S, DAY_S + HALF_HOUR_S)
    if last.window.end_s <= first.window.start_s:
        raise UnreadableError("it ends before it begins")
    if stretch.form is Form.PART:
        start_s, stop_s = (
            max(part.window.start_s for part in stretch.parts),
            min(part.window.end_s for part in stretch.parts),
        )
        if start_s >= stop_s:
            start_s, stop_s = (
                min(part.window.start_s for part in stretch.parts),
                max(part.window.end_s for part in stretch.parts),
            )
        return of_next_day(Window(start_s, stop_s), day)
    return of_next_day(Window(first.window.start_s, last.window.end_s), day)


def _points(stretch: Stretch) -> bool:
    """Return whether words for parts of the day are used as clocks: `before noon`."""
    return stretch.form in {Form.BEFORE, Form.AFTER} and stretch.parts[0].point is not None


def of_next_day(window: Window, day: Window) -> Window:
    """Move the window by a day if teams are out then, but not at the time as written."""
    if share_in(window, day) > 0:
        return window
    later = Window(window.start_s + DAY_S, window.end_s + DAY_S)
    if day.end_s > DAY_S and share_in(later, day) > 0:
        return later
    if (
        window.end_s > DAY_S
        and share_in(early := Window(max(0, window.start_s - DAY_S), window.end_s - DAY_S), day) > 0
    ):
        return early
    return window


def share_in(window: Window, day: Window) -> float:
    """Return the share of the window that is in the day, from 0 to 1."""
    shared = min(window.end_s, day.end_s) - max(window.start_s, day.start_s)
    return max(0, shared) / max(1, window.end_s - window.start_s)


def near(time_s: int, day: Window) -> int:
    """Return the time on the next day if the day reaches past midnight and includes it then."""
    return (
        time_s + DAY_S
        if time_s < day.start_s and time_s + DAY_S <= day.end_s + 4 * 3600 and day.end_s > DAY_S
        else time_s
    )
