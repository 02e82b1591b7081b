"""The indexes that the tests of geocoding share, each built once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from doorroute.geocode import AddressIndex, Located, NotFound, Outcome, Query, locate, open_index
from doorroute.model.settings import Settings

Ask = Callable[[AddressIndex, str], Outcome]


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


def ask(index: AddressIndex, address: str) -> Outcome:
    """Return the outcome for one address."""
    outcomes, _ = locate([Query("Q", address)], index, Settings())
    return outcomes[0]


def found(index: AddressIndex, address: str) -> Located:
    """Return what must be found."""
    outcome = ask(index, address)
    assert isinstance(outcome, Located), f"{address}: {outcome}"
    return outcome


def lost(index: AddressIndex, address: str) -> NotFound:
    """Return what must not be found."""
    outcome = ask(index, address)
    assert isinstance(outcome, NotFound), f"{address}: {outcome} {outcome.place.label}"
    return outcome
