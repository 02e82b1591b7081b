"""Decide whether the plan of a stopped search is written: only if it is better than the one in the folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from doorroute.errors import BadInputError
from doorroute.model.settings import Objective
from doorroute.pipeline.request import request_to_json
from doorroute.pipeline.saved_plan import inputs_of, open_folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from doorroute.model.plan import Plan
    from doorroute.model.problem import Problem
    from doorroute.pipeline.request import Request
    from doorroute.pipeline.wiring import CheckedPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPlan:
    """The plan that stays in the folder.

    `same` says that it has the same day, inputs and wishes, so the new plan is known to be no better.
    """

    plan: Plan
    same: bool


def kept_instead(planned: CheckedPlan, out: Path) -> KeptPlan | None:
    """Return the plan in `out` that a stopped search must not replace, or None.

    That is a plan of the same day and inputs that is at least as good, or any plan with other inputs, which
    cannot be compared.
    """
    try:
        made, request = open_folder(out, cache=None)
    except BadInputError:
        return None
    if not _is_same(planned, made, request, out):
        return KeptPlan(plan=made, same=False)
    goals = planned.request.goals
    if _measure(planned.plan, planned.problem, goals) < _measure(made, planned.problem, goals):
        return None
    return KeptPlan(plan=made, same=True)


def _is_same(planned: CheckedPlan, made: Plan, request: Request, out: Path) -> bool:
    def asked(one: Request) -> dict[str, Any]:
        return {name: value for name, value in request_to_json(one).items() if name != "time_limit_s"}

    return (
        made.date == planned.plan.date
        and {name: file.sha256 for name, file in made.inputs}
        == {name: file.sha256 for name, file in inputs_of(planned, out)}
        and request.goals == planned.request.goals
        and asked(request) == asked(planned.request)
    )


def _measure(plan: Plan, problem: Problem, goals: Sequence[Objective]) -> tuple[int, ...]:
    """Return the values by which plans of one day are compared; less is better.

    First the visits left out, by priority tier, then the goals, travel and last return.
    """
    left = {each.visit for each in plan.unassigned}
    tiers = sorted({visit.priority for visit in problem.visits})
    missed = [sum(visit.id in left for visit in problem.visits if visit.priority == tier) for tier in tiers]
    summary, hours = plan.summary, [route.finish_s - route.start_s for route in plan.routes]
    shifts = sum(len(team.shifts) for team in problem.teams)
    value = {
        Objective.FINISH: summary.finish_s,
        Objective.TRAVEL: summary.travel_s + summary.wishes_s,
        Objective.TEAMS: summary.teams,
        Objective.BALANCE: max(hours, default=0) - (min(hours, default=0) if len(hours) == shifts else 0),
    }
    return (*missed, *(value[goal] for goal in dict.fromkeys((*goals, Objective.TRAVEL, Objective.FINISH))))
