"""Answer in a sentence how many teams are enough, and how certain that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from doorroute.counts.holding import why_no_earlier
from doorroute.counts.result import Scenario
from doorroute.model.clock import clock
from doorroute.texts import Text, msg, msg_n

_PROMISED_S: Final = 300  # return times are promised in steps of five minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class CountAnswer:
    """The answer for one set of changes.

    Attributes
    ----------
    enough : smallest count with a plan that is done in time, or None.
    recommended : smallest count that also has a high enough chance, or None.
    no_earlier : why more teams do not bring the last return forward, or None if they do.
    """

    enough: int | None
    recommended: int | None
    sentence: Text
    advice: Text
    no_earlier: Text | None = None


def answer(scenarios: Sequence[Scenario], by_s: int, chance: float) -> CountAnswer:
    """Return the answer from the scenarios (at least one) of one set of changes."""
    rows = sorted(scenarios, key=lambda row: row.teams)
    least = min(len(row.unassigned) for row in rows)
    enough = next((at for at, row in enumerate(rows) if row.in_time(by_s, least)), None)
    robust = next((row for row in rows if row.in_time(by_s, least) and row.chance >= chance), None)
    return CountAnswer(
        enough=None if enough is None else rows[enough].teams,
        recommended=None if robust is None else robust.teams,
        sentence=_sentence(rows, enough, by_s, least),
        advice=_advice(rows, robust, by_s, least),
        no_earlier=why_no_earlier(rows),
    )


def _sentence(rows: Sequence[Scenario], enough: int | None, by_s: int, least: int) -> Text:
    if enough is None:
        most = rows[-1]
        return msg(
            "{done}; {fewer}.", done=_cannot(most, by_s, least), fewer=msg("more teams were not tried")
        )
    done = msg_n(
        "{n} team can be back by {time}",
        "{n} teams can be back by {time}",
        rows[enough].teams,
        time=_up(rows[enough].finish_s),
    )
    fewer = _cannot(rows[enough - 1], by_s, least) if enough else msg("fewer teams were not tried")
    return msg("{done}; {fewer}.", done=done, fewer=fewer)


def _cannot(row: Scenario, by_s: int, least: int) -> Text:
    """Return why this count is not enough, and whether that is proven."""
    if row.bound_s > by_s:
        return msg_n(
            "{n} team cannot (no plan is back before {time})",
            "{n} teams cannot (no plan is back before {time})",
            row.teams,
            time=_exact(row.bound_s, by_s),
        )
    if len(row.unassigned) > least:
        return msg_n(
            "{n} team: the best plan found leaves out {left} more doors",
            "{n} teams: the best plan found leaves out {left} more doors",
            row.teams,
            left=len(row.unassigned) - least,
        )
    return msg_n(
        "{n} team: no plan found in time (best: back at {time})",
        "{n} teams: no plan found in time (best: back at {time})",
        row.teams,
        time=_up(row.finish_s),
    )


def _advice(rows: Sequence[Scenario], robust: Scenario | None, by_s: int, least: int) -> Text:
    if robust is not None:
        return msg_n(
            "Recommended: {n} team, back by {time} in {percent} of 100 simulated mornings.",
            "Recommended: {n} teams, back by {time} in {percent} of 100 simulated mornings.",
            robust.teams,
            time=clock(by_s),
            percent=percent(robust.chance),
        )
    best = max(rows, key=lambda row: (row.chance, -row.teams))
    none = msg(
        "In simulated mornings, no number of teams is reliably back by {time}; "
        "the best ({n}) makes it {percent} times in 100.",
        time=clock(by_s),
        n=msg_n("{n} team", "{n} teams", best.teams),
        percent=percent(best.chance),
    )
    promised = [
        (-(-row.promise_s // _PROMISED_S), row.teams)
        for row in rows
        if row.promise_s and len(row.unassigned) <= least
    ]
    if not promised:
        return msg("{none} No return time can be promised with these teams.", none=none)
    hour, teams = min(promised)
    return msg(
        "{none} Promise {hour} with {n}.",
        none=none,
        hour=clock(hour * _PROMISED_S),
        n=msg_n("{n} team", "{n} teams", teams),
    )


def percent(share: float) -> int:
    """Return a share in whole percent, rounded down, so that 89.9 % does not become 90."""
    return int(100 * share + 1e-9)


def _exact(bound_s: int, by_s: int) -> str:
    """Return a bound as a clock text, with seconds if it would otherwise look equal to the time it misses."""
    return clock(bound_s) if clock(bound_s) != clock(by_s) else f"{clock(bound_s)}:{bound_s % 60:02d}"


def _up(seconds: int) -> str:
    """Return a time as a clock text, rounded up to the minute."""
    return clock(seconds + 59)
