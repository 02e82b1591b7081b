"""From queries to places: what is sure is placed, everything else is handed back with what it may mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from doorroute.geocode import messages
from doorroute.geocode.address_cells import LONGEST, coordinates, is_po_box, parts
from doorroute.geocode.datum import to_wgs84
from doorroute.geocode.find import SearchResult, distinct, find
from doorroute.geocode.index import AddressIndex
from doorroute.geocode.known_places import KnownPlace, KnownPlaces
from doorroute.geocode.online import Online
from doorroute.geocode.query import Located, NotFound, Outcome, Query
from doorroute.geocode.spelling import key
from doorroute.model.finding import Finding
from doorroute.model.place import Access, Candidate, GivenPoint, Place, Point, Precision
from doorroute.model.plan import Reason
from doorroute.model.settings import Settings

CONTRADICTION_M: Final = 200
_NOTHING: Final = SearchResult(place=None, candidates=())


@dataclass(frozen=True, slots=True)
class Sources:
    """What is asked besides the extract: `known` places before it, the pins first, and `online` services for what is unsure then."""

    known: tuple[KnownPlaces, ...] = ()
    online: tuple[Online, ...] = ()


def locate(
    queries: Sequence[Query], index: AddressIndex, settings: Settings, *, sources: Sources = Sources()
) -> tuple[tuple[Outcome, ...], tuple[Finding, ...]]:
    """Find the door of every query: outcomes in the order of `queries`, and what was noticed on the way.

    Confirmed pins are asked first, then the user's gazetteer, the extract, and services on the network if any were given. A place
    is given only where its score reaches `settings.min_score`; the others come back with their candidates.
    """
    run = _Run(index, settings, sources)
    outcomes = [run.outcome(query) for query in queries]
    run.ask_online(queries, outcomes)
    empty = list(index.findings) if any(isinstance(outcome, NotFound) for outcome in outcomes) else []
    return tuple(outcomes), (*empty, *run.findings)


class _Run:
    def __init__(self, index: AddressIndex, settings: Settings, sources: Sources) -> None:
        self.index = index
        self.settings = settings
        self.sources = sources
        self.findings: list[Finding] = []

    def outcome(self, query: Query) -> Outcome:
        given = query.given
        if given is None:
            written = coordinates(query.address)
            if written is not None:
                return self._written(query, written)
        search = self._search(query)
        place = self._sure(search)
        if given is not None:
            return self._given(query, given, place)
        if place is not None:
            return Located(query.key, place)
        return NotFound(
            query.key,
            Reason.LOW_GEOCODE_PRECISION if search.candidates else Reason.NO_LOCATION,
            search.candidates,
        )

    def _search(self, query: Query) -> SearchResult:
        """Ask pins, gazetteer and extract; odd cells are told, and never searched in part."""
        if len(query.address) > LONGEST:
            self.findings.append(messages.too_long(query))
            return _NOTHING
        if is_po_box(query.address):
            self.findings.append(messages.po_box(query))
            return _NOTHING
        extract = self._one_of_two(query) or find(query.address, query.access, self.index)
        known = self._known(query, extract)
        return SearchResult(place=known, candidates=extract.candidates) if known is not None else extract

    def _one_of_two(self, query: Query) -> SearchResult | None:
        """Return the candidates where the cell holds two addresses that lie apart, the fuller one where both are one door; else None."""
        pieces = parts(query.address)
        if len(pieces) < 2:
            return None
        searches = [find(piece, query.access, self.index) for piece in pieces]
        places = [
            search.place
            for search in searches
            if search.place is not None and search.place.score >= self.settings.min_score
        ]
        if len({place.entrance_id.rpartition("|")[0] for place in places}) < 2:
            return (
                max(zip(map(len, pieces), searches, strict=True), key=lambda piece: piece[0])[1]
                if len(places) == len(pieces)
                else None
            )
        self.findings.append(messages.two_addresses(query))
        offered = (
            Candidate(
                label=place.label,
                point=place.point,
                precision=place.precision,
                score=place.score / len(places),
            )
            for place in places
        )
        return SearchResult(place=None, candidates=tuple(offered))

    def _known(self, query: Query, extract: SearchResult) -> Place | None:
        """Return what pins and gazetteer say; where the extract finds the building too, doors of it share its entrances."""
        mapped = self._sure(extract)
        for source in self.sources.known:
            place = source.exactly(query.address, query.access)
            if place is None:
                found = source.alike(query.address, query.access)
                if found is None or found[0].score < self.settings.min_score:
                    continue
                place, known = found
                if mapped is None and extract.equally_likely > 1:
                    continue  # the words were another row's; here they may mean either place
                if mapped is not None and not self._same_building(known, mapped):
                    continue  # the map knows this name; the pin is another's
                if mapped is not None and self.index.metres(place.point, mapped.point) <= CONTRADICTION_M:
                    return None  # the map knows the very door
            if mapped is None:
                return place
            apart = self.index.metres(place.point, mapped.point)
            if apart > CONTRADICTION_M:
                if (
                    query.given is None
                ):  # else the row's own coordinates hold, and what they contradict is told
                    self.findings.append(messages.pin_contradicts(query, source.source, round(apart)))
                return place
            return replace(place, entrance_id=mapped.entrance_id)
        return None

    def _sure(self, search: SearchResult) -> Place | None:
        return (
            search.place
            if search.place is not None and search.place.score >= self.settings.min_score
            else None
        )

    def _same_building(self, known: KnownPlace, mapped: Place) -> bool:
        """Tell whether the map has the address of a known place in the building that it has another address in."""
        place = self._sure(find(known.address, known.access, self.index))
        return (
            place is not None
            and place.entrance_id.rpartition("|")[0] == mapped.entrance_id.rpartition("|")[0]
        )

    def _given(self, query: Query, given: GivenPoint, found: Place | None) -> Outcome:
        """Take the coordinates of the row; the building that its address names, if one is found, says which doors share an entrance."""
        try:
            point = to_wgs84(given, query.datum)
        except ValueError:
            self.findings.append(messages.off_earth(query))
            return NotFound(query.key, Reason.NO_LOCATION)
        own = "|".join(
            (f"{point.lon:.4f},{point.lat:.4f}", key(query.access.building), key(query.access.unit))
        )
        if found is None:
            return Located(query.key, _given_place(point, own, "", query.access))
        apart = self.index.metres(point, found.point)
        if apart > CONTRADICTION_M:
            self.findings.append(messages.contradiction(query, round(apart)))
            return Located(query.key, _given_place(point, own, "", found.access))
        return Located(query.key, _given_place(point, found.entrance_id, found.label, found.access))

    def _written(self, query: Query, positions: Sequence[GivenPoint]) -> Outcome:
        """Take coordinates out of the address cell where only one order of them lies in the extract; ask otherwise."""
        points = [(position, to_wgs84(position, query.datum)) for position in positions]
        inside = [(position, point) for position, point in points if self._in_extract(point)]
        if len(inside) == 1:
            self.findings.append(messages.coordinates_in_address(query, taken=True))
            return self._given(query, inside[0][0], None)
        self.findings.append(messages.coordinates_in_address(query, taken=False))
        offered = tuple(
            Candidate(
                label=f"{point.lat:.5f}, {point.lon:.5f}", point=point, precision=Precision.GIVEN, score=0.5
            )
            for _, point in points
        )
        return NotFound(query.key, Reason.LOW_GEOCODE_PRECISION if offered else Reason.NO_LOCATION, offered)

    def _in_extract(self, point: Point) -> bool:
        return self.index.bounds is not None and self.index.is_near(point)

    def ask_online(self, queries: Sequence[Query], outcomes: list[Outcome]) -> None:
        """Ask the services, one after the other, for what is still unsure; what was found before stays."""
        for service in self.sources.online:
            unsure = [
                at
                for at, outcome in enumerate(outcomes)
                if isinstance(outcome, NotFound) and queries[at].given is None
            ]
            answered, troubles = service.ask([queries[at] for at in unsure])
            self.findings += troubles
            for at in unsure:
                place, offered = answered.get(queries[at].key, (None, ()))
                outcome = outcomes[at]
                if (
                    place is not None
                    and place.score >= self.settings.min_score
                    and not self._elsewhere(place, outcome)
                ):
                    outcomes[at] = Located(queries[at].key, place)
                elif offered and isinstance(outcome, NotFound):
                    outcomes[at] = NotFound(
                        outcome.key, Reason.LOW_GEOCODE_PRECISION, distinct((*outcome.candidates, *offered))
                    )

    def _elsewhere(self, place: Place, outcome: Outcome) -> bool:
        """Tell whether the map offered doors for the address, and a service names none of them."""
        doors = [
            offer.point
            for offer in getattr(outcome, "candidates", ())
            if offer.precision in _DOORS and offer.score >= _SERIOUS
        ]
        return bool(doors) and min(self.index.metres(place.point, door) for door in doors) > CONTRADICTION_M


_DOORS: Final = {Precision.ENTRANCE, Precision.BUILDING}
_SERIOUS: Final = 0.4


def _given_place(point: Point, entrance: str, label: str, access: Access) -> Place:
    return Place(
        point=point,
        precision=Precision.GIVEN,
        score=1.0,
        source="given",
        entrance_id=entrance,
        label=label,
        access=access,
    )
