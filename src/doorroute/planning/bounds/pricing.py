"""What each visit costs at least: prices that no route can beat, and the bound that they sum up to.

Every visit has a price. If no route costs less than what its visits are priced at together, no plan costs
less than all prices: these are the duals of choosing one route a team (set partitioning). Routes are
relaxed to what can be searched through: the cheapest walk within a shift and the visits' windows, time in
small steps and rounded down, that may come again to a visit but never straight back (q-routes: N.
Christofides, A. Mingozzi, P. Toth, Mathematical Programming 20, 1981). Prices rise where too few cheap
routes come by and fall where too many do (the subgradient method: M. Held, P. Wolfe, H. Crowder,
Mathematical Programming 6, 1974).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorroute.machine_code import compiled, inlined
from doorroute.planning.core.insertion import possible
from doorroute.planning.core.tables import FORBIDDEN, NEVER, Ints, Tables
from doorroute.planning.core.windows import Stops, served

Floats = NDArray[np.float64]
Places = NDArray[np.int32]

MOST: Final = 1500
"""How many visits are priced at most: the rounds of more would take longer than the bound is worth."""

FINE, FINE_STEPS, COARSE_STEPS = 400, 10, 5
"""Up to how many visits time is fine, and into how many steps it then and else divides what a visit takes."""

LABELS: Final = 250_000
"""How many steps of the longest shift, of all visits together, there are at most."""

ROUNDS, ROUNDS_AGAIN = ((8, 60, False), (16, 60, True)), ((16, 20, True),)
"""Rounds of pricing: how many of the cheapest legs count, how many rounds, and whether prices count.

The second is for prices that are good already.
"""

LENGTH, SHORTER, PATIENCE = 0.4, 0.7, 3
"""Length of the first step; what is left of it after so many rounds without a better result."""

SHIFTS: Final = 3
"""How many different shifts are kept; more count as one, from the first begin to the last end."""

BREADTH: Final = 0.15
"""How much dearer than the cheapest a route may be to count too, as a part of its share of the gap."""

GUESS: Final = 1.4
"""How much longer the legs of good plans are than the nearest ones, about."""

TURN: Final = 0.5
"""How much of each step keeps the direction of the one before."""

NOTHING: Final = 1e18
"""The cost of a route that does not exist."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prices:
    """A price for each visit, (n,).

    The routes of a plan cost at least their visits' prices and `undercut`, which is at most 0.
    """

    price: Floats
    undercut: float

    def bound(self, served: Ints) -> int:
        """Return a lower bound on the cost of any plan that visits exactly the nodes `served`."""
        return max(0, math.ceil(float(self.price[served].sum()) + self.undercut - 1e-4))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ways:
    """The legs that count: those from visit `i` are `first[i] .. first[i + 1]`.

    They lead to the visits `to`, take `go_s` seconds, and cost `cost`.
    """

    first: Ints
    to: Ints
    go_s: Ints
    cost: Floats


