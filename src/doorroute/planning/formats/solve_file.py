"""Solve a routing file and write the solution in VROOM's format (`doorroute solve`)."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from doorroute.disk.files import write_whole
from doorroute.errors import BadInputError
from doorroute.model.settings import Objective
from doorroute.planning.formats.benchmarks import solomon, vrplib
from doorroute.planning.formats.fixed_routes import solution_of_fixed_routes
from doorroute.planning.formats.instance import Instance, solution_of
from doorroute.planning.formats.vroom import first_of, instance_of
from doorroute.planning.search.child import Child
from doorroute.planning.solve import search
from doorroute.texts import msg


def solve_file(
    path: Path,
    out: Path | None = None,
    objective: Objective | Sequence[Objective] = Objective.TRAVEL,
    time_limit_s: float = 10.0,
    threads: int = 2,
    seed: int = 1,
    stop: threading.Event | None = None,
    *,
    keep_steps: bool = False,
) -> dict[str, Any]:
    """Solve a file of VROOM (.json), VRPLIB (.vrp) or Solomon (.txt); return the solution; write it to `out`.

    With one thread the search runs in this process only, otherwise in a second one too. Setting `stop` ends
    it with the best plan so far. With `keep_steps` nothing is searched: the routes in the file are timed,
    with the rules that they break. Raises BadInputError for a file that cannot be read.
    """
    begun = time.monotonic()
    instance = read(path)
    loaded = time.monotonic()
    if keep_steps:
        solution = solution_of_fixed_routes(instance)
    else:
        solution = _searched(instance, objective, time_limit_s - (loaded - begun), threads, seed, stop)
    took = {"loading": loaded - begun, "solving": time.monotonic() - loaded, "routing": 0}
    solution["summary"]["computing_times"] = {name: round(1000 * seconds) for name, seconds in took.items()}
    if out is not None:
        write_whole(out, json.dumps(solution, indent=1) + "\n", shared=True)
    return solution


def _searched(
    instance: Instance,
    objective: Objective | Sequence[Objective],
    time_limit_s: float,
    threads: int,
    seed: int,
    stop: threading.Event | None,
) -> dict[str, Any]:
    best = search(
        instance.tables,
        objective,
        time_limit_s=time_limit_s,
        seed=seed,
        engine=Child if threads > 1 else None,
        first=first_of(instance),
        stop=stop,
    )
    return solution_of(instance, best.orders)


def read(path: Path) -> Instance:
    """Read a file by its extension. Raises BadInputError."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInputError(
            "BAD_INSTANCE",
            msg("{file} cannot be read.", file=path.name),
            msg("Give the path of a text file."),
        ) from error
    match path.suffix.lower():
        case ".vrp":
            return vrplib(text)
        case ".txt":
            return solomon(text)
        case ".json":
            return instance_of(_json(text))
        case _:
            raise BadInputError(
                "BAD_INSTANCE",
                msg("Files like {file} are not supported.", file=path.name),
                msg("Give a file whose name ends in .json (VROOM), .vrp (VRPLIB) or .txt (Solomon)."),
            )


def _json(text: str) -> object:
    try:
        read: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInputError(
            "BAD_INSTANCE",
            msg("The file cannot be read: {what}.", what=msg("it is not JSON")),
            msg("Correct the file; jobs, vehicles and matrices are read as VROOM's API has them."),
        ) from error
    return read
