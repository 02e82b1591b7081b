"""A team's page in a real Firefox, and in both browsers from a machine in the building: plain http, where
`crypto.subtle` and the clipboard are missing.
"""

from types import SimpleNamespace

import pytest
from PIL import Image

from doorroute.output.write import PlanOutput, write_maps
from tests.helpers import firefox as foxes
from tests.helpers import phone_page as helpers
from tests.helpers.small_day import day as make_day

COUNT = "document.querySelector('#count b').textContent"


@pytest.fixture(scope="module")
def day(demo_data, tmp_path_factory):
    out = tmp_path_factory.mktemp("day")
    plan, problem, findings = make_day()
    write_maps(
        PlanOutput(plan, problem, demo_data / "helsinki-centre.osm.pbf", lang="en", findings=findings), out
    )
    return out


@pytest.fixture
def fox(tmp_path):
    program = foxes.find()
    if program is None:
        pytest.skip("no Firefox here: install one, or name it in DOORROUTE_FIREFOX")
    profile = tmp_path / "profile"
    profile.mkdir()
    firefox = foxes.Firefox(program, profile)
    yield firefox
    firefox.close()


def unlock(fox, code):
    fox.run(
        f"document.getElementById('code').value = '{code}'; document.getElementById('unlock').requestSubmit()"
    )
    fox.wait("document.documentElement.dataset.map === 'drawn'")


@pytest.mark.parametrize("served", [False, True], ids=["file", "plain http"])
def test_in_firefox_a_mark_is_kept_over_a_reload_and_a_wrong_code_opens_nothing(
    fox, serve, day, tmp_path, served
):
    page = day / "teams" / "T1.html"
    url = f"{serve(day, foxes.NAME)}/teams/T1.html" if served else page.resolve().as_uri()
    code = helpers.lock_of(day).code
    fox.open(url)
    assert fox.run("isSecureContext") is not served
    fox.run(
        "document.getElementById('code').value = 'ABCDE-FGHJK'; "
        "document.getElementById('unlock').requestSubmit()"
    )
    fox.wait("document.getElementById('said').textContent.includes('not the code')")
    unlock(fox, code)
    shot = tmp_path / "firefox.png"
    fox.screenshot(shot)
    with Image.open(shot) as picture:
        assert len(picture.convert("RGB").getcolors(2**24)) > 300  # a map is drawn
    fox.run("document.querySelector('#actions .done').click()")
    assert fox.run(COUNT) == "1 / 3"
    assert "Secretstreet" not in fox.run("JSON.stringify(localStorage)")
    fox.open(url)
    unlock(fox, code)
    assert fox.run(COUNT) == "1 / 3"
    assert fox.run("performance.getEntriesByType('resource').length") == 0


def test_in_firefox_no_script_but_the_packed_one_is_run(fox, day):
    fox.open((day / "teams" / "T1.html").resolve().as_uri())
    unlock(fox, helpers.lock_of(day).code)
    fox.run(
        "{ const made = document.createElement('script'); made.textContent = 'window.evil = 1'; "
        "document.head.append(made) }"
    )
    assert fox.run("window.evil === undefined") is True


def test_in_chromium_a_mark_is_kept_over_plain_http(browser, serve, day):
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB")
    page = context.new_page()
    page.goto(f"{serve(day, foxes.NAME)}/teams/T1.html")
    assert page.evaluate("[isSecureContext, typeof crypto.subtle]") == [False, "undefined"]
    code = helpers.lock_of(day).code
    helpers.unlock(SimpleNamespace(page=page), code)
    helpers.tap(page, "Done")
    page.reload()
    helpers.unlock(SimpleNamespace(page=page), code)
    assert page.inner_text("#count b") == "1 / 3"
    context.close()
