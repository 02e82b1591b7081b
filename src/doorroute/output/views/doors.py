"""What a team needs to know at each door: how to get in, whom to sample, which protection to wear."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from doorroute.handback.marks import Status
from doorroute.model.clock import clock
from doorroute.model.place import Access, floor_text
from doorroute.model.plan import Step, StepType
from doorroute.model.resident import InfectionClass
from doorroute.model.telephones import dialled
from doorroute.output.views.routes import Stop, TeamRoute
from doorroute.texts import Text, literal, msg

_WORDS: Final = re.compile(r"[\u4e00-\u9fff]|[^\W\d_]{3}")
_PROTECTION: Final[Mapping[InfectionClass, tuple[Text, Text]]] = {
    InfectionClass.REGULAR: (msg("Standard protection"), literal("")),
    InfectionClass.YELLOW: (msg("Yellow code"), msg("Raised protection: put it on before the door opens.")),
    InfectionClass.ISOLATED: (
        msg("Isolated home: full protection"),
        msg("Put it on before you enter the building."),
    ),
}
_FATES: Final[Mapping[Status, Text]] = {
    Status.DONE: msg("Done"),
    Status.REFUSED: msg("Refused"),
    Status.PARTLY: msg("Partly"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A row of the list at a door.

    `count` people share its name. `phones` maps each number as written to the number to dial. `fate` is given
    only if the results at the door differ.
    """

    name: str
    count: int
    note: str
    phone: str
    phones: Mapping[str, str]
    fate: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of the team's list: a stop with everything needed at its door, or what is between stops.

    A finished stop has its result in `fate`, and when the team left in `left`.
    """

    time: str
    what: Text | None = None
    stop: Stop | None = None
    address: str = ""
    way: tuple[Text, ...] = ()
    protection: Text | None = None
    instruction: Text | None = None
    people: tuple[Person, ...] = ()
    fate: Text | None = None
    left: str = ""


def entries(team: TeamRoute) -> Iterator[Entry]:
    """Yield the lines of a team's list in order: doors, and what is between them."""
    stops = iter(team.stops)
    for step in team.route.steps:
        if step.residents:
            yield _door(next(stops))
        elif step.visit is not None:
            visit = team.nobody_home[step.visit]
            yield Entry(
                time=clock(step.departure_s),
                what=msg("Nobody home: {address}", address=visit.address or visit.id),
            )
        else:
            yield Entry(time=clock(step.arrival_s), what=_between(step, team))


def _between(step: Step, team: TeamRoute) -> Text:
    match step.type:
        case StepType.START:
            return msg("Leave {depot}", depot=team.team.start)
        case StepType.BREAK if step.location is not None:
            return msg("Break at the next door until {time}", time=clock(step.departure_s))
        case StepType.BREAK:
            return msg("Break until {time}", time=clock(step.departure_s))
        case StepType.RELOAD:
            return msg("Fetch kits")
        case _:
            return msg("Back at {depot}", depot=team.team.end)


def _door(stop: Stop) -> Entry:
    protection, instruction = _PROTECTION[stop.visit.infection_class]
    fates = stop.fates or (Status.OPEN,) * len(stop.visit.residents)
    return Entry(
        time=clock(stop.step.arrival_s),
        stop=stop,
        address=stop.visit.address or stop.visit.id,
        way=way_in(stop.visit.access),
        protection=protection,
        instruction=instruction,
        people=tuple(
            Person(
                name=resident.name or resident.id,
                count=resident.people,
                note=resident.note,
                phone=resident.phone,
                phones=dialled(resident.phone),
                fate=_FATES.get(fate) if stop.fate is Status.PARTLY else None,
            )
            for resident, fate in zip(stop.visit.residents, fates, strict=True)
        ),
        fate=_FATES.get(stop.fate),
        left=clock(stop.step.departure_s),
    )


def way_in(access: Access) -> tuple[Text, ...]:
    """Return how to get from the street to the flat: building, entrance, floor, lift, room, if known."""
    parts = (
        access.building and _part_text(access.building, msg("Building {building}", building=access.building)),
        access.unit and _part_text(access.unit, msg("Entrance {unit}", unit=access.unit)),
        access.floor is not None and floor_text(access.floor),
        access.lift is not None and (msg("Lift") if access.lift else msg("No lift")),
        access.room and _part_text(access.room, msg("Room {room}", room=access.room)),
    )
    return tuple(part for part in parts if isinstance(part, Text))


def _part_text(part: str, named: Text) -> Text:
    """Return `part` itself if it says what it is (`3号楼`, `Flat 2`), otherwise `named`."""
    return literal(part) if _WORDS.search(part) else named
