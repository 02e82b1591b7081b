"""What is said where the folder of caches is of no help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorroute.disk.cache import CacheProblem
from doorroute.model.finding import Finding, FindingCode, Severity
from doorroute.texts import Text, msg

if TYPE_CHECKING:
    from collections.abc import Iterable


def cache_told(troubles: Iterable[CacheProblem]) -> tuple[Finding, ...]:
    """Say what went wrong with the cache; the run goes on without it."""
    found = set(troubles)
    told = []
    if CacheProblem.DAMAGED in found:
        message = msg("What was kept of the map extract from an earlier run was damaged; it was made again.")
        advice = msg("Nothing to do. If it happens often, check the disk.")
        told.append(_finding("CACHE_DAMAGED", message, advice))
    if CacheProblem.NOT_KEPT in found:
        message = msg(
            "The folder for caches cannot be written to, or is full; this run goes on without, and the next one takes as long."
        )
        advice = msg("Make room on the disk, or name another folder in DOORROUTE_CACHE.")
        told.append(_finding("CACHE_NOT_WRITTEN", message, advice))
    return tuple(told)


def _finding(code: str, message: Text, advice: Text) -> Finding:
    return Finding(
        severity=Severity.NOTE,
        code=FindingCode(code),
        table="network",
        row=None,
        column="",
        message=message,
        advice=advice,
    )
