"""What the commands say of the datum of coordinates, for every table that has some."""

import csv
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from doorroute.cli import main
from doorroute.geocode import open_index
from doorroute.geocode.datum import from_wgs84
from doorroute.model.place import Datum, Point
from doorroute.pipeline.plan_folder import PLAN

Row = dict[str, Any]


@pytest.fixture(scope="module")
def network(
    draw_town: Callable[[Path, float, float], Path], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    return draw_town(tmp_path_factory.mktemp("town"), 116.33, 39.99)


def on_streets(network: Path, count: int = 20) -> list[tuple[str, Point]]:
    """Return addresses on the streets of the town, and where they are."""
    index, chance = open_index(network), random.Random(2)  # noqa: S311  # the same rows every time
    rows = []
    for at in range(count):
        host, line = index.tables.shapes[at % len(index.tables.shapes)]
        corner, share = 2 * chance.randrange(len(line) // 2 - 1), chance.random()
        lon = line[corner] + share * (line[corner + 2] - line[corner])
        lat = line[corner + 1] + share * (line[corner + 3] - line[corner + 1])
        rows.append((f"{index.host(host).name}{at + 1}弄{chance.randrange(1, 40)}号", Point(lon, lat)))
    return rows


def written(path: Path, rows: list[Row]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
    return path


def residents(folder: Path, network: Path, datum: Datum, **more: str) -> Path:
    rows = []
    for at, (address, point) in enumerate(on_streets(network), start=1):
        given = from_wgs84(point, datum)
        rows.append(
            {
                "姓名": f"居民{at}",
                "住址": address,
                "经度": f"{given.lon:.6f}",
                "纬度": f"{given.lat:.6f}",
                **more,
            }
        )
    return written(folder / "residents.csv", rows)


def depots(folder: Path, network: Path, datum: Datum) -> Path:
    given = from_wgs84(on_streets(network)[3][1], datum)
    return written(
        folder / "depots.csv", [{"depot": "站", "lon": f"{given.lon:.6f}", "lat": f"{given.lat:.6f}"}]
    )


def taken(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, tuple[str, str]]:
    """Run a command with --json and return datum and reason by source."""
    assert main([*map(str, arguments), "--quiet", "--json"]) == 0
    return {
        each["source"]: (each["datum"], each["by"]) for each in json.loads(capsys.readouterr().out)["datums"]
    }


@pytest.mark.parametrize("datum", list(Datum))
def test_check_locate_plan_and_verify_come_to_the_same_datum(network, tmp_path, capsys, datum):
    people, base = residents(tmp_path, network, datum), depots(tmp_path, network, datum)
    right = {"residents": (datum.value, "names"), "depots": (datum.value, "list")}
    assert taken(capsys, "check", people, "--depots", base, "--network", network) == right
    assert taken(capsys, "locate", people, "--network", network, "--out", tmp_path / "x.csv") == {
        "residents": right["residents"]
    }
    out = tmp_path / "plan"
    plan = (
        "plan",
        people,
        "--depots",
        base,
        "--teams",
        2,
        "--network",
        network,
        "--out",
        out,
        "--iterations",
        200,
    )
    assert taken(capsys, *plan) == right
    assert main(["verify", str(out), "--quiet"]) == 0
    document = json.loads((out / PLAN).read_text(encoding="utf-8"))
    steps = [step for route in document["routes"] for step in route["steps"] if step["type"] == "visit"]
    assert len(steps) == 20
    found = sorted(tuple(step["location"]) for step in steps)
    assert found == [
        pytest.approx(at, abs=2e-6) for at in sorted((at.lon, at.lat) for _, at in on_streets(network))
    ]
    document["datums"][0]["datum"] = next(each.value for each in Datum if each is not datum)
    (out / PLAN).write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    assert main(["verify", str(out), "--quiet"]) == 4


@pytest.mark.parametrize(
    ("lang", "said", "asked"),
    [("en", "are read as GCJ-02 (Amap, Tencent): they are then", "list of residents"), ("zh", "按 GCJ-02（高德、腾讯） 算", "居民名单")],
)  # fmt: skip
def test_a_plan_says_what_was_taken_for_each_table(network, tmp_path, capsys, lang, said, asked):
    people, base = residents(tmp_path, network, Datum.GCJ02), depots(tmp_path, network, Datum.GCJ02)
    arguments = [
        "--depots",
        base,
        "--teams",
        2,
        "--network",
        network,
        "--out",
        tmp_path / "p",
        "--iterations",
        100,
    ]
    assert main(["plan", *map(str, [people, *arguments]), "--quiet", "--lang", lang]) == 0
    told = capsys.readouterr().out
    assert said in told
    assert asked in told


def test_what_the_option_says_is_taken_and_contradicted_aloud(network, tmp_path, capsys):
    people = residents(tmp_path, network, Datum.GCJ02)
    command = ["locate", str(people), "--network", str(network), "--out", str(tmp_path / "x.csv"), "--quiet"]
    assert main([*command, "--datum", "wgs84", "--lang", "en"]) == 0
    assert "DATUM_CONTRADICTED" in capsys.readouterr().out
    assert taken(capsys, *command[:-1], "--datum", "gcj02") == {"residents": ("gcj02", "set")}
    settings = tmp_path / "day.toml"
    settings.write_text('datum = "gcj02"\n', encoding="utf-8")
    assert taken(capsys, *command[:-1], "--settings", settings) == {"residents": ("gcj02", "set")}


def test_coordinates_without_any_name_are_asked_about(network, tmp_path, capsys):
    rows = [
        {"name": f"P{at}", "lon": point.lon, "lat": point.lat}
        for at, (_, point) in enumerate(on_streets(network))
    ]
    people = written(tmp_path / "residents.csv", rows)
    command = ["locate", str(people), "--network", str(network), "--out", str(tmp_path / "x.csv"), "--quiet"]
    assert main([*command, "--lang", "zh"]) == 0
    told = "".join(capsys.readouterr().out.split())
    assert "DATUM_UNKNOWN" in told
    assert "--datumwgs84（GPS）" in told
    assert main(["check", str(people), "--quiet", "--lang", "en"]) == 0
    assert "DATUM_OPEN" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("lon", "lat", "datum"),
    [("高德经度", "高德纬度", "gcj02"), ("lng_gcj02", "lat_gcj02", "gcj02"), ("经度（百度）", "纬度（百度）", "bd09"), ("bd_lon", "bd_lat", "bd09"), ("WGS84经度", "WGS84纬度", "wgs84")],
)  # fmt: skip
def test_a_header_that_names_a_datum_says_it(network, tmp_path, capsys, lon, lat, datum):
    rows = []
    for address, point in on_streets(network):
        given = from_wgs84(point, Datum(datum))
        rows.append({"姓名": f"居民{len(rows)}", "住址": address, lon: given.lon, lat: given.lat})
    assert taken(capsys, "check", written(tmp_path / "residents.csv", rows)) == {"residents": (datum, "said")}


def test_pins_and_a_gazetteer_have_their_datum_decided_and_pins_keep_their_numbers(network, tmp_path, capsys):
    known = [(address, from_wgs84(point, Datum.BD09)) for address, point in on_streets(network)]
    places = written(
        tmp_path / "gaz.csv", [{"地址": address, "经度": at.lon, "纬度": at.lat} for address, at in known]
    )
    people = written(tmp_path / "residents.csv", [{"姓名": address, "住址": address} for address, _ in known])
    out = tmp_path / "x.csv"
    for option, source in (("--gazetteer", "gazetteer"), ("--pins", "pins")):
        command = ("locate", people, "--network", network, "--out", out, option, places)
        assert taken(capsys, *command) == {source: ("bd09", "names")}
        with out.open(encoding="utf-8-sig") as file:
            found = [(float(row["lon"]), float(row["lat"])) for row in csv.DictReader(file)]
        right = [(point.lon, point.lat) for _, point in on_streets(network)]
        assert found == [pytest.approx(at, abs=1e-5) for at in right]