class Relaxed:
    """The visits `nodes`, and for each shift one route in place of all teams.

    It leaves by the cheapest leg of all teams and comes home by the cheapest.

    cost_s : (profiles, m, m), what ways cost, in seconds. Time has `levels` of `step_s`, no longer than
        what any visit takes: a walk gets to a
    later one with each visit. It has none where some visit takes no time at all.
    """

    def __init__(self, tables: Tables, nodes: Ints, cost_s: Ints) -> None:
        self.nodes, self.all = nodes, tables.n
        shifts = Counter((crew.opens_s, crew.closes_s) for crew in tables.crews)
        if len(shifts) > SHIFTS:
            shifts = Counter(
                {(min(opens for opens, _ in shifts), max(closes for _, closes in shifts)): shifts.total()}
            )
        self.shifts, self.routes = tuple(shifts.items()), shifts.total()
        self.go_s, self.out_s, self.home_s = _of_all_teams(tables, nodes, tables.go_s)
        cost, out, home = _of_all_teams(tables, nodes, cost_s)
        self.cost, self.out, self.home = (table.astype(np.float64) for table in (cost, out, home))
        self.stops = Stops(tables.service_s[nodes], tables.opens_s[nodes], tables.closes_s[nodes])
        self.longest_s = max(closes - opens for opens, closes in shifts)
        n = len(nodes)
        takes = self.stops.service_s + (self.go_s + np.diag([FORBIDDEN] * n)).min(axis=0)  # from the nearest
        steps = FINE_STEPS if n <= FINE else COARSE_STEPS
        self.step_s = min(int(np.minimum(takes, self.longest_s).mean()) // steps, int(takes.min()))
        self.levels = self.longest_s // self.step_s + 1 if self.step_s else 0
        self.label = np.empty((self.levels + 1, n, 2))
        self.came = np.empty((self.levels + 1, n, 2, 3), dtype=np.int32)
        self.end_cost, self.end_level = np.empty(n), np.empty(n, dtype=np.int64)

    def priced(self, *, first: Floats | None = None, stop: Callable[[], bool] = lambda: False) -> Prices:
        """Return prices of the visits.

        `first` (n,) are good prices of all visits, if known: a few rounds are then enough.
        """
        price = self._guess() if first is None else first[self.nodes]
        target, length = float(price.sum()), LENGTH
        for most, rounds, by_price in ROUNDS if first is None else ROUNDS_AGAIN:
            ways = self.ways(price if by_price else np.zeros(len(price)), most)
            price = self.raised(price, target, ways=ways, rounds=rounds, length=length, stop=stop)
            length /= 4
        undercut = self.undercut(self.ways(price, len(price)), price, np.zeros(len(price)), 1.0)
        of_all = np.zeros(self.all)
        of_all[self.nodes] = price
        return Prices(price=of_all, undercut=undercut)

    def _guess(self) -> Floats:
        """Guess what each visit costs: a leg to a neighbour, and a share of the legs out and home."""
        n = len(self.out)
        nearest = np.partition(self.cost, min(2, n - 1), axis=1)[:, : min(3, n)].mean(axis=1)
        share = (self.stops.service_s + nearest) / max(1, self.longest_s)
        guessed: Floats = GUESS * (nearest + share * (self.out + self.home))
        return np.minimum(guessed, FORBIDDEN, out=guessed)

    def ways(self, price: Floats, most: int) -> Ways:
        """Return the `most` cheapest and nearest legs of each visit; the price at their end is deducted."""
        n = len(price)
        if most >= n - 1:
            kept = ~np.eye(n, dtype=bool)
        else:
            kept = _lowest(self.cost - price[None, :], most, axis=1) | _lowest(
                self.cost - price[:, None], most, axis=0
            )
            kept |= _lowest(self.cost, most, axis=1)
        kept &= self.go_s < FORBIDDEN
        source, to = np.nonzero(kept)
        first = np.searchsorted(source, np.arange(n + 1)).astype(np.int64)
        return Ways(first=first, to=to, go_s=self.go_s[kept], cost=self.cost[kept])

    def undercut(self, ways: Ways, price: Floats, visited: Floats, breadth: float) -> float:
        """Return what the cheapest routes of all teams cost more than their visits' prices, at most 0.

        Add to `visited` (n,) how often they visit each.

        Of the routes that end with different visits, one that is dearer than the cheapest by `breadth`
        counts 1/e.
        """
        total = 0.0
        for (opens, closes), routes in self.shifts:
            cheapest_routes(
                *(
                    ways.first,
                    ways.to,
                    ways.go_s,
                    ways.cost,
                    self.out_s,
                    self.out,
                    self.home_s,
                    self.home,
                    price,
                ),
                *(self.stops, opens, closes, self.step_s),
                self.label,
                self.came,
                self.end_cost,
                self.end_level,
            )
            least = float(self.end_cost.min())
            if least < 0:
                total += routes * least
                count_visits(self.end_cost, self.end_level, self.came, breadth, routes, visited)
        return total

    def raised(
        self,
        price: Floats,
        target: float,
        *,
        ways: Ways,
        rounds: int,
        length: float,
        stop: Callable[[], bool],
    ) -> Floats:
        """Return the prices with the highest sum, less the undercut, that `rounds` steps find."""
        best, highest, turn, in_vain = price, -NOTHING, np.zeros(len(price)), 0
        for _ in range(rounds):
            if stop():
                break
            visited = np.zeros(len(price))
            breadth = max(1.0, BREADTH * (target - max(highest, 0.0)) / self.routes)
            value = float(price.sum()) + self.undercut(ways, price, visited, breadth)
            if value > highest:
                best, highest, in_vain = price, value, 0
            else:
                in_vain += 1
            turn = TURN * turn + (1 - TURN) * (1 - visited)
            if in_vain > PATIENCE:
                length, in_vain, price = length * SHORTER, 0, best
            price = price + length * max(1.0, target - value) / max(1e-9, float(turn @ turn)) * turn
        return best


class DayPrices(NamedTuple):
    """Prices by travel alone, and by travel and setup in plans that end by `back_by_s`."""

    travel: Prices
    go: Prices
    back_by_s: int


def day_prices(
    tables: Tables,
    *,
    back_by_s: Callable[[], int] = lambda: NEVER,
    near: DayPrices | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> DayPrices | None:
    """Return the prices of all visits that some team could make.

    None if there are too many or none, or some take hardly any time.

    `back_by_s` tells when the last team is back in some plan that makes them all, when it is asked. `near`
    are prices of the same visits on a day that is nearly the same, to begin with. `stop` is asked after
    each round; the best prices so far count.
    """
    nodes = np.flatnonzero(possible(tables))
    if not 0 < len(nodes) <= MOST:
        return None
    relaxed = Relaxed(tables, nodes, tables.travel_s)
    if not 0 < relaxed.levels * len(nodes) <= LABELS:
        return None
    travel = relaxed.priced(first=near and near.travel.price, stop=stop)
    until = back_by_s()
    if near is not None:
        first = near.go.price
    elif until < max(
        crew.closes_s for crew in tables.crews
    ):  # shorter routes, and their way out and home shared by fewer
        first = None
    else:
        first = travel.price + (tables.go_s - tables.travel_s)[:, tables.n :, : tables.n].min(axis=(0, 1))
    crews = tuple(
        replace(crew, closes_s=max(crew.opens_s, min(crew.closes_s, until))) for crew in tables.crews
    )
    early = Relaxed(replace(tables, crews=crews), nodes, tables.go_s)
    return DayPrices(travel, early.priced(first=first, stop=stop), until)


def _of_all_teams(tables: Tables, nodes: Ints, table: Ints) -> tuple[Ints, Ints, Ints]:
    """Return the least of all teams from visit to visit, from their starts and to their ends, by `table`.

    Shapes: (n, n), (n,), (n,); table (profiles, m, m).

    Where teams reload, a way past a depot counts too.
    """
    used = sorted({crew.profile for crew in tables.crews})
    between = table[used][:, nodes[:, None], nodes[None, :]].min(axis=0)
    for depot in sorted({crew.reload for crew in tables.crews if crew.max_reloads}):
        past = (
            table[used][:, nodes, depot].min(axis=0)[:, None]
            + table[used][:, depot, nodes].min(axis=0)[None, :]
        )
        np.minimum(between, past, out=between)
    out = np.min([table[crew.profile, crew.start, nodes] for crew in tables.crews], axis=0)
    home = np.min([table[crew.profile, nodes, crew.end] for crew in tables.crews], axis=0)
    return between, out, home


def _lowest(table: Floats, most: int, *, axis: int) -> NDArray[np.bool_]:
    """Return which are the `most` lowest of each row (axis 1) or column (axis 0), except the diagonal."""
    shown = table.copy()
    np.fill_diagonal(shown, NOTHING)
    kept = np.zeros(table.shape, dtype=bool)
    np.put_along_axis(
        kept, np.argpartition(shown, most, axis=axis).take(range(most), axis=axis), values=True, axis=axis
    )
    return kept


@inlined
def keep(
    label: Floats, came: Places, level: int, node: int, cost: float, before: int, at: int, place: int
) -> bool:
    """Keep a walk to `node` if it is one of the two cheapest from different visits; return whether it is."""
    if cost < label[level, node, 0]:
        if came[level, node, 0, 0] != before:
            label[level, node, 1] = label[level, node, 0]
            for part in range(3):
                came[level, node, 1, part] = came[level, node, 0, part]
        slot = 0
    elif came[level, node, 0, 0] != before and cost < label[level, node, 1]:
        slot = 1
    else:
        return False
    label[level, node, slot] = cost
    came[level, node, slot, 0], came[level, node, slot, 1], came[level, node, slot, 2] = before, at, place
    return True


@compiled
def cheapest_routes(
    first: Ints,
    to: Ints,
    go_s: Ints,
    cost: Floats,
    out_s: Ints,
    out: Floats,
    home_s: Ints,
    home: Floats,
    price: Floats,
    stops: Stops,
    starts_s: int,
    ends_s: int,
    step_s: int,
    label: Floats,
    came: Places,
    end_cost: Floats,
    end_level: Ints,
) -> None:
    """Find the cheapest route, less its visits' prices, that ends with each visit.

    end_cost : (n,). end_level : (n,) the level of time at which its last service ends.

    label : (levels + 1, n, 2), the two cheapest walks whose last service ends by that level, the last row
        of all; came : (levels + 1, n, 2, 3), from which
    visit (n: from the depot), level and place. Times are rounded down to a level: who is early can do what
    who is late can.
    """
    n, held = len(price), len(label) - 1
    label[:], came[:], end_cost[:], end_level[:] = NOTHING, -1, NOTHING, 0
    for node in range(n):
        end = served(stops, node, starts_s + out_s[node])
        if end + home_s[node] <= ends_s:
            keep(label, came, (end - starts_s) // step_s, node, out[node] - price[node], n, 0, 0)
    for level in range(held):
        now = starts_s + level * step_s
        for node in range(n):
            if not _news(label, came, level, node):
                continue
            if now + home_s[node] <= ends_s and label[level, node, 0] + home[node] < end_cost[node]:
                end_cost[node], end_level[node] = label[level, node, 0] + home[node], level
            for way in range(first[node], first[node + 1]):
                after = to[way]
                place = 1 if after == came[level, node, 0, 0] else 0
                reached = label[level, node, place] + cost[way] - price[after]
                if label[level, node, place] < NOTHING and reached < label[held, after, 1]:
                    end = served(stops, after, now + go_s[way])
                    if end + home_s[after] <= ends_s:
                        keep(label, came, (end - starts_s) // step_s, after, reached, node, level, place)


@inlined
def _news(label: Floats, came: Places, level: int, node: int) -> bool:
    """Join the walks to `node` at this level with all before, and return whether that makes any cheaper.

    If so, keep them as those of this level.
    """
    held, news = len(label) - 1, False
    for slot in range(2):
        if label[level, node, slot] < NOTHING:
            before, at, place = (
                came[level, node, slot, 0],
                came[level, node, slot, 1],
                came[level, node, slot, 2],
            )
            news |= keep(label, came, held, node, label[level, node, slot], before, at, place)
    if news:
        for slot in range(2):
            label[level, node, slot] = label[held, node, slot]
            for part in range(3):
                came[level, node, slot, part] = came[held, node, slot, part]
    return news


@compiled
def count_visits(
    end_cost: Floats, end_level: Ints, came: Places, breadth: float, routes: int, visited: Floats
) -> None:
    """Add to `visited` (n,) how often so many `routes` of those found come by, the cheapest most of all."""
    n = len(end_cost)
    least, total = NOTHING, 0.0
    for node in range(n):
        least = min(least, end_cost[node])
    for node in range(n):
        total += math.exp((least - end_cost[node]) / breadth)
    for last in range(n):
        share = routes * math.exp((least - end_cost[last]) / breadth) / total
        if share < 1e-9:
            continue
        node, level, slot = last, end_level[last], 0
        while node < n:
            visited[node] += share
            node, level, slot = (
                came[level, node, slot, 0],
                came[level, node, slot, 1],
                came[level, node, slot, 2],
            )
