"""Which team stood at which door, when, and whom it saw to there: read out of the events. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from doorroute.day.events import Doors, Event, Outcome, without_guesses
from doorroute.model.resident import ResidentId, TeamId, VisitId

ONE_CALL_S: Final = 15 * 60
"""Words of one team on one door no further apart than this, with no other door between, are of one call."""

_FATES: Final = frozenset({Outcome.DONE, Outcome.REFUSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A team at a door until `time_s`; `fates` are the last words on residents that were said then: `done` or `refused`. None: nobody known by a name of a team."""

    visit: VisitId
    team: TeamId | None
    time_s: int
    fates: Mapping[ResidentId, Outcome]


def effective(events: Iterable[Event], doors: Doors, *, day: str) -> tuple[Event, ...]:
    """Return the events of the day that are about people of the plan, each once, by time, without guesses that a word has replaced."""
    there = {resident for residents in doors.values() for resident in residents}
    known = {
        event.id: event
        for event in events
        if event.day == day and there & {*(event.residents or doors.get(event.visit, ()))}
    }
    return tuple(sorted(without_guesses(known.values()), key=lambda event: (event.time_s, event.id)))


def calls(
    events: Iterable[Event],
    doors: Doors,
    *,
    teams: Collection[TeamId],
    planned: Mapping[VisitId, TeamId],
    now_s: int,
) -> tuple[Call, ...]:
    """Return all calls by time, none after `now_s`; where an event names no team, the `planned` one was there. A call was at the door where the plan has its residents.

    The last word on a resident holds, as in `fold`: an earlier `done` or `refused` that it contradicts was a mistake, and so was what is taken back by `open`.
    """
    spelt = {_plain(team): team for team in teams}
    home = {resident: visit for visit, residents in doors.items() for resident in residents}
    said: dict[tuple[VisitId, ResidentId], list[Event]] = {}
    for event in events:
        for resident in event.residents or doors.get(event.visit, ()):
            if resident not in home:
                continue
            words = said.setdefault((home[resident], resident), [])
            if event.outcome is Outcome.OPEN:
                _take_back(words, event)
            else:
                words.append(event)
    found: dict[tuple[VisitId, TeamId | None, int], dict[ResidentId, Outcome]] = {}
    for (visit, resident), words in said.items():
        for event in _standing(words):
            by = planned.get(visit) if event.team is None else spelt.get(_plain(event.team))
            at = found.setdefault((visit, by, min(event.time_s, now_s)), {})
            if event.outcome in _FATES:
                at[resident] = event.outcome
    by_team = sorted(
        (
            Call(visit=visit, team=team, time_s=time_s, fates=fates)
            for (visit, team, time_s), fates in found.items()
        ),
        key=lambda call: (call.team or "", call.time_s, call.visit),
    )
    joined = [
        call for _, of_team in groupby(by_team, key=lambda call: call.team) for call in _joined(of_team)
    ]
    return tuple(sorted(joined, key=lambda call: (call.time_s, call.visit, call.team or "")))


def _take_back(words: list[Event], event: Event) -> None:
    """Forget every last word so far, and the latest try of the same phone."""
    words[:] = [word for word in words if word.outcome not in _FATES]
    if words and words[-1].source == event.source:
        words.pop()


def _standing(words: list[Event]) -> Iterable[Event]:
    """Give the tries, and the last word if it is one: the first time that it was said by the same team without another in between."""
    yield from (word for word in words if word.outcome is Outcome.NOBODY_HOME)
    last = words[-1] if words else None
    if last is None or last.outcome not in _FATES:
        return
    for word in reversed(words):
        if (word.outcome, word.team) != (last.outcome, last.team):
            break
        first = word
    yield first


def _joined(of_team: Iterable[Call]) -> list[Call]:
    """Join what follows one another at one door."""
    found: list[Call] = []
    for call in of_team:
        before = found[-1] if found else None
        if before is not None and before.visit == call.visit and call.time_s - before.time_s <= ONE_CALL_S:
            found[-1] = Call(
                visit=call.visit, team=call.team, time_s=call.time_s, fates={**before.fates, **call.fates}
            )
        else:
            found.append(call)
    return found


def _plain(team: str) -> str:
    return "".join(unicodedata.normalize("NFKC", team).casefold().split())
