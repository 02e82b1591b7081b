"""Plans that somebody has changed, with care or without: refused by name, never a fault of ours."""

import json
import shutil
from pathlib import Path

import pytest

from doorroute.cli import main
from doorroute.day.replan_request import ReplanRequest
from doorroute.disk.files import parsed
from doorroute.errors import BadInputError
from doorroute.pipeline.plan_folder import SEAL, seal_of
from doorroute.pipeline.request import Rest


@pytest.mark.parametrize(
    "text",
    ["", "{", "[" * 100_000, '{"a":' * 50_000, '{"a": 1, "a": 2}', "[NaN]", "[-Infinity]", "[1e999]", "\xff"],
)
def test_json_that_other_readers_would_read_otherwise_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parsed(text.encode("latin-1"))
    assert parsed('{"a": [1, 2.5, "x", null, true]}') == {"a": [1, 2.5, "x", None, True]}


@pytest.mark.parametrize("parent", [b"[]", b"{}", b"[" * 100_000, b'{"schema": "doorroute/plan/1"}', b"\xff"])
def test_a_plan_before_that_is_none_is_refused_by_name(parent: bytes) -> None:
    rest = Rest(parent=parent, history=b"", ask=ReplanRequest(now_s=36_000))
    with pytest.raises(BadInputError, match="PARENT_UNREADABLE"):
        _ = rest.before


REST = {"now_s": 36_000, "keep": 2, "cancelled": [], "dropped": [], "delays_s": {}, "held": None}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("rest", REST),  # a list where pairs belong
        ("rest", {**REST, "dropped": {}, "held": {"T1": 1}}),
        ("rest", "x"),
        ("mapping", 7),
        ("settings", []),
        ("settings", {"service": None}),
        ("time_limit_s", "soon"),
        ("more_teams", [["T9"]]),
        ("sheets", 3),
    ],
)
def test_what_was_asked_for_may_be_anything(
    demo_day: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, value: object
) -> None:
    home = tmp_path / "day"
    shutil.copytree(demo_day, home)
    document = json.loads((home / "plan.json").read_text(encoding="utf-8"))
    document["request"][name] = value
    document[SEAL] = seal_of(document)
    (home / "plan.json").write_text(json.dumps(document), encoding="utf-8")
    for command in (["verify", str(home)], ["report", str(home), "--out", str(tmp_path / "report")]):
        assert main([*command, "--lang", "zh"]) == 2
        err = capsys.readouterr().err
        assert err.startswith(("PLAN_UNREADABLE", "SETTING_WRONG")), err
