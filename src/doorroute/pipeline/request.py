"""What a plan is asked for, and how that is kept with the plan."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from doorroute.model.settings import Objective, Settings
from doorroute.settings_file import settings_from
from doorroute.workspace import cache_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from doorroute.model.plan import Plan


@dataclass(frozen=True, kw_only=True)
class Request:
    """What a plan is asked for. `teams` is a table, or a number of alike teams; `mapping` names headers by field.

    `objectives` are all of them, `objective` first; empty: that one alone.
    `pins` are places confirmed by hand, `gazetteer` the user's own places, `profiles` speeds that differ from the shipped ones, `barriers` what is closed that day;
    `cache` None keeps nothing.
    """

    residents: Path
    teams: Path | int
    depots: Path
    network: Path
    date: str
    objective: Objective = Objective.FINISH
    objectives: tuple[Objective, ...] = ()
    time_limit_s: float = 20.0
    seed: int = 1
    iterations: int | None = None
    plain_ortools: bool = False
    mapping: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    settings: Settings = Settings()
    pins: Path | None = None
    gazetteer: Path | None = None
    profiles: Path | None = None
    barriers: Path | None = None
    cache: Path | None = field(default_factory=cache_folder)

    @property
    def goals(self) -> tuple[Objective, ...]:
        """Return all objectives, the most important first."""
        return self.objectives or (self.objective,)

    @property
    def files(self) -> dict[str, Path]:
        """Return every file that the plan is made from, by its name in `plan.json`."""
        named = {
            "residents": self.residents,
            "teams": self.teams,
            "depots": self.depots,
            "network": self.network,
            "pins": self.pins,
            "gazetteer": self.gazetteer,
            "profiles": self.profiles,
            "barriers": self.barriers,
        }
        return {name: path for name, path in named.items() if isinstance(path, Path)}


def request_to_json(request: Request) -> dict[str, Any]:
    """Keep what `plan.json` does not say elsewhere, so that the plan can be checked from its inputs again."""
    return {
        "teams": request.teams if isinstance(request.teams, int) else None,
        "mapping": dict(request.mapping),
        "settings": asdict(request.settings),
        "time_limit_s": request.time_limit_s,
    }


def request_from_json(document: dict[str, Any], made: Plan, home: Path, cache: Path | None) -> Request:
    """Put the request together again; `home` is the folder that the names of the inputs are seen from.

    Raises
    ------
    KeyError, TypeError, ValueError
        Where the document does not hold what `request_to_json` wrote.
    """
    files = {name: home / entry.file for name, entry in made.inputs}
    asked = document["request"]
    return Request(
        residents=files["residents"],
        teams=files["teams"] if asked["teams"] is None else int(asked["teams"]),
        depots=files["depots"],
        network=files["network"],
        date=made.date,
        objective=made.objective,
        objectives=made.objectives,
        seed=made.seed,
        time_limit_s=float(asked["time_limit_s"]),
        mapping=dict(asked["mapping"]),
        pins=files.get("pins"),
        gazetteer=files.get("gazetteer"),
        profiles=files.get("profiles"),
        barriers=files.get("barriers"),
        settings=settings_from(asked["settings"]),
        cache=cache,
    )
