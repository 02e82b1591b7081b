"""The evening's page in a real Chromium, the network off: complete, readable on a phone and on paper, and nothing in it runs."""

import pypdfium2
import pytest

from doorroute.day import Outcome
from doorroute.day.closing import End, Mark, RowFate, TeamDay
from doorroute.model.finding import Finding, FindingCode, Severity
from doorroute.output.pages.report import Report, report_page
from doorroute.texts import msg

EVIL = "</title><script>document.title=1</script><img src=x onerror=document.title=2>"


def a_day(teams=6, rows=90):
    ends = [End.SAMPLED] * 12 + [End.NOBODY_HOME, End.REFUSED, End.NOT_VISITED, End.UNASSIGNED, End.NOT_LOCATED, End.REJECTED, End.CANCELLED]  # fmt: skip
    fates = tuple(
        RowFate(
            row=row, end=ends[row % len(ends)], resident=EVIL if row == 3 else f"R{row:03}", visit=f"V{row}", team=f"T{row % teams}",
            planned_s=30_000 + 60 * row, real_s=30_120 + 61 * row, tries=int(row % len(ends) == 12), code="SKILL" if row % len(ends) > 14 else "",
            column=EVIL if row == 17 else "", detail=msg("Why it is so, in words that are a line long or two, as they mostly are.") if row % len(ends) > 14 else None,
        )
        for row in range(2, rows)
    )  # fmt: skip
    signs = (Outcome.DONE, Outcome.DONE, Outcome.NOBODY_HOME, Outcome.DONE, Outcome.REFUSED)
    days = tuple(
        TeamDay(
            team=EVIL if team == 1 else f"第{team}医疗队",
            start_s=28_800 + 300 * team,
            finish_s=40_000,
            planned=tuple((f"V{at}", 30_000 + 900 * at) for at in range(10)),
            marks=tuple(
                Mark(visit=f"V{at}", time_s=30_100 + 960 * at, outcome=signs[at % 5])
                for at in range(10 if team != 2 else 0)
            ),
            open=3 if team == 2 else 0,
            back_s=None if team == 2 else 39_000 + 400 * team,
        )
        for team in range(teams)
    )
    odd = Finding(
        severity=Severity.WARNING, code=FindingCode("CONTRADICTION"), table="results", row=None, column="", message=msg("V1: done and refused."), advice=msg("Ask the team; to correct it, type a line with a later time."),
    )  # fmt: skip
    return Report(
        day="2022-04-06", fates=fates, teams=days, sentences=(msg("Walking slowly."),), kept=msg("Kept."), findings=(odd,),
    )  # fmt: skip


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
