"""The question to the geocoder and its answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from doorroute.model.place import Access, Candidate, Datum, GivenPoint, Place
from doorroute.model.plan import Reason


@dataclass(frozen=True, slots=True)
class Query:
    """One door to find: its address, coordinates if any, and the parts from separate columns.

    `key` identifies the query to the caller; findings refer to `table` and `row`. `datum` is that of
    coordinates without a datum.
    """

    key: str
    address: str = field(default="", repr=False)
    given: GivenPoint | None = None
    access: Access = Access()
    row: int | None = None
    table: str = "residents"
    datum: Datum = Datum.WGS84


@dataclass(frozen=True, slots=True)
class Located:
    """A door that was found with certainty."""

    key: str
    place: Place


@dataclass(frozen=True, slots=True)
class NotFound:
    """A door that was not found: nothing is known (`NO_LOCATION`), or the candidates are uncertain."""

    key: str
    reason: Reason
    candidates: tuple[Candidate, ...] = ()


Outcome: TypeAlias = Located | NotFound
