"""Write a plan's folder: pages, a sheet for each team, tables, and files for other programs.

`WRITERS` is the table of all of them. Their order is that of the links in the overview and of the table of
files in `docs/output.md`. A new export is a module and a row here: see `docs/add-an-export.md`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import KW_ONLY, dataclass, replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

from doorroute.disk.files import write_whole
from doorroute.errors import BadInputError
from doorroute.model.finding import Finding, warning
from doorroute.model.plan import Plan
from doorroute.model.problem import Problem
from doorroute.model.resident import ResidentId, TeamId
from doorroute.model.team import Team
from doorroute.texts import LANGUAGES, Text, literal, msg

if TYPE_CHECKING:
    from markupsafe import Markup

    from doorroute.day.route_changes import RouteChanges
    from doorroute.handback.codes import Issued
    from doorroute.handback.seal import Keys, PageLock
    from doorroute.intake import SheetAsRead
    from doorroute.output.basemap.packed import BaseMap
    from doorroute.output.views.routes import TeamRoute

_SLOW_TO_LOAD: Final = (
    "geopandas",
    "pyogrio",
    "xlsxwriter",
    *(f"doorroute.output.pages.{name}" for name in ("notices", "overview", "phone", "review", "sheet")),
)


def load() -> None:
    """Import what writing needs. It takes a second, and can run while something else is waited for."""
    for name in _SLOW_TO_LOAD:
        import_module(name)


@dataclass(frozen=True, slots=True, eq=False)
class PlanOutput:
    """A plan and all that its folder shows of it.

    Parameters
    ----------
    extract
        The OpenStreetMap extract that the base map is drawn from.
    lang
        The language of the pages, one of `LANGUAGES`.
    findings
        What was found in the tables.
    open_pages
        Whether the teams' pages are readable by anyone who has the file, without a code.
    made
        When the pages are made; None for now.
    changes
        For a plan that replaces another one: what changed for each team and shift (`changes_between`). Each
        locked page shows it.
    earlier
        The folder of the plan before. Its codes stay valid: no team needs a new one, marks on its phone move
        to the new page, and results of the earlier page can still be read.
    replaced
        The folder that the new plan is written to, where that is another one: results of its pages can still
        be read.
    barriers
        A GeoJSON file of what is closed that day; the maps show it.
    refused
        Who refused at the stops that are over. All others there are done.
    warn
        Called with a finding if a part of the map cannot be drawn.
    crew
        All teams of the day, dropped ones too: the position here gives a team its colour and shape. Empty:
        the problem's teams.
    lists
        The residents' lists as they were read, for `findings.xlsx`; empty: that file is not written.
    now_s
        From when the plan holds, in seconds after midnight: no notice names an earlier time.
    """

    plan: Plan
    problem: Problem
    extract: Path
    _: KW_ONLY
    lang: str
    findings: Sequence[Finding]
    open_pages: bool = False
    made: datetime | None = None
    changes: Mapping[tuple[TeamId, int], RouteChanges] | None = None
    earlier: Path | None = None
    replaced: Path | None = None
    barriers: Path | None = None
    refused: Collection[ResidentId] = ()
    warn: Callable[[Finding], None] | None = None
    crew: Sequence[Team] = ()
    lists: Sequence[SheetAsRead] = ()
    now_s: int = 0


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Prepared:
    """What the writers share, prepared once for all of them.

    Parameters
    ----------
    out
        The plan's folder.
    made
        When the pages are made, as an ISO time in UTC.
    drawings
        The map on each team's sheet, as SVG, with its width in millimetres.
    own
        The lock of the names in the overview; the dispatcher has its code.
    known
        Pages made before, whose codes stay valid.
    issued
        The page of each team, by the team's name; empty for open pages.
    old_pages
        Earlier pages of the day and the same teams, whose marks move to the new pages.
    keys
        The keys of each lock, by its route. They are made meanwhile, in threads.
    pdfs
        The sheets as PDF. They are drawn meanwhile, and are there when all is written.
    """

    asked: PlanOutput
    out: Path
    made: str
    teams: tuple[TeamRoute, ...]
    base_map: BaseMap
    drawings: Mapping[str, tuple[Markup, float]]
    own: PageLock
    known: Sequence[Issued]
    issued: Mapping[str, Issued]
    old_pages: Sequence[Issued]
    keys: Mapping[str, Future[Keys]]
    pdfs: tuple[Path, ...]

    def write(self, texts: Mapping[str, str]) -> list[Path]:
        """Write files by their names, which are relative to the plan's folder; return their paths."""
        for name, text in texts.items():
            write_whole(self.out / name, text)
        return [self.out / name for name in texts]


