"""Makes a Chinese town in real OpenStreetMap form, seeded: compounds with 号楼, gates, villages, 弄 and 巷,
streets to walk on.

Every name is put together from syllables and belongs to no real place. Buildings carry their numbers in the
three ways seen in real extracts: alone in `name` inside a named `landuse=residential`, fused with the
compound in `name`, or as `addr:*` tags. Near-twins are made on purpose (东区 and 西区, 一期 and 二期),
since that is where a careless search goes wrong.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import osmium
from osmium.osm.mutable import Node, Way

PROVINCE, CITY, DISTRICT = "河东省", "清源市", "临汾区"
_ORIGIN = (112.75, 37.69)
_LON_M, _LAT_M = 1 / 88_100, 1 / 110_950  # degrees a metre at 37.7 north
_BLOCK_M = (240, 200)
_FIRST = "翠碧锦瑞祥福康安宁和美景华庆永泰荣昌盛兴凤龙桂兰梅竹松柏枫荷莲云霞星月晨旭春秋"
_SECOND = "湖园苑庭府城湾岸林轩居里坊台阁山河溪泉岭"
_SITE = ("小区", "小区", "小区", "家园", "花园", "新村", "公寓", "家属院", "")
_VILLAGE = "张王李赵刘陈杨黄周吴徐孙马朱胡林郭何高罗"
_VILLAGE_END = ("家村", "家庄", "家窑", "家堡")
_ROAD = ("路", "街", "大街", "路", "巷")
_STREET_OFFICES = ("城关街道", "河西街道", "东关街道", "龙泉镇")


@dataclass(frozen=True)
class Truth:
    """A building of the town: its id on the map, what it belongs to, its number and the word that follows it
    there.
    """

    id: str
    site: str
    number: str
    word: str
    office: str
    lon: float
    lat: float


@dataclass
class Town:
    """What was made: the extract's path and every numbered building in it."""

    path: Path
    truths: list[Truth] = field(default_factory=list)


def make_town(path: Path, *, seed: int = 1, columns: int = 14, rows: int = 11) -> Town:
    """Write a town of `columns` x `rows` blocks to `path` (.osm.pbf); the default has some 3,900 numbered
    buildings.
    """
    maker = _Maker(random.Random(seed))
    for column in range(columns):
        for row in range(rows):
            maker.block(column, row)
    maker.roads(columns, rows)
    path.unlink(missing_ok=True)
    with osmium.SimpleWriter(str(path)) as writer:
        for node in maker.nodes:
            writer.add_node(node)
        for way in maker.ways:
            writer.add_way(way)
    return Town(path, maker.truths)


