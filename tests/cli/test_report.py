"""`doorroute report` as a dispatcher calls it in the evening: a played day of the sample, to the last row
and on to tomorrow.
"""

import csv
import json
import shutil

import numpy as np
import openpyxl
import pytest

from doorroute.cli import main
from doorroute.day import Event, Outcome, append
from doorroute.disk.files import sha256_of
from doorroute.errors import ExitCode
from doorroute.model.clock import clock
from doorroute.model.settings import Settings
from doorroute.pipeline.close_day import plans_before
from doorroute.pipeline.plan_folder import plan_in, seal_of
from doorroute.settings_file import read_settings


@pytest.fixture
def day(demo_day, tmp_path):
    """Return a folder with the sample's plan and nothing of its day yet."""
    plan = json.loads((demo_day / "plan.json").read_text(encoding="utf-8"))
    for entry in plan["inputs"].values():
        entry["file"] = str((demo_day / entry["file"]).resolve())
    folder = tmp_path / "day"
    folder.mkdir()
    return changed(folder, **plan)


def changed(folder, **more):
    file = folder / "plan.json"
    plan = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    document = plan | more
    file.write_text(json.dumps(document | {"seal": seal_of(document)}), encoding="utf-8")
    return folder


def played(folder, *, door_s=120, person=1.3, walk=1.25, silent=(), until=24 * 3600):
    """Write what the teams told: every tenth door in vain, every thirtieth refused, those `silent` not at
    all; doors, people and ways took longer than planned.
    """
    plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    chance, rows, number = np.random.default_rng(1), [("visit", "status", "time", "team")], 0
    for route in plan["routes"]:
        now = route["start_s"]
        for before, step in zip(route["steps"], route["steps"][1:], strict=False):
            now += walk * (step["arrival_s"] - before["departure_s"]) + step["setup_s"] + step["waiting_s"]
            if step["type"] != "visit":
                now += step["service_s"]
                continue
            number += 1
            status = "nobody home" if number % 10 == 0 else "refused" if number % 30 == 5 else "done"
            at_door = door_s + person * (step["service_s"] - 60)
            now += 60 if status == "nobody home" else at_door * chance.normal(1, 0.05)
            if step["lock"] == "done":
                now = step["departure_s"]
            elif step["visit"] not in silent and now <= until:
                rows.append((step["visit"], status, clock(round(now)), route["team"]))
    file = folder / "typed.csv"
    with file.open("w", encoding="utf-8", newline="") as written:
        csv.writer(written).writerows(rows)
    return file


