"""The evening's page in a real Chromium, the network off: complete, readable on a phone and on paper, and
nothing in it runs.
"""

import pypdfium2
import pytest

from doorroute.output.pages.report import report_page
from doorroute.texts import msg
from tests.helpers.closed_day import EVIL, a_day


@pytest.fixture
def opened(open_page, tmp_path):
    def open_it(lang="en", teams=6, **more):
        page = tmp_path / "report.html"
        page.write_text(
            report_page(a_day(teams), lang=lang, files=[("report.csv", msg("table"))]), encoding="utf-8"
        )
        return open_page(page, lang=lang, **more)

    return open_it


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("viewport", [(1440, 900), (390, 844)])
def test_it_asks_for_nothing_runs_nothing_and_is_no_wider_than_the_screen(opened, viewport, lang):
    made = opened(lang, viewport=viewport)
    assert (made.requests, made.errors) == ([], [])
    assert made.page.evaluate("document.documentElement.scrollWidth") <= viewport[0]
    assert "2022-04-06" in made.page.title()
    assert made.page.locator("script, img").count() == 0
    assert EVIL not in made.page.locator(".all").inner_text()  # an id that is no mere number stays out
    assert made.page.locator(".all tbody tr").count() == 88


def test_each_team_has_its_lane_with_a_sign_a_door_and_says_how_late_it_was(opened):
    page = opened(teams=23).page
    assert page.locator("figure svg").count() == 2
    assert page.locator("figure svg >> nth=0").locator(".as-planned").count() == 20
    assert page.locator("figure .done circle").count() == 22 * 6
    assert (
        page.locator("figure .nobody_home circle").count()
        == page.locator("figure .refused path").count()
        == 22 * 2
    )
    assert page.locator("figure svg >> nth=0").text_content().count("+10 min") == 1
    assert "3 without a result" in page.locator("figure svg >> nth=0").text_content()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_passes_axe_in_light_and_dark(opened, scheme):
    from axe_playwright_python.sync_playwright import Axe

    made = opened(color_scheme=scheme, bypass_csp=True)
    found = Axe().run(
        made.page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    )
    assert [each["id"] for each in found.response["violations"]] == []


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_is_printed_on_a4_the_figure_whole_on_the_first_sheet(opened, lang, tmp_path):
    page = opened(lang, color_scheme="dark").page
    page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True, print_background=True)
    document = pypdfium2.PdfDocument(tmp_path / "report.pdf")
    sizes = {tuple(round(side) for side in sheet.get_size()) for sheet in document}
    assert sizes == {(595, 842)}
    first = document[0].get_textpage().get_text_range()
    assert "第5医疗队" in first
    picture = document[0].render(scale=0.5).to_pil().convert("L")
    assert picture.getpixel((3, 3)) > 250  # paper is white in the dark too
    assert len(document) <= 6
