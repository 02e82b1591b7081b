"""A team's page: locked, complete in one file; it also hands in the team's results.

In clear are the team, the date, the number of doors, the time the page was made, and the dispatcher's
telephone. Everything else is sealed with the team's code (`seal.py`). The clear part is also inside the seal
and compared when the page opens, so that a change is noticed.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from doorroute.day.route_changes import RouteChanges
from doorroute.handback.codes import Issued
from doorroute.handback.marks import Status
from doorroute.handback.seal import PAGE, PROGRESS, RESULTS, Keys, PageLock, seal
from doorroute.model.clock import DAY_S, clock
from doorroute.model.directions import directions_text
from doorroute.model.plan import Plan
from doorroute.model.settings import Region
from doorroute.model.team import Profile
from doorroute.model.telephones import dialled
from doorroute.output.basemap.packed import BaseMap
from doorroute.output.pages.assets import as_json, render_page
from doorroute.output.views.closed import closed_data
from doorroute.output.views.doors import Entry, entries
from doorroute.output.views.navigation import links_to
from doorroute.output.views.phone_words import STUCK, WORDS
from doorroute.output.views.routes import Stop, TeamRoute, lat_lon, leg_ends, route_data
from doorroute.texts import LANGUAGES, Text, from_language

_LENGTH_BYTES: Final = 4

_LATER: Final = "js/phone.js"
"""The script that nobody needs before the code was right."""

_TOLD_S: Final = 600  # from this difference on, a stop is marked as earlier or later


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """An earlier page of the same team and day, whose marks are kept.

    `doors` has the present number of each of its doors, -1 if it has none.
    """

    route: str
    key: bytes
    doors: tuple[int, ...]

    @classmethod
    def of(cls, earlier: Issued, now: Issued, key: bytes) -> Before:
        """Match the doors of an `earlier` page with those of `now`; other residents make it another door."""
        places = {door: place for place, door in enumerate(now.doors)}
        return cls(
            route=earlier.lock.route, key=key, doors=tuple(places.get(door, -1) for door in earlier.doors)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """How to make a team's page: its lock, the time (ISO, UTC; an old page can show its age), earlier pages.

    `dispatcher` is a telephone number and `pdf` the name of the team's sheet ("" where there is none): a
    page that cannot open shows both.
    """

    lock: PageLock
    keys: Keys
    made: str
    changes: RouteChanges | None = None
    before: tuple[Before, ...] = ()
    region: Region = Region.AUTO
    dispatcher: str = ""
    pdf: str = ""
    lock_after_min: int = 60


def team_page(plan: Plan, team: TeamRoute, base_map: BaseMap, making: Making, *, lang: str) -> str:
    """Return the page as HTML."""
    lock = making.lock
    frame, packed_map = base_map.pack(team.points)
    words = {code: _words(code) for code in LANGUAGES}
    spoken = from_language(lang)
    as_of = datetime.fromisoformat(making.made).astimezone().strftime("%H:%M")
    dispatcher = dialled(making.dispatcher) or {making.dispatcher: ""}
    clear = as_json(
        {
            "route": lock.route,
            "lang": lang,
            "team": team.name,
            "date": plan.date,
            "doors": len(team.stops),
            "made": making.made,
            "as_of": as_of,
            "dispatcher": [[shown, dials] for shown, dials in dispatcher.items() if shown],
            "idle_min": making.lock_after_min,
            "purposes": {"page": PAGE, "progress": PROGRESS, "results": RESULTS},
            "words": words,
        }
    )
    route = json.dumps(
        {**_route(plan, team, frame, making), "clear": clear}, ensure_ascii=False, separators=(",", ":")
    ).encode()
    plain = len(route).to_bytes(_LENGTH_BYTES, "little") + route + packed_map
    sealed = seal(gzip.compress(plain, 9, mtime=0), making.keys.page, PAGE, lock.route)
    return render_page(
        "team.html.j2",
        lang,
        {
            "team": team,
            "date": plan.date,
            "as_of": as_of,
            "changed": making.changes is not None,
            "words": words,
            "spoken": spoken,
            "following": LANGUAGES[spoken[1 % len(spoken)]],
            "stuck": {each: {key: text.into(each) for key, text in STUCK.items()} for each in LANGUAGES},
            "dispatcher": dispatcher,
            "pdf": making.pdf,
            "page_data": clear,
            "sealed": base64.b64encode(sealed).decode(),
        },
        posts=True,
        later=_LATER,
    )


def _route(plan: Plan, team: TeamRoute, frame: Mapping[str, object], making: Making) -> dict[str, object]:
    """Return everything sealed except the base map as JSON values; texts in all languages."""
    changes = making.changes or RouteChanges()
    depots = {team.team.start: team.start, team.team.end: team.end}
    return {
        **route_data(team),
        "team": team.name,
        "date": plan.date,
        "next_day": team.team.shifts[team.route.shift].end_s > DAY_S,
        "depots": [{"name": depot, "at": lat_lon(point)} for depot, point in depots.items()],
        "ends": leg_ends(team.path, [stop.point for stop in team.stops]),
        "steps": [_step(entry, team.route.profile, changes, making.region) for entry in entries(team)],
        "changed": making.changes is not None,
        "gone": [
            {"number": door.number, "address": door.address, "team": door.team} for door in changes.gone
        ],
        "before": [
            {"route": one.route, "key": base64.b64encode(one.key).decode(), "doors": one.doors}
            for one in making.before
        ],
        "map": frame,
        "closed": closed_data(team.closed),
    }


def _step(entry: Entry, profile: Profile, changes: RouteChanges, region: Region) -> dict[str, object]:
    if entry.stop is None:
        return {"time": entry.time, "what": _said(entry.what)}
    stop: Stop = entry.stop
    return {
        "time": entry.time,
        "leave": clock(stop.step.departure_s),
        "number": stop.number,
        **_changed(stop, changes),
        **_seen(stop),
        "at": lat_lon(stop.point),
        "windows": stop.windows,
        "by": _said(directions_text(stop.step.directions)) if stop.step.directions else {},
        "address": entry.address,
        "way": [_said(part) for part in entry.way],
        "class": stop.visit.infection_class.value,
        "protection": _said(entry.protection),
        "instruction": _said(entry.instruction),
        "people": [
            {
                "name": person.name,
                "count": person.count,
                "note": person.note,
                "phone": person.phone,
                "phones": person.phones,
            }
            for person in entry.people
        ],
        "links": [
            {"name": _said(link.app), "href": link.href, "on": link.on}
            for link in links_to(stop.point, profile, region)
        ],
    }


def _changed(stop: Stop, changes: RouteChanges) -> dict[str, str]:
    """Return what changed at a door: new, moved, or the former time if it is much earlier or later."""
    visit, was_s = stop.visit.id, changes.was_s.get(stop.visit.id)
    told = (
        {"change": "new"} if visit in changes.new else {"change": "moved"} if visit in changes.moved else {}
    )
    if was_s is not None and abs(stop.step.arrival_s - was_s) >= _TOLD_S:
        told["was"] = clock(was_s)
    return told


def _seen(stop: Stop) -> dict[str, object]:
    """Return the known result of a stop as a mark on the page; `people` if their results differ."""
    if not stop.fates:
        return {}
    people = stop.fates if stop.fate is Status.PARTLY else ()
    return {"seen": {"status": stop.fate, "minute": stop.step.departure_s // 60, "people": people}}


def _words(code: str) -> dict[str, str]:
    """Return the page's words in a language, and what the page says of the language itself."""
    language = LANGUAGES[code]
    about = {"language": language.name, "language_short": language.short, "language_tag": language.tag}
    return {**{key: text.into(code) for key, text in WORDS.items()}, **about}


def _said(text: Text | None) -> dict[str, str]:
    return {lang: text.into(lang) for lang in LANGUAGES} if text else {}
