"""`doorroute replan` as the dispatcher calls it at 9:05: what is written passes the checker, the old plan
stays, and every slip is told.
"""

import hashlib
import json
import re
import shutil

import pytest

from doorroute.cli import main
from doorroute.cli.console import print_plan
from doorroute.day import LOG
from doorroute.day.events import doors_of
from doorroute.disk.places import cache_folder
from doorroute.errors import BadInputError, ExitCode
from doorroute.handback.seal import PageLock
from doorroute.model.clock import clock
from doorroute.model.plan import StepType, StopLock
from doorroute.model.resident import door_of
from doorroute.pipeline.plan_folder import plan_in
from doorroute.pipeline.replan import Wanted, replan
from doorroute.pipeline.results import take_results
from tests.helpers.handed_in import packed, travelling

NOW = 9 * 3600 + 300
SILENT, GONE = "T4", "T3"


@pytest.fixture(scope="module")
def folder(demo_day):
    """Return a copy of the sample's plan, at the same depth: its inputs are seen from there."""
    copy = demo_day.parent / "morning"
    shutil.copytree(demo_day, copy)
    return copy


def typed(folder, file, now_s=NOW):
    """Type what happened by then as planned: nobody home at the second door of each team, a silent team, the
    first door of T5 refused.
    """
    rows = ["visit,status,time,team"]
    for route in plan_in(folder).routes:
        ahead = [
            step for step in route.steps if step.type is StepType.VISIT and step.lock is not StopLock.DONE
        ]
        for number, step in enumerate(
            step for step in ahead if step.departure_s <= now_s and route.team != SILENT
        ):
            outcome = (
                "nobody home" if number == 1 else "refused" if (number, route.team) == (0, "T5") else "done"
            )
            rows.append(f"{step.visit},{outcome},{clock(step.departure_s)},{route.team}")
    file.write_text("\n".join(rows) + "\n")
    return file


@pytest.fixture(scope="module")
def new_people(tmp_path_factory):
    file = tmp_path_factory.mktemp("new") / "new.csv"
    file.write_text(
        "id,name,lon,lat,datum\nR001,Namewicz One,24.9400,60.1690,wgs84\nX2,Namewicz "
        "Two,24.9450,60.1675,wgs84\nX3,Nowhere,,,\n"
    )
    return file


@pytest.fixture(scope="module")
def replanned(folder, new_people, tmp_path_factory):
    """Return the folder of the new plan, what the command printed, and what the old folder held before."""
    results = typed(folder, tmp_path_factory.mktemp("results") / "r.csv")
    held = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    out = folder.parent / "at-0905"
    args = [
        "--results",
        str(results),
        "--now",
        "9:05",
        "--add",
        str(new_people),
        "--cancel",
        "v5",
        "--drop-team",
        GONE,
    ]
    with pytest.MonkeyPatch.context() as patch:
        printed = []
        patch.setattr("doorroute.cli.console.print_json", printed.append)
        assert run(folder, out, *args, "--delay", "T6=10", "--json") == ExitCode.DONE
    return out, printed[0], held


def run(folder, out, *args):
    return main(["replan", str(folder), *args, "--out", str(out), "--iterations", "200", "--quiet"])


def test_the_new_plan_passes_the_checker_and_names_its_parent(folder, replanned):
    out, printed, _ = replanned
    assert main(["verify", str(out), "--quiet"]) == ExitCode.DONE
    assert plan_in(out).parent == hashlib.sha256((folder / "plan.json").read_bytes()).hexdigest()
    assert printed["summary"]["parent"] == plan_in(out).parent


def test_the_old_folder_is_as_it_was_but_for_its_log_and_the_new_one_goes_on_with_a_copy(folder, replanned):
    out, _, held = replanned
    now = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert {str(name) for name in now if now[name] != held.get(name)} == {LOG}
    assert (out / LOG).read_bytes() == (folder / LOG).read_bytes()
    assert LOG not in json.loads((out / "plan.json").read_text())["files"]


def test_what_happened_is_in_the_plan_and_who_was_not_at_home_comes_again(folder, replanned):
    out, _, _ = replanned
    new, old = plan_in(out), plan_in(folder)
    done = {
        step.visit: route.team for route in new.routes for step in route.steps if step.lock is StopLock.DONE
    }
    assert [visit for visit in done if "~" in visit]
    assert all(
        visit in route.visits
        for route in old.routes
        for visit in [v for v, t in done.items() if t == route.team and "~" not in v]
    )
    ahead = {step.visit for route in new.routes for step in route.steps if step.lock is not StopLock.DONE}
    ahead |= {left.visit for left in new.unassigned}  # a plan made in two seconds may leave no room
    assert {visit.partition("~")[0] for visit in done if "~" in visit} <= ahead
    gone = next(route for route in new.routes if route.team == GONE)
    assert all(step.lock is StopLock.DONE for step in gone.steps[1:-1])
    assert SILENT in {
        route.team for route in new.routes for step in route.steps if step.lock is StopLock.ORDER
    }


