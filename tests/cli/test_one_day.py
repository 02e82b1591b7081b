"""One day planned several times by the commands: people and doors keep their ids, results stay with their
people, no other day slips in.
"""

import csv
import json
import os
import shutil
from pathlib import Path

import pytest

from doorroute.cli import main
from doorroute.day import LOG, Event, Outcome, append, read_log
from doorroute.day.log import to_lines
from doorroute.errors import ExitCode
from doorroute.handback.codes import read_codes
from doorroute.handback.marks import Status
from doorroute.pipeline.plan_folder import plan_in
from tests.helpers.eight_people import DAY, HEAD, NAMES, PEOPLE
from tests.helpers.handed_in import packed, travelling

NEXT = "2022-04-07"
NEW = ("新来的", "13900000000", 24.9375, 60.1690, "wgs84", "1")


@pytest.fixture(scope="module")
def planned(demo_data, tmp_path_factory):
    """Return a folder with the tables of a day and its plan: eight people who have no numbers, in locked
    pages for two teams.
    """
    day = tmp_path_factory.mktemp("day")
    listed(day, PEOPLE)
    (day / "teams.csv").write_text(
        "team,start,end,shift\nT1,Station,Station,08:00-12:00\nT2,Station,Station,08:00-12:00\n"
    )
    (day / "depots.csv").write_text("depot,lon,lat,datum\nStation,24.9400,60.1690,wgs84\n")
    shutil.copy(demo_data / "helsinki-centre.osm.pbf", day / "town.osm.pbf")
    plan(day, pages=())
    return day


@pytest.fixture
def day(planned, tmp_path):
    """Return a copy of that folder."""
    return shutil.copytree(planned, tmp_path / "work")


def listed(day, rows, head=HEAD, name="list.csv"):
    with (day / name).open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([head, *rows])


def plan(day, *more, date=DAY, out="today", code=ExitCode.DONE, pages=("--open",)):
    tables = [str(day / "list.csv"), "--teams", str(day / "teams.csv"), "--depots", str(day / "depots.csv")]
    given = [*tables, "--network", str(day / "town.osm.pbf"), "--out", str(day / out), "--date", date]
    assert main(["plan", *given, "--iterations", "5", "--quiet", *pages, *more]) == code
    return day / out


def replan(day, *more, now="9:00", folder="today", out="later", code=ExitCode.DONE):
    given = ["--now", now, "--out", str(day / out), "--iterations", "5", "--quiet", "--open", *more]
    assert main(["replan", str(day / folder), *given]) == code
    return day / out


def names(folder):
    """Return whose ids they are, by the plan and the list as they are now: the names of all residents."""
    ids = json.loads((folder / "ids.json").read_text(encoding="utf-8"))["people"]
    return {each["id"]: each["name"] for each in ids if each["here"]}


def visits(folder):
    """Return the names behind each door."""
    who, made = names(folder), plan_in(folder)
    steps = [(step.visit, step.residents) for route in made.routes for step in route.steps if step.visit]
    steps += [(left.visit, left.residents) for left in made.unassigned]
    return {visit: frozenset(who[resident] for resident in residents) for visit, residents in steps}


def told(folder, whom, *, by="visit", status="完成", at="09:00"):
    """Type what became of some people, by the number of their door or their own, and read it in."""
    who = {name: visit for visit, behind in visits(folder).items() for name in behind}
    if by == "resident":
        who = {name: resident for resident, name in names(folder).items()}
    file = folder.parent / "typed.csv"
    listed(folder.parent, [(who[name], status, at) for name in whom], (by, "status", "time"), "typed.csv")
    assert main(["results", str(folder), str(file), "--quiet"]) == ExitCode.DONE


