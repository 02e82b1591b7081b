"""The request for a plan, and its form in `plan.json`."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from doorroute.day.log import from_lines
from doorroute.day.replan_request import ReplanRequest
from doorroute.disk.files import parsed
from doorroute.disk.places import cache_folder
from doorroute.errors import BadInputError
from doorroute.intake import IdRecord, parse_record
from doorroute.model.plan_json import plan_from_json
from doorroute.model.resident import ResidentId, TeamId
from doorroute.model.settings import Objective, Settings
from doorroute.settings_file import settings_from
from doorroute.texts import msg

if TYPE_CHECKING:
    from collections.abc import Mapping

    from doorroute.day import Event
    from doorroute.model.plan import Plan


PARENT, HISTORY, IDS = "parent", "history", "ids"
FILES = {PARENT: "parent.json", HISTORY: "history.jsonl", IDS: "ids.json"}
"""Inputs that the plan's folder keeps: the day's ids; after a replan, the previous plan and history."""


@dataclass(frozen=True, kw_only=True)
class Rest:
    """The part of a request that is about the rest of a day that has begun.

    `parent` is the previous plan as its file has it, `history` has the events so far, one a line.
    """

    parent: bytes = field(repr=False)
    history: bytes = field(repr=False)
    ask: ReplanRequest

    @property
    def before(self) -> Plan:
        """Return the previous plan.

        Raises
        ------
        BadInputError
            `PARENT_UNREADABLE`: the file is not a plan.
        """
        try:
            return plan_from_json(parsed(self.parent))
        except ValueError as error:
            raise BadInputError(
                "PARENT_UNREADABLE",
                msg("The previous plan, kept in {file}, cannot be read.", file=FILES[PARENT]),
                msg("Put the file back as it was, or plan the day again."),
            ) from error

    @property
    def events(self) -> tuple[Event, ...]:
        """Return the events so far."""
        return from_lines(self.history)[0]

    @property
    def files(self) -> dict[str, bytes]:
        """Return the content of the kept files, by their names in `plan.json`."""
        return {PARENT: self.parent, HISTORY: self.history}


@dataclass(frozen=True, kw_only=True)
class Request:
    """A request for a plan.

    Parameters
    ----------
    teams
        A table, or how many identical teams.
    date
        The day, as an ISO date.
    objective, objectives
        The most important objective; all of them in order, empty if there is only the one.
    mapping
        The header of each field that is not recognised.
    sheets
        The sheets of the residents' file to read; empty: all sheets with people.
    pins, gazetteer
        Places confirmed by hand; the user's own table of places.
    profiles
        Speeds that replace the built-in ones.
    barriers
        What is closed on the day, as GeoJSON.
    added
        Lists of people who were added during the day.
    more_teams
        Teams that were added during the day, each with the team that it copies.
    rest
        For a replan: what it starts from.
    record
        The ids that the day has used so far; None for a plan without any.
    cache
        The folder for compiled extracts; None: nothing is cached.
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
    sheets: tuple[str, ...] = ()
    settings: Settings = Settings()
    pins: Path | None = None
    gazetteer: Path | None = None
    profiles: Path | None = None
    barriers: Path | None = None
    added: tuple[Path, ...] = ()
    more_teams: tuple[tuple[TeamId, TeamId], ...] = ()
    rest: Rest | None = None
    record: IdRecord | None = field(default=None, repr=False)
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
        added = {f"added-{number}": path for number, path in enumerate(self.added, 1)}
        return {name: path for name, path in (named | added).items() if isinstance(path, Path)}


def request_to_json(request: Request) -> dict[str, Any]:
    """Return what `plan.json` has nowhere else, so that the plan can be checked again."""
    return {
        "teams": request.teams if isinstance(request.teams, int) else None,
        "mapping": dict(request.mapping),
        "sheets": list(request.sheets),
        "settings": asdict(request.settings),
        "time_limit_s": request.time_limit_s,
        "more_teams": [list(pair) for pair in request.more_teams],
        "rest": None if request.rest is None else _ask_to_json(request.rest.ask),
    }


def _ask_to_json(ask: ReplanRequest) -> dict[str, Any]:
    return {
        "now_s": ask.now_s,
        "keep": ask.keep,
        "cancelled": sorted(ask.cancelled),
        "dropped": dict(sorted(ask.dropped.items())),
        "delays_s": dict(sorted(ask.delays_s.items())),
        "held": None if ask.held is None else [[*route, count] for route, count in sorted(ask.held.items())],
    }


def _ask_from_json(asked: dict[str, Any]) -> ReplanRequest:
    held = asked["held"]
    return ReplanRequest(
        now_s=int(asked["now_s"]),
        keep=int(asked["keep"]),
        cancelled=frozenset(ResidentId(str(each)) for each in asked["cancelled"]),
        dropped={TeamId(str(team)): int(since) for team, since in asked["dropped"].items()},
        delays_s={TeamId(str(team)): int(late) for team, late in asked["delays_s"].items()},
        held=None if held is None else {(TeamId(str(team)), int(shift)): int(n) for team, shift, n in held},
    )


def _rest(asked: dict[str, Any] | None, files: Mapping[str, Path]) -> Rest | None:
    """Read what a replan has kept. A missing file is empty here; the comparison of hashes reports it."""
    if not asked:
        return None
    parent, history = (
        files[name].read_bytes() if files[name].is_file() else b"" for name in (PARENT, HISTORY)
    )
    return Rest(parent=parent, history=history, ask=_ask_from_json(asked))


def _record(file: Path | None, day: str) -> IdRecord | None:
    """Read the ids of the day, None for a plan of an earlier version.

    A missing or broken file is empty here; the comparison of hashes reports it.
    """
    if file is None:
        return None
    try:
        return parse_record(file.read_bytes())
    except (OSError, ValueError):
        return IdRecord(day=day)


def request_from_json(document: dict[str, Any], made: Plan, home: Path, cache: Path | None) -> Request:
    """Return the request of a plan; the paths of its inputs are relative to `home`.

    Raises
    ------
    KeyError, TypeError, ValueError
        The document does not have what `request_to_json` writes.
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
        sheets=tuple(str(name) for name in asked.get("sheets", ())),
        pins=files.get("pins"),
        gazetteer=files.get("gazetteer"),
        profiles=files.get("profiles"),
        barriers=files.get("barriers"),
        settings=settings_from(asked["settings"]),
        added=tuple(path for name, path in files.items() if name.startswith("added-")),
        more_teams=tuple(
            (TeamId(str(name)), TeamId(str(like))) for name, like in asked.get("more_teams", [])
        ),
        rest=_rest(asked.get("rest"), files),
        record=_record(files.get(IDS), made.date),
        cache=cache,
    )
