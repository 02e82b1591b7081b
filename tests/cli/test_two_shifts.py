"""A team that goes out twice a day has a page, a sheet and a code for each round, under one name in the
plan; and its results are the team's.
"""

import json
from collections import Counter

import openpyxl
import pytest

from doorroute.cli import main
from doorroute.day import read_log
from doorroute.handback.codes import read_codes
from doorroute.handback.marks import Status
from doorroute.pipeline.plan_folder import plan_in
from tests.helpers.handed_in import packed, travelling

ROUNDS = {"T1", "T1-2", "T1-3"}


@pytest.fixture(scope="module")
def folder(demo_data, tmp_path_factory):
    """Plan 34 doors for a team with two short shifts, and a team whose name looks like its second round."""
    home = tmp_path_factory.mktemp("shifts")
    rows = [f"R{i},Namewicz {i},{24.94 + i % 6 * 0.002},{60.168 + i // 6 * 0.0012},wgs84" for i in range(34)]
    (home / "residents.csv").write_text("id,name,lon,lat,datum\n" + "\n".join(rows) + "\n", encoding="utf-8")
    (home / "teams.csv").write_text(
        'team,members,start,shift\nT1,Ann,Health centre,"08:00-10:00, 13:00-15:00"\nT1-2,Ben,Health '
        "centre,08:00-10:00\n",
        encoding="utf-8",
    )
    args = [home / "residents.csv", "--teams", home / "teams.csv", "--depots", demo_data / "depots.xlsx"]
    args += [
        "--network",
        demo_data / "helsinki-centre.osm.pbf",
        "--out",
        home / "day",
        "--date",
        "2026-03-02",
    ]
    assert main(["plan", *map(str, args), "--iterations", "3000", "--quiet"]) == 0
    return home / "day"


def test_each_round_has_files_of_its_own_and_the_plan_one_name_for_the_team(folder):
    routes = plan_in(folder).routes
    assert Counter(route.team for route in routes) == {"T1": 2, "T1-2": 1}
    for kind, suffix in (("teams", "html"), ("sheets", "html"), ("teams", "gpx"), ("teams", "kml")):
        assert {path.stem for path in (folder / kind).glob(f"*.{suffix}")} == ROUNDS
    assert {page.lock.team for page in read_codes(folder)} == ROUNDS
    assert len({page.lock.code for page in read_codes(folder)}) == len(ROUNDS)
    book = openpyxl.load_workbook(folder / "manifest.xlsx")
    assert set(book.sheetnames) > ROUNDS
    listed = [book[name].max_row - 1 for name in sorted(ROUNDS)]
    visits = {"T1": 0, "T1-3": 1}
    for name, place in visits.items():
        route = [route for route in routes if route.team == "T1"][place]
        assert listed[sorted(ROUNDS).index(name)] == len(route.visits)
        assert f"<title>{name} · 2026-03-02</title>" in (folder / "teams" / f"{name}.html").read_text(
            encoding="utf-8"
        )


def test_results_of_the_second_round_are_the_teams_and_the_day_goes_on_from_them(folder, capsys):
    second = next(page for page in read_codes(folder) if page.lock.team == "T1-3")
    pictured = folder.parent / "second.txt"
    plain = packed(
        [(Status.DONE, 13 * 60 + 20, [], "")] + [(Status.OPEN, 0, [], "")] * (len(second.doors) - 1)
    )
    pictured.write_text(travelling(plain, second.lock)[1], encoding="utf-8")
    assert main(["results", str(folder), str(pictured), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["log"]["new"] == 1
    (event,) = read_log(folder)[0]
    assert (event.team, event.visit) == ("T1", second.doors[0][0])
    out = folder.parent / "later"
    assert (
        main(["replan", str(folder), "--now", "13:30", "--iterations", "500", "--out", str(out), "--quiet"])
        == 0
    )
    assert main(["verify", str(out), "--quiet"]) == 0
    done = [step.visit for route in plan_in(out).routes for step in route.steps if step.lock == "done"]
    assert done == [second.doors[0][0]]
    assert {path.stem for path in (out / "teams").glob("*.html")} >= {"T1"}
    assert main(["report", str(out), "--quiet"]) == 0
