"""The checker, written apart, beside what the search does with any day."""

from doorroute.checker import check
from doorroute.model.problem import Problem
from doorroute.planning.core.insertion import Filler
from doorroute.planning.core.routes import routes_of
from doorroute.planning.core.schedule import timed
from doorroute.planning.core.score import Orders, left_out, no_orders
from doorroute.planning.core.tables import tabulate
from doorroute.planning.reasons.explain import explain
from doorroute.planning.search.ruin import Ruin


def breaches(day: Problem, orders: Orders) -> list[tuple[str, str]]:
    """Return the rules that the orders break, with what the checker says."""
    tables = tabulate(day)
    return [
        (v.rule, v.message) for v in check(day, routes_of(day, tables, orders), explain(day, tables, orders))
    ]


def fill(day: Problem) -> Orders:
    """Return the plan that insertion makes."""
    tables = tabulate(day)
    return Filler(tables, tables.go_s).fill(no_orders(tables), left_out(tables, no_orders(tables)))


def assert_ruin_keeps_every_rule(day: Problem, *, by_travel: bool) -> None:
    """Let the kernel search for a moment, and hold its current and best plan against the checker."""
    tables = tabulate(day)
    if not (tables.n and tables.crews):
        return
    ruin = Ruin(tables, 3)
    ruin.begin(no_orders(tables), by_travel=by_travel)
    ruin.set_price(1e5)
    ruin.run(60, 200.0)
    for orders in (ruin.orders, ruin.best):
        assert all(timed(tables, c, o) for c, o in zip(tables.crews, orders, strict=True) if o)
        assert breaches(day, orders) == []
