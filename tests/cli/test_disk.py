"""Disks, pipes and names that the system refuses: the right exit code and advice, no half file, no fault of
ours.
"""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from doorroute.cli import main
from doorroute.cli.streams import have_streams
from doorroute.pipeline import wiring

POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no such names, pipes or limits")


def plan_of(demo: Path, out: object, **other: object) -> list[str]:
    """Plan three doors: what is looked at here is not the plan."""
    given = {
        "--teams": 1,
        "--depots": demo / "depots.xlsx",
        "--network": demo / "helsinki-centre.osm.pbf",
    } | {f"--{name}": value for name, value in other.items() if name != "residents"}
    residents = other.get("residents", FEW)
    words = [str(word) for pair in given.items() for word in pair]
    return [
        "plan",
        str(residents),
        *words,
        "--out",
        str(out),
        "--date",
        "2022-04-06",
        "--iterations",
        "10",
        "--quiet",
    ]


@pytest.fixture(autouse=True)
def _few(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{__name__}.FEW", few_in(tmp_path_factory.mktemp("few")))


FEW = Path()


def few_in(folder: Path, doors: str = "123") -> Path:
    path = folder / "residents.csv"
    path.write_text(
        "name,address\n" + "".join(f"P{door},Bulevardi {door}\n" for door in doors), encoding="utf-8"
    )
    return path


def in_process_of_its_own(
    *words: str, stdout: object = subprocess.PIPE, before: Callable[[], None] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "doorroute", *words],
        stdout=stdout,  # type: ignore[call-overload]
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        preexec_fn=before,
    )


def is_told(code: int, err: str, expected: int) -> None:
    assert code == expected, err
    assert "BUG" not in err
    assert "Traceback" not in err
    assert len(err.strip().splitlines()) >= 2


LONG = "x" * 300


@POSIX
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", [LONG, "名" * 120, "", "a\udcffb", "pipe", "file/below"])
def test_a_name_that_cannot_be_is_refused_in_every_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], demo_data: Path, name: str, lang: str
) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").write_text("x")
    path = f"{tmp_path}/{name}" if name else ""
    residents, network = str(demo_data / "residents.xlsx"), str(demo_data / "helsinki-centre.osm.pbf")
    commands = [
        ["check", path],
        ["check", residents, "--teams", path, "--depots", path],
        ["check", residents, "--settings", path],
        ["locate", residents, "--network", path, "--out", f"{tmp_path}/o.csv"],
        ["locate", residents, "--network", network, "--out", path],
        ["locate", residents, "--network", network, "--out", f"{tmp_path}/o.csv", "--review-page", path],
        plan_of(demo_data, path),
        plan_of(demo_data, tmp_path / "day", profiles=path),
        plan_of(demo_data, tmp_path / "day", barriers=path),
        ["scenarios", residents, "--teams", "2:3", "--depots", path, "--network", network, "--out", path],
        ["verify", path],
        ["results", path, path],
        ["report", path, "--out", path],
        ["replan", path, "--now", "10:00", "--out", path],
        ["network", "info", path, "--map", path],
        ["network", "cut", network, "--around", path, "--out", f"{tmp_path}/c.osm.pbf"],
        ["solve", path, "--out", path],
    ]
    for command in commands:
        code = main([*command, "--lang", lang])
        is_told(code, capsys.readouterr().err, 2)
    assert not (tmp_path / "day").exists()


@POSIX
def test_a_pipe_or_device_is_never_replaced_by_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    problem = tmp_path / "problem.json"
    problem.write_text('{"vehicles": [], "jobs": []}')
    os.mkfifo(tmp_path / "pipe")
    for out in (tmp_path / "pipe", Path(os.devnull), tmp_path):
        assert main(["solve", str(problem), "--out", str(out)]) == 2
        assert not out.is_file()
    assert "NOT_A_FILE" in capsys.readouterr().err


