"""The day's rules that OR-Tools' routing library cannot model; its plans are checked and repaired anyway."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

import numpy as np

from doorroute.model.finding import Finding, FindingCode, Severity
from doorroute.model.problem import Problem
from doorroute.model.settings import Objective
from doorroute.planning.core.score import Goals
from doorroute.planning.core.tables import Tables
from doorroute.texts import Text, msg

MOST: Final = 2**61
"""What all costs together stay below, for sums to fit in 64 bits."""


def untold(problem: Problem, tables: Tables, named: Goals) -> Iterator[Finding]:
    """Give a warning for each rule, goal or priority of this day that it is not told."""
    if any(team.max_reloads for team in problem.teams):
        yield _warning(
            "teams", msg("OR-Tools alone plans no reloads: each team goes with what it can carry at once.")
        )
    if Objective.BALANCE in named:
        yield _warning(
            "teams",
            msg("OR-Tools alone does not look for even hours: of the plans it meets the most even is taken."),
        )
    if len(named) > 1:
        yield _warning(
            "teams",
            msg(
                "OR-Tools alone looks for the first goal; by the others the plans that it meets "
                "are only compared."
            ),
        )
    if not are_exact(tables):
        yield _warning(
            "residents",
            msg(
                "OR-Tools alone cannot keep so many priorities strictly in order: "
                "a visit may give way to many less urgent ones."
            ),
        )


def _warning(table: str, message: Text) -> Finding:
    return Finding(
        severity=Severity.WARNING,
        code=FindingCode("NOT_TOLD_TO_ORTOOLS"),
        table=table,
        row=None,
        column="",
        message=message,
        advice=msg(
            "Plan with --engine doorroute, which knows every rule; "
            "the plan is checked against all of them either way."
        ),
    )


def longest_work(tables: Tables) -> int:
    """Return more seconds than all teams together can travel, with all that broken wishes can count."""
    dearest = [0 if crew.wish_s is None else int(crew.wish_s.max(initial=0)) for crew in tables.crews]
    wishes = max(dearest, default=0) + (0 if tables.arc_s is None else int(tables.arc_s.max(initial=0)))
    return 1 + tables.n * wishes + sum(max(0, crew.closes_s - crew.opens_s) for crew in tables.crews)


def are_exact(tables: Tables) -> bool:
    """Say whether a visit costs more left out than all less urgent ones together."""
    by_tier, counts = _exact(tables)
    return sum(price * count for price, count in zip(by_tier, counts, strict=True)) <= MOST


def prices_of(tables: Tables) -> list[int]:
    """Return what it costs to leave each visit out: more than all less urgent ones and any travel.

    Where so many tiers occur that this would not fit in 64 bits, each costs only a fixed multiple of the
    next: OR-Tools then weighs more softly than the score by which plans are compared.
    """
    by_tier, _ = _exact(tables)
    if not are_exact(tables):
        travel = by_tier[-1]
        ratio = (MOST / travel / tables.n) ** (1 / (tables.tiers - 1))
        by_tier = [int(travel * ratio ** (tables.tiers - 1 - tier)) for tier in range(tables.tiers)]
    return [by_tier[tier] for tier in tables.tier[: tables.n].tolist()]


def _exact(tables: Tables) -> tuple[list[int], list[int]]:
    """Return by tier the price of a visit, the least urgent last, and the number of visits."""
    travel = longest_work(tables) * (
        1 + len(tables.crews)
    )  # a team that stays at home is worth that, where few go
    counts = np.bincount(tables.tier[: tables.n], minlength=tables.tiers).tolist()
    return [
        travel * math.prod(count + 1 for count in counts[tier + 1 :]) for tier in range(tables.tiers)
    ], counts
