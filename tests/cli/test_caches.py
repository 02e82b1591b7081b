"""Runs whose folder of caches is of no help: they go on, say so, and come to the same doors."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from doorroute.cli import main
from doorroute.pipeline.plan_folder import PLAN


@pytest.fixture
def arguments(draw_town: Callable[[Path, float, float], Path], tmp_path: Path) -> list[str]:
    """Return what plans five doors of a small town."""
    network = draw_town(tmp_path, 24.94, 60.17)
    rows = [f"P{at},蓝旗营{at}号楼" for at in range(1, 6)]
    (tmp_path / "residents.csv").write_text("\n".join(["name,address", *rows]), encoding="utf-8")
    (tmp_path / "depots.csv").write_text("depot,lon,lat\nBase,24.9405,60.1703\n", encoding="utf-8")
    places = [
        str(tmp_path / "residents.csv"),
        "--depots",
        str(tmp_path / "depots.csv"),
        "--network",
        str(network),
    ]
    return [
        "plan",
        *places,
        "--teams",
        "1",
        "--iterations",
        "50",
        "--out",
        str(tmp_path / "plan"),
        "--lang",
        "en",
    ]


def doors(tmp_path: Path) -> list[object]:
    document = json.loads((tmp_path / "plan" / PLAN).read_text(encoding="utf-8"))
    return sorted(str(step["location"]) for step in document["routes"][0]["steps"])


def test_a_plan_is_made_and_checked_where_nothing_can_be_kept(arguments, tmp_path, monkeypatch, capsys):
    (tmp_path / "file").touch()
    monkeypatch.setenv("DOORROUTE_CACHE", str(tmp_path / "file" / "cache"))
    assert main(arguments) == 0
    assert "cache folder cannot be written" in capsys.readouterr().err
    assert main(["verify", str(tmp_path / "plan"), "--lang", "en"]) == 0
    assert "CACHE_NOT_WRITTEN" in (tmp_path / "plan" / "findings.csv").read_text(encoding="utf-8-sig")


def test_changed_digits_in_a_cache_are_noticed_told_and_move_nobody(arguments, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("DOORROUTE_CACHE", str(tmp_path / "cache"))
    assert main([*arguments, "--quiet"]) == 0
    right = doors(tmp_path)
    kept = [file for file in (tmp_path / "cache").iterdir() if file.suffix == ".arrays"]
    assert any(file.name.startswith("addresses-") for file in kept)

    def damage() -> None:
        for file in kept:
            content = bytearray(file.read_bytes())
            for at in range(len(content) // 2, len(content)):
                if chr(content[at]) in "0123456789":
                    content[at] = ord("7")
            file.write_bytes(content)

    damage()
    assert main(["verify", str(tmp_path / "plan"), "--lang", "en"]) == 0
    assert "was damaged and was made again" in capsys.readouterr().err
    damage()
    assert main(arguments) == 0
    assert "was damaged and was made again" in capsys.readouterr().err
    assert doors(tmp_path) == right
