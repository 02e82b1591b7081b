"""What a team needs at each door of its route, in words: how to get in, whom to sample, which protection to wear."""

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
    """Whom to sample: `count` people go by this row's name; `phones` are texts and what they dial; `fate` is told where it is not that of all."""

    name: str
    count: int
    note: str
    phone: str
    phones: Mapping[str, str]
    fate: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of the list: a stop with all that is needed at its door, or what lies between (`what`); `fate` is what became of a stop that has happened, by `left`."""

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
    """Yield what a team does, in order: doors, and what lies between them."""
    stops = iter(team.stops)
    for step in team.route.steps:
        if step.residents:
            yield _door(next(stops))
        elif step.visit is not None:
            visit = team.in_vain[step.visit]
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
    """Return the way from the street to the flat, part by part; what nobody said is left out."""
    parts = (
        access.building and _told(access.building, msg("Building {building}", building=access.building)),
        access.unit and _told(access.unit, msg("Entrance {unit}", unit=access.unit)),
        access.floor is not None and floor_text(access.floor),
        access.lift is not None and (msg("Lift") if access.lift else msg("No lift")),
        access.room and _told(access.room, msg("Room {room}", room=access.room)),
    )
    return tuple(part for part in parts if isinstance(part, Text))


def _told(part: str, named: Text) -> Text:
    """Return `part` as it stands where it says itself what it is (`3号楼`, `Flat 2`), else `named`."""
    return literal(part) if _WORDS.search(part) else named
