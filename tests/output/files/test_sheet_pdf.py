"""The sheet as a PDF: only the team's code opens it, and Chinese is in it as text and as ink."""

import pypdfium2
import pytest

from doorroute.output.drawings.svg_map import svg_map
from doorroute.output.files import sheet_pdf
from doorroute.output.views.routes import team_routes

CODE = "ABCDEFGH01"
ODD = "</script>\u2028${x} שלום 🏠 张伟" + "很长的地址" * 60


@pytest.fixture(scope="module")
def base_map(extract):
    from doorroute.output.basemap.packed import read_base_map

    return read_base_map(extract)


@pytest.fixture
def opened(make_day, base_map, tmp_path):
    """Return the function that writes the sheets of a small day and opens the first."""
    documents = []

    def open_it(lang="zh", **more):
        plan, problem, _ = make_day(**more)
        teams = team_routes(plan, problem)
        codes = {team.team.id: CODE for team in teams}
        drawings = {team.team.id: svg_map(team, base_map, lang=lang) for team in teams}
        with sheet_pdf.printing(plan, teams, drawings, codes, tmp_path, lang=lang) as paths:
            pass
        assert len(paths) == len(teams)
        documents.append(pypdfium2.PdfDocument(paths[0], password=CODE))
        return paths[0], documents[-1]

    yield open_it
    for document in documents:
        document.close()


def text_of(document):
    return "".join(page.get_textpage().get_text_range() for page in document).replace("\r\n", "")


@pytest.mark.parametrize("code", [None, "", "ABCDEFGH02", "abcdefgh01"])
def test_no_other_code_opens_it_and_nothing_stands_in_clear(opened, code):
    path, _ = opened()
    assert b"/AESV3" in path.read_bytes()
    assert b"Secretstreet" not in path.read_bytes()
    with pytest.raises(pypdfium2.PdfiumError, match="password"):
        pypdfium2.PdfDocument(path, password=code)


@pytest.mark.parametrize(("lang", "word"), [("zh", "无人在家"), ("en", "Not home")])
def test_every_door_is_on_it_with_its_people_in_the_language_asked_for(opened, lang, word):
    text = text_of(opened(lang, teams=1, visits=30)[1])
    assert word in text
    for number in range(1, 30):
        assert f"Secretstreet {number}" in text
        assert f"Name {number}a" in text


def test_what_is_drawn_is_seen(opened):
    picture = opened()[1][0].render(scale=1).to_pil().convert("L")
    levels = picture.getcolors()
    assert len(levels) > 40
    assert sum(count for count, level in levels if level < 60) > 1500


def test_a_hundred_and_twenty_stops_and_odd_texts_fit_on_pages(opened):
    document = opened(teams=1, visits=121)[1]
    assert len(document) > 8
    assert "Secretstreet 120" in text_of(document)
    odd = text_of(opened(teams=1, visits=3, cell=ODD)[1])
    assert "张伟" in odd
    assert "${x}" in odd


def test_a_machine_without_a_chinese_font_takes_that_of_the_wheel(opened, monkeypatch):
    monkeypatch.setattr(sheet_pdf, "_FONTS", ())
    assert "无人在家" in text_of(opened()[1])


def test_open_pages_have_no_locked_pdf(written_open):
    assert not list(written_open.glob("sheets/*.pdf"))


def test_many_sheets_are_drawn_by_helpers_and_a_helper_that_fails_is_made_up_for(opened, monkeypatch):
    drawn_here = []
    draw = sheet_pdf.draw
    monkeypatch.setattr(sheet_pdf, "draw", lambda font, jobs: (drawn_here.extend(jobs), draw(font, jobs)))
    document = opened(teams=5, visits=6)[1]
    assert drawn_here == []
    assert "Secretstreet 1" in text_of(document)
    monkeypatch.setattr(sheet_pdf, "_HELPER", "doorroute.no_such_module")
    document = opened(teams=5, visits=6)[1]
    assert len(drawn_here) == 5
    assert "Secretstreet 1" in text_of(document)


def test_letters_that_the_font_lacks_are_shown_otherwise_and_it_says_so(opened):
    _, document = opened(names=["\u0130pek \u015e", "\U0001f3e0 e\u0301lan \u0e2a\u0e21"], teams=2, lang="zh")
    text = text_of(document)
    assert "Ipek S" in text or "\u0130pek \u015e" in text
    assert ("有些字这里印不出来" in text) == ("\u0130pek" not in text)


def test_marks_are_joined_to_their_letters_and_what_no_font_has_is_a_box():
    known = {ord(letter) for letter in "abcdefghijklmnopqrstuvwxyz\u00e9IS ABC"}
    assert sheet_pdf._spelled("e\u0301lan", known) == "\u00e9lan"
    assert sheet_pdf._spelled("\u0130pek \u015e", known) == "Ipek S"
    assert sheet_pdf._spelled("\U0002a6a5 \u0e2a", known) == "\u25a1 \u25a1"
    assert sheet_pdf._spelled("\U0001f469\u200d\U0001f467", known) == "\u25a1\u25a1"
