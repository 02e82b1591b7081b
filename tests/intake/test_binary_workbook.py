"""Workbooks that the reader reports incompletely: an xlsb, and an xlsx with a row twice."""

import struct
import zipfile
from collections.abc import Collection, Sequence
from pathlib import Path

import pytest

from doorroute.errors import BadInputError
from doorroute.intake import read_residents

_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CONTENT = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="bin" '
    'ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>'
)


def test_a_class_in_error_in_an_xlsb_is_the_strictest_and_hidden_rows_are_told(tmp_path: Path) -> None:
    rows = [
        ["name", "address", "class"],
        ["Ann", "A 1", "#N/A"],
        ["Ben", "A 2", "yellow"],
        ["Cy", "A 3", "regular"],
    ]
    table = read_residents(as_xlsb(tmp_path / "list.xlsb", rows, hidden={2}))
    assert [one.infection_class.value for one in table.residents] == ["isolated", "yellow", "regular"]
    assert sorted(each.code for each in table.findings) == ["CLASS_UNREADABLE", "HIDDEN_ROWS"]


def test_two_rows_at_one_place_are_refused_rather_than_one_lost(as_xlsx, tmp_path: Path) -> None:
    path, doubled = as_xlsx([["name", "address"], ["Ann", "A 1"], ["Ben", "A 2"]]), tmp_path / "doubled.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(doubled, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = (
                    content.replace(b'r="3"', b'r="2"')
                    .replace(b'r="A3"', b'r="A2"')
                    .replace(b'r="B3"', b'r="B2"')
                )
            new.writestr(name, content)
    with pytest.raises(BadInputError) as refused:
        read_residents(doubled)
    assert refused.value.code == "FILE_BROKEN"


def as_xlsb(path: Path, rows: Sequence[Sequence[str]], hidden: Collection[int] = ()) -> Path:
    """Write one sheet of texts (MS-XLSB 2.1.4); `#N/A` is a cell with an error, `hidden` counts from 0."""
    book = b"".join(_record(kind) for kind in (131, 143))
    book += (
        _record(156, struct.pack("<2I", 0, 1) + _wide("rId1") + _wide("list")) + _record(144) + _record(132)
    )
    size = struct.pack("<4I", 0, len(rows) - 1, 0, len(rows[0]) - 1)
    sheet = _record(129) + _record(148, size) + _record(145)
    for number, cells in enumerate(rows):
        flags = bytes([0, 0x10 if number in hidden else 0, 0])
        sheet += _record(0, struct.pack("<2IH", number, 0, 300) + flags + bytes(4))
        for column, text in enumerate(cells):
            at = struct.pack("<2I", column, 0)
            sheet += _record(3, at + b"\x2a") if text == "#N/A" else _record(6, at + _wide(text))
    sheet += _record(146) + _record(130)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", _CONTENT)
        archive.writestr("_rels/.rels", _relation("officeDocument", "xl/workbook.bin"))
        archive.writestr("xl/_rels/workbook.bin.rels", _relation("worksheet", "worksheets/sheet1.bin"))
        archive.writestr("xl/workbook.bin", book)
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
    return path


def _record(kind: int, body: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return head + bytes([len(body)]) + body


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _relation(kind: str, target: str) -> str:
    element = f'<Relationship Id="rId1" Type="{_KINDS}/{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{_RELATIONS}">{element}</Relationships>'
