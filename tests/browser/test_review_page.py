"""The review page in a real Chromium without a network: by mouse, and by keyboard alone; what it saves is
asked about no more.
"""

import pytest

from doorroute.geocode import (
    KnownPlace,
    Located,
    Query,
    Sources,
    locate,
    named_places,
    open_index,
    read_pins,
    unsure_rows,
)
from doorroute.model.place import Access, Point
from doorroute.model.settings import Settings
from doorroute.output.pages.review import write_review

SHEET = [
    "Annankatu 12",
    "Alvar Aallon katu 3",
    "Mannerheimintie, Helsinki",
    "Keksitynkuja 5",
    "</script><img src=x onerror=alert(1)> ${document.title=1} `7`",
    "=1+1",
]
PHONE, DESKTOP = (390, 844), (1440, 900)


@pytest.fixture(scope="session")
def extract(demo_data):
    return demo_data / "helsinki-centre.osm.pbf"


@pytest.fixture(scope="session")
def index(extract):
    return open_index(extract)


@pytest.fixture
def queries():
    return [Query(str(at), address, row=at + 2) for at, address in enumerate(SHEET)]


@pytest.fixture
def review(tmp_path, extract, index, queries, open_page):
    def opened(*, lang="en", pins=(), sheet=None, **more):
        outcomes, _ = locate(sheet or queries, index, Settings())
        unsure = unsure_rows(sheet or queries, outcomes)
        known = {"pins": pins, "places": named_places(index), "who": "Li Wei"}
        page = write_review(tmp_path / "review.html", unsure, extract, index.bounds, lang=lang, **known)
        return open_page(page, lang=lang, **more)

    return opened


def saved(opened, tmp_path, press):
    with opened.page.expect_download() as download:
        press()
    path = tmp_path / "pins.csv"
    assert download.value.suggested_filename == "pins.csv"
    download.value.save_as(path)
    return path


def where(opened):
    lat, lon = opened.page.input_value("#where").split(", ")
    return float(lat), float(lon)


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_asks_for_nothing_and_draws_its_map(review, viewport, lang):
    opened = review(viewport=viewport, lang=lang)
    opened.page.wait_for_selector("html[data-map=drawn]")
    assert (opened.requests, opened.errors) == ([], [])
    assert opened.page.locator("#rows button").count() == 5
    wide = opened.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= viewport[0]


def test_the_keyboard_alone_is_enough_and_the_next_run_asks_nothing(review, tmp_path, index, queries):
    opened = review(viewport=DESKTOP)
    page, press = opened.page, opened.page.keyboard.press
    page.focus("body")
    for _ in range(20):
        press("Tab")
        if page.evaluate("document.activeElement.name") == "candidate":
            break
    press("Space")
    press("ArrowDown")  # the second candidate of Alvar Aallon katu 3
    press("Enter")
    assert page.inner_text("#address") == "Mannerheimintie, Helsinki"

    press("Space")  # the street alone
    press("Enter")
    assert "not the door" in page.inner_text("#hint")
    assert page.inner_text("#address") == "Mannerheimintie, Helsinki"
    press("Tab")
    assert page.evaluate("document.activeElement.id") == "where"
    press("Control+A")
    page.keyboard.type("60.1699, 24.9384")
    press("Enter")

    for text in ("60.17, 24.94", "60.171, 24.941", "60.172, 24.942"):
        assert page.evaluate("document.activeElement.id") == "where"
        page.keyboard.type(text)
        press("Enter")
    assert page.evaluate("document.activeElement.id") == "save"
    path = saved(opened, tmp_path, lambda: press("Enter"))

    pins, findings = read_pins(path)
    assert not findings
    assert {pin.who for pin in pins.current} == {"Li Wei"}
    assert all(pin.when for pin in pins.current)
    outcomes, _ = locate(queries, index, Settings(), sources=Sources(known=(pins,)))
    assert all(isinstance(outcome, Located) for outcome in outcomes)
    assert outcomes[2].place.point == Point(24.9384, 60.1699)
    assert (opened.requests, opened.errors) == ([], [])


