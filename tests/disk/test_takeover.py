"""A folder has all of the new files or all of the old ones, wherever the run is stopped, and what is not the
plan's stays.
"""

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from doorroute.disk.locking import NAME, FolderLock
from doorroute.disk.takeover import claimed, settle
from doorroute.errors import BadInputError, DoorrouteError, OutsideError
from doorroute.pipeline.plan_folder import read_plan, staged, write_plan
from tests.helpers.killing import at_every_operation, at_operation, without_waiting_for_the_disk

ROOT = Path(__file__).resolve().parents[2]
OLD = ("overview.html", "teams/T1.html", "teams/T9.html", "manifest.xlsx", "codes.json", "codes.html")
NEW = (
    "overview.html",
    "teams/T1.html",
    "sheets/T1.html",
    "manifest.xlsx",
    "codes.json",
    "codes.html",
    "log.jsonl",
)
OWN = {"pins.csv": "pins", "log.jsonl": "one\n", "results/T1.txt": "handed in", "teams/notes.txt": "mine"}


def write(out: Path, pages: tuple[str, ...], content: str) -> None:
    with staged(out) as fresh:
        for page in pages:
            (fresh / page).parent.mkdir(parents=True, exist_ok=True)
            (fresh / page).write_text(text_of(page, content))
        write_plan(fresh, {"schema": "doorroute/plan/1", "made": content})


def text_of(page: str, content: str) -> str:
    if page == "codes.json":
        own = {"code": "0" * 10, "route": "0" * 32, "made": content}
        return json.dumps({"doorroute/codes/1": [], "overview": own})
    return "one\ntwo\n" if page == "log.jsonl" else f"{content} {page}"


def day_in(out: Path) -> Path:
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    for page in OLD:
        (out / page).parent.mkdir(exist_ok=True)
        (out / page).write_text(text_of(page, "old"))
    write_plan(out, {"schema": "doorroute/plan/1", "made": "old"})
    for name, text in OWN.items():
        (out / name).parent.mkdir(exist_ok=True)
        (out / name).write_text(text)
    return out


def held(out: Path) -> dict[str, str]:
    return {path.relative_to(out).as_posix(): path.read_text() for path in out.rglob("*") if path.is_file()}


def expected(pages: tuple[str, ...], content: str, log: str) -> dict[str, str]:
    return {page: text_of(page, content) for page in pages} | OWN | {"log.jsonl": log}


def is_whole(out: Path) -> str:
    """Say which plan the folder holds, all of it and nothing else."""
    files = held(out)
    made: str = json.loads(files.pop("plan.json"))["made"]
    assert files == (expected(OLD, "old", "one\n") if made == "old" else expected(NEW, "new", "one\ntwo\n"))
    return made


def test_a_run_that_gets_through_leaves_all_of_the_new_and_everything_that_is_the_users(
    tmp_path: Path,
) -> None:
    out = day_in(tmp_path / "day")
    write(out, NEW, "new")
    assert is_whole(out) == "new"
    assert not list((tmp_path / "day" / "teams").glob("T9*"))


