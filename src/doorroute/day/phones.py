"""What teams handed in from their phones, as events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from doorroute.day.events import Doors, Event, Outcome
from doorroute.model.resident import ResidentId, TeamId, VisitId

if TYPE_CHECKING:
    from doorroute.maps.results_code import DoorResult
    from doorroute.maps.results_read import TeamResults


def phone_events(
    handed_in: Iterable[TeamResults], doors: Doors, known: Iterable[Event], *, day: str
) -> Iterator[Event]:
    """Give an event for each mark on each phone; and `open` where a phone took a mark back that is in the log (`known`)."""
    marked: dict[tuple[str, VisitId], Event] = {}
    for event in sorted(known, key=lambda event: (event.time_s, event.id)):
        if event.day == day:
            marked[event.source, event.visit] = event
    for team in handed_in:
        for phone in team.phones:
            for door in phone.doors:
                visit = team.visits[door.number - 1]
                for outcome, residents in _outcomes(door, doors.get(visit, ())):
                    before = marked.get((phone.device, visit))
                    time_s = door.minute * 60
                    if outcome is Outcome.OPEN:
                        if before is None or before.outcome is Outcome.OPEN:
                            continue
                        time_s = max(time_s, before.time_s)
                    yield Event(
                        day=day,
                        time_s=time_s,
                        visit=visit,
                        outcome=outcome,
                        residents=residents,
                        team=TeamId(team.team),
                        source=phone.device,
                        note=door.note,
                    )


def _outcomes(door: DoorResult, residents: tuple[ResidentId, ...]) -> Iterator[tuple[Outcome, tuple[ResidentId, ...]]]:
    """Give what became of whom: of all, or of each group of people with one fate; of a door done in part whoever has no mark is open."""
    names = {"OPEN": Outcome.OPEN, "DONE": Outcome.DONE, "NOBODY_HOME": Outcome.NOBODY_HOME, "REFUSED": Outcome.REFUSED}
    if len(door.people) != len(residents) or len(set(door.people)) == 1:
        fate = door.people[0].name if door.people and len(set(door.people)) == 1 else door.status.name
        if fate in names:  # "partly" without people says of nobody what became of them
            yield names[fate], ()
        return
    for status in sorted(set(door.people)):
        if status.name in names and status.name != "OPEN":
            yield (
                names[status.name],
                tuple(resident for resident, fate in zip(residents, door.people, strict=True) if fate is status),
            )
