"""What is in the pages: the whole plan, no personal data where it does not belong, no network access."""

import base64
import gzip
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest

from doorroute.handback.codes import own_code, read_codes
from doorroute.handback.seal import NAMES, keys_of, spoken_paper_code, unseal
from doorroute.model.plan import Reason
from doorroute.output.write import PlanOutput, write_maps
from doorroute.texts import literal

VOID = {"meta", "link", "br", "input", "img", "path", "circle", "rect"}


class Seen(HTMLParser):
    """Collect what a page refers to, its scripts, and the text that a reader sees without any script."""

    def __init__(self, page):
        super().__init__()
        self.references, self.scripts, self.text, self.inside = [], [], [], None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.references += [
            (tag, name, values[name])
            for name in ("src", "href", "srcset", "data", "action")
            if name in values
        ]
        assert not [name for name in values if name.startswith("on")]
        if tag in {"script", "style"}:
            self.inside = (tag, values.get("type"))

    def handle_endtag(self, tag):
        if tag in {"script", "style"}:
            self.inside = None

    def handle_data(self, data):
        if self.inside is None:
            self.text.append(data)
        elif self.inside == ("script", None):
            self.scripts.append(data)


def pages(folder):
    return [
        *(folder / f"{name}.html" for name in ("overview", "codes", "notices")),
        *sorted((folder / "teams").glob("*.html")),
    ]


def test_pages_refer_to_nothing_outside(written, written_open):
    for path in pages(written[0]) + pages(written_open):
        page = path.read_text(encoding="utf-8")
        for tag, name, value in Seen(page).references:
            assert (tag, name) in {("a", "href"), ("use", "href")}
            assert value.startswith(("#", "tel:")) or (path.parent / unquote(value)).is_file()
        styles = "".join(re.findall(r"<style>(.*?)</style>", page, re.DOTALL))
        assert not re.search(r"@import|url\((?!data:|#default#VML)", styles)


def test_pages_forbid_all_connections_and_all_scripts_but_their_own(written):
    for path in pages(written[0]):
        page = path.read_text(encoding="utf-8")
        policy = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', page)[1]
        # the hashes are those of its template, also where the page of this day has no need of its script
        scripts = r"('none'|'sha256-\S+')" if "<script>" not in page else r"'sha256-\S+'"
        assert re.match(rf"default-src 'none'; script-src {scripts}", policy)
        assert re.findall("connect-src [^;]*", policy) == (
            ["connect-src 'self'"] if path.parent.name == "teams" else []
        )
        assert "unsafe-eval" not in policy
        assert "<script>" not in page or page.index("Content-Security-Policy") < page.index("<script")


def test_no_name_phone_address_note_or_class_is_in_the_overview(written, make_day):
    plan, problem, _ = make_day()
    overview = (written[0] / "overview.html").read_text(encoding="utf-8")
    for visit in problem.visits:
        for resident in visit.residents:
            for secret in (resident.name, resident.phone, resident.address, resident.note):
                assert secret not in overview
    for word in (
        "Secretstreet",
        "Misspeltstreet",
        "Nostreet",
        "Candidatestreet",
        "Depot street",
        "isolated",
        "yellow",
    ):
        assert word not in overview
    assert all(route.team in overview for route in plan.routes)


def test_an_id_that_may_be_a_name_or_number_of_a_person_is_not_in_the_overview_in_clear(
    make_day, extract, tmp_path
):
    plan, problem, findings = make_day()
    ids = ["李伟", "Li Wei", "110101199003071234", "13800138000", "R7", "0045"]
    visits = tuple(
        replace(visit, residents=(replace(visit.residents[0], id=own),))
        for visit, own in zip(problem.visits, ids, strict=True)
    )
    write_maps(
        PlanOutput(plan, replace(problem, visits=visits), extract, lang="en", findings=findings), tmp_path
    )
    overview = (tmp_path / "overview.html").read_text(encoding="utf-8")
    assert [own for own in ids if own in overview] == ["R7", "0045"]


