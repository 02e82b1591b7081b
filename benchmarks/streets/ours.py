"""Our own part, in a process of its own so that its time and memory are its own: `python -m
benchmarks.streets.ours JOB.json` prints JSON.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np


def _clock() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def _since(began: tuple[float, float]) -> list[float]:
    now = _clock()
    return [now[0] - began[0], now[1] - began[1]]


def table_of_extract(job: dict[str, Any]) -> dict[str, Any]:
    """Open `extract` with the folder `cache`, which may hold it already, and fill tables between `points`."""
    began = _clock()
    from doorroute.model.place import Point
    from doorroute.model.team import Profile
    from doorroute.network import open_network
    from doorroute.network.hierarchy import table

    answer: dict[str, Any] = {"import": _since(began)}
    profile = Profile.FOOT
    began = _clock()
    network = open_network(Path(job["extract"]), cache=Path(job["cache"]))
    ways = network._prepared(profile)
    answer["open"] = _since(began)
    began = _clock()
    doors = network._doors([Point(*point) for point in job["points"]], profile)
    answer["snap"] = _since(began)
    began = _clock()
    table(ways.states, ways.hierarchy, doors)
    answer["first table"] = _since(began)
    for threads in (1, 2):
        times = []
        for _ in range(5):
            began = _clock()
            table(ways.states, ways.hierarchy, doors, threads)
            times.append(_since(began))
        answer[f"table, {threads}"] = [min(column) for column in zip(*times, strict=True)]
    answer["states"] = len(ways.states.ptr) - 1
    return answer


def generated(job: dict[str, Any]) -> dict[str, Any]:
    """Draw a town of `side` x `side` crossings; fill a table of `doors`, or list the `nearest` of each."""
    from benchmarks.streets.town import town
    from doorroute.network.hierarchy import build_hierarchy, table
    from doorroute.network.nearest import nearest

    states, doors = town(job["side"], job["doors"])
    small, few = town(12, 20)
    hierarchy = build_hierarchy(small)  # compiles, or loads what was
    table(small, hierarchy, few)
    nearest(small, few, np.arange(20), 5)
    answer: dict[str, Any] = {"nodes": len(states.ptr) - 1}
    if job.get("nearest"):
        began = _clock()
        nearest(states, doors, np.arange(job["doors"]), job["nearest"])
        answer["nearest"] = _since(began)
    else:
        began = _clock()
        hierarchy = build_hierarchy(states)
        answer["hierarchy"] = _since(began)
        began = _clock()
        table(states, hierarchy, doors)
        answer["table"] = _since(began)
    answer["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return answer


def arcs(job: dict[str, Any]) -> dict[str, Any]:
    """Write the graph of an extract, or of a generated town, for the other searches; time ours between
    nodes.
    """
    from benchmarks.streets.town import at_nodes, town
    from doorroute.model.team import Profile
    from doorroute.network import open_network
    from doorroute.network.hierarchy import build_hierarchy, table
    from doorroute.network.keys import NOWHERE

    if "extract" in job:
        states = open_network(Path(job["extract"]))._prepared(Profile.FOOT).states
    else:
        states, _ = town(job["side"], 1)
    nodes = np.sort(np.random.default_rng(1).choice(len(states.ptr) - 1, job["doors"], replace=False))
    small, few = town(12, 20)
    table(small, build_hierarchy(small), few)
    began = _clock()
    hierarchy = build_hierarchy(states)
    prepared = _since(began)
    doors = at_nodes(states, nodes)
    times = []
    for threads in (1, 2):
        began = _clock()
        keys = table(states, hierarchy, doors, threads)
        times.append(_since(began))
    # milliseconds, and above them how often private ground is passed: what the others have to add up too,
    # for the same answers
    answer = np.where(keys < NOWHERE, keys >> 24, np.inf)
    np.savez(job["file"], ptr=states.ptr, head=states.head, ms=states.key >> 24, nodes=nodes, answer=answer)
    return {"prepared": prepared, "table, 1": times[0], "table, 2": times[1], "nodes": len(states.ptr) - 1}


if __name__ == "__main__":
    given = json.loads(Path(sys.argv[1]).read_text())
    json.dump(globals()[given["do"]](given), sys.stdout)
