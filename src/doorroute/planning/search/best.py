"""The best plan so far, whoever found it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from doorroute.model.settings import Objective
from doorroute.planning.core.insertion import repaired
from doorroute.planning.core.score import Measures, Orders, Score, goals_of, left_out, measured, no_orders
from doorroute.planning.core.tables import Tables


class Best:
    """Keeps the best plan so far, at first an empty one; it always keeps every rule.

    `tell` is called with each better one.

    `shortest` is the plan of least travel that came in and leaves out no more than the best: what a shorter
    way would have cost.
    """

    def __init__(
        self,
        tables: Tables,
        objective: Objective | Sequence[Objective],
        tell: Callable[[Orders], None] = lambda _: None,
    ) -> None:
        self.tables, self.goals, self._tell = tables, goals_of(objective), tell
        self.orders = no_orders(tables)
        everyone = np.bincount(tables.tier[left_out(tables, ())], minlength=tables.tiers)
        self.measures = self.shortest = measured(tables, self.orders) or Measures(tuple(everyone.tolist()))

    @property
    def objective(self) -> Objective:
        """Return what matters most."""
        return self.goals[0]

    @property
    def score(self) -> Score:
        """Return what plans are compared by."""
        return self.measures.score(self.goals)

    @property
    def missed(self) -> Score:
        """Return how many visits are left out, by tier."""
        return self.measures.missed

    @property
    def finish_s(self) -> int:
        """Return the last return."""
        return self.measures.finish

    @property
    def travel_s(self) -> int:
        """Return the travel of all teams."""
        return self.measures.travel

    def take(self, orders: Orders) -> bool:
        """Keep the plan if it is better, repaired if it breaks a rule, and return whether it was kept."""
        reached = measured(self.tables, orders)
        if reached is None:
            orders = repaired(self.tables, orders)
            reached = measured(self.tables, orders)
        if reached is None:
            return False
        if (reached.missed, reached.travel) < (self.shortest.missed, self.shortest.travel):
            self.shortest = reached
        if reached.score(self.goals) >= self.score:
            return False
        self.orders, self.measures = orders, reached
        self._tell(orders)
        return True
