"""The commands, called as a user calls them: exit codes, what is printed where, and what never is."""

import json
import shutil
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path

import click
import pytest

from doorroute.cli import COMMANDS, main
from doorroute.cli.console import more_of
from doorroute.cli.options import ObjectivesType
from doorroute.errors import ExitCode
from doorroute.model.plan import Summary
from doorroute.model.settings import Objective, Settings
from doorroute.settings_file import read_settings
from doorroute.texts import msg


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    "command", [[], *([name] for name in COMMANDS), ["network", "fetch"], ["network", "info"]]
)
def test_every_command_has_a_help_in_both_languages(
    command: list[str], lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, "--lang", lang, "--help"]) == ExitCode.DONE
    out = capsys.readouterr().out
    assert out.startswith("用法" if lang == "zh" else "Usage")
    if lang == "zh":
        assert "Show this message" not in out


def test_help_imports_no_heavy_library() -> None:
    heavy = "numpy pandas geopandas shapely scipy osmnx networkx ortools folium osmium rapidfuzz"
    code = (
        "import sys; from doorroute.cli import main; main(['--help']); "
        f"print([n for n in '{heavy}'.split() if n in sys.modules], file=sys.stderr)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stderr.strip() == "[]"


def test_the_module_runs_as_the_command_does() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "doorroute", "--version"], capture_output=True, text=True, check=True
    )
    assert result.stdout.startswith("doorroute")


@pytest.mark.parametrize(
    "args", [["nonsense"], ["plan"], ["check"], ["demo", "--time-limit", "no"], ["--lang", "xx"]]
)
def test_a_wrong_call_is_bad_input(args: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(args) == ExitCode.BAD_INPUT
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("file", "lang"), [("residents.xlsx", "en"), ("residents_zh.xlsx", "zh"), ("residents_zh.csv", "zh")]
)
def test_check_names_every_finding(
    demo_data: Path, file: str, lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(demo_data / file), "--lang", lang, "--json", "--quiet"]) == ExitCode.DONE
    report = json.loads(capsys.readouterr().out)
    assert report["rows"] == report["residents"] + report["rejected"]
    assert {finding["code"] for finding in report["findings"]} >= {"DUPLICATE", "EMPTY_ROW"}
    assert report["dropped"]
    for finding in report["findings"]:
        assert finding["message"]
        assert finding["advice"]
    assert main(["check", str(demo_data / file), "--lang", lang]) == ExitCode.DONE
    printed = capsys.readouterr()
    assert "DUPLICATE" in printed.out
    assert printed.err