def test_sheets_tell_what_became_of_the_stops_that_have_happened(replanned):
    out = replanned[0]
    for route in plan_in(out).routes:
        over = [step for step in route.steps if step.residents and step.lock is StopLock.DONE]
        sheet = (out / "sheets" / f"{route.team}.html").read_text(encoding="utf-8")
        told = re.findall(r'<td class="fate">([A-Z]\w+)<', sheet)
        assert told == [
            "Refused" if (number, route.team) == (0, "T5") else "Done" for number in range(len(over))
        ]
        in_vain = [step.departure_s for step in route.steps if step.visit and not step.residents]
        assert re.findall(r"<b>([\d:]+)</b></td><td [^>]*>Nobody home: [A-Z]", sheet) == list(
            map(clock, in_vain)
        )


def test_the_overview_and_the_console_count_a_door_once_however_often_a_team_was_there(replanned, capsys):
    out = replanned[0]
    plan = plan_in(out)
    doors = doors_of(plan)
    off = {door_of(left.visit) for left in plan.unassigned}
    assert plan.summary.visits > len(doors)
    title = f"{len(doors) - len(off)} of {len(doors)} doors"
    assert title in (out / "overview.html").read_text(encoding="utf-8")
    print_plan(plan, "en")
    assert capsys.readouterr().out.startswith(f"{title} on ")


def test_people_who_came_later_are_each_in_one_place_under_ids_of_their_own(replanned):
    out, printed, _ = replanned
    plan = plan_in(out)
    placed = [r for route in plan.routes for step in route.steps for r in step.residents]
    placed += [r for left in plan.unassigned for r in left.residents]
    assert {"R001", "R001-2", "X2"} <= set(placed)
    assert len(set(placed)) == len(placed)
    assert [(row.row, row.code) for row in plan.rejected if row.row > 1000] == [(1004, "NO_ADDRESS")]
    assert {"SILENT_TEAM"} <= {each["code"] for each in printed["findings"]}
    codes = {line.split(",")[2] for line in (out / "findings.csv").read_text().splitlines()[1:]}
    assert {"SAME_ID", "ADDED_ROWS"} <= codes | {
        c for line in (out / "findings.csv").read_text().splitlines() for c in line.split(",")
    }


def test_each_team_hears_in_both_languages_what_is_other_without_a_name(folder, replanned):
    out, printed, _ = replanned
    english, chinese = ((out / f"changes-{lang}.txt").read_text() for lang in ("en", "zh"))
    teams = [route.team for route in plan_in(folder).routes]
    for team in teams:
        assert f"Team {team}: " in english
        assert f"\n{team}：" in chinese
    assert [each["team"] for each in printed["changes"]] == teams
    assert "has stopped" in english
    assert "V5" in english
    assert "Namewicz" not in english + chinese


def test_codes_hold_on_and_pages_are_new(folder, replanned):
    out, _, _ = replanned
    old, new = (json.loads((each / "codes.json").read_text())["doorroute/codes/1"] for each in (folder, out))
    current = {page["team"]: page["code"] for page in new if page["current"]}
    assert {page["team"]: page["code"] for page in old} == current
    assert any(not page["current"] for page in new)


def test_a_plan_made_again_is_made_again(replanned, tmp_path, capsys):
    out, _, _ = replanned
    results = typed(out, tmp_path / "r.csv", NOW + 2400)
    later = out.parent / "at-0945"
    assert (
        run(out, later, "--results", str(results), "--now", "09:45", "--add-team", "T9=T5", "--free")
        == ExitCode.DONE
    )
    told = capsys.readouterr().out
    assert "Team T1: " in told
    assert json.loads((later / "plan.json").read_text())["request"]["more_teams"] == [["T9", "T5"]]
    assert "has stopped" not in told  # heard before
    assert main(["verify", str(later), "--quiet"]) == ExitCode.DONE
    first, second = ({r.team: r.finish_s for r in plan_in(each).routes}[GONE] for each in (out, later))
    assert first == second
    with pytest.raises(BadInputError, match="NOW_TOO_EARLY"):
        replan(out, Wanted(now_s=NOW - 60), cache=cache_folder())


@pytest.mark.parametrize("kept", ["history.jsonl", "parent.json"])
def test_history_that_was_changed_is_not_believed(replanned, kept, capsys):
    out, _, _ = replanned
    broken = out.parent / "broken-history"
    shutil.rmtree(broken, ignore_errors=True)
    shutil.copytree(out, broken)
    with (broken / kept).open("ab") as file:
        file.write(b"\n")
    assert main(["verify", str(broken), "--quiet"]) == ExitCode.BAD_INPUT
    assert "INPUT_CHANGED" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["--cancel", "V999"], "UNKNOWN_VISIT"),
        (["--drop-team", "T99"], "UNKNOWN_TEAM"),
        (["--drop-team", "T3", "--drop-team", "t3"], "TEAM_GONE"),
        ([each for n in range(1, 7) for each in ("--drop-team", f"T{n}")], "NO_TEAMS_LEFT"),
        (["--delay", "T2"], "DELAY_WRONG"),
        (["--delay", "T99=5"], "UNKNOWN_TEAM"),
        (["--drop-team", "T3", "--delay", "T3=5"], "TEAM_GONE"),
        (["--add-team", "T1"], "TEAM_KNOWN"),
        (["--add-team", "T9="], "TEAM_WRONG"),
        (["--add-team", "T9=T99"], "UNKNOWN_TEAM"),
        (["--add", "gone.csv"], "FILE_NOT_FOUND"),
        (["--now", "25:00"], "25:00 is not a time of day"),
    ],
)
def test_a_slip_is_told_with_advice_and_nothing_is_written(folder, args, code, capsys):
    out = folder.parent / "nothing"
    assert run(folder, out, "--now", "9:05", *args) == ExitCode.BAD_INPUT
    assert code in capsys.readouterr().err
    assert not out.exists()


