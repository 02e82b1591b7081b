"""The stages as a table: progress messages and the table in ARCHITECTURE.md follow it."""

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
    """One step from the spreadsheet to the maps: its name, what it reads and writes, and its description."""

    name: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    does: Text


INTAKE: Final = Stage(
    name="intake",
    reads=("residents file", "teams file", "depots file"),
    writes=("residents", "visits", "teams", "depots", "rejected"),
    does=msg("Read the tables and account for every row"),
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
    does=msg("Read the streets and compute travel times"),
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
    does=msg("Check every rule again"),
)
MAPS: Final = Stage(
    name="output",
    reads=("plan", "places", "visits", "teams", "extract"),
    writes=("pages", "exports"),
    does=msg("Draw the maps and write the files"),
)
SCENARIOS: Final = Stage(
    name="counts",
    reads=("visits", "places", "teams", "depots", "travel"),
    writes=("scenarios",),
    does=msg("Plan every team count"),
)
"""Not a step to a plan: `doorroute scenarios` runs it instead of planning."""
STAGES: Final = (INTAKE, GEOCODE, NETWORK, PLANNING, VERIFY, MAPS)
GIVEN: Final = ("residents file", "teams file", "depots file", "extract")


class Reporter(Protocol):
    """Shows progress."""

    def stage(self, stage: Stage, /) -> AbstractContextManager[object]:
        """Begin a stage; leaving the context ends it."""

    def best(self, progress: Progress, /) -> None:
        """Show the best plan so far."""

    def warn(self, finding: Finding, /) -> None:
        """Show a warning before the work goes on."""


class Silence:
    """A reporter that shows nothing."""

    def stage(self, stage: Stage, /) -> AbstractContextManager[object]:
        """Do nothing."""
        del stage
        return nullcontext()

    def best(self, progress: Progress, /) -> None:
        """Do nothing."""

    def warn(self, finding: Finding, /) -> None:
        """Do nothing."""