def test_the_demo_plan_is_sound_and_a_moved_stop_is_refused(
    demo_day: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", str(demo_day), "--quiet"]) == ExitCode.DONE
    assert "sound" in capsys.readouterr().out

    plan = json.loads((demo_day / "plan.json").read_text())
    steps = plan["routes"][0]["steps"]
    steps[1], steps[2] = steps[2], steps[1]
    broken = demo_day.parent / "broken"
    shutil.copytree(demo_day, broken)
    (broken / "plan.json").write_text(json.dumps(plan))
    assert main(["verify", str(broken), "--quiet", "--json"]) == ExitCode.NO_SOUND_PLAN
    verdict = json.loads(capsys.readouterr().out)
    assert not verdict["sound"]
    assert verdict["violations"]


def test_a_plan_whose_input_has_changed_is_not_verified(
    demo_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    shutil.copytree(demo_data, data)
    day = tmp_path / "day"
    assert main(plan_args(data, day)) == ExitCode.DONE
    capsys.readouterr()
    with (data / "residents.xlsx").open("ab") as file:
        file.write(b" ")
    assert main(["verify", str(day)]) == ExitCode.BAD_INPUT
    assert "INPUT_CHANGED" in capsys.readouterr().err
    (data / "residents.xlsx").unlink()
    assert main(["verify", str(day)]) == ExitCode.BAD_INPUT
    assert "INPUT_GONE" in capsys.readouterr().err


def test_a_workspace_can_be_moved_as_a_whole(demo_data: Path, tmp_path: Path) -> None:
    shutil.copytree(demo_data, tmp_path / "here" / "data")
    assert main(plan_args(tmp_path / "here" / "data", tmp_path / "here" / "day")) == ExitCode.DONE
    shutil.move(tmp_path / "here", tmp_path / "there")
    assert main(["verify", str(tmp_path / "there" / "day"), "--quiet"]) == ExitCode.DONE


def test_the_plans_summary_is_printed_as_json(
    demo_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*plan_args(demo_data, tmp_path / "day"), "--json"]) == ExitCode.DONE
    printed = capsys.readouterr()
    report = json.loads(printed.out)
    assert report["summary"]["visits"] == report["summary"]["assigned"] + report["summary"]["unassigned"]
    assert printed.err == ""


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_located_residents_can_be_planned_from(
    demo_data: Path, tmp_path: Path, suffix: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / f"places{suffix}"
    network = str(demo_data / "helsinki-centre.osm.pbf")
    command = [
        "locate",
        str(demo_data / "residents.xlsx"),
        "--network",
        network,
        "--out",
        str(out),
        "--json",
        "--quiet",
    ]
    assert main(command) == ExitCode.DONE
    located = json.loads(capsys.readouterr().out)
    assert main(["check", str(out), "--json", "--quiet"]) == ExitCode.DONE
    again = json.loads(capsys.readouterr().out)
    assert again["visits"] == located["visits"]
    assert not [finding for finding in again["findings"] if finding["severity"] == "error"]


def test_places_are_written_as_geojson_too_and_as_nothing_else(demo_data: Path, tmp_path: Path) -> None:
    command = [
        "locate",
        str(demo_data / "residents.xlsx"),
        "--network",
        str(demo_data / "helsinki-centre.osm.pbf"),
        "-q",
        "--out",
    ]
    assert main([*command, str(tmp_path / "places.geojson")]) == ExitCode.DONE
    assert len(json.loads((tmp_path / "places.geojson").read_text())["features"]) > 90
    assert main([*command, str(tmp_path / "places.doc")]) == ExitCode.BAD_INPUT
    assert not (tmp_path / "places.doc").exists()


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("residents", "missing.xlsx"),
        ("residents", "empty.xlsx"),
        ("residents", "noise.xlsx"),
        ("residents", "noise.csv"),
        ("residents", "."),
        ("--teams", "missing.xlsx"),
        ("--teams", "noise.xlsx"),
        ("--teams", "0"),
        ("--depots", "noise.csv"),
        ("--network", "missing.osm.pbf"),
        ("--network", "noise.osm.pbf"),
        ("--network", "empty.osm.pbf"),
        ("--network", "cut.osm.pbf"),
        ("--network", "entities.osm"),
        ("--network", "noise.graphml"),
        ("--network", "noise.txt"),
        ("--settings", "noise.csv"),
        ("--map", "address"),
        ("--map", "address=No such header"),
        ("--map", "shoe size=Address"),
    ],
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_bad_input_is_told_in_one_line_and_nothing_is_written(
    demo_data: Path, tmp_path: Path, option: str, value: str, lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty.xlsx").touch()
    (tmp_path / "empty.osm.pbf").touch()
    noise = bytes(range(256)) * 64
    for name in ("noise.xlsx", "noise.csv", "noise.osm.pbf", "noise.graphml", "noise.txt"):
        (tmp_path / name).write_bytes(noise)
    whole = (demo_data / "helsinki-centre.osm.pbf").read_bytes()
    (tmp_path / "cut.osm.pbf").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "entities.osm").write_text(
        '<!DOCTYPE osm [<!ENTITY a "aaaa">]><osm version="0.6"><node id="1" user="&a;"/></osm>'
    )
    is_path = option in {"residents", "--network", "--depots", "--settings"} or value.endswith(".xlsx")
    given = str(tmp_path / value) if is_path else value
    args = plan_args(demo_data, tmp_path / "day")
    if option == "residents":
        args[1] = given
    elif option in args:
        args[args.index(option) + 1] = given
    else:
        args += [option, given]
    assert main([*args, "--lang", lang]) == ExitCode.BAD_INPUT
    err = capsys.readouterr().err
    assert "Traceback" not in err
    lines = [line for line in err.splitlines() if line.strip()]
    assert len(lines) == 2, err
    assert lines[1].strip().startswith("建议" if lang == "zh" else "Advice")
    assert not (tmp_path / "day").exists()


def test_neither_name_nor_phone_nor_address_is_printed(
    demo_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import openpyxl

    main([arg for arg in plan_args(demo_data, tmp_path / "day") if arg != "--quiet"])
    main(["check", str(demo_data / "residents.xlsx")])
    printed = capsys.readouterr()
    rows = list(openpyxl.load_workbook(demo_data / "residents.xlsx").active.iter_rows(values_only=True))
    headers = [str(cell).lower() for cell in rows[1]]
    personal = {
        str(row[column]).removesuffix(".0")
        for row in rows[2:]
        for column, header in enumerate(headers)
        if header in {"full name", "mobile", "home address"} and row[column]
    }
    assert len(personal) > 150
    leaked = [text for text in personal if len(text) > 5 and (text in printed.out or text in printed.err)]
    assert leaked == []


def test_a_bug_is_confessed_without_quoting_data(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_args: object, **_given: object) -> None:
        raise LookupError("Zhang Wei, 13800000000")

    monkeypatch.setattr("doorroute.pipeline.read_tables", broken)
    assert main(["check", "residents.xlsx"]) == ExitCode.BUG
    err = capsys.readouterr().err
    assert "LookupError at test_commands.py" in err
    assert "13800000000" not in err


def plan_args(data: Path, out: Path) -> list[str]:
    return [
        "plan", str(data / "residents.xlsx"), "--teams", str(data / "teams.xlsx"), "--depots", str(data / "depots.xlsx"),
        "--network", str(data / "helsinki-centre.osm.pbf"), "--out", str(out), "--time-limit", "1", "--quiet",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "goals"),
    [
        ("finish", (Objective.FINISH,)),
        ("teams,finish", (Objective.TEAMS, Objective.FINISH)),
        ("Balance， travel", (Objective.BALANCE, Objective.TRAVEL)),
    ],
)
def test_objectives_are_taken_in_their_order(text: str, goals: tuple[Objective, ...]) -> None:
    assert ObjectivesType().convert(text, None, None) == goals


@pytest.mark.parametrize("text", ["", "soon", "finish,soon", "finish,finish", "finish,"])
def test_objectives_that_are_none_are_refused_with_those_there_are(text: str) -> None:
    with pytest.raises(click.BadParameter, match="finish, travel, teams, balance"):
        ObjectivesType().convert(text, None, None)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_settings_are_printed_as_a_file_that_is_read_again(
    lang: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["settings", "--lang", lang]) == ExitCode.DONE
    (tmp_path / "all.toml").write_text(capsys.readouterr().out, encoding="utf-8")
    assert read_settings(tmp_path / "all.toml") == Settings()


def test_trade_off_bounds_and_wishes_are_told_where_there_is_something_to_tell() -> None:
    nothing = Summary(**dict.fromkeys((field.name for field in fields(Summary)), 0))
    nothing = replace(nothing, trade_off=None)
    assert more_of(nothing) == more_of(replace(nothing, teams=1, lower_bound_teams=1)) == []
    shorter = msg("4 min more travel in all.")
    told = more_of(
        replace(
            nothing, teams=3, lower_bound_teams=2, lower_bound_travel_s=3600, wishes_s=600, trade_off=shorter
        )
    )
    assert [str(line) for line in told] == [
        "Compared with the shortest plan found: 4 min more travel in all.",
        "No plan of these visits has less travel than 1:00.",
        "3 teams go out; at least 2 are needed.",
        (
            "Not every wish was kept: some doors are outside the team's home area, or have another team than "
            "before."
        ),
    ]
    assert (
        more_of(replace(nothing, wishes_s=600), replanned=True) == []
    )  # there the doors that change are counted
