"""What is closed today on the maps: whom it stops sees it."""

import json
from pathlib import Path

import pytest

from doorroute.output.basemap.packed import read_base_map
from doorroute.output.drawings.svg_map import svg_map
from doorroute.output.views.closed import closed_data, closed_today
from doorroute.output.views.routes import team_routes
from doorroute.output.write import PlanOutput, write_maps

GATE = {"type": "Point", "coordinates": [24.9446, 60.1697]}
STREET = {"type": "LineString", "coordinates": [[24.944, 60.168], [24.9441, 60.169]]}
AREA = {
    "type": "Polygon",
    "coordinates": [[[24.943, 60.168], [24.945, 60.168], [24.945, 60.17], [24.943, 60.168]]],
}


@pytest.fixture
def barriers(tmp_path: Path) -> Path:
    features = [
        {
            "type": "Feature",
            "properties": {},
            "geometry": {"type": "GeometryCollection", "geometries": [GATE, STREET]},
        },
        {"type": "Feature", "properties": {"profiles": ["car"]}, "geometry": AREA},
    ]
    path = tmp_path / "barriers.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def test_each_team_has_what_stops_it_and_the_overview_has_all(make_day, barriers):
    plan, problem, _ = make_day(teams=1)
    closed = closed_today(barriers)
    (team,) = team_routes(plan, problem, closed)
    assert [kind for kind, _ in closed_data(closed)["shapes"]] == [0, 1, 2]
    drawn = closed_data(team.closed)
    assert drawn["shapes"] == [[0, [[60.1697, 24.9446]]], [1, [[60.168, 24.944], [60.169, 24.9441]]]]
    assert drawn["word"] == "closed today · 今日封闭"
    assert closed_data(())["shapes"] == []
    assert closed_today(None) == ()


def test_the_sheet_shows_the_sealed_gate(make_day, barriers, extract):
    plan, problem, _ = make_day(teams=1)
    base_map = read_base_map(extract)
    plain, shut = (
        svg_map(team_routes(plan, problem, closed)[0], base_map)[0] for closed in ((), closed_today(barriers))
    )
    assert 'stroke-dasharray="6 14"' in shut
    assert shut.count("<circle") == plain.count("<circle") + 1


def test_pages_are_written_with_it(make_day, barriers, extract, tmp_path):
    plan, problem, findings = make_day(teams=1)
    out = tmp_path / "day"
    write_maps(
        PlanOutput(plan, problem, extract, lang="en", findings=findings, open_pages=True, barriers=barriers),
        out,
    )
    assert "closed today" in (out / "overview.html").read_text(encoding="utf-8")
    assert "[60.1697,24.9446]" in (out / "teams" / f"{plan.routes[0].team}.html").read_text(
        encoding="utf-8"
    ).replace(", ", ",")
