"""The geocoders: your own Nominatim or Photon, the public Nominatim, Amap, Baidu, Tianditu.

Each has its request, the meaning of its answer, and its datum: Amap and Baidu answer in GCJ-02, the others in
WGS 84.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from doorroute.disk.files import Json
from doorroute.geocode.datum import to_wgs84
from doorroute.geocode.house_numbers import DESIGNATION, designation
from doorroute.geocode.online import Answer, Provider, ProviderError
from doorroute.geocode.spelling import arabic, plain
from doorroute.model.place import Datum, GivenPoint, Point, Precision
from doorroute.texts import Text, msg

PUBLIC_NOMINATIM: Final = "https://nominatim.openstreetmap.org"


def _to_own(url: str) -> Text:
    return msg("Addresses are sent to the server at {url}.", url=url)


def _to_outside(name: str) -> Text:
    return msg(
        "Addresses are sent to {name}, an external service. Do not send addresses of people in quarantine.",
        name=name,
    )


@dataclass(frozen=True, kw_only=True)
class Nominatim:
    """Your own Nominatim server; `contact` (an email address) is put in the User-Agent."""

    url: str
    contact: str = ""
    name: str = "nominatim"
    pause_s: float = 0.0

    @property
    def warning(self) -> Text:
        """The warning before anything is sent."""
        return _to_own(self.url)

    def request(self, text: str) -> tuple[str, Mapping[str, str]]:
        """Return URL and headers of the request."""
        fields = urlencode({"q": text, "format": "jsonv2", "addressdetails": 1, "limit": 5})
        return f"{self.url.rstrip('/')}/search?{fields}", {
            "User-Agent": f"doorroute ({self.contact})".replace(" ()", "")
        }

    def parse(self, answer: Json) -> list[Answer]:
        """Read the answer: a list of places."""
        return [
            Answer(
                point=Point(float(place["lon"]), float(place["lat"])),
                precision=Precision.BUILDING
                if "house_number" in place.get("address", {})
                else Precision.STREET,
                number=str(place.get("address", {}).get("house_number", "")),
                label=str(place["display_name"]),
            )
            for place in answer
        ]


def public_nominatim(contact: str) -> Nominatim:
    """Return the public Nominatim, within its policy of May 2026.

    Four requests a minute for scripts, an own User-Agent, cached answers, and no personal data at all:
    https://operations.osmfoundation.org/policies/nominatim/
    """
    return _PublicNominatim(url=PUBLIC_NOMINATIM, contact=contact, name="nominatim-public", pause_s=15.0)


class _PublicNominatim(Nominatim):
    @property
    def warning(self) -> Text:
        return msg(
            "Addresses are sent to {name}. Its rules forbid personal data: send no names, and no addresses "
            "of people in quarantine. "
            "https://operations.osmfoundation.org/policies/nominatim/",
            name=self.url,
        )


@dataclass(frozen=True, kw_only=True)
class Photon:
    """Your own Photon server."""

    url: str
    name: str = "photon"
    pause_s: float = 0.0

    @property
    def warning(self) -> Text:
        """The warning before anything is sent."""
        return _to_own(self.url)

    def request(self, text: str) -> tuple[str, Mapping[str, str]]:
        """Return URL and headers of the request."""
        return f"{self.url.rstrip('/')}/api?{urlencode({'q': text, 'limit': 5})}", {"User-Agent": "doorroute"}

    def parse(self, answer: Json) -> list[Answer]:
        """Read the answer: GeoJSON."""
        found = []
        for feature in answer["features"]:
            tags = feature["properties"]
            lon, lat = feature["geometry"]["coordinates"]
            number = str(tags.get("housenumber", ""))
            label = ", ".join(
                filter(
                    None,
                    (f"{tags.get('street', tags.get('name', ''))} {number}".strip(), tags.get("city", "")),
                )
            )
            precision = Precision.BUILDING if number else Precision.STREET
            found.append(
                Answer(point=Point(float(lon), float(lat)), precision=precision, number=number, label=label)
            )
        return found


# Amap's match levels; others are areas. https://lbs.amap.com/api/webservice/guide/api/georegeo
_AMAP_LEVELS: Final = {
    "单元号": Precision.ENTRANCE,
    "楼栋号": Precision.BUILDING,
    "门牌号": Precision.BUILDING,
    "住宅区": Precision.COMPOUND,
    "兴趣点": Precision.COMPOUND,
    "道路": Precision.STREET,
    "道路交叉路口": Precision.STREET,
}
_AMAP_KEY: Final = {"10001", "10002", "10005", "10006", "10007", "10008", "10009", "10010", "10012"}
_AMAP_QUOTA: Final = {"10003", "10004", "10014", "10015", "10019", "10020", "10021", "10044"}


@dataclass(frozen=True, kw_only=True)
class Amap:
    """Amap (高德), with a key; answers in GCJ-02."""

    key: str = field(repr=False)
    url: str = "https://restapi.amap.com"
    name: str = "amap"
    pause_s: float = 0.35  # three a second for personal keys

    @property
    def warning(self) -> Text:
        """The warning before anything is sent."""
        return _to_outside("Amap")

    def request(self, text: str) -> tuple[str, Mapping[str, str]]:
        """Return URL and headers of the request."""
        return (
            f"{self.url}/v3/geocode/geo?{urlencode({'address': text, 'key': self.key, 'output': 'JSON'})}",
            {},
        )

    def parse(self, answer: Json) -> list[Answer]:
        """Read the answer; an error comes with status 0 and an infocode."""
        if str(answer["status"]) != "1":
            code = str(answer.get("infocode", ""))
            raise ProviderError(
                "PROVIDER_KEY"
                if code in _AMAP_KEY
                else "PROVIDER_QUOTA"
                if code in _AMAP_QUOTA
                else "PROVIDER_FAILED"
            )
        found = []
        for place in answer["geocodes"]:
            lon, lat = map(float, place["location"].split(","))
            label = str(place["formatted_address"])
            precision = _AMAP_LEVELS.get(str(place["level"]), Precision.AREA)
            point = to_wgs84(GivenPoint(lon, lat, Datum.GCJ02))
            found.append(Answer(point=point, precision=precision, number=_number_in(label), label=label))
        return found


@dataclass(frozen=True, kw_only=True)
class Baidu:
    """Baidu (百度), with a key; asked to answer in GCJ-02."""

    key: str = field(repr=False)
    url: str = "https://api.map.baidu.com"
    name: str = "baidu"
    pause_s: float = 0.35

    @property
    def warning(self) -> Text:
        """The warning before anything is sent."""
        return _to_outside("Baidu")

    def request(self, text: str) -> tuple[str, Mapping[str, str]]:
        """Return URL and headers of the request."""
        fields = urlencode({"address": text, "ak": self.key, "output": "json", "ret_coordtype": "gcj02ll"})
        return f"{self.url}/geocoding/v3/?{fields}", {}

    def parse(self, answer: Json) -> list[Answer]:
        """Read the answer.

        Baidu returns no address, so the number cannot be checked: it is only a candidate.
        """
        status = int(answer["status"])
        if status in {1, 2}:
            return []  # nothing found
        if status:
            raise ProviderError(
                "PROVIDER_QUOTA"
                if status in {4, 301, 302, 401, 402}
                else "PROVIDER_KEY"
                if status
                in {5, 101, 102, 200, 201, 202, 203, 210, 211, 220, 230, 240, 250, 251, 252, 260, 261}
                else "PROVIDER_FAILED"
            )
        result = answer["result"]
        spot = result["location"]
        exact = int(result.get("precise", 0)) == 1 and result.get("level") in {"门址", "楼栋", "单元", "房屋"}
        point = to_wgs84(GivenPoint(float(spot["lng"]), float(spot["lat"]), Datum.GCJ02))
        precision = (
            Precision.BUILDING
            if exact
            else Precision.COMPOUND
            if int(result.get("comprehension", 0)) >= 90
            else Precision.AREA
        )
        return [Answer(point=point, precision=precision, number="", label=str(result.get("level", "")))]


@dataclass(frozen=True, kw_only=True)
class Tianditu:
    """Tianditu (天地图), with a key; its CGCS 2000 differs from WGS 84 by decimetres at most."""

    key: str = field(repr=False)
    url: str = "https://api.tianditu.gov.cn"
    name: str = "tianditu"
    pause_s: float = 0.35

    @property
    def warning(self) -> Text:
        """The warning before anything is sent."""
        return _to_outside("Tianditu")

    def request(self, text: str) -> tuple[str, Mapping[str, str]]:
        """Return URL and headers of the request; the server expects the User-Agent of a browser."""
        fields = urlencode({"ds": json.dumps({"keyWord": text}, ensure_ascii=False), "tk": self.key})
        return f"{self.url}/geocoder?{fields}", {"User-Agent": "Mozilla/5.0 doorroute"}

    def parse(self, answer: Json) -> list[Answer]:
        """Read the answer; `score` is the service's own, 0 to 100."""
        status = str(answer["status"])
        if status in {"101", "404"}:
            return []
        if status != "0":
            raise ProviderError("PROVIDER_KEY" if status.startswith("3") else "PROVIDER_FAILED")
        place = answer["location"]
        label = str(place.get("keyWord", ""))
        precision = (
            Precision.BUILDING
            if place.get("level") in {"门址", "门牌号", "楼栋"} and int(place.get("score", 0)) >= 95
            else Precision.COMPOUND
        )
        return [
            Answer(
                point=Point(float(place["lon"]), float(place["lat"])),
                precision=precision,
                number=_number_in(label),
                label=label,
            )
        ]


def _number_in(label: str) -> str:
    """Return the last building or house number in an address from a service."""
    matches = list(re.finditer(DESIGNATION, arabic(plain(label)), re.IGNORECASE))
    return designation(matches[-1]) if matches else ""


def named_provider(name: str, *, url: str = "", key: str = "", contact: str = "") -> Provider:
    """Return a provider by its name on the command line.

    Names: nominatim, nominatim-public, photon, amap, baidu, tianditu. Raises ValueError if the name is
    unknown, or `url`, `key` or `contact` is needed and missing.
    """
    needs = {
        "nominatim": url,
        "photon": url,
        "nominatim-public": contact,
        "amap": key,
        "baidu": key,
        "tianditu": key,
    }
    if not needs.get(name):
        raise ValueError(name)
    own = {"url": url} if url else {}
    makers: Mapping[str, Any] = {"amap": Amap, "baidu": Baidu, "tianditu": Tianditu}
    if name in makers:
        provider: Provider = makers[name](key=key, **own)
        return provider
    if name == "photon":
        return Photon(url=url)
    return Nominatim(url=url, contact=contact) if name == "nominatim" else public_nominatim(contact)
