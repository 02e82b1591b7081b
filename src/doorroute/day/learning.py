"""Learn from a day's results how long doors and people take, and how fast teams travel. Pure.

The time between two marks of a team is the travel, the setup (`Problem`) and the service at the later door.
Marks are whole minutes, so one gap says little and many say a lot. The times are fitted by non-negative Huber
regression (P. J. Huber, Robust Estimation of a Location Parameter, 1964): a rest or a forgotten mark has
little weight. A time is offered only with enough observations and a small standard error. A time that the
gaps cannot separate from others keeps its setting, and the rest is fitted again.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from doorroute.day.closing import Mark
from doorroute.day.events import Outcome, ResidentState
from doorroute.model.plan import Plan, StepType
from doorroute.model.problem import Problem
from doorroute.model.resident import Resident, ResidentId, TeamId, Visit, VisitId
from doorroute.model.settings import ServiceTimes
from doorroute.model.team import Profile
from doorroute.model.travel import UNREACHABLE, visit_key

if TYPE_CHECKING:
    from numpy.typing import NDArray

ENOUGH: Final = 10
"""Fewest observations for a time to be offered."""
WIDEST: Final = 0.2
"""Largest standard error to be offered, as a share of the value: on 95 days of 100 it is within 40 %."""
LONGEST_S: Final = 2 * 3600  # a longer gap between two doors has other causes than travel and service
_EFFICIENT: Final = 1.345  # Huber's threshold in standard deviations: 95 % efficient on normal errors
_MINUTE_S: Final = 24.5  # standard deviation of the difference of two times in whole minutes
_DIFFER: Final = 0.2  # deviation of real from planned times, as a share: long gaps are less exact
_LEAST: Final = 0.1  # smallest spread assumed, as a share of the expected deviation
DOOR, PERSON, WALK = "door", "person", "walk:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """The time from one door to the next: `seconds` in all, `setup_s` of them from the street to the door.

    `walk_s` is the planned travel time; `people` counts those served of each kind ('' if no kind is given).
    """

    seconds: int
    profile: Profile
    walk_s: int
    setup_s: int
    people: Mapping[str, int] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """One learned time.

    Attributes
    ----------
    name : `door`, `person`, a kind of person, or `walk:<profile>`: actual by planned travel time.
    was : the setting that the day was planned with.
    value, error : the estimate and its standard error, in seconds (`walk:` a ratio).
    observations : number of gaps that it appears in.
    sure : whether it is offered.
    """

    name: str
    was: float
    value: float
    error: float
    observations: int
    sure: bool

    @property
    def share(self) -> float:
        """Return the error as a share of the value, or of a quarter of the setting if that is larger."""
        return self.error / max(self.value, self.was / 4)


def gaps_of(
    marks: Mapping[TeamId, Sequence[Mark]],
    plan: Plan,
    problem: Problem,
    states: Mapping[ResidentId, ResidentState],
    setup_s: Callable[[VisitId, VisitId], int],
) -> tuple[Gap, ...]:
    """Return the gaps that can be learned from.

    These lead to a door where everybody was sampled in one call and nobody has a service time of their own,
    with no break, reload or wait before it. Doors marked in the same minute are left out: they were marked
    later, from memory.
    """
    visits = {visit.id: visit for visit in problem.visits}
    teams = {team.id: team for team in problem.teams}
    rests = _after_rests(plan)
    calls = Counter(mark.visit for of_team in marks.values() for mark in of_team)
    done = {resident for resident, state in states.items() if state.outcome is Outcome.DONE}
    found = []
    for team, of_team in marks.items():
        minutes = Counter(mark.time_s for mark in of_team)
        for before, mark in pairwise(of_team):
            visit = visits.get(mark.visit)
            if team not in teams or before.visit not in visits or visit is None:
                continue
            at_once = calls[visit.id] == 1 and done.issuperset(visit.resident_ids)
            at_once = at_once and all(each.service_s is None for each in visit.residents)
            if (
                not at_once
                or (team, visit.id) in rests
                or minutes[before.time_s] > 1
                or minutes[mark.time_s] > 1
            ):
                continue
            profile = teams[team].profile
            walk_s = problem.travel[profile].seconds(visit_key(before.visit), visit_key(visit.id))
            setup, seconds = setup_s(before.visit, visit.id), mark.time_s - before.time_s
            if (
                walk_s < UNREACHABLE
                and seconds <= LONGEST_S
                and not _waits(visit, before.time_s + walk_s + setup)
            ):
                found.append(
                    Gap(seconds=seconds, profile=profile, walk_s=walk_s, setup_s=setup, people=_people(visit))
                )
    return tuple(found)


def _people(visit: Visit) -> Counter[str]:
    people: Counter[str] = Counter()
    for each in visit.residents:
        people[kind_of(each)] += each.people
    return people


def kind_of(resident: Resident) -> str:
    """Return the kind of person in the spelling of the settings."""
    return " ".join(unicodedata.normalize("NFKC", resident.kind).casefold().split())


def _after_rests(plan: Plan) -> set[tuple[TeamId, VisitId]]:
    """Return the visits that directly follow a break or a reload."""
    return {
        (route.team, after.visit)
        for route in plan.routes
        for before, after in pairwise(route.steps)
        if after.visit is not None and before.type in {StepType.BREAK, StepType.RELOAD}
    }


def _waits(visit: Visit, ready_s: int) -> bool:
    windows = visit.time_windows
    return bool(windows) and not any(window.start_s <= ready_s <= window.end_s for window in windows)


def learn(gaps: Sequence[Gap], service: ServiceTimes, kind_s: Callable[[str], int]) -> tuple[Learned, ...]:
    """Return an estimate of each time; `kind_s` gives the seconds set for a kind of person."""
    if not gaps:
        return ()
    counted = {kind: sum(kind in gap.people for gap in gaps) for gap in gaps for kind in gap.people if kind}
    kinds = sorted(kind for kind, count in counted.items() if count >= ENOUGH)
    walks = sorted({gap.profile for gap in gaps})
    names = (DOOR, PERSON, *kinds, *(f"{WALK}{profile}" for profile in walks))
    was = np.array([service.door_s, service.resident_s, *map(kind_s, kinds), *(1.0 for _ in walks)])
    rows = []
    rest = []
    for gap in gaps:
        # people of a kind too rare to learn count as ordinary if the settings give them the same time
        rare = [kind for kind in gap.people if kind not in kinds]
        plain = [kind for kind in rare if kind_s(kind) == service.resident_s]
        rows.append(
            [
                1,
                sum(gap.people[kind] for kind in plain),
                *(gap.people.get(kind, 0) for kind in kinds),
                *(gap.walk_s if gap.profile is profile else 0 for profile in walks),
            ]
        )
        known = sum(gap.people[kind] * kind_s(kind) for kind in rare if kind not in plain)
        rest.append(gap.seconds - gap.setup_s - known)
    table, seconds = np.array(rows, float), np.array(rest, float)
    weight = 1 / np.hypot(_MINUTE_S, _DIFFER * (table @ was))
    return _fitted(names, table * weight[:, None], seconds * weight, was)


def _fitted(
    names: Sequence[str], table: NDArray[np.float64], seconds: NDArray[np.float64], was: NDArray[np.float64]
) -> tuple[Learned, ...]:
    """Fit all times; while one is too uncertain, fix the worst at its setting and fit the rest again."""
    seen = (table > 0).sum(axis=0)
    free = [at for at in range(len(names)) if seen[at] >= ENOUGH]
    value, error = was.copy(), np.full(len(names), np.inf)
    while free:
        value, error = was.copy(), error.copy()
        fixed = [at for at in range(len(names)) if at not in free]
        value[free], error[free] = _huber(table[:, free], seconds - table[:, fixed] @ was[fixed], was[free])
        unsure = error[free] / np.maximum(value[free], was[free] / 4)
        if unsure.max() <= WIDEST:
            break
        # if two cannot be separated, their split is arbitrary: the settings show which matters less
        free.remove(free[int(np.argmax(error[free] / np.maximum(was[free], value[free] / 4)))])
    return tuple(
        Learned(
            name=name,
            was=float(was[at]),
            value=float(value[at]),
            error=float(error[at]),
            observations=int(seen[at]),
            sure=at in free,
        )
        for at, name in enumerate(names)
    )


def _huber(
    table: NDArray[np.float64], seconds: NDArray[np.float64], start: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the non-negative Huber fit from `start`, and its standard errors: huge for collinear columns."""
    from scipy.optimize import least_squares

    unit = np.maximum(np.abs(table).max(axis=0), 1e-9)  # scale the columns to similar size
    scaled, value, spread = table / unit, start * unit, 1.0
    for _ in range(5):  # the spread and the fit depend on each other
        fit = least_squares(
            _residuals,
            value,
            args=(scaled, seconds),
            bounds=(0, np.inf),
            loss="huber",
            f_scale=_EFFICIENT * spread,
        )
        value = fit.x
        off = seconds - scaled @ value
        spread = max(_LEAST, 1.4826 * float(np.median(np.abs(off - np.median(off)))))
    inside = float((np.abs(off) <= _EFFICIENT * spread).mean())
    if len(off) <= table.shape[1] or not inside:
        return value / unit, np.full(table.shape[1], np.inf)
    # Huber, Robust Statistics, 1981, 7.6; the ridge makes only the errors of collinear columns huge
    clipped = np.clip(off, -_EFFICIENT * spread, _EFFICIENT * spread)
    variance = max(_LEAST**2, float(clipped @ clipped) / (len(off) - table.shape[1]) / inside**2)
    square = scaled.T @ scaled + 1e-9 * np.eye(table.shape[1])
    return value / unit, np.sqrt(np.diag(np.linalg.inv(square)) * variance) / unit


def _residuals(
    value: NDArray[np.float64], table: NDArray[np.float64], seconds: NDArray[np.float64]
) -> NDArray[np.float64]:
    return table @ value - seconds
