"""What every test may use."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import Phase, settings

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data"

# to explain a failure every example is traced line by line: some ten times as long; in CI the examples are the same ones every time
QUICK = [phase for phase in Phase if phase is not Phase.explain]
settings.register_profile("doorroute", phases=QUICK)
settings.register_profile("doorroute-ci", phases=QUICK, derandomize=True)
settings.load_profile("doorroute-ci" if os.environ.get("CI") else "doorroute")


@pytest.fixture(scope="session")
def demo_data() -> Path:
    """Return the folder of the shipped sample."""
    return ROOT / "data" / "demo"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of further real extracts; where there is none, the test that asks for it is skipped."""
    if not SHARED.is_dir():
        pytest.skip(
            f"needs the further extracts, which are not in {SHARED.parent.name}/{SHARED.name} next to the project"
        )
    return SHARED


@pytest.fixture(scope="session")
def extract_of(request: pytest.FixtureRequest, demo_data: Path) -> Callable[[str], Path]:
    """Return the function that finds an extract by name: of the sample, else of the further ones."""

    def find(name: str) -> Path:
        shipped = demo_data / f"{name}.osm.pbf"
        if shipped.is_file():
            return shipped
        further: Path = request.getfixturevalue("shared_data")
        return further / f"{name}.osm.pbf"

    return find


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep compiled extracts of tests out of the account's cache, and the locale out of the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DOORROUTE_CACHE", str(tmp_path_factory.mktemp("cache")))
        for name in ("DOORROUTE_LANG", "LC_ALL", "LC_MESSAGES", "LANG", "DOORROUTE_DEBUG"):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(scope="session", autouse=True)
def _loaded() -> None:
    """Load the compiled search before any test: loading takes longer than the time that some of them give a plan."""
    from doorroute.planning import warm_up

    warm_up()


@pytest.fixture(scope="session")
def demo_day(tmp_path_factory: pytest.TempPathFactory, _own_cache: None) -> Path:
    """Return the folder of the demo's plan, made once by the command itself; the same on every machine."""
    from doorroute.cli import main

    out = tmp_path_factory.mktemp("demo") / "day"
    assert main(["demo", "--out", str(out), "--iterations", "10000", "--quiet"]) == 0
    return out


def pytest_report_header() -> str:
    """Say where the extracts come from, and what is left out without them."""
    where = "there" if SHARED.is_dir() else "not there: tests that need them are skipped"
    return f"further extracts: {where}; CI={os.environ.get('CI', '')}"
