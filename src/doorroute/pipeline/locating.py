"""From tables to places: ask geocoding for every door, and sort its answers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from doorroute.errors import BadInputError
from doorroute.model.finding import Finding, FindingCode, Severity
from doorroute.model.plan import NotLocated
from doorroute.model.travel import depot_key, visit_key
from doorroute.pipeline.surroundings import Surroundings
from doorroute.texts import msg, msg_n

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from doorroute.disk.cache import CacheProblem
    from doorroute.geocode import AddressIndex, KnownPlaces, Outcome, Query, Sources, Unsure
    from doorroute.model.place import Datum, Place, TakenDatum
    from doorroute.model.resident import VisitId
    from doorroute.model.settings import Settings
    from doorroute.model.team import DepotId
    from doorroute.pipeline.reading import DayTables
    from doorroute.pipeline.stages import Reporter


@dataclass(frozen=True, kw_only=True)
class LocatedDoors:
    """The places of visits and depots, and the rows without a place.

    `unsure` has the rows that a person can decide. `datums` has the datum of every table with coordinates,
    `troubles` what went wrong with the cache.
    """

    places: Mapping[VisitId, Place]
    depot_places: Mapping[DepotId, Place]
    not_located: tuple[NotLocated, ...]
    unsure: tuple[Unsure, ...]
    datums: tuple[TakenDatum, ...]
    troubles: frozenset[CacheProblem]
    findings: tuple[Finding, ...]


def queries_of(tables: DayTables) -> tuple[Query, ...]:
    """Return the queries for geocoding: the depots, then the visits."""
    from doorroute.geocode import Query
    from doorroute.model.place import Access

    return (
        *(
            Query(depot_key(d.id), d.address, d.given, Access(), table="depots")
            for d in tables.depots.values()
        ),
        *(
            Query(visit_key(v.id), v.address, v.given, v.access, row=v.residents[0].row)
            for v in tables.visits
        ),
    )


def sources_of(pins: Path | None, gazetteer: Path | None) -> tuple[Sources, tuple[Finding, ...]]:
    """Read the confirmed pins and the user's gazetteer. No online service is used."""
    from doorroute.geocode import Sources, read_gazetteer, read_pins

    known = []
    findings: tuple[Finding, ...] = ()
    for path, read in ((pins, read_pins), (gazetteer, read_gazetteer)):
        if path is not None:
            places, found = read(path)
            known.append(places)
            findings += found
    return Sources(known=tuple(known)), findings


def datums_of(
    tables: DayTables, sources: Sources, index: AddressIndex | None, wanted: Datum | None
) -> tuple[TakenDatum, ...]:
    """Return the datum of every table with coordinates. Without an `index` only stated datums are known."""
    from doorroute.geocode import Query, settle_datums

    asked: dict[str, list[Query]] = {}
    for query in queries_of(tables):
        asked.setdefault(_source(query, tables), []).append(query)
    for places in sources.known:
        asked[known_as(places)] = [
            Query("", place.address, place.given, place.access) for place in places.current if place.given
        ]
    return settle_datums(asked, index, wanted)


def known_as(places: KnownPlaces) -> str:
    """Return the name in `plan.json` of the file of these known places."""
    return {"pin": "pins"}.get(places.source, places.source)


def _source(query: Query, tables: DayTables) -> str:
    """Return the name in `plan.json` of the file that a query is from."""
    if query.row is None:
        return query.table
    return next((name for name, rows in tables.lines.items() if query.row in rows), query.table)


