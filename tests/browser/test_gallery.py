"""Every page at the sizes that people hold, light and dark, in both languages: pictures to look through, and
WCAG 2.2 AA by axe-core.

`DOORROUTE_GALLERY=<folder>` takes all of them into that folder, with an `index.html` that shows them side
by side; without it a few are taken, and thrown away.
"""

import html
import os
from dataclasses import replace
from functools import cache
from importlib.resources import files
from itertools import product
from pathlib import Path

import pytest
from PIL import Image

from doorroute.cli import main
from doorroute.day.route_changes import changes_between
from doorroute.geocode import Query, locate, open_index, unsure_rows
from doorroute.handback.codes import own_code
from doorroute.model.plan import StopLock
from doorroute.model.settings import Settings
from doorroute.output.pages.review import write_review
from doorroute.output.write import PlanOutput, write_maps
from tests.helpers.phone_page import lock_of, unlock
from tests.helpers.small_day import day as make_day

SIZES = ((390, 844), (360, 640), (820, 1180), (1440, 900))
EVERY = tuple(product(SIZES, ("light", "dark"), ("zh", "en")))
FEW = (((390, 844), "dark", "zh"), ((1440, 900), "light", "en"))
WANTED = os.environ.get("DOORROUTE_GALLERY")
VIOLATIONS = """async () => (await axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }))
  .violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 160))])"""


