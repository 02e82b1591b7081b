"""Putting visits into routes at the cheapest place that keeps every rule: all places of all visits at once.

With the earliest times from the front and the latest from the back (`schedule`), a place is checked in O(1); numpy checks them
all together. Makes a plan out of nothing, repairs one, and gives leftovers another try.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from doorroute.planning.schedule import NEVER, earliest, latest, road, timed
from doorroute.planning.score import Orders
from doorroute.planning.tables import FORBIDDEN, Bools, Crew, Ints, Tables

NOWHERE: Final = 2**50
"""The price of a visit at a place where it may not go."""


@dataclass(frozen=True, slots=True, eq=False)
class Lane:
    """A route that keeps the rules, ready to be inserted into.

    stops : (l + 2,) depot, visits, depot; free_s : (l + 1, k) and late_s : (l + 1, k), the earliest time free after the front stop of each
    place, and the latest begin at the stop behind it, by number of breaks taken.
    """

    crew: Crew
    order: tuple[int, ...]
    stops: Ints
    free_s: Ints
    late_s: Ints
    kits: int
    legs_s: Ints


def lane(tables: Tables, crew: Crew, order: Sequence[int], until_s: int = NEVER) -> Lane:
    """Make the route ready; it has to keep the rules."""
    way = road(tables, crew, order)
    nodes = list(order)
    return Lane(
        crew,
        tuple(order),
        np.array(way.stops, dtype=np.int64),
        np.array(earliest(way, crew), dtype=np.int64),
        np.array(latest(way, crew, min(until_s, crew.closes_s))[1:], dtype=np.int64),
        int(tables.kits[nodes].sum()),
        np.array(way.go_s, dtype=np.int64),
    )


def prices(tables: Tables, lane: Lane, visits: Ints) -> Ints:
    """Return the (visits, places) seconds that each visit adds to travel and setup at each place; NOWHERE where it may not go."""
    crew = lane.crew
    go = tables.go_s[crew.profile]
    front, back = lane.stops[:-1], lane.stops[1:]
    there, on = go[front][:, visits].T, go[visits][:, back]
    price = there + on - lane.legs_s if lane.order else there + on
    fits = _fits(tables, lane, visits, there, on)
    fits &= (crew.may[visits] & (tables.kits[visits] + lane.kits <= crew.capacity))[:, None]
    if len(lane.order) >= crew.max_visits:
        fits[:] = False
    return np.where(fits, price, NOWHERE)


def _fits(tables: Tables, lane: Lane, visits: Ints, there: Ints, on: Ints) -> Bools:
    """Say for each visit and place whether the team still gets everywhere in time, with some break taken on some side of it."""
    opens, closes, service = tables.opens_s[visits], tables.closes_s[visits], tables.service_s[visits][:, None]
    fits = np.zeros(there.shape, dtype=bool)
    done = np.full(there.shape, NEVER, dtype=np.int64)
    for k in range(len(lane.crew.pauses) + 1):
        if k:
            pause = lane.crew.pauses[k - 1]
            begin = np.maximum(done, pause.earliest_s)
            after_break = np.where(begin <= pause.latest_s, begin + pause.duration_s, NEVER)
        arrive = lane.free_s[:, k] + there
        begin = np.full(there.shape, NEVER, dtype=np.int64)
        for window in range(opens.shape[1]):
            a, b = opens[:, window, None], closes[:, window, None]
            np.minimum(begin, np.where(arrive <= b, np.maximum(arrive, a), NEVER), out=begin)
        done = np.where(begin < FORBIDDEN, begin + service, NEVER)
        if k:
            done = np.minimum(done, after_break)
        fits |= done + on <= lane.late_s[:, k]
    return fits


def insert(
    tables: Tables,
    orders: Orders,
    waiting: Sequence[int],
    until_s: int = NEVER,
) -> Orders:
    """Put as many of `waiting` into `orders` as find a place, the most urgent tier first, the cheapest first within a tier.

    `orders` keep the rules, and so does what is returned; every team is back by `until_s`.
    """
    lanes = [lane(tables, crew, order, until_s) for crew, order in zip(tables.crews, orders, strict=True)]
    for tier in sorted({int(tables.tier[node]) for node in waiting}):
        rest = np.array([node for node in waiting if tables.tier[node] == tier], dtype=np.int64)
        _insert_all(tables, lanes, rest, until_s)
    return tuple(lane.order for lane in lanes)


def _insert_all(tables: Tables, lanes: list[Lane], rest: Ints, until_s: int) -> None:
    """Insert the visits of one tier, in place, the one with most to lose by waiting first (regret: its second best route against its best)."""
    if not lanes:
        return
    best = np.full((len(rest), len(lanes)), NOWHERE, dtype=np.int64)
    where = np.zeros((len(rest), len(lanes)), dtype=np.int64)

    def look(number: int) -> None:
        price = prices(tables, lanes[number], rest)
        where[:, number] = price.argmin(axis=1)
        best[:, number] = price.min(axis=1)

    for number in range(len(lanes)):
        look(number)
    while len(rest):
        first = best.min(axis=1)
        open_ = first < NOWHERE
        if not open_.any():
            return
        second = np.partition(best, 1, axis=1)[:, 1] if best.shape[1] > 1 else first
        urgency = np.where(open_, np.minimum(second, first + 36_000) - first, -1)
        chosen = int(np.lexsort((first, -urgency))[0])
        number = int(best[chosen].argmin())
        place = int(where[chosen, number])
        order = lanes[number].order
        lanes[number] = lane(tables, lanes[number].crew, (*order[:place], int(rest[chosen]), *order[place:]), until_s)
        keep = np.arange(len(rest)) != chosen
        rest, best, where = rest[keep], best[keep], where[keep]
        if len(rest):
            look(number)


def repaired(tables: Tables, orders: Orders, until_s: int = NEVER) -> Orders:
    """Return the plan with visits taken off the routes that break a rule, few of them, until none does."""
    return tuple(_shortened(tables, crew, order, until_s) for crew, order in zip(tables.crews, orders, strict=True))


def _shortened(tables: Tables, crew: Crew, order: tuple[int, ...], until_s: int) -> tuple[int, ...]:
    """Drop the rest of what does not fit, by building the route up again in its own order, the urgent tiers first."""
    if timed(tables, crew, order, until_s) is not None:
        return order
    kept: tuple[int, ...] = ()
    for node in sorted(order, key=lambda node: int(tables.tier[node])):
        trial = tuple(stop for stop in order if stop in kept or stop == node)
        if timed(tables, crew, trial, until_s) is not None:
            kept = trial
    return kept
