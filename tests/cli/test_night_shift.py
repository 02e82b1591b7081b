"""A night from 20:00 to 06:00: planned, checked, told, planned again after midnight, and reported."""

import json
import re

import pytest

from doorroute.cli import main
from doorroute.day import read_log
from doorroute.pipeline.plan_folder import plan_in

HOUR = 3600
WINDOWS = {"R1": "22:00-23:00", "R2": "凌晨2点-3点", "R3": "after 1am", "R4": "晚上10点到次日6点", "R5": ""}


@pytest.fixture(scope="module")
def home(demo_data, tmp_path_factory):
    home = tmp_path_factory.mktemp("night")
    rows = [
        f"{who},Namewicz {who},{24.940 + i * 0.001},60.169,wgs84,{when}"
        for i, (who, when) in enumerate(WINDOWS.items())
    ]
    (home / "residents.csv").write_text(
        "id,name,lon,lat,datum,window\n" + "\n".join(rows) + "\n", encoding="utf-8"
    )
    (home / "teams.csv").write_text(
        "team,start,shift,break\nT1,Health centre,20:00-次日6:00,1:00-1:20\n", encoding="utf-8"
    )
    args = [home / "residents.csv", "--teams", home / "teams.csv", "--depots", demo_data / "depots.xlsx"]
    args += [
        "--network",
        demo_data / "helsinki-centre.osm.pbf",
        "--out",
        home / "plan",
        "--date",
        "2026-03-02",
    ]
    assert main(["plan", *map(str, args), "--iterations", "300", "--quiet", "--open"]) == 0
    return home


def test_everybody_is_visited_at_the_hours_of_the_night_that_they_asked_for(home):
    plan = plan_in(home / "plan")
    begins = {
        who: step.start_service_s for route in plan.routes for step in route.steps for who in step.residents
    }
    assert begins.keys() == WINDOWS.keys()
    assert 22 * HOUR <= begins["R1"] <= 23 * HOUR
    assert 26 * HOUR <= begins["R2"] <= 27 * HOUR
    assert begins["R3"] >= 25 * HOUR
    assert begins["R4"] >= 22 * HOUR
    assert main(["verify", str(home / "plan"), "--quiet"]) == 0


def test_pages_and_sheets_show_the_hours_of_the_next_day_as_such(home):
    for name in ("teams/T1.html", "sheets/T1.html", "overview.html"):
        page = (home / "plan" / name).read_text(encoding="utf-8")
        assert "+1: after midnight, the next day." in page
        assert "26:" not in page.split("<table>")[-1].split("<script")[0]
    sheet = (home / "plan" / "sheets/T1.html").read_text(encoding="utf-8")
    assert re.search(r"<b>0[12]:\d\d\+1</b>", sheet)
    assert "02:00+1-03:00+1" in sheet


def test_what_is_told_after_midnight_counts_and_the_rest_of_the_night_is_planned_again(home, capsys):
    visits = {
        who: step.visit
        for route in plan_in(home / "plan").routes
        for step in route.steps
        for who in step.residents
    }
    typed = home / "typed.csv"
    rows = [
        f"{visits['R1']},done,10:05pm",
        f"{visits['R4']},无人,0:20",
        f"{visits['R5']},done,2026-03-03 00:40",
    ]
    typed.write_text("visit,status,time\n" + "\n".join(rows) + "\n", encoding="utf-8")
    assert main(["results", str(home / "plan"), str(typed), "--quiet"]) == 0
    times = {event.visit: event.time_s // 60 for event in read_log(home / "plan")[0]}
    assert times == {visits["R1"]: 22 * 60 + 5, visits["R4"]: 24 * 60 + 20, visits["R5"]: 24 * 60 + 40}
    again = [
        "replan",
        str(home / "plan"),
        "--now",
        "0:50",
        "--iterations",
        "300",
        "--out",
        str(home / "later"),
        "--open",
    ]
    assert main([*again, "--quiet", "--json"]) == 0
    assert main(["verify", str(home / "later"), "--quiet"]) == 0
    ahead = {
        who
        for route in plan_in(home / "later").routes
        for step in route.steps
        for who in step.residents
        if step.lock != "done"
    }
    assert ahead == {"R2", "R3", "R4"}
    capsys.readouterr()
    assert main(["report", str(home / "later"), "--quiet", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"] == len(WINDOWS)
