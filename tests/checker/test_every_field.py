"""`verify` refuses a plan.json with any field changed: by the seal and, if that is renewed, by the inputs."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from doorroute.cli import main
from doorroute.disk.places import cache_folder
from doorroute.errors import BadInputError, ExitCode
from doorroute.model.directions import DirectionKind
from doorroute.model.place import Precision
from doorroute.model.plan import Reason, StepType, StopLock
from doorroute.model.plan_json import plan_from_json
from doorroute.model.settings import Objective
from doorroute.model.team import Profile
from doorroute.pipeline.plan_folder import SEAL, seal_of
from doorroute.pipeline.saved_plan import check_again, must_be_unchanged, open_folder
from doorroute.pipeline.stages import Silence
from doorroute.pipeline.unchanged import check_files, check_seal
from doorroute.pipeline.wiring import Prepared, prepare

Path_ = tuple[str | int, ...]
Kind = tuple[str, ...]

SEALED_ALONE: dict[Kind, str] = {
    ("date",): "any day can have this plan; the pages say the day, and their hashes hold them",
    ("seed",): "nobody relies on it: it only makes the search repeatable",
    ("engine",): "nobody relies on it: it names who searched",
    ("summary", "trade_off"): "compares with a plan that was not kept",
    ("summary", "mean_s"): "may be rounded up or down",
    (
        "summary",
        "lower_bound_finish_s",
    ): "between the first shift and the plan's own value every bound is plausible",
    ("summary", "lower_bound_travel_s"): "as above",
    ("summary", "lower_bound_teams"): "as above",
    ("unassigned", "detail"): "words about a reason whose code is proven by the inputs",
    ("unassigned", "remedy"): "words, proven by planning again before they are written",
}
"""Fields that only the seal protects, and why. `request` is not one: the rest is checked against it."""


def leaves(value: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if not inner:
        yield path, value
    for key, each in inner:
        yield from leaves(each, (*path, key))


def kind_of(path: Path_) -> Kind:
    names = tuple(key for key in path if isinstance(key, str))
    return names[:1] if names[0] == "files" else (names[0], *names[2:]) if names[0] == "inputs" else names


def another_word(value: str) -> str:
    """Return a word that could stand there too: of the same set of words, the next day, or any."""
    for words in (Objective, Profile, StepType, StopLock, DirectionKind, Precision, Reason):
        if value in set(words):
            return next(str(word) for word in words if word != value)
    return "2022-04-07" if value == "2022-04-06" else value + "x"


WRONG: dict[type, Callable[[Any], Any]] = {
    bool: lambda value: not value,
    int: lambda value: value + 1,
    float: lambda value: value + 0.001,
    str: another_word,
    type(None): lambda _: "x",
    list: lambda _: ["x"],
    dict: lambda _: {"x": 1},
}


@contextmanager
def changed(document: dict[str, Any], path: Path_, to: Any) -> Iterator[dict[str, Any]]:
    parent: Any = document
    for key in path[:-1]:
        parent = parent[key]
    before, parent[path[-1]] = parent[path[-1]], to
    yield document
    parent[path[-1]] = before


def one_of_each_kind(document: dict[str, Any]) -> dict[Kind, tuple[Path_, Any]]:
    found: dict[Kind, tuple[Path_, Any]] = {}
    for path, value in leaves(document):
        found.setdefault(kind_of(path), (path, WRONG[type(value)](value)))
    return found


@pytest.fixture(scope="module")
def sealed(demo_day: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((demo_day / "plan.json").read_text())
    return document


@pytest.fixture(scope="module")
def ready(demo_day: Path) -> Prepared:
    return prepare(open_folder(demo_day, cache=cache_folder())[1], Silence())


def test_whatever_is_changed_in_the_file_is_found(sealed: dict[str, Any]) -> None:
    kinds = one_of_each_kind(sealed)
    assert len(kinds) > 60
    for path, other in kinds.values():
        with changed(sealed, path, other) as document:
            assert check_seal(document), path
    assert check_seal(sealed) == ()


@pytest.fixture
def refused(demo_day: Path, ready: Prepared) -> Callable[[dict[str, Any]], bool]:
    """Say whether `verify` refuses a document with a seal that was made for it."""

    def is_refused(document: dict[str, Any]) -> bool:
        try:
            made = plan_from_json(document)
            must_be_unchanged(made, demo_day)
        except (ValueError, BadInputError):
            return True
        return bool(check_files(demo_day, document)[0] or check_again(made, ready))

    return is_refused


def test_whatever_people_rely_on_is_proven_by_the_inputs_even_where_the_seal_was_renewed(
    sealed: dict[str, Any], refused: Callable[[dict[str, Any]], bool]
) -> None:
    assert not refused(sealed)
    let_through = set()
    for kind, (path, other) in one_of_each_kind(sealed).items():
        if kind[0] not in ("request", SEAL):
            with changed(sealed, path, other) as document:
                let_through |= set() if refused(document) else {kind}
    rounded = {("summary", "mean_s")}  # changed by one it may still be right
    assert let_through - rounded == SEALED_ALONE.keys() - rounded


def test_a_bound_beyond_the_plan_is_refused(
    sealed: dict[str, Any], refused: Callable[[dict[str, Any]], bool]
) -> None:
    for name, most in (("finish_s", "finish_s"), ("travel_s", "travel_s"), ("teams", "teams")):
        bound = ("summary", f"lower_bound_{name}")
        for value in (sealed["summary"][most] + 1, -1):
            with changed(sealed, bound, value) as document:
                assert refused(document), bound
    with changed(sealed, ("summary", "lower_bound_finish_s"), 5) as document:
        assert refused(document)  # nobody is back before the first shift begins


def test_the_order_of_fields_and_the_lines_do_not_matter_to_the_seal(sealed: dict[str, Any]) -> None:
    turned = json.loads(json.dumps(dict(reversed(sealed.items())), indent=7))
    assert check_seal(turned) == ()
    assert seal_of(turned) == sealed[SEAL]
    del turned[SEAL]
    assert check_seal(turned) == ()  # an earlier version wrote none


@pytest.fixture
def day(demo_day: Path, tmp_path: Path) -> Path:
    copy = demo_day.parent / f"copy-{tmp_path.name}"
    shutil.copytree(demo_day, copy)
    return copy


def verdict(day: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    capsys.readouterr()
    code = main(["verify", str(day), "--json", "--quiet"])
    return code, json.loads(capsys.readouterr().out)


def test_every_page_that_differs_or_is_missing_breaks_the_plan_and_a_table_saved_again_does_not(
    day: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = json.loads((day / "plan.json").read_text())
    for name in document["files"]:
        held = (day / name).read_bytes()
        for damaged in (held + b" ", None):
            (day / name).unlink()
            if damaged is not None:
                (day / name).write_bytes(damaged)
            broken, told = check_files(day, document)
            is_table = name.endswith((".xlsx", ".csv", ".gpkg"))
            same = name == "codes.json" and damaged is not None  # a blank at its end says nothing else
            assert len(told) == is_table, name
            assert len(broken) == (not is_table and not same), name
        (day / name).write_bytes(held)
    with (day / "manifest.xlsx").open("ab") as file:
        file.write(b" ")
    code, said = verdict(day, capsys)
    assert (code, [each["code"] for each in said["warnings"]]) == (ExitCode.DONE, ["FILE_CHANGED"])
    (day / "codes.json").write_text("{}")
    (day / "overview.html").unlink()
    (day / "teams" / "T1.html").rename(day / "elsewhere.html")
    (day / "teams" / "T1.html").symlink_to(day / "elsewhere.html")
    code, said = verdict(day, capsys)
    assert (code, {each["rule"] for each in said["violations"]}) == (
        ExitCode.NO_SOUND_PLAN,
        {"files_as_written"},
    )
    assert len(said["violations"]) == 3
