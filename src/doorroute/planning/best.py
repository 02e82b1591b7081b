"""The best plan so far, whoever found it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from doorroute.model.settings import Objective
from doorroute.planning.insertion import repaired
from doorroute.planning.score import Orders, Score, left_out, no_orders, scored
from doorroute.planning.tables import Tables


class Best:
    """Keeps the best plan that has come in, at first that nobody goes; it always keeps every rule. `tell` is called with each better one."""

    def __init__(self, tables: Tables, objective: Objective, tell: Callable[[Orders], None] = lambda _: None) -> None:
        self.tables, self.objective, self._tell = tables, objective, tell
        self.orders = no_orders(tables)
        everyone = np.bincount(tables.tier[left_out(tables, ())], minlength=tables.tiers)
        self.score: Score = scored(tables, self.orders, objective) or (*everyone.tolist(), 0, 0)

    @property
    def missed(self) -> Score:
        """Return how many visits are left out, by tier."""
        return self.score[: self.tables.tiers]

    @property
    def finish_s(self) -> int:
        """Return the last return."""
        return self.score[-2 if self.objective is Objective.FINISH else -1]

    @property
    def travel_s(self) -> int:
        """Return the travel of all teams."""
        return self.score[-1 if self.objective is Objective.FINISH else -2]

    def take(self, orders: Orders) -> bool:
        """Keep the plan if it is better; one that breaks a rule is repaired before. Say whether it was kept."""
        reached = scored(self.tables, orders, self.objective)
        if reached is None:
            orders = repaired(self.tables, orders)
            reached = scored(self.tables, orders, self.objective)
        if reached is None or reached >= self.score:
            return False
        self.orders, self.score = orders, reached
        self._tell(orders)
        return True
