"""Whatever stands in the table: every row is a resident or rejected with its number, and nothing personal
gets into what is said about it.
"""

import csv
import io

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from doorroute.errors import DoorrouteError
from doorroute.intake import read_residents, visits_of
from doorroute.model.line import row_of
from doorroute.model.settings import Settings
from doorroute.texts import LANGUAGES

NASTY = (
    *(
        "=1+1",
        '=HYPERLINK("http://127.0.0.1/")',
        "@SUM(A1)",
        "+1",
        "-1",
        "<script>alert(1)</script>",
        "${document.title=1}",
        "`",
    ),
    *(
        "../../etc/passwd",
        "C:\\con",
        "\u202eafter a mark",
        "\u2066",
        "two\nlines",
        "a\rb",
        'a "quoted" word',
        '"',
        "'",
        "a,b;c\td",
    ),
    *(
        "同上",
        "〃",
        "😀",
        "#REF!",
        "NaN",
        "1e400",
        "-0",
        "0" * 300,
        "\u00a0",
        "\u3000",
        "\u2028",
        "\ufeff",
        "姓名",
        "N/A",
        "{0}{name}%s",
    ),
)
CELLS = {
    "id": ("", "R1", "7", 7.0, "007", "R1 "),
    "phone": ("13812345678", 358401234567.0, "+358 40 1234567", "3.58E+11", "138 1234 5678/139"),
    "lon": ("", 24.94, "24,94", "200", "116°23'"),
    "lat": ("", 60.17, "60,17", "-91", "39°54'N"),
    "datum": ("", "wgs84", "gcj02", "百度", "mars"),
    "household": ("", "H1", "H2", 3.0),
    "people": ("", 1.0, "2", "三", "0", -1.0, 2.5, 1e9),
    "building": ("", "3", "3号楼", "B", 12.0),
    "unit": ("", "1单元", "A", 2.0),
    "floor": ("", "3", "B1", "十二楼", "1/18", -1.0, 1e9, "attic"),
    "lift": ("", "yes", "无", "maybe", 1.0),
    "room": ("", "301", 301.0, "A 5"),
    "service_min": ("", "5", "5分钟", "-1", 7.5, "1e3"),
    "window": ("", "09:00-11:00", "9:00-10:00;14:00-16:00", "上午", "11:00-09:00", "25:00-26:00", 0.375),
    "class": ("", "regular", "黄码", "居家隔离", "purple"),
    "kits": ("", 1.0, "2", "-3", "many"),
    "skills": ("", "infant", "a;b", "；"),
    "priority": ("", 1.0, "2", "P3", "first", "0"),
    "note": ("", "the bell is broken", "备注"),
}
CHINESE = {
    "id": "编号",
    "name": "姓名",
    "address": "详细地址",
    "phone": "联系电话",
    "lon": "经度",
    "lat": "纬度",
    "datum": "坐标系",
    "household": "户号",
    "people": "人数",
    "building": "楼号",
    "unit": "单元",
    "floor": "楼层",
    "lift": "有无电梯",
    "room": "房号",
    "service_min": "服务时长",
    "window": "预约时间",
    "class": "健康码",
    "kits": "试剂盒",
    "skills": "技能",
    "priority": "优先级",
    "note": "备注",
}
# spelled so that they are no headers, no titles with a meaning, and found nowhere else
NAME, ADDRESS, CARD, NOTE = "Zqname", "Zqstreet", "Zqcard", "Zqnote"

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
PRINTED = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12) | st.sampled_from(NASTY)
NUMBER = st.floats(allow_nan=False, allow_infinity=False, width=32)


@st.composite
def tables(draw):
    """Draw a list as a street office might send it: titles, a header in any order and language, rows good
    and bad, gaps between.
    """
    fields = ["name", "address", *draw(st.lists(st.sampled_from(sorted(CELLS)), unique=True, max_size=7))]
    extra = draw(st.lists(st.sampled_from(["身份证号", "Zq unheard of", ""]), unique=True, max_size=3))
    columns = draw(st.permutations(fields + extra))
    words = draw(st.sampled_from([{}, CHINESE]))
    header = [words.get(column, column) for column in columns]

    def cell(column, number):
        if column == "name":
            return draw(
                st.just(f"{NAME}{number}.") | st.just("") | PRINTED.map(lambda text: f"{NAME}{number}.{text}")
            )
        if column == "address":
            same_doors = st.sampled_from(
                [f"{ADDRESS} 1 apt 5", f"{ADDRESS} 1 apt. 5", f"{ADDRESS} {number}", ""]
            )
            return draw(same_doors | PRINTED.map(lambda text: f"{ADDRESS}{text}"))
        if column == "身份证号":
            return f"{CARD}{number}"
        if column == "note":
            return draw(st.just("") | PRINTED.map(lambda text: f"{NOTE}{text}"))
        likely = st.sampled_from(CELLS.get(column, ("",)))
        return draw(st.one_of(likely, likely, PRINTED, NUMBER))

    titles = draw(st.lists(st.sampled_from([[], ["上门采样名单"], ["", "Zq list of 6 April"]]), max_size=2))
    count = draw(st.integers(1, 8))
    rows = [
        [] if draw(st.integers(0, 5)) == 0 else [cell(column, n) for column in columns] for n in range(count)
    ]
    rows.append(
        [
            f"{NAME}last." if column == "name" else f"{ADDRESS}" if column == "address" else ""
            for column in columns
        ]
    )
    return titles, header, rows


