"""Evaluate opening hours (`Mo-Fr 07:00-19:00; Sa off`) and conditions (`no @ (22:00-06:00)`) on one day.

A text that is not fully understood, or whose value changes while the teams are out, is uncertain. Public and
school holidays are unknown: the day is assumed to be none.

The grammar: https://wiki.openstreetmap.org/wiki/Opening_hours/specification and
https://wiki.openstreetmap.org/wiki/Conditional_restrictions
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

_DAY: Final = 1440  # minutes
_WEEKDAYS: Final = ("mo", "tu", "we", "th", "fr", "sa", "su")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SHUT, _OPEN, _UNSURE = 0, 1, 2
_STATES: Final = {"off": _SHUT, "closed": _SHUT, "open": _OPEN, "": _OPEN}

_MONTH: Final = rf"(?:{'|'.join(_MONTHS)})"
_DATE: Final = rf"{_MONTH}(?:\s+\d{{1,2}})?"
_DATES: Final = rf"{_DATE}(?:\s*-\s*(?:{_DATE}|\d{{1,2}}))?"
_WEEKDAY: Final = rf"(?:{'|'.join(_WEEKDAYS)})"
_DAYS: Final = rf"(?:{_WEEKDAY}(?:\s*-\s*{_WEEKDAY})?|ph|sh)"
_CLOCK: Final = r"(?:[0-4]?\d:[0-5]\d|sunrise|sunset|dawn|dusk)"
_SPAN: Final = rf"{_CLOCK}\s*-\s*{_CLOCK}"


def _listed(item: str) -> str:
    return rf"{item}(?:\s*,\s*{item})*"


_RULE: Final = re.compile(
    rf"(?P<dates>{_listed(_DATES)})?\s*:?\s*(?P<days>{_listed(_DAYS)})?\s*:?\s*"
    rf"(?P<spans>{_listed(_SPAN)})?\s*(?P<state>off|closed|open)?"
)
_ANOTHER: Final = re.compile(rf"(?<=:\d\d)\s*,\s*(?={_DAYS}|{_MONTH})")  # adds a rule to those before it
_CLAUSES: Final = re.compile(r";(?![^(]*\))")  # not those in brackets
_LIMIT: Final = re.compile(r"(\w+)\s*(>=?)\s*(\d+(?:\.\d+)?)\s*(?:t|st|m)?")
_CAR: Final = {
    "weight": 2.5,
    "weightrating": 2.5,
    "axleload": 1.5,
    "length": 6.0,
    "width": 2.1,
    "height": 2.1,
}
"""Upper limits of a team's car in tonnes and metres: a limit on the street above these does not affect it."""

# The range of sunrise and sunset south of 61 degrees, in minutes of the day.
_LIGHT: Final = {"sunrise": (150, 600), "dawn": (90, 570), "sunset": (900, 1380), "dusk": (930, 1440)}


@dataclass(frozen=True, slots=True)
class Hours:
    """When teams are out: `start_s` to `end_s` in seconds after midnight of `day`; may end the day after."""

    day: date
    start_s: int
    end_s: int


def holds(text: str, hours: Hours) -> bool | None:
    """Return True if opening hours hold all the time that teams are out, False if never, else None."""
    rules = _rules(text)
    if not rules:
        return None
    states = np.full(5 * _DAY, _SHUT, dtype=np.int8)  # from midnight of the day before
    for number in range(3):
        on = hours.day + timedelta(days=number - 1)
        today = [rule for rule in rules if _is_on(rule, on)]
        first = max((place for place, rule in enumerate(today) if not rule.adds), default=0)
        for rule in today[first:]:
            _mark(states, number * _DAY, rule)
    begin, end = hours.start_s // 60, -(-hours.end_s // 60)
    seen = set(states[_DAY + begin : _DAY + max(end, begin + 1)].tolist())
    return bool(seen.pop()) if len(seen) == 1 and _UNSURE not in seen else None


