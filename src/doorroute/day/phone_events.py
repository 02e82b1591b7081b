"""Turn the results that teams handed in from their phones into events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from doorroute.day.events import Doors, Event, Outcome
from doorroute.model.resident import ResidentId, TeamId, VisitId, door_of

if TYPE_CHECKING:
    from doorroute.handback.marks import DoorResult
    from doorroute.handback.reading import TeamResults


def phone_events(
    handed_in: Iterable[TeamResults], doors: Doors, known: Iterable[Event], *, day: str
) -> Iterator[Event]:
    """Yield an event for each mark on each phone, and `open` if a phone took back a mark that is in `known`.

    A mark applies to the residents that the phone's page showed behind the door, whatever later plans have.
    """
    marked: dict[tuple[str, VisitId, ResidentId], Event] = {}
    newest: dict[str, int] = {}
    for event in sorted(known, key=lambda event: (event.time_s, event.id)):
        if event.day == day:
            for resident in event.residents or doors.get(event.visit, ()):
                marked[event.source, event.visit, resident] = event
            newest[event.source] = max(newest.get(event.source, 0), event.revision)
    for team in handed_in:
        for phone in team.phones:
            for door in phone.doors:
                visit, behind = door_of(team.visits[door.number - 1]), team.residents[door.number - 1]
                for outcome, named in _outcomes(door, behind):
                    residents = named or behind
                    time_s = door.minute * 60
                    if outcome is Outcome.OPEN:
                        back = {each: marked.get((phone.device, visit, each)) for each in residents}
                        times = {
                            each: was.time_s
                            for each, was in back.items()
                            if was and was.outcome is not outcome
                        }
                        if not times or phone.revision < newest[phone.device]:
                            continue  # an older copy takes nothing back
                        residents = residents if len(times) == len(back) else tuple(times)
                        time_s = max(time_s, max(times.values()) + 1)  # after the mark, in the same minute
                    yield Event(
                        day=day,
                        time_s=time_s,
                        visit=visit,
                        outcome=outcome,
                        residents=residents,
                        team=TeamId(team.team),
                        source=phone.device,
                        note=door.note,
                        revision=phone.revision,
                    )


def _outcomes(
    door: DoorResult, residents: tuple[ResidentId, ...]
) -> Iterator[tuple[Outcome, tuple[ResidentId, ...]]]:
    """Yield each outcome with its residents; no residents means everybody behind the door.

    At a door done in part, residents without a mark are open.
    """
    names = {
        "OPEN": Outcome.OPEN,
        "DONE": Outcome.DONE,
        "NOBODY_HOME": Outcome.NOBODY_HOME,
        "REFUSED": Outcome.REFUSED,
    }
    if len(door.people) != len(residents) or len(set(door.people)) == 1:
        fate = door.people[0].name if door.people and len(set(door.people)) == 1 else door.status.name
        if fate in names:  # "partly" without people gives nobody a result
            yield names[fate], ()
        return
    for status in sorted(set(door.people)):
        if status.name in names:
            yield (
                names[status.name],
                tuple(
                    resident for resident, fate in zip(residents, door.people, strict=True) if fate is status
                ),
            )