def report(folder, *more):
    """Close the day; return how each name of the list has ended."""
    assert main(["report", str(folder), "--quiet", *more]) == ExitCode.DONE
    with (folder / "report" / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        ended = {int(row["row"]): row["state"] for row in csv.DictReader(file)}
    with (folder.parent / "list.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row[0]: ended[number] for number, row in enumerate(csv.reader(file), 1) if number in ended}


@pytest.mark.parametrize("by", ["visit", "resident"])
def test_results_stay_with_their_people_when_a_row_is_inserted_at_the_top_and_the_day_is_planned_again(
    day, by, capsys
):
    folder = day / "today"
    before = visits(folder)
    told(folder, NAMES[:5], by=by)
    log = (folder / LOG).read_bytes()
    listed(day, [NEW, *reversed(PEOPLE[1:])])  # sorted otherwise, and one has gone
    plan(day)
    assert "doorroute replan" in capsys.readouterr().err  # everybody is visited once more, and that is said
    after = visits(folder)
    assert (folder / LOG).read_bytes() == log
    assert {v: who for v, who in after.items() if v in before} == {
        v: w for v, w in before.items() if w != {NAMES[0]}
    }
    assert set(after) - set(before) == {"V9"}
    assert main(["verify", str(folder), "--quiet"]) == ExitCode.DONE
    ended = report(folder)
    assert {name for name, end in ended.items() if end == "sampled"} == set(NAMES[1:5])
    assert len(ended) == 8


def test_a_phone_page_of_the_plan_before_hands_in_for_the_people_that_it_showed(day):
    folder = day / "today"
    before, who = plan_in(folder), names(folder)
    page = next(page for page in read_codes(folder) if page.current)
    met = [who[resident] for _, residents in page.doors for resident in residents]
    listed(day, [NEW, *PEOPLE])
    plan(day)
    assert plan_in(folder) != before
    assert not next(each for each in read_codes(folder) if each.lock.route == page.lock.route).current
    doors = [(Status.DONE, 9 * 60 + number, [], "") for number, _ in enumerate(page.doors)]
    (day / "phone.txt").write_text(travelling(packed(doors), page.lock)[1], encoding="utf-8")
    assert main(["results", str(folder), str(day / "phone.txt"), "--quiet"]) == ExitCode.DONE
    assert all(event.residents for event in read_log(folder)[0])
    ended = report(folder)
    assert {name for name, end in ended.items() if end == "sampled"} == set(met)


def test_another_day_does_not_take_the_place_of_one_that_has_no_report(day, capsys):
    folder = day / "today"
    told(folder, NAMES[:3])
    held = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    for lang, word in (("en", "no report yet"), ("zh", "还没有出报告")):
        plan(day, "--lang", lang, date=NEXT, code=ExitCode.BAD_INPUT)
        err = capsys.readouterr().err
        assert "DAY_OPEN" in err
        assert word in err
        assert "--close-day" in err
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == held


def test_after_its_report_a_day_is_over_and_nothing_of_it_leaks_into_the_next(day):
    folder = day / "today"
    codes = {page.lock.code for page in read_codes(folder)}
    told(folder, NAMES[:3])
    log = (folder / LOG).read_bytes()
    assert list(report(folder).values()).count("sampled") == 3
    plan(day, date=NEXT, pages=())
    assert read_log(folder)[0] == ()
    assert (folder / f"log-{DAY}.jsonl").read_bytes() == log
    assert not codes & {page.lock.code for page in read_codes(folder)}
    assert {page.date for page in read_codes(folder)} == {NEXT}
    told(folder, NAMES[3:4])
    plan(day, date=DAY, code=ExitCode.BAD_INPUT)
    assert {name for name, end in report(folder).items() if end == "sampled"} == {NAMES[3]}


def test_results_that_come_in_after_the_report_open_the_day_again(day, capsys):
    folder = day / "today"
    report(folder)
    told(folder, NAMES[:1])
    plan(day, date=NEXT, code=ExitCode.BAD_INPUT)
    assert "DAY_OPEN" in capsys.readouterr().err
    plan(day, "--close-day", date=NEXT)
    assert len((folder / f"log-{DAY}.jsonl").read_text().splitlines()) == 1


def test_a_report_of_the_later_plan_closes_the_ones_that_it_was_made_from(day):
    first = day / "today"
    told(first, NAMES[:2], at="08:30")
    later = replan(day)
    report(later)
    plan(day, date=NEXT)
    assert plan_in(first).date == NEXT


def test_a_plan_for_the_rest_of_the_day_is_never_there_without_its_log(day, monkeypatch):
    told(day / "today", NAMES[:4], at="08:30")
    later, seen = day / "later", []
    for owner, name in ((os, "rename"), (os, "replace"), (Path, "rename"), (Path, "replace")):
        real = getattr(owner, name)

        def watched(*given, _real=real, **more):
            done = _real(*given, **more)
            seen.append(((later / "plan.json").is_file(), (later / LOG).is_file()))
            return done

        monkeypatch.setattr(owner, name, watched)
    replan(day)
    monkeypatch.undo()
    assert (True, True) in seen
    assert (True, False) not in seen
    assert (later / LOG).read_bytes() == (day / "today" / LOG).read_bytes()
    assert list(report(later).values()).count("sampled") == 4


def test_people_who_were_added_at_ten_keep_their_numbers_when_the_day_is_planned_anew_from_the_morning(day):
    listed(day, [NEW], name="more.csv")
    later = replan(day, "--add", str(day / "more.csv"))
    first = {name: visit for visit, who in visits(later).items() for name in who}
    other = ("另一个", "13900000001", 24.9395, 60.1690, "wgs84", "2")
    listed(day, [other], name="others.csv")
    again = replan(day, "--add", str(day / "others.csv"), now="9:05", out="again")
    second = {name: visit for visit, who in visits(again).items() for name in who}
    assert first[NEW[0]] not in second.values()
    assert {name: second[name] for name in NAMES} == {name: first[name] for name in NAMES}
    assert all(names(again).get(resident, name) == name for resident, name in names(later).items())
    assert main(["verify", str(again), "--quiet"]) == ExitCode.DONE


def test_numbers_of_a_column_that_are_mere_places_do_not_carry_results_to_other_people(day, capsys):
    head = ("序号", *HEAD)
    listed(day, [(at, *row) for at, row in enumerate(PEOPLE, 1)], head)
    folder = plan(day, out="numbered")
    told(folder, NAMES[:3], by="resident")
    listed(day, [(at, *row) for at, row in enumerate([NEW, *PEOPLE], 1)], head)
    plan(day, out="numbered")
    assert main(["verify", str(folder), "--quiet"]) == ExitCode.DONE
    capsys.readouterr()
    assert main(["report", str(folder), "--quiet", "--json"]) == ExitCode.DONE
    assert json.loads(capsys.readouterr().out)["ended"]["sampled"] == 3
    sampled = {each for event in read_log(folder)[0] for each in event.residents}
    assert {names(folder)[each] for each in sampled} == set(NAMES[:3])


def test_a_changed_ids_file_is_refused_by_every_command(day, capsys):
    folder = day / "today"
    with (folder / "ids.json").open("ab") as file:
        file.write(b" ")
    for command in (["verify", str(folder)], ["report", str(folder)]):
        assert main([*command, "--quiet"]) == ExitCode.BAD_INPUT
        assert "INPUT_CHANGED" in capsys.readouterr().err
    plan(day, code=ExitCode.BAD_INPUT)
    assert "IDS_LOST" in capsys.readouterr().err


def of_the_version_before(folder):
    """Make of a plan's folder what the version before wrote: no record of ids, and a log that names visits
    alone.
    """
    made = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    del made["inputs"]["ids"], made["files"]["ids.json"], made["seal"]
    (folder / "plan.json").write_text(json.dumps(made), encoding="utf-8")
    (folder / "ids.json").unlink()
    return folder


def of_visits(folder, *whom):
    visit_of = {name: visit for visit, who in visits(folder).items() for name in who}
    return [Event(day=DAY, time_s=9 * 3600, visit=visit_of[name], outcome=Outcome.DONE) for name in whom]


def test_a_plan_and_a_log_of_the_version_before_go_on_with_their_people(day):
    folder = day / "today"
    events = of_visits(folder, *NAMES[:3])
    of_the_version_before(folder)
    append(folder, events)
    assert main(["verify", str(folder), "--quiet"]) == ExitCode.DONE
    plan(day)
    assert [event.residents for event in read_log(folder)[0]] == [(f"R{n}",) for n in (2, 3, 4)]
    listed(day, [NEW, *PEOPLE])
    plan(day)
    assert {name for name, end in report(folder).items() if end == "sampled"} == set(NAMES[:3])


def test_a_plan_of_the_version_before_whose_list_has_changed_is_refused_by_name(day, capsys):
    folder = day / "today"
    append(folder, of_visits(folder, NAMES[0]))
    of_the_version_before(folder)
    listed(day, [NEW, *PEOPLE])
    plan(day, code=ExitCode.BAD_INPUT)
    assert "IDS_LOST" in capsys.readouterr().err
    assert len(read_log(folder)[0]) == 1


def test_results_without_people_beside_a_plan_that_knows_ids_are_told_and_do_not_count(day, capsys):
    folder = day / "today"
    append(folder, of_visits(folder, NAMES[0]))
    assert main(["report", str(folder), "--quiet", "--json"]) == ExitCode.DONE
    printed = json.loads(capsys.readouterr().out)
    assert "NO_RESIDENTS" in {each["code"] for each in printed["findings"]}
    assert "sampled" not in printed["ended"]


def test_a_log_without_its_plan_is_not_taken_into_a_day(day, capsys):
    folder = day / "alone"
    folder.mkdir()
    (folder / LOG).write_bytes(
        to_lines([Event(day=DAY, time_s=0, visit="V1", residents=("R2",), outcome=Outcome.DONE)])
    )
    plan(day, out="alone", code=ExitCode.BAD_INPUT)
    assert "LOG_WITHOUT_PLAN" in capsys.readouterr().err


def test_a_day_planned_from_yesterdays_report_does_not_write_over_its_own_list(day):
    folder = day / "today"
    report(folder)
    (folder / "report" / "carry-over.xlsx").rename(day / "kept.xlsx")
    shutil.copy(day / "kept.xlsx", folder / "report" / "carry-over.xlsx")
    tables = [
        "--teams",
        str(day / "teams.csv"),
        "--depots",
        str(day / "depots.csv"),
        "--network",
        str(day / "town.osm.pbf"),
    ]
    given = [str(folder / "report" / "carry-over.xlsx"), *tables, "--out", str(folder), "--date", NEXT]
    assert main(["plan", *given, "--iterations", "5", "--quiet", "--open"]) == ExitCode.DONE
    for _ in range(2):
        assert main(["report", str(folder), "--quiet"]) == ExitCode.DONE
    assert (folder / "report" / "carry-over.xlsx").read_bytes() == (day / "kept.xlsx").read_bytes()
    assert (folder / f"report-{NEXT}" / "report.html").is_file()
    assert main(["verify", str(folder), "--quiet"]) == ExitCode.DONE


def test_results_read_into_the_folder_of_the_plan_before_count_in_the_later_one(day, capsys):
    first = day / "today"
    told(first, NAMES[:1], at="08:10")
    later = replan(day, now="8:15")
    assert "PLANNED_ANEW" not in capsys.readouterr().out
    told(first, NAMES[1:3], at="08:40")
    assert "PLANNED_ANEW" in capsys.readouterr().out
    assert len(read_log(later)[0]) == 1
    last = replan(day, now="8:50", folder="later", out="last")
    assert {name for name, end in report(later).items() if end == "sampled"} == set(NAMES[:3])
    assert {name for name, end in report(last).items() if end == "sampled"} == set(NAMES[:3])
    assert main(["verify", str(last), "--quiet"]) == ExitCode.DONE


def test_a_second_plan_for_the_rest_of_one_plan_tells_of_the_first(day, capsys):
    replan(day)
    replan(day)
    assert "PLANNED_ANEW" not in capsys.readouterr().out
    replan(day, out="other", now="9:05")
    told = capsys.readouterr().out
    assert "PLANNED_ANEW" in told
    assert "later" in told


def test_whoever_is_no_longer_on_the_list_is_told_when_the_day_is_planned_again(day, capsys):
    listed(day, PEOPLE[1:])
    plan(day)
    assert "no longer on the list: R2." in capsys.readouterr().err
    plan(day)
    assert "not on the list" not in capsys.readouterr().err


@pytest.mark.parametrize("name", ["codes.html", "codes.txt", "codes.json"])
def test_changed_codes_are_found_by_verify(day, name, capsys):
    file = day / "today" / name
    assert main(["verify", str(day / "today"), "--quiet"]) == ExitCode.DONE
    file.write_bytes(file.read_bytes().replace(b"2022-04-06", b"2022-04-05"))
    assert main(["verify", str(day / "today"), "--quiet"]) == ExitCode.NO_SOUND_PLAN
    assert name in capsys.readouterr().out


def test_a_plan_that_was_changed_by_hand_is_told_by_results_and_report(day, capsys):
    file = day / "today" / "plan.json"
    text = (
        file.read_text(encoding="utf-8").replace('"R2"', '"X"').replace('"R3"', '"R2"').replace('"X"', '"R3"')
    )
    file.write_text(text, encoding="utf-8")
    told(day / "today", NAMES[4:5])
    assert "PLAN_CHANGED" in capsys.readouterr().out
    assert main(["report", str(day / "today"), "--quiet"]) == ExitCode.DONE
    assert "PLAN_CHANGED" in capsys.readouterr().out
