"""From a plan to what people hold: the dispatcher's page, a page for each team, a workbook, files for other programs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from doorroute.files import write_whole
from doorroute.model.finding import Finding
from doorroute.model.plan import Plan
from doorroute.model.problem import Problem


def write_maps(
    plan: Plan, problem: Problem, extract: Path, out: Path, *, lang: str, findings: Sequence[Finding]
) -> tuple[Path, ...]:
    """Write `overview.html`, `teams/<team>.html`, `routes.gpkg`, `routes.geojson`, `manifest.xlsx` and `findings.csv` below `out`.

    Pages are complete in themselves: the base map is drawn from `extract`, and nothing is asked of the network. Returns what
    was written.

    Raises
    ------
    BadInputError
        The extract cannot be read.
    """
    # folium, geopandas and the like take a second to load: only who draws maps waits for them
    from doorroute.maps import basemap, exports, manifest, overview, phone, views

    teams = views.team_routes(plan, problem)
    base_map = basemap.read_base_map(extract)
    pages = {
        out / "overview.html": overview.overview_page(plan, problem, teams, base_map, lang=lang, findings=findings),
        **{out / "teams" / f"{team.file}.html": phone.team_page(plan, team, base_map, lang=lang) for team in teams},
    }
    for path, page in pages.items():
        write_whole(path, page)
    files = {name: out / name for name in ("routes.gpkg", "routes.geojson", "manifest.xlsx", "findings.csv")}
    exports.write_gpkg(teams, files["routes.gpkg"])
    exports.write_geojson(teams, files["routes.geojson"])
    manifest.write_manifest(plan, problem, teams, files["manifest.xlsx"], lang=lang)
    exports.write_findings(findings, files["findings.csv"], lang=lang)
    return (*pages, *files.values())


__all__ = ["write_maps"]
