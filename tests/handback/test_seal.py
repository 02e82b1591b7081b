"""Codes that stand guessing, seals that fail closed, and the list that the dispatcher keeps."""

import json

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorroute.errors import BadInputError
from doorroute.handback.codes import issue, own_code, own_lock, read_codes
from doorroute.handback.seal import (
    PAGE,
    RESULTS,
    SYMBOLS,
    PageLock,
    keys_of,
    new_lock,
    plain_code,
    seal,
    spoken_paper_code,
    unseal,
)
from doorroute.output.pages.codes import doors_of_teams
from doorroute.output.views.routes import team_routes
from doorroute.output.write import PlanOutput, write_maps

ROUTE = "00112233445566778899aabbccddeeff"
KEY = bytes(range(32))


def test_a_code_has_fifty_bits_and_no_letter_that_is_taken_for_another():
    codes = [new_lock("T1").code for _ in range(300)]
    assert len(set(codes)) == 300
    assert set("".join(codes)) == set(SYMBOLS)
    assert len(SYMBOLS) ** len(codes[0]) >= 2**50
    assert not set("ILOU") & set(SYMBOLS)


def test_keys_are_those_that_other_makers_of_scrypt_make():
    # by noble in Node and by OpenSSL alike
    keys = keys_of(PageLock("T1", ROUTE, "ABCDEFGHJK"))
    assert (keys.page[:8].hex(), keys.results[:8].hex()) == ("11951d7c322a1cc4", "b3c70a9fe0f0cd8c")


@given(st.binary(max_size=200))
def test_what_was_sealed_opens_again(plain):
    assert unseal(seal(plain, KEY, PAGE, ROUTE), KEY, PAGE, ROUTE) == plain


@given(st.integers(min_value=0), st.integers(1, 255))
def test_any_changed_byte_fails_closed(at, change):
    sealed = bytearray(seal(b"door 7", KEY, PAGE, ROUTE))
    sealed[at % len(sealed)] ^= change
    with pytest.raises(ValueError, match="does not fit"):
        unseal(bytes(sealed), KEY, PAGE, ROUTE)


@pytest.mark.parametrize(
    ("key", "purpose", "route"), [(KEY[::-1], PAGE, ROUTE), (KEY, RESULTS, ROUTE), (KEY, PAGE, ROUTE[::-1])]
)
def test_a_seal_fits_one_key_one_purpose_one_route(key, purpose, route):
    with pytest.raises(ValueError, match="does not fit"):
        unseal(seal(b"door 7", KEY, PAGE, ROUTE), key, purpose, route)


@pytest.mark.parametrize("typed", ["abcde-fgh01", "ABCDE FGHOI", " abcdefgh0l ", "a.b.c.d.e.f.g.h.o.1"])
def test_a_code_is_understood_however_it_is_typed(typed):
    assert plain_code(typed) == "ABCDEFGH01"


def test_a_lock_does_not_show_its_code():
    lock = new_lock("T1")
    assert lock.code not in repr(lock)
    assert repr(keys_of(lock)) == "Keys()"


def test_the_list_of_codes_is_read_as_it_was_written(written):
    out, _ = written
    assert [page.lock.team for page in read_codes(out)] == ["T1", "T2"]
    for name in ("codes.html", "codes.txt"):
        assert all(page.lock.spoken in (out / name).read_text(encoding="utf-8") for page in read_codes(out))


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "[]",
        "{}",
        (
            '{"doorroute/codes/1": [{"team": "T1", "code": "ABCDE", "route": "nothex", "date": "", "doors": '
            '[], "current": true}]}'
        ),
    ],
)
def test_a_list_that_is_gone_or_broken_is_told(tmp_path, text):
    if text is not None:
        (tmp_path / "codes.json").write_text(text)
    with pytest.raises(BadInputError) as caught:
        read_codes(tmp_path)
    assert caught.value.code == "CODES_UNREADABLE"


