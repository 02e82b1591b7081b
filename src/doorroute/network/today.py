"""Apply opening hours and conditions of streets and gates for the hours in which the teams are out.

A value that holds for all that time is taken as if tagged. If it is uncertain or changes, the street counts
as closed, and is reported. A gate that is shut counts as locked: residents open it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from doorroute.network.compiling import Graph
from doorroute.network.hours import Hours, holds, values
from doorroute.network.profiles import ACCESS, ProfileRules, default_rules

_CONDITIONAL: Final = ":conditional"
_GENERAL: Final = {
    "foot": "access",
    "bicycle": "vehicle",
    "motorcar": "motor_vehicle",
    "motor_vehicle": "vehicle",
    "vehicle": "access",
}
Tags = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Streets and gates that count as closed because their hours are uncertain: ids of the extract."""

    ways: tuple[int, ...] = ()
    gates: tuple[int, ...] = ()


NO_DOUBT: Final = Doubtful()


def settled(graph: Graph, hours: Hours) -> tuple[Graph, Doubtful]:
    """Return the graph with the tags that hold during `hours`, and what is uncertain then."""
    sets = [_settled(tags, hours, gate=False) for tags in graph.tag_sets]
    gates = {
        node: _settled(tags, hours, gate=True) for node, tags in graph.node_tags.items() if "barrier" in tags
    }
    unsure = np.asarray([doubt for _, doubt in sets], dtype=np.bool_)[graph.tags]
    settled_graph = replace(
        graph,
        tag_sets=tuple(tags for tags, _ in sets),
        node_tags={**graph.node_tags, **{node: tags for node, (tags, _) in gates.items()}},
    )
    closed = (int(graph.node_id[node]) for node, (_, doubt) in gates.items() if doubt)
    return settled_graph, Doubtful(tuple(np.unique(graph.way[unsure]).tolist()), tuple(sorted(closed)))


def _settled(tags: Tags, hours: Hours, *, gate: bool) -> tuple[Tags, bool]:
    """Return the tags without conditions, and whether a condition is uncertain and closes something."""
    new, unsure = dict(tags), False
    for key in [key for key in tags if key.endswith(_CONDITIONAL)]:
        plain, text = key.removesuffix(_CONDITIONAL), new.pop(key)
        usual = _usual(tags, plain)
        possible = values(text, usual, hours)
        taken = max(possible, key=_strictness) if plain in ACCESS else _one_way(possible)
        unsure |= len({_strictness(value) for value in possible} if plain in ACCESS else set(possible)) > 1
        if taken is not None and taken != usual:
            new[plain] = taken
    if "opening_hours" in new:
        open_ = holds(new.pop("opening_hours"), hours)
        unsure |= open_ is None
        if not open_:
            new.update({"locked": "yes"} if gate else dict.fromkeys({"access", *new} & set(ACCESS), "no"))
    return new, unsure


def _usual(tags: Tags, key: str) -> str | None:
    """Return the value of `key` without conditions: its own, or that of a more general key."""
    if key in tags or key not in _GENERAL:
        return tags.get(key)
    return _usual(tags, _GENERAL[key])


def _strictness(value: str | None) -> int:
    """Return how far a value closes a street: 0 open, 1 only at the start or end of a leg, 2 closed."""
    rules: Iterable[ProfileRules] = default_rules().values()
    word = (value or "yes").split(";")[0].strip()
    return max(2 * (word in each.closed) or (word in each.last_metres) for each in rules)


def _one_way(possible: list[str | None]) -> str | None:
    """Return the value of `oneway` that forbids whatever any of the possible values forbids."""
    found = {value for value in possible if value not in (None, "no")}
    return next(iter(found), possible[-1]) if len(found) < 2 else "reversible"