@dataclass(frozen=True, slots=True)
class File:
    """A file of the folder, such as `sheets/{team}.html`; `link` is the text of its link in the overview."""

    name: str
    link: Text | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Return the name in each language, where the name holds one; `{team}` stays."""
        if "{lang}" not in self.name:
            return (self.name,)
        return tuple(self.name.replace("{lang}", lang) for lang in LANGUAGES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """What writes some files of a plan's folder.

    Parameters
    ----------
    files
        The files, with `{team}` for the name of a team's file and `{lang}` for a language.
    purpose
        What the files are for: a row of the table in `docs/output.md`.
    write
        Writes the files that this plan has, and returns their paths.
    last
        Whether it has to wait for keys, and runs after all others.
    """

    name: str
    files: tuple[File, ...]
    purpose: Text
    write: Callable[[Prepared], Iterable[Path]]
    last: bool = False


def write_maps(asked: PlanOutput, out: Path) -> tuple[Path, ...]:
    """Write every file that the plan has to the folder `out`; return their paths, the overview's first.

    The pages are complete in themselves: they load nothing from the network.

    Raises
    ------
    BadInputError
        The extract or the file of barriers cannot be read.
    """
    from doorroute.output.files.exports import write_findings

    with _prepared(asked, out) as ready:
        written: list[Path] = []
        for writer in sorted(WRITERS, key=lambda writer: writer.last):
            written.extend(writer.write(ready))
        overview = _write_overview(ready, written)
        if ready.base_map.faults:
            incomplete = _map_incomplete()
            if asked.warn is not None:
                asked.warn(incomplete)
            write_findings((*asked.findings, incomplete), out / "findings.csv", lang=asked.lang)
    return (overview, *written)


@contextmanager
def _prepared(asked: PlanOutput, out: Path) -> Iterator[Prepared]:
    """Prepare what the writers share. Sheets are drawn and keys are made meanwhile, on all cores."""
    from doorroute.handback import codes
    from doorroute.output.basemap import packed as basemap
    from doorroute.output.drawings import svg_map
    from doorroute.output.files import sheet_pdf
    from doorroute.output.pages.codes import doors_of_teams
    from doorroute.output.views import closed
    from doorroute.output.views import routes as views

    plan, lang = asked.plan, asked.lang
    shut = closed.closed_today(asked.barriers)
    teams = views.team_routes(plan, asked.problem, shut, asked.refused, asked.crew)
    base_map = basemap.read_base_map(asked.extract)
    own = codes.own_lock(plan.date, asked.earlier)
    before = [page for folder in (asked.earlier, asked.replaced) for page in _issued(folder)]
    known = list({page.lock.route: page for page in before}.values())
    issued = {} if asked.open_pages else codes.issue(plan.date, doors_of_teams(teams), known, mark=plan.mark)
    old_pages = _old_pages(plan.date, issued, known)
    locks = [page.lock for page in (*issued.values(), *old_pages) if page.key is None]
    drawings = {team.name: svg_map.drawing(team, base_map, lang=lang) for team in teams}
    locked = [team for team in teams if team.name in issued]
    papers = {name: page.paper for name, page in issued.items()}
    with (
        sheet_pdf.printing(plan, locked, drawings, papers, out, lang=lang) as pdfs,
        _keys([*locks, own]) as keys,
    ):
        yield Prepared(
            asked=asked,
            out=out,
            made=(asked.made or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds"),
            teams=tuple(teams),
            base_map=base_map,
            drawings=drawings,
            own=own,
            known=known,
            issued=issued,
            old_pages=old_pages,
            keys=keys,
            pdfs=pdfs,
        )


def _issued(folder: Path | None) -> tuple[Issued, ...]:
    """Return the pages made before; none if their list is gone or broken, which must not stop a new plan."""
    from doorroute.handback.codes import read_codes

    try:
        return read_codes(folder) if folder else ()
    except BadInputError:
        return ()


def _old_pages(date: str, issued: Mapping[str, Issued], known: Sequence[Issued]) -> list[Issued]:
    """Return the day's earlier pages of the same teams."""
    now = {page.lock.route for page in issued.values()}
    return [
        page
        for page in known
        if page.date == date and page.lock.team in issued and page.lock.route not in now
    ]


@contextmanager
def _keys(locks: Sequence[PageLock]) -> Iterator[Mapping[str, Future[Keys]]]:
    """Make the keys of each lock, by its route, in threads: scrypt releases the interpreter's lock."""
    from doorroute.handback import seal

    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        try:
            yield {lock.route: pool.submit(seal.keys_of, lock) for lock in locks}
        finally:
            pool.shutdown(cancel_futures=True)