def test_the_dispatchers_code_holds_for_the_day_and_no_longer(written, tmp_path):
    out, _ = written
    first = own_code(out)
    again = own_lock("2022-04-06", out)
    assert (again.code, again.team) == (first.code, "overview.html")
    assert again.route != first.route
    assert own_lock("2022-04-07", out).code != first.code
    (tmp_path / "codes.json").write_text('{"overview": {"date": "2022-04-06", "code": "<broken>"}}')
    assert own_lock("2022-04-06", tmp_path).code not in {first.code, "<broken>"}
    with pytest.raises(BadInputError):
        own_code(tmp_path)


def test_a_plan_with_open_pages_does_not_take_away_the_codes_of_locked_ones(
    written, make_day, extract, tmp_path
):
    locked, _ = written
    plan, problem, findings = make_day()
    write_maps(
        PlanOutput(plan, problem, extract, lang="en", findings=findings, open_pages=True, earlier=locked),
        tmp_path,
    )
    codes = {page.lock.route: page.lock.code for page in read_codes(locked)}
    assert codes
    assert {page.lock.route: page.lock.code for page in read_codes(tmp_path)} == codes
    assert not any(page.current for page in read_codes(tmp_path))


def test_a_sheets_pdf_has_a_code_of_its_own_two_symbols_longer_than_the_pages(written):
    out, _ = written
    pages = read_codes(out)
    papers = {page.paper for page in pages}
    assert len(papers) == 2
    for page in pages:
        assert len(page.paper) == len(page.lock.code) + 2
        assert set(page.paper) <= set(SYMBOLS)
        assert page.paper not in repr(page)
        path = out / "sheets" / f"{page.lock.team}.pdf"
        with pypdfium2.PdfDocument(path, password=page.paper) as document:
            assert len(document) > 0
        for wrong in (page.lock.code, page.lock.spoken, *(papers - {page.paper})):
            with pytest.raises(pypdfium2.PdfiumError, match="password"):
                pypdfium2.PdfDocument(path, password=wrong)
        shown = spoken_paper_code(page.paper)
        assert f"{page.lock.team}\t{page.lock.spoken}\t{shown}\n" in (out / "codes.txt").read_text(
            encoding="utf-8"
        )
        row = f'<td class="secret">{page.lock.spoken}</td><td class="secret paper">{shown}</td>'
        assert row in (out / "codes.html").read_text(encoding="utf-8")


def test_the_code_of_a_pdf_holds_on_for_the_day(written, make_day):
    pages = read_codes(written[0])
    plan, problem, _ = make_day(visits=2)
    teams = team_routes(plan, problem)
    papers = {page.lock.team: page.paper for page in pages}
    again = issue(plan.date, doors_of_teams(teams), pages)
    assert {name: page.paper for name, page in again.items()} == {name: papers[name] for name in again}
    tomorrow = issue("2022-04-07", doors_of_teams(teams), pages)
    assert not {page.paper for page in tomorrow.values()} & {*papers.values()}


def test_a_list_of_codes_from_before_pdfs_had_their_own_is_read(written, make_day, tmp_path):
    out, _ = written
    document = json.loads((out / "codes.json").read_text(encoding="utf-8"))
    for entry in document["doorroute/codes/1"]:
        del entry["paper"]
    (tmp_path / "codes.json").write_text(json.dumps(document))
    pages = read_codes(tmp_path)
    assert [page.paper for page in pages] == ["", ""]
    plan, problem, _ = make_day()
    again = issue(plan.date, doors_of_teams(team_routes(plan, problem)), pages)
    assert [page.lock for page in again.values()] == [page.lock for page in pages]
    assert all(len(page.paper) == 12 for page in again.values())
    document["doorroute/codes/1"][0]["paper"] = "short"
    (tmp_path / "codes.json").write_text(json.dumps(document))
    with pytest.raises(BadInputError, match="CODES_UNREADABLE"):
        read_codes(tmp_path)
