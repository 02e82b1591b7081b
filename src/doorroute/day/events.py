"""What was seen at the doors, as events; the state of the day is a fold over them, in any order. Pure."""

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
    """Return the residents behind each door of the plan, over all calls there."""
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
    """The result for a resident at a door; `open`: none yet, or a result was taken back."""

    OPEN = "open"
    DONE = "done"
    NOBODY_HOME = "nobody_home"
    REFUSED = "refused"


_LAST: Final = frozenset({Outcome.DONE, Outcome.REFUSED})
AS_PLANNED: Final = "as-planned"
"""The source of assumed events: the dispatcher counted a silent team as having worked as planned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One result at one door.

    Attributes
    ----------
    time_s : seconds after midnight of `day`, by the reporter's clock.
    visit : where it happened. `residents` decide whom the event is about.
    residents : those it applies to. Logs of earlier versions have none if it applies to everybody
        behind the door (`with_residents`).
    source : a phone's device id, `typed` or `AS_PLANNED`.
    revision : the phone's revision when it first reported the event. Not part of the event's identity.
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
        """Return 16 hexadecimal digits of a hash: an event that is read again has the same id."""
        content = [
            self.day,
            self.time_s,
            self.visit,
            self.outcome,
            self.residents,
            self.team,
            self.source,
            self.note,
        ]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidentState:
    """A resident's last result, its time and team; `tries` counts the calls when nobody was home."""

    outcome: Outcome = Outcome.OPEN
    time_s: int | None = None
    team: TeamId | None = None
    tries: int = 0
    note: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class DayState:
    """The state of every resident of the plan by id, and findings about the events."""

    residents: Mapping[ResidentId, ResidentState]
    findings: tuple[Finding, ...]


def with_residents(events: Iterable[Event], doors: Doors) -> tuple[Event, ...]:
    """Return the events with residents: an event without any gets all residents behind its door.

    Logs of earlier versions have such events; `doors` are those of the plan that the log belongs to.
    """
    return tuple(
        each if each.residents else replace(each, residents=doors.get(each.visit, ())) for each in events
    )


def without_guesses(events: Iterable[Event]) -> tuple[Event, ...]:
    """Leave out assumed events (`AS_PLANNED`) for residents with a real result."""
    all_events = tuple(events)
    known = {resident for each in all_events if each.source != AS_PLANNED for resident in each.residents}
    found = []
    for each in all_events:
        left = each.residents
        if each.source == AS_PLANNED:
            left = tuple(resident for resident in left if resident not in known)
        if left or not each.residents:
            found.append(each if left == each.residents else replace(each, residents=left))
    return tuple(found)


def fold(events: Iterable[Event], doors: Doors, *, day: str, now_s: int | None = None) -> DayState:
    """Fold the events of `day` by time, then id: their order and repeats do not matter.

    The last result of a resident counts. Findings report events of another day, people who are not in the
    plan, results that contradict an earlier `done` or `refused`, and, with `now_s`, times in the future. A
    result in the future counts: the phone's clock may be wrong, and nobody should be sampled twice.
    """
    states = {resident: ResidentState() for residents in doors.values() for resident in residents}
    findings: list[Finding] = []
    contradicting: set[str] = set()
    once = {event.id: event for event in events}.values()
    for event in sorted(without_guesses(once), key=lambda event: (event.time_s, event.id)):
        named = event.residents or doors.get(event.visit, ())
        residents = [resident for resident in named if resident in states]
        if event.day != day:
            findings.append(
                _finding(
                    "OTHER_DAY",
                    msg(
                        "The result for {visit} is from another day ({day}); it does not count.",
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
                _finding(
                    "IN_THE_FUTURE",
                    msg(
                        "The result for {visit} at {time} is in the future; it still counts.",
                        visit=event.visit,
                        time=clock(event.time_s),
                    ),
                )
            )
        for resident in residents:
            before = states[resident]
            if _contradicts(before, event) and event.id not in contradicting:
                contradicting.add(event.id)
                text = msg(
                    "{visit}: {was} at {before}, {now} at {time}; the last report counts.",
                    visit=event.visit,
                    before=clock(before.time_s or 0),
                    was=WORDS[before.outcome],
                    time=clock(event.time_s),
                    now=WORDS[event.outcome],
                )
                findings.append(_finding("CONTRADICTION", text))
            states[resident] = ResidentState(
                outcome=event.outcome,
                time_s=event.time_s,
                team=event.team,
                tries=before.tries + _tried(before, event),
                note=event.note or before.note,
            )
    return DayState(residents=states, findings=tuple(findings))


def _not_in_plan(event: Event, missing: int, there: int) -> Finding:
    """Return a finding: some or all people of the event are not in the plan."""
    if not there:
        text = msg(
            "The plan has no visit {visit} with these people; the result does not count.", visit=event.visit
        )
    else:
        text = msg(
            "{visit}: {missing} of the people in this result are not in the plan; it counts for the others.",
            visit=event.visit,
            missing=missing,
        )
    return _finding("UNKNOWN_VISIT", text)


WORDS: Final[Mapping[Outcome, Text]] = {
    Outcome.OPEN: msg("not visited"),
    Outcome.DONE: msg("done"),
    Outcome.NOBODY_HOME: msg("nobody home"),
    Outcome.REFUSED: msg("refused"),
}


def _tried(before: ResidentState, event: Event) -> int:
    """Return the change in the number of tries: 1 for nobody home, -1 if that is taken back."""
    if event.outcome is Outcome.OPEN and before.outcome is Outcome.NOBODY_HOME:
        return -1
    return int(event.outcome is Outcome.NOBODY_HOME)


def _contradicts(before: ResidentState, event: Event) -> bool:
    if before.outcome not in _LAST:
        return False
    return before.outcome is not event.outcome or (
        event.team is not None and before.team not in {None, event.team}
    )


def _finding(code: str, message: Text) -> Finding:
    return warning(code, message, msg("Ask the team; to correct it, type a line with a later time."))
