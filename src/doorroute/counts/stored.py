"""Store finished scenarios, one small file each, so that an interrupted run continues where it stopped."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from doorroute.counts import planning_parts as engine
from doorroute.disk.files import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from doorroute.counts.planning_parts import Orders, Tables
    from doorroute.model.problem import Problem

SCHEMA: Final = "doorroute/scenario/1"
FOLDER: Final = "finished"


class Store:
    """The folder of finished scenarios below `out`.

    `about` is all that a plan depends on except the count: input hashes, settings, changes, time, seed.
    """

    def __init__(self, out: Path, about: Mapping[str, object]) -> None:
        self.folder, self.about = out / FOLDER, dict(about)

    def path(self, count: int) -> Path:
        """Return the file of the scenario with `count` teams."""
        text = json.dumps({**self.about, "count": count, "schema": SCHEMA}, sort_keys=True, default=str)
        return self.folder / f"{count:03d}-{hashlib.sha256(text.encode()).hexdigest()[:20]}.json"

    def keep(self, count: int, problem: Problem, orders: Orders) -> None:
        """Write a finished scenario: only the ids of teams and visits."""
        routes = {
            team.id: [problem.visits[node].id for node in order]
            for team, order in zip(problem.teams[:count], orders, strict=True)
        }
        write_whole(
            self.path(count), json.dumps({"schema": SCHEMA, "routes": routes}, ensure_ascii=False) + "\n"
        )

    def find(self, count: int, problem: Problem, tables: Tables) -> Orders | None:
        """Return a finished scenario, or None if its file is missing, damaged or invalid for `problem`."""
        nodes = {visit.id: node for node, visit in enumerate(problem.visits)}
        try:
            routes = json.loads(self.path(count).read_bytes())["routes"]
            orders = tuple(tuple(nodes[visit] for visit in routes[team.id]) for team in problem.teams[:count])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        taken = [node for order in orders for node in order]
        rows = engine.first_teams(tables, count)
        valid = len(set(taken)) == len(taken) and all(
            engine.timed(rows, crew, order) is not None
            for crew, order in zip(rows.crews, orders, strict=True)
            if order
        )
        return orders if valid else None
