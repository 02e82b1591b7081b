"""Kill plan, replan, results and report at file operations: the state is whole, and the next run continues.

This file kills them as a script, on a folder that was planned before. By default some operations are tried,
of the writing alone; with `DOORROUTE_EVERY_CRASH` all of them, and the drawing of the pages too.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from doorroute.cli import main
from doorroute.day import read_log
from doorroute.disk.files import sha256_of
from doorroute.disk.places import cache_folder
from doorroute.disk.takeover import settle
from doorroute.pipeline.plan_folder import read_plan, staged, write_plan
from doorroute.pipeline.unchanged import check_files, check_seal
from tests.helpers.killing import EVERY, at_every_operation, without_waiting_for_the_disk

ROOT = Path(__file__).resolve().parent.parent
CODES = ("codes.json", "codes.html", "codes.txt")
HIDDEN = ("log.jsonl", *CODES)


def litter(folder: Path) -> list[Path]:
    return [path for path in folder.rglob(".*") if path.is_file()]


def is_sound(folder: Path) -> bool:
    """Say whether `verify` finds all of the folder's files as one plan wrote them."""
    document = read_plan(folder)
    return not check_seal(document) and check_files(folder, document) == ((), ())


class Day:
    """A planned folder in which some results were read, put back as it was before each kill."""

    def __init__(self, planned: Path, what: str) -> None:
        self.planned, self.folder = planned, planned.parent / f"killed-{what}"  # as far from the inputs
        self.rows = [
            f"{step['visit']},done,08:3{number % 10},{route['team']}\n"
            for number, route in enumerate(read_plan(planned)["routes"])
            for step in route["steps"][1:3]
        ]

    def put_back(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self.planned, self.folder, copy_function=os.link)  # no file is ever changed in place
        assert self.results(slice(0, 4)) == 0

    def results(self, rows: slice) -> int:
        typed = self.folder.parent / f"{self.folder.name}.csv"
        typed.write_text("visit,status,time,team\n" + "".join(self.rows[rows]))
        return quietly("results", str(self.folder), str(typed))

    def events(self) -> int:
        return len(read_log(self.folder)[0])


def quietly(*command: str) -> int:
    with Path(os.devnull).open("w") as nothing:
        sys.stdout, sys.stderr, held = nothing, nothing, (sys.stdout, sys.stderr)
        try:
            return main([*command, "--quiet"])
        finally:
            sys.stdout, sys.stderr = held


def results(day: Day) -> int:
    def check() -> None:
        assert day.events() in (4, 8)
        assert day.results(slice(0, 8)) == 0
        assert day.events() == 8
        assert is_sound(day.folder)
        assert not litter(day.folder)

    return at_every_operation(day.put_back, lambda: day.results(slice(0, 8)), check)


def plan(day: Day) -> int:
    codes: dict[str, bytes] = {}
    seals: set[str] = set()

    def prepare() -> None:
        day.put_back()
        codes.update({name: (day.folder / name).read_bytes() for name in CODES})

    def again() -> None:
        with staged(day.folder) as fresh:
            shutil.copytree(day.planned, fresh, copy_function=os.link, dirs_exist_ok=True)
            (fresh / "plan.json").unlink()
            write_plan(fresh, {**read_plan(day.planned), "seed": 2})

    def check() -> None:
        assert {
            name: (day.folder / name).read_bytes() for name in CODES
        } == codes  # before anything is repaired, too
        assert day.events() == 4
        assert is_sound(day.folder)
        assert not litter(day.folder)
        seals.add(read_plan(day.folder)["seal"])

    kills = at_every_operation(prepare, again, check, step=53)
    assert len(seals) == 2
    return kills


