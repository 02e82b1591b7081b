"""Pages complete in themselves: data cannot leave its element, folium cannot bring in a link."""

import base64
import gzip
import hashlib
import json
import re
from pathlib import Path

import folium
import pytest
from folium.plugins import MarkerCluster
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError
from markupsafe import Markup

from doorroute.output.pages import assets
from doorroute.output.pages.assets import as_json, leaflet_css, leaflet_js, own, packed, render_page
from doorroute.output.pages.figure import figure_of
from doorroute.output.pages.notices import Notices
from frontend import build

PAGES = Path(assets.__file__).parent
SOURCES = [path for path in build.sources() if path.suffix == ".js"]

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=3)
    ),
)


@given(PLAIN)
def test_data_comes_back_as_it_went_in_and_never_ends_its_element(value):
    written = str(as_json(value))
    assert json.loads(written) == value
    assert not set(written) & set("<>&\u2028\u2029")


def test_leaflet_is_inside_with_its_pictures_and_without_its_source_map():
    assert leaflet_js().startswith("/* @preserve\n * Leaflet 1.9.4")
    assert "sourceMappingURL" not in leaflet_js()
    assert "url(images" not in leaflet_css()
    assert leaflet_css().count("url(data:image/png;base64,") == 3


def test_no_script_or_style_can_end_its_own_element():
    ours = [own(f"js/{path.name}") for path in build.entries()]
    ours += [own(f"css/{path.name}") for path in PAGES.glob("css/*.css")]
    assert len(ours) > 12
    for text in (*ours, leaflet_js(), leaflet_css()):
        assert not re.search(r"</\s*(script|style)|<!--", text, re.IGNORECASE)


def test_a_packed_script_is_allowed_by_the_hash_of_what_comes_out_of_it():
    allowed, text = packed("js/phone.js")
    script = gzip.decompress(base64.b64decode(text))
    assert script.decode().endswith(own("js/phone.js"))
    assert allowed == hash_of(script.decode())
    page = render_page(
        "codes.html.j2", "en", {"date": "", "mine": "", "rows": [], "pdfs": True}, later="js/phone.js"
    )
    assert f"script-src {allowed};" in page
    assert not re.search("unsafe-eval|blob:|nonce|script-src[^;]*unsafe-inline", page)


def test_a_script_that_came_in_with_the_data_is_not_allowed():
    evil = "document.title = 1"
    injected = Markup(f"<script>{evil}</script>")  # noqa: S704  # as if a template had marked a cell as safe
    nothing = Notices(told=(), untold=())
    context = {
        "date": injected,
        "weekday": None,
        "notices": nothing,
        "texts": {},
        "words": {},
        "spoken": ("en",),
    }
    page = render_page("notices.html.j2", "en", context)
    assert injected in page
    assert hash_of(evil) not in page
    assert f"script-src {hash_of(own('js/notices.js'))};" in page


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    "template", sorted(path.name for path in Path(assets.__file__).parent.glob("templates/*.j2"))
)
def test_a_template_names_its_scripts_and_takes_none_from_its_context(template, lang):
    source = (Path(assets.__file__).parent / "templates" / template).read_text(encoding="utf-8")
    inner = re.findall("<script>(.*?)</script>", source, re.DOTALL)
    ours = re.compile(r'\{\{ own\("js/[\w/]+\.js"\) \}\}|\{\{ leaflet_js\(\) \}\}|\{\{ figure\.code \}\}')
    assert all(map(ours.fullmatch, inner))
    assert len(assets._hashes(template, lang)) == len([each for each in inner if "figure" not in each])


def hash_of(script):
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def test_scripts_write_text_and_never_html():
    assert len(SOURCES) > 30
    for path in SOURCES:
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function",
            path.read_text(encoding="utf-8"),
        )


def test_a_folium_plugin_that_needs_the_network_is_an_error():
    street_map = folium.Map(location=[60.17, 24.94], tiles=None)
    MarkerCluster().add_to(street_map)
    with pytest.raises(ValueError, match="may not link outside"):
        figure_of(street_map).parts()


def test_foliums_own_list_of_links_stays_as_it_was():
    before = list(folium.Map.default_js), list(folium.Map.default_css)
    figure_of(folium.Map(location=[60.17, 24.94], tiles=None)).parts()
    assert (folium.Map.default_js, folium.Map.default_css) == before


def test_what_a_page_is_not_given_is_an_error():
    with pytest.raises(UndefinedError):
        render_page("team.html.j2", "en", {})


def test_a_language_that_is_not_there_is_an_error():
    with pytest.raises(ValueError, match="languages"):
        render_page("team.html.j2", "fi", {})