def locate_visits(
    tables: DayTables,
    extract: Path,
    *,
    settings: Settings,
    cache: Path | None,
    sources: Sources | None = None,
) -> LocatedDoors:
    """Find the doors of the visits and the depots.

    Raises
    ------
    BadInputError
        A depot cannot be found for sure.
    """
    from doorroute.geocode import Located as Found
    from doorroute.geocode import (
        Sources,
        datum_findings,
        datum_of,
        locate,
        misplaced_rows,
        open_index,
        unsure_rows,
    )

    index, asked = open_index(extract, cache=cache), sources or Sources()
    datums = datums_of(tables, asked, index, settings.datum)
    queries = tuple(
        replace(query, datum=datum_of(datums, _source(query, tables))) for query in queries_of(tables)
    )
    doubted = {each.source for each in datums if each.fits not in {None, each.datum}}  # as a whole
    strange = misplaced_rows([query for query in queries if _source(query, tables) not in doubted], index)
    known = tuple(places.taken_in(datum_of(datums, known_as(places))) for places in asked.known)
    sources, elsewhere = _of_this_town(replace(asked, known=known), index)
    outcomes, findings = locate(queries, index, settings, sources=sources)
    by_key: dict[str, Outcome] = {outcome.key: outcome for outcome in outcomes}
    places: dict[VisitId, Place] = {}
    not_located: list[NotLocated] = []
    for visit in tables.visits:
        outcome = by_key[visit_key(visit.id)]
        if isinstance(outcome, Found):
            places[visit.id] = outcome.place
            continue
        not_located.extend(
            NotLocated(
                row=r.row,
                resident=r.id,
                code=outcome.reason,
                address=r.address,
                candidates=outcome.candidates,
                sheet=r.sheet,
            )
            for r in visit.residents
        )
    return LocatedDoors(
        places=places,
        depot_places={depot: _depot_place(depot, by_key[depot_key(depot)]) for depot in tables.depots},
        not_located=tuple(sorted(not_located, key=lambda entry: entry.row)),
        unsure=tuple(row for row in unsure_rows(queries, outcomes) if row.row is not None),
        datums=datums,
        troubles=index.troubles,
        findings=(
            *datum_findings(datums),
            *elsewhere,
            *_pins_told(sources, places.values()),
            *(_with_header(each, tables) for each in (*strange, *findings)),
            *(_not_found(entry, tables) for entry in not_located),
        ),
    )


def _of_this_town(sources: Sources, index: AddressIndex) -> tuple[Sources, tuple[Finding, ...]]:
    """Leave out pins of another town. The gazetteer stays: the user named it."""
    from doorroute.geocode.known_places import PIN
    from doorroute.geocode.messages import pins_of_another_town

    here = tuple(known.near(index) if known.source == PIN else known for known in sources.known)
    left_out = sum(len(known) - len(near) for known, near in zip(sources.known, here, strict=True))
    return replace(sources, known=here), (pins_of_another_town(left_out),) if left_out else ()


def _pins_told(sources: Sources, places: Collection[Place]) -> tuple[Finding, ...]:
    """Return a note of how many pins were used: the file may have been found next to the list, unasked."""
    from doorroute.geocode.known_places import PIN
    from doorroute.geocode.messages import pins_of_this_list

    pins = sum(len(known) for known in sources.known if known.source == PIN)
    return (pins_of_this_list(sum(place.source == PIN for place in places), pins),) if pins else ()


def locate_around(
    tables: DayTables,
    extract: Path,
    reporter: Reporter,
    *,
    settings: Settings,
    cache: Path | None,
    sources: Sources | None = None,
) -> tuple[Surroundings, LocatedDoors, tuple[Finding, ...]]:
    """Find the doors in the surroundings of the day, cut out of a large extract if need be.

    Returns the surroundings, the doors, and findings about the cut.

    Raises
    ------
    BadInputError
        As `locate_visits`; or the extract has nothing around the depots.
    """
    near = Surroundings.of(extract, tables, settings, cache, reporter)
    located = locate_visits(tables, near.extract, settings=settings, cache=cache, sources=sources)
    return near.reaching(located), located, near.findings(located)


def _depot_place(depot: DepotId, outcome: Outcome) -> Place:
    from doorroute.geocode import Located as Found

    if isinstance(outcome, Found):
        return outcome.place
    near = ", ".join(candidate.label for candidate in outcome.candidates[:3])
    raise BadInputError(
        "DEPOT_NOT_LOCATED",
        msg("The depot {depot} was not found on the map.", depot=depot),
        msg("Did you mean {near}? Or give its lon and lat.", near=near)
        if near
        else msg("Check its address, or give its lon and lat."),
    )


def _not_found(entry: NotLocated, tables: DayTables) -> Finding:
    found = len(entry.candidates)
    return Finding(
        severity=Severity.ERROR,
        code=FindingCode(entry.code.value),
        table="residents",
        row=entry.row,
        sheet=entry.sheet,
        column=tables.residents.columns.get("address", ""),
        message=msg_n(
            "The address was not found for sure; it may be {n} place.",
            "The address was not found for sure; it may be one of {n} places.",
            found,
        )
        if found
        else msg("The address was not found on the map."),
        advice=msg("Decide it on the review page, correct the address, or give lon and lat."),
    )


def _with_header(finding: Finding, tables: DayTables) -> Finding:
    """Add the header of the address column, which geocoding does not know."""
    if finding.column or finding.table != "residents" or finding.row is None:
        return finding
    return replace(finding, column=tables.residents.columns.get("address", ""))
