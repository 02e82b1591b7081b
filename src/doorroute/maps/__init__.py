"""From a plan to what people hold: the dispatcher's page, a page for each team, a workbook, files for other programs."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from doorroute.files import write_whole
from doorroute.model.finding import Finding
from doorroute.model.plan import Plan
from doorroute.model.problem import Problem

if TYPE_CHECKING:
    from doorroute.maps.basemap import BaseMap
    from doorroute.maps.views import TeamRoute


def load() -> None:
    """Import what drawing needs, a second's work that can be done while something else is waited for."""
    import geopandas  # noqa: F401
    import pyogrio  # noqa: F401
    import xlsxwriter  # noqa: F401

    from doorroute.maps import basemap, codes, exports, manifest, notices, overview, phone, review, seal, sheet, tracks  # noqa: F401


def write_maps(
    plan: Plan,
    problem: Problem,
    extract: Path,
    out: Path,
    *,
    lang: str,
    findings: Sequence[Finding],
    open_pages: bool = False,
    made: datetime | None = None,
) -> tuple[Path, ...]:
    """Write pages, sheets, tables and files for other programs below `out`, and return what was written.

    `overview.html`, `teams/<team>.html` with their codes in `codes.html` and `codes.txt`, `teams/<team>.gpx` (`.kml`, `.geojson`), `sheets/<team>.html`,
    `routes.gpkg`, `routes.geojson`, `manifest.xlsx`,
    `findings.csv` and `notices-<language>.txt`. Pages are complete in themselves: the base map is drawn from `extract`, and nothing is asked of the network.
    `open_pages`: the teams' pages are readable by anyone who has the file, without a code. `made` is when, None for now.

    Raises
    ------
    BadInputError
        The extract cannot be read.
    """
    # folium, geopandas and the like take a second to load: only who draws maps waits for them
    from doorroute.maps import basemap, exports, manifest, notices, overview, sheet, tracks, views

    teams = views.team_routes(plan, problem)
    base_map = basemap.read_base_map(extract)
    page = overview.overview_page(plan, problem, teams, base_map, lang=lang, findings=findings)
    write_whole(out / "overview.html", page)
    when = (made or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds")
    write_teams = _write_open if open_pages else _write_locked
    pages = write_teams(plan, teams, base_map, out, lang=lang, made=when)
    sheets = {out / "sheets" / f"{team.file}.html": sheet.sheet_page(plan, team, base_map, lang=lang) for team in teams}
    for path, text in sheets.items():
        write_whole(path, text)
    tracked = [path for team in teams for path in tracks.write_tracks(team, out / "teams", lang=lang)]
    told = notices.write_notices(teams, problem, out)
    files = {name: out / name for name in ("routes.gpkg", "routes.geojson", "manifest.xlsx", "findings.csv")}
    exports.write_gpkg(teams, files["routes.gpkg"])
    exports.write_geojson(teams, files["routes.geojson"])
    manifest.write_manifest(plan, problem, teams, files["manifest.xlsx"], lang=lang)
    exports.write_findings(findings, files["findings.csv"], lang=lang)
    return (out / "overview.html", *pages, *sheets, *tracked, *told, *files.values())


def _write_locked(
    plan: Plan, teams: Sequence[TeamRoute], base_map: BaseMap, out: Path, *, lang: str, made: str
) -> tuple[Path, ...]:
    from concurrent.futures import ThreadPoolExecutor

    from doorroute.maps import codes, phone, seal

    locks = {str(team.team.id): seal.new_lock(team.team.id) for team in teams}
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:  # scrypt lets go of the interpreter's lock
        keys = dict(zip(locks, pool.map(seal.keys_of, locks.values()), strict=True))
    written = []
    for team in teams:
        name, path = team.team.id, out / "teams" / f"{team.file}.html"
        page = phone.team_page(plan, team, base_map, lock=locks[name], keys=keys[name], made=made, lang=lang)
        write_whole(path, page)
        written.append(path)
    return (*written, *codes.write_codes(plan.date, teams, locks, out, lang=lang))


def _write_open(
    plan: Plan, teams: Sequence[TeamRoute], base_map: BaseMap, out: Path, *, lang: str, made: str
) -> tuple[Path, ...]:
    from doorroute.maps.open_team import open_team_page

    del made  # an open page keeps nothing that could grow old
    pages = {out / "teams" / f"{team.file}.html": open_team_page(plan, team, base_map, lang=lang) for team in teams}
    for path, page in pages.items():
        write_whole(path, page)
    return tuple(pages)


__all__ = ["write_maps"]
