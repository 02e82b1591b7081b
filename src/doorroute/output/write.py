"""From a plan to what people hold: the dispatcher's page, a page for each team, a workbook, files for other programs."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from doorroute.day.route_changes import Gone, RouteChanges, changes_between
from doorroute.disk.files import write_whole
from doorroute.errors import BadInputError
from doorroute.model.finding import Finding, warning
from doorroute.model.plan import Plan
from doorroute.model.problem import Problem
from doorroute.model.resident import ResidentId, TeamId
from doorroute.model.team import Team
from doorroute.texts import msg

if TYPE_CHECKING:
    from doorroute.handback.codes import Issued
    from doorroute.handback.seal import Keys, PageLock
    from doorroute.intake import SheetAsRead
    from doorroute.output.basemap.packed import BaseMap
    from doorroute.output.views.routes import TeamRoute


def load() -> None:
    """Import what drawing needs, a second's work that can be done while something else is waited for."""
    import geopandas  # noqa: F401
    import pyogrio  # noqa: F401
    import xlsxwriter  # noqa: F401

    from doorroute.output.pages import notices, overview, phone, review, sheet  # noqa: F401


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
    changes: Mapping[tuple[TeamId, int], RouteChanges] | None = None,
    earlier: Path | None = None,
    replaced: Path | None = None,
    barriers: Path | None = None,
    refused: Collection[ResidentId] = (),
    warn: Callable[[Finding], None] | None = None,
    crew: Sequence[Team] = (),
    lists: Sequence[SheetAsRead] = (),
    now_s: int = 0,
) -> tuple[Path, ...]:
    """Write pages, sheets, tables and files for other programs below `out`, and return what was written.

    `overview.html`, `teams/<team>.html` with their codes in `codes.html`, `codes.txt` and `codes.json`, `teams/<team>.gpx` (`.kml`, `.geojson`), `sheets/<team>.html`
    and, locked with a code of its own, `.pdf` (where the extra `paper` is installed),
    `routes.gpkg`, `routes.geojson`, `manifest.xlsx`, `findings.csv`, `findings.xlsx`,
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
    replaced
        The folder that the new plan takes the place of, where that is another: results of its pages can still be read.
    barriers
        What is closed that day: drawn where the maps show it.
    refused
        Who refused at the stops that have happened; all others there are done.
    warn
        Is told where a part of the map could not be drawn.
    crew
        All teams of the day, dropped ones too: a team's colour and shape follow from its place here. Those of the problem if not given.
    now_s
        When the plan holds from, in seconds after midnight: no notice names an earlier hour.

    Raises
    ------
    BadInputError
        The extract or the file of barriers cannot be read.
    """
    # folium, geopandas and the like take a second to load: only who draws maps waits for them
    from doorroute.handback import codes
    from doorroute.output.basemap import packed as basemap
    from doorroute.output.drawings import svg_map
    from doorroute.output.files import exports, findings_book, manifest, sheet_pdf, tracks
    from doorroute.output.pages import codes as code_pages
    from doorroute.output.pages import notices, overview, sheet
    from doorroute.output.views import closed
    from doorroute.output.views import routes as views

    teams = views.team_routes(plan, problem, closed.closed_today(barriers), refused, crew)
    base_map = basemap.read_base_map(extract)
    when = (made or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds")
    own = codes.own_lock(plan.date, earlier)
    known = list({page.lock.route: page for each in (earlier, replaced) for page in _issued(each)}.values())
    issued = (
        {} if open_pages else codes.issue(plan.date, code_pages.doors_of_teams(teams), known, mark=plan.mark)
    )
    drawings = {team.name: svg_map.drawing(team, base_map, lang=lang) for team in teams}
    paper = {name: page.paper for name, page in issued.items()}
    printed = sheet_pdf.printing(
        plan, [team for team in teams if team.name in issued], drawings, paper, out, lang=lang
    )
    # sheets are drawn and keys are made beside the rest, which is written first: at the end nothing is waited for alone
    earlier_pages = _replaced(plan.date, issued, known)
    locks = [page.lock for page in (*issued.values(), *earlier_pages) if page.key is None]
    with printed as pdfs, _keys([*locks, own]) as keys:
        sheets = {
            out / "sheets" / f"{team.file}.html": sheet.sheet_page(plan, team, drawings[team.name], lang=lang)
            for team in teams
        }
        for path, text in sheets.items():
            write_whole(path, text)
        tracked = [path for team in teams for path in tracks.write_tracks(team, out / "teams", lang=lang)]
        named = {name for features in base_map.layers.values() for name in features.names if name}
        told = notices.write_notices(plan.date, teams, problem, out, lang=lang, known=named, now_s=now_s)
        files = {
            name: out / name for name in ("routes.gpkg", "routes.geojson", "manifest.xlsx", "findings.csv")
        }
        exports.write_gpkg(teams, files["routes.gpkg"])
        exports.write_geojson(teams, files["routes.geojson"])
        manifest.write_manifest(plan, problem, teams, files["manifest.xlsx"], lang=lang)
        exports.write_findings(findings, files["findings.csv"], lang=lang)
        if lists:
            files["findings.xlsx"] = out / "findings.xlsx"
            findings_book.write_findings_book(lists, findings, files["findings.xlsx"], lang=lang)
        if open_pages:
            pages = _write_open(plan, teams, base_map, out, lang=lang)
        else:
            pages = _write_locked(
                plan,
                problem,
                teams,
                base_map,
                out,
                issued,
                earlier_pages,
                keys,
                lang=lang,
                made=when,
                changes=changes or {},
                pdfs=frozenset(path.name for path in pdfs),
            )
        issued = {
            name: replace(page, key=keys[page.lock.route].result().results) for name, page in issued.items()
        }
        listed = code_pages.write_codes(
            plan.date, teams, issued, known, out, own=own, pdfs=bool(pdfs), lang=lang
        )
        written = (*pages, *pdfs, *listed, *sheets, *tracked, *told, *files.values())
        beside = {path.relative_to(out).as_posix() for path in (*written, *out.glob("review.html"))}
        page = overview.overview_page(
            plan,
            problem,
            teams,
            base_map,
            lang=lang,
            findings=findings,
            beside=frozenset(beside),
            lock=own,
            keys=keys[own.route].result(),
        )
        write_whole(out / "overview.html", page)
        if base_map.faults:
            told_of_map = _not_drawn()
            if warn is not None:
                warn(told_of_map)
            exports.write_findings((*findings, told_of_map), files["findings.csv"], lang=lang)
    return (out / "overview.html", *written)


def _not_drawn() -> Finding:
    return warning(
        code="MAP_INCOMPLETE",
        table="network",
        message=msg(
            "Part of the map could not be drawn. The plan is not affected: routes and stops are on every page."
        ),
        advice=msg("Please report it with the name of the extract; a newer extract may help."),
    )


def _replaced(date: str, issued: Mapping[str, Issued], known: Sequence[Issued]) -> list[Issued]:
    """Return the day's earlier pages of the same teams, whose marks go over to the new ones."""
    now = {page.lock.route for page in issued.values()}
    return [
        page
        for page in known
        if page.date == date and page.lock.team in issued and page.lock.route not in now
    ]


@contextmanager
def _keys(locks: Sequence[PageLock]) -> Iterator[Mapping[str, Future[Keys]]]:
    """Give the keys of each lock by its route, as they get ready: on all cores, for scrypt lets go of the interpreter's lock."""
    from doorroute.handback import seal

    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        try:
            yield {lock.route: pool.submit(seal.keys_of, lock) for lock in locks}
        finally:
            pool.shutdown(cancel_futures=True)


def _issued(folder: Path | None) -> tuple[Issued, ...]:
    """Return the pages made before; none where their list is gone or broken, which must not stop a new plan."""
    from doorroute.handback.codes import read_codes

    try:
        return read_codes(folder) if folder else ()
    except BadInputError:
        return ()


def _write_locked(  # noqa: PLR0913  # as above
    plan: Plan,
    problem: Problem,
    teams: Sequence[TeamRoute],
    base_map: BaseMap,
    out: Path,
    issued: Mapping[str, Issued],
    old: Sequence[Issued],
    keys: Mapping[str, Future[Keys]],
    *,
    lang: str,
    made: str,
    changes: Mapping[tuple[TeamId, int], RouteChanges],
    pdfs: Collection[str],
) -> list[Path]:
    from doorroute.output.pages import phone

    written = []
    for team in teams:
        page, path = issued[team.name], out / "teams" / f"{team.file}.html"
        before = [
            phone.Before.of(one, page, one.key or keys[one.lock.route].result().results)
            for one in old
            if one.lock.team == team.name
        ]
        text = phone.team_page(
            plan,
            team,
            base_map,
            phone.Making(
                lock=page.lock,
                keys=keys[page.lock.route].result(),
                made=made,
                changes=changes.get((team.team.id, team.route.shift)),
                before=tuple(before),
                region=problem.settings.region,
                dispatcher=problem.settings.dispatcher_phone,
                pdf=f"{team.file}.pdf" if f"{team.file}.pdf" in pdfs else "",
                lock_after_min=problem.settings.lock_after_min,
            ),
            lang=lang,
        )
        write_whole(path, text)
        written.append(path)
    return written


def _write_open(
    plan: Plan, teams: Sequence[TeamRoute], base_map: BaseMap, out: Path, *, lang: str
) -> list[Path]:
    from doorroute.output.pages.open_team import open_team_page

    pages = {
        out / "teams" / f"{team.file}.html": open_team_page(plan, team, base_map, lang=lang) for team in teams
    }
    for path, page in pages.items():
        write_whole(path, page)
    return list(pages)


__all__ = ["Gone", "RouteChanges", "changes_between", "write_maps"]
