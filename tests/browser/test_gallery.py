"""Every page at the sizes that people hold, light and dark, in both languages: pictures to look through, and WCAG 2.2 AA by axe-core.

`DOORROUTE_GALLERY=<folder>` takes all of them into that folder; without it a few are taken, and thrown away.
"""

import os
import runpy
from functools import cache
from importlib.resources import files
from itertools import product
from pathlib import Path

import pytest
from PIL import Image

from doorroute.maps import write_maps

HERE = Path(__file__).parent
make_day = runpy.run_path(str(HERE.parent / "maps" / "days.py"))["day"]
helpers = runpy.run_path(str(HERE / "phone_page.py"))
lock_of, unlock = helpers["lock_of"], helpers["unlock"]
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
        extract = demo_data / "helsinki-centre.osm.pbf"
        write_maps(plan, problem, extract, out, lang=lang, findings=findings)
        write_maps(plan, problem, extract, out / "open", lang=lang, findings=findings, open_pages=True)
        return out

    return written


def screens(open_page, folder, **more):
    """Yield the name of each screen, and what is opened, in the state to be seen."""
    for name in ("overview", "codes", "sheets/T2", "open/teams/T2"):
        opened = open_page(folder / f"{name}.html", **more)
        if name.startswith(("overview", "open")):
            opened.page.wait_for_selector("html[data-map=drawn]")
        yield name.replace("/", "-"), opened
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
    assert taken >= 10


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_against_wcag_on_any_page(open_page, day_of, scheme):
    axe = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    for name, opened in screens(open_page, day_of("zh"), viewport=(390, 844), color_scheme=scheme, bypass_csp=True):
        opened.page.evaluate(axe)
        assert opened.page.evaluate(VIOLATIONS) == [], name
