"""`doorroute results` as a dispatcher calls it with a typed table: what is late or in the future is told one by one, and kept."""

import json
import shutil
from datetime import datetime, timedelta

import pytest

from doorroute.cli import main
from doorroute.workspace import seal_of


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
    assert "late: 2." in told
    assert [f"late: {visit} at {at}, nobody home" in told for visit, at in (("V2", "00:01"), ("V3", "00:02"))] == [
        True,
        True,
    ]
    rows = typed(folder, "V3,refused,00:00")
    assert main(["results", *rows, "--json"]) == 0
    log = json.loads(capsys.readouterr().out)["log"]
    assert (log["new"], log["late"]) == (1, 1)
    assert [(late["visit"], late["time_s"], late["outcome"]) for late in log["late_results"]] == [("V3", 0, "refused")]


@pytest.mark.parametrize(("days", "told"), [(0, ["IN_THE_FUTURE"]), (1, []), (-1, [])])
def test_a_time_in_the_future_is_told_on_the_day_itself(folder, capsys, monkeypatch, days, told):
    noon = datetime.now().astimezone().replace(hour=12, minute=0)
    monkeypatch.setattr("doorroute.cli.results.now", lambda: noon)
    of_day(folder, noon + timedelta(days=days))
    assert main(["results", *typed(folder, "V1,done,11:59", "V2,done,12:30"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [each["code"] for each in found["findings"]] == told
    assert found["log"]["new"] == 2
