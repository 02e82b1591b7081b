"""Choose the datum of every source of coordinates: as stated, else as its addresses show, else WGS 84."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from doorroute.geocode.address_cells import coordinates
from doorroute.geocode.datum import in_mainland
from doorroute.geocode.datum_guess import DATUMS, Sign, Verdict, judge
from doorroute.geocode.datum_messages import row_misplaced
from doorroute.geocode.datum_signs import signs_of
from doorroute.geocode.index import AddressIndex
from doorroute.geocode.query import Query
from doorroute.model.finding import Finding
from doorroute.model.place import Datum, DatumBy, GivenPoint, TakenDatum

RESIDENTS: Final = "residents"
_ENOUGH: Final = 300  # rows examined per source, spread over it
_FAR_M, _NEAR_M = 250, 60  # distances from the named thing: another place; this place
_Row = tuple[Query, GivenPoint]


def settle_datums(
    sources: Mapping[str, Sequence[Query]], index: AddressIndex | None, wanted: Datum | None
) -> tuple[TakenDatum, ...]:
    """Return the datum of each source with coordinates in mainland China, the list of residents first.

    Rows that state their datum are a source of their own; their datum is used, but checked too. If nothing is
    known, the datum is that of the other rows of the file, else that of the list of residents.

    Parameters
    ----------
    sources
        The rows of each file, with their coordinates, by the name of the file in `plan.json`.
    index
        What the addresses may name; None without an extract.
    wanted
        The datum that the user set for coordinates without one.
    """
    taken: list[TakenDatum] = []
    for name in sorted(sources, key=lambda name: name != RESIDENTS):
        rows = [row for query in sources[name] for row in _rows(query)]
        for said in (*Datum, None):
            own = [row for row in rows if row[1].datum is said]
            if own:
                verdict = judge(_signs(own, index)) if index else Verdict()
                taken.append(_taken(name, len(own), said, wanted, verdict, taken))
    return tuple(taken)


def datum_of(taken: Sequence[TakenDatum], source: str) -> Datum:
    """Return the datum of the coordinates of `source` that state none."""
    own = (each.datum for each in taken if each.source == source and each.by is not DatumBy.SAID)
    return next(own, Datum.WGS84)


def _rows(query: Query) -> list[_Row]:
    """Return the coordinates of a query in mainland China, including those in its address cell."""
    if query.given is not None:
        return [(query, query.given)] if _inside(query.given) else []
    bare = replace(query, address="")
    return [(bare, point) for point in coordinates(query.address) or () if _inside(point)]


def _inside(point: GivenPoint) -> bool:
    return -180 <= point.lon <= 180 and -90 <= point.lat <= 90 and in_mainland(point.lon, point.lat)


def _signs(rows: Sequence[_Row], index: AddressIndex) -> list[list[Sign]]:
    # equal points count once: a list may give everybody the middle of the compound
    distinct = list({(round(row[1].lon, 4), round(row[1].lat, 4)): row for row in rows}.values())
    step = max(1, -(-len(distinct) // _ENOUGH))
    found = (signs_of(query, point, index) for query, point in distinct[::step])
    return [signs for signs in found if signs]


def _taken(
    source: str,
    rows: int,
    said: Datum | None,
    wanted: Datum | None,
    verdict: Verdict,
    before: Sequence[TakenDatum],
) -> TakenDatum:
    if said is not None:
        datum, by = said, DatumBy.SAID
    elif wanted is not None:
        datum, by = wanted, DatumBy.SET
    elif verdict.datum is not None:
        datum, by = verdict.datum, DatumBy.NAMES
    else:
        listed = _said_of(source, before) or _said_of(RESIDENTS, before)
        datum, by = (listed, DatumBy.LIST) if listed else (Datum.WGS84, DatumBy.ASSUMED)
    return TakenDatum(
        source=source,
        datum=datum,
        by=by,
        rows=rows,
        witnesses=verdict.rows,
        metres=tuple(round(metres) for metres in verdict.metres),
        fits=verdict.datum,
        mixed=verdict.mixed,
    )


def _said_of(source: str, taken: Sequence[TakenDatum]) -> Datum | None:
    """Return the datum of the other rows of `source`, if it is known and unique."""
    known = {each.datum for each in taken if each.source == source and each.by is not DatumBy.ASSUMED}
    return known.pop() if len(known) == 1 else None


def misplaced_rows(queries: Sequence[Query], index: AddressIndex) -> tuple[Finding, ...]:
    """Report each row whose point is far from what its address names, but near it in another datum."""
    found = []
    for query in queries:
        if query.given is None or not _inside(query.given):
            continue
        taken = DATUMS.index(query.given.datum or query.datum)
        signs = signs_of(query, query.given, index)
        metres = [min(sign.metres[at] for sign in signs) for at in range(len(DATUMS))] if signs else [0.0]
        best = metres.index(min(metres))
        if len(metres) > 1 and metres[taken] > _FAR_M and metres[best] < _NEAR_M:
            found.append(
                row_misplaced(query, DATUMS[taken], round(metres[taken]), DATUMS[best], round(metres[best]))
            )
    return tuple(found)
