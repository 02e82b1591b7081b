"""What was handed in is told by its content: read whatever its name, or refused with the advice that fits
it.
"""

import base64
import functools
import json
import zipfile
from io import BytesIO

import pytest
import segno
from PIL import Image

from doorroute.errors import BadInputError
from doorroute.handback.file_kinds import FileKind, kind_of, read_whole
from doorroute.handback.reading import read_results
from doorroute.handback.seal import RESULTS, PageLock, keys_of, seal
from doorroute.texts import LANGUAGES

LOCK = PageLock("T1", "00112233445566778899aabbccddeeff", "ABCDEFGHJK")


@functools.cache
def key():
    return keys_of(LOCK).results


@functools.cache
def handed_in():
    """Return what a phone writes that has marked twelve doors as done."""
    doors = b"".join((1 << 11 | 500 + at).to_bytes(2, "big") for at in range(12))
    sealed = seal(bytes([1, 7, 1, 2, 3, 4, 1, 12]) + doors, key(), RESULTS, LOCK.route)
    whole = bytes.fromhex(LOCK.route[:8]) + sealed[:4] + bytes([0, 1]) + sealed
    return f"doorroute1:{base64.urlsafe_b64encode(whole).decode().rstrip('=')}"


@pytest.fixture
def folder(tmp_path):
    page = {"team": "T1", "code": LOCK.code, "route": LOCK.route, "date": "2022-04-06", "current": True}
    page |= {"key": key().hex(), "doors": [[f"V{number}", [f"R{number}"]] for number in range(1, 13)]}
    (tmp_path / "codes.json").write_text(json.dumps({"doorroute/codes/1": [page]}), encoding="utf-8")
    return tmp_path


def read(folder, name, data):
    (folder / name).write_bytes(data)
    teams, unread = read_results([folder / name], folder)
    return [len(team.phones[0].doors) for team in teams], [(each.code, each.advice) for each in unread]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
@pytest.mark.parametrize("name", ["chat.txt", "chat", "chat.png"])
def test_a_text_is_read_in_every_encoding_and_under_every_name(folder, name, encoding):
    text = handed_in()
    assert read(folder, name, f"小王 08:35：\n{text}\n好的".encode(encoding)) == ([12], [])


@pytest.mark.parametrize("between", ["\n", "\r\n> ", "=\r\n", " ", "\u200b", "\n | ", "\n\n>> "])
def test_a_text_that_mail_or_chat_has_wrapped_is_read_and_what_follows_is_no_part_of_it(folder, between):
    text = handed_in()
    wrapped = between.join(text[at : at + 40] for at in range(0, len(text), 40))
    assert read(folder, "mail.txt", f"> {wrapped}\n\nsee you at noon\n{text} 好".encode()) == ([12], [])


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF"])
@pytest.mark.parametrize("name", ["shot.txt", "shot.jfif", "shot", "shot.heic", "shot.csv"])
def test_a_picture_is_read_under_every_name(folder, kind, name):
    text = handed_in()
    made, out = BytesIO(), BytesIO()
    segno.make(text, error="m").save(made, kind="png", scale=4)
    Image.open(made).convert("L").save(out, kind)
    assert read(folder, name, out.getvalue()) == ([12], [])


@pytest.mark.parametrize("colour", ["black", "white"])
def test_a_code_that_is_transparent_between_or_cut_close_is_read(folder, colour):
    text = handed_in()
    made = BytesIO()
    segno.make(text, error="m").save(made, kind="png", scale=4, dark=colour, light=None, border=0)
    assert read(folder, "code.png", made.getvalue()) == ([12], [])


def zipped(*names):
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return made.getvalue()


REFUSED = {
    "photo.heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1",
    "photo.jpg": b"\0\0\0\x18ftypmif1\0\0\0\0mif1",
    "scan.pdf": b"%PDF-1.7\n1 0 obj",
    "film.jpg": b"\0\0\0\x18ftypmp42\0\0\0\0isom",
    "all.zip": zipped("T1.txt"),
    "letter.docx": zipped("[Content_Types].xml", "word/document.xml"),
    "voice.amr": b"#!AMR\n\x3c",
    "drawing.svg": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    "data": bytes(range(256)) * 8,
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_named_for_what_it_is(folder, name):
    (folder / name).write_bytes(REFUSED[name])
    with pytest.raises(BadInputError) as refused:
        kind_of(folder / name, read_whole(folder / name))
    assert refused.value.code == "RESULTS_KIND"
    for lang in LANGUAGES:
        assert "glare" not in refused.value.advice.into(lang)
        assert name in refused.value.message.into(lang)


def test_each_kind_has_its_own_advice(folder):
    advice = {name: read(folder, name, data)[1][0][1].into("en") for name, data in REFUSED.items()}
    assert (
        len({advice[name] for name in REFUSED}) == len(REFUSED) - 1 - 1
    )  # two are HEIC, and a drawing needs the same


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "RESULTS_UNREADABLE"),
        (b"hello", "NO_RESULTS"),
        (b"<!DOCTYPE html><html>", "NO_RESULTS"),
        (b"\x89PNG\r\n\x1a\nno", "RESULTS_UNREADABLE"),
    ],
)
def test_what_is_empty_damaged_or_without_results_is_told(folder, data, code):
    teams, ((told, _),) = read(folder, "x", data)
    assert (teams, told) == ([], code)


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked(folder):
    made = BytesIO()
    Image.new("1", (12_000, 12_000)).save(made, "PNG")
    teams, ((code, advice),) = read(folder, "huge.png", made.getvalue())
    assert (teams, code) == ([], "RESULTS_TOO_LARGE")
    assert "lower resolution" in str(advice)


def test_a_workbook_is_told_from_a_packed_archive(tmp_path):
    book = zipped("[Content_Types].xml", "xl/workbook.xml")
    assert kind_of(tmp_path / "x.txt", book) is FileKind.WORKBOOK
    assert kind_of(tmp_path / "x.csv", "BM任务号,状态".encode()) is FileKind.TEXT
