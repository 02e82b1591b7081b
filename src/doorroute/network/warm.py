"""Compiling the searches of the network ahead of time."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

from doorroute.model.place import Point
from doorroute.model.team import Profile
from doorroute.model.travel import StopKey
from doorroute.network.streets import open_network

COMMANDS: Final = (("doorroute.network",),)
"""Arguments of `python -m` that compile the searches."""

_TOWN: Final = """<?xml version="1.0"?><osm version="0.6">
<node id="1" lat="60.000" lon="25.000"/><node id="2" lat="60.000" lon="25.002"/>
<node id="3" lat="60.001" lon="25.002"/><node id="4" lat="60.001" lon="25.000"/>
<way id="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="1"/>
<tag k="highway" v="residential"/></way>
<way id="2"><nd ref="1"/><nd ref="3"/><tag k="highway" v="footway"/></way>
</osm>
"""


def warm_up() -> None:
    """Compile or load all searches: open a town of five streets and measure it."""
    doors = [Point(25.0005, 60.0001), Point(25.0015, 60.0009), Point(25.0019, 60.0002)]
    with tempfile.TemporaryDirectory() as folder:
        town = Path(folder, "town.osm")
        town.write_text(_TOWN, encoding="utf-8")
        for _ in range(2):  # the second time, the streets are loaded from the cache
            network = open_network(town, cache=Path(folder))
            network.travel([(StopKey(str(number)), door) for number, door in enumerate(doors)], Profile.FOOT)
            network.neighbours(doors, Profile.FOOT, 2)
            network.leg(doors[0], doors[1], Profile.FOOT)
            network.leg(doors[0], doors[2], Profile.CAR)
