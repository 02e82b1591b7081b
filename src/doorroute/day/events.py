"""What was seen at the doors, as events; the state of the day is a fold over them, whatever their order. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from doorroute.model.clock import clock
from doorroute.model.finding import Finding, warning
from doorroute.model.plan import Plan
from doorroute.model.resident import ResidentId, TeamId, VisitId, door_of
from doorroute.texts import Text, msg

Doors = Mapping[VisitId, tuple[ResidentId, ...]]


def doors_of(plan: Plan) -> dict[VisitId, tuple[ResidentId, ...]]:
    """Return who is behind each door of the plan, over all calls there."""
    doors: dict[VisitId, tuple[ResidentId, ...]] = {}
    steps = [
        (step.visit, step.residents)
        for route in plan.routes
        for step in route.steps
        if step.visit is not None
    ]
    for visit, residents in (*steps, *((left.visit, left.residents) for left in plan.unassigned)):
        doors[door_of(visit)] = (*doors.get(door_of(visit), ()), *residents)
    return doors


class Outcome(StrEnum):
    """What became of a resident at a door; `open`: nothing yet, or a mark was taken back."""

    OPEN = "open"
    DONE = "done"
    NOBODY_HOME = "nobody_home"
    REFUSED = "refused"


_LAST: Final = frozenset({Outcome.DONE, Outcome.REFUSED})
AS_PLANNED: Final = "as-planned"
"""The source of what nobody told: the dispatcher let a silent team count as having worked as planned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing seen at one door: `time_s` after midnight of `day`, by the clock of who saw it.

    `residents` are those it holds for; logs of earlier versions name none where it holds for all behind the
    door (`with_residents`). `visit` says where they were met, no more: the
    residents say whom the event is about. `source` is a phone's device, `typed` or `AS_PLANNED`; `revision`
    is that of the phone when it first told, which is no part of what it says.
    """

    day: str
    time_s: int
    visit: VisitId
    outcome: Outcome
    residents: tuple[ResidentId, ...] = ()
    team: TeamId | None = None
    source: str = "typed"
    note: str = field(default="", repr=False)
    revision: int = field(default=0, compare=False)

    @property
    def id(self) -> str:
        """Return 16 hexadecimal digits made of all that it says: the same event has one id, however often it comes in."""
        said = [
            self.day,
            self.time_s,
            self.visit,
            self.outcome,
            self.residents,
            self.team,
            self.source,
            self.note,
        ]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a resident stands: the last word, when and by whom, and how often a team stood at the door in vain."""

    outcome: Outcome = Outcome.OPEN
    time_s: int | None = None
    team: TeamId | None = None
    tries: int = 0
    note: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class State:
    """Every resident of the plan by id, and what was odd about the events."""

    residents: Mapping[ResidentId, Standing]
    findings: tuple[Finding, ...]


def with_residents(events: Iterable[Event], doors: Doors) -> tuple[Event, ...]:
    """Return the events, those that name nobody with all behind their door: for logs of earlier versions, and the plan that they belong to."""
    return tuple(
        each if each.residents else replace(each, residents=doors.get(each.visit, ())) for each in events
    )


def without_guesses(events: Iterable[Event]) -> tuple[Event, ...]:
    """Leave out what was only taken for granted (`AS_PLANNED`) of residents of whom somebody has told since."""
    all_of_them = tuple(events)
    told = {resident for each in all_of_them if each.source != AS_PLANNED for resident in each.residents}
    kept = []
    for each in all_of_them:
        left = (
            each.residents if each.source != AS_PLANNED else tuple(r for r in each.residents if r not in told)
        )
        if left or not each.residents:
            kept.append(each if left == each.residents else replace(each, residents=left))
    return tuple(kept)


def fold(events: Iterable[Event], doors: Doors, *, day: str, now_s: int | None = None) -> State:
    """Put the events of `day` together, by time and then id: their order and repeats do not matter.

    The last word on a resident holds. Told, and kept in the log all the same: events of another day, of
    people that the plan does not have,
    words that contradict an earlier `done` or `refused`, and, with `now_s`, times in the future (which do
    count: a clock may be wrong,
    but nobody is sampled twice for that).
    """
    standing = {resident: Standing() for residents in doors.values() for resident in residents}
    findings: list[Finding] = []
    contradicting: set[str] = set()
    once = {event.id: event for event in events}.values()
    for event in sorted(without_guesses(once), key=lambda event: (event.time_s, event.id)):
        named = event.residents or doors.get(event.visit, ())
        residents = [resident for resident in named if resident in standing]
        if event.day != day:
            findings.append(
                _told(
                    "OTHER_DAY",
                    msg(
                        "Results of {visit} are of {day}, another day; they do not count.",
                        visit=event.visit,
                        day=event.day,
                    ),
                )
            )
            continue
        if len(residents) < len(named) or not named:
            findings.append(_not_in_plan(event, len(named) - len(residents), len(residents)))
        if residents and now_s is not None and event.time_s > now_s:
            findings.append(
                _told(
                    "IN_THE_FUTURE",
                    msg(
                        "The result of {visit} at {time} is in the future; it counts all the same.",
                        visit=event.visit,
                        time=clock(event.time_s),
                    ),
                )
            )
        for resident in residents:
            before = standing[resident]
            if _contradicts(before, event) and event.id not in contradicting:
                contradicting.add(event.id)
                text = msg(
                    "{visit}: at {before} {was} was told, at {time} {now}; the last word counts.",
                    visit=event.visit,
                    before=clock(before.time_s or 0),
                    was=WORDS[before.outcome],
                    time=clock(event.time_s),
                    now=WORDS[event.outcome],
                )
                findings.append(_told("CONTRADICTION", text))
            standing[resident] = Standing(
                outcome=event.outcome,
                time_s=event.time_s,
                team=event.team,
                tries=before.tries + _tried(before, event),
                note=event.note or before.note,
            )
    return State(residents=standing, findings=tuple(findings))


def _not_in_plan(event: Event, missing: int, there: int) -> Finding:
    """Tell that an event is about people who are not in the plan, all of them or some."""
    if not there:
        text = msg(
            "The plan has no visit {visit} with these people; the result does not count.", visit=event.visit
        )
    else:
        text = msg(
            "{visit}: {missing} of the people in this result are not in the plan; for the others it counts.",
            visit=event.visit,
            missing=missing,
        )
    return _told("UNKNOWN_VISIT", text)


WORDS: Final[Mapping[Outcome, Text]] = {
    Outcome.OPEN: msg("not visited"),
    Outcome.DONE: msg("done"),
    Outcome.NOBODY_HOME: msg("nobody home"),
    Outcome.REFUSED: msg("refused"),
}


def _tried(before: Standing, event: Event) -> int:
    """Return 1 for nobody home, -1 where just that is taken back."""
    if event.outcome is Outcome.OPEN and before.outcome is Outcome.NOBODY_HOME:
        return -1
    return int(event.outcome is Outcome.NOBODY_HOME)


def _contradicts(before: Standing, event: Event) -> bool:
    if before.outcome not in _LAST:
        return False
    return before.outcome is not event.outcome or (
        event.team is not None and before.team not in {None, event.team}
    )


def _told(code: str, message: Text) -> Finding:
    return warning(code, message, msg("Ask the team; a line typed with a later time corrects it."))
