"""The table of located doors: `doorroute locate` writes it, `doorroute plan` can read it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from doorroute.disk.files import write_whole
from doorroute.disk.spreadsheet import fitting, workbook, write_csv
from doorroute.errors import BadInputError
from doorroute.model.place import Datum
from doorroute.texts import msg

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from doorroute.model.place import Place
    from doorroute.model.plan import NotLocated
    from doorroute.model.resident import Resident, Visit, VisitId

COLUMNS = (
    "id",
    "name",
    "phone",
    "address",
    "lon",
    "lat",
    "datum",
    "precision",
    "score",
    "source",
    "found_as",
    "reason",
    "candidates",
    "household",
    "people",
    "building",
    "unit",
    "floor",
    "lift",
    "room",
    "service_min",
    "window",
    "class",
    "kits",
    "suits",
    "tubes",
    "kind",
    "skills",
    "priority",
    "area",
    "team",
    "not_team",
    "last_team",
    "note",
)


def write_places(
    out: Path,
    visits: Sequence[Visit],
    places: Mapping[VisitId, Place],
    not_located: Sequence[NotLocated],
) -> None:
    """Write a row for each resident, unsure ones first; `out` ends in .xlsx, .csv or .geojson.

    Raises
    ------
    BadInputError
        `out` has another suffix.
    """
    unsure = {entry.row: entry for entry in not_located}
    rows = [
        _row(visit, resident, places.get(visit.id), unsure.get(resident.row))
        for visit in visits
        for resident in visit.residents
    ]
    rows.sort(key=lambda row: (row["score"] is not None, float(row["score"] or 0)))  # type: ignore[arg-type]
    suffix = out.suffix.lower()
    if suffix == ".csv":
        write_csv(out, COLUMNS, ([row[name] for name in COLUMNS] for row in rows))
    elif suffix == ".xlsx":
        _write_workbook(out, rows)
    elif suffix == ".geojson":
        features = [
            {
                "type": "Feature",
                "geometry": None
                if row["lon"] is None
                else {"type": "Point", "coordinates": [row["lon"], row["lat"]]},
                "properties": {name: row[name] for name in COLUMNS if name not in {"lon", "lat", "datum"}},
            }
            for row in rows
        ]
        write_whole(
            out,
            json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, indent=1)
            + "\n",
        )
    else:
        raise BadInputError(
            "OUT_SUFFIX",
            msg("The format {suffix} is not supported.", suffix=suffix or out.name),
            msg("Give --out a name that ends in .xlsx, .csv or .geojson."),
        )


def _row(
    visit: Visit, resident: Resident, place: Place | None, unsure: NotLocated | None
) -> dict[str, object]:
    access = place.access if place else visit.access
    given = visit.given  # an unresolved row keeps it: the address alone is not enough
    lon, lat, datum = (given.lon, given.lat, given.datum) if given else (None, None, None)
    if place:
        lon, lat, datum = round(place.point.lon, 7), round(place.point.lat, 7), Datum.WGS84
    return {
        "id": resident.id,
        "name": resident.name,
        "phone": resident.phone,
        "address": resident.address,
        "lon": lon,
        "lat": lat,
        "datum": datum.value if datum else None,
        "precision": place.precision.value if place else None,
        "score": round(place.score, 3) if place else None,
        "source": place.source if place else None,
        "found_as": place.label if place else None,
        "reason": unsure.code.value if unsure else None,
        "candidates": "; ".join(c.label for c in unsure.candidates) if unsure else None,
        "household": resident.household,
        "people": resident.people,
        "building": access.building,
        "unit": access.unit,
        "floor": access.floor,
        "lift": {True: "yes", False: "no", None: None}[access.lift],
        "room": access.room,
        "service_min": None if resident.service_s is None else round(resident.service_s / 60, 2),
        "window": ";".join(str(window) for window in resident.time_windows),
        "class": resident.infection_class.value,
        "kits": resident.kits,
        "suits": resident.suits,
        "tubes": resident.tubes,
        "kind": resident.kind,
        "skills": ";".join(sorted(resident.skills)),
        "priority": resident.priority,
        "area": resident.area,
        "team": ";".join(sorted(resident.only_teams or ())),
        "not_team": ";".join(sorted(resident.not_teams)),
        "last_team": resident.last_team,
        "note": resident.note,
    }


def _write_workbook(out: Path, rows: Sequence[Mapping[str, object]]) -> None:
    with workbook(out) as book:
        sheet = book.add_worksheet("places")
        bold = book.add_format({"bold": True})
        for column, name in enumerate(COLUMNS):
            sheet.write_string(0, column, name, bold)
        for line, row in enumerate(rows, start=1):
            for column, name in enumerate(COLUMNS):
                value = row[name]
                sheet.write(line, column, fitting(value) if isinstance(value, str) else value)
        sheet.freeze_panes(1, 1)
        sheet.autofit()
