"""What is asked of the geocoder, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from doorroute.model.place import Access, Candidate, Datum, GivenPoint, Place
from doorroute.model.plan import Reason


@dataclass(frozen=True, slots=True)
class Query:
    """One door to find: the address as written, coordinates if any, and what separate columns say about the way in.

    `key` names the query to the caller; `table` and `row` are where findings about it point to. `datum` is that of its coordinates
    where they name none themselves.
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
    """A door that was found for sure."""

    key: str
    place: Place


@dataclass(frozen=True, slots=True)
class NotFound:
    """A door that was not: nothing near it is known (`NO_LOCATION`), or what was found is not sure enough."""

    key: str
    reason: Reason
    candidates: tuple[Candidate, ...] = ()


Outcome: TypeAlias = Located | NotFound