class _Maker:
    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.nodes: list[Node] = []
        self.ways: list[Way] = []
        self.truths: list[Truth] = []
        self.used: set[str] = set()
        self.twins: list[str] = []

    def node(self, x_m: float, y_m: float, **tags: str) -> int:
        lon, lat = _ORIGIN[0] + x_m * _LON_M, _ORIGIN[1] + y_m * _LAT_M
        self.nodes.append(
            Node(id=len(self.nodes) + 1, location=(round(lon, 7), round(lat, 7)), tags=_tags(tags), version=1)
        )
        return len(self.nodes)

    def way(self, nodes: list[int], **tags: str) -> str:
        self.ways.append(Way(id=len(self.ways) + 1, nodes=nodes, tags=_tags(tags), version=1))
        return f"w{len(self.ways)}"

    def rectangle(self, x_m: float, y_m: float, width_m: float, height_m: float, **tags: str) -> str:
        corners = [(x_m, y_m), (x_m + width_m, y_m), (x_m + width_m, y_m + height_m), (x_m, y_m + height_m)]
        nodes = [self.node(*corner) for corner in corners]
        return self.way([*nodes, nodes[0]], **tags)

    def building(
        self,
        x_m: float,
        y_m: float,
        size_m: tuple[float, float],
        truth: tuple[str, str, str, str],
        **tags: str,
    ) -> None:
        name = self.rectangle(x_m, y_m, *size_m, building="yes", **tags)
        lon, lat = _ORIGIN[0] + (x_m + size_m[0] / 2) * _LON_M, _ORIGIN[1] + (y_m + size_m[1] / 2) * _LAT_M
        self.truths.append(Truth(name, *truth, lon, lat))

    def name(self) -> str:
        """Return a new compound's name; sometimes the near-twin of one that is there."""
        if self.twins and self.chance.random() < 0.15:
            return self.twins.pop()
        while True:
            name = (
                self.chance.choice(_FIRST)
                + self.chance.choice(_FIRST + _SECOND)
                + self.chance.choice(_SECOND)
            )
            name = (name if self.chance.random() < 0.6 else name[0] + name[2]) + self.chance.choice(_SITE)
            if name not in self.used and len(name) > 2:
                self.used.add(name)
                break
        form = self.chance.random()
        if form < 0.12:
            self.twins.append("新" + name)
        elif form < 0.24:
            one, other = self.chance.choice([("东区", "西区"), ("一期", "二期"), ("南院", "北院")])
            self.twins.append(name + other)
            name += one
        return name

    def block(self, column: int, row: int) -> None:
        x_m, y_m = column * _BLOCK_M[0] + 12, row * _BLOCK_M[1] + 12
        office = (
            _STREET_OFFICES[(column * 2 // 14) * 2 + row * 2 // 11]
            if column < 14 and row < 11
            else _STREET_OFFICES[0]
        )
        kind = self.chance.random()
        if kind < 0.62:
            self.compound(x_m, y_m, office)
        elif kind < 0.8:
            self.village(x_m, y_m, office)
        else:
            self.street(x_m, y_m, office)

    def compound(self, x_m: float, y_m: float, office: str) -> None:
        name, style = self.name(), self.chance.choice(("inside", "inside", "fused", "tagged"))
        word = self.chance.choice(("号楼", "号楼", "栋", "幢", "座"))
        lettered = word == "座" or self.chance.random() < 0.08
        width, height = _BLOCK_M[0] - 24, _BLOCK_M[1] - 24
        if style != "fused":
            self.rectangle(x_m, y_m, width, height, landuse="residential", name=name)
        self.node(x_m + width / 2, y_m, barrier="gate", name=f"{name}南门")
        count = self.chance.randint(12, 36)
        for at in range(count):
            left, up = divmod(at, 7)
            number = (chr(65 + at % 26) if at < 26 else f"{at}") if lettered else str(at + 1)
            own = {
                "inside": {"name": number + word},
                "fused": {"name": f"{name}{self.chance.choice(('', '', '-'))}{number}{word}"},
                "tagged": {
                    "addr:place": name,
                    "addr:housenumber": f"{number}{word}",
                    "addr:city": CITY,
                    "addr:district": DISTRICT,
                },
            }[style]
            spot = (x_m + 6 + left * 36, y_m + 8 + up * 23)
            self.building(*spot, (30, 12), (name, number, word, office), **own)
            units = self.chance.randint(1, 3)
            for unit in range(units if self.chance.random() < 0.1 else 0):
                self.node(spot[0] + 10 * unit + 3, spot[1], entrance="staircase", ref=str(unit + 1))

    def village(self, x_m: float, y_m: float, office: str) -> None:
        while (
            name := self.chance.choice(("", "", "大", "小", "东", "西"))
            + self.chance.choice(_VILLAGE)
            + self.chance.choice(_VILLAGE_END)
        ) in self.used:
            pass
        self.used.add(name)
        self.node(x_m + 90, y_m + 80, place="village", name=name)
        for at in range(self.chance.randint(20, 50)):
            left, up = divmod(at, 8)
            number = (
                str(at + 1) if self.chance.random() < 0.95 else f"{at + 1}号附{self.chance.randint(1, 3)}"
            )
            tag = {
                "addr:place": name,
                "addr:housenumber": number if "附" in number else self.chance.choice((number, f"{number}号")),
            }
            self.building(
                x_m + 4 + left * 32, y_m + 6 + up * 22, (16, 12), (name, number, "号", office), **tag
            )

    def street(self, x_m: float, y_m: float, office: str) -> None:
        while (
            road := self.chance.choice(_FIRST)
            + self.chance.choice(_FIRST + _SECOND)
            + self.chance.choice(_ROAD)
        ) in self.used:
            pass
        self.used.add(road)
        ends = [self.node(x_m, y_m + 60), self.node(x_m + 210, y_m + 60)]
        self.way(ends, highway="residential", name=road)
        for at in range(self.chance.randint(14, 26)):
            number = str(2 * (at // 2) + 1 + at % 2)
            tags = {
                "addr:street": road,
                "addr:housenumber": number,
                "addr:city": CITY,
                "addr:district": DISTRICT,
            }
            self.building(
                x_m + 2 + (at // 2) * 16,
                y_m + (66 if at % 2 else 42),
                (13, 11),
                (road, number, "号", office),
                **tags,
            )
        for lane in self.chance.sample(range(100, 400, 2), 2):
            for at in range(self.chance.randint(5, 10)):
                spot = (x_m + 2 + at * 20, y_m + 90 + 40 * (lane % 4 // 2))
                tags = {"addr:street": road, "addr:housenumber": f"{lane}弄{at + 1}号"}
                self.building(*spot, (15, 12), (f"{road}{lane}弄", str(at + 1), "号", office), **tags)

    def roads(self, columns: int, rows: int) -> None:
        """Draw the streets between the blocks, joined at the corners, so that the town can be walked."""
        corners = {
            (c, r): self.node(c * _BLOCK_M[0], r * _BLOCK_M[1])
            for c in range(columns + 1)
            for r in range(rows + 1)
        }
        for column in range(columns + 1):
            self.way(
                [corners[column, row] for row in range(rows + 1)],
                highway="secondary",
                name=f"经{_numeral(column + 1)}路",
            )
        for row in range(rows + 1):
            self.way(
                [corners[column, row] for column in range(columns + 1)],
                highway="tertiary",
                name=f"纬{_numeral(row + 1)}街",
            )


def _tags(tags: dict[str, str]) -> dict[str, str]:
    return {name.replace("__", ":"): value for name, value in tags.items()}


def _numeral(number: int) -> str:
    digits = "零一二三四五六七八九十"
    return digits[number] if number <= 10 else "十" + (digits[number - 10] if number < 20 else "")


def spelled(truth: Truth) -> str:
    """Return the address as the street office writes it."""
    return f"{truth.site}{truth.number}{truth.word}"


def streets(town: Town) -> Iterator[str]:
    """Yield the names that carry numbers, each once."""
    yield from dict.fromkeys(truth.site for truth in town.truths)