def test_a_focused_pin_moves_by_arrow_keys(review):
    opened = review(viewport=DESKTOP)
    page = opened.page
    page.check("[name=candidate] >> nth=0")
    lat, lon = where(opened)
    page.focus(".leaflet-marker-icon.pin")
    page.keyboard.press("ArrowUp")
    assert where(opened)[0] - lat == pytest.approx(2 / 111_320, abs=2e-6)
    page.keyboard.press("Shift+ArrowRight")
    assert where(opened)[1] - lon == pytest.approx(20 / 111_320 / 0.4973, abs=4e-6)
    page.keyboard.press("Enter")
    assert "confirmed" in page.inner_text("#rows li:first-child")


def test_the_pin_is_dragged_and_the_map_is_clicked(review):
    opened = review(viewport=DESKTOP)
    page = opened.page
    page.click("#rows button >> nth=1")
    page.check("[name=candidate] >> nth=0")
    before = where(opened)
    box = page.locator(".leaflet-marker-icon.pin").bounding_box()
    page.mouse.move(box["x"] + 15, box["y"] + 15)
    page.mouse.down()
    page.mouse.move(box["x"] + 95, box["y"] + 15, steps=5)
    page.mouse.up()
    assert where(opened)[1] > before[1]
    assert page.inner_text("#hint") == ""
    page.click("#map", position={"x": 300, "y": 600})
    clicked = where(opened)
    assert clicked != before
    page.click("#confirm")
    assert "confirmed" in page.inner_text("#rows li >> nth=1")
    page.click("#rows button >> nth=1")
    assert where(opened) == pytest.approx(clicked, abs=1e-6)
    page.click("#undo")
    assert "open" in page.inner_text("#rows li >> nth=1")


@pytest.mark.parametrize(
    "text", ["somewhere", "24.94", "190.1, 24.9", "91, 92", "60.17; x", "60°N 24°E", "1, 2, 3"]
)
def test_what_is_no_position_is_not_taken(review, text):
    opened = review(viewport=DESKTOP)
    opened.page.fill("#where", text)
    opened.page.click("#confirm")
    assert "Not understood" in opened.page.inner_text("#hint")
    assert opened.page.is_disabled("#save")


def test_cell_text_never_runs_and_never_starts_a_formula(review, tmp_path):
    opened = review(viewport=DESKTOP)
    page = opened.page
    for at in (3, 4):
        page.click(f"#rows button >> nth={at}")
        page.fill("#where", "60.17, 24.94")
        page.press("#where", "Enter")
    assert page.title() == "Addresses to resolve"
    assert page.locator("#rows img, #card img").count() == 0
    path = saved(opened, tmp_path, lambda: page.click("#save"))
    assert "\n=" not in path.read_text(encoding="utf-8-sig")
    assert {pin.address for pin in read_pins(path)[0].current} == set(SHEET[4:])
    assert (opened.requests, opened.errors) == ([], [])


def test_pins_from_before_stay_in_the_file_and_those_confirmed_anew_are_replaced(review, tmp_path):
    old = KnownPlace(
        address="Vanha 1", point=Point(24.9, 60.1), who="Wang", when="2022-04-01", access=Access(building="3")
    )
    again = KnownPlace(address="Keksitynkuja 5", point=Point(24.9, 60.1), when="2022-04-01")
    opened = review(viewport=DESKTOP, pins=(old, again))
    opened.page.click("#rows button >> nth=2")
    opened.page.fill("#where", "60.17, 24.94")
    opened.page.press("#where", "Enter")
    path = saved(opened, tmp_path, lambda: opened.page.keyboard.press("Alt+s"))
    kept = {pin.address: pin for pin in read_pins(path)[0].current}
    assert set(kept) == {"Vanha 1", "Keksitynkuja 5"}
    assert (kept["Vanha 1"].who, kept["Vanha 1"].access.building) == ("Wang", "3")
    assert kept["Keksitynkuja 5"].point == Point(24.94, 60.17)


def test_where_nothing_is_unsure_the_page_says_so(review):
    opened = review(viewport=PHONE, sheet=[Query("1", "Annankatu 12")])
    assert "nothing to resolve" in opened.page.inner_text("main")
    assert (opened.requests, opened.errors) == ([], [])


