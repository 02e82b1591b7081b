"""Links that open a door in a navigation app, each with the coordinates in the datum that the app expects."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from doorroute.geocode.datum import from_wgs84, in_mainland
from doorroute.model.place import Datum, Point
from doorroute.model.team import Profile
from doorroute.texts import Text, msg

_AMAP: Final = {Profile.FOOT: "walk", Profile.BIKE: "ride", Profile.CAR: "car"}
_TENCENT: Final = {Profile.FOOT: "walk", Profile.BIKE: "bike", Profile.CAR: "drive"}
_GOOGLE: Final = {Profile.FOOT: "walking", Profile.BIKE: "bicycling", Profile.CAR: "driving"}
_APPLE: Final = {Profile.FOOT: "w", Profile.BIKE: "w", Profile.CAR: "d"}
_OSMAND: Final = {Profile.FOOT: "pedestrian", Profile.BIKE: "bicycle", Profile.CAR: "car"}


def links_to(door: Point, profile: Profile) -> tuple[tuple[Text, str], ...]:
    """Return up to three names of apps and their links: those of mainland China inside its outline, the world's elsewhere.

    No name or address is in a link; the app learns the position alone, and only when somebody taps.
    Sources: lbs.amap.com "URI API", lbs.qq.com "uri/v1/routeplan" (coord_type 1 is WGS 84), developers.google.com "Maps URLs",
    Apple "Map Links", osmand.net "Map URLs".
    """
    here = f"{door.lat:.6f},{door.lon:.6f}"
    osmand = (
        msg("OsmAnd, offline"),
        f"https://osmand.net/map/?{urlencode({'finish': here, 'profile': _OSMAND[profile]}, safe=',')}",
    )
    if in_mainland(door.lon, door.lat):
        shifted = from_wgs84(door, Datum.GCJ02)  # Amap's links say nothing of a datum: it takes its own
        amap = {
            "to": f"{shifted.lon:.6f},{shifted.lat:.6f}",
            "mode": _AMAP[profile],
            "src": "doorroute",
            "callnative": 1,
        }
        tencent = {"type": _TENCENT[profile], "tocoord": here, "coord_type": 1, "referer": "doorroute"}
        return (
            (msg("Amap"), f"https://uri.amap.com/navigation?{urlencode(amap, safe=',')}"),
            (msg("Tencent Maps"), f"https://apis.map.qq.com/uri/v1/routeplan?{urlencode(tencent, safe=',')}"),
            osmand,
        )
    google = {"api": 1, "destination": here, "travelmode": _GOOGLE[profile]}
    apple = {"daddr": here, "dirflg": _APPLE[profile]}
    return (
        (msg("Google Maps"), f"https://www.google.com/maps/dir/?{urlencode(google, safe=',')}"),
        (msg("Apple Maps"), f"https://maps.apple.com/?{urlencode(apple, safe=',')}"),
        osmand,
    )
