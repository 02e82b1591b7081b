"""What holds names, telephones, addresses or codes may be read by its owner alone; nothing is written
through a link.
"""

import csv
import os
import shutil
import stat

import pytest

from doorroute.cli import main
from tests.helpers.eight_people import DAY, HEAD, PEOPLE

SHARED = {"town.osm.pbf", "list.csv", "teams.csv", "depots.csv", "typed.csv"}
"""What the test itself has put there."""
VAGUE = ("某人", "13700000000", "Bulevardi", "", "", "1")


@pytest.fixture
def day(demo_data, tmp_path):
    """Return a folder with the tables of a small day, one address of which is not sure, and a umask that
    lets everybody read.
    """
    with (tmp_path / "list.csv").open("w", encoding="utf-8-sig", newline="") as file:
        head = (*HEAD[:2], "地址", *HEAD[2:])
        rows = [(name, phone, "", *rest) for name, phone, *rest in PEOPLE]
        csv.writer(file).writerows([head, *rows, (*VAGUE[:3], "", "", "", "1")])
    (tmp_path / "teams.csv").write_text("team,start,end,shift\nT1,Station,Station,08:00-12:00\n")
    (tmp_path / "depots.csv").write_text("depot,lon,lat,datum\nStation,24.9400,60.1690,wgs84\n")
    shutil.copy(demo_data / "helsinki-centre.osm.pbf", tmp_path / "town.osm.pbf")
    before = os.umask(0o022)
    yield tmp_path
    os.umask(before)


def run(command, *args):
    assert main([command, *map(str, args), "--quiet"]) == 0


def everything_written(folder):
    return [path for path in sorted(folder.rglob("*")) if path.name not in SHARED]


def test_whatever_the_commands_write_is_for_its_owner_alone(day):
    tables = (day / "list.csv", "--network", day / "town.osm.pbf")
    more = ("--teams", day / "teams.csv", "--depots", day / "depots.csv")
    steps = ("--iterations", "5")
    plan = day / "deep" / "today"
    run("plan", *tables, *more, "--out", plan, "--date", DAY, *steps)
    (day / "typed.csv").write_text("resident,status,time\nR1,完成,08:30\n", encoding="utf-8")
    run("results", plan, day / "typed.csv")
    run("replan", plan, "--now", "9:00", "--out", day / "later", *steps)
    run("report", day / "later")
    for name in ("places.csv", "places.xlsx", "places.geojson"):
        run(
            "locate",
            *tables,
            "--out",
            day / "located" / name,
            "--review-page",
            day / "located" / "review.html",
        )
    run(
        "scenarios",
        *tables,
        "--teams",
        "1:1",
        "--depots",
        day / "depots.csv",
        "--out",
        day / "many",
        "--time-limit",
        "0.5",
    )
    written = everything_written(day)
    names = {path.name for path in written}
    assert {
        "plan.json", "overview.html", "review.html", "codes.json", "codes.html", "codes.txt", "ids.json", "log.jsonl", "history.jsonl",
        "parent.json", "manifest.xlsx", "findings.csv", "routes.gpkg", "routes.geojson", "T1.html", "T1.gpx", "T1.kml", "T1.geojson",
        "notices.html", "changes-en.txt", "carry-over.xlsx", "report.html", "report.csv", "places.csv", "places.xlsx", "places.geojson",
        "scenarios.html", "scenarios.csv",
    } <= names  # fmt: skip
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in written}
    assert {
        path: oct(mode) for path, mode in modes.items() if mode != (0o700 if path.is_dir() else 0o600)
    } == {}


def test_a_folder_that_existed_keeps_its_mode(day):
    out = day / "office"
    out.mkdir(mode=0o755)
    run("locate", day / "list.csv", "--network", day / "town.osm.pbf", "--out", out / "places.csv")
    assert stat.S_IMODE(out.stat().st_mode) == 0o755


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_is_to_be_written_is_refused_where_it_is_a_link(day, lang, capsys):
    (day / "elsewhere").write_text("mine")
    town, problem = day / "town.osm.pbf", day / "problem.json"
    for name in ("x.csv", "x.html", "x.json", "x.graphml", "x.osm.pbf", "x.svg"):
        (day / name).symlink_to("elsewhere")
    (day / "many").mkdir()
    (day / "many" / "scenarios.html").symlink_to(day / "elsewhere")
    (day / "more").mkdir()
    (day / "more" / "finished").symlink_to(day)
    tables = (day / "list.csv", "--network", town)
    commands = [
        ("locate", *tables, "--out", day / "x.csv"),
        ("locate", *tables, "--out", day / "y.csv", "--review-page", day / "x.html"),
        ("scenarios", *tables, "--teams", "1:1", "--depots", day / "depots.csv", "--out", day / "many"),
        ("scenarios", *tables, "--teams", "1:1", "--depots", day / "depots.csv", "--out", day / "more"),
        ("solve", problem, "--out", day / "x.json"),
        ("network", "cut", town, "--around", "24.94,60.17", "--out", day / "x.osm.pbf"),
        ("network", "fetch", "Village", "--contact", "a@example.org", "--out", day / "x.graphml"),
        ("network", "info", town, "--map", day / "x.svg"),
    ]
    for command in commands:
        assert main(["--lang", lang, *map(str, command)]) == 2, command
        told = capsys.readouterr().err
        assert "OUT_HAS_LINK" in told, command
        assert ("Advice" if lang == "en" else "建议") in told
    assert (day / "elsewhere").read_text() == "mine"


def test_answers_of_the_review_are_not_written_through_a_link(day, capsys):
    (day / "pins.csv").symlink_to("elsewhere.csv")
    args = [
        "locate",
        day / "list.csv",
        "--network",
        day / "town.osm.pbf",
        "--out",
        day / "places.csv",
        "--review",
    ]
    assert main([*map(str, args), "--quiet"]) == 2
    assert "OUT_HAS_LINK" in capsys.readouterr().err
    assert not (day / "elsewhere.csv").exists()
