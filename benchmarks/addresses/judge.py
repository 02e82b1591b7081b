"""Asks the geocoder and judges its answers: right, asked (held back), ambiguous, wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from doorroute.geocode import AddressIndex, Located, Outcome, Query, locate
from doorroute.model.place import Candidate, Place, Precision
from doorroute.model.settings import Settings

Right: TypeAlias = Callable[[Place], bool]


@dataclass
class Tally:
    """What became of the rows of a class; `answers` are (score, right) of everything that was scored; `odd`
    a few cases to look at.
    """

    counts: Counter[str] = field(default_factory=Counter)
    answers: list[tuple[float, bool]] = field(default_factory=list)
    odd: list[tuple[str, str]] = field(default_factory=list)

    def row(self, name: str) -> str:
        """Return a line of the table."""
        rows = sum(self.counts.values())
        share = 100 * self.counts["right"] / rows if rows else 0.0
        return f"| {name} | {rows} | {self.counts['right']} ({share:.1f} %) | {self.counts['ambiguous']} | {self.counts['asked']} | {self.counts['wrong']} |"


HEAD = "| class | rows | right | ambiguous, with candidates | asked | **wrong** |\n|---|---|---|---|---|---|"
FINE = {Precision.ENTRANCE, Precision.BUILDING}


def judge(index: AddressIndex, rows: Sequence[tuple[str, Right]]) -> Tally:
    """Locate each address at the shipped threshold; `Right` says whether a place is the right door."""
    outcomes, _ = locate([Query(str(at), address) for at, (address, _) in enumerate(rows)], index, Settings())
    tally = Tally()
    for (address, right), outcome in zip(rows, outcomes, strict=True):
        verdict = _verdict(outcome, right)
        tally.counts[verdict] += 1
        if isinstance(outcome, Located):
            tally.answers.append((outcome.place.score, right(outcome.place)))
        elif outcome.candidates and _is_door(outcome.candidates[0]):
            first = outcome.candidates[0]
            tally.answers.append((first.score, _would_be_right(first, right)))
        if verdict != "right":
            said = (
                outcome.place.label
                if isinstance(outcome, Located)
                else str([(c.label, c.score) for c in outcome.candidates[:3]])
            )
            tally.odd.append((f"{verdict}: {address}", said))
    return tally


def _verdict(outcome: Outcome, right: Right) -> str:
    if isinstance(outcome, Located):
        return "right" if right(outcome.place) else "wrong"
    doors = [candidate for candidate in outcome.candidates if _is_door(candidate)]
    twins = [
        candidate
        for candidate in doors
        if abs(candidate.score - doors[0].score) < 0.05 and candidate.score * len(doors) > 0.4
    ]
    return (
        "ambiguous"
        if len(twins) > 1 and any(_would_be_right(candidate, right) for candidate in twins)
        else "asked"
    )


def _is_door(candidate: Candidate) -> bool:
    return candidate.precision in FINE


def _would_be_right(candidate: Candidate, right: Right) -> bool:
    return right(
        Place(
            point=candidate.point,
            precision=candidate.precision,
            score=candidate.score,
            source="extract",
            entrance_id="",
            label=candidate.label,
        )
    )