def _write_overview(ready: Prepared, written: Iterable[Path]) -> Path:
    from doorroute.output.pages.overview import overview_page

    asked, path = ready.asked, ready.out / OVERVIEW
    there = {each.relative_to(ready.out).as_posix() for each in written}
    page = overview_page(
        asked.plan,
        asked.problem,
        ready.teams,
        ready.base_map,
        lang=asked.lang,
        findings=asked.findings,
        links=plan_links(there),
        team_links={team.name: team_links(team.file, there) for team in ready.teams},
        lock=ready.own,
        keys=ready.keys[ready.own.route].result(),
    )
    write_whole(path, page)
    return path


def _map_incomplete() -> Finding:
    return warning(
        code="MAP_INCOMPLETE",
        table="network",
        message=msg(
            "Part of the map could not be drawn. The plan is not affected: routes and stops are on every "
            "page."
        ),
        advice=msg("Please report it with the name of the extract; a newer extract may help."),
    )


def _write_team_pages(ready: Prepared) -> list[Path]:
    from doorroute.output.pages.open_team import open_team_page

    if ready.asked.open_pages:
        pages = {
            f"teams/{team.file}.html": open_team_page(
                ready.asked.plan, team, ready.base_map, lang=ready.asked.lang
            )
            for team in ready.teams
        }
        return ready.write(pages)
    return [path for team in ready.teams for path in ready.write(_locked_page(ready, team))]


def _locked_page(ready: Prepared, team: TeamRoute) -> dict[str, str]:
    from doorroute.output.pages import phone

    asked, page = ready.asked, ready.issued[team.name]
    before = [
        phone.Before.of(old, page, old.key or ready.keys[old.lock.route].result().results)
        for old in ready.old_pages
        if old.lock.team == team.name
    ]
    pdf = f"{team.file}.pdf"
    making = phone.Making(
        lock=page.lock,
        keys=ready.keys[page.lock.route].result(),
        made=ready.made,
        changes=(asked.changes or {}).get((team.team.id, team.route.shift)),
        before=tuple(before),
        region=asked.problem.settings.region,
        dispatcher=asked.problem.settings.dispatcher_phone,
        pdf=pdf if pdf in {path.name for path in ready.pdfs} else "",
        lock_after_min=asked.problem.settings.lock_after_min,
    )
    text = phone.team_page(asked.plan, team, ready.base_map, making, lang=asked.lang)
    return {f"teams/{team.file}.html": text}


def _write_codes(ready: Prepared) -> Iterable[Path]:
    from doorroute.output.pages.codes import write_codes

    issued = {
        name: replace(page, key=ready.keys[page.lock.route].result().results)
        for name, page in ready.issued.items()
    }
    return write_codes(
        ready.asked.plan.date,
        ready.teams,
        issued,
        ready.known,
        ready.out,
        own=ready.own,
        pdfs=bool(ready.pdfs),
        lang=ready.asked.lang,
    )


def _write_sheets(ready: Prepared) -> Iterable[Path]:
    from doorroute.output.pages.sheet import sheet_page

    asked = ready.asked
    pages = {
        f"sheets/{team.file}.html": sheet_page(asked.plan, team, ready.drawings[team.name], lang=asked.lang)
        for team in ready.teams
    }
    return (*ready.write(pages), *ready.pdfs)


def _write_tracks(ready: Prepared) -> Iterable[Path]:
    from doorroute.output.files.tracks import write_tracks

    lang = ready.asked.lang
    return [path for team in ready.teams for path in write_tracks(team, ready.out / "teams", lang=lang)]


def _write_notices(ready: Prepared) -> Iterable[Path]:
    from doorroute.output.pages.notices import write_notices

    asked = ready.asked
    named = {name for features in ready.base_map.layers.values() for name in features.names if name}
    return write_notices(
        asked.plan.date,
        ready.teams,
        asked.problem,
        ready.out,
        lang=asked.lang,
        known=named,
        now_s=asked.now_s,
    )


def _write_manifest(ready: Prepared) -> Iterable[Path]:
    from doorroute.output.files.manifest import write_manifest

    path = ready.out / "manifest.xlsx"
    write_manifest(ready.asked.plan, ready.asked.problem, ready.teams, path, lang=ready.asked.lang)
    return (path,)


def _write_findings(ready: Prepared) -> Iterable[Path]:
    from doorroute.output.files.exports import write_findings

    path = ready.out / "findings.csv"
    write_findings(ready.asked.findings, path, lang=ready.asked.lang)
    return (path,)


def _write_findings_book(ready: Prepared) -> Iterable[Path]:
    from doorroute.output.files.findings_book import write_findings_book

    path = ready.out / "findings.xlsx"
    if not ready.asked.lists:
        return ()
    write_findings_book(ready.asked.lists, ready.asked.findings, path, lang=ready.asked.lang)
    return (path,)


