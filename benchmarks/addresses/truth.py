"""What is true: the addresses of an extract, read apart from the code that is measured."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import osmium
import shapely

SAME_M = 40
_DEGREE_M = 111_320


@dataclass
class House:
    """One address of the map: every object that carries it, as (id, shape)."""

    street: str
    number: str
    postcode: str
    city: str
    objects: list[tuple[str, shapely.Geometry]] = field(default_factory=list)

    @property
    def clean(self) -> str:
        """Return the address as it is written on a letter."""
        town = " ".join(filter(None, (self.postcode, self.city)))
        return ", ".join(filter(None, (f"{self.street} {self.number}", town)))

    @property
    def spread_m(self) -> float:
        """Return how far the objects are apart at most, shapes to shapes."""
        shapes = [shape for _, shape in self.objects]
        middle = shapes[0].centroid
        return max(metres(middle.x, middle.y, shape) for shape in shapes)


def metres(lon: float, lat: float, shape: shapely.Geometry) -> float:
    """Return how far a position is from a shape."""
    scale = math.cos(math.radians(lat))
    stretched = shapely.transform(shape, lambda points: points * (scale, 1))
    return float(shapely.distance(shapely.Point(lon * scale, lat), stretched)) * _DEGREE_M


def houses(extract: Path) -> list[House]:
    """Return every plainly numbered address of a Western extract that names its town, with the building that
    it is in.

    A shop says where a shop is: where the address is also on a building, an entrance or a point of its own,
    that alone is true.
    """
    found: dict[tuple[str, ...], list[tuple[str, dict[str, str], shapely.Geometry]]] = defaultdict(list)
    for name, tags, shape in _objects(extract, "addr:housenumber"):
        street, number, city = (
            tags.get("addr:street", ""),
            tags["addr:housenumber"],
            tags.get("addr:city", ""),
        )
        if (
            street
            and city
            and re.fullmatch(r"\d+[a-zA-Z]?", number)
            and not re.search(r"[,;(]", street + city)
        ):
            found[street, number, city].append((name, tags, shape))
    buildings = [(name, shape) for name, _, shape in _objects(extract, "building") if name[0] != "n"]
    tree = shapely.STRtree([shape for _, shape in buildings])
    made = []
    for (street, number, city), objects in found.items():
        plain = [thing for thing in objects if not _is_shop(thing)] or objects
        codes = [tags.get("addr:postcode", "").split(";")[0] for _, tags, _ in plain]
        house = House(street, number, max(codes, key=lambda code: (bool(code), codes.count(code))), city)
        house.objects = [(name, shape) for name, _, shape in plain]
        around = {
            int(at) for _, shape in house.objects for at in tree.query(shape.centroid, predicate="intersects")
        }
        house.objects += [
            buildings[at] for at in sorted(around) if buildings[at][0] not in dict(house.objects)
        ]
        made.append(house)
    return made


def _is_shop(thing: tuple[str, dict[str, str], shapely.Geometry]) -> bool:
    return thing[0][0] == "n" and bool(
        {"name", "shop", "amenity", "office", "craft", "tourism", "leisure"} & thing[1].keys()
    )


def ambiguous(all_houses: list[House], *, town: bool) -> set[int]:
    """Return which houses (their `id()`) share street and number, spelled alike but for case, blanks,
    hyphens and umlauts, with another.

    With `town` the town is the same as well: the address as a whole lies in two places. So does a house
    whose objects are apart.
    """
    alike: dict[tuple[str, ...], list[House]] = defaultdict(list)
    for house in all_houses:
        alike[_folded(house.street), house.number.casefold(), house.city if town else ""].append(house)
    twins = {id(house) for houses_alike in alike.values() if len(houses_alike) > 1 for house in houses_alike}
    return twins | {id(house) for house in all_houses if house.spread_m > SAME_M}


def _folded(street: str) -> str:
    text = (
        street.casefold()
        .replace("ß", "ss")
        .replace("ä", "a")
        .replace("ö", "o")
        .replace("ü", "u")
        .replace("ae", "a")
        .replace("oe", "o")
        .replace("ue", "u")
    )
    text = re.sub(r"\bsankt\b", "st", text)
    return re.sub(r"[\s.\-]", "", text)


@dataclass(frozen=True)
class Pair:
    """A numbered building of a Chinese extract with its compound; `doubled` where another building may be
    meant by the same words.
    """

    id: str
    compound: str
    number: str
    word: str
    doubled: bool
    fused: bool


_FUSED = re.compile(
    r"^(?:北京大学-?)?(?P<compound>紫荆学生公寓|燕东园|蓝旗营|普吉)-?(?P<small>小楼)?(?P<number>\d+)号楼$"
)
_INSIDE = re.compile(r"^(?P<number>[A-F]\d?|\d?[A-Z]|\d+)(?P<word>栋|座)$")


def pairs(extract: Path) -> list[Pair]:
    """Return the pairs of compound and numbered building that were measured before: 52 fused ones in
    Haidian, 35 inside compounds in Nanshan.
    """
    named = [
        (name, tags, shape)
        for name, tags, shape in _objects(extract, "name")
        if "building" in tags or tags.get("landuse") == "residential"
    ]
    found: list[Pair] = []
    for name, tags, _ in named:
        match = _FUSED.match(tags["name"])
        if match:
            compound = match["compound"] + (match["small"] or "")
            found.append(Pair(name, compound, match["number"], "号楼", doubled=False, fused=True))
    numbers = [(pair.compound.removesuffix("小楼"), pair.number) for pair in found]
    found = [
        Pair(
            p.id,
            p.compound,
            p.number,
            p.word,
            numbers.count((p.compound, p.number)) > 1 and not p.compound.endswith("小楼"),
            fused=True,
        )
        for p in found
    ]
    compounds = [
        (tags["name"], shape)
        for _, tags, shape in named
        if tags["name"] in {"海滨小区", "西海明珠花园", "阳光粤海"} and "building" not in tags
    ]
    for name, tags, shape in named:
        for number in tags["name"].replace("座", "").split("|") if "|" in tags["name"] else [tags["name"]]:
            match = _INSIDE.match(number if number[-1] in "栋座" else number + "座")
            around = (
                [compound for compound, outline in compounds if outline.contains(shape.centroid)]
                if match
                else []
            )
            if match and around:
                found.append(
                    Pair(name, around[0], match["number"], match["word"], doubled=False, fused=False)
                )
    return found


def _objects(extract: Path, key: str) -> Iterator[tuple[str, dict[str, str], shapely.Geometry]]:
    for thing in osmium.FileProcessor(str(extract)).with_areas().with_filter(osmium.filter.KeyFilter(key)):
        tags = {tag.k: tag.v for tag in thing.tags}
        if thing.is_node():
            yield f"n{thing.id}", tags, shapely.Point(thing.lon, thing.lat)
        elif thing.is_way() and len(thing.nodes) > 3:
            points = [(node.lon, node.lat) for node in thing.nodes if node.location.valid()]
            yield (
                f"w{thing.id}",
                tags,
                shapely.make_valid(shapely.Polygon(points))
                if len(points) > 2
                else shapely.MultiPoint(points),
            )
        elif thing.is_area() and not thing.from_way():
            rings = [[(node.lon, node.lat) for node in ring] for ring in thing.outer_rings()]
            yield f"r{thing.orig_id()}", tags, shapely.MultiPolygon([(ring, []) for ring in rings])
