"""Replay a plan many times with random service times, paces, absences and sick teams.

Vectorised: all mornings go through a route together, stop by stop.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from itertools import groupby
from typing import Final

import numpy as np
from numpy.typing import NDArray

from doorroute.counts.planning_parts import Crew, Orders, Pause, Tables, refilled, timed

Floats = NDArray[np.float64]

MORNINGS: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Luck:
    """How much a morning varies around its plan; on average it keeps to it.

    Attributes
    ----------
    service_cv : spread (standard deviation over mean) of the service time, lognormal. General practice
        appointments fit lognormals of spread 0.8 to 0.9 (NHS England appointments 2023, fitted by Suffolk and
        North East Essex ICB, PrimaryCareDemandAndCapacity, "Appointments Duration", 2024). For home visits,
        45 % of the variance is known beforehand, here by the number of people ("Determinants of home health
        visit length: results of a multisite prospective study", adjusted R2 0.449):
        0.82 * sqrt(1 - 0.45) = 0.6. The lognormal shape also fits surgical procedure times (May, Strum and
        Vargas, Decision Sciences 31(1), 2000).
    pace_cv : spread of a team's pace, the same all morning for streets and stairs. Free walking speeds have
        mean 1.34 and standard deviation 0.26 m/s (Helbing and Molnar, Phys. Rev. E 51, 4282, 1995).
    no_show : share of doors where nobody opens at first. The team returns, at any time, at the end of its
        route or before it starts a stricter infection class. An agency's target is 1 missed home visit in 60
        (Home Health Strategic Management, "Managing missed visits").
    no_show_s : seconds of ringing and waiting at such a door; our own estimate.
    team_ill : chance that a team reports sick before leaving; at most one team does. 2.6 % of working hours
        were lost to sickness (Office for National Statistics, "Sickness absence in the UK labour market:
        2022"). A pair is hit twice as often, but only the first day of an illness, of two days or more, comes
        as a surprise.
    """

    service_cv: float = 0.6
    pace_cv: float = 0.19
    no_show: float = 0.02
    no_show_s: float = 120.0
    team_ill: float = 0.026

    def __post_init__(self) -> None:
        for field in fields(self):
            most = {"no_show": 1.0, "team_ill": 1.0, "no_show_s": 3600.0}.get(field.name, 3.0)
            if not 0 <= getattr(self, field.name) <= most:
                raise ValueError(field.name)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Replayed:
    """The replayed mornings.

    Attributes
    ----------
    finish_s : (mornings,) float64, last return in seconds after midnight.
    whole : (mornings,) bool, whether everybody was visited although a team may have been ill.
    """

    finish_s: Floats
    whole: NDArray[np.bool_]

    def chance(self, by_s: int) -> float:
        """Return the share of mornings that are done by `by_s`."""
        return float(((self.finish_s <= by_s) & self.whole).mean())

    def promise(self, share: float) -> int | None:
        """Return the time by which this share of mornings is done with nobody left out, or None if never."""
        done = np.sort(np.where(self.whole, self.finish_s, np.inf))
        at = done[max(0, math.ceil(share * len(done) - 1e-9) - 1)]
        return math.ceil(at) if np.isfinite(at) else None

    def return_by(self, share: float) -> int:
        """Return the time by which this share of mornings is done, in seconds after midnight."""
        return round(float(np.quantile(self.finish_s, share)))


def replay(tables: Tables, orders: Orders, luck: Luck, *, seed: int, mornings: int = MORNINGS) -> Replayed:
    """Replay a valid plan; the same seed gives the same mornings."""
    random = np.random.default_rng(seed)
    out = [number for number, order in enumerate(orders) if order]
    finish, whole = np.zeros(mornings), np.ones(mornings, dtype=bool)
    if not out:
        return Replayed(finish_s=finish, whole=whole)
    has_ill = random.random(mornings) < 1 - (1 - luck.team_ill) ** len(out)
    ill = np.where(has_ill, random.choice(out, mornings), -1)
    for gone in (-1, *out):
        mine = np.flatnonzero(ill == gone)
        if len(mine):
            now, all_in = (orders, True) if gone < 0 else _without(tables, orders, gone)
            whole[mine] = all_in
            for crew, order in zip(tables.crews, now, strict=True):
                if order:
                    back = _walk(tables, crew, order, luck, random, len(mine))
                    finish[mine] = np.maximum(finish[mine], back)
    return Replayed(finish_s=finish, whole=whole)


def _without(tables: Tables, orders: Orders, gone: int) -> tuple[Orders, bool]:
    """Share the doors of an ill team evenly among the others; also return whether all fit."""
    rest = tuple(order if number != gone else () for number, order in enumerate(orders))
    crews = list(tables.crews)
    crews[gone] = replace(crews[gone], max_visits=0)
    return refilled(replace(tables, crews=tuple(crews)), rest, orders[gone])


def _walk(
    tables: Tables, crew: Crew, order: Sequence[int], luck: Luck, random: np.random.Generator, mornings: int
) -> Floats:
    """Return when the team is back on each morning, shape (mornings,)."""
    times = timed(tables, crew, order)
    if times is None:
        raise ValueError("the route breaks a rule")
    travel, go = tables.travel_s[crew.profile], tables.go_s[crew.profile]
    pace = _lognormal(random, luck.pace_cv, (mornings,))
    service = _lognormal(random, luck.service_cv, (mornings, len(order))) * tables.service_s[list(order)]
    absent = random.random((mornings, len(order))) < luck.no_show
    breaks = {after: crew.pauses[number] for number, after, _ in times.breaks_s}
    now, at = np.full(mornings, float(times.start_s)), np.full(mornings, crew.start)
    done = 0
    now = _rested(now, breaks.get(0))
    for _, group in groupby(range(len(order)), key=lambda place: int(tables.rank[order[place]])):
        places = list(group)
        for place in places:
            node = order[place]
            done += 1
            if times.stops[done] != node:  # a reload comes first
                now = _rested(now + travel[at, crew.reload] * pace + crew.reload_s, breaks.get(done))
                at[:] = crew.reload
                done += 1
            begin = _begin(tables, node, now + go[at, node] * pace, times.begins_s[done - 1])
            now = begin + np.where(absent[:, place], luck.no_show_s, service[:, place])
            at[:] = node
            now = _rested(now, breaks.get(done))
        for place in places:  # return to doors where nobody opened
            mine = np.flatnonzero(absent[:, place])
            if len(mine):
                node = order[place]
                now[mine] += go[at[mine], node] * pace[mine] + service[mine, place]
                at[mine] = node
    back: Floats = now + travel[at, crew.end] * pace
    return back


def _rested(now: Floats, pause: Pause | None) -> Floats:
    """Return when the team continues after the break, if there is one."""
    return now if pause is None else np.maximum(now, pause.earliest_s) + pause.duration_s


def _begin(tables: Tables, node: int, ready: Floats, planned_s: int) -> Floats:
    """Return when service begins: in a window that opens no later than planned, otherwise on arrival.

    A late team still rings, and is let in.
    """
    begin = np.full(len(ready), np.inf)
    for opens, closes in zip(tables.opens_s[node].tolist(), tables.closes_s[node].tolist(), strict=True):
        if 0 <= opens <= planned_s:
            begin = np.minimum(begin, np.where(ready <= closes, np.maximum(ready, opens), np.inf))
    return np.where(np.isfinite(begin), begin, ready)


def _lognormal(random: np.random.Generator, spread: float, shape: tuple[int, ...]) -> Floats:
    """Draw factors of mean 1 and standard deviation `spread`."""
    sigma = np.sqrt(np.log1p(spread**2))
    return random.lognormal(-(sigma**2) / 2, sigma, shape)