def values(text: str, usual: str | None, hours: Hours) -> list[str | None]:
    """Return the possible values of a tag while teams are out; a single value is certain.

    `usual` is its value without conditions, `text` are the conditions (`no @ (22:00-06:00); ...`).
    """
    possible: list[str | None] = [usual]
    for clause in _CLAUSES.split(text):
        value, at, condition = (part.strip() for part in clause.partition("@"))
        if not at or not value:
            return [*possible, "no"]
        found = _all(
            _condition(part, hours) for part in re.split(r"\s+and\s+", condition.lower().strip("() "))
        )
        if found is None:
            possible.append(value)
        elif found:
            possible = [value]
    return list(dict.fromkeys(possible))


def _condition(text: str, hours: Hours) -> bool | None:
    limit = _LIMIT.fullmatch(text.strip())
    if limit is None:
        return holds(text, hours)
    return False if float(limit[3]) >= _CAR.get(limit[1], np.inf) else None


def _all(found: Iterator[bool | None]) -> bool | None:
    every = list(found)
    return False if False in every else None if None in every else True


@dataclass(frozen=True, slots=True)
class _Rule:
    """One rule: open or shut on dates, weekdays and spans of the day; an empty tuple means all of them.

    A rule that `adds` leaves the rules before it in force.
    """

    dates: tuple[str, ...]
    days: tuple[str, ...]
    spans: tuple[str, ...]
    state: int
    adds: bool


def _rules(text: str) -> list[_Rule]:
    """Parse opening hours; empty if any part is not understood."""
    rules = []
    for group in filter(None, map(str.strip, text.lower().split(";"))):
        whole = "00:00-24:00" if group == "24/7" else group
        for number, part in enumerate(_ANOTHER.split(whole)):
            found = _RULE.fullmatch(part.strip())
            if found is None:
                return []
            dates, days, spans = (
                tuple(filter(None, (found[name] or "").split(","))) for name in ("dates", "days", "spans")
            )
            state = _STATES[found["state"] or ""]
            rules.append(
                _Rule(dates, days, spans, state, adds=bool(number) or (state == _SHUT and bool(spans)))
            )
    return rules


def _is_on(rule: _Rule, on: date) -> bool:
    return (not rule.dates or any(_in_dates(part, on) for part in rule.dates)) and (
        not rule.days or any(_in_days(part, on) for part in rule.days)
    )


def _in_days(text: str, on: date) -> bool:
    first, _, last = (part.strip() for part in text.partition("-"))
    if first not in _WEEKDAYS:
        return False  # a holiday
    begin, end = _WEEKDAYS.index(first), _WEEKDAYS.index(last or first)
    return (on.weekday() - begin) % 7 <= (end - begin) % 7


def _in_dates(text: str, on: date) -> bool:
    first, dash, last = (part.strip() for part in text.partition("-"))
    begin = _day_of_year(first, "", 1)
    end = _day_of_year(last, first, 31) if dash else _day_of_year(first, "", 31)
    here = (on.month, on.day)
    return begin <= here <= end if begin <= end else here >= begin or here <= end


def _day_of_year(text: str, before: str, else_day: int) -> tuple[int, int]:
    """Read `Apr 15`, `Apr`, or the `30` of `Apr 15-30`."""
    words = text.split()
    month = words[0] if words[0] in _MONTHS else before.split(maxsplit=1)[0]
    number = words[-1] if words[-1].isdecimal() else ""
    return _MONTHS.index(month) + 1, int(number) if number else else_day


def _mark(states: NDArray[np.int8], midnight: int, rule: _Rule) -> None:
    """Set the states of the day that begins at `midnight`, and of the next for spans across midnight."""
    if not rule.spans:
        states[midnight : midnight + _DAY] = rule.state
    for span in rule.spans:
        first, last = (_minutes(clock.strip()) for clock in span.split("-"))
        over = _DAY if last[1] <= first[0] else 0  # the span crosses midnight
        states[midnight + first[0] : midnight + last[1] + over] = _UNSURE
        states[midnight + first[1] : max(midnight + first[1], midnight + last[0] + over)] = rule.state


def _minutes(clock: str) -> tuple[int, int]:
    """Return the earliest and the latest minute that the text may mean."""
    if clock in _LIGHT:
        return _LIGHT[clock]
    hour, minute = map(int, clock.split(":"))
    return 60 * hour + minute, 60 * hour + minute
