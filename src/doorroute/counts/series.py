"""The scenarios of one set of changes, in the form in which they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from doorroute.counts.answer import CountAnswer
    from doorroute.counts.result import Scenario


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Series:
    """A set of changes with its scenarios, one a team count, and the answer.

    `name` is "" where there is only one set. `by_s` is the target return, in seconds after midnight;
    `chance` (0 to 1) is how sure of it the planner wants to be.
    """

    name: str
    by_s: int
    chance: float
    scenarios: tuple[Scenario, ...]
    answer: CountAnswer
