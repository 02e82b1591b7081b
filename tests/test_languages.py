"""A language is a catalogue and a row of `texts.LANGUAGES`: with both, every page and command speaks it."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

import doorroute
from doorroute import texts
from doorroute.cli import main
from doorroute.output.pages import assets
from doorroute.output.write import PlanOutput, write_maps
from doorroute.texts import LANGUAGES, Language, choose_language, from_language, msg
from tests.helpers.small_day import day

SOURCE = Path(doorroute.__file__).parent
LOCALES = SOURCE / "locale"
FRONTEND = Path(__file__).resolve().parent.parent / "frontend"
MARK = "‹xx›"
PIRATE = Language(name="Pirate", short="XX", tag="en-x-pirate", locales=("xx",), letter="A", line=74)


def said(text):
    """Return the text in the made-up language: its English with a mark."""
    return text if not text.strip() else f"{MARK}{text}"


@pytest.fixture
def pirate(tmp_path_factory, monkeypatch):
    """Add a language by what a person would add: a catalogue, and a row of the table."""
    folder = tmp_path_factory.mktemp("locale")
    made = Catalog(locale="en")
    with (LOCALES / "zh" / "LC_MESSAGES" / "doorroute.po").open("rb") as file:
        for message in read_po(file, locale="zh"):
            if message.id:
                one, *more = message.id if isinstance(message.id, tuple) else (message.id,)
                made.add(message.id, tuple(map(said, (one, *more))) if more else said(one))
    for name in ("zh", "xx"):
        (folder / name / "LC_MESSAGES").mkdir(parents=True)
    with (folder / "xx" / "LC_MESSAGES" / "doorroute.mo").open("wb") as file:
        write_mo(file, made)
    chinese = Path("zh", "LC_MESSAGES", "doorroute.mo")
    (folder / chinese).write_bytes((LOCALES / chinese).read_bytes())
    monkeypatch.setattr(texts, "_LOCALE", folder)
    monkeypatch.setitem(texts._TABLE, "xx", PIRATE)
    for cached in (texts._catalogue, assets._environment, assets._hashes):
        cached.cache_clear()
    yield "xx"
    for cached in (texts._catalogue, assets._environment, assets._hashes):
        cached.cache_clear()


def labelled_day():
    """Return the small day, its doors at addresses of the map: so there are notices."""
    plan, problem, findings = day()
    places = {visit: replace(place, label="Kaivokatu 1") for visit, place in problem.places.items()}
    return plan, replace(problem, places=places), findings


@pytest.mark.parametrize("open_pages", [False, True])
def test_the_pages_of_a_plan_speak_a_new_language(pirate, demo_data, tmp_path, open_pages):
    plan, problem, findings = labelled_day()
    extract = demo_data / "helsinki-centre.osm.pbf"
    asked = PlanOutput(plan, problem, extract, lang=pirate, findings=findings, open_pages=open_pages)
    pages = {path.relative_to(tmp_path).as_posix(): path for path in write_maps(asked, tmp_path)}
    for name in ("overview.html", "codes.html", "notices.html", "sheets/T1.html", "teams/T1.html"):
        page = pages[name].read_text(encoding="utf-8")
        assert '<html lang="en-x-pirate"' in page, name
        assert MARK in page, name
    assert MARK in pages["findings.csv"].read_text(encoding="utf-8")
    for lang in LANGUAGES:
        assert f"notices-{lang}.txt" in pages
    assert MARK in pages["notices-xx.txt"].read_text(encoding="utf-8")


@pytest.mark.usefixtures("pirate")
def test_the_pages_of_the_other_languages_offer_it(demo_data, tmp_path):
    plan, problem, findings = labelled_day()
    write_maps(
        PlanOutput(plan, problem, demo_data / "helsinki-centre.osm.pbf", lang="zh", findings=findings),
        tmp_path,
    )
    phone = (tmp_path / "teams" / "T1.html").read_text(encoding="utf-8")
    assert '"language":"Pirate","language_short":"XX","language_tag":"en-x-pirate"' in phone
    assert '<div lang="en-x-pirate">' in phone
    notices = (tmp_path / "notices.html").read_text(encoding="utf-8")
    assert '<p data-tongue="xx" lang="en-x-pirate">' in notices
    assert '<span lang="en-x-pirate">Pirate</span>' in notices


def test_commands_speak_it(pirate, capsys):
    assert main(["plan", "--help", "--lang", pirate]) == 0
    assert MARK in capsys.readouterr().out
    assert choose_language(None, {"LANG": "xx_YY.UTF-8"}) == pirate
    assert msg("done").into(pirate) == f"{MARK}done"
    assert from_language(pirate) == ("xx", "en", "zh")


def test_every_language_has_a_catalogue_but_the_source():
    folders = {path.parent.parent.name for path in LOCALES.glob("*/LC_MESSAGES/*.po")}
    assert folders == LANGUAGES.keys() - {texts.SOURCE}


def test_no_other_file_names_a_language():
    names = re.compile(r"""["'](?:zh|zh-CN|中文)["']""")
    scripts = [path for path in FRONTEND.glob("*/**/*.js") if not {"node_modules", "test"} & set(path.parts)]
    files = [*SOURCE.rglob("*.py"), *SOURCE.rglob("*.j2"), *scripts]
    assert [path.name for path in files if names.search(path.read_text(encoding="utf-8"))] == ["texts.py"]