def test_a_chinese_extract_offers_datums(tmp_path, shared_data, open_page):
    extract = shared_data / "beijing-haidian.osm.pbf"
    haidian = open_index(extract)
    queries = [Query("1", "西南15楼", row=2)]
    outcomes, _ = locate(queries, haidian, Settings())
    page = write_review(
        tmp_path / "r.html", unsure_rows(queries, outcomes), extract, haidian.bounds, lang="zh"
    )
    opened = open_page(page, lang="zh", viewport=PHONE)
    opened.page.fill("#where", "39.91334545536069, 116.38404722455657")
    opened.page.select_option("#datum", "gcj02")
    opened.page.click("#confirm")
    path = saved(opened, tmp_path, lambda: opened.page.click("#save"))
    (pin,) = read_pins(path)[0].current
    assert pin.point.lon == pytest.approx(116.377817, abs=1e-7)
    assert (opened.requests, opened.errors) == ([], [])


@pytest.mark.parametrize("text", ["60.17, 24.94", "24.94,60.17", "24.94，60.17"])
def test_coordinates_are_taken_in_either_order_where_the_map_tells_which(review, tmp_path, text):
    opened = review(viewport=DESKTOP)
    opened.page.fill("#where", text)
    assert opened.page.inner_text("#hint") == ""
    opened.page.click("#confirm")
    path = saved(opened, tmp_path, lambda: opened.page.click("#save"))
    (pin,) = read_pins(path)[0].current
    assert pin.point == Point(24.94, 60.17)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_place_far_from_the_map_is_said_and_the_example_is_of_this_town(review, lang):
    opened = review(viewport=PHONE, lang=lang)
    opened.page.fill("#where", "48.1, 11.5")
    assert {"en": "far from the map", "zh": "离地图很远"}[lang] in opened.page.inner_text("#hint")
    lat, _, lon = opened.page.get_attribute("#where", "placeholder").partition(", ")
    assert (float(lat), float(lon)) == (pytest.approx(60.17, abs=0.1), pytest.approx(24.94, abs=0.1))


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP])
def test_the_search_finds_rows_and_places_of_the_map_and_puts_the_pin_there(review, index, viewport):
    opened = review(viewport=viewport)
    page = opened.page
    page.fill("#sought", "keksity")
    assert page.locator("#rows li:visible").count() == 1
    page.fill("#sought", "annankatu 14")
    page.locator("#hits button", has_text="Annankatu 14").first.click()
    place = next(each for each in named_places(index) if each.label.startswith("Annankatu 14"))
    assert where(opened) == (
        pytest.approx(place.point.lat, abs=2e-5),
        pytest.approx(place.point.lon, abs=2e-5),
    )
    page.fill("#sought", "zzzz")
    assert "Nothing found" in page.inner_text("#hits")
    page.fill("#sought", "")
    assert page.locator("#rows li:visible").count() == 5
    assert (opened.requests, opened.errors) == ([], [])


def test_names_of_buildings_stand_on_the_map_when_it_is_near(tmp_path, open_page):
    corner = '<node id="{0}" lat="{1}" lon="{2}" version="1"/>'
    nodes, ways = [], []
    for at, name in enumerate(("图书馆", "高1楼", "</script><b>&")):
        for n, (x, y) in enumerate(((0, 0), (3, 0), (3, 2), (0, 2))):
            nodes.append(corner.format(10 * at + n + 1, 37.69 + y / 1e4, 112.75 + at / 1e3 + x / 1e4))
        refs = "".join(f'<nd ref="{10 * at + n + 1}"/>' for n in (0, 1, 2, 3, 0))
        tag = name.replace("&", "&amp;").replace("<", "&lt;")
        ways.append(
            f'<way id="{at + 1}" version="1">{refs}<tag k="building" v="yes"/><tag k="name" v="{tag}"/></way>'
        )
    extract = tmp_path / "drawn.osm"
    extract.write_text(f'<osm version="0.6">{"".join((*nodes, *ways))}</osm>', encoding="utf-8")
    drawn = open_index(extract)
    queries = [Query("1", "高2楼", row=2)]
    unsure = unsure_rows(queries, locate(queries, drawn, Settings())[0])
    page = write_review(
        tmp_path / "r.html", unsure, extract, drawn.bounds, lang="zh", places=named_places(drawn)
    )
    opened = open_page(page, lang="zh", viewport=DESKTOP)
    opened.page.locator(".name", has_text="图书馆").wait_for(state="attached")
    assert opened.page.locator(".name").all_inner_texts() == ["图书馆", "高1楼", "</script><b>&"]
    assert opened.errors == []
