"""The planner's page: how many teams, with the map of each plan; the same as a table. It has no names."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from doorroute.counts.answer import percent
from doorroute.disk.spreadsheet import csv_text
from doorroute.model.clock import clock, duration
from doorroute.output.drawings import chart
from doorroute.output.pages.assets import leaflet_js, render_page
from doorroute.output.views.colours import look
from doorroute.output.views.routes import lat_lon, line_steps
from doorroute.texts import msg

if TYPE_CHECKING:
    from doorroute.counts import Scenario
    from doorroute.counts.series import Series
    from doorroute.output.basemap.packed import BaseMap


COLUMNS: Final = (
    "scenario", "teams", "finish", "bound", "finish_s", "bound_s", "chance", "p10", "p50", "p90", "mean_h",
    "longest_h", "travel_h", "distance_km", "unassigned", "in_time", "recommended",
)  # fmt: skip


def row_of(series: Series, row: Scenario) -> dict[str, object]:
    """Return a scenario as a row of the table: clock texts, hours, kilometres, shares."""
    return {
        "scenario": series.name,
        "teams": row.teams,
        "finish": clock(row.finish_s + 59),
        "bound": clock(row.bound_s),
        "finish_s": row.finish_s,
        "bound_s": row.bound_s,
        "chance": round(row.chance, 3),
        "p10": clock(row.early_s + 59),
        "p50": clock(row.middle_s + 59),
        "p90": clock(row.late_s + 59),
        "mean_h": round(row.mean_s / 3600, 3),
        "longest_h": round(row.longest_s / 3600, 3),
        "travel_h": round(row.travel_s / 3600, 3),
        "distance_km": round(row.distance_m / 1000, 2),
        "unassigned": len(row.unassigned),
        "in_time": row.finish_s <= series.by_s and not row.unassigned,
        "recommended": row.teams == series.answer.recommended,
    }


def table(series: Sequence[Series]) -> str:
    """Return all scenarios as CSV."""
    rows = (row_of(each, row).values() for each in series for row in each.scenarios)
    return csv_text(COLUMNS, (map(_cell, cells) for cells in rows))


def _cell(value: object) -> object:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


def scenarios_page(series: Sequence[Series], base_map: BaseMap, *, lang: str, date: str) -> str:
    """Return the page as HTML, complete in itself."""
    import folium

    from doorroute.output.pages.figure import figure_of

    points = [
        *(
            place.point
            for each in series
            for row in each.scenarios[:1]
            for place in row.problem.places.values()
        ),
        *(
            place.point
            for each in series
            for row in each.scenarios[:1]
            for place in row.problem.depot_places.values()
        ),
        *(
            point
            for each in series
            for row in each.scenarios
            for route in row.routes
            for point in route.geometry
        ),
    ]
    street_map = folium.Map(
        location=lat_lon(points[0]),
        tiles=None,
        zoom_control="topright",
        zoom_snap=0.25,
        max_zoom=20,
        fade_animation=False,
    )
    figure = figure_of(street_map).parts()
    span = chart.limits(series)
    charts = [
        chart.svg(
            each,
            span,
            lang,
            msg("Last return by number of teams").into(lang) + f". {each.answer.sentence.into(lang)}",
        )
        for each in series
    ]
    return render_page(
        "scenarios.html.j2",
        lang,
        {
            "series": series,
            "charts": charts,
            "date": date,
            "figure": figure,
            "map_data": base_map.cut(points, 250),
            "plan_data": _packed(_data(series, lang)),
            "clock": clock,
            "duration": duration,
            "percent": percent,
            "first": _first(series),
        },
        scripts=(leaflet_js(), figure["code"]),
    )


def _first(series: Sequence[Series]) -> int:
    """Return the index of the team count to show first: the recommended one, else enough, else the most."""
    rows, answer = series[0].scenarios, series[0].answer
    wanted = answer.recommended or answer.enough or rows[-1].teams
    return [row.teams for row in rows].index(wanted)


def _data(series: Sequence[Series], lang: str) -> dict[str, object]:
    return {
        "series": [
            {"name": each.name, "rows": [_shown(row, lang) for row in each.scenarios]} for each in series
        ],
        "words": {
            key: text.into(lang)
            for key, text in {
                "depot": msg("Depot"),
                "teams": msg("{n} teams"),
                "all": msg("Show everything"),
            }.items()
        },
    }


def _shown(row: Scenario, lang: str) -> dict[str, object]:
    problem, depots = row.problem, {d for team in row.problem.teams for d in (team.start, team.end)}
    looks = {team.id: look(at) for at, team in enumerate(problem.teams)}
    return {
        "teams": row.teams,
        "figures": [
            clock(row.finish_s + 59),
            clock(row.bound_s),
            f"{percent(row.chance)} %",
            clock(row.late_s + 59),
            duration(row.mean_s),
            duration(row.longest_s),
            duration(row.travel_s),
            str(len(row.unassigned)),
        ],
        "numbers": [
            row.finish_s,
            row.bound_s,
            round(100 * row.chance, 1),
            row.late_s,
            row.mean_s,
            row.longest_s,
            row.travel_s,
            len(row.unassigned),
        ],
        "depots": [
            {"name": depot, "at": lat_lon(problem.depot_places[depot].point)} for depot in sorted(depots)
        ],
        "routes": [
            {
                "name": route.team,
                "told": msg(
                    "{n} doors, back at {time}", n=len(route.visits), time=clock(route.finish_s + 59)
                ).into(lang),
                "colour": looks[route.team].colour,
                "ink": looks[route.team].ink,
                "shape": looks[route.team].shape,
                "dash": list(looks[route.team].dash),
                "line": line_steps(
                    route.geometry or [step.location for step in route.steps if step.location]
                ),
                "pins": [
                    {"label": str(number), "at": lat_lon(problem.places[visit].point), "visit": visit}
                    for number, visit in enumerate(route.visits, 1)
                ],
            }
            for route in row.routes
        ],
        "left": [
            {"visit": left.visit, "at": lat_lon(problem.places[left.visit].point)} for left in row.unassigned
        ],
    }


def _packed(data: dict[str, object]) -> str:
    """Return base64 of gzip of JSON: many plans share their streets."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return base64.b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode()
