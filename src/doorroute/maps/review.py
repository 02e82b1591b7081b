"""The review page: rows whose door is not sure, the map, and what each may mean; what is confirmed is saved as pins.

One file that needs no network. It holds the addresses of its rows and all pins so far, so that the saved file is whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from doorroute.files import write_whole
from doorroute.maps.assets import render_page
from doorroute.maps.basemap import MARGIN_M, BaseMap, read_base_map
from doorroute.maps.views import lat_lon
from doorroute.model.line import row_of
from doorroute.model.place import Point
from doorroute.texts import Text, msg

if TYPE_CHECKING:
    from doorroute.geocode import KnownPlace, Unsure

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
) -> Path:
    """Write the review page to `out`; `bounds` (west, south, east, north) are those of the address index, `pins` the ones so far.

    Raises BadInputError where the extract cannot be read.
    """
    base_map = BaseMap({}) if bounds is None else read_base_map(extract)
    page = review_page(unsure, base_map, bounds, lang=lang, pins=pins, who=who)
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
) -> str:
    """Return the page as HTML, complete in itself."""
    from doorroute.geocode.pins import PIN_COLUMNS

    drawn = _drawn(unsure, bounds)
    data = {
        "rows": [_row(row, lang) for row in unsure],
        "pins": [_pin(pin) for pin in pins],
        "columns": PIN_COLUMNS,
        "bounds": [[bounds[1], bounds[0]], [bounds[3], bounds[2]]] if bounds else None,
        "words": {name: text.into(lang) for name, text in _WORDS.items()},
    }
    context = {
        "rows": unsure,
        "shown": row_of,
        "who": who,
        "datums": bounds is not None and _datums_differ(bounds),
        "review_data": data,
        "map_data": base_map.cut(drawn, MARGIN_M) if drawn else None,
    }
    return render_page("review.html.j2", lang, context)


def _drawn(unsure: Sequence[Unsure], bounds: tuple[float, float, float, float] | None) -> list[Point]:
    """Return points around which houses are drawn: the candidates; all of a small extract; its corners, so that its streets are there."""
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


def _datums_differ(bounds: tuple[float, float, float, float]) -> bool:
    from doorroute.geocode.datum import in_mainland

    west, south, east, north = bounds
    return in_mainland((west + east) / 2, (south + north) / 2)


def _row(unsure: Unsure, lang: str) -> dict[str, object]:
    from doorroute.geocode.unsure import DOORS, WORTH

    return {
        "address": unsure.address,
        "building": unsure.access.building,
        "unit": unsure.access.unit,
        "understood": unsure.understood,
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


_WORDS: Final[Mapping[str, Text]] = {
    "row": msg("Row {row}"),
    "open": msg("open"),
    "done": msg("confirmed"),
    "left": msg("{n} to look at"),
    "none_left": msg("All are looked at. Save the pins now."),
    "pick": msg("Pick a place from the list, click on the map, or type coordinates."),
    "not_a_door": msg("This is not the door: move the pin to it first."),
    "off_earth": msg("Not understood. Paste coordinates, such as 60.16552, 24.94021 (latitude first)."),
    "other_datum": msg("The pin is shown where WGS 84 has these numbers; in the file they keep their datum."),
    "saved": msg("Saved as pins.csv in your downloads. Move it next to the list of residents, then plan again."),
    "pin": msg("The pin: arrow keys move it by 2 m, with Shift by 20 m"),
}
