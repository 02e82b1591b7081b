"""The review page: rows in doubt, the map, and their candidates; confirmed doors are saved as pins.

One file that needs no network. It holds the addresses of its rows and all pins so far, so that the saved
file is whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from doorroute.disk.files import write_whole
from doorroute.model.line import row_of
from doorroute.model.place import Point
from doorroute.output.basemap.packed import MARGIN_M, BaseMap, read_base_map
from doorroute.output.pages.assets import render_page
from doorroute.output.views.doors import way_in
from doorroute.output.views.routes import lat_lon
from doorroute.texts import Text, literal, msg

if TYPE_CHECKING:
    from doorroute.geocode import KnownPlace, NamedPlace, Unsure

_WHOLE_EXTRACT_M: Final = 4_000  # an extract up to this size is drawn whole: a row may be anywhere in it


def write_review(
    out: Path,
    unsure: Sequence[Unsure],
    extract: Path,
    bounds: tuple[float, float, float, float] | None,
    *,
    lang: str,
    pins: Sequence[KnownPlace] = (),
    who: str = "",
    places: Sequence[NamedPlace] = (),
) -> Path:
    """Write the review page to `out`.

    `bounds` (west, south, east, north) are those of the address index, `pins` the ones so far, `places`
    (`named_places`) what the map shows by name and can be searched for.

    Raises BadInputError where the extract cannot be read.
    """
    base_map = BaseMap({}) if bounds is None else read_base_map(extract)
    page = review_page(unsure, base_map, bounds, lang=lang, pins=pins, who=who, places=places)
    write_whole(out, page)
    return out


def review_page(
    unsure: Sequence[Unsure],
    base_map: BaseMap,
    bounds: tuple[float, float, float, float] | None,
    *,
    lang: str,
    pins: Sequence[KnownPlace] = (),
    who: str = "",
    places: Sequence[NamedPlace] = (),
) -> str:
    """Return the page as HTML, complete in itself."""
    from doorroute.geocode.pins import PIN_COLUMNS

    drawn = _drawn(unsure, bounds)
    example = _example(unsure, bounds)
    data = {
        "rows": [_row(row, lang) for row in unsure],
        "pins": [_pin(pin) for pin in pins],
        "columns": PIN_COLUMNS,
        "bounds": [[bounds[1], bounds[0]], [bounds[3], bounds[2]]] if bounds else None,
        "places": [
            [place.label, place.sign, round(place.point.lat, 6), round(place.point.lon, 6), int(place.door)]
            for place in places
        ],
        "words": {name: text.into(lang) for name, text in _words(example).items()},
    }
    context = {
        "rows": unsure,
        "shown": row_of,
        "who": who,
        "example": example,
        "datums": bounds is not None and _datums_differ(bounds),
        "review_data": data,
        "map_data": base_map.cut(drawn, MARGIN_M) if drawn else None,
    }
    return render_page("review.html.j2", lang, context)


def _drawn(unsure: Sequence[Unsure], bounds: tuple[float, float, float, float] | None) -> list[Point]:
    """Return the points around which houses are drawn: candidates, and the extract or its corners."""
    points = [candidate.point for row in unsure for candidate in row.candidates]
    if bounds is None:
        return points
    west, south, east, north = bounds
    small = (north - south) * 111_320 <= _WHOLE_EXTRACT_M
    steps = range(9) if small else (0, 8)
    return [
        *points,
        *(Point(west + (east - west) * x / 8, south + (north - south) * y / 8) for x in steps for y in steps),
    ]


def _example(unsure: Sequence[Unsure], bounds: tuple[float, float, float, float] | None) -> str:
    """Return an example of coordinates as people paste them (in China from map services), or ''."""
    at = next((candidate.point for row in unsure for candidate in row.candidates), None)
    if bounds is not None:
        at = Point((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2)
    if at is None:
        return ""
    china = bounds is not None and _datums_differ(bounds)
    return f"{at.lon:.4f},{at.lat:.4f}" if china else f"{at.lat:.5f}, {at.lon:.5f}"


def _datums_differ(bounds: tuple[float, float, float, float]) -> bool:
    from doorroute.geocode.datum import in_mainland

    west, south, east, north = bounds
    return in_mainland((west + east) / 2, (south + north) / 2)


def _meant(unsure: Unsure) -> Text | None:
    """Say what was understood of an address, part by part: 紫荆公寓 · 5号楼 · 地下1层 · 118室."""
    from doorroute.geocode import understand_address
    from doorroute.geocode.spelling import has_han

    said = understand_address(unsure.address, unsure.access)
    parts: list[Text | str] = [said.name, said.number, *way_in(replace(said.access, building=""))]
    if has_han(unsure.address + unsure.access.building):
        told = unsure.address + unsure.access.building
        word = next(
            (f"{said.number}{word}" for word in _HOUSE_WORDS if f"{said.number}{word}" in told), said.number
        )
        word = f"{said.number}号楼" if word.isdigit() else word
        parts[:2] = (
            [said.name + word] if len(said.name) == 1 else [said.name, word]
        )  # 西 and 南15楼 are 西南15楼
    else:
        parts[:2] = [f"{said.name} {said.number}".strip()]
        parts.append(f"{said.postcode} {said.town}".strip())
    first, *others = [part for part in parts if part] or [""]
    made = first if isinstance(first, Text) else literal(first)
    for one in others:
        made = msg("{these} · {one}", these=made, one=one)
    return made if first else None


_HOUSE_WORDS: Final = ("号楼", "号院", "公寓", "宿舍", "楼", "栋", "幢", "座", "号")


def _row(unsure: Unsure, lang: str) -> dict[str, object]:
    from doorroute.geocode.unsure_doors import DOORS, WORTH

    meant = _meant(unsure)

    return {
        "address": unsure.address,
        "building": unsure.access.building,
        "unit": unsure.access.unit,
        "understood": unsure.understood,
        "meant": meant.into(lang) if meant is not None else "",
        "candidates": [
            {
                "label": candidate.label,
                "what": WORTH[candidate.precision].into(lang),
                "at": lat_lon(candidate.point),
                "door": candidate.precision in DOORS,
            }
            for candidate in unsure.candidates
        ],
    }


def _pin(pin: KnownPlace) -> dict[str, str]:
    from doorroute.geocode.pins import position_of

    lon, lat, datum = position_of(pin)
    return {
        "address": pin.address,
        "building": pin.access.building,
        "unit": pin.access.unit,
        "lon": lon,
        "lat": lat,
        "datum": datum,
        "who": pin.who,
        "when": pin.when,
    }


def _words(example: str) -> Mapping[str, Text]:
    """Return the page's sentences; `example` are coordinates of this town."""
    off = (
        msg(
            "Not understood. Paste the coordinates alone, such as {example} (either order will do).",
            example=example,
        )
        if example
        else msg("Not understood. Paste the coordinates alone: two numbers with a comma between them.")
    )
    return {**_WORDS, "off_earth": off}


_WORDS: Final[Mapping[str, Text]] = {
    "row": msg("Row {row}"),
    "open": msg("open"),
    "done": msg("confirmed"),
    "left": msg("{n} to resolve"),
    "none_left": msg("All are resolved. Press “Save pins.csv” now."),
    "far": msg("This is far from the map. Check the numbers."),
    "no_hits": msg("Nothing found in these rows or on the map."),
    "pick": msg("Pick a place from the list, click on the map, or type coordinates."),
    "not_a_door": msg("This is not the door: move the pin to it first."),
    "other_datum": msg("The pin is shown where WGS 84 has these numbers; in the file they keep their datum."),
    "saved": msg(
        "Saved in your downloads folder. Move pins.csv next to the list of residents, then plan again."
    ),
    "pin": msg("The pin: arrow keys move it by 2 m, with Shift by 20 m"),
}
