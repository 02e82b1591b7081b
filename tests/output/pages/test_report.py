"""The evening's page and table as text: every row once, in both languages, and nobody's name."""

import csv
import io
import re
from dataclasses import replace

import pytest

from doorroute.day.closing import End, RowFate
from doorroute.model.ledger import SheetCount
from doorroute.output.drawings.lanes import LANES_A_FIGURE
from doorroute.output.pages.report import COLUMNS, late_min, report_page, report_table
from doorroute.texts import literal, msg
from tests.helpers.closed_day import EVIL, a_day

LANGS = ("en", "zh")
FORMULAS = ("=1+1", "+1", "-1", "@x", "\t=1", "＝1")


def page_of(report, lang="en"):
    return report_page(report, lang=lang, files=[("report.csv", msg("table")), ("a&b.csv", literal(EVIL))])


def rows_of(report, lang="en"):
    text = report_table(report, lang)
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def is_chinese(text):
    return any("一" <= letter <= "鿿" for letter in text)


def with_fates(*fates):
    return replace(a_day(), fates=fates)


@pytest.mark.parametrize("lang", LANGS)
def test_every_row_of_the_sheet_is_in_the_table_once_and_codes_are_in_no_language(lang):
    report = a_day()
    rows = rows_of(report, lang)
    assert tuple(rows[0]) == COLUMNS
    assert [row["row"] for row in rows] == [str(number) for number in range(2, 90)]
    assert [row["state"] for row in rows] == [fate.end.value for fate in report.fates]
    assert all(is_chinese(row["reason"]) == (lang == "zh") for row in rows if not row["code"])


@pytest.mark.parametrize("cell", FORMULAS)
def test_no_cell_of_the_table_is_a_formula(cell):
    fate = RowFate(
        row=2, end=End.REJECTED, resident=cell, visit=cell, team=cell, column=cell, code=cell, detail=literal(cell), sheet=cell
    )  # fmt: skip
    (row,) = rows_of(with_fates(fate))
    for name in ("id", "visit", "team", "column", "code", "sheet"):
        assert row[name] == f"'{cell}"
    assert not row["reason"].startswith(tuple("=+-@\t＝"))


def test_lateness_is_in_whole_minutes_and_empty_where_a_time_is_missing():
    planned = RowFate(row=2, end=End.SAMPLED, planned_s=36_000, real_s=36_089)
    assert late_min(planned) == 1
    assert late_min(replace(planned, real_s=35_400)) == -10
    assert late_min(replace(planned, real_s=None)) is None
    assert late_min(replace(planned, planned_s=None)) is None
    rows = rows_of(with_fates(planned, replace(planned, row=3, real_s=None)))
    assert [(row["planned"], row["real"], row["late_min"]) for row in rows] == [
        ("10:00", "10:01", "1"),
        ("10:00", "", ""),
    ]


@pytest.mark.parametrize("lang", LANGS)
def test_the_sum_adds_up(lang):
    report = a_day()
    counts = report.counts
    assert sum(counts.values()) == len(report.fates)
    done, refused = counts[End.SAMPLED], counts[End.REFUSED]
    numbers = [int(number) for number in re.findall(r"\d+", report.sum.into(lang))]
    assert sorted(numbers) == sorted([88, done, refused, 88 - done - refused])
    assert numbers[0] == 88
    nobody = replace(report, fates=(*report.fates, RowFate(row=90, end=End.NO_PERSON)))
    assert sorted(int(number) for number in re.findall(r"\d+", nobody.sum.into(lang))) == sorted(
        [*numbers, 1]
    )
    assert is_chinese(report.sum.into(lang)) == (lang == "zh")


def test_people_are_counted_where_a_row_is_several():
    report = a_day()
    assert report.people is None
    many = replace(report, fates=tuple(replace(fate, people=3) for fate in report.fates))
    done = sum(fate.end is End.SAMPLED for fate in report.fates)
    for lang in LANGS:
        numbers = {int(number) for number in re.findall(r"\d+", many.people.into(lang))}
        assert numbers == {88, 3 * 88, 3 * done}


def test_reasons_are_given_for_all_who_were_missed_and_none_where_nobody_was():
    report = a_day()
    missed = [n for end, n in report.counts.items() if end not in {End.SAMPLED, End.REFUSED, End.NO_PERSON}]
    assert [int(number) for number in re.findall(r"\d+", report.reasons.into("en"))] == missed
    assert with_fates(RowFate(row=2, end=End.SAMPLED)).reasons is None


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_is_complete_in_itself_and_says_its_language(lang):
    page = page_of(a_day(), lang)
    assert f'<html lang="{"zh-CN" if lang == "zh" else "en"}"' in page
    assert not re.search(r"(?:src|href)=\"?(?:https?:)?//", page)
    assert report_page(a_day(), lang=lang, files=[]) != page
    assert page == page_of(a_day(), lang)
    assert page.count('<tr><th scope="row">') == 88 + a_day().carried


@pytest.mark.parametrize("lang", LANGS)
def test_what_the_sheet_says_runs_nowhere(lang):
    page = page_of(a_day(), lang)
    assert "<script" not in page
    assert "onerror" not in re.sub(r"&lt;.*?&gt;", "", page)
    assert "&lt;script&gt;" in page


def test_only_ids_that_are_mere_numbers_are_shown():
    ids = ("R12", "0045", "张三", "13800138000", "110101199001011234", EVIL)
    page = page_of(
        with_fates(*(RowFate(row=at, end=End.NOT_VISITED, resident=name) for at, name in enumerate(ids, 2)))
    )
    assert [name in page for name in ids] == [True, True, False, False, False, False]


def test_twenty_teams_are_a_figure_and_a_day_without_teams_has_none():
    assert page_of(a_day(teams=LANES_A_FIGURE)).count("<figure>") == 1
    assert page_of(a_day(teams=LANES_A_FIGURE + 1)).count("<figure>") == 2
    empty = replace(a_day(), teams=(), findings=(), kept=None)
    assert "<figure>" not in page_of(empty)


@pytest.mark.parametrize("lang", LANGS)
def test_the_ledger_of_the_sheets_is_on_the_page(lang):
    sheets = (
        SheetCount(source="list.xlsx", sheet=EVIL, rows=90, with_people=88, skipped=2, residents=88),
        SheetCount(source="list.xlsx", sheet="说明", rows=4, read=False),
    )
    assert a_day().ledger is None
    assert 'id="ledger"' not in page_of(a_day(), lang)
    page = page_of(replace(a_day(), sheets=sheets), lang)
    shown = page[page.index('id="ledger"') :].split("</p>")[0]
    assert "90" in shown
    assert "说明" in shown
    assert "<script" not in shown


@pytest.mark.parametrize("lang", LANGS)
def test_a_day_that_is_done_says_so(lang):
    page = page_of(
        with_fates(*(RowFate(row=row, end=End.SAMPLED, resident="R1") for row in range(2, 5))), lang
    )
    assert page.count('<tr><th scope="row">') == 3
    assert with_fates(RowFate(row=2, end=End.SAMPLED)).carried == 0
