"""Barriers of the day: gates that are sealed, streets that are closed."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from doorroute.errors import BadInputError
from doorroute.model.team import Profile
from doorroute.model.travel import UNREACHABLE
from doorroute.network import StreetNetwork, open_network
from tests.helpers.drawn_town import EAST_M, NORTH_M, DrawTown, at, travel_m

Close = Callable[..., StreetNetwork]


def drawn(kind: str, *places: tuple[float, float]) -> dict[str, object]:
    points = [[25 + x / 1000, 60 + y / 1000] for x, y in places]
    return {
        "type": kind,
        "coordinates": {"Point": points[0], "LineString": points, "Polygon": [points]}[kind],
    }


@pytest.fixture
def close(draw_town: DrawTown, tmp_path: Path) -> Close:
    """Return a function that opens a block of 4 x 1 steps, a lane (5-6-7) across it, some of it closed."""
    town = draw_town(
        {1: (0, 0), 2: (4, 0), 3: (4, 3), 4: (0, 3), 5: (2, 0), 6: (2, 3), 7: (2, 1.5), 8: (3, 1.5)},
        [{"nodes": [1, 5, 2, 3, 6, 4, 1]}, {"nodes": [5, 7, 6]}, {"nodes": [7, 8]}],
    )

    def closed(*shapes: dict[str, object], cache: Path | None = None, **properties: object) -> StreetNetwork:
        features = [{"type": "Feature", "properties": properties, "geometry": shape} for shape in shapes]
        path = tmp_path / "barriers.geojson"
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
        return open_network(town, barriers=path, cache=cache)

    return closed


@pytest.mark.parametrize("profile", Profile)
def test_nobody_passes_a_sealed_gate_and_its_two_sides_are_reached_the_long_way(
    close: Close, profile: Profile
) -> None:
    gate = drawn("Point", (2.05, 0.5))  # a few metres from the lane, as drawn by hand
    start, inside = at(1.5, 0), at(2, 1)
    assert travel_m(close(), start, inside, profile) == pytest.approx(0.5 * EAST_M + NORTH_M, abs=0.6)
    assert travel_m(close(gate), start, inside, profile) == pytest.approx(
        1.5 * EAST_M + 3 * NORTH_M + 2 * EAST_M + 2 * NORTH_M, abs=0.6
    )
    assert travel_m(close(gate), start, at(2, 0.4), profile) == pytest.approx(
        0.5 * EAST_M + 0.4 * NORTH_M, abs=0.6
    )


def test_behind_two_sealed_gates_doors_are_out_of_reach_and_in_reach_of_one_another(close: Close) -> None:
    network = close(drawn("Point", (2, 0.5)), drawn("Point", (2, 2.5)))
    for profile in Profile:
        assert travel_m(network, at(1, 0), at(2.5, 1.5), profile) == UNREACHABLE
        assert travel_m(network, at(2.5, 1.5), at(1, 0), profile) == UNREACHABLE
        assert travel_m(network, at(2, 1.5), at(2.5, 1.5), profile) == pytest.approx(0.5 * EAST_M, abs=0.6)


def test_a_line_across_and_a_line_along_close_a_street(close: Close) -> None:
    round_ = 1.5 * EAST_M + 3 * NORTH_M + 2 * EAST_M + 2 * NORTH_M
    across = close(drawn("LineString", (1.8, 0.5), (2.2, 0.5)))
    assert travel_m(across, at(1.5, 0), at(2, 1)) == pytest.approx(round_, abs=0.6)
    along = close(drawn("LineString", (2.01, 0.2), (2.02, 0.8)))
    assert travel_m(along, at(1.5, 0), at(2, 1)) == pytest.approx(round_, abs=0.6)
    assert along.closed([at(2, 0.5), at(2, 1)], Profile.FOOT).tolist() == [True, False]
    assert travel_m(along, at(1.5, 0), at(2, 0.5)) == UNREACHABLE


def test_an_area_closes_what_lies_within_for_those_whom_it_stops(close: Close) -> None:
    area = drawn("Polygon", (1.5, 0.2), (2.5, 0.2), (2.5, 0.8), (1.5, 0.8), (1.5, 0.2))
    network = close(area, profiles=["car"])
    short = 0.5 * EAST_M + NORTH_M
    assert travel_m(network, at(1.5, 0), at(2, 1), Profile.FOOT) == pytest.approx(short, abs=0.6)
    assert travel_m(network, at(1.5, 0), at(2, 1), Profile.CAR) > 3 * short


def test_a_barrier_that_touches_no_street_is_told(close: Close) -> None:
    assert close(drawn("Point", (1, 1)), drawn("Point", (2, 0.5))).idle_barriers == (1,)


def test_with_a_cache_each_day_has_its_own_barriers(close: Close, tmp_path: Path) -> None:
    gate = drawn("Point", (2, 0.5))
    ways = [close(*shapes, cache=tmp_path / "cache") for shapes in ((), (gate,), (), (gate,))]
    metres = [travel_m(network, at(1.5, 0), at(2, 1)) for network in ways]
    assert metres[0] == metres[2] < metres[1] == metres[3]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (None, "BARRIERS_MISSING"),
        ("{", "BARRIERS_BROKEN"),
        ("[]", "BARRIERS_BROKEN"),
        ('{"type": "FeatureCollection", "features": 3}', "BARRIERS_BROKEN"),
        ('{"type": "Feature", "geometry": null}', "BARRIER_WRONG"),
        ('{"type": "Point", "coordinates": [2500000, 6000000]}', "BARRIER_WRONG"),
        ('{"type": "Point", "coordinates": ["a", "b"]}', "BARRIER_WRONG"),
        ('{"type": "Point", "coordinates": []}', "BARRIER_WRONG"),
        (
            (
                '{"type": "Feature", "properties": {"profiles": ["tank"]},'
                ' "geometry": {"type": "Point", "coordinates": [25, 60]}}'
            ),
            "BARRIER_WRONG",
        ),
    ],
)
def test_a_file_that_is_no_geojson_is_refused_with_advice(
    draw_town: DrawTown, tmp_path: Path, text: str | None, code: str
) -> None:
    town = draw_town({1: (0, 0), 2: (2, 0)}, [{"nodes": [1, 2]}])
    path = tmp_path / "barriers.geojson"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInputError) as error:
        open_network(town, barriers=path)
    assert error.value.code == code
