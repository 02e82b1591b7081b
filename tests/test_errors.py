"""Expected errors: what each code means, and that it means one thing."""

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest

from doorroute import errors
from doorroute.errors import (
    BadInputError,
    DoorrouteError,
    ExitCode,
    InternalError,
    NoSoundPlanError,
    OutsideError,
)
from doorroute.texts import msg

SOURCE = Path(__file__).resolve().parent.parent / "src" / "doorroute"
KINDS = {kind.__name__: kind for kind in (BadInputError, OutsideError, NoSoundPlanError, InternalError)}


def test_the_exit_codes_are_those_that_other_programs_rely_on():
    assert {code.name: code.value for code in ExitCode} == {
        "DONE": 0,
        "BUG": 1,
        "BAD_INPUT": 2,
        "OUTSIDE_FAILED": 3,
        "NO_SOUND_PLAN": 4,
    }
    assert [kind.exit_code for kind in KINDS.values()] == [2, 3, 4, 1]


def test_every_kind_of_error_has_its_exit_code():
    kinds = {
        thing
        for thing in vars(errors).values()
        if isinstance(thing, type) and issubclass(thing, DoorrouteError)
    }
    assert kinds - {DoorrouteError} == set(KINDS.values())


@pytest.mark.parametrize("kind", KINDS.values())
def test_an_error_says_what_happened_and_what_to_do(kind):
    error = kind("ROW_BLANK", msg("Row {row} is blank.", row=3), msg("Fill it in."))
    assert str(error) == "ROW_BLANK: Row 3 is blank."
    assert error.advice.into("en") == "Fill it in."
    assert isinstance(error, DoorrouteError)


def raised() -> list[tuple[str, str, str]]:
    """Return each error of the source whose code is a literal: code, kind, where."""
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in KINDS
                and node.args
            ):
                code = node.args[0]
                if isinstance(code, ast.Constant):
                    found.append(
                        (code.value, node.func.id, f"{path.relative_to(SOURCE).as_posix()}:{node.lineno}")
                    )
    return found


def test_codes_are_words_in_capitals():
    assert len(raised()) > 10
    assert [entry for entry in raised() if not re.fullmatch(r"[A-Z]+(_[A-Z0-9]+)*", entry[0])] == []


def test_a_code_is_always_the_same_kind_of_error():
    kinds = defaultdict(set)
    for code, kind, _ in raised():
        kinds[code].add(kind)
    assert {code: names for code, names in kinds.items() if len(names) > 1} == {}
