"""Uncertain doors for a person to decide, on the review page or in the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from doorroute.geocode.address_cells import coordinates
from doorroute.geocode.known_places import KnownPlace
from doorroute.geocode.query import NotFound, Outcome, Query
from doorroute.geocode.understood import understand_address
from doorroute.model.place import Access, Candidate, Point, Precision
from doorroute.model.plan import Reason
from doorroute.texts import Text, msg

DOORS: Final = frozenset({Precision.GIVEN, Precision.ENTRANCE, Precision.BUILDING})
"""A person may confirm these; a street or compound is not a door."""

WORTH: Final = {
    Precision.GIVEN: msg("coordinates"),
    Precision.ENTRANCE: msg("entrance"),
    Precision.BUILDING: msg("building"),
    Precision.COMPOUND: msg("compound: the building is not known"),
    Precision.STREET: msg("street: the door is not known"),
    Precision.AREA: msg("area: the door is not known"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsure:
    """An uncertain row: its line number, the address as written and as understood, and the candidates."""

    row: int | None  # a number of `model.line`
    address: str = field(repr=False)
    access: Access = field(default=Access(), repr=False)
    understood: str = field(default="", repr=False)
    reason: Reason
    candidates: tuple[Candidate, ...] = field(default=(), repr=False)


def unsure_rows(queries: Sequence[Query], outcomes: Sequence[Outcome]) -> tuple[Unsure, ...]:
    """Return the rows that were not located, in the order of the sheet; equal addresses only once."""
    rows: dict[tuple[str, str, str], Unsure] = {}
    for query, outcome in zip(queries, outcomes, strict=True):
        if isinstance(outcome, NotFound) and (query.address.strip() or query.access.building):
            unsure = Unsure(
                row=query.row,
                address=query.address,
                access=query.access,
                understood=str(understand_address(query.address, query.access)),
                reason=outcome.reason,
                candidates=outcome.candidates,
            )
            rows.setdefault((query.address, query.access.building, query.access.unit), unsure)
    return tuple(sorted(rows.values(), key=lambda unsure: unsure.row or 0))


def review_in_terminal(
    unsure: Iterable[Unsure], *, ask: Callable[[Text], str], tell: Callable[[Text], None], who: str = ""
) -> tuple[KnownPlace, ...]:
    """Ask about each row; return what was confirmed, even if the review is stopped.

    `ask` shows a question and returns the answer: the number of a candidate, coordinates (latitude,
    longitude), nothing to leave the row open, or `q` to stop. `tell` shows a line. End of input (EOFError)
    also stops.
    """
    confirmed: list[KnownPlace] = []
    rows = list(unsure)
    for at, row in enumerate(rows, start=1):
        tell(
            msg(
                "{at} of {n}: {address}",
                at=at,
                n=len(rows),
                address=" ".join(filter(None, (row.address, row.access.building))),
            )
        )
        for number, candidate in enumerate(row.candidates, start=1):
            tell(
                msg(
                    "  {number}  {label} ({what})",
                    number=number,
                    label=candidate.label,
                    what=WORTH[candidate.precision],
                )
            )
        try:
            point = _answered(row, ask, tell)
        except EOFError:
            break
        if point is not None:
            confirmed.append(KnownPlace(address=row.address, access=row.access, point=point, who=who))
    return tuple(confirmed)


def _answered(row: Unsure, ask: Callable[[Text], str], tell: Callable[[Text], None]) -> Point | None:
    """Ask until the answer is valid; None leaves the row open. Raises EOFError if the person stops."""
    while True:
        answer = ask(msg("Number, coordinates (latitude, longitude), Enter to skip, q to stop")).strip()
        if not answer:
            return None
        if answer.casefold() in {"q", "quit"}:
            raise EOFError
        if answer.isdecimal() and 1 <= int(answer) <= len(row.candidates):
            chosen = row.candidates[int(answer) - 1]
            if chosen.precision in DOORS:
                return chosen.point
            tell(msg("That is not the door: type its coordinates instead."))
            continue
        positions = coordinates(answer)
        if positions:
            # latitude first, unless the signs say otherwise
            return Point(positions[0].lon, positions[0].lat)
        tell(msg("That is neither a number of the list nor coordinates."))
