"""Run trials for some minutes: `python -m tests.fuzz [--minutes 20] [--seed N] [KIND ...]`; a fault is
printed with its seed.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import time
from pathlib import Path

from .kinds import KINDS, one

BATCH = 20
ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Run what was asked for; return 1 where a fault was found."""
    words = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    words.add_argument("kinds", nargs="*", choices=[*KINDS, []], metavar="KIND", help=", ".join(KINDS))
    words.add_argument("--minutes", type=float, default=20)
    words.add_argument(
        "--seed", type=int, default=None, help="the first seed; one drawn by chance if none is given"
    )
    words.add_argument(
        "--count", type=int, default=None, help="so many trials of each kind, however long they take"
    )
    words.add_argument(
        "--batch", action="store_true", help=argparse.SUPPRESS
    )  # in a child: a crash ends this batch alone
    asked = words.parse_args()
    kinds = asked.kinds or list(KINDS)
    seed = random.SystemRandom().randrange(10**8) if asked.seed is None else asked.seed
    if asked.batch:
        for number in range(seed, seed + asked.count):
            print(f"trial {number}", flush=True)
            if fault := one(kinds[0], number):
                print(f"fault {number} {fault!r}", flush=True)
        return 0
    return _watched(kinds, seed, asked.minutes, asked.count)


def _watched(kinds: list[str], seed: int, minutes: float, count: int | None) -> int:
    """Run batches of each kind in turn, each in a process of its own."""
    ends = time.monotonic() + 60 * minutes
    done, faults = dict.fromkeys(kinds, 0), 0
    print(f"seed {seed}, kinds: {', '.join(kinds)}", flush=True)
    while any(_more(done[kind], count, ends) for kind in kinds):
        for kind in kinds:
            if not _more(done[kind], count, ends):
                continue
            size = KINDS[kind].batch if count is None else min(KINDS[kind].batch, count - done[kind])
            first = seed + done[kind]
            for number, fault in _batch(kind, first, size):
                faults += 1
                print(f"FAULT {kind} --seed {number}: {fault}", flush=True)
            done[kind] += size
    print("; ".join(f"{kind}: {number} trials" for kind, number in done.items()))
    print(f"{faults} faults. One of them again: python -m tests.fuzz KIND --seed N --count 1")
    return int(faults > 0)


def _more(done: int, count: int | None, ends: float) -> bool:
    return done < count if count is not None else time.monotonic() < ends


def _batch(kind: str, first: int, size: int) -> list[tuple[int, str]]:
    command = [
        sys.executable,
        "-m",
        "tests.fuzz",
        kind,
        "--batch",
        "--seed",
        str(first),
        "--count",
        str(size),
    ]
    limit_s = KINDS[kind].seconds * size + 120
    try:
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=limit_s, check=False)
        out, code, err = ran.stdout, ran.returncode, ran.stderr
    except subprocess.TimeoutExpired as late:
        out, code, err = (late.stdout or b"").decode(), -1, f"not done after {limit_s} s"
    return faults_in(out, code, err, first)


def faults_in(out: str, code: int, err: str, first: int) -> list[tuple[int, str]]:
    """Return the faults that a batch printed, with their seeds; where it crashed, one more for the trial
    that it was at.
    """
    lines = [line.split(" ", 2) for line in out.splitlines()]
    found = [(int(line[1]), line[2]) for line in lines if line[0] == "fault"]
    if code != 0:
        last = max((int(line[1]) for line in lines if line[0] == "trial"), default=first)
        found.append((last, f"the process ended with {code}: {err.strip()[-300:]}"))
    return found


if __name__ == "__main__":
    sys.exit(main())
