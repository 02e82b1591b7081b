"""From queries to places: sure ones are located, all others are returned with candidates."""

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
    """Sources other than the extract.

    `known` places come before it, pins first; `online` services come last, for what is still unsure.
    """

    known: tuple[KnownPlaces, ...] = ()
    online: tuple[Online, ...] = ()


def locate(
    queries: Sequence[Query], index: AddressIndex, settings: Settings, *, sources: Sources = Sources()
) -> tuple[tuple[Outcome, ...], tuple[Finding, ...]]:
    """Find the door of every query; return outcomes in the order of `queries`, and findings.

    Confirmed pins come first, then the gazetteer, the extract, and online services if there are any. A place
    must have a score of at least `settings.min_score`; other queries get candidates.
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
        """Search pins, gazetteer and extract; cells that are not an address are reported, not searched."""
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
        """Return the result for a cell with two addresses, or None if it is one.

        Two different doors give candidates; two addresses of one door give the result of the longer text.
        """
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
        """Return the place from pins or gazetteer.

        If the extract has the building too, its doors share their entrances.
        """
        mapped = self._sure(extract)
        for source in self.sources.known:
            place = source.same_words(query.address, query.access)
            if place is None:
                found = source.same_building(query.address, query.access)
                if found is None or found[0].score < self.settings.min_score:
                    continue
                place, known = found
                if mapped is None and extract.equally_likely > 1:
                    continue  # the pin was for another row; here the words are ambiguous
                if mapped is not None and not self._same_building(known, mapped):
                    continue  # the map knows this name; the pin is for another building
                if mapped is not None and self.index.metres(place.point, mapped.point) <= CONTRADICTION_M:
                    return None  # the map knows this door
            if mapped is None:
                return place
            distance_m = self.index.metres(place.point, mapped.point)
            if distance_m > CONTRADICTION_M:
                if query.given is None:  # else the row's own coordinates are used and checked
                    self.findings.append(messages.pin_contradicts(query, source.source, round(distance_m)))
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
        """Return whether the address of a known place is in this building of the map."""
        place = self._sure(find(known.address, known.access, self.index))
        return (
            place is not None
            and place.entrance_id.rpartition("|")[0] == mapped.entrance_id.rpartition("|")[0]
        )

    def _given(self, query: Query, given: GivenPoint, found: Place | None) -> Outcome:
        """Use the coordinates of the row.

        The building of its address decides which doors share an entrance.
        """
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
        distance_m = self.index.metres(point, found.point)
        if distance_m > CONTRADICTION_M:
            self.findings.append(messages.contradiction(query, round(distance_m)))
            return Located(query.key, _given_place(point, own, "", found.access))
        return Located(query.key, _given_place(point, found.entrance_id, found.label, found.access))

    def _written(self, query: Query, positions: Sequence[GivenPoint]) -> Outcome:
        """Use coordinates in the address cell if only one order of them is in the extract."""
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
        """Ask the services, one after the other, for what is still unsure."""
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
        """Return whether the map has candidate doors, but the service's place is none of them."""
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
