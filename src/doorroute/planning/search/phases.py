"""Our own search in phases: fit everybody in, bring the last return forward, then save travel."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib import import_module
from typing import Final

import numpy as np

from doorroute.model.settings import Objective
from doorroute.planning.bounds.lower import longest_trip
from doorroute.planning.core.insertion import NOWHERE, Filler, repaired
from doorroute.planning.core.schedule import timed
from doorroute.planning.core.score import Orders, left_out
from doorroute.planning.core.tables import NEVER
from doorroute.planning.search.best import Best
from doorroute.planning.search.pool import SOLVER, Pool, split
from doorroute.planning.search.ruin import Ruin

HOT, KEEN, WARM, COLD = 3.0, 2.5, 1.0, 0.03
"""How much worse than the current plan one is accepted, in mean legs, at the start and end of a cooling."""

SHORT_SHARE, FIT_SHARE, SAVE_SHARE = 0.08, 0.3, 0.2
"""Shares of the time, if travel is not the first goal.

For the shortest plan; at most for fitting everybody in; and at the end for saving travel.
"""

AIM, AIM_LEAST, LATE, DOUBLE = 0.03, 0.004, 5, 0.04
"""By what part of the gap to its lower bound the aim for the last return is lowered, first and at last.

Then what each second after the aim
that costs; it doubles with every such part of the time in which the last return came no sooner."""

PATIENCE = 0.08
"""For what share of the time one team's route is tried to be emptied."""

OUTSIDE: float = 10.0
"""What a visit of the least urgent tier costs in mean legs while its team's route is being emptied."""

OUT: float = 1000.0
"""What it costs otherwise."""

SLICE_S = 0.04
"""Between two looks at the clock."""

SPLIT_SHARE, SPLIT_MOST_S, SPLIT_LEAST_S, REST = 0.12, 6.0, 0.2, 0.2
"""Of the time, and in seconds at most and at least: for the final split, and of that for what comes after."""

SPLIT_WORK: Final = 2.0
"""CP-SAT's deterministic time for the split of a search whose steps are counted."""


