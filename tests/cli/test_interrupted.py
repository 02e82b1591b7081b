"""Ctrl-C: a search ends with the best so far, a good plan is never replaced by a worse one, and everything
else is broken off quietly.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import click
import pytest
import xlsxwriter

from doorroute.cli import INTERRUPTED
from doorroute.cli.console import nothing_written_on_interrupt, tell_stopped
from doorroute.model.settings import Objective
from doorroute.pipeline import CheckedPlan, Request, plan
from doorroute.pipeline.plan_folder import staged
from doorroute.pipeline.stopped_search import kept_instead

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="signals and children are looked up as Linux has them"
)

Process = subprocess.Popen[str]


def interrupted(when: Callable[[Process], object], *command: str) -> tuple[int, str, str]:
    """Run the command, send Ctrl-C to all of its processes once `when` returns, and return exit code, stdout
    and stderr.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "doorroute", *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  # a run in the background ignores it
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    when(process)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=120)
    assert "Traceback" not in err
    return process.returncode, out, err


def child(of_module: str) -> Callable[[Process], object]:
    """Wait until such a child of the process is at work."""

    def wait(process: Process) -> None:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        while process.poll() is None:
            with suppress(OSError):  # a child that has ended meanwhile
                for number in children.read_text().split():
                    if of_module in Path(f"/proc/{number}/cmdline").read_text():
                        return
            time.sleep(0.001)

    return wait


@pytest.fixture
def day(demo_day: Path, tmp_path: Path) -> Path:
    """Return a copy of the demo's plan that is as far from its inputs as the plan itself."""
    copy = demo_day.parent / f"copy-{tmp_path.name}"
    shutil.copytree(demo_day, copy)
    return copy


def held(folder: Path) -> dict[Path, bytes]:
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def told_otherwise(day: Path, **changes: object) -> None:
    document = json.loads((day / "plan.json").read_text())
    document["summary"] |= changes.pop("summary", {})
    (day / "plan.json").write_text(json.dumps(document | changes))


def test_a_search_stopped_before_it_found_a_better_plan_keeps_the_one_that_is_there(day: Path) -> None:
    before = held(day)
    code, out, err = interrupted(
        child("doorroute.planning.search.worker"), "demo", "--out", str(day), "--time-limit", "300", "--quiet"
    )
    assert (code, out) == (INTERRUPTED, "")
    assert "no better plan was found" in err
    assert held(day) == before


def test_ctrl_c_while_a_workbook_is_read_is_not_taken_for_a_broken_workbook(tmp_path: Path) -> None:
    long = tmp_path / "long.xlsx"  # is not read before the signal comes, on a busy machine either
    with xlsxwriter.Workbook(long, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for row in range(20_000):
            sheet.write_row(row, 0, [f"Name {row}", f"High Street {row}"] if row else ["name", "address"])
    for command in (
        ["check", str(long)],
        ["demo", "--lang", "zh", "--out", str(tmp_path / "day")],
    ):
        code, out, err = interrupted(child("workbook_child"), *command)
        assert (code, out) == (INTERRUPTED, "")
        assert "Stopped" in err or "已中断" in err
        assert "FILE_BROKEN" not in err
    assert not (tmp_path / "day").exists()


@pytest.fixture(scope="module")
def quick(demo_data: Path) -> CheckedPlan:
    """Return a plan of the demo's day that was searched for a moment only, in the folder of the tests' own
    cache.
    """
    return plan(
        Request(
            residents=demo_data / "residents.xlsx",
            teams=demo_data / "teams.xlsx",
            depots=demo_data / "depots.xlsx",
            network=demo_data / "helsinki-centre.osm.pbf",
            date="2022-04-06",
            objectives=(Objective.FINISH,),
            iterations=1,
        )
    )


def test_what_a_stopped_search_found_is_compared_with_a_plan_of_the_same_day_and_tables_alone(
    quick: CheckedPlan, day: Path, tmp_path: Path
) -> None:
    kept = kept_instead(quick, day)
    assert kept is not None
    assert kept.same
    assert kept.plan.summary.finish_s <= quick.plan.summary.finish_s
    assert kept_instead(quick, tmp_path / "nothing") is None
    told_otherwise(day, date="2022-04-05")
    kept = kept_instead(quick, day)
    assert kept is not None
    assert not kept.same
    with pytest.raises(click.exceptions.Abort):
        tell_stopped(kept, day, "zh")
    told_otherwise(day, date="2022-04-06", summary={"finish_s": quick.plan.summary.finish_s + 1})
    assert kept_instead(quick, day) is None
    other = replace(quick, hashes={**quick.hashes, "residents": quick.hashes["depots"]})
    kept = kept_instead(other, day)
    assert kept is not None
    assert not kept.same


def write_half(day: Path) -> None:
    with nothing_written_on_interrupt(day, "en"), staged(day) as fresh:
        (fresh / "overview.html").write_text("half")
        raise KeyboardInterrupt


def test_ctrl_c_while_the_files_are_written_says_that_the_plan_is_as_it_was(
    day: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = held(day)
    with pytest.raises(click.exceptions.Abort):
        write_half(day)
    assert "is unchanged" in capsys.readouterr().err
    assert held(day) == before
