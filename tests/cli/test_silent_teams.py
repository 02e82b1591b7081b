"""A team is gone and nobody has heard from it: what it has done is asked, never guessed; what the dispatcher
says of it is told to the end.
"""

import csv
import json
import shutil

import pytest

from doorroute.cli import main
from doorroute.day import LOG, read_log
from doorroute.day.events import AS_PLANNED
from doorroute.errors import ExitCode
from doorroute.model.clock import clock
from doorroute.model.plan import StepType, StopLock
from doorroute.pipeline.plan_folder import plan_in

NOW = 9 * 3600
GONE = "T3"


@pytest.fixture
def folder(demo_day, tmp_path):
    """Return a copy of the sample's plan whose inputs are seen from anywhere."""
    copy = shutil.copytree(demo_day, tmp_path / "day")
    made = json.loads((copy / "plan.json").read_text(encoding="utf-8"))
    for name, entry in made["inputs"].items():
        if name != "ids":
            entry["file"] = str((demo_day / entry["file"]).resolve())
    (copy / "plan.json").write_text(json.dumps(made), encoding="utf-8")
    return copy


def due(folder, by=NOW, team=GONE):
    """Return the stops that the team was to have left by then."""
    (route,) = (route for route in plan_in(folder).routes if route.team == team)
    return [step for step in route.steps if step.type is StepType.VISIT and step.departure_s <= by]


def replan(folder, *more, now=NOW, out="later", drop=(GONE,)):
    dropped = [each for team in drop for each in ("--drop-team", team)]
    given = [
        "--now",
        clock(now),
        "--out",
        str(folder.parent / out),
        "--iterations",
        "50",
        "--quiet",
        "--open",
    ]
    return main(["replan", str(folder), *given, *dropped, *more])


def typed(folder, *rows):
    file = folder.parent / "typed.csv"
    with file.open("w", encoding="utf-8", newline="") as written:
        csv.writer(written).writerows([("visit", "status", "time", "team"), *rows])
    return str(file)


@pytest.mark.parametrize(
    ("lang", "word"), [("en", "Ask the team where it has been"), ("zh", "请先问这个队去过哪几户")]
)
def test_a_dropped_team_that_was_not_heard_is_asked_about_first(folder, capsys, lang, word):
    assert replan(folder, "--lang", lang) == ExitCode.BAD_INPUT
    err = capsys.readouterr().err
    assert "TEAM_SILENT" in err
    assert word in err
    assert "--silent T3=done-as-planned" in err
    assert "--silent T3=nothing-done" in err
    assert not (folder.parent / "later").exists()
    assert not (folder / LOG).exists()


def test_a_team_that_had_not_set_out_yet_need_not_be_asked(folder):
    (route,) = (route for route in plan_in(folder).routes if route.team == GONE)
    assert replan(folder, now=route.start_s - 600) == ExitCode.DONE
    assert "还没出发就退出了" in (folder.parent / "later" / "changes-zh.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("wrong", ["T3", "T3=gone", "=nothing-done", "T1=nothing-done"])
def test_a_slip_in_silent_is_told(folder, capsys, wrong):
    assert replan(folder, "--silent", wrong) == ExitCode.BAD_INPUT
    assert "SILENT_WRONG" in capsys.readouterr().err


def test_done_as_planned_counts_as_sampled_is_said_to_the_end_and_gives_way_to_words(folder, capsys):
    assert replan(folder, "--silent", "t3=done-as-planned", "--json") == ExitCode.DONE
    told = json.loads(capsys.readouterr().out)
    later, stops = folder.parent / "later", due(folder)
    assert [each["code"] for each in told["findings"] if "T3" in each["message"]] == ["TAKEN_AS_DONE"]
    events = read_log(later)[0]
    assert [(e.visit, e.time_s, e.source, e.residents) for e in events] == [
        (step.visit, step.departure_s, AS_PLANNED, step.residents) for step in stops
    ]
    assert not (folder / LOG).exists()  # the plan before is as it was
    done = [
        step
        for route in plan_in(later).routes
        if route.team == GONE
        for step in route.steps
        if step.lock is StopLock.DONE
    ]
    assert [step.visit for step in done] == [step.visit for step in stops]
    english, chinese = ((later / f"changes-{lang}.txt").read_text(encoding="utf-8") for lang in ("en", "zh"))
    assert "its samples still have to be handed in" in english
    assert "它的样本还要送检" in chinese
    assert main(["verify", str(later), "--quiet"]) == ExitCode.DONE

    # later its phone is found: nobody was at home at the first door
    first = stops[0]
    rows = typed(folder, (first.visit, "nobody home", clock(first.departure_s - 60), GONE))
    capsys.readouterr()
    assert main(["report", str(later), "--results", rows, "--json", "--quiet"]) == ExitCode.DONE
    report = json.loads(capsys.readouterr().out)
    people = sum(len(step.residents) for step in stops[1:])
    assert report["ended"]["sampled"] == people
    assert report["ended"]["nobody_home"] == len(first.residents)
    (guess,) = (each for each in report["findings"] if each["code"] == "TAKEN_AS_DONE")
    assert f"{people} people count as sampled though nobody told it" in guess["message"]


def test_nothing_done_gives_its_doors_to_others_and_says_that_it_must_be_asked(folder, capsys):
    assert replan(folder, "--silent", "T3=nothing-done", "--json") == ExitCode.DONE
    told = json.loads(capsys.readouterr().out)
    later = folder.parent / "later"
    assert "NOTHING_DONE" in {each["code"] for each in told["findings"]}
    assert read_log(later)[0] == ()
    planned = {visit for route in plan_in(later).routes if route.team != GONE for visit in route.visits}
    planned |= {left.visit for left in plan_in(later).unassigned}
    assert {step.visit for step in due(folder)} <= planned
    english, chinese = ((later / f"changes-{lang}.txt").read_text(encoding="utf-8") for lang in ("en", "zh"))
    assert "ask where it has been, and whether it carries samples" in english
    assert "carries no samples" not in english
    assert "没有收到它的结果，请先问清：去过哪几户、是否带着样本" in chinese


def test_of_a_team_that_was_heard_in_part_it_is_said_since_when_it_is_silent(folder, capsys):
    first, *silent = due(folder)
    rows = typed(folder, (first.visit, "done", clock(first.departure_s), GONE))
    assert replan(folder, "--results", rows, "--json") == ExitCode.DONE
    told = {each["code"]: each["message"] for each in json.loads(capsys.readouterr().out)["findings"]}
    assert clock(first.departure_s) in told["SILENT_SINCE"]
    assert all(step.visit in told["SILENT_SINCE"] for step in silent)
    assert replan(folder, "--silent", "T3=done-as-planned", out="again") == ExitCode.DONE
    assert [event.source for event in read_log(folder.parent / "again")[0]] == [
        "typed",
        *[AS_PLANNED] * len(silent),
    ]
