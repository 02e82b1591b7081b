"""The paper sheet: every door with its boxes, a map that fits A4, the doors' positions as a QR code, nothing
that runs.
"""

import re
from dataclasses import replace
from io import BytesIO

import pytest
import segno
import zxingcpp
from PIL import Image

from doorroute.model.place import Point
from doorroute.output.basemap.packed import read_base_map
from doorroute.output.drawings.svg_map import HIGHEST_MM, WIDEST_MM, svg_map
from doorroute.output.pages.sheet import position_texts
from doorroute.output.views.routes import team_routes
from doorroute.output.write import PlanOutput, write_maps


@pytest.fixture(scope="module")
def base_map(extract):
    return read_base_map(extract)


@pytest.fixture(scope="module")
def teams(make_day):
    plan, problem, _ = make_day(teams=1, visits=13)
    return team_routes(plan, problem)


def test_every_door_is_there_with_its_people_and_boxes_to_tick(written, make_day):
    plan, problem, _ = make_day()
    visits = {visit.id: visit for visit in problem.visits}
    for route in plan.routes:
        page = (written[0] / "sheets" / f"{route.team}.html").read_text(encoding="utf-8")
        people = [one for visit in route.visits for one in visits[visit].residents]
        assert all(text in page for one in people for text in (one.name, one.phone, one.note, one.address))
        assert page.count('class="box"') == 3 * len(route.visits) + len(people)
        assert "<script" not in page
        others = [one for visit in problem.visits if visit.id not in route.visits for one in visit.residents]
        assert not [one.name for one in others if one.name in page]


def test_the_map_fits_a4_and_follows_the_route(base_map, teams):
    (team,) = teams
    sizes = []
    for ends in (((24.935, 60.168), (24.955, 60.169)), ((24.944, 60.163), (24.945, 60.172))):
        path = tuple(Point(lon, lat) for lon, lat in ends)
        moved = replace(team, route=replace(team.route, geometry=path), stops=(), start=path[0], end=path[1])
        drawn, wide = svg_map(moved, base_map)
        width, height = map(float, re.search(r'width="([\d.]+)mm" height="([\d.]+)mm"', drawn).groups())
        assert width == pytest.approx(wide, abs=0.1)
        assert width <= WIDEST_MM
        assert height <= HIGHEST_MM
        sizes.append(width / height)
    assert sizes[0] > 2
    assert sizes[1] < 0.7
    drawn, _ = svg_map(team, base_map)
    assert all(f">{number}</text>" in drawn for number in range(1, 13))


def test_a_route_of_one_stop_at_its_depot_has_a_map_too(base_map, teams):
    (team,) = teams
    stop = replace(team.stops[0], point=team.start)
    drawn, wide = svg_map(replace(team, stops=(stop,), route=replace(team.route, geometry=())), base_map)
    assert ">1</text>" in drawn
    assert wide > 50
    assert "nan" not in drawn


def test_the_map_is_really_drawn_with_streets_and_their_names(base_map, teams):
    drawn, _ = svg_map(teams[0], base_map)
    assert len(drawn) > 20_000
    assert drawn.count('class="street"') > 5


def test_the_codes_hold_the_doors_positions_and_no_name(teams):
    stops = teams[0].stops
    many = replace(teams[0], stops=tuple(replace(stops[n % 12], number=n + 1) for n in range(120)))
    texts = list(position_texts(many))
    lines = [line.split() for text in texts for line in text.split("\n")]
    assert [number for number, _ in lines] == [str(n + 1) for n in range(120)]
    assert lines[0][1] == f"{stops[0].point.lat:.5f},{stops[0].point.lon:.5f}"
    picture = BytesIO()
    segno.make_qr(texts[-1], error="l").save(picture, kind="png", scale=4)
    assert zxingcpp.read_barcodes(Image.open(picture).convert("L"))[0].text == texts[-1]


def test_text_of_a_cell_stays_text_on_paper(make_day, extract, tmp_path):
    evil = "</td><script>document.title=1</script><img src=x>"
    plan, problem, findings = make_day(cell=evil)
    paths = write_maps(PlanOutput(plan, problem, extract, lang="zh", findings=findings), tmp_path)
    for path in paths:
        if path.parent.name == "sheets" and path.suffix == ".html":
            page = path.read_text(encoding="utf-8")
            assert "<script" not in page
            assert "<img" not in page
            assert "&lt;script&gt;" in page