def report(day: Day) -> int:
    from doorroute.pipeline.close_day import close_folder, write_report

    day.put_back()
    out, closed, first = (
        day.folder / "report",
        close_folder(day.folder, cache=cache_folder()),
        dict[str, str](),
    )

    def write() -> None:
        write_report(closed, out, lang="zh")

    def hashes() -> dict[str, str]:
        return {path.name: sha256_of(path) for path in out.iterdir()}

    def check() -> None:
        write_report(closed, out, lang="en")  # the next run: it cleans up, and writes all of it
        assert {"report.html", "report.csv", "carry-over.xlsx"} <= hashes().keys()
        assert not litter(out)
        assert day.events() == 4

    def check_before() -> None:
        settle(out)
        seen = {name: sha256 for name, sha256 in hashes().items() if name.endswith((".html", ".csv"))}
        assert seen == first or not first.items() & seen.items()
        check()
        first.update({name: sha256 for name, sha256 in hashes().items() if name.endswith((".html", ".csv"))})

    check()
    first.update({name: sha256 for name, sha256 in hashes().items() if name.endswith((".html", ".csv"))})
    return at_every_operation(lambda: None, write, check_before, step=13)


def whole(day: Day) -> int:
    """`replan` with the drawing of all pages: seconds for each kill, so only where all are asked for."""
    from doorroute.pipeline.replan import Wanted, replan, write_replanned

    day.put_back()
    made = replan(day.folder, Wanted(now_s=9 * 3600, iterations=10), cache=cache_folder())
    out = day.folder.parent / "killed-later"

    def check() -> None:
        assert day.events() == 4
        assert is_sound(day.folder)
        settle(out)
        if (out / "plan.json").exists():
            assert is_sound(out)
        write_replanned(made, day.folder, out, lang="en")
        assert is_sound(out)
        assert not litter(out)

    return at_every_operation(
        lambda: shutil.rmtree(out, ignore_errors=True),
        lambda: write_replanned(made, day.folder, out, lang="en"),
        check,
        step=400,
    )


WORK: dict[str, Callable[[Day], int]] = {"results": results, "plan": plan, "report": report, "whole": whole}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills are made with forks")
@pytest.mark.parametrize(
    "what", WORK if os.environ.get(EVERY) else [what for what in WORK if what != "whole"]
)
def test_a_command_killed_while_it_writes_leaves_a_whole_state_and_the_next_one_goes_on(
    demo_day: Path, what: str
) -> None:
    command = [sys.executable, "-m", "tests.test_killed_commands", what, str(demo_day)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) >= 4


PRINTING = """
import sys
from pathlib import Path
from doorroute.output.write import PlanOutput, write_maps
from doorroute.pipeline.plan_folder import staged
from tests.helpers.small_day import day
plan, problem, findings = day(teams=16, visits=33)
with staged(Path(sys.argv[1])) as fresh:
    write_maps(PlanOutput(plan, problem, Path(sys.argv[2]), lang="en", findings=findings), fresh)
"""
DRAWING_S = 0.8
"""Processor time after which a helper has loaded its libraries and draws."""


def drawing(helpers: list[psutil.Process]) -> bool:
    return any(helper.cpu_times().user > DRAWING_S for helper in helpers)


@pytest.mark.skipif(sys.platform == "win32", reason="kills are of POSIX")
def test_helpers_of_a_killed_command_write_nothing_into_the_folder_any_more(
    extract: Path, tmp_path: Path
) -> None:
    out = tmp_path / "day"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)])}
    command = psutil.Popen([sys.executable, "-c", PRINTING, str(out), str(extract)], env=environment)
    helpers: list[psutil.Process] = []
    while not drawing(helpers):
        assert command.poll() is None
        time.sleep(0.02)
        helpers = [each for each in command.children() if "sheet_helper" in "".join(each.cmdline())]
    command.kill()
    command.wait()
    settle(out)
    assert list(out.iterdir()) == []
    _, alive = psutil.wait_procs(helpers, timeout=60)
    assert alive == []
    assert list(out.iterdir()) == []


if __name__ == "__main__":
    without_waiting_for_the_disk()
    sys.stdout.write(json.dumps(WORK[sys.argv[1]](Day(Path(sys.argv[2]), sys.argv[1]))))