def test_the_names_are_sealed_in_the_overview_and_only_the_dispatchers_code_opens_them(written, make_day):
    _, problem, _ = make_day()
    overview = (written[0] / "overview.html").read_text(encoding="utf-8")
    sealed = base64.b64decode(re.search(r'id="sealed">([^<]+)<', overview)[1])
    lock = own_code(written[0])
    assert lock.route in overview
    plain = json.loads(gzip.decompress(unseal(sealed, keys_of(lock).page, NAMES, lock.route)))
    for visit in problem.visits:
        told = plain["visits"][visit.id]
        assert (told["address"], told["class"]) == (visit.address, visit.infection_class.value)
        assert [(row[1], row[2], row[5]) for row in told["people"]] == [
            (r.id, r.name, r.note) for r in visit.residents
        ]
        assert all(row[4][0][0] == r.phone for row, r in zip(told["people"], visit.residents, strict=True))
    assert plain["rows"]["90"] == {"address": "Misspeltstreet 90", "candidates": ["Candidatestreet"]}
    for team in (page.lock for page in read_codes(written[0])):
        with pytest.raises(ValueError, match="seal"):
            unseal(sealed, keys_of(team).page, NAMES, lock.route)


@pytest.mark.parametrize(
    ("code", "detail", "remedy"),
    [
        (Reason.SKILL, "No team can do it.", "Ask Ann."),
        (Reason.CLASS_CONFLICT, "No team can do it.", "Ask Ann."),
        (Reason.NO_ROOM_LEFT, "No room is left.", "Give T1 the skill ventilator."),
        (Reason.NO_ROOM_LEFT, "没有空位。", "允许 T1 上这一感染等级的户。"),
        (Reason.TIME_WINDOW, "The window of Secretstreet 6 is over.", "Widen it."),
        (Reason.TIME_WINDOW, "The window is over.", "Ring up NAME 6A."),
    ],
)
def test_a_reason_that_tells_of_people_is_sealed_in_the_overview(
    make_day, extract, tmp_path, code, detail, remedy
):
    plan, problem, findings = make_day()
    left = replace(plan.unassigned[0], code=code, detail=literal(detail), remedy=literal(remedy))
    write_maps(
        PlanOutput(replace(plan, unassigned=(left,)), problem, extract, lang="en", findings=findings),
        tmp_path,
    )
    overview = (tmp_path / "overview.html").read_text(encoding="utf-8")
    assert f'data-visit="{left.visit}"' in overview
    assert not [text for text in (detail, remedy, f'class="code">{code}') if text in overview]
    assert "it appears with “Show names”" in overview
    sealed = base64.b64decode(re.search(r'id="sealed">([^<]+)<', overview)[1])
    lock = own_code(tmp_path)
    plain = json.loads(gzip.decompress(unseal(sealed, keys_of(lock).page, NAMES, lock.route)))
    assert plain["reasons"] == {left.visit: [detail, remedy, code]}


def test_a_reason_that_tells_of_nobody_is_in_clear_in_the_overview(written):
    overview = (written[0] / "overview.html").read_text(encoding="utf-8")
    for text in ("The window ends too soon.", "Ask for a later one.", 'class="code">TIME_WINDOW'):
        assert text in overview
    assert "data-sealed" not in re.sub(r"<script.*?</script>", "", overview, flags=re.DOTALL)


def test_an_open_page_holds_its_own_doors_and_no_others(written_open, make_day):
    plan, problem, _ = make_day()
    for route in plan.routes:
        page = (written_open / "teams" / f"{route.team}.html").read_text(encoding="utf-8")
        for visit in problem.visits:
            for resident in visit.residents:
                assert (resident.name in page) == (visit.id in route.visits)


def test_an_open_pages_list_can_be_read_in_order_without_a_script(written_open, make_day):
    plan, problem, _ = make_day()
    visits = {visit.id: visit for visit in problem.visits}
    page = (written_open / "teams" / "T1.html").read_text(encoding="utf-8")
    text = " ".join("".join(Seen(page).text).split())
    places = [text.index(visits[visit].address) for visit in plan.routes[0].visits]
    assert places == sorted(places)
    for words in (
        "Leave Depot",
        "08:05",
        "Yellow code",
        "Raised protection",
        "No lift",
        "Floor 3",
        "only 09:00-11:00",
        "Back at Depot",
    ):
        assert words in text
    assert 'href="tel:+358405501077"' in page


