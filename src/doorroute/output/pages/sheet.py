"""A team's paper sheet: A4, printed from any browser; what a phone without power cannot show any more.

It holds names, phones and addresses in clear, as paper does: for the dispatcher to print, never to send.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import segno
from markupsafe import Markup

from doorroute.model.clock import clock
from doorroute.model.plan import Plan
from doorroute.output.drawings.svg_map import WIDEST_MM
from doorroute.output.pages.assets import render_page
from doorroute.output.views.doors import entries
from doorroute.output.views.markup import trusted
from doorroute.output.views.routes import TeamRoute, weekday

_STOPS_A_CODE: Final = 30
_MASK: Final = 0  # to try all eight of a code takes as long as all else on the sheet; any of them can be read
_SIDE_MM: Final = 58.0  # with this much room, the facts go next to the map


def sheet_page(plan: Plan, team: TeamRoute, drawing: tuple[Markup, float], *, lang: str) -> str:
    """Return the sheet as HTML, complete in itself; `drawing` is the `svg_map` of the team."""
    picture, wide_mm = drawing
    return render_page(
        "sheet.html.j2",
        lang,
        {
            "date": plan.date,
            "mark": plan.mark,
            "weekday": weekday(plan.date),
            "team": team,
            "entries": tuple(entries(team)),
            "map": picture,
            "beside": wide_mm <= WIDEST_MM - _SIDE_MM,
            "codes": tuple(_codes(team)),
            "clock": clock,
        },
    )


def _codes(team: TeamRoute) -> Iterator[Markup]:
    for text in position_texts(team):
        made = segno.make_qr(text, error="l", mask=_MASK)
        yield trusted(
            made.svg_inline(border=2, omitsize=True, svgclass="qr", lineclass=None)
        )  # numbers alone


def position_texts(team: TeamRoute) -> Iterator[str]:
    """Yield the texts of the QR codes: number, latitude, longitude (WGS 84) of each door."""
    for first in range(0, len(team.stops), _STOPS_A_CODE):
        stops = team.stops[first : first + _STOPS_A_CODE]
        yield "\n".join(f"{stop.number} {stop.point.lat:.5f},{stop.point.lon:.5f}" for stop in stops)
