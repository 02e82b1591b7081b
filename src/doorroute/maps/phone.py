"""A team's page: locked, complete in one file, and the way back for the team's results.

In clear stand the team, the date and the number of doors; everything else is sealed with the team's code (`seal.py`).
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping
from typing import Final

from doorroute.maps.assets import render_page
from doorroute.maps.basemap import BaseMap
from doorroute.maps.doors import Entry, entries
from doorroute.maps.navigation import links_to
from doorroute.maps.phone_words import NO_SCRIPT, WORDS
from doorroute.maps.seal import PAGE, PROGRESS, RESULTS, Keys, Lock, seal
from doorroute.maps.views import Stop, TeamRoute, lat_lon, leg_ends, route_data
from doorroute.model.clock import clock
from doorroute.model.plan import Plan
from doorroute.model.team import Profile
from doorroute.texts import LANGUAGES, Text

_LENGTH_BYTES: Final = 4


def team_page(plan: Plan, team: TeamRoute, base_map: BaseMap, *, lock: Lock, keys: Keys, made: str, lang: str) -> str:
    """Return the page as HTML; `made` is when, as an ISO time in UTC, so that an older page can tell that it is old."""
    frame, packed_map = base_map.pack(team.points)
    route = json.dumps(_route(plan, team, frame, made), ensure_ascii=False, separators=(",", ":")).encode()
    plain = len(route).to_bytes(_LENGTH_BYTES, "little") + route + packed_map
    words = {each: {key: text.into(each) for key, text in WORDS.items()} for each in LANGUAGES}
    sealed = seal(gzip.compress(plain, 9, mtime=0), keys.page, PAGE, lock.route)
    return render_page(
        "team.html.j2",
        lang,
        {
            "team": team,
            "date": plan.date,
            "words": words,
            "no_script": NO_SCRIPT.into(lang),
            "no_script_other": NO_SCRIPT.into("en" if lang == "zh" else "zh"),
            "page_data": {
                "route": lock.route,
                "lang": lang,
                "purposes": {"page": PAGE, "progress": PROGRESS, "results": RESULTS},
                "words": words,
            },
            "sealed": base64.b64encode(sealed).decode(),
        },
    )


def _route(plan: Plan, team: TeamRoute, frame: Mapping[str, object], made: str) -> dict[str, object]:
    """Return all that is sealed but the base map's bytes, as JSON's values; texts stand in every language."""
    depots = {team.team.start: team.start, team.team.end: team.end}
    return {
        **route_data(team),
        "team": team.team.id,
        "date": plan.date,
        "made": made,
        "distance": team.route.distance_m,
        "depots": [{"name": depot, "at": lat_lon(point)} for depot, point in depots.items()],
        "ends": leg_ends(team.path, [stop.point for stop in team.stops]),
        "steps": [_step(entry, team.route.profile) for entry in entries(team)],
        "map": frame,
    }


def _step(entry: Entry, profile: Profile) -> dict[str, object]:
    if entry.stop is None:
        return {"time": entry.time, "what": _said(entry.what)}
    stop: Stop = entry.stop
    return {
        "time": entry.time,
        "leave": clock(stop.step.departure_s),
        "number": stop.number,
        "at": lat_lon(stop.point),
        "windows": stop.windows,
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
        "links": [{"name": _said(name), "href": href} for name, href in links_to(stop.point, profile)],
    }


def _said(text: Text | None) -> dict[str, str]:
    return {lang: text.into(lang) for lang in LANGUAGES} if text else {}