@POSIX
@pytest.mark.parametrize("name", ["a\n{0}", "a\tb", "n" * 240, "[red]x", "CON", " "])
def test_odd_names_that_can_be_are_planned_into(
    tmp_path: Path, demo_data: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    home = tmp_path / name
    home.mkdir()
    assert main(["locate", str(demo_data / "residents.xlsx"), "--quiet", "--network", str(demo_data / "helsinki-centre.osm.pbf"), "--out", str(home / f"{name}.csv")]) == 0  # fmt: skip
    assert [path.name for path in home.iterdir()] == [f"{name}.csv"]
    if name == "a\n{0}":  # one that GDAL cannot open, one that looks like a template
        assert main(plan_of(demo_data, home / name)) == 0
        assert main(["verify", str(home / name)]) == 0
        assert (home / name / "routes.gpkg").read_bytes().startswith(b"SQLite format 3")
    assert "BUG" not in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("words", [["settings"], ["--help"], ["settings", "--lang", "zh"]])
def test_a_full_output_is_told(words: list[str]) -> None:
    with open("/dev/full", "w") as full:  # noqa: PTH123
        done = in_process_of_its_own(*words, stdout=full)
    is_told(done.returncode, done.stderr, 3)
    assert "OUTPUT_FAILED" in done.stderr


@POSIX
def test_closed_streams_give_no_file_their_numbers(tmp_path: Path) -> None:
    done = in_process_of_its_own("settings", before=lambda: os.close(1))
    is_told(done.returncode, done.stderr, 3)
    done = in_process_of_its_own(
        "check", str(tmp_path / "nothing.csv"), before=lambda: (os.close(0), os.close(2))
    )  # type: ignore[arg-type,return-value]
    assert done.returncode == 2


def test_progress_that_cannot_be_shown_stops_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with (tmp_path / "read-only").open("w") as made:
        made.write("x")
    with (tmp_path / "read-only").open() as unwritable:
        monkeypatch.setattr(sys, "stderr", unwritable)
        monkeypatch.setattr(sys, "stdout", sys.stdout)
        have_streams()
        sys.stderr.write("progress")
        sys.stderr.flush()
    monkeypatch.undo()


@POSIX
def test_a_listener_who_has_heard_enough_is_no_fault(demo_data: Path) -> None:
    listed = subprocess.Popen(
        [sys.executable, "-m", "doorroute", "check", str(demo_data / "residents.xlsx"), "--quiet"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert listed.stdout is not None
    listed.stdout.close()
    _, err = listed.communicate()
    assert (listed.returncode, err) == (0, b"")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    home = tmp_path / "disk"
    home.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(home)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a small disk can only be mounted by root")
    try:
        yield home
    finally:
        subprocess.run(["umount", "-l", str(home)], check=False)


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a small disk as Linux does")
def test_a_full_or_read_only_disk_is_told_and_keeps_what_it_had(
    small_disk: Path, demo_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    network = str(demo_data / "helsinki-centre.osm.pbf")
    with contextlib.suppress(OSError), (small_disk / "filler").open("wb", buffering=0) as filler:
        while filler.write(b"x" * 4096):
            pass
    commands = [
        plan_of(demo_data, small_disk / "day"),
        [
            "locate",
            str(demo_data / "residents.xlsx"),
            "--network",
            network,
            "--out",
            str(small_disk / "o.xlsx"),
        ],
        ["network", "info", network, "--map", str(small_disk / "map.svg")],
        [
            "network",
            "cut",
            network,
            "--around",
            "24.94,60.17",
            "--km",
            "1",
            "--out",
            str(small_disk / "c.osm.pbf"),
        ],
    ]
    for lang in ("en", "zh"):
        for command in commands:
            is_told(main([*command, "--lang", lang]), capsys.readouterr().err, 3)
            assert files_in(small_disk) == ["filler"]
        subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)


@POSIX
def test_a_limit_on_the_size_of_files_is_told(tmp_path: Path, demo_data: Path) -> None:
    def limit() -> None:
        import resource  # not on Windows

        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    out = tmp_path / "o.csv"
    network = str(demo_data / "helsinki-centre.osm.pbf")
    done = in_process_of_its_own(
        "locate",
        str(demo_data / "residents.xlsx"),
        "--network",
        network,
        "--out",
        str(out),
        "--quiet",
        before=limit,
    )
    is_told(done.returncode, done.stderr, 3)
    assert list(tmp_path.iterdir()) == []


def test_a_list_that_is_edited_after_it_was_read_keeps_the_hash_of_what_was_read(
    tmp_path: Path, demo_data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home, residents = tmp_path / "day", few_in(tmp_path)
    draw = wiring.drawn

    def edited(*given: object) -> object:  # while the plan is made of what was read
        few_in(tmp_path, "45")
        return draw(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(wiring, "drawn", edited)
    assert main(plan_of(demo_data, home, residents=residents)) == 0
    monkeypatch.undo()
    capsys.readouterr()
    assert main(["verify", str(home)]) == 2
    assert "INPUT_CHANGED" in capsys.readouterr().err
    few_in(tmp_path)
    assert main(["verify", str(home)]) == 0


@pytest.mark.parametrize("becomes", ["another", "gone"])
def test_a_list_that_changes_while_it_is_read_is_not_planned_from(
    tmp_path: Path, demo_data: Path, capsys: pytest.CaptureFixture[str], becomes: str
) -> None:
    residents, out = few_in(tmp_path), tmp_path / "day"
    real = wiring.measure

    def change(*given: object) -> object:
        residents.unlink()
        if becomes == "another":
            few_in(tmp_path, "45")
        return real(*given)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wiring, "measure", change)
        code = main(plan_of(demo_data, out, residents=residents))
    err = capsys.readouterr().err
    is_told(code, err, 2)
    assert "INPUT_CHANGING" in err
    assert not out.exists()


def test_pins_that_are_not_there_yet_are_no_input(tmp_path: Path, demo_data: Path) -> None:
    out = tmp_path / "day"
    assert main(plan_of(demo_data, out, pins=tmp_path / "pins.csv")) == 0
    assert "pins" not in json.loads((out / "plan.json").read_text(encoding="utf-8"))["inputs"]
    assert main(["verify", str(out)]) == 0


@POSIX
def test_an_account_without_a_home_keeps_no_cache_and_makes_no_folder(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can become an account without a home")
    script = (
        "import os; from doorroute.disk.places import cache_folder; os.setuid(54321); print(cache_folder())"
    )
    env = {
        name: value
        for name, value in os.environ.items()
        if name not in ("HOME", "DOORROUTE_CACHE", "XDG_CACHE_HOME")
    }
    done = subprocess.run(
        [sys.executable, "-c", script], env=env, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == f"{os.devnull}/doorroute", done.stderr
