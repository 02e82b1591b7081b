"""The indexes that the tests of geocoding share, each built once."""

from pathlib import Path

import pytest

from doorroute.geocode import AddressIndex, open_index


@pytest.fixture(scope="session")
def helsinki(demo_data: Path) -> AddressIndex:
    return open_index(demo_data / "helsinki-centre.osm.pbf")


@pytest.fixture(scope="session")
def liechtenstein(shared_data: Path) -> AddressIndex:
    return open_index(shared_data / "liechtenstein.osm.pbf")


@pytest.fixture(scope="session")
def haidian(shared_data: Path) -> AddressIndex:
    return open_index(shared_data / "beijing-haidian.osm.pbf")


@pytest.fixture(scope="session")
def nanshan(shared_data: Path) -> AddressIndex:
    return open_index(shared_data / "shenzhen-nanshan.osm.pbf")
