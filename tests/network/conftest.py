"""Small towns drawn by hand, as OpenStreetMap files."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest

from tests.helpers.drawn_town import DrawTown


@pytest.fixture
def draw_town(tmp_path: Path) -> DrawTown:
    """Return a function that writes an .osm file.

    nodes : id -> (column, row) in steps of 0.001 degrees from 25.0 E 60.0 N. ways : tags, with node ids under
    "nodes". node_tags : id -> tags.
    """

    def draw(
        nodes: Mapping[int, tuple[float, float]],
        ways: Sequence[Mapping[str, object]],
        node_tags: Mapping[int, Mapping[str, str]] | None = None,
        relations: str = "",
        *,
        name: str = "town.osm",
        nodes_last: bool = False,
    ) -> Path:
        def tags(of: Mapping[str, object]) -> str:
            return "".join(
                f"<tag k={quoteattr(k)} v={quoteattr(str(v))}/>"
                for k, v in of.items()
                if k not in ("nodes", "id")
            )

        drawn_nodes = "".join(
            f'<node id="{id_}" version="1" lon="{25 + x / 1000:.7f}" lat="{60 + y / 1000:.7f}">'
            f"{tags((node_tags or {}).get(id_, {}))}</node>"
            for id_, (x, y) in nodes.items()
        )
        drawn_ways = "".join(
            f'<way id="{way.get("id", number)}" version="1">'
            + "".join(f'<nd ref="{node}"/>' for node in way["nodes"])  # type: ignore[attr-defined]
            + tags({"highway": "residential", **way})
            + "</way>"
            for number, way in enumerate(ways, start=101)
        )
        inner = drawn_ways + drawn_nodes if nodes_last else drawn_nodes + drawn_ways
        path = tmp_path / name
        path.write_text(f'<?xml version="1.0"?><osm version="0.6">{inner}{relations}</osm>', encoding="utf-8")
        return path

    return draw
