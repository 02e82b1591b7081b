"""What a new plan for the rest of a day is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from doorroute.model.resident import ResidentId, TeamId

KEEP: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What a new plan for the rest of a day is asked for, at `now_s`.

    `keep`: how many stops behind the one that a team is going to stay; `cancelled` are residents not to be visited any more, `dropped` teams that are gone and since when, `delays_s` how much
    later than reckoned a team is free. `held` is how many of the stops that should stay could be kept, by team and shift; None: all.
    """

    now_s: int
    keep: int = KEEP
    cancelled: frozenset[ResidentId] = frozenset()
    dropped: Mapping[TeamId, int] = field(default_factory=dict)
    delays_s: Mapping[TeamId, int] = field(default_factory=dict)
    held: Mapping[tuple[TeamId, int], int] | None = None
