"""Ruin and recreate: take strings of neighbouring visits out, put them back at the cheapest places, keep what is better.

After J. Christiaens, G. Vanden Berghe: Slack induction by string removals, Transportation Science 54(2), 2020; with the paper's sizes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from doorroute.planning.insertion import NOWHERE, Filler, Lane, possible
from doorroute.planning.score import Orders, left_out, no_orders
from doorroute.planning.tables import Ints, Tables

REMOVED: Final = 10
"""How many visits a ruin takes out on average."""

STRING: Final = 10
"""How many of them at most from one route."""

FOCUS: Final = 0.5
"""How often a ruin is about visits that are left out, where there are any."""

TRIED: Final = 30
"""How many of the visits that are left out are tried at a time."""

BLINK: Final = 0.01
"""How often the best place is overlooked."""


class Ruin:
    """A plan in the making: the current one, and what it costs."""

    def __init__(self, tables: Tables, random: np.random.Generator) -> None:
        self.tables, self.random = tables, random
        go = tables.go_s.min(axis=0)[: tables.n, : tables.n]
        self.near: Ints = np.minimum(go, go.T).argsort(axis=1, kind="stable")
        self.possible = possible(tables)
        starts = sorted({crew.start for crew in tables.crews})
        self.far: Ints = tables.go_s.min(axis=0)[starts].min(axis=0)
        self.begin(Filler(tables, tables.go_s), no_orders(tables))

    def begin(self, filler: Filler, orders: Orders) -> None:
        """Go on from `orders`, by other costs or another bound."""
        self.filler = filler
        self.lanes = [filler.lane(crew, order) for crew, order in zip(self.tables.crews, orders, strict=True)]
        self.absent: list[int] = [node for node in left_out(self.tables, orders) if self.possible[node]]
        self.key = self._key(self.lanes, self.absent)

    @property
    def orders(self) -> Orders:
        """Return the current plan."""
        return tuple(lane.order for lane in self.lanes)

    def step(self, temperature_s: float) -> None:
        """Ruin and recreate once; keep the outcome if it leaves out no more and costs little more (simulated annealing)."""
        lanes = list(self.lanes)
        mixed = self.random.permutation(self.absent).tolist()
        tried, rest = mixed[:TRIED], mixed[TRIED:]
        # what is left out is what matters most: half of the time the ruin is around such a visit, and they come first when it is mended
        focus = bool(tried) and self.random.random() < FOCUS
        centre = tried[0] if focus else int(self.random.integers(self.tables.n))
        absent = rest + self._recreate(lanes, tried + self._ruin(lanes, centre), len(tried) if focus else 0)
        missed, cost = self._key(lanes, absent)
        allowed = self.key[1] - temperature_s * np.log(self.random.random())
        if missed < self.key[0] or (missed == self.key[0] and cost < allowed):
            self.lanes, self.absent, self.key = lanes, absent, (missed, cost)

    def _key(self, lanes: Sequence[Lane], absent: Sequence[int]) -> tuple[tuple[int, ...], int]:
        tiers = self.tables.tier[absent] if absent else np.zeros(0, dtype=np.int64)
        missed = np.bincount(tiers, minlength=self.tables.tiers)
        return tuple(missed.tolist()), sum(lane.cost_s for lane in lanes)

    def _ruin(self, lanes: list[Lane], centre: int) -> list[int]:
        """Take a string of visits around `centre` out of each of some routes, in place; return them."""
        random = self.random
        taken = [lane for lane in lanes if lane.order]
        if not taken:
            return []
        longest = min(STRING, sum(len(lane.order) for lane in taken) / len(taken))
        strings = int(random.random() * (4 * REMOVED / (1 + longest) - 1)) + 1
        where = {node: number for number, lane in enumerate(lanes) for node in lane.order}
        out: list[int] = []
        hit: set[int] = set()
        for node in self.near[centre].tolist():
            number = where.get(node)
            if number is None or number in hit:
                continue
            hit.add(number)
            order = lanes[number].order
            length = 1 + int(random.random() * min(longest, len(order)))
            at = order.index(node)
            begin = int(random.integers(max(0, at - length + 1), min(at, len(order) - length) + 1))
            shorter = self.filler.lane(lanes[number].crew, order[:begin] + order[begin + length :])
            if shorter.sound:  # where streets are closed, the way past a door may be the only one
                out += order[begin : begin + length]
                lanes[number] = shorter
            if len(hit) == strings:
                break
        return out

    def _recreate(self, lanes: list[Lane], absent: Sequence[int], first: int) -> list[int]:
        """Put `absent` back one by one, in place, its `first` ones first; return what finds no place."""
        tables, random = self.tables, self.random
        nodes = np.array(absent, dtype=np.int64)
        keys = (
            random.random(len(nodes)),
            -tables.service_s[nodes],
            tables.closes_s[nodes].max(axis=1) - tables.opens_s[nodes, 0],
            -self.far[nodes],
            self.far[nodes],
        )
        chosen = keys[int(random.choice(5, p=(0.3, 0.2, 0.2, 0.2, 0.1)))]
        rest = nodes[
            np.lexsort((random.random(len(nodes)), chosen, np.arange(len(nodes)) >= first, tables.tier[nodes]))
        ]
        price = [self.filler.prices(lane, rest) for lane in lanes]
        left: list[int] = []
        for row, node in enumerate(rest.tolist()):
            flat = np.concatenate([table[row] for table in price])
            flat = np.where(random.random(len(flat)) < BLINK, NOWHERE, flat)
            spot = int(flat.argmin())
            if flat[spot] == NOWHERE:
                left.append(node)
                continue
            number = 0
            while spot >= len(price[number][row]):
                spot -= len(price[number][row])
                number += 1
            order = lanes[number].order
            lanes[number] = self.filler.lane(lanes[number].crew, (*order[:spot], node, *order[spot:]))
            price[number] = self.filler.prices(lanes[number], rest)
        return left
