"""The result for one count of teams."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from doorroute.counts import planning_parts as engine
from doorroute.counts.replay import Luck, Replayed, replay

if TYPE_CHECKING:
    from doorroute.model.plan import Route, Unassigned
    from doorroute.model.problem import Problem


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scenario:
    """A plan with the first `teams` teams, and the results of its replays. Times in seconds after midnight.

    Attributes
    ----------
    bound_s : lower bound of the last return over all plans with this count that visit everybody who can be
        visited; 0: not computed.
    chance : share of replayed mornings that are done in time.
    early_s, middle_s, late_s : when 10, 50 and 90 % of the mornings are done.
    promise_s : when the wanted share of mornings is done with nobody left out, or None if never.
    """

    teams: int
    problem: Problem
    routes: tuple[Route, ...]
    unassigned: tuple[Unassigned, ...]
    chance: float
    early_s: int
    middle_s: int
    late_s: int
    bound_s: int = 0
    promise_s: int | None = None

    @property
    def finish_s(self) -> int:
        """Return when the last team is back."""
        return max((route.finish_s for route in self.routes), default=0)

    @property
    def lengths_s(self) -> tuple[int, ...]:
        """Return the duration of each route in seconds."""
        return tuple(route.finish_s - route.start_s for route in self.routes)

    @property
    def longest_s(self) -> int:
        """Return the longest duration of a route in seconds."""
        return max(self.lengths_s, default=0)

    @property
    def mean_s(self) -> int:
        """Return the mean duration of a route in seconds."""
        return round(sum(self.lengths_s) / len(self.routes)) if self.routes else 0

    @property
    def travel_s(self) -> int:
        """Return the travel time of all teams in seconds."""
        return sum(route.travel_s for route in self.routes)

    @property
    def distance_m(self) -> int:
        """Return the distance of all teams in metres."""
        return sum(route.distance_m for route in self.routes)

    def in_time(self, by_s: int, least_unassigned: int) -> bool:
        """Return whether the plan is done by `by_s` and leaves out no more doors than the best count."""
        return len(self.unassigned) <= least_unassigned and self.finish_s <= by_s


def scenario_of(
    problem: Problem,
    tables: engine.Tables,
    orders: engine.Orders,
    *,
    by_s: int,
    chance: float,
    luck: Luck,
    seed: int,
) -> Scenario:
    """Return the scenario of `len(orders)` teams; `problem` and `tables` hold all teams."""
    count = len(orders)
    mine, rows = replace(problem, teams=problem.teams[:count]), engine.first_teams(tables, count)
    replayed: Replayed = replay(rows, orders, luck, seed=seed)
    return Scenario(
        teams=count,
        problem=mine,
        routes=engine.routes_of(mine, rows, orders),
        unassigned=engine.explain(mine, rows, orders),
        chance=replayed.chance(by_s),
        early_s=replayed.return_by(0.1),
        middle_s=replayed.return_by(0.5),
        late_s=replayed.return_by(0.9),
        promise_s=replayed.promise(chance),
    )
