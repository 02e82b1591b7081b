"""A team's page without a lock: its route on a map and its stops in order, readable even without JavaScript.

It holds the names, phones and addresses of its own team's doors in clear, so it is made only where that was
asked for.
"""

from __future__ import annotations

from dataclasses import dataclass

from doorroute.model.plan import Plan
from doorroute.output.basemap.packed import BaseMap
from doorroute.output.pages.assets import render_page
from doorroute.output.views.closed import closed_data
from doorroute.output.views.doors import Entry, entries
from doorroute.output.views.routes import TeamRoute, lat_lon, route_data, weekday
from doorroute.texts import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTeamPage:
    """All that `templates/open_team.html.j2` shows."""

    date: str
    weekday: Text | None
    team: TeamRoute
    entries: tuple[Entry, ...]


def open_team_page(plan: Plan, team: TeamRoute, base_map: BaseMap, *, lang: str) -> str:
    """Return the page as HTML, complete in itself."""
    page = OpenTeamPage(date=plan.date, weekday=weekday(plan.date), team=team, entries=tuple(entries(team)))
    depots = {team.team.start: team.start, team.team.end: team.end}
    return render_page(
        "open_team.html.j2",
        lang,
        {
            "page": page,
            "map_data": base_map.cut(team.points),
            "route_data": {
                **route_data(team),
                "closed": closed_data(team.closed),
                "depots": [{"name": depot, "at": lat_lon(point)} for depot, point in depots.items()],
            },
        },
    )
