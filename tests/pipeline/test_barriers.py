"""A plan around what is closed that day."""

import json
from pathlib import Path

import numpy as np
import pytest

from doorroute.geocode.datum import from_wgs84
from doorroute.model.place import Datum, Point
from doorroute.model.plan import Reason
from doorroute.network import open_network
from doorroute.pipeline import Request, plan, verify_folder, write_folder
from doorroute.pipeline.barriers import barrier_findings, datum_of_barriers
from doorroute.pipeline.plan_folder import PLAN


def test_a_sealed_door_is_told_and_the_plan_is_checked_with_the_same_barriers(
    demo_data: Path, tmp_path: Path
) -> None:
    request = Request(
        residents=demo_data / "residents.xlsx",
        teams=demo_data / "teams.xlsx",
        depots=demo_data / "depots.xlsx",
        network=demo_data / "helsinki-centre.osm.pbf",
        date="2022-04-06",
        time_limit_s=1.0,
        cache=tmp_path / "cache",
    )
    free = plan(request)
    step = next(
        step for step in free.plan.routes[0].steps if step.visit is not None and step.location is not None
    )
    lon, lat = step.location.lon, step.location.lat  # type: ignore[union-attr]
    corners = [[lon + x * 4e-4, lat + y * 2e-4] for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))]
    barriers = tmp_path / "barriers.geojson"
    shapes = [{"type": "Polygon", "coordinates": [corners]}, {"type": "Point", "coordinates": [0, 0]}]
    features = [{"type": "Feature", "properties": {}, "geometry": shape} for shape in shapes]
    barriers.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")

    closed = plan(Request(**{**vars(request), "barriers": barriers}))
    left = {each.visit: each.code for each in closed.plan.unassigned}
    assert left[step.visit] is Reason.UNREACHABLE  # type: ignore[index]
    rows = {finding.code: finding.row for finding in closed.findings}
    assert rows["BARRIER_NOWHERE"] == 2
    assert "CLOSED_STREET" in rows

    write_folder(closed, tmp_path / "plan")
    written = json.loads((tmp_path / "plan" / PLAN).read_text(encoding="utf-8"))
    assert written["inputs"]["barriers"]["file"].endswith("barriers.geojson")
    assert any(step["way"] for route in written["routes"] for step in route["steps"])
    assert verify_folder(tmp_path / "plan", cache=tmp_path / "cache")[1] == ()


@pytest.mark.parametrize(
    ("datum", "codes"), [(Datum.GCJ02, ["BARRIERS_SHIFTED"]), (Datum.WGS84, ["DATUM_TAKEN"])]
)
def test_barriers_drawn_on_a_chinese_map_are_suspected(
    shared_data: Path, tmp_path: Path, datum: Datum, codes: list[str]
) -> None:
    extract = shared_data / "beijing-haidian.osm.pbf"
    graph = open_network(extract).graph
    edges = np.argsort(-graph.length_m)[[0, 5, 9]]  # long ones at the town's edge
    shapes = []
    for edge in edges.tolist():
        lon, lat = (graph.vertex[graph.vertex_ptr[edge]] / 1e7).tolist()
        given = from_wgs84(Point(lon, lat), datum)
        shapes.append({"type": "Point", "coordinates": [given.lon, given.lat]})
    barriers = tmp_path / "barriers.geojson"
    barriers.write_text(json.dumps({"type": "GeometryCollection", "geometries": shapes}), encoding="utf-8")
    network = open_network(extract, barriers=barriers)
    assert bool(network.idle_barriers) == (datum is Datum.GCJ02)
    assert [finding.code for finding in barrier_findings(datum_of_barriers(network, barriers))] == codes


@pytest.mark.parametrize("datum", list(Datum))
def test_gates_drawn_on_a_chinese_map_are_suspected_in_a_dense_town_too(
    shared_data: Path, tmp_path: Path, datum: Datum
) -> None:
    extract = shared_data / "shanghai-centre-roads.osm.pbf"
    graph = open_network(extract).graph
    ends = (graph.vertex[graph.vertex_ptr[:-1]] / 1e7)[::400][:15]
    given = [from_wgs84(Point(lon, lat), datum) for lon, lat in ends.tolist()]
    shapes = [
        {"type": "Point", "coordinates": [point.lon + 5e-5, point.lat]} for point in given
    ]  # drawn 5 m off
    features = [{"type": "Feature", "properties": {}, "geometry": shape} for shape in shapes]
    barriers = tmp_path / "barriers.geojson"
    barriers.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    taken = datum_of_barriers(open_network(extract, barriers=barriers), barriers)
    assert taken is not None
    assert (taken.source, taken.datum, taken.rows) == ("barriers", Datum.WGS84, len(shapes))
    assert taken.fits is datum
    assert [finding.code for finding in barrier_findings(taken)] == [
        "DATUM_TAKEN" if datum is Datum.WGS84 else "BARRIERS_SHIFTED"
    ]
