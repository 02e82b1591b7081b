"""The stages as a table: the console's progress and the README are made from it."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from doorroute.texts import Text, msg

if TYPE_CHECKING:
    from doorroute.model.finding import Finding
    from doorroute.planning import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One step from the spreadsheet to the maps: what it needs, what it adds, and what to call it."""

    name: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    does: Text


INTAKE: Final = Stage(
    name="intake",
    reads=("residents file", "teams file", "depots file"),
    writes=("residents", "visits", "teams", "depots", "rejected"),
    does=msg("Read the tables, account for every row"),
)
GEOCODE: Final = Stage(
    name="geocode",
    reads=("visits", "depots", "extract"),
    writes=("places", "not located"),
    does=msg("Find every door"),
)
NETWORK: Final = Stage(
    name="network",
    reads=("places", "teams", "extract"),
    writes=("travel",),
    does=msg("Compile the streets, measure the ways"),
)
PLANNING: Final = Stage(
    name="planning",
    reads=("visits", "places", "teams", "depots", "travel"),
    writes=("routes", "unassigned"),
    does=msg("Split the visits into routes"),
)
VERIFY: Final = Stage(
    name="checker",
    reads=(
        "residents",
        "visits",
        "places",
        "teams",
        "travel",
        "routes",
        "unassigned",
        "not located",
        "rejected",
    ),
    writes=("plan",),
    does=msg("Check every rule once more"),
)
MAPS: Final = Stage(
    name="output",
    reads=("plan", "places", "visits", "teams", "extract"),
    writes=("pages", "exports"),
    does=msg("Draw the maps, write the files"),
)
SCENARIOS: Final = Stage(
    name="counts",
    reads=("visits", "places", "teams", "depots", "travel"),
    writes=("scenarios",),
    does=msg("Solve every count of teams"),
)
"""Stands apart from the flow to a plan: `doorroute scenarios` goes through it instead of planning."""
STAGES: Final = (INTAKE, GEOCODE, NETWORK, PLANNING, VERIFY, MAPS)
GIVEN: Final = ("residents file", "teams file", "depots file", "extract")


class Reporter(Protocol):
    """Who is told how far the work has come."""

    def stage(self, stage: Stage, /) -> AbstractContextManager[object]:
        """Enter a stage; it is over when the context is left."""

    def best(self, progress: Progress, /) -> None:
        """Hear of the best plan so far."""

    def warn(self, finding: Finding, /) -> None:
        """Hear of what should be known before the work goes on."""


class Silence:
    """A reporter that tells nobody."""

    def stage(self, stage: Stage, /) -> AbstractContextManager[object]:
        """Do nothing."""
        del stage
        return nullcontext()

    def best(self, progress: Progress, /) -> None:
        """Do nothing."""

    def warn(self, finding: Finding, /) -> None:
        """Do nothing."""
