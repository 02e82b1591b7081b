"""A plan's folder is taken over whole or not at all."""

import json
from pathlib import Path

import pytest

from doorroute.disk.files import sha256_of
from doorroute.errors import BadInputError, OutsideError
from doorroute.pipeline.plan_folder import read_plan, staged, write_plan

PLAN = {"schema": "doorroute/plan/1"}


def write(out: Path, *pages: str) -> None:
    with staged(out) as fresh:
        for page in pages:
            (fresh / page).parent.mkdir(parents=True, exist_ok=True)
            (fresh / page).write_text(page)
        write_plan(fresh, PLAN)


def write_half(out: Path) -> None:
    with staged(out) as fresh:
        (fresh / "overview.html").write_text("half")
        raise RuntimeError


def names(out: Path) -> set[str]:
    return {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}


def test_a_folder_holds_the_files_and_their_hashes(tmp_path: Path) -> None:
    write(tmp_path / "day", "overview.html", "teams/T1.html")
    assert names(tmp_path / "day") == {"overview.html", "teams/T1.html", "plan.json"}
    assert set(read_plan(tmp_path / "day")["files"]) == {"overview.html", "teams/T1.html"}


def test_a_failed_run_leaves_the_earlier_plan_as_it_was(tmp_path: Path) -> None:
    write(tmp_path / "day", "overview.html")
    before = (tmp_path / "day" / "plan.json").read_bytes()
    with pytest.raises(RuntimeError):
        write_half(tmp_path / "day")
    assert names(tmp_path / "day") == {"overview.html", "plan.json"}
    assert (tmp_path / "day" / "plan.json").read_bytes() == before
    assert (tmp_path / "day" / "overview.html").read_text() == "overview.html"


def test_a_failed_first_run_leaves_nothing_at_all(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), staged(tmp_path / "day"):
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_pages_of_teams_that_are_gone_are_removed_and_other_files_are_not_touched(tmp_path: Path) -> None:
    write(tmp_path / "day", "teams/T1.html", "teams/T9.html")
    (tmp_path / "day" / "my notes.txt").write_text("mine")
    write(tmp_path / "day", "teams/T1.html")
    assert names(tmp_path / "day") == {"teams/T1.html", "plan.json", "my notes.txt"}


def test_a_plan_that_names_files_outside_its_folder_removes_none_of_them(tmp_path: Path) -> None:
    (tmp_path / "precious.txt").write_text("keep")
    hash_of_keep = sha256_of(tmp_path / "precious.txt")
    (tmp_path / "day").mkdir()
    (tmp_path / "day" / "plan.json").write_text(
        json.dumps({**PLAN, "files": {"../precious.txt": hash_of_keep, "teams": "", "": ""}})
    )
    write(tmp_path / "day", "overview.html")
    assert (tmp_path / "precious.txt").read_text() == "keep"


def test_a_file_in_the_way_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "day").write_text("a file")
    with pytest.raises(OutsideError, match="OUT_NOT_WRITABLE"), staged(tmp_path / "day"):
        pass
    assert (tmp_path / "day").read_text() == "a file"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"schema": "else"}', b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_plan_is_told_not_crashed_on(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "plan.json").write_bytes(content)
    with pytest.raises(BadInputError, match="PLAN_UNREADABLE"):
        read_plan(tmp_path)


def test_a_folder_without_a_plan_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="PLAN_NOT_FOUND"):
        read_plan(tmp_path)


def test_a_file_that_was_changed_by_hand_is_not_removed(tmp_path: Path) -> None:
    write(tmp_path / "day", "teams/T1.html", "teams/T9.html")
    (tmp_path / "day" / "teams" / "T9.html").write_text("changed by hand")
    write(tmp_path / "day", "teams/T1.html")
    assert names(tmp_path / "day") == {"teams/T1.html", "teams/T9.html", "plan.json"}


def test_the_codes_are_listed_without_a_hash_and_go_with_their_plan(tmp_path: Path) -> None:
    write(tmp_path / "day", "codes.txt", "codes.html", "overview.html")
    assert read_plan(tmp_path / "day")["files"]["codes.txt"] is None
    write(tmp_path / "day", "overview.html")
    assert names(tmp_path / "day") == {"overview.html", "plan.json"}


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"doorroute/codes/1": [{}]}'])
def test_codes_that_cannot_go_on_are_kept_beside_the_new_ones(tmp_path: Path, damage: bytes) -> None:
    day = tmp_path / "day"
    write(day, "codes.html", "codes.json")
    for number in (1, 2):
        (day / "codes.json").write_bytes(damage)
        write(day, "codes.html", "codes.json", "overview.html")
        assert (day / f"codes-before-{number}.html").read_text() == "codes.html"
    assert not {name for name in read_plan(day)["files"] if "before" in name}


def test_a_table_that_somebody_wrote_notes_into_is_kept_beside_the_new_one(tmp_path: Path) -> None:
    day = tmp_path / "day"
    write(day, "manifest.xlsx", "overview.html")
    write(day, "manifest.xlsx", "overview.html")
    assert names(day) == {"manifest.xlsx", "overview.html", "plan.json"}
    (day / "manifest.xlsx").write_text("with notes")
    write(day, "manifest.xlsx", "overview.html")
    assert (day / "manifest-before-1.xlsx").read_text() == "with notes"
    assert (day / "manifest.xlsx").read_text() == "manifest.xlsx"
    write(day, "manifest.xlsx", "overview.html")
    assert names(day) == {"manifest.xlsx", "manifest-before-1.xlsx", "overview.html", "plan.json"}