@pytest.fixture(scope="module")
def day_of(demo_data, tmp_path_factory):
    @cache
    def written(lang):
        out = tmp_path_factory.mktemp(lang)
        plan, problem, findings = make_day(teams=3, visits=24)
        streets = ("Annankatu {}", "幸福路{}号", "Bulevardi {}")
        named = {
            visit: replace(place, label=streets[at % 3].format(1 + at // 3))
            for at, (visit, place) in enumerate(problem.places.items())
            if at % 7
        }
        problem = replace(problem, places={**problem.places, **named})
        extract = demo_data / "helsinki-centre.osm.pbf"
        index = open_index(extract)
        queries = [
            Query(str(row), address, row=row) for row, address in ((90, "Annankatu"), (91, "Nostreet 91"))
        ]
        outcomes, _ = locate(queries, index, Settings())
        write_review(out / "review.html", unsure_rows(queries, outcomes), extract, index.bounds, lang=lang)
        write_maps(PlanOutput(plan, problem, extract, lang=lang, findings=findings), out)
        write_maps(
            PlanOutput(plan, problem, extract, lang=lang, findings=findings, open_pages=True), out / "open"
        )
        later, later_problem, _ = make_day(teams=3, visits=24, shares=[(1, 4, 7), (23, 2, 5, 10, 8), (3, 6)])
        changes = changes_between(
            plan, later, addresses={visit.id: visit.address for visit in problem.visits}
        )
        first, second, third = later.routes
        steps = [replace(step, lock=StopLock.DONE) if step.visit == "V23" else step for step in second.steps]
        later = replace(later, routes=(first, replace(second, steps=tuple(steps)), third))
        more = {"changes": changes, "earlier": out, "refused": {"R23b"}}
        write_maps(PlanOutput(later, later_problem, extract, lang=lang, findings=(), **more), out / "later")
        asked = ["--teams", "3:4", "--finish-by", "11:30", "--time-limit", "0.5", "--lang", lang, "--quiet"]
        given = [
            str(demo_data / "residents.xlsx"),
            "--depots",
            str(demo_data / "depots.xlsx"),
            "--network",
            str(extract),
        ]
        assert main(["scenarios", *given, *asked, "--out", str(out)]) == 0
        return out

    return written


def screens(open_page, folder, **more):
    """Yield the name of each screen, and what is opened, in the state to be seen."""
    for name in ("overview", "codes", "notices", "review", "sheets/T2", "open/teams/T2"):
        opened = open_page(folder / f"{name}.html", **more)
        if name.startswith(("overview", "open", "review")):
            opened.page.wait_for_selector("html[data-map=drawn]")
        yield name.replace("/", "-"), opened
    opened = open_page(folder / "scenarios.html", **more)
    opened.page.wait_for_selector("html[data-ready=yes]")
    yield "scenarios", opened
    yield "overview-names", with_names(open_page(folder / "overview.html", **more), folder)
    opened = open_page(folder / "teams" / "T2.html", **more)
    yield "lock", opened
    unlock(opened, lock_of(folder, "T2").spoken)
    page = opened.page
    yield "door", opened
    for mark in ("done", "away", "refused"):
        page.click(f"#actions .{mark}")
    yield "marked", opened
    for tab, name in ((1, "map"), (3, "list"), (4, "send")):
        if page.locator(f".tab:nth-child({tab})").is_visible():
            page.click(f".tab:nth-child({tab})")
            page.wait_for_timeout(150)
            yield name, opened
    page.click("#menu")
    yield "menu", opened
    page.click("#dialog > button:last-child")
    page.click(".tab:nth-child(2)")
    page.click(".pair button:last-child")
    yield "navigate", opened
    page.click("#dialog > button:last-child")
    page.locator("#actions .big.line").last.click()
    yield "note", opened
    opened = open_page(folder / "later" / "teams" / "T2.html", **more)
    unlock(opened, lock_of(folder / "later", "T2").spoken)
    yield "changes", opened
    opened.page.click("#dialog > button:last-child")
    opened.page.click(".tab:nth-child(3)")
    opened.page.locator(".row").first.click()
    yield "known", opened
    yield "sheet-later", open_page(folder / "later" / "sheets" / "T2.html", **more)


def with_names(opened, folder):
    """Show the names in the overview, search some doors, open a team, and stop the day at half past eight."""
    page = opened.page
    page.wait_for_selector("html[data-map=drawn]")
    page.click("#names-show")
    page.fill("#names-code", own_code(folder).spoken)
    page.press("#names-code", "Enter")
    page.wait_for_selector("#names-hide:visible")
    page.click(".team:nth-child(2) .row")
    page.fill("#sought", "Name 1")
    page.evaluate(
        "at => { at.value = 30600; at.dispatchEvent(new Event('input')); }", page.query_selector("#at")
    )
    page.wait_for_timeout(500)
    page.evaluate("document.getElementById('names-hide').scrollIntoView({ behavior: 'instant' })")
    return opened


def write_index(folder):
    """Write the page that shows all pictures of `folder`: a row a screen, grouped by size."""
    pictures = sorted(folder.glob("*-*x*-*-*.png"))
    rows = {}
    for path in pictures:
        name, size, scheme, lang = path.stem.rsplit("-", 3)
        rows.setdefault((name, size), []).append((f"{scheme} {lang}", path.name))
    sections = [
        f"<h2>{html.escape(name)} <small>{size}</small></h2><div>"
        + "".join(
            f'<figure><a href="{html.escape(file)}"><img loading="lazy" alt="{html.escape(name)}, {what}" src="{html.escape(file)}"></a>'
            f"<figcaption>{what}</figcaption></figure>"
            for what, file in shown
        )
        + "</div>"
        for (name, size), shown in rows.items()
    ]
    style = "body{font:16px sans-serif;margin:24px}div{display:flex;flex-wrap:wrap;gap:16px}figure{margin:0}img{height:420px;border:1px solid #999}"
    page = f'<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Gallery</title><style>{style}</style><h1>{len(pictures)} pictures</h1>'
    (folder / "index.html").write_text(page + "".join(sections), encoding="utf-8")
    return len(pictures)


@pytest.mark.parametrize(("size", "scheme", "lang"), EVERY if WANTED else FEW)
def test_every_page_can_be_looked_at(open_page, day_of, tmp_path, size, scheme, lang):
    out = Path(WANTED) if WANTED else tmp_path
    out.mkdir(parents=True, exist_ok=True)
    taken = 0
    for name, opened in screens(open_page, day_of(lang), viewport=size, lang=lang, color_scheme=scheme):
        path = out / f"{name}-{size[0]}x{size[1]}-{scheme}-{lang}.png"
        opened.page.screenshot(path=path)
        with Image.open(path) as picture:
            assert picture.size == size
            assert len(picture.convert("RGB").getcolors(2**24)) > 30, name
        assert opened.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        assert (opened.requests, opened.errors) == ([], []), name
        taken += 1
    assert taken >= 19
    assert write_index(out) >= taken
    assert f'src="notices-{size[0]}x{size[1]}-{scheme}-{lang}.png"' in (out / "index.html").read_text(
        encoding="utf-8"
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_against_wcag_on_any_page(open_page, day_of, scheme):
    axe = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")

    def opening(path, **more):
        opened = open_page(path, viewport=(390, 844), color_scheme=scheme, bypass_csp=True, **more)
        if scheme == "dark":  # large text in one of the two
            opened.page.add_init_script("localStorage.setItem('doorroute/look', '{\"size\":\"large\"}')")
            opened.page.reload()
        return opened

    for name, opened in screens(opening, day_of("zh")):
        opened.page.evaluate(axe)
        assert opened.page.evaluate(VIOLATIONS) == [], name
