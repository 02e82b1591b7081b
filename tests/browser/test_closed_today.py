"""A sealed gate and a closed street on the pages, in a real Chromium, the network off."""

import json
from pathlib import Path

import pytest

from doorroute.output.write import PlanOutput, write_maps
from tests.helpers.small_day import day as make_day


@pytest.mark.parametrize("page", ["overview.html", "teams"])
def test_whoever_opens_the_map_sees_the_sealed_gate(
    open_page, demo_data: Path, tmp_path: Path, page: str
) -> None:
    plan, problem, findings = make_day(teams=1)
    barriers = tmp_path / "barriers.geojson"
    lon, lat = plan.routes[0].geometry[0].lon, plan.routes[0].geometry[0].lat
    shapes = [
        {"type": "Point", "coordinates": [lon, lat]},
        {"type": "LineString", "coordinates": [[lon, lat], [lon + 1e-3, lat]]},
    ]
    barriers.write_text(json.dumps({"type": "GeometryCollection", "geometries": shapes}), encoding="utf-8")
    out = tmp_path / "day"
    write_maps(
        PlanOutput(
            plan,
            problem,
            demo_data / "helsinki-centre.osm.pbf",
            lang="en",
            findings=findings,
            open_pages=True,
            barriers=barriers,
        ),
        out,
    )
    opened = open_page(out / page if page != "teams" else next((out / "teams").glob("*.html")))
    sign = opened.page.locator(".sign-closed")
    sign.wait_for()
    assert sign.count() == 1
    assert opened.page.locator(".leaflet-marker-icon[title^='closed today']").count() == 1
    assert opened.page.locator("path[stroke='#b3001b']").count() == 1
    assert opened.errors == []