def test_a_run_killed_at_any_file_operation_leaves_the_old_plan_or_the_new_one(tmp_path: Path) -> None:
    """The kills are done by this file, run as a script: forking a test's process would fork its threads."""
    if not hasattr(os, "fork"):
        pytest.skip("kills are made with forks")
    done = subprocess.run(
        [sys.executable, "-m", "tests.disk.test_takeover", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["kills"] > 30
    assert told["old"] > 20  # after the decision only litter is left to clean up
    assert told["new"] > 3


def killed_everywhere(home: Path) -> None:
    out, made = home / "day", {"old": 0, "new": 0}

    def look() -> None:
        seen = held(out)
        pages = {name: text for name, text in seen.items() if not name.startswith((".new-", NAME))}
        kinds = {
            text.split()[0] for name, text in pages.items() if name.endswith(".html") and "codes" not in name
        }
        assert len(kinds) <= 1, pages  # even before anything is put right, no old page lies beside a new one
        assert {"codes.json", "codes.html", "pins.csv", "log.jsonl", "results/T1.txt"} <= pages.keys()
        assert "one" in pages["log.jsonl"]
        settle(out)
        made[is_whole(out)] += 1

    kills = at_every_operation(lambda: day_in(out), lambda: write(out, NEW, "new"), look, step=3)

    def again() -> None:  # whoever puts things right may be killed too, at any operation
        for operation in range(1, 100):
            if not at_operation(operation, lambda: settle(out)):
                break
        settle(out)
        is_whole(out)

    for number in range(40, 110, 20):
        day_in(out)
        at_operation(number, lambda: write(out, NEW, "new"))
        again()
    fresh = home / "fresh"

    def nothing_or_all() -> None:
        settle(fresh)
        files = set(held(fresh)) if fresh.exists() else set()
        assert files in (set(), {*NEW, "plan.json"}), files

    at_every_operation(
        lambda: shutil.rmtree(fresh, ignore_errors=True),
        lambda: write(fresh, NEW, "new"),
        nothing_or_all,
        step=5,
    )
    sys.stdout.write(json.dumps({"kills": kills, **made}))


@pytest.mark.parametrize("name", [*OLD, "plan.json"])
def test_a_file_that_is_held_open_stops_the_run_and_everything_is_as_it_was(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = day_in(tmp_path / "day")
    real = os.replace

    def as_windows_does(here: str | Path, there: str | Path) -> None:
        if out / name in (Path(here), Path(there)):
            raise PermissionError(13, "used by another process", str(here), None, str(there))
        real(here, there)

    monkeypatch.setattr(os, "replace", as_windows_does)
    with pytest.raises(OutsideError, match="OUT_FILE_HELD") as error:
        write(out, NEW, "new")
    monkeypatch.undo()
    assert name in error.value.message.into("en")
    assert is_whole(out) == "old"


@pytest.mark.parametrize("name", ["manifest.xlsx", "teams/T9.html", "codes.json", "plan.json"])
def test_a_file_that_the_system_itself_does_not_let_go_of_stops_the_run(tmp_path: Path, name: str) -> None:
    out = day_in(tmp_path / "day")
    if (
        not shutil.which("chattr")
        or subprocess.run(["chattr", "+i", out / name], capture_output=True, check=False).returncode
    ):
        pytest.skip("no file can be made immutable here")
    try:
        with pytest.raises(OutsideError, match="OUT_FILE_HELD"):
            write(out, NEW, "new")
        assert is_whole(out) == "old"
    finally:
        subprocess.run(["chattr", "-i", out / name], check=True)
    write(out, NEW, "new")
    assert is_whole(out) == "new"


def test_what_cannot_be_put_back_at_once_is_put_back_by_the_next_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = day_in(tmp_path / "day")
    real, moved = os.replace, []

    def held_from_the_fifth_on(here: str | Path, there: str | Path) -> None:
        moved.append(here)
        if len(moved) > 5:
            raise PermissionError(13, "used by another process", str(here), None, str(there))
        real(here, there)

    monkeypatch.setattr(os, "replace", held_from_the_fifth_on)
    with pytest.raises(OutsideError, match="NOT_PUT_BACK"):
        write(out, NEW, "new")
    with pytest.raises(OutsideError, match="NOT_PUT_BACK"):
        read_plan(out)
    monkeypatch.undo()
    assert read_plan(out)["made"] == "old"
    assert is_whole(out) == "old"


def test_ctrl_c_while_files_are_moved_puts_everything_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = day_in(tmp_path / "day")
    real, moved = os.replace, []

    def interrupted_at_the_seventh(here: str | Path, there: str | Path) -> None:
        moved.append(here)
        if len(moved) == 7:
            raise KeyboardInterrupt
        real(here, there)

    monkeypatch.setattr(os, "replace", interrupted_at_the_seventh)
    with pytest.raises(KeyboardInterrupt):
        write(out, NEW, "new")
    assert is_whole(out) == "old"


WRITER = """
import sys, time
from pathlib import Path
from doorroute.pipeline.plan_folder import staged
with staged(Path(sys.argv[1])) as fresh:
    (fresh / "overview.html").write_text("names")
    print("staged", flush=True)
    time.sleep(60)
"""


def test_a_second_run_into_a_folder_is_refused_and_the_litter_of_a_killed_one_is_cleaned_up(
    tmp_path: Path,
) -> None:
    out = day_in(tmp_path / "day")
    other = subprocess.Popen([sys.executable, "-c", WRITER, str(out)], stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout is not None
        assert other.stdout.readline() == "staged\n"
        with pytest.raises(OutsideError, match="FOLDER_BUSY"):
            write(out, NEW, "new")
        assert read_plan(out)["made"] == "old"  # it may be read as long as nothing is moved
    finally:
        other.kill()
        other.wait()
        other.stdout.close()
    assert any(name.startswith(".new-") for name in held(out))
    assert read_plan(out)["made"] == "old"
    assert is_whole(out) == "old"


def test_whoever_reads_while_files_are_moved_waits_for_them(tmp_path: Path) -> None:
    out = day_in(tmp_path / "day")
    lock = FolderLock.of(out)
    assert lock is not None
    (out / ".new-abcdefgh").mkdir()
    (out / ".new-abcdefgh" / "journal.json").write_text("{}")
    code = "import sys; from pathlib import Path; from doorroute.pipeline.plan_folder import read_plan; print(read_plan(Path(sys.argv[1]))['made'])"
    reader = subprocess.Popen([sys.executable, "-c", code, str(out)], stdout=subprocess.PIPE, text=True)
    with pytest.raises(subprocess.TimeoutExpired):
        reader.wait(1.5)
    shutil.rmtree(out / ".new-abcdefgh")
    lock.free()
    assert reader.communicate(timeout=20)[0] == "old\n"


def test_a_folder_can_be_claimed_twice_by_one_run_and_is_free_afterwards(tmp_path: Path) -> None:
    with claimed(tmp_path / "a" / "day") as home, claimed(tmp_path / "a" / "day"):
        write(home, NEW, "new")
    assert not (tmp_path / "a" / "day" / NAME).exists()
    with claimed(tmp_path / "b" / "day"):
        pass
    assert not (tmp_path / "b").exists()


@pytest.mark.parametrize("name", ["teams", "sheets", "overview.html", "codes.json", "plan.json", "log.jsonl"])
def test_nothing_is_written_through_a_link_in_the_folder(tmp_path: Path, name: str) -> None:
    out, elsewhere = day_in(tmp_path / "day"), tmp_path / "elsewhere"
    here = out / name
    if here.exists():
        here.rename(elsewhere)
    else:
        elsewhere.mkdir()
    here.symlink_to(elsewhere)
    before = held(elsewhere) if elsewhere.is_dir() else elsewhere.read_text()
    with pytest.raises(BadInputError, match="OUT_HAS_LINK") as error:
        write(out, NEW, "new")
    assert name in error.value.message.into("en")
    assert before == (held(elsewhere) if elsewhere.is_dir() else elsewhere.read_text())
    assert here.is_symlink()


def test_the_folder_itself_may_be_a_link_or_the_current_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = day_in(tmp_path / "day")
    (tmp_path / "today").symlink_to(out)
    write(tmp_path / "today", NEW, "new")
    assert is_whole(out) == "new"
    day_in(out)
    monkeypatch.chdir(out)
    write(Path(), NEW, "new")
    assert is_whole(out) == "new"


@pytest.mark.parametrize("name", ["manifest.xlsx", "codes.json", "sheets/T1.html"])
def test_a_file_of_the_users_that_bears_a_plans_name_is_not_overwritten(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("mine")
    with pytest.raises(BadInputError, match="OUT_HAS_OTHER_FILES") as error:
        write(tmp_path, NEW, "new")
    assert name in error.value.message.into("en")
    assert held(tmp_path) == {name: "mine"}


@pytest.mark.parametrize(
    "name", ["../precious.txt", "/etc/precious.txt", "a/../../precious.txt", "C:/precious.txt", ""]
)
def test_a_journal_made_by_somebody_else_moves_nothing_outside_its_folder(tmp_path: Path, name: str) -> None:
    out = day_in(tmp_path / "day")
    (tmp_path / "precious.txt").write_text("keep")
    (out / ".new-abcdefgh" / "files").mkdir(parents=True)
    journal = {"new": [name], "old": [], "kept": [], "fresh": [name], "folders": []}
    (out / ".new-abcdefgh" / "journal.json").write_text(json.dumps(journal))
    assert read_plan(out)["made"] == "old"
    assert (tmp_path / "precious.txt").read_text() == "keep"
    assert is_whole(out) == "old"


def test_a_folder_that_may_not_be_written_can_still_be_read(tmp_path: Path) -> None:
    out = day_in(tmp_path / "day")
    (out / ".new-abcdefgh").mkdir()
    if (
        not shutil.which("chattr")
        or subprocess.run(["chattr", "+i", out], capture_output=True, check=False).returncode
    ):
        pytest.skip("no folder can be made immutable here")
    try:
        assert read_plan(out)["made"] == "old"
        with pytest.raises(DoorrouteError, match="OUT_NOT_WRITABLE"):
            write(out, NEW, "new")
    finally:
        subprocess.run(["chattr", "-i", out], check=True)


@pytest.mark.skipif(os.name == "nt", reason="modes as POSIX has them")
def test_what_is_private_stays_so_when_it_is_put_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = day_in(tmp_path / "day")
    (out / "codes.json").chmod(0o600)
    real = os.replace

    def refused_at_the_last(here: str | Path, there: str | Path) -> None:
        if Path(there) == out / "sheets" / "T1.html":
            raise PermissionError(13, "refused", str(here))
        real(here, there)

    monkeypatch.setattr(os, "replace", refused_at_the_last)
    with pytest.raises(OutsideError, match="OUT_FILE_HELD"):
        write(out, NEW, "new")
    assert stat.S_IMODE((out / "codes.json").stat().st_mode) == 0o600
    assert is_whole(out) == "old"


if __name__ == "__main__":
    without_waiting_for_the_disk()
    killed_everywhere(Path(sys.argv[1]))
