"""A plan's folder with one file damaged, results with something wrong, and runs that are killed."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from doorroute.errors import ExitCode
from doorroute.pipeline.plan_folder import PLAN, SEAL, seal_of

from .trial import CELLS, DEMO, damaged, fault_of, one_of_the_leaves_changed, run

LEFT_TO_THE_USER = ("manifest.xlsx", "findings.csv", "pins.csv")
"""Tables that people open and save again: a change in them is told, and not refused."""


@cache
def _sample_day() -> Path:
    """Plan a part of the sample once, quickly; return its folder, with its inputs in the folder beside it."""
    home = Path(mkdtemp(prefix="doorroute-fuzz-"))
    for name in ("residents.xlsx", "teams.xlsx", "depots.xlsx", "helsinki-centre.osm.pbf"):
        shutil.copy(DEMO / name, home / name)
    ran = run(*_plan_command(home, home / "day", 300))
    if ran.code != ExitCode.DONE:
        raise RuntimeError(ran.err)
    return home


def _plan_command(home: Path, out: Path, iterations: int) -> list[object]:
    given = ["--teams", home / "teams.xlsx", "--depots", home / "depots.xlsx", "--date", "2022-04-06"]
    network = ["--network", home / "helsinki-centre.osm.pbf"]
    return [
        "plan",
        home / "residents.xlsx",
        *given,
        *network,
        "--out",
        out,
        "--iterations",
        iterations,
        "--quiet",
    ]


def _copied(folder: Path) -> Path:
    home = folder / "home"
    shutil.copytree(_sample_day(), home)
    return home


def _typed(home: Path, chance: random.Random) -> list[list[str]]:
    plan = json.loads((home / "day" / "plan.json").read_text(encoding="utf-8"))
    rows = [["任务号", "结果", "时间", "队"]]
    for route in plan["routes"]:
        for step in route["steps"]:
            if step["type"] == "visit" and chance.random() < 0.3:
                clock = f"{step['departure_s'] // 3600:02}:{step['departure_s'] // 60 % 60:02}"
                rows.append(
                    [step["visit"], chance.choice(["完成", "无人在家", "拒绝"]), clock, route["team"]]
                )
    return rows


def folder(chance: random.Random, folder: Path) -> str | None:
    """Damage one file of a plan's folder: no command ends with our own fault, and `verify` finds what people
    rely on.
    """
    home = _copied(folder)
    day = home / "day"
    names = sorted(path.relative_to(day) for path in day.rglob("*") if path.is_file())
    plan = Path("plan.json")
    name = plan if chance.random() < 0.3 else chance.choice(names)
    file = day / name
    before = file.read_bytes()
    if chance.random() < 0.15:
        file.unlink()
    else:
        file.write_bytes(damaged(chance, before))
    same = file.is_file() and file.read_bytes() == before
    verified = run("verify", day, "--lang", chance.choice(["en", "zh"]))
    if fault := fault_of(verified):
        return f"verify, {name}: {fault}"
    if verified.code == ExitCode.DONE and not same and _relied_on(day, name):
        return f"verify finds nothing wrong with a changed {name}"
    command = chance.choice(["replan", "report", "results"])
    typed = home / "typed.csv"
    typed.write_text("\n".join(",".join(row) for row in _typed(_sample_day(), chance)), encoding="utf-8")
    given: dict[str, list[object]] = {
        "replan": ["replan", day, "--results", typed, "--now", "10:00", "--out", home / "new", "--quiet"],
        "report": ["report", day],
        "results": ["results", day, typed],
    }
    fault = fault_of(run(*given[command]))
    return f"{command}, {name}: {fault}" if fault else None


ODD = (
    None,
    -1,
    0,
    1.5,
    10**12,
    10**400,
    "",
    "x",
    True,
    [],
    {},
    [[]],
    {"a": 1},
    float("nan"),
    float("inf"),
    "9" * 5000,
)


def leaf(chance: random.Random, folder: Path) -> str | None:
    """Put something else in place of one value of a plan's JSON, sealed anew as by somebody who knows how:
    told, or found, or of no weight.
    """
    home = _copied(folder)
    day = home / "day"
    file = day / chance.choice(["plan.json", "plan.json", "codes.json", "ids.json"])
    document = json.loads(file.read_text(encoding="utf-8"))
    for _ in range(chance.randint(1, 2)):
        document = one_of_the_leaves_changed(chance, document, ODD)
    if file.name == PLAN and isinstance(document, dict) and chance.random() < 0.8:
        document[SEAL] = seal_of(json.loads(json.dumps(document)))
    file.write_text(json.dumps(document), encoding="utf-8")
    typed = home / "typed.csv"
    typed.write_text("visit,status,time\nV1,done,09:10\n", encoding="utf-8")
    commands: list[list[object]] = [
        ["verify", day],
        ["results", day, typed],
        ["report", day, "--out", home / "report"],
        ["replan", day, "--now", "10:00", "--out", home / "new", "--iterations", "20", "--quiet"],
    ]
    told = [
        (command[0], fault_of(run(*command, "--lang", chance.choice(["en", "zh"])))) for command in commands
    ]
    return next((f"{name}, {file.name}: {fault}" for name, fault in told if fault), None)


def _relied_on(day: Path, name: Path) -> bool:
    """Tell whether the plan keeps the hash of the file, and people rely on it as it is."""
    plan = json.loads((_sample_day() / "day" / "plan.json").read_text(encoding="utf-8"))
    held = plan["files"].get(name.as_posix())
    del day
    return name == Path("plan.json") or (held is not None and name.name not in LEFT_TO_THE_USER)


def results(chance: random.Random, folder: Path) -> str | None:
    """Read results with odd cells and damaged bytes; what was acknowledged before stays in the log."""
    home = _copied(folder)
    day = home / "day"
    first = home / "first.csv"
    first.write_text("\n".join(",".join(row) for row in _typed(home, chance)), encoding="utf-8")
    if fault := fault_of(run("results", day, first)):
        return fault
    log = day / "log.jsonl"
    before = log.read_bytes() if log.is_file() else b""
    rows = _typed(home, chance)
    for _ in range(chance.randint(1, 6)):
        line = chance.choice(rows)
        line[chance.randrange(len(line))] = chance.choice(CELLS)
    data = "\n".join(",".join(row) for row in rows).encode(
        chance.choice(["utf-8", "gb18030", "utf-16"]), errors="replace"
    )
    second = home / f"second{chance.choice(['.csv', '.txt', '.xlsx', '.png', ''])}"
    second.write_bytes(damaged(chance, data) if chance.random() < 0.5 else data)
    if fault := fault_of(run("results", day, second)):
        return fault
    if not (log.read_bytes() if log.is_file() else b"").startswith(before):
        return "what was in the log is not there any more"
    return fault_of(run("report", day))


def kill(chance: random.Random, folder: Path) -> str | None:
    """Kill a run at a random moment: the folder holds the plan before or the new one, whole, and the next
    run goes on.
    """
    home = _copied(folder)
    day = home / "day"
    codes = (day / "codes.html").read_bytes()
    typed = home / "typed.csv"
    typed.write_text("\n".join(",".join(row) for row in _typed(home, chance)), encoding="utf-8")
    command: list[object] = chance.choice(
        [
            _plan_command(home, day, chance.choice([50, 400])),
            ["results", day, typed],
            [
                "replan",
                day,
                "--results",
                typed,
                "--now",
                "10:00",
                "--out",
                home / "new",
                "--time-limit",
                "1",
                "--quiet",
            ],
            ["report", day],
        ]
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with subprocess.Popen(
        [sys.executable, "-m", "doorroute", *map(str, command)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            process.wait(timeout=chance.uniform(0.3, 9))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
    time.sleep(0.05)
    what = command[0]
    if fault := fault_of(run("verify", day), frozenset({ExitCode.DONE})):
        return f"after a killed {what}: verify {fault}"
    if what != "plan" and (day / "codes.html").read_bytes() != codes:
        return f"a killed {what} changed the codes"
    again = run(*_plan_command(home, day, 50)) if what == "plan" else run(*command)
    if fault := fault_of(again, frozenset({ExitCode.DONE})):
        return f"{what} after a killed one: {fault}"
    litter = sorted(
        path.name for path in (*day.glob(".*"), *home.glob(".*")) if not path.name.endswith(".lock")
    )
    return f"a killed {what} leaves {litter}" if litter else None
