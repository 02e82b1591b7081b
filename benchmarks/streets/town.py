"""A generated town: crossings on a crooked grid, some streets left out, doors anywhere along them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from doorroute.model.team import Profile
from doorroute.network.compiling import build_graph
from doorroute.network.keys import NOWHERE, share
from doorroute.network.moving import apply_rules
from doorroute.network.profiles import default_rules
from doorroute.network.raw import assemble
from doorroute.network.search import Doors
from doorroute.network.states import SearchGraph
from doorroute.network.usage import build_states

_BLOCK = 12_000  # in 1e-7 degrees: about a hundred metres


def town(side: int, doors: int, seed: int = 1) -> tuple[SearchGraph, Doors]:
    """Return the streets on foot of `side` x `side` crossings, a sixth of the streets left out, and `doors`
    doors beside them.
    """
    dice = np.random.default_rng(seed)
    number = np.arange(side * side).reshape(side, side)
    streets = np.concatenate(
        [
            np.stack([number[:, :-1].ravel(), number[:, 1:].ravel()], axis=1),
            np.stack([number[:-1].ravel(), number[1:].ravel()], axis=1),
        ]
    )
    streets = streets[dice.random(len(streets)) > 1 / 6]
    place = np.stack(np.divmod(np.arange(side * side), side), axis=1) * _BLOCK + dice.integers(
        -3000, 3000, (side * side, 2)
    )
    refs = streets.ravel()
    raw = assemble(
        refs=refs,
        x=place[refs, 0] + 250_000_000,
        y=place[refs, 1] + 300_000_000,
        ptr=range(0, len(refs) + 1, 2),
        way_id=range(len(streets)),
        way_tags=[0] * len(streets),
        tags=[{"highway": "residential"}],
        node_tags={},
    )
    graph = build_graph(raw)
    rules = default_rules()[Profile.FOOT]
    moving = apply_rules(graph, rules)
    states = build_states(graph, moving, rules, np.zeros(len(graph.tail), dtype=np.bool_))
    edge = dice.choice(np.flatnonzero(states.usable), doors)
    share_passed = dice.random(doors)
    whole = states.whole.reshape(-1, 2)[edge]
    part = share(whole, np.stack([share_passed, 1 - share_passed], axis=1))
    return states, Doors(edge, part, whole, np.zeros(doors, dtype=np.int64))


def at_nodes(states: SearchGraph, nodes: NDArray[np.int64]) -> Doors:
    """Return doors at the states `nodes`, each at the beginning of a direction that starts there."""
    begins = np.repeat(np.arange(len(states.enter_ptr) - 1), np.diff(states.enter_ptr))
    open_ = states.whole[begins] < NOWHERE
    first = np.full(len(states.ptr) - 1, -1, dtype=np.int64)
    first[states.enter_state[open_]] = begins[open_]
    direction = first[nodes]
    edge, side = direction // 2, direction % 2
    whole = states.whole.reshape(-1, 2)[edge]
    at_start = (np.arange(2) == side[:, None]).astype(np.float64)
    return Doors(edge, share(whole, 1 - at_start), whole, np.zeros(len(nodes), dtype=np.int64))
