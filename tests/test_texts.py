"""Texts in the reader's language, and that the Chinese catalogue says all of them."""

import ast
import string
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

from doorroute import texts
from doorroute.texts import LANGUAGES, Text, choose_language, literal, msg, msg_n, translator

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "doorroute"
KEYWORDS = parse_keywords(["msg", "msg_n:1,2", "_", "_n:1,2"])  # as `make texts` has them
CATALOGUES = sorted(SOURCE.glob("locale/*/LC_MESSAGES/*.po"))


@pytest.fixture
def catalogue(tmp_path, monkeypatch):
    """Put a small Chinese catalogue in the place of the real one."""
    small = Catalog(locale="zh")
    small.add("Row {row}: {why}", "第 {row} 行：{why}")
    small.add("no name", "没有姓名")
    small.add(("{n} visit", "{n} visits"), ("{n} 户",))
    folder = tmp_path / "zh" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "doorroute.mo").open("wb") as file:
        write_mo(file, small)
    monkeypatch.setattr(texts, "_LOCALE", tmp_path)
    texts._catalogue.cache_clear()
    yield
    texts._catalogue.cache_clear()


def test_a_text_is_english_until_somebody_asks_for_another_language():
    text = msg("Row {row} has {what}.", row=3, what="no name")
    assert str(text) == text.into("en") == "Row 3 has no name."


@pytest.mark.usefixtures("catalogue")
def test_a_text_inside_a_text_is_put_into_the_same_language():
    text = msg("Row {row}: {why}", row=3, why=msg("no name"))
    assert text.into("en") == "Row 3: no name"
    assert text.into("zh") == "第 3 行：没有姓名"


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize(("n", "english"), [(0, "0 visits"), (1, "1 visit"), (2, "2 visits")])
def test_a_number_chooses_its_words(n, english):
    text = msg_n("{n} visit", "{n} visits", n)
    assert text.into("en") == english
    assert text.into("zh") == f"{n} 户"


def test_a_plural_may_say_more_than_its_number():
    assert str(msg_n("{n} door of {team}", "{n} doors of {team}", 2, team="T1")) == "2 doors of T1"


@pytest.mark.usefixtures("catalogue")
def test_what_a_catalogue_does_not_know_is_said_in_english():
    assert msg("Send one more team.").into("zh") == "Send one more team."


def test_a_language_without_a_catalogue_is_answered_in_english():
    assert msg("no name").into("tlh") == "no name"
    assert translator("tlh")("no name") == "no name"


@pytest.mark.usefixtures("catalogue")
def test_a_page_gets_its_fixed_words_from_the_same_catalogue():
    assert translator("zh")("no name") == "没有姓名"


@pytest.mark.parametrize("words", ["", "{}", "{row}", "{0!r}", "100 %", "%s", "}{", "李“小”明"])
def test_words_read_from_a_file_stay_as_they_are(words):
    assert [literal(words).into(lang) for lang in LANGUAGES] == [words, words]


@pytest.mark.usefixtures("catalogue")
def test_a_cell_text_with_braces_is_put_in_and_not_filled_in():
    assert msg("Row {row}: {why}", row=3, why="{row} {secret}").into("zh") == "第 3 行：{row} {secret}"


def test_the_empty_text_is_empty_in_every_language():
    """In a catalogue the empty message is its header."""
    assert [Text("").into(lang) for lang in LANGUAGES] == ["", ""]