def as_csv(path, rows, *, encoding, delimiter):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding, errors="replace"))


def as_xlsx(path, rows):
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for line, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, str):
                    sheet.write_string(line, column, cell)
                else:
                    sheet.write_number(line, column, cell)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("lists")


def account(table):
    """Hold that each row below the header is in exactly one place, and each resident behind exactly one
    door.
    """
    numbers = [resident.row for resident in table.residents] + [refused.row for refused in table.rejected]
    assert sorted(numbers) == list(table.lines)
    rows = {(sheet, row_of(line)) for line, sheet in table.lines.items()}
    assert len(rows) == table.rows == sum(each.rows for each in table.sheets if each.read)
    ids = [resident.id for resident in table.residents]
    assert len(set(ids)) == len(ids)
    visits = visits_of(table.residents, Settings())
    assert sorted(one.id for visit in visits.visits for one in visit.residents) == sorted(ids)
    for refused in table.rejected:
        assert refused.code
        assert all(refused.message.into(lang) for lang in LANGUAGES)
    told = {finding.row for finding in (*table.findings, *visits.findings)}
    assert {refused.row for refused in table.rejected} <= told
    return visits


def check_list(path, titles, rows):
    table = read_residents(path)
    assert table.header_row == len(titles) + 1
    assert table.rows == len(rows)
    visits = account(table)
    for resident in table.residents:
        cell = next(
            (cell for cell in rows[resident.row - table.header_row - 1] if str(cell).startswith(NAME)), ""
        )
        assert resident.name.startswith(cell.split(".")[0])  # the person of that row, not of the next
    said = [
        text.into(lang)
        for f in (*table.findings, *visits.findings)
        for text in (f.message, f.advice)
        for lang in LANGUAGES
    ]
    said += [refused.message.into(lang) for refused in table.rejected for lang in LANGUAGES]
    assert not [
        text
        for text in (*said, repr(table), repr(visits))
        for secret in (NAME, ADDRESS, CARD, NOTE)
        if secret in text
    ]
    assert CARD not in "".join(
        str(getattr(r, name)) for r in table.residents for name in r.__dataclass_fields__
    )


@settings(max_examples=120, deadline=None)
@given(
    table=tables(),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb2312"]),
    delimiter=st.sampled_from([",", ";", "\t"]),
)
def test_no_row_of_a_text_file_is_lost(folder, table, encoding, delimiter):
    titles, header, rows = table
    path = folder / "residents.csv"
    as_csv(path, [*titles, header, *rows], encoding=encoding, delimiter=delimiter)
    check_list(path, titles, rows)


@settings(max_examples=25, deadline=None)
@given(table=tables())
def test_no_row_of_a_workbook_is_lost(folder, table):
    titles, header, rows = table
    path = folder / "residents.xlsx"
    as_xlsx(path, [*titles, header, *rows])
    check_list(path, titles, rows)


def anything(texts):
    """Return rows of any cells, most of them with something like a header somewhere among them."""
    words = st.sampled_from([*CHINESE, *CHINESE.values()])
    line = st.lists(texts | words, max_size=6)
    header = st.permutations(["name", "address", "", "phone", "room", "class"])
    return st.tuples(
        st.lists(line, max_size=3), st.lists(header, max_size=2), st.lists(line, max_size=6)
    ).map(lambda parts: [cells for part in parts for cells in part])


@settings(max_examples=120, deadline=None)
@given(
    rows=anything(ANY_TEXT | st.sampled_from(NASTY)),
    encoding=st.sampled_from(["utf-8", "utf-16", "utf-16-le", "gb18030", "latin-1"]),
    delimiter=st.sampled_from([",", ";", "\t"]),
)
def test_any_text_file_is_accounted_for_or_refused_with_advice(folder, rows, encoding, delimiter):
    path = folder / "any.csv"
    as_csv(path, rows, encoding=encoding, delimiter=delimiter)
    account_or_refuse(path)


@settings(max_examples=25, deadline=None)
@given(rows=anything(PRINTED | NUMBER))
def test_any_workbook_is_accounted_for_or_refused_with_advice(folder, rows):
    path = folder / "any.xlsx"
    as_xlsx(path, rows)
    account_or_refuse(path)


@settings(max_examples=120, deadline=None)
@given(data=st.binary(max_size=400))
def test_any_bytes_are_accounted_for_or_refused_with_advice(folder, data):
    path = folder / "bytes.csv"
    path.write_bytes(data)
    account_or_refuse(path)


def account_or_refuse(path):
    try:
        table = read_residents(path)
    except DoorrouteError as refusal:
        said = [text.into(lang) for text in (refusal.message, refusal.advice) for lang in LANGUAGES]
    else:
        account(table)
        said = [finding.message.into(lang) for finding in table.findings for lang in LANGUAGES]
    assert all(said)
