"""Days on which nothing can be kept: a plan with a reason for everyone, at once, and never a rule broken;
and Ctrl-C in the middle of one that can.
"""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from doorroute.cli import main
from doorroute.errors import ExitCode

HEADER = "id,name,lon,lat,datum,time window,skills,team,not_team,kits,service minutes"
PLACE = "24.942,60.1685,wgs84"
HOPELESS = {
    "R1": (",,,,,", None),  # nothing is asked: this one is made
    "R2": ("03:00-04:00,,,,,", "TIME_WINDOW"),
    "R3": ("23:00-23:30,,,,,", "TIME_WINDOW"),
    "R4": (",fly,,,,", "SKILL"),
    "R5": (",,T1,T1,,", "NOT_ELIGIBLE"),  # this team and not this team
    "R6": (",,,,99,", "CAPACITY"),
    "R7": (",,,,,300", "SHIFT_TOO_SHORT"),
}


def planned(demo_data: Path, home: Path, rows: list[str], teams: list[str], *more: str) -> list[str]:
    (home / "residents.csv").write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    (home / "teams.csv").write_text(
        "\n".join(["team,start,shift,capacity,max_visits", *teams, ""]), encoding="utf-8"
    )
    args = [home / "residents.csv", "--teams", home / "teams.csv", "--depots", demo_data / "depots.xlsx"]
    args += [
        "--network",
        demo_data / "helsinki-centre.osm.pbf",
        "--out",
        home / "day",
        "--date",
        "2026-03-02",
    ]
    return ["plan", *map(str, args), *more]


def reasons(home: Path) -> dict[str, str]:
    plan = json.loads((home / "day" / "plan.json").read_text(encoding="utf-8"))
    assert all(left["detail"] and left["remedy"] for left in plan["unassigned"])
    return {resident: left["code"] for left in plan["unassigned"] for resident in left["residents"]}


def test_rules_that_cannot_be_kept_leave_those_alone_out_whom_they_are_about(
    demo_data: Path, tmp_path: Path
) -> None:
    doors = enumerate(HOPELESS.items())
    rows = [
        f"{name},Name {name},{24.94 + i * 0.002},60.1685,wgs84,{rules}" for i, (name, (rules, _)) in doors
    ]
    teams = ["T1,Health centre,08:00-12:00,20,", "T2,Health centre,08:00-12:00,20,"]
    assert main([*planned(demo_data, tmp_path, rows, teams), "--iterations", "300", "-q"]) == ExitCode.DONE
    assert reasons(tmp_path) == {name: code for name, (_, code) in HOPELESS.items() if code}
    assert main(["verify", str(tmp_path / "day"), "-q"]) == ExitCode.DONE


@pytest.mark.parametrize(
    ("team", "code"),
    [
        ("T1,Health centre,08:00-08:01,20,", "SHIFT_TOO_SHORT"),
        ("T1,Health centre,08:00-12:00,0,", "CAPACITY"),
        ("T1,Health centre,08:00-12:00,20,0", "MAX_VISITS"),
    ],
)
def test_a_team_that_can_do_nothing_is_a_plan_with_reasons(
    demo_data: Path, tmp_path: Path, team: str, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [f"R{number},Name {number},{PLACE},,,,,1," for number in range(3)]
    assert main([*planned(demo_data, tmp_path, rows, [team]), "--iterations", "100"]) == ExitCode.DONE
    told = capsys.readouterr().out
    assert "No door is on a route" in told
    assert "00:00" not in told
    assert set(reasons(tmp_path).values()) == {code}
    assert len(reasons(tmp_path)) == len(rows)


@pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
def test_ctrl_c_writes_the_whole_folder_with_the_best_so_far(demo_data: Path, tmp_path: Path) -> None:
    rows = [
        f"R{i},Name {i},{24.94 + i % 6 * 0.002},{60.168 + i // 6 * 0.0012},wgs84,,,,,,\n" for i in range(34)
    ]
    teams = [f"T{number},Health centre,08:00-12:00,," for number in range(4)]
    command = planned(demo_data, tmp_path, [row.strip() for row in rows], teams, "--time-limit", "200")
    process = subprocess.Popen(
        [sys.executable, "-m", "doorroute", *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    time.sleep(15)  # reading, finding and measuring are over by then
    assert process.poll() is None
    begun = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=120)
    assert time.monotonic() - begun < 90
    assert process.returncode == ExitCode.DONE, err
    assert "Traceback" not in err
    assert reasons(tmp_path) == {}
    assert main(["verify", str(tmp_path / "day"), "-q"]) == ExitCode.DONE
