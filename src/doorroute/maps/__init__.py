"""From a plan to what people hold: the dispatcher's page, a page for each team, a workbook, files for other programs."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from doorroute.errors import BadInputError
from doorroute.files import write_whole
from doorroute.maps.changes import Gone, RouteChanges, changes_between
from doorroute.model.finding import Finding
from doorroute.model.plan import Plan
from doorroute.model.problem import Problem
from doorroute.model.resident import TeamId

if TYPE_CHECKING:
    from doorroute.maps.basemap import BaseMap
    from doorroute.maps.codes import Issued
    from doorroute.maps.views import TeamRoute


def load() -> None:
    """Import what drawing needs, a second's work that can be done while something else is waited for."""
    import geopandas  # noqa: F401
    import pyogrio  # noqa: F401
    import xlsxwriter  # noqa: F401

    from doorroute.maps import basemap, codes, exports, manifest, notices, overview, phone, review, seal, sheet, tracks  # noqa: F401


def write_maps(  # noqa: PLR0913  # what a plan's pages need, each by name
    plan: Plan,
    problem: Problem,
    extract: Path,
    out: Path,
    *,
    lang: str,
    findings: Sequence[Finding],
    open_pages: bool = False,
    made: datetime | None = None,
    changes: Mapping[TeamId, RouteChanges] | None = None,
    earlier: Path | None = None,
) -> tuple[Path, ...]:
    """Write pages, sheets, tables and files for other programs below `out`, and return what was written.

    `overview.html`, `teams/<team>.html` with their codes in `codes.html`, `codes.txt` and `codes.json`, `teams/<team>.gpx` (`.kml`, `.geojson`), `sheets/<team>.html`
    and, locked with the same code, `.pdf` (where the extra `paper` is installed),
    `routes.gpkg`, `routes.geojson`, `manifest.xlsx`, `findings.csv`,
    `notices.html` and `notices-<language>.txt`. The overview links to `review.html` where that lies in `out` already. Pages are complete in themselves: the base map is drawn from `extract`, and nothing is asked of the network.

    Parameters
    ----------
    open_pages
        The teams' pages are readable by anyone who has the file, without a code.
    made
        When, None for now.
    changes
        For a plan that takes another's place: what changed for each team (`changes_between`); each locked page shows it.
    earlier
        The folder of the plan before. Its codes hold on: a team need not be told a new one, marks on its phone go over to the new page,
        and results of the earlier page can still be read.

    Raises
    ------
    BadInputError
        The extract cannot be read.
    """
    # folium, geopandas and the like take a second to load: only who draws maps waits for them
    from doorroute.maps import basemap, codes, exports, manifest, notices, overview, sheet, tracks, views

    teams = views.team_routes(plan, problem)
    base_map = basemap.read_base_map(extract)
    when = (made or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds")
    own = codes.own_lock(plan.date, earlier)
    if open_pages:
        pages = _write_open(plan, teams, base_map, out, lang=lang)
        listed = codes.write_codes(plan.date, teams, {}, (), out, own=own, lang=lang)
    else:
        known = _issued(earlier)
        pages, issued = _write_locked(
            plan, teams, base_map, out, lang=lang, made=when, changes=changes or {}, known=known
        )
        listed = codes.write_codes(plan.date, teams, issued, known, out, own=own, lang=lang)
    sheets = {out / "sheets" / f"{team.file}.html": sheet.sheet_page(plan, team, base_map, lang=lang) for team in teams}
    for path, text in sheets.items():
        write_whole(path, text)
    tracked = [path for team in teams for path in tracks.write_tracks(team, out / "teams", lang=lang)]
    named = {name for features in base_map.layers.values() for name in features.names if name}
    told = notices.write_notices(plan.date, teams, problem, out, lang=lang, known=named)
    files = {name: out / name for name in ("routes.gpkg", "routes.geojson", "manifest.xlsx", "findings.csv")}
    exports.write_gpkg(teams, files["routes.gpkg"])
    exports.write_geojson(teams, files["routes.geojson"])
    manifest.write_manifest(plan, problem, teams, files["manifest.xlsx"], lang=lang)
    exports.write_findings(findings, files["findings.csv"], lang=lang)
    written = (*pages, *listed, *sheets, *tracked, *told, *files.values())
    beside = {path.relative_to(out).as_posix() for path in (*written, *out.glob("review.html"))}
    page = overview.overview_page(
        plan, problem, teams, base_map, lang=lang, findings=findings, beside=frozenset(beside), lock=own
    )
    write_whole(out / "overview.html", page)
    return (out / "overview.html", *written)


def _issued(folder: Path | None) -> tuple[Issued, ...]:
    """Return the pages made before; none where their list is gone or broken, which must not stop a new plan."""
    from doorroute.maps.codes import read_codes

    try:
        return read_codes(folder) if folder else ()
    except BadInputError:
        return ()


def _write_locked(
    plan: Plan,
    teams: Sequence[TeamRoute],
    base_map: BaseMap,
    out: Path,
    *,
    lang: str,
    made: str,
    changes: Mapping[TeamId, RouteChanges],
    known: Sequence[Issued],
) -> tuple[list[Path], dict[str, Issued]]:
    from concurrent.futures import ThreadPoolExecutor

    from doorroute.maps import codes, phone, seal, sheet_pdf

    issued = codes.issue(plan.date, teams, known)
    now = {page.lock.route for page in issued.values()}
    old = [page for page in known if page.date == plan.date and page.lock.team in issued and page.lock.route not in now]
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:  # scrypt lets go of the interpreter's lock
        locks = [page.lock for page in (*issued.values(), *old)]
        keys = dict(zip((lock.route for lock in locks), pool.map(seal.keys_of, locks), strict=True))
    written = []
    for team in teams:
        page, path = issued[team.team.id], out / "teams" / f"{team.file}.html"
        before = [phone.Before.of(one, page, keys[one.lock.route]) for one in old if one.lock.team == team.team.id]
        text = phone.team_page(
            plan,
            team,
            base_map,
            phone.Making(
                lock=page.lock,
                keys=keys[page.lock.route],
                made=made,
                changes=changes.get(team.team.id),
                before=tuple(before),
            ),
            lang=lang,
        )
        write_whole(path, text)
        written.append(path)
    spoken = {name: page.lock.code for name, page in issued.items()}
    written += sheet_pdf.write_pdfs(plan, teams, base_map, spoken, out, lang=lang)
    return written, issued


def _write_open(plan: Plan, teams: Sequence[TeamRoute], base_map: BaseMap, out: Path, *, lang: str) -> list[Path]:
    from doorroute.maps.open_team import open_team_page

    pages = {out / "teams" / f"{team.file}.html": open_team_page(plan, team, base_map, lang=lang) for team in teams}
    for path, page in pages.items():
        write_whole(path, page)
    return list(pages)


__all__ = ["Gone", "RouteChanges", "changes_between", "write_maps"]
