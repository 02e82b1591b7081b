"""What came of one count of teams."""

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
    """A plan with the first `teams` teams, and how it fares.

    No plan with so many teams that visits everybody who can be visited has its last team back before `bound_s` (0: not looked for). Times in seconds after
    midnight, `chance` the share of replayed mornings done in time, `early_s` and `late_s` when 10 and 90 % of them are done,
    `promise_s` when the wished share of all is done with nobody left out, None where that never comes.
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
        """Return the last return."""
        return max((route.finish_s for route in self.routes), default=0)

    @property
    def lengths_s(self) -> tuple[int, ...]:
        """Return how long each team that goes is out."""
        return tuple(route.finish_s - route.start_s for route in self.routes)

    @property
    def longest_s(self) -> int:
        """Return the longest of them."""
        return max(self.lengths_s, default=0)

    @property
    def mean_s(self) -> int:
        """Return their mean."""
        return round(sum(self.lengths_s) / len(self.routes)) if self.routes else 0

    @property
    def travel_s(self) -> int:
        """Return the travel of all teams."""
        return sum(route.travel_s for route in self.routes)

    @property
    def distance_m(self) -> int:
        """Return the way of all teams."""
        return sum(route.distance_m for route in self.routes)

    def in_time(self, by_s: int, least_unassigned: int) -> bool:
        """Say whether the plan is done by then and leaves out nobody that another count visits."""
        return len(self.unassigned) <= least_unassigned and self.finish_s <= by_s


def scenario_of(  # the pieces of one row
    problem: Problem,
    tables: engine.Tables,
    orders: engine.Orders,
    *,
    by_s: int,
    chance: float,
    luck: Luck,
    seed: int,
) -> Scenario:
    """Put the plan of `len(orders)` teams together; `problem` and `tables` hold all teams."""
    count = len(orders)
    mine, rows = replace(problem, teams=problem.teams[:count]), engine.first_teams(tables, count)
    fate: Replayed = replay(rows, orders, luck, seed=seed)
    return Scenario(
        teams=count,
        problem=mine,
        routes=engine.routes_of(mine, rows, orders),
        unassigned=engine.explain(mine, rows, orders),
        chance=fate.chance(by_s),
        early_s=fate.return_by(0.1),
        middle_s=fate.return_by(0.5),
        late_s=fate.return_by(0.9),
        promise_s=fate.promise(chance),
    )