class Search:
    """One search, which improves `best` in place until `ends` (`time.monotonic`) or `stopped` says so.

    With `iterations` no clock is asked: it makes about so many steps of ruin and recreate, and the same
    ones every time.
    """

    def __init__(
        self,
        best: Best,
        ends: float,
        seed: int,
        stopped: Callable[[], bool],
        iterations: int | None = None,
        *,
        sides: int = 1,
    ) -> None:
        self.tables, self.best, self.seed, self.stopped = best.tables, best, seed, stopped
        self.counted, self.made = iterations is not None, 0
        self.begun = self._now()
        self.ends: float = ends if iterations is None else iterations
        self.crews = list(range(len(self.tables.crews)))
        self.sides = sides
        self.ruin, self.pool = Ruin(self.tables, seed, sides), Pool(self.tables)
        hopeless = self.tables.tier[
            [node for node in left_out(self.tables, ()) if not self.ruin.possible[node]]
        ]
        self.least_missed = tuple(np.bincount(hopeless, minlength=self.tables.tiers).tolist())
        self._steps = 50
        # the solver takes a second to import; the search, which holds no lock, goes on meanwhile
        self._loading = threading.Thread(target=import_module, args=(SOLVER,), daemon=True)

    def _now(self) -> float:
        return self.made if self.counted else time.monotonic()

    def run(self) -> None:
        """Search: what matters most first, each goal within what the ones before it have reached."""
        whole = self.ends - self.begun
        for_split = SPLIT_SHARE * whole if self.counted else min(SPLIT_SHARE * whole, SPLIT_MOST_S)
        if not self.counted and for_split >= SPLIT_LEAST_S:
            self._loading.start()
        if self.best.objective is Objective.TRAVEL:
            self._begin(by_travel=True)
            self._cool(HOT, self.ends - for_split)
            self._split(for_split, NEVER)
            return
        if self.best.objective is Objective.FINISH:  # what would be the shortest way? it is a good start, too
            self._begin(by_travel=True)
            self._cool(WARM, self.begun + SHORT_SHARE * whole)
        # visits left out come before any objective: if need be once more, with nearly all the time there is
        for ends in (self.begun + FIT_SHARE * whole, self.ends - SAVE_SHARE * whole):
            if self.best.missed > self.least_missed:
                self._begin()
                self._cool(HOT, ends, until_all_in=True)
        named = self.best.goals[: self.best.goals.index(Objective.TRAVEL)]
        until = self._reach(named, whole)
        if Objective.BALANCE in named:  # shorter ways would be uneven again
            self._split(self.ends - self._now(), until)
            self._even_out(self.ends)
            return
        self._begin(by_travel=True, until_s=until)
        self._cool(WARM, self.ends - for_split)
        self._split(for_split, until)

    def hear(self, orders: Orders) -> None:
        """Take in what another search has found: its plan if it is better, its routes in any case."""
        self.best.take(orders)
        self.pool.add(orders)

    def fit(self) -> None:
        """Only fit everybody in, with all the time there is."""
        self._begin()
        self._cool(HOT, self.ends, until_all_in=True)

    def _reach(self, named: Sequence[Objective], whole: float) -> int:
        """Improve one goal after the other, and return by when all must be back for the later ones."""
        until = NEVER
        for number, goal in enumerate(named):
            now = self._now()
            ends = now + max(0.0, self.ends - SAVE_SHARE * whole - now) / (len(named) - number)
            if goal is Objective.FINISH:
                self._bring_forward(ends)
                until = self.best.finish_s
            elif goal is Objective.TEAMS:
                self._empty_routes(ends, until, PATIENCE * whole)
            else:
                if Objective.FINISH not in named:  # the way to an even plan is short
                    self._bring_forward((now + ends) / 2)
                self._even_out(ends)
        return until

    def _split(self, span: float, until_s: int) -> None:
        """Choose among the routes found so far, and go on from there, cold, with the time that leaves."""
        if self.counted:
            split(self.best, self.pool, SPLIT_WORK, self.seed, by_work=True)
        elif span >= SPLIT_LEAST_S and not self._loading.is_alive() and not self.stopped():
            split(self.best, self.pool, span * (1 - REST), self.seed)
        if Objective.BALANCE not in self.best.goals:
            self._begin(by_travel=True, until_s=until_s)
            self._cool(10 * COLD, self.ends)

    def _begin(self, *, by_travel: bool = False, until_s: int = NEVER) -> None:
        """Start from the best plan, with what `until_s` cuts off put back in as far as it finds a place."""
        tables = self.ruin.tables
        if any(order and crew not in self.crews for crew, order in enumerate(self.best.orders)):
            self._with_crews(range(len(self.tables.crews)))
            tables = self.ruin.tables
        cut = repaired(tables, tuple(self.best.orders[crew] for crew in self.crews), until_s)
        filler = Filler(tables, tables.travel_s if by_travel else tables.go_s, until_s)
        orders = filler.fill(cut, left_out(tables, cut))
        self.best.take(self._wide(orders))
        self._begin_with(orders, by_travel=by_travel, until_s=until_s, outside=OUT)

    def _begin_with(self, orders: Orders, *, by_travel: bool, until_s: int, outside: float) -> None:
        self.ruin.begin(orders, by_travel=by_travel, until_s=until_s)
        self.leg_s = 1 + self.ruin.travel_s / (self.tables.n + len(self.crews))
        self.ruin.set_price(outside * self.leg_s)

    def _with_crews(self, crews: Sequence[int]) -> None:
        """Let only these teams have a route."""
        self.crews = list(crews)
        self.ruin = Ruin(
            replace(self.tables, crews=tuple(self.tables.crews[crew] for crew in crews)),
            self.seed,
            self.sides,
        )

    def _wide(self, orders: Orders) -> Orders:
        """Return the plan with the teams that may have no route."""
        by_crew = dict(zip(self.crews, orders, strict=True))
        return tuple(by_crew.get(crew, ()) for crew in range(len(self.tables.crews)))

    def _cool(self, heat: float, ends: float, *, until_all_in: bool = False) -> None:
        """Ruin and recreate, cooling down from now to `ends`."""
        begun = self._now()
        while (now := self._now()) < ends and not self.stopped():
            self._slice(heat * (COLD / heat) ** ((now - begun) / (ends - begun)), until_all_in=until_all_in)
            if until_all_in and self.best.missed <= self.least_missed:
                return

    def _slice(self, heat: float, *, until_all_in: bool = False) -> None:
        """Search for a moment, and report the result."""
        begun, cost = time.monotonic(), self.ruin.best_cost
        made = self.ruin.run(self._steps, heat * self.leg_s, until_all_in=until_all_in)
        self.made += max(1, made)
        if made >= self._steps and not self.counted:
            took = time.monotonic() - begun
            self._steps = max(1, round(self._steps * min(2.0, SLICE_S / max(took, 1e-6))))
        if self.ruin.best_cost < cost:
            self.best.take(self._wide(self.ruin.best))
        self.pool.add(self._wide(self.ruin.orders))
        self.pool.add(self.best.orders)

    def _bring_forward(self, ends: float) -> None:
        """Bring the last return forward by a price on each second after an aim a little before it."""
        best, begun, floor = self.best, self._now(), self._floor()
        reached, since = best.finish_s, 0.0
        self._begin()
        while (now := self._now()) < ends and best.finish_s > floor and not self.stopped():
            passed = (now - begun) / (ends - begun)
            if best.finish_s < reached:
                reached, since = best.finish_s, passed
            sooner = (best.finish_s - floor) * AIM * (AIM_LEAST / AIM) ** passed
            self.ruin.aim(
                best.finish_s - max(1, round(sooner)), round(LATE * 2 ** ((passed - since) / DOUBLE))
            )
            self._slice(KEEN * (COLD / KEEN) ** passed, until_all_in=True)
            best.take(self._wide(self.ruin.orders))

    def _floor(self) -> int:
        """Return when the last team is back at the soonest, whatever the plan."""
        return longest_trip(self.tables, [node for order in self.best.orders for node in order])

    def _empty_routes(self, ends: float, until_s: int, patience: float) -> None:
        """Take one team's route away at a time, the shortest first, and fit its visits in with the others."""
        best, vain = self.best, set[int]()
        while self._now() < ends and not self.stopped():
            used = [crew for crew, order in enumerate(best.orders) if order]
            tried = [crew for crew in used if crew not in vain]
            if not tried or len(used) < 2:
                break
            gone = min(tried, key=lambda crew: (len(best.orders[crew]), crew))
            missed, teams = best.missed, len(used)
            self._with_crews([crew for crew in used if crew != gone])
            start = tuple(best.orders[crew] for crew in self.crews)
            self._begin_with(start, by_travel=False, until_s=until_s, outside=OUTSIDE)
            until_ends = min(ends, self._now() + patience)
            while self._now() < until_ends and not self.stopped():
                self._slice(WARM / 3, until_all_in=True)
                if best.missed <= missed and best.measures.teams < teams:
                    break
            self.made += 1
            if best.measures.teams < teams:
                vain.clear()
            else:
                vain.add(gone)
        used = [crew for crew, order in enumerate(best.orders) if order]
        if used:
            self._with_crews(used)

    def _even_out(self, ends: float) -> None:
        """Move visits between the longest, the shortest and other routes while that evens out the hours."""
        best, tables = self.best, self.tables
        filler, better = Filler(tables, tables.go_s), True
        while better and self._now() < ends and not self.stopped():
            better = False
            hours = {
                crew: times.finish_s - times.start_s
                for crew, order in enumerate(best.orders)
                if order and (times := timed(tables, tables.crews[crew], order)) is not None
            }
            hours = {crew: hours.get(crew, 0) for crew in self.crews}
            ranked = sorted(hours, key=lambda crew: hours[crew])
            pairs = [(ranked[-1], to) for to in ranked[:-1]] + [
                (giver, ranked[0]) for giver in ranked[1:-1][::-1]
            ]
            for giver, to in pairs:
                for node in best.orders[giver]:
                    if self._now() >= ends or self.stopped():
                        return
                    self.made += 1
                    price = filler.prices(filler.lane(tables.crews[to], best.orders[to]), np.array([node]))[0]
                    place = int(price.argmin())
                    if price[place] < NOWHERE and len(best.orders[giver]) > 1:
                        moved = list(best.orders)
                        moved[giver] = tuple(stop for stop in moved[giver] if stop != node)
                        moved[to] = (*moved[to][:place], node, *moved[to][place:])
                        better = best.take(tuple(moved))
                    if better:
                        break
                if better:
                    break
