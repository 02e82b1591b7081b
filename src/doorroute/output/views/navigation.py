"""Links that open a door in a navigation app, each with the coordinates in the datum that the app expects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlencode

from doorroute.geocode.datum import from_wgs84, in_mainland
from doorroute.model.place import Datum, Point
from doorroute.model.settings import Region
from doorroute.model.team import Profile
from doorroute.texts import Text, msg

System = Literal["android", "ios", "other"]

_MODES: Final[Mapping[str, tuple[str, str, str]]] = {  # on foot, by bike, by car
    "amap": ("walk", "ride", "car"),
    "baidu": ("walking", "riding", "driving"),
    "tencent": ("walk", "bike", "drive"),
    "google": ("walking", "bicycling", "driving"),
    "apple": ("w", "w", "d"),
    "osmand": ("pedestrian", "bicycle", "car"),
    "organic": ("walk", "bike", "drive"),
}
_EVERY: Final[tuple[System, ...]] = ("android", "ios", "other")
_NAME: Final = "doorroute"  # given where an app wants a name


@dataclass(frozen=True, slots=True)
class Link:
    """An app, the link that opens it, and the phones on which it is offered."""

    app: Text
    href: str
    on: tuple[System, ...] = _EVERY


def links_to(door: Point, profile: Profile, region: Region = Region.AUTO) -> tuple[Link, ...]:
    """Return links to navigation apps, the most usual first, at most four for each kind of phone.

    They are apps of mainland China or of the rest of the world; with `AUTO`, the door's position decides.
    A link has no name or address: the app gets only the position, and only when somebody taps the link.
    Coordinates are WGS 84 if the link can say so or the app knows nothing else. They are GCJ-02 for Amap and
    Apple, which do not document their datum and show GCJ-02 maps in mainland China.

    Sources: lbs.amap.com "URI API", lbsyun.baidu.com "URI API" (coord_type), lbs.qq.com "uri/v1/routeplan"
    (coord_type 1 is WGS 84), developers.google.com "Maps URLs", Apple "Map Links", osmand.net "Map URLs",
    Organic Maps "API and deep links", RFC 5870.
    """
    here = f"{door.lat:.6f},{door.lon:.6f}"
    chinese = from_wgs84(door, Datum.GCJ02)
    mode = {app: modes[list(Profile).index(profile)] for app, modes in _MODES.items()}
    apple = Link(
        msg("Apple Maps"),
        _url("https://maps.apple.com/", daddr=f"{chinese.lat:.6f},{chinese.lon:.6f}", dirflg=mode["apple"]),
        ("ios",),
    )
    organic = Link(msg("Organic Maps, offline"), _url("om://v2/dir", destination=here, mode=mode["organic"]))
    if region is Region.CHINA or (region is Region.AUTO and in_mainland(door.lon, door.lat)):
        to = {"destination": f"name:{_NAME}|latlng:{here}", "coord_type": "wgs84", "mode": mode["baidu"]}
        return (
            Link(
                msg("Amap"),
                _url(
                    "https://uri.amap.com/navigation",
                    to=f"{chinese.lon:.6f},{chinese.lat:.6f}",
                    mode=mode["amap"],
                    src=_NAME,
                    callnative=1,
                ),
            ),
            Link(
                msg("Baidu Maps"), _url("bdapp://map/direction", **to, src=f"andr.org.{_NAME}"), ("android",)
            ),
            Link(msg("Baidu Maps"), _url("baidumap://map/direction", **to, src=f"ios.org.{_NAME}"), ("ios",)),
            Link(  # its web directions need a start position
                msg("Baidu Maps"),
                _url(
                    "https://api.map.baidu.com/marker",
                    location=here,
                    title=_NAME,
                    content=_NAME,
                    coord_type="wgs84",
                    output="html",
                    src=f"webapp.org.{_NAME}",
                ),
                ("other",),
            ),
            Link(
                msg("Tencent Maps"),
                _url(
                    "https://apis.map.qq.com/uri/v1/routeplan",
                    type=mode["tencent"],
                    tocoord=here,
                    coord_type=1,
                    referer=_NAME,
                ),
            ),
            apple,
            Link(organic.app, organic.href, ("android", "other")),
        )
    google = _url("https://www.google.com/maps/dir/", api=1, destination=here, travelmode=mode["google"])
    return (
        Link(msg("Google Maps"), google),
        apple,
        Link(msg("OsmAnd, offline"), _url("https://osmand.net/map/", finish=here, profile=mode["osmand"])),
        organic,
        Link(msg("Another app"), f"geo:{here}?q={here}", ("android",)),
    )


def _url(base: str, **query: str | int) -> str:
    return f"{base}?{urlencode(query, safe=',:')}"
