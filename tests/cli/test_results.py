"""`doorroute results` as a dispatcher calls it with a typed table: what is late or in the future is told one
by one, and kept.
"""

import json
import shutil
from datetime import datetime, timedelta

import pytest

from doorroute.cli import main
from doorroute.day import Outcome, read_log
from doorroute.pipeline.plan_folder import plan_in, seal_of


@pytest.fixture
def folder(demo_day, tmp_path):
    """Return a folder with the sample's plan, as of today."""
    shutil.copy(demo_day / "plan.json", tmp_path)
    return of_day(tmp_path, datetime.now().astimezone())


def of_day(folder, moment):
    plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    plan["date"] = moment.date().isoformat()
    plan["seal"] = seal_of(plan)
    (folder / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    return folder


def typed(folder, *rows):
    file = folder / "typed.csv"
    file.write_text("visit,status,time\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return [str(folder), str(file)]


def test_late_results_are_listed_one_by_one(folder, capsys):
    assert main(["results", *typed(folder, "V1,done,00:00", "V2,done,00:05", "V3,done,00:09")]) == 0
    assert "late: V" not in capsys.readouterr().out
    rows = typed(folder, "V2,nobody home,00:01", "V3,nobody home,00:02", "V4,nobody home,00:01")
    assert main(["results", *rows]) == 0
    told = capsys.readouterr().out
    assert "Late: 2." in told
    assert [
        f"late: {visit} at {at}, nobody home" in told for visit, at in (("V2", "00:01"), ("V3", "00:02"))
    ] == [
        True,
        True,
    ]
    rows = typed(folder, "V3,refused,00:00")
    assert main(["results", *rows, "--json"]) == 0
    log = json.loads(capsys.readouterr().out)["log"]
    assert (log["new"], log["late"]) == (1, 1)
    assert [(late["visit"], late["time_s"], late["outcome"]) for late in log["late_results"]] == [
        ("V3", 0, "refused")
    ]


@pytest.mark.parametrize(("days", "told"), [(0, ["IN_THE_FUTURE"]), (1, []), (-1, [])])
def test_a_time_in_the_future_is_told_on_the_day_itself(folder, capsys, monkeypatch, days, told):
    noon = datetime.now().astimezone().replace(hour=12, minute=0)
    monkeypatch.setattr("doorroute.cli.results.now", lambda: noon)
    of_day(folder, noon + timedelta(days=days))
    assert main(["results", *typed(folder, "V1,done,11:59", "V2,done,12:30"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [each["code"] for each in found["findings"]] == told
    assert found["log"]["new"] == 2


def test_the_printed_sheet_names_its_plan_and_a_result_may_go_by_team_and_stop(demo_day, folder, capsys):
    route = plan_in(demo_day).routes[0]
    sheets = [sheet.read_text(encoding="utf-8") for sheet in sorted((demo_day / "sheets").glob("*.html"))]
    assert sheets
    assert all(f"Plan {plan_in(demo_day).mark}" in sheet for sheet in sheets)
    file = folder / "by stop.txt"
    file.write_text(
        f"队伍\t站\t计划\t结果\t时间\n{route.team}\t2\t{plan_in(folder).mark}\t无人在家\t00:01\n", "utf-16"
    )
    assert main(["results", str(folder), str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["log"]["new"] == 1
    (event,) = read_log(folder)[0]
    assert (event.visit, event.team, event.outcome) == (route.visits[1], route.team, Outcome.NOBODY_HOME)


def test_after_a_replan_a_stop_without_its_plan_is_asked_about(folder, capsys):
    before = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    shutil.copy(folder / "plan.json", folder / "parent.json")
    steps = before["routes"][0]["steps"]
    at = [place for place, step in enumerate(steps) if step["type"] == "visit"][:2]
    steps[at[0]], steps[at[1]] = steps[at[1]], steps[at[0]]
    (folder / "plan.json").write_text(json.dumps(before | {"seal": seal_of(before)}), encoding="utf-8")
    team = before["routes"][0]["team"]
    now, earlier = plan_in(folder), plan_in(folder / "parent.json")
    file = folder / "typed.csv"
    rows = [f"{team},1,,done,00:01", f"{team},1,{now.mark},done,00:01", f"{team},1,{earlier.mark},done,00:02"]
    file.write_text("team,stop,plan,status,time\n" + "\n".join(rows) + "\n", encoding="utf-8")
    assert main(["results", str(folder), str(file), "--json"]) == 0
    assert [each["code"] for each in json.loads(capsys.readouterr().out)["findings"]] == ["WHICH_PLAN"]
    visits = [event.visit for event in read_log(folder)[0]]
    assert visits == [now.routes[0].visits[0], earlier.routes[0].visits[0]]
    assert len(set(visits)) == 2
