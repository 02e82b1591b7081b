"""How long the index takes to build and to open, 10,000 addresses to find, and what memory that needs: in a
process of its own.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.addresses import noise
from benchmarks.addresses.measure import SEED
from benchmarks.addresses.truth import houses
from doorroute.geocode import Query, locate, open_index
from doorroute.model.settings import Settings

_ADDRESSES = 10_000


def measured(extract: Path) -> dict[str, float]:
    """Return seconds and megabytes, measured in a new process on a prepared list of addresses."""
    chance = random.Random(SEED)
    everything, makers = houses(extract), list(noise.WESTERN.values())
    addresses = [chance.choice(makers)(chance.choice(everything), chance) for _ in range(_ADDRESSES)]
    with tempfile.TemporaryDirectory() as folder:
        asked = Path(folder) / "addresses.json"
        asked.write_text(json.dumps(addresses))
        command = [sys.executable, "-m", "benchmarks.addresses.speed", str(extract), str(asked), folder]
        said = subprocess.run(
            command, capture_output=True, text=True, check=True, cwd=Path(__file__).resolve().parents[2]
        ).stdout
    numbers: dict[str, float] = json.loads(said)
    return numbers


def main(extract: Path, asked: Path, cache: Path) -> None:
    """Print what was measured as JSON."""
    start = time.perf_counter()
    open_index(extract, cache=cache)
    built = time.perf_counter()
    index = open_index(extract, cache=cache)
    opened = time.perf_counter()
    queries = [Query(str(at), address) for at, address in enumerate(json.loads(asked.read_text()))]
    begin = time.perf_counter()
    locate(queries, index, Settings())
    took = time.perf_counter() - begin
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        json.dumps(
            {
                "doors": len(index.tables.doors),
                "build_s": built - start,
                "open_s": opened - built,
                "locate_s": took,
                "memory_mb": memory,
            }
        )
    )


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
