"""What is in an extract, and why something of it is cut off."""

import json
from pathlib import Path

import numpy as np
import pytest

from doorroute.cli import main
from doorroute.model.team import Profile
from doorroute.network import open_network
from doorroute.network.census import EDGE_USES, EdgeUse, count_things, in_pieces, use_of
from tests.helpers.drawn_town import EAST_M, NORTH_M, DrawTown


def test_every_street_is_kept_or_the_reason_is_told(draw_town: DrawTown) -> None:
    block = {1: (0, 0), 2: (9, 0), 3: (9, 9), 4: (0, 9)}
    spurs = {
        5: (-1, 0),
        6: (10, 0),
        7: (9, 10),
        8: (8, 10),
        9: (0, 10),
        10: (20, 20),
        11: (22, 20),
        12: (-1, 9),
    }
    path = draw_town(
        {**block, **spurs},
        [
            {"nodes": [1, 2, 3, 4, 1], "id": 1},
            {"nodes": [1, 5], "access": "private"},
            {"nodes": [2, 6], "highway": "footway"},
            {"nodes": [3, 7]},  # behind the bollard at 3
            {"nodes": [7, 8]},
            {"nodes": [4, 9], "oneway": "yes"},
            {"nodes": [10, 11]},
        ],
        {3: {"barrier": "bollard"}},
    )
    network = open_network(path)
    car, foot = use_of(network, Profile.CAR), use_of(network, Profile.FOOT)
    metres = {fate: pytest.approx(length, abs=1) for fate, length in car.metres.items()}
    assert metres[EdgeUse.OPEN] == 18 * (EAST_M + NORTH_M)
    assert metres[EdgeUse.PRIVATE] == metres[EdgeUse.FORBIDDEN] == EAST_M
    assert metres[EdgeUse.BARRIER] == NORTH_M + EAST_M
    assert metres[EdgeUse.ONEWAY] == NORTH_M
    assert metres[EdgeUse.ISLAND] == 2 * EAST_M
    assert car.kept_m == pytest.approx(sum(car.parts_m))
    assert {fate for fate, length in foot.metres.items() if length} == {
        EdgeUse.OPEN,
        EdgeUse.PRIVATE,
        EdgeUse.ISLAND,
    }
    assert sum(foot.metres.values()) == pytest.approx(sum(car.metres.values()))
    assert count_things(path, network.graph).barriers == {"bollard": 1}


def test_a_street_that_forbidden_turns_cut_off_is_told_apart(draw_town: DrawTown) -> None:
    relation = (
        '<relation id="1" version="1"><member type="way" ref="2" role="from"/>'
        '<member type="node" ref="2" role="via"/>'
        '<member type="way" ref="1" role="to"/><tag k="type" v="restriction"/>'
        '<tag k="restriction" v="no_entry"/></relation>'
    )
    path = draw_town(
        {1: (0, 0), 2: (5, 0), 3: (5, 5), 4: (5, -1)},
        [
            {"nodes": [1, 2], "id": 1},
            {"nodes": [4, 2], "id": 2},
            {"nodes": [2, 3, 1], "id": 3, "oneway": "yes"},
        ],
        relations=relation.replace("no_entry", "only_u_turn").replace(
            'ref="1" role="to"', 'ref="2" role="to"'
        ),
    )
    use = use_of(open_network(path), Profile.CAR)
    assert use.metres[EdgeUse.TURNS] == pytest.approx(NORTH_M, abs=1)
    assert use.metres[EdgeUse.ONEWAY] == use.metres[EdgeUse.ISLAND] == 0


@pytest.mark.parametrize("profile", Profile)
def test_what_is_told_of_a_real_town_is_what_the_search_uses(demo_data: Path, profile: Profile) -> None:
    network = open_network(demo_data / "helsinki-centre.osm.pbf")
    use = use_of(network, profile)
    kept = np.isin(use.fate, [EDGE_USES.index(EdgeUse.OPEN), EDGE_USES.index(EdgeUse.PRIVATE)])
    assert (kept == network.states(profile).usable).all()
    assert sum(use.metres.values()) == pytest.approx(network.graph.length_m.sum())
    assert sum(use.parts_m) == pytest.approx(use.kept_m)
    assert in_pieces(use) is None


def test_streets_that_do_not_hang_together_are_a_finding(draw_town: DrawTown) -> None:
    nodes = {i: (i % 20, i // 20) for i in range(200)}
    islands = [{"nodes": [i, i + 1]} for i in range(0, 200, 2)]
    network = open_network(draw_town(nodes, [*islands, {"nodes": [0, 1, 2, 3]}]))
    finding = in_pieces(use_of(network, Profile.FOOT))
    assert finding is not None
    assert finding.code == "STREETS_IN_PIECES"
    assert "只有" in finding.message.into("zh")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_command_says_what_is_in_an_extract_and_draws_it(
    demo_data: Path, tmp_path: Path, lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    extract, drawing = str(demo_data / "helsinki-centre.osm.pbf"), tmp_path / "streets.svg"
    assert main(["--lang", lang, "network", "info", extract, "--map", str(drawing), "--profile", "car"]) == 0
    told = capsys.readouterr().out
    assert "1470" in told
    assert ("孤岛" if lang == "zh" else "an island") in told
    svg = drawing.read_text(encoding="utf-8")
    assert svg.startswith("<svg ")
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")
    assert ("单行" if lang == "zh" else "one-way") in svg
    assert svg.count("<path") > 10


def test_the_command_says_the_same_as_json(
    demo_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    extract, drawing = str(demo_data / "helsinki-centre.osm.pbf"), tmp_path / "streets.html"
    assert main(["network", "info", extract, "--json", "--map", str(drawing)]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["addresses"] == 1470
    assert (
        document["cache"]["files"] >= 4
    )  # the graph and three profiles; other hours of the day have files of their own
    for profile in document["profiles"].values():
        assert sum(profile["km"].values()) == pytest.approx(document["km"], abs=0.01)
    assert sum(each["km"] for each in document["classes"]) == pytest.approx(document["km"], abs=0.02)
    assert drawing.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert main(["network", "info", extract, "--map", str(tmp_path / "streets.png")]) == 2
