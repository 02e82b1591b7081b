"""`findings.xlsx`: the list as it was read, doubtful cells coloured and commented, values only, for its
owner alone.
"""

import os
import stat

import openpyxl
import pytest

from doorroute.cli import main
from doorroute.errors import ExitCode

ERROR, WARNING = "FFF8CBC6", "FFFFE9A8"
HEAD = ["姓名", "身份证号", "地址", "电话", "类别"]
ROWS = [
    ["街道名单"],
    HEAD,
    ["甲", "110101199001011234", "蓝旗营6号楼", 13908174466, "怪"],
    ["乙", "110101199001011235", "", "139 0817 4467", "普通"],
    ["=1+1", "110101199001011236", "蓝旗营8号楼", "+8613908174468", "普通"],
    ["合计", None, None, None, None],
]


@pytest.fixture
def workbook(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "一社区"
    for row in ROWS:
        book.active.append(row)
    book.active["A5"].data_type = "s"
    second = book.create_sheet("二社区")
    second.append(["姓名", "地址"])
    second.append(["丙", "蓝旗营9号楼"])
    notes = book.create_sheet("说明")
    notes.append(["请填写完整"])
    path = tmp_path / "名单.xlsx"
    book.save(path)
    return path


def fill(cell):
    return cell.fill.fgColor.rgb if cell.fill.fill_type else None


def checked(path, out, lang="zh"):
    assert main(["check", str(path), "--out", str(out), "--lang", lang, "--quiet"]) == ExitCode.DONE
    return openpyxl.load_workbook(out)


@pytest.mark.parametrize(
    ("lang", "said"), [("zh", "按最严格的“隔离”处理"), ("en", "the strictest, is assumed")]
)
def test_doubtful_cells_are_coloured_and_say_what_to_do_in_the_users_language(workbook, tmp_path, lang, said):
    page = checked(workbook, tmp_path / "out.xlsx", lang)["一社区"]
    assert (fill(page["E3"]), fill(page["C4"])) == (WARNING, ERROR)
    assert said in page["E3"].comment.text
    assert page["C4"].comment is not None
    assert fill(page["A5"]) is fill(page["D3"]) is None  # a note about a telephone is no doubt


def test_all_sheets_with_people_are_written_in_their_order_as_they_were_read(workbook, tmp_path):
    book = checked(workbook, tmp_path / "out.xlsx")
    assert book.sheetnames == ["一社区", "二社区"]
    page = book["一社区"]
    assert [page["A1"].value, page["A2"].value, page["D3"].value, page["C3"].value] == [
        "街道名单",
        "姓名",
        13908174466,
        "蓝旗营6号楼",
    ]
    assert [cell.value for cell in book["二社区"][2]] == ["丙", "蓝旗营9号楼"]


def test_no_cell_is_a_formula_and_identity_numbers_are_not_written(workbook, tmp_path):
    page = checked(workbook, tmp_path / "out.xlsx")["一社区"]
    assert (page["A5"].value, page["A5"].data_type) == ("=1+1", "s")
    assert [cell.value for cell in page["B"]] == [None] * len(ROWS)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_only_its_owner_may_read_it(workbook, tmp_path):
    checked(workbook, tmp_path / "out.xlsx")
    assert stat.S_IMODE((tmp_path / "out.xlsx").stat().st_mode) == 0o600


def test_a_text_file_is_one_sheet_and_side_by_side_lists_are_marked_in_their_own_columns(tmp_path):
    file = tmp_path / "list.csv"
    file.write_text(
        "姓名,地址,类别,姓名,地址,类别\n甲,蓝旗营6号楼,普通,乙,蓝旗营7号楼,怪\n", encoding="utf-8"
    )
    page = checked(file, tmp_path / "out.xlsx").worksheets[0]
    assert [fill(page.cell(2, place)) for place in range(1, 7)] == [None] * 5 + [WARNING]


@pytest.mark.parametrize(("name", "code"), [("list.csv", "OUT_NOT_XLSX"), ("名单.xlsx", "OUT_IS_INPUT")])
def test_the_list_itself_is_never_written_over(workbook, tmp_path, capsys, name, code):
    before = workbook.read_bytes()
    assert main(["check", str(workbook), "--out", str(tmp_path / name), "--quiet"]) == ExitCode.BAD_INPUT
    assert code in capsys.readouterr().err
    assert workbook.read_bytes() == before


def test_check_writes_nothing_unasked(workbook, tmp_path):
    assert main(["check", str(workbook), "--quiet"]) == ExitCode.DONE
    assert [path.name for path in tmp_path.iterdir()] == [workbook.name]