@pytest.mark.parametrize(
    ("wanted", "environ", "lang"),
    [
        ("zh", {"LANG": "en_US.UTF-8"}, "zh"),
        ("en", {"LANG": "zh_CN.UTF-8"}, "en"),
        (None, {"LANG": "zh_CN.UTF-8"}, "zh"),
        (None, {"LANG": "zh_TW"}, "zh"),
        (None, {"LANG": "fi_FI.UTF-8"}, "en"),
        (None, {"LC_ALL": "en_GB.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        (None, {"LC_ALL": "", "LC_MESSAGES": "zh_CN", "LANG": "C"}, "zh"),
        (None, {"DOORROUTE_LANG": "en", "LC_ALL": "zh_CN"}, "en"),
        (None, {"LANG": "C"}, "en"),
        ("tlh", {"LANG": "zh_CN"}, "zh"),
    ],
)
def test_the_language_is_the_one_asked_for_else_that_of_the_locale(wanted, environ, lang):
    assert choose_language(wanted, environ) == lang


# ---- the catalogues


def said_in_source():
    """Return every text that the source says: (English, plural or None), with where."""
    mapping = ROOT / "babel.cfg"
    with mapping.open() as file:
        method_map, options_map = parse_mapping_cfg(file)
    found = extract_from_dir(SOURCE, method_map, options_map, keywords=KEYWORDS)
    return {
        (message if isinstance(message, tuple) else (message, None)): f"{file}:{line}"
        for file, line, message, _, _ in found
    }


def read(po: Path) -> Catalog:
    with po.open("rb") as file:
        return read_po(file, locale=po.parent.parent.name)


def entries(catalogue: Catalog):
    return {(m.id, None) if isinstance(m.id, str) else tuple(m.id): m for m in catalogue if m.id}


def places(template: str) -> set[str]:
    """Return the names of the `{places}` of a template."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def test_every_language_but_english_has_its_catalogue():
    assert {po.parent.parent.name for po in CATALOGUES} == set(LANGUAGES) - {"en"}


@pytest.mark.parametrize("po", CATALOGUES, ids=lambda po: po.parent.parent.name)
def test_every_text_of_the_source_is_translated(po):
    known = entries(read(po))
    missing = {
        text: where
        for text, where in said_in_source().items()
        if text not in known or known[text].fuzzy or not all(_strings(known[text]))
    }
    assert missing == {}, f"{len(missing)} texts are missing: `make texts`, then translate them"


@pytest.mark.parametrize("po", CATALOGUES, ids=lambda po: po.parent.parent.name)
def test_no_catalogue_keeps_what_nobody_says_any_more(po):
    assert entries(read(po)).keys() - said_in_source().keys() == set()


@pytest.mark.parametrize("po", CATALOGUES, ids=lambda po: po.parent.parent.name)
def test_a_translation_fills_in_the_same_places(po):
    wrong = {
        text: message.string
        for text, message in entries(read(po)).items()
        for translated in _strings(message)
        if translated and places(translated) != places(text[1] or text[0])
    }
    assert wrong == {}


@pytest.mark.parametrize("po", CATALOGUES, ids=lambda po: po.parent.parent.name)
def test_the_compiled_catalogue_is_that_of_the_source(po):
    """A stale one means: `make setup` (which installs the checkout anew, and so compiles)."""
    with po.with_suffix(".mo").open("rb") as file:
        compiled = {text: _strings(message) for text, message in entries(read_mo(file)).items()}
    translated = {
        text: _strings(message) for text, message in entries(read(po)).items() if all(_strings(message))
    }
    assert {text: compiled.get(text) for text in translated} == translated
    assert compiled.keys() - entries(read(po)).keys() == set()


def _strings(message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def calls():
    """Give each call of `msg` and `msg_n` in the source, with where."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("msg", "msg_n")
            ):
                yield f"{path.relative_to(SOURCE).as_posix()}:{node.lineno}", node


def test_texts_are_said_as_literals_or_no_catalogue_would_know_them():
    hidden = [
        where
        for where, call in calls()
        for said in call.args[: 1 if call.func.id == "msg" else 2]
        if not isinstance(said, ast.Constant)
        and not where.startswith("output/pages/assets.py")  # hands `msg` to the templates
    ]
    assert hidden == []


def test_no_text_stands_where_the_extraction_does_not_see_it():
    """Inside an f-string, or a lambda in another text, a call is passed over, and its text stays English."""
    seen = {text for one, many in said_in_source() for text in (one, many)}
    unseen = [
        (where, said.value)
        for where, call in calls()
        for said in call.args[: 1 if call.func.id == "msg" else 2]
        if isinstance(said, ast.Constant) and said.value and said.value not in seen
    ]
    assert unseen == []


def test_a_text_is_given_each_name_that_it_has_a_place_for():
    wrong = []
    for where, call in calls():
        wanted = {
            name for said in call.args if isinstance(said, ast.Constant) for name in places(str(said.value))
        }
        given = {keyword.arg for keyword in call.keywords} | ({"n"} if call.func.id == "msg_n" else set())
        later = where.startswith("cli/click_words.py") or (
            where.startswith("output/") and not given
        )  # by click, by a page
        if (
            not later and None not in given and wanted | ({"n"} & given) != given
        ):  # None: **more, not to be read off
            wrong.append((where, wanted ^ given))
    assert wrong == []


def test_a_text_of_a_template_is_given_each_name_that_it_has_a_place_for():
    wrong, seen = [], 0
    for path in sorted(SOURCE.rglob("*.j2")):
        tree = Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))
        for call in tree.find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name in ("_", "_n"):
                said = [
                    arg.value
                    for arg in call.args
                    if isinstance(arg, nodes.Const) and isinstance(arg.value, str)
                ]
                wanted = {name for template in said for name in places(template)}
                given = {keyword.key for keyword in call.kwargs} | (
                    {"n"} if call.node.name == "_n" else set()
                )
                seen += 1
                if not said or wanted | ({"n"} & given) != given:
                    wrong.append((f"{path.name}:{call.lineno}", wanted ^ given))
    assert seen > 10
    assert wrong == []
