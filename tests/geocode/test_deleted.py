"""Buildings that an extract says are deleted."""

from pathlib import Path

import pytest

from doorroute.geocode.map_features import read_map
from doorroute.output.basemap.features import FeatureKind, read_features

HOUSES = {1: "1", 2: "3"}


def town(folder: Path, mark: str) -> Path:
    """Draw two houses in Ash Road; number 3 bears the mark."""
    nodes, ways = [], []
    for house, number in HOUSES.items():
        corners = [(0, 0), (1, 0), (1, 1), (0, 1)]
        refs = [10 * house + corner for corner in range(4)]
        nodes += [
            f'<node id="{ref}" version="1" lon="{25 + (2 * house + x) / 1000}" lat="{60 + y / 1000}"/>'
            for ref, (x, y) in zip(refs, corners, strict=True)
        ]
        outline = "".join(f'<nd ref="{ref}"/>' for ref in (*refs, refs[0]))
        tags = '<tag k="building" v="yes"/><tag k="addr:street" v="Ash Road"/>'
        tags += f'<tag k="addr:housenumber" v="{number}"/>'
        ways.append(f'<way id="{house}" version="1" {mark if number == "3" else ""}>{outline}{tags}</way>')
    path = folder / "town.osm"
    path.write_text(f'<osm version="0.6">{"".join(nodes + ways)}</osm>', encoding="utf-8")
    return path


@pytest.mark.parametrize(("mark", "there"), [("", 2), ('action="delete"', 1), ('visible="false"', 1)])
def test_a_deleted_building_has_no_address_and_is_not_drawn(tmp_path: Path, mark: str, there: int) -> None:
    path = town(tmp_path, mark)
    assert len(read_map(path).doors) == there
    assert len(read_features(path)[FeatureKind.BUILDING].shapes) == there