def table(folder):
    with (folder / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def report(day, capsys):
    """Return a function that plays the day and closes it: exit code, printed JSON, its folder."""

    def closed(*more, results=True, **how):
        given = ["--results", str(played(day, **how))] if results else []
        code = main(["report", str(day), *given, "--json", *more])
        return code, json.loads(capsys.readouterr().out), day / "report"

    return closed


def test_every_row_of_the_sheet_is_accounted_for(report, demo_data):
    code, told, out = report(silent=["V7"])
    assert code == ExitCode.DONE
    sheet = list(openpyxl.load_workbook(demo_data / "residents.xlsx").active.iter_rows(values_only=True))
    rows = table(out)
    assert [int(row["row"]) for row in rows] == list(range(3, len(sheet) + 1))
    assert told["rows"] == len(rows) == sum(told["ended"].values())
    assert {row["state"] for row in rows} == {
        "sampled", "refused", "nobody_home", "not_visited", "unassigned", "not_located", "rejected", "no_person",
    }  # fmt: skip
    assert [row["state"] for row in rows if row["visit"] == "V7"] == ["not_visited"]
    assert all(row["tries"] == "1" for row in rows if row["state"] == "nobody_home")
    assert all(row["planned"] and row["real"] and row["team"] for row in rows if row["state"] == "sampled")
    assert all(row["code"] and row["reason"] for row in rows if row["state"] in {"rejected", "unassigned"})
    text = (out / "report.html").read_text(encoding="utf-8")
    people = len(rows) - told["ended"]["no_person"]
    assert (
        f"{people} on the list = {told['ended']['sampled']} sampled + {told['ended']['refused']} refused"
        in text
    )
    assert {path.name for path in out.iterdir()} == {
        "report.html", "report.csv", "carry-over.xlsx", "learned.toml", "learned-profiles.toml",
    }  # fmt: skip


def test_names_phones_and_addresses_are_in_the_carry_over_list_alone(report, demo_data):
    from doorroute.intake import read_residents

    _, _, out = report()
    people = read_residents(demo_data / "residents.xlsx").residents
    secrets = {
        text for person in people for text in (person.name, person.phone, person.address) if len(text) > 5
    }
    for path in out.iterdir():
        if path.name != "carry-over.xlsx":
            text = path.read_text("utf-8")
            assert not [secret for secret in secrets if secret in text], path.name


def test_tomorrow_is_planned_from_the_carry_over_list_and_what_was_learned(
    report, demo_data, tmp_path, capsys
):
    _, told, out = report(silent=["V7", "V8"])
    lines = list(openpyxl.load_workbook(out / "carry-over.xlsx").active.iter_rows(values_only=True))
    before = list(openpyxl.load_workbook(demo_data / "residents.xlsx").active.iter_rows(values_only=True))
    columns = [at for at, text in enumerate(before[1]) if text is not None and text != "ID card no."]
    assert lines[0] == tuple(before[1][at] for at in columns)  # identity numbers are not passed on
    assert len(lines) - 1 == told["carried"]
    assert "V7" not in str(lines)
    carried = [row for row in table(out) if row["state"] in {"nobody_home", "not_visited"}]
    for row in carried:
        was = [before[int(row["row"]) - 1][at] for at in columns]
        why = "nobody home, 1 try" if row["state"] == "nobody_home" else "not visited"
        assert (*was[:-1], "; ".join(filter(None, (was[-1], f"2022-04-06: {why}")))) in lines
    arguments = [
        str(out / "carry-over.xlsx"), "--teams", "2", "--depots", str(demo_data / "depots.xlsx"), "--network", str(demo_data / "helsinki-centre.osm.pbf"),
        "--settings", str(out / "learned.toml"), "--profiles", str(out / "learned-profiles.toml"), "--date", "2022-04-07",
    ]  # fmt: skip
    assert (
        main(["plan", *arguments, "--out", str(tmp_path / "next"), "--iterations", "50", "--json", "-q"]) == 0
    )
    capsys.readouterr()
    following = json.loads((tmp_path / "next" / "plan.json").read_text(encoding="utf-8"))
    assert following["inputs"]["residents"]["rows"] == told["carried"]
    on_route = {
        each for route in following["routes"] for step in route["steps"] for each in step["residents"]
    }
    assert {row["id"].partition("-")[0] for row in carried} <= on_route | {
        each for left in following["unassigned"] for each in left["residents"]
    }
    learned = read_settings(out / "learned.toml").service
    assert (
        following["request"]["settings"]["service"]["resident_s"]
        == learned.resident_s
        != Settings().service.resident_s
    )
    shutil.copy(played(tmp_path / "next"), tmp_path / "second.csv")
    assert main(["report", str(tmp_path / "next"), "--results", str(tmp_path / "second.csv"), "--json"]) == 0
    again = list(
        openpyxl.load_workbook(tmp_path / "next" / "report" / "carry-over.xlsx").active.iter_rows(
            values_only=True
        )
    )
    assert any("2022-04-06" in line[-1] and "2022-04-07" in line[-1] for line in again[1:])


def test_known_times_come_back_and_a_short_day_teaches_nothing(report, day):
    _, told, _ = report(door_s=120, person=1.3, walk=1.25)
    learned = {each["name"]: each for each in told["learned"]}
    assert learned["person"]["offered"]
    assert learned["person"]["value"] == pytest.approx(1.3 * 180, rel=0.2)
    assert learned["walk:foot"]["value"] == pytest.approx(1.25, rel=0.2)
    assert not learned["door"]["offered"] or learned["door"]["value"] == pytest.approx(120, abs=50)
    (day / "log.jsonl").unlink()
    visits = [
        step["visit"]
        for route in json.loads((day / "plan.json").read_text())["routes"]
        for step in route["steps"]
    ]
    _, told, out = report(silent=visits[12:])
    assert not any(each["offered"] for each in told["learned"])
    assert not list(out.glob("learned*"))
    assert "Kept as set" in (out / "report.html").read_text(encoding="utf-8")


def test_without_results_it_says_so_and_with_later_ones_it_is_made_again(report, day, capsys):
    code, told, out = report(results=False)
    assert (code, [each["code"] for each in told["findings"]]) == (0, ["NO_RESULTS_YET"])
    assert told["ended"]["not_visited"] > 80
    (out / "mine.txt").write_text("kept")
    _, told, _ = report()
    assert told["findings"] == []
    assert told["ended"].get("not_visited", 0) == 0
    before = (out / "report.csv").read_bytes()
    with (day / "log.jsonl").open("ab") as log:
        log.write(b'{"day": "2022-')
    file = day / "late.csv"
    sampled = next(
        line for line in (day / "typed.csv").read_text("utf-8").splitlines() if ",done," in line
    ).partition(",")[0]
    file.write_text(f"visit,status,time\n{sampled},refused,23:58\nV999,done,23:50\n", encoding="utf-8")
    assert main(["report", str(day), "--results", str(file), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [each["code"] for each in told["findings"]] == [
        "UNKNOWN_VISIT",
        "LOG_LINE_BROKEN",
        "CONTRADICTION",
    ]
    assert {row["state"] for row in table(out) if row["visit"] == sampled} == {"refused"}
    assert (out / "report.csv").read_bytes() != before
    assert (out / "mine.txt").read_text() == "kept"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_plan_from_which_a_row_was_lost_is_refused_and_the_last_report_stays(report, day, capsys, lang):
    _, _, out = report()
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    plan = json.loads((day / "plan.json").read_text(encoding="utf-8"))
    changed(day, not_located=plan["not_located"][1:])
    assert main(["report", str(day), "--lang", lang, "-q"]) == ExitCode.BUG
    assert f"{plan['not_located'][0]['row']}" in capsys.readouterr().err.splitlines()[0]
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_what_is_no_plan_is_refused(tmp_path, day, capsys):
    assert main(["report", str(tmp_path)]) == ExitCode.BAD_INPUT
    assert "PLAN_NOT_FOUND" in capsys.readouterr().err
    list_ = tmp_path / "residents.csv"
    list_.write_text("id,address\n1,here\n")
    inputs = json.loads((day / "plan.json").read_text(encoding="utf-8"))["inputs"]
    changed(day, inputs=inputs | {"residents": {**inputs["residents"], "file": str(list_)}})
    assert main(["report", str(day)]) == ExitCode.BAD_INPUT
    assert "INPUT_CHANGED" in capsys.readouterr().err
    assert not (day / "report").exists()


def test_a_folder_that_cannot_be_written_and_results_of_another_day_are_told(report, day, tmp_path, capsys):
    append(day, [Event(day="2022-04-05", time_s=0, visit="V1", residents=("R001",), outcome=Outcome.DONE)])
    _, told, _ = report(results=False)
    assert [each["code"] for each in told["findings"]] == ["OTHER_DAY"]
    assert told["ended"].get("sampled", 0) == 0
    (tmp_path / "taken").write_text("a file")
    assert main(["report", str(day), "--out", str(tmp_path / "taken"), "-q"]) == ExitCode.BAD_INPUT
    assert "OUT_IS_FILE" in capsys.readouterr().err


def test_where_another_input_is_gone_everybody_is_accounted_for_and_nothing_is_learned(report, day):
    inputs = json.loads((day / "plan.json").read_text(encoding="utf-8"))["inputs"]
    changed(day, inputs=inputs | {"network": {**inputs["network"], "file": "gone.osm.pbf"}})
    code, told, out = report()
    assert (code, [each["code"] for each in told["findings"]]) == (0, ["NOTHING_LEARNED"])
    assert told["rows"] == len(table(out)) > 100


def test_a_day_that_was_planned_anew_is_closed_to_the_last_row_of_all_lists(day, tmp_path, capsys):
    new = tmp_path / "new.csv"
    new.write_text(
        "Full "
        "name,lon,lat,street,remarks\nNamewicz,24.9400,60.1690,,late\nNobody,,,,\nHere,24.9450,60.1675,,\n"
    )
    out, asked = tmp_path / "at-0905", ["--iterations", "50", "--json", "-q"]
    results = str(played(day, until=9 * 3600))
    assert main(["replan", str(day), "--results", results, "--now", "9:05", "--add", str(new), "--cancel", "V5", "--drop-team", "T3", "--out", str(out), *asked]) == 0  # fmt: skip
    assert main(["report", str(day), "--json"]) == 0
    capsys.readouterr()
    before = table(day / "report")
    assert main(["report", str(out), "--results", str(played(out)), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert "NOTHING_LEARNED" not in [each["code"] for each in told["findings"]]
    rows = table(out / "report")
    assert sum(told["ended"].values()) == len(rows) == len(before) + 3
    added = [row for row in rows if int(row["row"]) > 1000]
    assert [row["state"] for row in added][1] == "rejected"
    assert {row["state"] for row in rows if row["visit"] == "V5"} <= {"cancelled", "sampled"}
    done = [row for row in rows if row["state"] == "sampled"]
    assert len(done) > 60
    assert all(
        row["planned"] for row in done
    )  # by the plan before it was done, not by the history in the last
    assert not any("~" in row["visit"] for row in rows)
    lines = list(
        openpyxl.load_workbook(out / "report" / "carry-over.xlsx").active.iter_rows(values_only=True)
    )
    assert lines[0][-4:] == (
        "Remarks",
        "lon",
        "lat",
        "street",
    )  # columns that today's list does not have come behind
    assert next(line for line in lines if "Nobody" in line)[-4].startswith(
        "2022-04-06: row rejected, NO_ADDRESS"
    )
    assert len(lines) - 1 == told["carried"]
    assert main(["report", str(day), "--json"]) == 0
    assert "PLANNED_ANEW" in [each["code"] for each in json.loads(capsys.readouterr().out)["findings"]]


def test_the_plans_before_are_found_beside_and_in_the_folder_of_the_last(day, tmp_path):
    """The last keeps the one before it; the first lies in a folder of its own."""
    parent, folders = None, []
    for name in ("a", "b", "c"):
        folders.append(tmp_path / "all" / name)
        folders[-1].mkdir(parents=True)
        shutil.copy(day / "plan.json", folders[-1])
        changed(folders[-1], parent=parent, seed=len(folders))
        parent = sha256_of(folders[-1] / "plan.json")
    (folders[1] / "plan.json").rename(folders[2] / "parent.json")
    assert [plan.seed for plan in plans_before(plan_in(folders[2]), folders[2])] == [2, 1]
    (folders[2] / "parent.json").unlink()
    assert plans_before(plan_in(folders[2]), folders[2]) == []
