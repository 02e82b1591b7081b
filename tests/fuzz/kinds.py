"""The kinds of trials, and one trial by its seed."""

from __future__ import annotations

import random
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from . import days, folders, foreign
from .trial import Trial


@dataclass(frozen=True)
class Kind:
    """A kind of trial: how many run in one process, and the seconds that one may take."""

    trial: Trial
    batch: int
    seconds: int


KINDS: Final = {
    "table": Kind(foreign.table, 60, 10),
    "workbook": Kind(foreign.workbook, 20, 70),
    "extract": Kind(foreign.extract, 30, 60),
    "vroom": Kind(foreign.routing_file, 40, 30),
    "day": Kind(days.day, 40, 30),
    "folder": Kind(folders.folder, 6, 60),
    "leaf": Kind(folders.leaf, 6, 60),
    "results": Kind(folders.results, 6, 60),
    "kill": Kind(folders.kill, 3, 120),
}


def one(kind: str, seed: int) -> str | None:
    """Run one trial in an empty folder; the same seed draws the same input."""
    with tempfile.TemporaryDirectory(prefix="doorroute-fuzz-") as folder:
        return KINDS[kind].trial(random.Random(f"{kind} {seed}"), Path(folder))
