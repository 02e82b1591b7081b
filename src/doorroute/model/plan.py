"""The plan: routes of steps, and everything that is on no route, with the reason."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from doorroute.model.directions import Direction
from doorroute.model.ledger import SheetCount
from doorroute.model.place import Candidate, Point, TakenDatum
from doorroute.model.resident import ResidentId, TeamId, VisitId, door_of
from doorroute.model.settings import Objective
from doorroute.model.team import Profile
from doorroute.texts import Text

_MARK: Final = "BCDFGHJKMNPQRTVWXZ"  # no vowels, so no words; no digits, which spreadsheets turn into numbers


class Reason(StrEnum):
    """Why a visit is on no route."""

    NO_LOCATION = "NO_LOCATION"
    LOW_GEOCODE_PRECISION = "LOW_GEOCODE_PRECISION"
    UNREACHABLE = "UNREACHABLE"
    TOO_FAR = "TOO_FAR"
    SKILL = "SKILL"
    CLASS_CONFLICT = "CLASS_CONFLICT"
    TIME_WINDOW = "TIME_WINDOW"
    SHIFT_TOO_SHORT = "SHIFT_TOO_SHORT"
    SAMPLE_AGE = "SAMPLE_AGE"
    CAPACITY = "CAPACITY"
    MAX_VISITS = "MAX_VISITS"
    LOCKED = "LOCKED"
    NO_ROOM_LEFT = "NO_ROOM_LEFT"
    NOT_ELIGIBLE = "NOT_ELIGIBLE"
    DUPLICATE = "DUPLICATE"


class StopLock(StrEnum):
    """What a new plan of the same day must keep of a stop."""

    NONE = "none"
    TEAM = "team"  # its team
    ORDER = "order"  # its team, and its position right after the done and locked stops before it
    DONE = "done"  # it has happened: its times are history


class StepType(StrEnum):
    """What happens at a step of a route."""

    START = "start"
    VISIT = "visit"
    BREAK = "break"
    RELOAD = "reload"
    END = "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One stop of a route; times in seconds after midnight.

    The team arrives at `arrival_s`, waits `waiting_s`, sets up for `setup_s`, serves from `start_service_s`
    (inside a window of the visit) for `service_s`, and leaves at `departure_s`. `load` is the quantity of
    each of `GOODS` used since the last reload, this step included.

    - A break without a location is taken where the step before was; one with a location at the door of the
      next visit, before the setup there. Its duration is its `service_s`.
    - An open end is at the stop before it, at the moment of departure.
    - A reload is at a depot, takes `service_s`, and its `load` is zero afterwards.
    - `lock` is what held the stop in place: TEAM for a stop that only one team may serve.
    - A DONE stop has the times of what happened. Of the time between arrival and start of service, at most
      the setup of the input is `setup_s`; the rest is `waiting_s`.
    - `directions` lead here from the step before: streets in order, steps, lifts. Empty before the legs are
      drawn, and where no street has a name.
    """

    type: StepType
    visit: VisitId | None = None
    residents: tuple[ResidentId, ...] = ()
    location: Point | None = None
    arrival_s: int
    waiting_s: int = 0
    setup_s: int = 0
    start_service_s: int
    service_s: int = 0
    departure_s: int
    load: tuple[int, ...] = (0, 0, 0)
    lock: StopLock = StopLock.NONE
    directions: tuple[Direction, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """The route of one team: `start`, visits, breaks and reloads, `end`. A team that is not needed has none.

    `geometry` is one line of points along the streets, all legs joined; empty before the legs are drawn.
    `service_s` is the sum of setup and service of the visits, and of reloads, without breaks. `start_s` is
    the departure of the first step, `finish_s` the arrival of the last.
    """

    team: TeamId
    profile: Profile
    start_s: int
    finish_s: int
    travel_s: int
    service_s: int
    waiting_s: int
    distance_m: int
    steps: tuple[Step, ...]
    shift: int = 0
    geometry: tuple[Point, ...] = field(default=(), repr=False)

    @property
    def visits(self) -> tuple[VisitId, ...]:
        """Return the visits in order."""
        return tuple(step.visit for step in self.steps if step.visit is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unassigned:
    """A visit on no route, with reason and remedy. `ever` is False if no team could do it even on its own."""

    visit: VisitId
    residents: tuple[ResidentId, ...]
    code: Reason
    ever: bool
    detail: Text
    remedy: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class NotLocated:
    """A row whose address was not found for certain; `candidates` are possible places, likeliest first."""

    row: int
    resident: ResidentId
    code: Reason
    address: str = field(repr=False)
    candidates: tuple[Candidate, ...] = field(default=(), repr=False)
    sheet: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A row that could not be used: the column and the reason."""

    row: int
    code: str
    column: str
    message: Text
    sheet: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The plan in numbers: seconds and metres, summed over the routes.

    `residents` and `visits` count all that are on routes or unassigned; `teams` counts those with a route;
    `wishes_s` is the price of the unmet wishes; `trade_off` compares the plan with the shortest plan found.
    """

    residents: int
    visits: int
    assigned: int
    unassigned: int
    finish_s: int
    lower_bound_finish_s: int
    longest_s: int
    mean_s: int
    travel_s: int
    service_s: int
    waiting_s: int
    distance_m: int
    teams: int = 0
    lower_bound_travel_s: int = 0
    lower_bound_teams: int = 0
    wishes_s: int = 0
    trade_off: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFile:
    """A file that the plan was made from: path relative to the plan's folder, hash, number of rows."""

    file: str
    sha256: str
    rows: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A day's plan. Every input row is in exactly one of: a step, `unassigned`, `not_located`, `rejected`."""

    date: str
    objective: Objective
    seed: int
    routes: tuple[Route, ...]
    unassigned: tuple[Unassigned, ...]
    summary: Summary
    not_located: tuple[NotLocated, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    inputs: tuple[tuple[str, InputFile], ...] = ()
    objectives: tuple[Objective, ...] = ()  # all of them; the first is `objective`
    sheets: tuple[SheetCount, ...] = ()
    parent: str | None = None  # sha256 of the plan.json that this plan replaced
    datums: tuple[TakenDatum, ...] | None = None  # of every source in mainland China; None: not recorded

    @property
    def mark(self) -> str:
        """Return four letters that distinguish this plan's numbering of stops from others of the day."""
        routes = [self.date, [[route.team, route.shift, *route.visits] for route in self.routes]]
        number = int.from_bytes(hashlib.sha256(json.dumps(routes).encode()).digest()[:8], "big")
        return "".join(_MARK[number // len(_MARK) ** place % len(_MARK)] for place in range(4))

    @property
    def doors(self) -> tuple[int, int]:
        """Return how many doors are on a route, and how many there are; each door counts once."""
        on = {door_of(step.visit) for route in self.routes for step in route.steps if step.visit is not None}
        off = {door_of(left.visit) for left in self.unassigned}
        return len(on - off), len(on | off)
