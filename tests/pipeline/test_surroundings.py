"""Of an extract much larger than the day only what lies around it is read; nobody is lost by that."""

import json
from pathlib import Path

import pytest

from doorroute.cli import main
from doorroute.geocode import open_index
from doorroute.pipeline import surroundings

ROUNDED = 0.01  # degrees: a cut reaches so far at least


@pytest.fixture
def day(demo_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with a day of four people: by coordinates, by address, by an address near the edge, by
    one beyond it.
    """
    monkeypatch.setattr(surroundings, "LARGE_BYTES", 0)
    monkeypatch.setenv("DOORROUTE_CACHE", str(tmp_path / "cache"))
    doors = [
        door
        for door in open_index(demo_data / "helsinki-centre.osm.pbf").tables.doors
        if door.known == "node" and door.number.isdigit()
    ]

    def nearest(lon: float, lat: float) -> str:
        door = min(doors, key=lambda each: (each.lon - lon) ** 2 + (each.lat - lat) ** 2)
        return f"{door.shown}, {door.city or 'Helsinki'}"

    (tmp_path / "depots.csv").write_text(
        "depot,address,lon,lat,lab\nBase,,24.9401,60.1750,yes\n", encoding="utf-8"
    )
    rows = [
        "name,address,lon,lat",
        "Given,,24.9405,60.1745",
        f'Inside,"{nearest(24.9380, 60.1720)}",,',
        f'Edge,"{nearest(24.9420, 60.1702)}",,',
        f'Beyond,"{nearest(24.9510, 60.1655)}",,',
        "Slip,,60.1745,24.9405",
    ]
    (tmp_path / "list.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (tmp_path / "settings.toml").write_text("extract_around_m = 100\n", encoding="utf-8")
    return tmp_path


def plan(day: Path, demo_data: Path, out: str, *more: str) -> int:
    return main(
        [
            "plan", str(day / "list.csv"), "--teams", "1", "--depots", str(day / "depots.csv"), "--network",
            str(demo_data / "helsinki-centre.osm.pbf"), "--out", str(day / out), "--iterations", "200",
            "--settings", str(day / "settings.toml"), *more,
        ]
    )  # fmt: skip


def test_a_plan_from_a_large_file_says_what_it_reads_keeps_it_and_accounts_for_everybody(
    day: Path, demo_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert plan(day, demo_data, "one") == 0
    told = " ".join(capsys.readouterr().err.split())
    assert told.count("only the part within 0.1 km of depots and given positions is read") == 1
    assert "doorroute network cut helsinki-centre.osm.pbf" in told
    findings = (day / "one" / "findings.csv").read_text(encoding="utf-8-sig")
    assert "EXTRACT_CUT_MISSES" in findings
    made = json.loads((day / "one" / "plan.json").read_text(encoding="utf-8"))
    stops = [
        resident for route in made["routes"] for step in route["steps"] for resident in step["residents"]
    ]
    left = [resident for each in made["unassigned"] for resident in each["residents"]]
    missed = [each["row"] for each in made["not_located"]]
    assert (len(stops), len(left), missed) == (
        3,
        1,
        [5],
    )  # the slip of a coordinate is out of reach, with its reason
    cuts = {file.name: file.stat().st_mtime_ns for file in (day / "cache").glob("cut-*")}
    assert cuts

    assert plan(day, demo_data, "two", "--quiet") == 0
    assert {file.name: file.stat().st_mtime_ns for file in (day / "cache").glob("cut-*")} == cuts
    assert main(["verify", str(day / "two")]) == 0


def test_the_cut_changes_no_door_and_no_way(day: Path, demo_data: Path) -> None:
    def steps(out: str) -> list[tuple[object, ...]]:
        made = json.loads((day / out / "plan.json").read_text(encoding="utf-8"))
        return [
            (step["residents"], step["location"], step["arrival_s"], step["way"])
            for step in made["routes"][0]["steps"]
        ]

    lines = (day / "list.csv").read_text(encoding="utf-8").splitlines()
    (day / "list.csv").write_text("\n".join(lines[:4]) + "\n", encoding="utf-8")
    assert plan(day, demo_data, "cut", "--quiet") == 0
    (day / "settings.toml").write_text("extract_around_m = 0\n", encoding="utf-8")
    assert plan(day, demo_data, "whole", "--quiet") == 0
    assert len(steps("cut")) == 5
    assert steps("cut") == steps("whole")


def test_a_depot_with_an_address_alone_has_the_whole_file_read(
    day: Path, demo_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (day / "depots.csv").write_text(
        'depot,address,lab\nBase,"Unioninkatu 8, Helsinki",yes\n', encoding="utf-8"
    )
    assert plan(day, demo_data, "one") == 0
    assert "is read" not in capsys.readouterr().err
    assert not list((day / "cache").glob("cut-*"))


def test_doors_near_the_edge_move_it_and_far_slips_do_not(day: Path, demo_data: Path) -> None:
    assert plan(day, demo_data, "one", "--quiet") == 0
    boxes = [
        tuple(map(float, file.name.removesuffix(".osm.pbf").split("-")[-1].split("_")))
        for file in (day / "cache").glob("cut-*")
    ]
    assert len(boxes) == 2
    inner, outer = sorted(boxes, key=lambda box: box[3] - box[1])
    assert outer[1] < inner[1]
    assert all(east - west < 0.1 for west, _, east, _ in boxes)
