"""A notice for each building: when a team comes, to paste into a chat or read out. It has no names."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

from doorroute.disk.files import write_whole
from doorroute.model.clock import clock
from doorroute.model.problem import Problem
from doorroute.model.resident import Visit
from doorroute.output.pages.assets import render_page
from doorroute.output.views.routes import Stop, TeamRoute, weekday
from doorroute.texts import LANGUAGES, Text, from_language, msg

_STREET_MAP: Final = "extract"
_ROUND_S: Final = 600  # told in steps of ten minutes: no team is on time to the minute
_APART_S: Final = 1800  # if the next team comes later than this, the notice gives two times
_WORDS: Final = {
    "copied": msg("Copied"),
    "copied_all": msg("{n} notices copied"),
    "refused": msg("This browser lets nothing be copied: select the text by hand."),
}
_NUMBER: Final = re.compile(r"\d{1,4}[A-Za-z]?")
_SUFFIX: Final = "(?!\\d)(?:号楼|号院|号|栋|幢|座)?"
_DISTRICT: Final = re.compile(
    r"^(?:[\u4e00-\u9fff]{2,7}?(?:省|自治区))?[\u4e00-\u9fff]{2,7}?市"
    r"[\u4e00-\u9fff]{1,6}?(?:(?<![小社园院校厂矿景住])区|县)(?=.)"
)
_HAN: Final = "\u4e00", "\u9fff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A building and the times when teams are expected there, in seconds after midnight."""

    place: str
    times: tuple[tuple[int, int], ...]
    doors: int

    @property
    def hours(self) -> str:
        """Return the stretches as clock texts: `09:10-09:40, 11:00-11:20`."""
        return ", ".join(f"{clock(start)}-{clock(end)}" for start, end in self.times)

    @property
    def text(self) -> Text:
        """Return the text of the notice."""
        return msg(
            "{place}: the sampling team is expected {hours}. Please stay at home and have your identity "
            "card ready.",
            place=self.place,
            hours=self.hours,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """All notices, in the order in which the buildings are first visited, and the visits that are in none.

    untold
        No name of their building can be told.
    overdue
        Doors whose hour is over and that have no result yet.
    """

    told: tuple[Notice, ...]
    untold: tuple[str, ...]
    overdue: tuple[str, ...] = ()


def notices(
    teams: Sequence[TeamRoute], problem: Problem, known: Collection[str] = (), *, now_s: int = 0
) -> Notices:
    """Return a notice for each building with visits after `now_s`; none gives an hour that is over.

    A building goes by the address that the street map gave; else by what the sheet says, where that is a
    number after one of the `known` names of streets and compounds. Left out, and counted, is every other
    door: as the sheet says it, it may hold a flat or a name.
    """
    still_open = [stop for team in teams for stop in team.stops if not stop.fates]
    ahead = [stop for stop in still_open if stop.step.departure_s > now_s]
    overdue = tuple(stop.visit.id for stop in still_open if stop.step.departure_s <= now_s)
    names = {stop.visit.id: _name(stop, problem, known) for stop in ahead}
    stops = sorted(ahead, key=lambda stop: names[stop.visit.id])
    found = []
    untold: list[str] = []
    for name, at in groupby(stops, key=lambda stop: names[stop.visit.id]):
        group = tuple(at)
        if name:
            found.append(Notice(place=name, times=tuple(_stretches(group, now_s)), doors=len(group)))
        else:
            untold.extend(stop.visit.id for stop in group)
    told = tuple(sorted(found, key=lambda notice: (notice.times, notice.place)))
    return Notices(told=told, untold=tuple(untold), overdue=overdue)


def _stretches(stops: Iterable[Stop], now_s: int) -> Iterator[tuple[int, int]]:
    """Yield the spans in which a team is in the building, rounded outward; close spans are joined."""
    start = end = -1
    for stop in sorted(stops, key=lambda stop: stop.step.arrival_s):
        come = max(stop.step.arrival_s, now_s) // _ROUND_S * _ROUND_S
        gone = -(-stop.step.departure_s // _ROUND_S) * _ROUND_S
        if start >= 0 and come - end <= _APART_S:
            end = max(end, gone)
            continue
        if start >= 0:
            yield start, end
        start, end = come, gone
    yield start, end


def _name(stop: Stop, problem: Problem, known: Collection[str]) -> str:
    place = problem.places[stop.visit.id]
    if place.source != _STREET_MAP or not place.label:
        return _known_name(stop.visit, known)
    label = _as_neighbours_say(place.label, stop.visit.address)
    building = stop.visit.access.building or place.access.building
    if building in label:
        return label
    # Chinese runs on: 幸福路8号2号楼
    chinese = all(_HAN[0] <= letter <= _HAN[1] for letter in (label[-1], building[-1]))
    return f"{label}{'' if chinese else ' '}{building}"


def _as_neighbours_say(label: str, written: str) -> str:
    """Leave out province, city and district, which everybody there knows, and write the sheet's own `号`."""
    if "號" not in written:
        label = label.replace("號", "号")
    return _DISTRICT.sub("", label, count=1) or label


def _known_name(visit: Visit, known: Collection[str]) -> str:
    """Return a name of the map with its number (`兰旗营10号楼` of `兰旗营10号楼3单元501`), or ''."""
    from doorroute.geocode.understood import understand_address

    understood = understand_address(visit.address, visit.access)
    if understood.name not in known or not _NUMBER.fullmatch(understood.number):
        return ""
    written = f"{visit.address} {visit.access.building}"
    found = re.search(
        rf"{re.escape(understood.name)}\s*({re.escape(understood.number)}{_SUFFIX})", written, re.IGNORECASE
    )
    if found is None:
        return ""
    chinese = _HAN[0] <= understood.name[-1] <= _HAN[1]
    return f"{understood.name}{'' if chinese else ' '}{found[1]}"


def write_notices(
    date: str,
    teams: Sequence[TeamRoute],
    problem: Problem,
    folder: Path,
    *,
    lang: str,
    known: Collection[str] = (),
    now_s: int = 0,
) -> tuple[Path, ...]:
    """Write `notices-<language>.txt` in every language and `notices.html`; return their paths."""
    made = notices(teams, problem, known, now_s=now_s)
    texts = {each: [notice.text.into(each) for notice in made.told] for each in LANGUAGES}
    written = {
        folder / f"notices-{each}.txt": "".join(f"{text}\n\n" for text in texts[each]) for each in LANGUAGES
    }
    written[folder / "notices.html"] = render_page(
        "notices.html.j2",
        lang,
        {
            "date": date,
            "weekday": weekday(date),
            "notices": made,
            "texts": texts,
            "words": {key: text.into(lang) for key, text in _WORDS.items()},
            "spoken": from_language(lang),
        },
    )
    for path, text in written.items():
        write_whole(path, text)
    return tuple(written)
