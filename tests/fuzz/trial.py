"""What a trial may use: the command line run in this process, what it may end with, and bytes with something
wrong.
"""

from __future__ import annotations

import contextlib
import io
import random
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from doorroute.cli import main
from doorroute.errors import ExitCode

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "data" / "demo"
CELLS = (
    "", " ", "#N/A", "#REF!", "nan", "-1", "1e400", "同上", "下午3点以后", "9-11", "明天", "甲、乙、丙", "'+358 40 1234567", '"', ",",
    "=1+1", "2/8", "138****5678", "60.17,24.94", "隔离", "?", "<b>", "{0}", "\u202e", "3-5", "合计", "姓名", "@x", "0" * 60,
)  # fmt: skip
"""Texts that stand in real lists, or are meant to do harm."""

TOLD = frozenset({ExitCode.DONE, ExitCode.BAD_INPUT, ExitCode.OUTSIDE_FAILED, ExitCode.NO_SOUND_PLAN})
"""How a command may end, whatever it is given: everything but our own fault."""

Trial = Callable[[random.Random, Path], "str | None"]
"""Takes a source of chance and an empty folder; returns what was wrong, or None."""


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str


def run(*arguments: object) -> Ran:
    """Run a command of doorroute in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = main([str(each) for each in arguments])
        except BaseException:  # noqa: BLE001  # whatever gets past the command line is the fault looked for
            return Ran(ExitCode.BUG, out.getvalue(), err.getvalue() + traceback.format_exc())
    return Ran(code, out.getvalue(), err.getvalue())


def fault_of(ran: Ran, allowed: frozenset[int] = TOLD) -> str | None:
    """Return what is wrong with how a command ended, if anything is."""
    if "Traceback" in ran.err or "BUG" in ran.err or ran.code not in allowed:
        return f"exit {ran.code}: {ran.err.strip()[-400:]}"
    if ran.code != ExitCode.DONE and not ran.err.strip():
        return f"exit {ran.code} without a word"
    return None


def damaged(chance: random.Random, data: bytes) -> bytes:
    """Return the bytes with one to four things wrong: a byte changed, a piece cut out, doubled or moved, an
    end missing.
    """
    held = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        if not held:
            break
        at = chance.randrange(len(held))
        length = min(len(held) - at, int(chance.expovariate(1 / 30)) + 1)
        kind = chance.randrange(6)
        if kind == 0:
            held[at] = chance.randrange(256)
        elif kind == 1:
            del held[at : at + length]
        elif kind == 2:
            held[at:at] = held[at : at + length]
        elif kind == 3:
            piece = bytes(held[at : at + length])
            del held[at : at + length]
            to = chance.randrange(len(held) + 1)
            held[to:to] = piece
        elif kind == 4:
            held[at : at + length] = chance.choice(
                [b"\0", b"\xff", b'"', b"9" * 30, b"-1", b"\n", b"<", b"]"]
            )
        elif chance.random() < 0.3:
            del held[at:]
    return bytes(held)


def one_of_the_leaves_changed(chance: random.Random, value: object, odd: Sequence[object]) -> object:
    """Return a JSON value in which one thing is another: a leaf replaced, a field gone, an entry doubled."""
    if isinstance(value, dict) and value and chance.random() < 0.97:
        name = chance.choice(sorted(value))
        if chance.random() < 0.08:
            return {key: each for key, each in value.items() if key != name}
        return value | {name: one_of_the_leaves_changed(chance, value[name], odd)}
    if isinstance(value, list) and value and chance.random() < 0.97:
        at = chance.randrange(len(value))
        if chance.random() < 0.05:
            return [*value[:at], *value[at + 1 :]]
        if chance.random() < 0.05:
            return [*value, value[at]]
        return [*value[:at], one_of_the_leaves_changed(chance, value[at], odd), *value[at + 1 :]]
    return chance.choice(odd)
