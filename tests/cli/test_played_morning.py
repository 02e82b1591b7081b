"""One morning from six o'clock to noon, by the commands alone: planned, begun, gone wrong, planned anew, and
closed with everybody accounted for.
"""

import csv
import json
from collections import Counter

import openpyxl

from doorroute.cli import main
from doorroute.errors import ExitCode
from doorroute.handback.codes import read_codes
from doorroute.handback.marks import Status
from doorroute.model.clock import clock
from doorroute.model.plan import StepType, StopLock
from doorroute.pipeline.plan_folder import plan_in
from tests.helpers.handed_in import packed, travelling

QUARTER_PAST_NINE = 9 * 3600 + 900
PHONE, TYPED, REFUSED, SILENT = "T1", "T2", "T5", "T4"
GONE = "T3"
NEW = [("N1", 24.9420, 60.1695), ("N2", 24.9460, 60.1680), ("N3", 24.9500, 60.1700), ("N4", 24.9480, 60.1712)]


def did(*arguments):
    assert main([*map(str, arguments)]) == ExitCode.DONE, arguments


def doors_by(plan, team, moment):
    """Return the visits of a team that its plan has behind it by that moment, with the minute of each."""
    (route,) = (route for route in plan.routes if route.team == team)
    return {
        step.visit: step.departure_s // 60
        for step in route.steps
        if step.type is StepType.VISIT and step.lock is not StopLock.DONE and step.departure_s <= moment
    }


def handed_in(folder, team, marks, file):
    """Write what the team's page hands in: each mark is a status and the minute of the day."""
    (page,) = (page for page in read_codes(folder) if page.lock.team == team and page.current)
    doors = [(*marks.get(visit, (Status.OPEN, 0)), [], "") for visit, _ in page.doors]
    file.write_text(travelling(packed(doors), page.lock)[1], encoding="utf-8")
    return file


def table(file, head, rows):
    """Write a table as a dispatcher's program does."""
    with file.open("w", encoding="utf-8", newline="") as written:
        csv.writer(written).writerows([head, *rows])
    return file


def typed_rows(plan):
    """Return what was told over the phone: one team as planned, one refused at its first door, one that
    stopped half an hour ago.
    """
    rows = []
    for team, moment in (
        (TYPED, QUARTER_PAST_NINE),
        (REFUSED, QUARTER_PAST_NINE),
        (GONE, QUARTER_PAST_NINE - 1800),
    ):
        for number, (visit, at) in enumerate(doors_by(plan, team, moment).items()):
            rows.append((visit, "拒绝" if (team, number) == (REFUSED, 0) else "完成", clock(60 * at), team))
    return rows


def test_a_morning_is_played_to_its_end_and_nobody_is_lost(demo_data, tmp_path, capsys):
    # six o'clock: the plan
    first = tmp_path / "day"
    tables = {name: demo_data / f"{name}.xlsx" for name in ("residents", "teams", "depots")}
    network = demo_data / "helsinki-centre.osm.pbf"
    given = [
        "--teams",
        tables["teams"],
        "--depots",
        tables["depots"],
        "--network",
        network,
        "--date",
        "2022-04-06",
    ]
    did("plan", tables["residents"], *given, "--out", first, "--iterations", 400, "--quiet")
    plan = plan_in(first)

    # a quarter past nine: one team's phone, what was told by telephone; one team says nothing, one is gone
    phone = doors_by(plan, PHONE, QUARTER_PAST_NINE)
    marks = {visit: (Status.DONE, minute) for visit, minute in phone.items()}
    away = next(iter(marks))
    marks[away] = (Status.NOBODY_HOME, phone[away])
    results = [handed_in(first, PHONE, marks, tmp_path / "t1.txt")]
    rows = typed_rows(plan)
    typed = table(tmp_path / "typed.csv", ("上门编号", "状态", "时间", "小组"), rows)
    results.append(typed)
    people = [*((name, "某某", *at, "wgs84") for name, *at in NEW), ("N5", "某某", "", "", "")]
    new = table(tmp_path / "new.csv", ("编号", "姓名", "经度", "纬度", "坐标系"), people)

    # the team is gone, five people are new; the rest of the morning is planned anew
    second = tmp_path / "at-0915"
    again = [
        "--now",
        "9:15",
        "--add",
        new,
        "--drop-team",
        GONE,
        "--out",
        second,
        "--iterations",
        300,
        "--quiet",
    ]
    did("replan", first, *(part for file in results for part in ("--results", file)), *again)
    did("verify", second, "--quiet")
    after = plan_in(second)
    done = {step.visit for route in after.routes for step in route.steps if step.lock is StopLock.DONE}
    assert set(marks) - {away} | {visit for visit, *_ in rows} <= done
    later = {
        step.visit: route.team
        for route in after.routes
        for step in route.steps
        if step.lock is not StopLock.DONE
    }
    assert away in later or away in {left.visit for left in after.unassigned}
    assert GONE not in later.values()
    words = (second / "changes-zh.txt").read_text(encoding="utf-8")
    assert all(team in words for team in (PHONE, TYPED, REFUSED, SILENT, GONE))

    # noon: the results of the new pages, on which the phone's earlier marks still stand, and the typed ones
    # once more; one team never reports
    capsys.readouterr()
    ends = []
    for team in (PHONE, TYPED, REFUSED):
        behind = {visit: (Status.DONE, at) for visit, at in doors_by(after, team, 24 * 3600).items()}
        ends.append(
            handed_in(second, team, (marks if team == PHONE else {}) | behind, tmp_path / f"end-{team}")
        )
    did("results", second, *ends, typed, ends[0])
    did("report", second, "--json")
    told = json.loads(capsys.readouterr().out[-100_000:].partition("\n{")[2].join(["{", ""]))

    # every row of both lists is accounted for, to the last one
    with (second / "report" / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        told_rows = list(csv.DictReader(file))
    sheet = openpyxl.load_workbook(tables["residents"]).active
    assert told["rows"] == sum(told["ended"].values()) == len(told_rows) == sheet.max_row - 2 + len(NEW) + 1
    ended = Counter(row["state"] for row in told_rows)
    assert ended["refused"] >= 1
    assert {row["state"] for row in told_rows if row["visit"] in set(marks) - {away}} == {"sampled"}
    silent = {
        row["state"]
        for row in told_rows
        if row["visit"] in doors_by(plan, SILENT, 24 * 3600) and row["team"] == SILENT
    }
    assert silent <= {"not_visited"}
    assert {row["id"] for row in told_rows} >= {name for name, *_ in NEW}
    assert [row["code"] for row in told_rows if row["state"] == "rejected" and row["row"] == "1006"] == [
        "NO_ADDRESS"
    ]
    carried = openpyxl.load_workbook(second / "report" / "carry-over.xlsx").active.max_row - 1
    assert (
        carried
        == told["carried"]
        == sum(
            ended[state] for state in ("nobody_home", "not_visited", "unassigned", "not_located", "rejected")
        )
    )
