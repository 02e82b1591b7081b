"""How many teams: in a sentence, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from doorroute.counts.holding import held
from doorroute.counts.result import Scenario
from doorroute.model.clock import clock
from doorroute.texts import Text, msg, msg_n

_PROMISED_S: Final = 300  # an hour is promised in steps of five minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`enough`: the smallest count whose plan is done in time, None where none is; `recommended`: the smallest whose chance is enough, too.

    `held` says why further teams bring nobody home earlier, None where they do.
    """

    enough: int | None
    recommended: int | None
    sentence: Text
    advice: Text
    held: Text | None = None


def answer(scenarios: Sequence[Scenario], by_s: int, chance: float) -> Answer:
    """Answer from the scenarios of one set of changes, of which there is at least one."""
    rows = sorted(scenarios, key=lambda row: row.teams)
    least = min(len(row.unassigned) for row in rows)
    enough = next((at for at, row in enumerate(rows) if row.in_time(by_s, least)), None)
    robust = next((row for row in rows if row.in_time(by_s, least) and row.chance >= chance), None)
    return Answer(
        enough=None if enough is None else rows[enough].teams,
        recommended=None if robust is None else robust.teams,
        sentence=_sentence(rows, enough, by_s, least),
        advice=_advice(rows, robust, by_s, least),
        held=held(rows),
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
    fewer = _cannot(rows[enough - 1], by_s, least) if enough else msg("fewer were not tried")
    return msg("{done}; {fewer}.", done=done, fewer=fewer)


def _cannot(row: Scenario, by_s: int, least: int) -> Text:
    """Say why this count is not enough, and whether that is proved."""
    if row.bound_s > by_s:
        return msg_n(
            "{n} cannot (no plan with {n} team can return before {time})",
            "{n} cannot (no plan with {n} teams can return before {time})",
            row.teams,
            time=_exact(row.bound_s, by_s),
        )
    if len(row.unassigned) > least:
        return msg_n(
            "with {n}, the best plan found leaves out {left} doors more",
            "with {n}, the best plan found leaves out {left} doors more",
            row.teams,
            left=len(row.unassigned) - least,
        )
    return msg_n(
        "with {n}, the best plan found is back at {time}",
        "with {n}, the best plan found is back at {time}",
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
        "In simulated mornings no number of teams is back by {time} reliably; "
        "the best ({n}) makes it {percent} times in 100.",
        time=clock(by_s),
        n=msg_n("{n} team", "{n} teams", best.teams),
        percent=percent(best.chance),
    )
    hours = [
        (-(-row.promise_s // _PROMISED_S), row.teams)
        for row in rows
        if row.promise_s and len(row.unassigned) <= least
    ]
    if not hours:
        return msg("{none} No hour can be promised with these teams.", none=none)
    hour, teams = min(hours)
    return msg(
        "{none} Promise {hour} with {n}.",
        none=none,
        hour=clock(hour * _PROMISED_S),
        n=msg_n("{n} team", "{n} teams", teams),
    )


def percent(share: float) -> int:
    """Return a share in whole percent, rounded down: 89.9 % is not 90."""
    return int(100 * share + 1e-9)


def _exact(bound_s: int, by_s: int) -> str:
    """Write a bound as a clock text, with its seconds where it would else look no later than the time that it misses."""
    return clock(bound_s) if clock(bound_s) != clock(by_s) else f"{clock(bound_s)}:{bound_s % 60:02d}"


def _up(seconds: int) -> str:
    """Write a return as a clock text that is not before it."""
    return clock(seconds + 59)
