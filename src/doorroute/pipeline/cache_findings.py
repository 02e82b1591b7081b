"""Findings about a cache folder that could not be used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorroute.disk.cache import CacheProblem
from doorroute.model.finding import Finding, FindingCode, Severity
from doorroute.texts import Text, msg

if TYPE_CHECKING:
    from collections.abc import Iterable


def cache_findings(troubles: Iterable[CacheProblem]) -> tuple[Finding, ...]:
    """Return a note for each kind of trouble with the cache. The run continues without it."""
    found = set(troubles)
    findings = []
    if CacheProblem.DAMAGED in found:
        message = msg("The cached map of an earlier run was damaged and was made again.")
        advice = msg("Nothing to do. If it happens often, check the disk.")
        findings.append(_finding("CACHE_DAMAGED", message, advice))
    if CacheProblem.NOT_KEPT in found:
        message = msg(
            "The cache folder cannot be written or is full. This run continues without it;"
            " the next run takes as long."
        )
        advice = msg("Make room on the disk, or name another folder in DOORROUTE_CACHE.")
        findings.append(_finding("CACHE_NOT_WRITTEN", message, advice))
    return tuple(findings)


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
