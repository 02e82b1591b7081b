"""The list of all rules, and a check against each of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from doorroute.checker.case import Case, Rule, Violation
from doorroute.checker.goods import load_counted, sample_age_kept, within_capacity, within_max_reloads
from doorroute.checker.history import goes_on_when_free, history_kept, locks_told, order_kept
from doorroute.checker.limits import (
    by_a_team_that_may,
    classes_apart,
    classes_in_order,
    has_skills,
    takes_the_class,
    within_max_travel,
    within_max_visits,
)
from doorroute.checker.times import (
    breaks_kept,
    inside_shift,
    inside_window,
    service_as_asked,
    setup_once_a_building,
    streets_lead_there,
    times_add_up,
    waiting_never_negative,
)
from doorroute.checker.totals import totals_add_up
from doorroute.checker.visits import (
    each_visit_once,
    from_start_to_end,
    moves_like_its_team,
    one_route_a_shift,
    residents_of_their_visit,
    steps_at_their_places,
)
from doorroute.model.plan import Route, Unassigned
from doorroute.model.problem import Problem

RULES: Final[tuple[Rule, ...]] = (
    each_visit_once,
    residents_of_their_visit,
    one_route_a_shift,
    moves_like_its_team,
    from_start_to_end,
    steps_at_their_places,
    streets_lead_there,
    times_add_up,
    waiting_never_negative,
    setup_once_a_building,
    service_as_asked,
    inside_window,
    inside_shift,
    breaks_kept,
    load_counted,
    within_capacity,
    within_max_reloads,
    sample_age_kept,
    within_max_visits,
    within_max_travel,
    has_skills,
    by_a_team_that_may,
    takes_the_class,
    classes_in_order,
    classes_apart,
    history_kept,
    order_kept,
    goes_on_when_free,
    locks_told,
    totals_add_up,
)


def check(
    problem: Problem, routes: Sequence[Route], unassigned: Sequence[Unassigned]
) -> tuple[Violation, ...]:
    """Return every breach of every rule; empty for a valid plan. Never raises, however wrong the plan is."""
    case = Case(problem, routes, unassigned)
    return tuple(
        Violation(rule=rule.__name__, team=breach.team, visit=breach.visit, message=breach.message)
        for rule in RULES
        for breach in rule(case)
    )
