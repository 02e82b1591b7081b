"""Findings about residents who count as sampled only because their team was assumed to be on plan. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorroute.day.events import AS_PLANNED
from doorroute.model.finding import Finding, warning
from doorroute.texts import msg, msg_n

if TYPE_CHECKING:
    from collections.abc import Sequence

    from doorroute.day.events import Doors, Event


def assumed_done(events: Sequence[Event], doors: Doors) -> list[Finding]:
    """Return a warning for each team whose residents count as sampled though no result was handed in."""
    there = {resident for residents in doors.values() for resident in residents}
    findings = []
    for team in dict.fromkeys(event.team for event in events if event.source == AS_PLANNED):
        mine = [event for event in events if event.source == AS_PLANNED and event.team == team]
        text = msg_n(
            "{n} person counts as sampled without a result: team {team} is assumed to have worked as "
            "planned at {visits}.",
            "{n} people count as sampled without a result: team {team} is assumed to have worked as "
            "planned at {visits}.",
            sum(len(there & {*event.residents}) for event in mine),
            team=team,
            visits=", ".join(event.visit for event in mine),
        )
        findings.append(warning("TAKEN_AS_DONE", text, msg("Ask the team; later results replace this.")))
    return findings
