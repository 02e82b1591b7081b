"""Draws maps of Chinese compounds, some 450 m apart, and of houses along a street."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from doorroute.geocode import AddressIndex, open_index

COLUMNS = 12


def town(
    folder: Path, compounds: Mapping[str, Iterable[str]], streets: Iterable[str] = ("迎宾街",)
) -> AddressIndex:
    """Draw each compound as a residential ground with the buildings that are named, and streets; return its
    index.
    """
    nodes: list[str] = []
    ways: list[str] = []

    def node(x: float, y: float) -> int:
        nodes.append(
            f'<node id="{len(nodes) + 1}" lat="{37.69 + y:.6f}" lon="{112.75 + x:.6f}" version="1"/>'
        )
        return len(nodes)

    def way(corners: list[int], **tags: str) -> None:
        refs = "".join(f'<nd ref="{corner}"/>' for corner in corners)
        said = "".join(f'<tag k="{name}" v="{value}"/>' for name, value in tags.items())
        ways.append(f'<way id="{len(ways) + 1}" version="1">{refs}{said}</way>')

    def rectangle(x: float, y: float, width: float, height: float, **tags: str) -> None:
        corners = [node(x, y), node(x + width, y), node(x + width, y + height), node(x, y + height)]
        way([*corners, corners[0]], **tags)

    for at, (name, buildings) in enumerate(compounds.items()):
        x, y = at % COLUMNS * 0.005, at // COLUMNS * 0.004
        rectangle(x, y, 0.004, 0.003, landuse="residential", name=name)
        for number, building in enumerate(buildings):
            left, up = 0.0003 + number % 5 * 0.0007, 0.0003 + number // 5 * 0.0006
            rectangle(x + left, y + up, 0.0003, 0.0002, building="apartments", name=building)
    for street in streets:
        way([node(0, -0.001), node(0.05, -0.001)], highway="residential", name=street)
    return _index(folder, nodes, ways)


def houses(folder: Path, street: str, numbers: Iterable[str], **tags: str) -> AddressIndex:
    """Draw houses of a street, some 70 m apart, each with its number as it is tagged; return the index."""
    said = "".join(
        f'<tag k="addr:{name}" v="{value}"/>' for name, value in {"street": street, **tags}.items()
    )
    nodes = [
        f'<node id="{at}" lat="{37.69 + at / 1500:.6f}" lon="112.75" version="1">{said}<tag k="addr:housenumber" v="{number}"/></node>'
        for at, number in enumerate(numbers, start=1)
    ]
    return _index(folder, nodes, [])


def _index(folder: Path, nodes: list[str], ways: list[str]) -> AddressIndex:
    path = folder / "drawn.osm"
    path.write_text(f'<osm version="0.6">{"".join(nodes)}{"".join(ways)}</osm>', encoding="utf-8")
    return open_index(path)
