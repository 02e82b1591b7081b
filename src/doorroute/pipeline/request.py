"""What a plan is asked for, and how that is kept with the plan."""

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
"""What is kept in a plan's folder of what it is made from: the day's ids; and for the rest of a day the plan before, and what had happened."""


@dataclass(frozen=True, kw_only=True)
class Rest:
    """What makes a request one for the rest of a day that has begun: `parent` is the plan before as its file has it, `history` the events so far, one a line."""

    parent: bytes = field(repr=False)
    history: bytes = field(repr=False)
    ask: ReplanRequest

    @property
    def before(self) -> Plan:
        """Return the plan before.

        Raises
        ------
        BadInputError
            `PARENT_UNREADABLE`: it is no plan.
        """
        try:
            return plan_from_json(parsed(self.parent))
        except ValueError as error:
            raise BadInputError(
                "PARENT_UNREADABLE",
                msg("The plan before, which is kept in {file}, cannot be read.", file=FILES[PARENT]),
                msg("Put the file back as it was, or plan the day again."),
            ) from error

    @property
    def events(self) -> tuple[Event, ...]:
        """Return what had happened."""
        return from_lines(self.history)[0]

    @property
    def files(self) -> dict[str, bytes]:
        """Return the files that are kept, by their names in `plan.json`."""
        return {PARENT: self.parent, HISTORY: self.history}


@dataclass(frozen=True, kw_only=True)
class Request:
    """What a plan is asked for. `teams` is a table, or a number of alike teams; `mapping` names headers by field, `sheets` those of the residents' file that are read (all with people if none is named).

    `objectives` are all of them, `objective` first; empty: that one alone.
    `added` are lists of people who came later, `more_teams` teams that did, each with the one that it is
    alike to. `pins` are places confirmed by hand, `gazetteer` the user's own places, `profiles` speeds that
    differ from the shipped ones, `barriers` what is closed that day; `record` are the ids that the day has
    given away so far, None for a plan that knows of none; `cache` None keeps nothing.
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
    """Keep what `plan.json` does not say elsewhere, so that the plan can be checked from its inputs again."""
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
    """Read what a plan for the rest of a day keeps beside it; a file that is gone is empty here, and missed where hashes are compared."""
    if not asked:
        return None
    parent, history = (
        files[name].read_bytes() if files[name].is_file() else b"" for name in (PARENT, HISTORY)
    )
    return Rest(parent=parent, history=history, ask=_ask_from_json(asked))


def _record(file: Path | None, day: str) -> IdRecord | None:
    """Read the ids of the day; a plan of an earlier version has none. What is gone or broken is empty here, and missed where hashes are compared."""
    if file is None:
        return None
    try:
        return parse_record(file.read_bytes())
    except (OSError, ValueError):
        return IdRecord(day=day)


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
