"""Separated text: stray quotes are repaired or the row refused, encodings reported, guards removed."""

import csv
import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from doorroute.disk.spreadsheet import escaped, unescaped
from doorroute.intake import read_residents
from doorroute.intake.csv_rows import split

HEAD = "id,name,phone,address,note\n"


def read(tmp_path, content: str | bytes):
    path = tmp_path / "list.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_residents(path)


def test_two_stray_quotes_swallow_no_row_between_them(tmp_path) -> None:
    table = read(
        tmp_path, HEAD + '1,Ann,01,A 1,x\n2,Bob,"02,B 1,y\n3,Cy,03,C 1,x\n4,Di,04",D 1,z\n5,Ed,05,E 1,x\n'
    )
    assert [(one.name, one.phone, one.address) for one in table.residents] == [
        ("Ann", "01", "A 1"), ("Bob", "02", "B 1"), ("Cy", "03", "C 1"), ("Di", "04", "D 1"), ("Ed", "05",
         ("E 1")),
    ]  # fmt: skip
    assert {each.row for each in table.findings if each.code == "QUOTES_REPAIRED"} == {3, 4, 5}


def test_one_bad_quote_shifts_no_other_row(tmp_path) -> None:
    rows = '1,Ann,01,"A 1, Town",x\n2,"Ben "Benny" B",02,"B 1, Town",y\n3,"Cy,03,"C 1, Town",z\n'
    table = read(tmp_path, HEAD + rows)
    assert [(one.name, one.phone, one.address, one.note) for one in table.residents] == [
        ("Ann", "01", "A 1, Town", "x"), ('Ben "Benny" B', "02", "B 1, Town", "y"), ("Cy", "03", "C 1, Town",
         "z"),
    ]  # fmt: skip


def test_a_row_whose_quotes_have_no_one_meaning_is_refused_by_name(tmp_path) -> None:
    table = read(tmp_path, HEAD + '1,Ann,01,A 1,x\n2,"Bob,"02,"B, 1,y\n3,Cy,03,C 1,z\n')
    assert [one.name for one in table.residents] == ["Ann", "Cy"]
    assert [(each.row, each.code) for each in table.rejected] == [(3, "QUOTES_UNREADABLE")]


def test_rows_between_stray_quotes_are_refused_where_nothing_shows_where_a_row_begins(tmp_path) -> None:
    table = read(tmp_path, 'name,address\nAnn,"A 1\nBob,B 1\nCy,C 1"\nDi,D 1\n')
    assert [one.name for one in table.residents] == ["Di"]
    assert [each.row for each in table.rejected if each.code == "QUOTES_UNREADABLE"] == [2, 3, 4]
    tall = "".join(f'Ann{n},"Street {n}\nTown, Land"\n' for n in range(4))
    assert [one.name for one in read(tmp_path, f"name,address\n{tall}").residents] == [
        "Ann0",
        "Ann1",
        "Ann2",
        "Ann3",
    ]


@given(
    st.lists(
        st.lists(st.text(st.sampled_from('a,;"\n\r 中'), max_size=6), min_size=2, max_size=4),
        min_size=1,
        max_size=6,
    )
)
@settings(max_examples=100, deadline=None)
@example([["a", "Street 1, x\nFlat 2, y"], ["b", "c"]])
def test_what_a_csv_writer_wrote_is_read_as_it_was(rows) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(rows)
    assert split(text.getvalue(), ",").rows == rows


@given(st.text(st.sampled_from("'=+-@＝\t\r\n0a中\""), max_size=8))
@settings(max_examples=300, deadline=None)
def test_what_is_guarded_against_formulas_comes_back_as_it_was(cell) -> None:
    assert unescaped(escaped(cell)) == cell


def test_guards_typed_by_hand_are_undone_and_a_formula_in_a_text_is_not_known(tmp_path) -> None:
    table = read(
        tmp_path, HEAD + '"=""001""",\'@Ben,\'+358401234567,A 1,\'+1 dog\n\'002,=A1&B1,\'0302,B 1,=-)\n'
    )
    ben, second = table.residents
    assert (ben.id, ben.name, ben.phone, ben.note) == ("001", "@Ben", "+358401234567", "+1 dog")
    assert (second.id, second.name, second.phone) == ("002", "", "0302")
    assert (3, "name") in {
        (each.row, each.column) for each in table.findings if each.code == "CELL_NOT_KNOWN"
    }


@pytest.mark.parametrize(
    ("text", "encoding", "told"),
    [
        ("id,姓名,地址\n1,陳大文,彌敦道3號\n2,李小明,彌敦道5號\n", "big5", "ENCODING_GUESSED"),
        ("id,name,address\n1,Řehoř,Dlouhá 3\n2,Žižka,Široká 8\n", "cp1250", "ENCODING_GUESSED"),
        ("id,name,address\n1,Анна,улица Ленина 3\n2,Пётр,улица Мира 4\n", "cp1251", "ENCODING_GUESSED"),
        ("id,name,address\n1,Märta,Länsitie 3\n2,Åsa,Östra 4\n", "cp1252", "ENCODING_GUESSED"),
        ("id，姓名，地址\n1，甲，阳光小区3号楼\n2，乙，阳光小区5号楼\n", "utf-8", None),
        ("id\t姓名\t地址\n1\t甲\t阳光小区3号楼\n2\t乙\t阳光小区5号楼\n", "utf-16-le", None),
    ],
)
def test_every_encoding_is_read_right_and_a_guess_is_told(tmp_path, text, encoding, told) -> None:
    table = read(tmp_path, text.encode(encoding))
    lines = text.replace("，", ",").replace("\t", ",").split("\n")[1:3]
    assert [f"{one.id},{one.name},{one.address}" for one in table.residents] == lines
    assert (told in {each.code for each in table.findings}) is (told is not None)


@pytest.mark.parametrize(("main", "odd"), [("utf-8", "gb18030"), ("gb18030", "utf-8")])
def test_two_encodings_in_one_file_are_read_line_by_line_and_told(tmp_path, main, odd) -> None:
    lines = [
        "编号,姓名,地址",
        "1,甲,阳光小区3号楼",
        "2,乙,阳光小区5号楼",
        "3,丙,阳光小区7号楼",
        "4,丁,阳光小区9号楼",
    ]
    table = read(tmp_path, b"\n".join(line.encode(odd if at == 3 else main) for at, line in enumerate(lines)))
    assert [one.name for one in table.residents] == ["甲", "乙", "丙", "丁"]
    assert [each.row for each in table.findings if each.code == "ENCODINGS_MIXED"] == [4]


@pytest.mark.parametrize("name", ["MÃ¼ller", "锟斤拷", "å¼\xa0ä¸‰"])
def test_letters_that_were_spoiled_before_are_told(tmp_path, name) -> None:
    assert "SPOILED_CHARACTERS" in {
        each.code for each in read(tmp_path, f"{HEAD}1,{name},01,A 1,x\n").findings
    }
