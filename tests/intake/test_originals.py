"""A list made from another keeps its cells, except identity numbers; merged and ditto cells are filled in."""

from doorroute.intake import combine_originals, read_originals
from doorroute.intake.original_rows import Originals

LIST = """上门采样名单,,,,,,
姓名,身份证号,地址,,备注,情况,自编
张三,110101199003078515,幸福路1号,未命名,,怕狗,甲
李四,,同上,,二楼,,=1+1
,,,,,,
王五,,别处,,,,
"""


def test_headed_columns_are_kept_by_their_line(tmp_path):
    (tmp_path / "list.csv").write_text(LIST, encoding="utf-8")
    found = read_originals(tmp_path / "list.csv")
    assert found.headers == ("姓名", "地址", "备注", "情况", "自编")
    assert found.rows[3] == ("张三", "幸福路1号", None, "怕狗", "甲")
    assert found.rows[4] == ("李四", "幸福路1号", "二楼", None, "=1+1")
    assert [found.note_place(row) for row in (3, 4, 5)] == [3, 2, 2]


def test_a_header_can_be_named_and_a_list_may_have_no_remarks(tmp_path):
    (tmp_path / "list.csv").write_text("who;where\nA;here\n")
    found = read_originals(tmp_path / "list.csv", mapping={"name": "who", "address": "where"})
    assert (found.headers, found.rows, found.notes, found.note_place(2)) == (
        ("who", "where"), {2: ("A", "here")}, (), None,
    )  # fmt: skip


def test_lists_are_put_together_by_their_headers_and_rows_by_their_numbers():
    first = Originals(headers=("name", "x", "x", "note"), rows={2: ("A", 1.0, 2.0, None)}, notes=(3,))
    second = Originals(
        headers=("remark", "Name:", "x"), rows={2: ("ring", "B", 3.0), 3: (None, "C", None)}, notes=(0,)
    )
    found = combine_originals([(0, first), (1000, second)])
    assert found.headers == ("name", "x", "x", "note", "remark")
    assert found.rows == {
        2: ("A", 1.0, 2.0, None, None),
        1002: ("B", 3.0, None, None, "ring"),
        1003: ("C", None, None, None, None),
    }
    assert [found.note_place(row) for row in found.rows] == [3, 4, 3]
