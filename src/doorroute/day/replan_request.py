"""The request for a new plan for the rest of a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from doorroute.model.resident import ResidentId, TeamId

KEEP: Final = 2
"""Stops after the next one that stay with their team by default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplanRequest:
    """A request to plan the rest of a day from `now_s`.

    Attributes
    ----------
    keep : how many stops after the next one stay with their team.
    cancelled : residents who need no visit any more.
    dropped : teams that stopped work, with the time since when.
    delays_s : how much later than computed a team is free.
    held : how many of the stops that should stay can stay, by team and shift; None: all.
    """

    now_s: int
    keep: int = KEEP
    cancelled: frozenset[ResidentId] = frozenset()
    dropped: Mapping[TeamId, int] = field(default_factory=dict)
    delays_s: Mapping[TeamId, int] = field(default_factory=dict)
    held: Mapping[tuple[TeamId, int], int] | None = None