def test_the_plan_is_not_written_over(folder, capsys):
    assert run(folder, folder, "--now", "9:05") == ExitCode.BAD_INPUT
    assert "OUT_IS_THE_PLAN" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("now_s", "code", "served"), [(7 * 3600, "OUTSIDE_SHIFTS", True), (13 * 3600, "OUTSIDE_SHIFTS", False)]
)
def test_before_the_shift_all_is_planned_after_it_nobody_is_lost(demo_day, now_s, code, served):
    morning = demo_day.parent / f"hours-{now_s}"
    shutil.copytree(demo_day, morning)
    (morning / LOG).write_bytes(b'{"id": "half a li')
    made = replan(morning, Wanted(now_s=now_s, iterations=50), cache=cache_folder())
    codes = [each.code for each in made.findings]
    assert {code, "LOG_LINE_BROKEN"} <= set(codes)
    assert (
        bool([s for r in made.planned.plan.routes for s in r.steps if s.lock is StopLock.NONE and s.visit])
        is served
    )
    before = {r for route in plan_in(morning).routes for step in route.steps for r in step.residents}
    after = [r for route in made.planned.plan.routes for step in route.steps for r in step.residents]
    after += [r for left in made.planned.plan.unassigned for r in left.residents]
    assert before <= set(after)


def test_more_people_than_anyone_can_serve_are_each_told_why(folder, tmp_path):
    file = tmp_path / "many.csv"
    rows = [f"M{n},{24.935 + n * 1e-4:.4f},60.169,wgs84" for n in range(90)]
    file.write_text("\n".join(["id,lon,lat,datum", *rows]) + "\n")
    made = replan(folder, Wanted(now_s=11 * 3600, added=(file,), iterations=50), cache=cache_folder())
    left = {
        resident
        for each in made.planned.plan.unassigned
        for resident in each.residents
        if resident.startswith("M")
    }
    served = {
        r
        for route in made.planned.plan.routes
        for step in route.steps
        for r in step.residents
        if r.startswith("M")
    }
    assert len(left) + len(served) == 90
    assert left
    assert all(str(each.detail) and each.code for each in made.planned.plan.unassigned)


def test_results_of_another_day_or_unknown_doors_are_told_and_the_plan_is_made(demo_day, tmp_path):
    folder, file = demo_day.parent / "odd", tmp_path / "odd.csv"
    shutil.copytree(demo_day, folder)
    file.write_text(
        "visit,status,time,team\nV999,done,9:00,T1\nV1,done,2001-01-01 09:00,T1\nV2,done,23:50,Nobody\n"
    )
    taken = take_results(folder, [file], now_s=NOW)
    assert {"UNKNOWN_VISIT", "OTHER_DAY", "IN_THE_FUTURE"} <= {each.code for each in taken.findings}
    made = replan(folder, Wanted(now_s=NOW, iterations=50), cache=cache_folder())
    assert "NO_SUCH_TEAM" in {each.code for each in made.findings}
    assert [left.code for left in made.planned.plan.unassigned if left.visit == "V2"] == ["LOCKED"]


def test_results_from_another_plans_page_are_told_and_the_rest_still_works(folder, tmp_path, monkeypatch):
    foreign, printed = tmp_path / "T1.txt", []
    foreign.write_text(travelling(packed([]), PageLock("T1", "99" * 16, "ABCDEFGHJK"))[1], encoding="utf-8")
    monkeypatch.setattr("doorroute.cli.console.print_json", printed.append)
    ours = typed(folder, tmp_path / "r.csv")
    out = folder.parent / "with-another-page"
    args = ["--results", str(foreign), "--results", str(ours), "--now", "9:05", "--json"]
    assert run(folder, out, *args) == ExitCode.DONE
    assert [(each["file"], each["code"]) for each in printed[0]["unread"]] == [
        ("T1.txt", "RESULTS_OF_ANOTHER_PLAN")
    ]
    done = [step for route in plan_in(out).routes for step in route.steps if step.lock is StopLock.DONE]
    assert len(done) == len(ours.read_text().splitlines()) - 1
    log = (folder / LOG).read_bytes()
    assert run(folder, folder.parent / "only-another-page", *args[:2], "--now", "9:05") == ExitCode.BAD_INPUT
    assert (folder / LOG).read_bytes() == log
    assert not (folder.parent / "only-another-page").exists()