def _write_gpkg(ready: Prepared) -> Iterable[Path]:
    from doorroute.output.files.exports import write_gpkg

    path = ready.out / "routes.gpkg"
    write_gpkg(ready.teams, path)
    return (path,)


def _write_geojson(ready: Prepared) -> Iterable[Path]:
    from doorroute.output.files.exports import write_geojson

    path = ready.out / "routes.geojson"
    write_geojson(ready.teams, path)
    return (path,)


def _review_page(ready: Prepared) -> Iterable[Path]:
    """Return the page if it is there: `pipeline` writes it, because it needs the address index."""
    return tuple(ready.out.glob("review.html"))


OVERVIEW: Final = "overview.html"
"""The page that links to all others. It is written at the end, when it is known which files there are."""

WRITERS: Final = (
    Writer(
        name="team pages",
        files=(File("teams/{team}.html", msg("Phone page")),),
        purpose=msg("one team's phone, locked"),
        write=_write_team_pages,
        last=True,
    ),
    Writer(
        name="codes",
        files=(File("codes.html", msg("Codes")), File("codes.txt"), File("codes.json")),
        purpose=msg("the dispatcher only: the codes of the teams' pages and of the names in the overview"),
        write=_write_codes,
        last=True,
    ),
    Writer(
        name="notices",
        files=(File("notices.html", msg("Notices to buildings")), File("notices-{lang}.txt")),
        purpose=msg("residents: a text for each building with its expected time, without names"),
        write=_write_notices,
    ),
    Writer(
        name="review",
        files=(File("review.html", msg("Resolve addresses")),),
        purpose=msg("the dispatcher: addresses in doubt, with candidates (only if there are any)"),
        write=_review_page,
    ),
    Writer(
        name="manifest",
        files=(File("manifest.xlsx", msg("Workbook")),),
        purpose=msg("the office: a sheet for each team"),
        write=_write_manifest,
    ),
    Writer(
        name="findings",
        files=(File("findings.csv"),),
        purpose=msg("the office: every finding"),
        write=_write_findings,
    ),
    Writer(
        name="findings book",
        files=(File("findings.xlsx", msg("The list with remarks")),),
        purpose=msg("the office: your list with the doubtful cells coloured and commented"),
        write=_write_findings_book,
    ),
    Writer(
        name="sheets",
        files=(File("sheets/{team}.html", msg("Paper sheet")), File("sheets/{team}.pdf", literal("PDF"))),
        purpose=msg("paper: A4, a map and a list with boxes to tick; the PDF has a code of its own"),
        write=_write_sheets,
    ),
    Writer(
        name="tracks",
        files=(
            File("teams/{team}.gpx", literal("GPX")),
            File("teams/{team}.kml", literal("KML")),
            File("teams/{team}.geojson"),
        ),
        purpose=msg("navigation apps"),
        write=_write_tracks,
    ),
    Writer(
        name="gpkg",
        files=(File("routes.gpkg"),),
        purpose=msg("QGIS and other map programs: layers of routes and stops"),
        write=_write_gpkg,
    ),
    Writer(
        name="geojson",
        files=(File("routes.geojson"),),
        purpose=msg("web maps and other programs: routes and stops in one file"),
        write=_write_geojson,
    ),
)


def plan_links(there: Collection[str]) -> tuple[tuple[str, Text], ...]:
    """Return the links of the overview to the files of the whole plan that are `there`: name and text."""
    files = (file for writer in WRITERS for file in writer.files if "{team}" not in file.name)
    return tuple((file.name, file.link) for file in files if file.link is not None and file.name in there)


def team_links(team_file: str, there: Collection[str]) -> tuple[tuple[str, Text], ...]:
    """Return the links of the overview to those files of a team that are `there`: name and text."""
    files = (file for writer in WRITERS for file in writer.files if "{team}" in file.name)
    named = ((file.name.format(team=team_file), file.link) for file in files)
    return tuple((name, link) for name, link in named if link is not None and name in there)


def files_table(lang: str) -> list[str]:
    """Return the rows of the table of files in `docs/output.md`, in Markdown."""
    team = msg("team").into(lang)
    overview = msg("the dispatcher: all routes on one map, and everything that is on no route")
    rows = [([OVERVIEW], overview)]
    rows += [([name for file in writer.files for name in file.names], writer.purpose) for writer in WRITERS]
    return [
        f"| {', '.join(f'`{name}`' for name in names).replace('{team}', f'<{team}>')} | "
        f"{purpose.into(lang)} |"
        for names, purpose in rows
    ]
