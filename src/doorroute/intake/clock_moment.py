"""A clock and the words around it: the possible seconds of the day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from doorroute.intake.clock_words import Clock, Half, UnreadableError
from doorroute.model.clock import DAY_S

_SPOKEN_AT_MOST: Final = 12


@dataclass(frozen=True, slots=True)
class Moment:
    """A clock with its words: `halves` are the named parts of the day; `next_day`: it is on the next day."""

    clock: Clock
    halves: tuple[Half, ...] = ()
    next_day: bool = False

    @property
    def sure(self) -> bool:
        """Return whether only the hour as written is possible."""
        return self.clock.exact or self.clock.padded

    @property
    def options(self) -> tuple[int, ...]:
        """The possible seconds after midnight, the hour as written first.

        Raises UnreadableError if the words contradict each other.
        """
        hours = _hours(self.clock.hour, sure=self.sure)
        for half in self.halves:
            kept = _hours_in(self.clock.hour, half)
            if half is Half.AM and self.clock.hour == _SPOKEN_AT_MOST:
                hours = kept
            hours = tuple(hour for hour in hours if hour in kept) or (kept if self.halves[0] is half else ())
        if not hours:
            raise UnreadableError("words that contradict")
        later = DAY_S if self.next_day else 0
        seconds = (3600 * hour + 60 * minute + later for minute in self.clock.minutes for hour in hours)
        return tuple(dict.fromkeys(seconds))

    def within(self, half: Half | None) -> Moment:
        """Return the moment in that part of the day, if it names none itself."""
        return self if half is None or self.halves else replace(self, halves=(half,))


def _hours(hour: int, *, sure: bool) -> tuple[int, ...]:
    if sure or hour == 0 or hour > _SPOKEN_AT_MOST:
        return (hour,)
    return (hour, hour + 12)


def _hours_in(hour: int, half: Half) -> tuple[int, ...]:
    """Return the hours of the day that `hour` can mean in that part of it."""
    if hour == 0 or hour > _SPOKEN_AT_MOST:
        return _written_in(hour, half)
    if half is Half.AM:
        return (0, 12, 24) if hour == _SPOKEN_AT_MOST else (hour,)  # many write 12am for noon
    if half is Half.MORNING:
        return (hour,)
    if half is Half.NOON:
        return (hour + 12,) if hour < 4 else (hour,)
    if half is Half.PM:
        return (hour,) if hour == _SPOKEN_AT_MOST else (hour + 12,)
    return (24,) if hour == _SPOKEN_AT_MOST else (hour + 12,) if hour > 4 else (hour + 24,)


def _written_in(hour: int, half: Half) -> tuple[int, ...]:
    """Return `hour`, of a 24-hour clock, if it can be in that part of the day."""
    if half is Half.EVENING and hour == 0:
        return (24,)
    known = {Half.AM: range(12), Half.MORNING: range(12), Half.NOON: range(13, 15)}.get(half, range(13, 25))
    return (hour,) if hour in known else ()