def test_the_overview_tells_all_that_is_on_no_route(written):
    text = " ".join("".join(Seen((written[0] / "overview.html").read_text(encoding="utf-8")).text).split())
    for words in (
        "5 of 6 doors",
        "V6",
        "The window ends too soon.",
        "Ask for a later one.",
        "TIME_WINDOW",
    ):
        assert words in text
    for words in (
        "Row 90",
        "a building, 84 % alike",
        "Row 91",
        "The address was not found.",
        "Row 92",
        "BLANK_ROW",
        "=1+1 was found",
    ):
        assert words in text
    assert "© OpenStreetMap contributors" in text


def test_teams_with_dangerous_names_get_safe_files(make_day, extract, tmp_path):
    names = ["../../up", "CON", "第3医疗队", "a/b\\c", "x" * 300, "</script>", "TEAM", "team"]
    plan, problem, findings = make_day(teams=8, visits=9, names=names)
    out = tmp_path / "day"
    paths = write_maps(PlanOutput(plan, problem, extract, lang="en", findings=findings), out)
    teams = [path for path in paths if path.parent.name == "teams" and path.suffix == ".html"]
    assert len(set(teams)) == 8
    assert all(path.resolve().is_relative_to(out.resolve()) and path.is_file() for path in paths)
    assert sorted(tmp_path.iterdir()) == [out]
    assert {path.stem for path in teams} >= {"CON_", "第3医疗队", "a_b_c", "TEAM", "team-2", "_.._up"}


def test_the_same_day_gives_the_same_pages(written_open, make_day, extract, tmp_path):
    plan, problem, findings = make_day()
    write_maps(PlanOutput(plan, problem, extract, lang="en", findings=findings, open_pages=True), tmp_path)
    for path in pages(written_open):
        if path.name != "codes.html":
            assert unlocked(tmp_path / path.relative_to(written_open)) == unlocked(path)


def unlocked(path):
    """Return the page without the lock of its names, which is another one every time."""
    page = path.read_text(encoding="utf-8")
    return re.sub(r'(?<="route":")[0-9a-f]{32}|(?<=id="sealed">)[A-Za-z0-9+/=]+', "", page)


def test_nothing_of_the_input_stands_in_a_locked_page(written, make_day):
    _, problem, _ = make_day()
    for path in (written[0] / "teams").glob("*.html"):
        page = path.read_text(encoding="utf-8")
        for visit in problem.visits:
            secrets = [visit.address, visit.id + '"']
            secrets += [
                text
                for one in visit.residents
                for text in (one.name, one.phone, one.address, one.note, f'"{one.id}"')
            ]
            assert not [secret for secret in secrets if secret in page]


def test_no_code_is_in_any_file_but_the_lists_of_codes(written):
    out, paths = written
    locks = [page.lock for page in read_codes(out)]
    assert [lock.team for lock in locks] == ["T1", "T2"]
    told = [{lock.code.encode(), lock.spoken.encode()} for lock in (own_code(out), *locks)]
    told += [{page.paper.encode(), spoken_paper_code(page.paper).encode()} for page in read_codes(out)]
    for code in told:
        holding = {path.name for path in paths if code & {*_words(path.read_bytes())}}
        assert holding == {"codes.html", "codes.json", "codes.txt"}
    assert all((out / name).stat().st_mode & 0o077 == 0 for name in ("codes.html", "codes.json", "codes.txt"))


def _words(content):
    return re.findall(rb"[0-9A-Z-]{10,14}", content)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_pages_say_their_language(make_day, extract, tmp_path, lang):
    plan, problem, findings = make_day()
    write_maps(PlanOutput(plan, problem, extract, lang=lang, findings=findings), tmp_path)
    for path in pages(tmp_path):
        assert f'<html lang="{"zh-CN" if lang == "zh" else "en"}">' in path.read_text(encoding="utf-8")


def test_the_samples_overview_is_small(demo_day):
    assert (demo_day / "overview.html").stat().st_size < 600_000
