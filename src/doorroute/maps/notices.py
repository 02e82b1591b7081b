"""What each building is told: when a team comes, ready to paste into a group chat or to read out by loudspeaker; nobody is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

from doorroute.files import write_whole
from doorroute.maps.views import Stop, TeamRoute
from doorroute.model.clock import clock
from doorroute.model.problem import Problem
from doorroute.texts import LANGUAGES, Text, msg

_STREET_MAP: Final = "extract"
_ROUND_S: Final = 600  # told in steps of ten minutes: no team is on time to the minute


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A building, and from when to when a team is expected there, in seconds after midnight."""

    place: str
    from_s: int
    to_s: int

    @property
    def text(self) -> Text:
        """Return what is told."""
        return msg(
            "{place}: the sampling team is expected between {start} and {end}. Please stay at home and have your identity card ready.",
            place=self.place,
            start=clock(self.from_s),
            end=clock(self.to_s),
        )


def notices(teams: Sequence[TeamRoute], problem: Problem) -> tuple[Notice, ...]:
    """Return a notice per building, in the order in which they are first visited.

    Left out is every door whose address the street map did not give: as the sheet says it, it may hold a flat or a name.
    """
    stops = sorted((stop for team in teams for stop in team.stops), key=lambda stop: _name(stop, problem))
    found = []
    for name, at in groupby(stops, key=lambda stop: _name(stop, problem)):
        if name:
            group = tuple(at)
            first = min(stop.step.arrival_s for stop in group)
            last = max(stop.step.departure_s for stop in group)
            found.append(Notice(place=name, from_s=first // _ROUND_S * _ROUND_S, to_s=-(-last // _ROUND_S) * _ROUND_S))
    return tuple(sorted(found, key=lambda notice: (notice.from_s, notice.place)))


def _name(stop: Stop, problem: Problem) -> str:
    place = problem.places[stop.visit.id]
    if place.source != _STREET_MAP or not place.label:
        return ""
    building = stop.visit.access.building or place.access.building
    return place.label if building in place.label else f"{place.label} {building}"


def write_notices(teams: Sequence[TeamRoute], problem: Problem, folder: Path) -> tuple[Path, ...]:
    """Write `notices-<language>.txt` in every language, a notice a paragraph, and return their paths."""
    told = notices(teams, problem)
    paths = []
    for lang in LANGUAGES:
        path = folder / f"notices-{lang}.txt"
        write_whole(path, "".join(f"{notice.text.into(lang)}\n\n" for notice in told))
        paths.append(path)
    return tuple(paths)
