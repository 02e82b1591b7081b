"""Turn events into calls: which team was at which door, when, and whom it sampled. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from doorroute.day.events import Doors, Event, Outcome, without_guesses
from doorroute.model.resident import ResidentId, TeamId, VisitId

ONE_CALL_S: Final = 15 * 60
"""Results from one team for one door within this time, with no other door in between, belong to one call."""

_FATES: Final = frozenset({Outcome.DONE, Outcome.REFUSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A team was at a door until `time_s`.

    `fates` holds the residents whose final result (`done` or `refused`) was reported then.
    `team` is None if the reported name is not a team of the plan.
    """

    visit: VisitId
    team: TeamId | None
    time_s: int
    fates: Mapping[ResidentId, Outcome]


def effective_events(events: Iterable[Event], doors: Doors, *, day: str) -> tuple[Event, ...]:
    """Return the events of `day` about people in the plan, by time, without repeats.

    Assumed events (`AS_PLANNED`) are left out where a real result has replaced them.
    """
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
    """Return all calls by time; a time after `now_s` counts as `now_s`.

    If an event names no team, the `planned` team made the call. A call belongs to the door where the plan
    has its residents. The last result of a resident counts, as in `fold`: it replaces an earlier `done` or
    `refused` that it contradicts, and `open` takes a result back.
    """
    spelt = {_plain(team): team for team in teams}
    home = {resident: visit for visit, residents in doors.items() for resident in residents}
    reported: dict[tuple[VisitId, ResidentId], list[Event]] = {}
    for event in events:
        for resident in event.residents or doors.get(event.visit, ()):
            if resident not in home:
                continue
            results = reported.setdefault((home[resident], resident), [])
            if event.outcome is Outcome.OPEN:
                _take_back(results, event)
            else:
                results.append(event)
    found: dict[tuple[VisitId, TeamId | None, int], dict[ResidentId, Outcome]] = {}
    for (visit, resident), results in reported.items():
        for event in _valid_results(results):
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


def _take_back(results: list[Event], event: Event) -> None:
    """Remove every final result so far, and the latest try from the same phone."""
    results[:] = [result for result in results if result.outcome not in _FATES]
    if results and results[-1].source == event.source:
        results.pop()


def _valid_results(results: list[Event]) -> Iterable[Event]:
    """Yield the tries, then the final result, if there is one.

    If the same team reported the final result several times in a row, yield the first of these reports.
    """
    yield from (result for result in results if result.outcome is Outcome.NOBODY_HOME)
    last = results[-1] if results else None
    if last is None or last.outcome not in _FATES:
        return
    for result in reversed(results):
        if (result.outcome, result.team) != (last.outcome, last.team):
            break
        first = result
    yield first


def _joined(of_team: Iterable[Call]) -> list[Call]:
    """Join consecutive calls at the same door."""
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
