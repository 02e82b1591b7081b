"""`doorroute scenarios` as a planner calls it: the answer, the files, going on after an interruption, and
what is refused.
"""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from doorroute.cli import main
from doorroute.errors import ExitCode


@pytest.fixture
def ask(demo_data, tmp_path, capsys):
    """Return the function that asks about the sample, with what came of it on both streams."""

    def asked(*more, teams="4:5", out=tmp_path / "out", limit="0.5", residents="residents.xlsx"):
        code = main(["scenarios", *arguments(demo_data, teams, out, limit, residents), *more])
        return code, *capsys.readouterr()

    return asked


def arguments(demo, teams, out, limit, residents="residents.xlsx"):
    inputs = [str(demo / residents), "--teams", str(teams), "--depots", str(demo / "depots.xlsx")]
    return [
        *inputs,
        "--network",
        str(demo / "helsinki-centre.osm.pbf"),
        "--out",
        str(out),
        "--time-limit",
        limit,
    ]


def test_it_answers_in_a_sentence_and_writes_page_table_and_picture(ask, tmp_path):
    code, out, err = ask(
        "--finish-by", "13:30", limit="8"
    )  # which a plan of few steps meets too, on a busy machine
    assert code == ExitCode.DONE
    assert "teams can be back by" in out
    assert "5 teams: back at" in err
    never = out.partition("On no route, however many of these teams go out:")[2]
    assert "SKILL" in never
    assert "TIME_WINDOW" in never
    assert "1 row is planned, although something in it was unclear:\n  residents, row 59 · No. SAME_ID" in out
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"finished", "scenarios.html", "scenarios.csv", "scenarios.png"}
    assert (tmp_path / "out" / "scenarios.png").read_bytes().startswith(b"\x89PNG")
    with (tmp_path / "out" / "scenarios.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["teams"] for row in rows] == ["4", "5"]
    assert int(rows[0]["finish_s"]) >= int(rows[1]["finish_s"]) >= int(rows[1]["bound_s"])


def test_names_phones_and_addresses_are_in_none_of_its_files(ask, tmp_path, demo_data):
    from doorroute.intake import read_residents

    ask()
    people = read_residents(demo_data / "residents.xlsx").residents
    secrets = {
        text for person in people for text in (person.name, person.phone, person.address) if len(text) > 5
    }
    assert len(secrets) > 50
    files = [path for path in (tmp_path / "out").rglob("*") if path.suffix in {".json", ".csv", ".html"}]
    assert len(files) == 4
    for path in files:
        text = path.read_text("utf-8")
        assert not [secret for secret in secrets if secret in text], path.name


def test_what_is_finished_is_not_solved_again_and_what_changed_is(ask, tmp_path):
    ask()
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out" / "finished").iterdir()}
    _, _, err = ask("--finish-by", "11:00", "--chance", "0.5", teams="4:6")
    assert err.count("(from an earlier run)") == 2
    assert all(path.stat().st_mtime_ns == at for path, at in before.items())
    _, _, err = ask("--service", "+20%")
    assert "(from an earlier run)" not in err


def test_a_changed_file_is_solved_again(ask, tmp_path, demo_data):
    copy = tmp_path / "list.csv"
    copy.write_bytes((demo_data / "residents_zh.csv").read_bytes())
    ask(teams="4", residents=copy)
    copy.write_bytes(copy.read_bytes() + b"\r\n")
    assert "(from an earlier run)" not in ask(teams="4", residents=copy)[2]


@pytest.mark.skipif(os.name == "nt", reason="sends a POSIX signal")
def test_an_interrupted_run_keeps_what_is_done_and_goes_on_from_there(ask, demo_data, tmp_path):
    out = tmp_path / "out"
    command = [sys.executable, "-m", "doorroute", "scenarios", *arguments(demo_data, "3:8", out, "2")]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    until = time.monotonic() + 120
    while not list(out.glob("finished/*.json")) and time.monotonic() < until:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=120)
    done = len(list(out.glob("finished/*.json")))
    assert process.returncode == 0
    assert "Stopped" in said
    assert 1 <= done < 6
    assert not [path for path in out.rglob("*") if path.name.startswith(".")]
    _, _, err = ask(teams="3:8", limit="2")
    assert err.count("(from an earlier run)") == done
    assert len(list(out.glob("finished/*.json"))) == 6


def test_a_table_of_teams_is_used_from_its_first_row_on(ask, demo_data):
    code, out, _ = ask("--count", "2:3", "--json", teams=demo_data / "teams.xlsx")
    assert code == ExitCode.DONE
    (series,) = json.loads(out)["series"]
    assert [row["teams"] for row in series["scenarios"]] == [2, 3]


def test_several_scenarios_come_onto_one_page(ask, tmp_path):
    file = tmp_path / "scenarios.toml"
    file.write_text(
        '[[scenario]]\nname = "=plain"\n[[scenario]]\nname = "slow"\nservice = "+50%"\n', encoding="utf-8"
    )
    code, out, _ = ask("--file", str(file), "--json", teams="4")
    plain, slow = json.loads(out)["series"]
    assert code == ExitCode.DONE
    # the bounds: on a busy machine one search may get no time at all
    assert slow["scenarios"][0]["bound_s"] > plain["scenarios"][0]["bound_s"]
    assert "'=plain,4" in (tmp_path / "out" / "scenarios.csv").read_text("utf-8-sig")


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    ("more", "teams", "code"),
    [
        ([], "14:4", "RANGE_UPSIDE_DOWN"),
        ([], "0:4", "NO_TEAMS"),
        (["--without", "T99"], "4:5", "UNKNOWN_TEAM"),
        (["--depot", "Nowhere"], "4:5", "UNKNOWN_DEPOT"),
        (["--finish-by", "07:00"], "4:5", "FINISH_BEFORE_SHIFT"),
        (["--finish-by", "late"], "4:5", "CLOCK_WRONG"),
        (["--shift", "12:00-08:00"], "4:5", "IMPOSSIBLE_SHIFT"),
        (["--service", "slow"], "4:5", "CHANGE_WRONG"),
        (["--chance", "90"], "4:5", "CHANCE_WRONG"),
        (["--count", "2:3"], "4:5", "COUNT_TWICE"),
        (["--file", "missing.toml"], "4:5", "SCENARIOS_NOT_READ"),
    ],
)
def test_what_cannot_be_asked_is_told_before_anything_is_written(ask, tmp_path, more, teams, code, lang):
    result, out, err = ask(*more, "--lang", lang, teams=teams)
    assert result == ExitCode.BAD_INPUT
    assert err.splitlines()[-2].startswith(code)
    assert out == ""
    assert not (tmp_path / "out").exists()


def test_more_teams_than_the_table_has_are_refused(ask, demo_data):
    result, _, err = ask("--count", "2:40", teams=Path(demo_data / "teams.xlsx"))
    assert result == ExitCode.BAD_INPUT
    assert "TOO_FEW_TEAMS" in err
