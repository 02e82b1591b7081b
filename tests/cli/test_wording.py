"""Sentences that misled, as they are now: in the running product and in both languages."""

import json
import shutil
from types import MappingProxyType

import openpyxl
import pytest

from doorroute.cli import main
from doorroute.errors import ExitCode
from doorroute.pipeline.plan_folder import FINDINGS
from doorroute.texts import Text

ROWS = [
    ["name", "address", "phone", "class", "people"],
    ["Secretone", "Annankatu 12", 358401234567, "红码", 1],
    ["Secrettwo", "Alvar Aallon katu 3", "+358 40 1234568", "密接", 1],
    [None] * 5,
    ["Secretone", "Annankatu 12", 358401234567, "红码", 1],
    ["Secretthree", "Annankatu 14", 358401234569, "正常", 1],
    ["Total", None, None, None, 4],
]
SAID = {
    "en": [
        "“红码” is read as “isolated”, and “密接” is read as “isolated”.",
        "The phone number was stored as a number and has been turned back into text.",
        "This person is already in row 2.",
        "3 rows skipped (nothing to do):",
    ],
    "zh": [
        "“红码”按“隔离”处理，“密接”按“隔离”处理。",
        "电话在表里是数字格式，已改回文本。",
        "这个人在第 2 行已经有了。",
        "跳过的行（不用处理），共 3 行：",
    ],
}
PLANNED = {
    "en": ["row 3 LOW_GEOCODE_PRECISION 4 possible places; choose one on the page “Resolve addresses”", "3 on the list: 2 planned, 1 address to decide", "3 rows skipped (nothing to do):"],
    "zh": ["第 3 行 LOW_GEOCODE_PRECISION 有 4 个可能的位置，请在“确认地址”页选一个", "名单 3 人：已排 2 · 地址待确认 1", "跳过的行（不用处理），共 3 行："],
}  # fmt: skip
OVERVIEW = {
    "en": [
        "Rows skipped (nothing to do)",
        "Open “Resolve addresses” and choose the place of each.",
        "findings.xlsx",
    ],
    "zh": [
        "跳过的行（不用处理）",
        "这些地址没有把握，所以没有排进路线。点“确认地址”逐条选定。",
        "findings.xlsx",
    ],
}
REVIEW = {
    "en": ["Addresses to resolve", "Move pins.csv next to the list of residents, then plan again."],
    "zh": ["待确认的地址", "已存到“下载”文件夹。请把 pins.csv 移到居民名单旁边，然后重新排一次。"],
}
FIXED = [
    (
        ("Check the place. If the map is right, delete this entry from pins.csv; leave the list of "
        "residents as it is."), {}, "请核对位置；如果地图是对的，请从 pins.csv 里删掉这一条（不要动居民名单）。"),
    (
        ("has stopped work and sent no results: ask which doors it visited and whether it carries "
        "samples"), {}, "已退出，一直没交结果：请问清去过哪几户、身上有没有样本"),
    ("not a person: blank, totals or duplicate row", {}, "不是居民：空行、合计或重复行"),
    ("Basement {level}", {"level": 1}, "地下1层"),
    ("Room {room}", {"room": "118"}, "118室"),
    (
        ("Usually nothing to do. If a column is, say, the number of people, change its header to "
        "“people”."), {}, "一般不用处理。如果它是“人数”之类，请把表头改成“人数”。"),
    ("In hospital", {}, "住院了"),
    ("Compared with the shortest plan found: {trade_off}", {"trade_off": "+"}, "与找到的最短方案相比：+"),
    ("{teams} teams go out; at least {bound} teams are needed.", {"teams": 5, "bound": 2}, "共出动 5 队；至少需要 2 队。"),
    ("Not understood. Paste the coordinates alone, such as {example} (either order will do).", {"example": "116.3170,39.9971"}, "看不懂。请直接粘贴坐标，例如 116.3170,39.9971（高德、百度的次序也可以）。"),
]  # fmt: skip


@pytest.fixture
def workbook(tmp_path):
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    book.active.title = "S"
    path = tmp_path / "list.xlsx"
    book.save(path)
    return path


@pytest.mark.parametrize(("template", "params", "chinese"), FIXED)
def test_a_sentence_is_as_it_was_asked_for(template, params, chinese):
    text = Text(template, MappingProxyType(params))
    assert text.into("zh") == chinese
    assert text.into("en") == template.format_map(params)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_check_says_what_was_taken_as_what_once_a_column(workbook, lang, capsys):
    assert main(["check", str(workbook), "--lang", lang, "--quiet"]) == ExitCode.DONE
    out = capsys.readouterr().out
    assert [said for said in SAID[lang] if said not in out] == []
    assert out.count("红码") == 1
    assert "secret" not in out.casefold()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_plan_overview_and_review_say_it_too(workbook, demo_data, lang, capsys):
    out = workbook.with_name("day")
    tables = ["--teams", str(demo_data / "teams.xlsx"), "--depots", str(demo_data / "depots.xlsx")]
    command = ["plan", str(workbook), *tables, "--network", str(demo_data / "helsinki-centre.osm.pbf")]
    run = [*command, "--out", str(out), "--iterations", "20", "--lang", lang, "--quiet", "--open"]
    assert main(run) == ExitCode.DONE
    screen = capsys.readouterr().out
    assert [said for said in PLANNED[lang] if said not in screen.replace("“S”", "").replace("S, ", "")] == []
    for name, wanted in (("overview.html", OVERVIEW), ("review.html", REVIEW)):
        page = (out / name).read_text(encoding="utf-8")
        assert [said for said in wanted[lang] if said not in page] == []
    kinds = [line.split(",")[0] for line in (out / FINDINGS).read_text(encoding="utf-8-sig").splitlines()[1:]]
    order = ["error", "warning", "note", "skipped"]
    assert kinds == sorted(kinds, key=order.index)
    assert "skipped" in kinds


def test_the_workbook_of_findings_is_a_table_of_the_plan_and_a_change_in_it_is_warned_about(demo_day, capsys):
    day = demo_day.parent / "remarked"
    shutil.copytree(demo_day, day)
    assert "findings.xlsx" in json.loads((day / "plan.json").read_text())["files"]
    book = openpyxl.load_workbook(day / "findings.xlsx")
    assert any(cell.comment for row in book.worksheets[0].iter_rows() for cell in row)
    book.worksheets[0]["A1"] = "mine"
    book.save(day / "findings.xlsx")
    assert main(["verify", str(day), "--quiet"]) == ExitCode.DONE
    said = capsys.readouterr()
    assert "findings.xlsx was changed" in said.out + said.err
