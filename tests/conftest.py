"""What every test may use."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import Phase, settings

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data"

# explaining a failure traces every example line by line, ten times as slow; in CI the examples never change
QUICK = [phase for phase in Phase if phase is not Phase.explain]
settings.register_profile("doorroute", phases=QUICK, deadline=None)  # a busy machine is no fault
settings.register_profile("doorroute-ci", phases=QUICK, deadline=None, derandomize=True)
settings.load_profile("doorroute-ci" if os.environ.get("CI") else "doorroute")


@pytest.fixture(scope="session")
def demo_data() -> Path:
    """Return the folder of the shipped sample."""
    return ROOT / "data" / "demo"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of further real extracts; skip the test if it does not exist."""
    if not SHARED.is_dir():
        pytest.skip(
            "needs the further extracts, which are not in"
            f" {SHARED.parent.name}/{SHARED.name} next to the project"
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


@pytest.fixture(scope="session")
def draw_town() -> Callable[[Path, float, float], Path]:
    """Return a function that draws a small town: ten crooked streets every 300 m, six numbered buildings."""
    return _town


def _town(folder: Path, lon: float, lat: float) -> Path:
    names = (
        "学院路",
        "成府路",
        "知春里",
        "双清路",
        "荷清巷",
        "南门街",
        "清华东路",
        "王庄弄",
        "五道口街",
        "北四环",
    )
    nodes = {
        (x, y): (300 * x - 600 + (x * 7 + y * 13) % 90 - 45, 300 * y - 600 + (x * 11 + y * 5) % 90 - 45)
        for x in range(5)
        for y in range(5)
    }
    streets = [[(x, y) for x in range(5)] for y in range(5)] + [[(x, y) for y in range(5)] for x in range(5)]
    tags = [f'<tag k="highway" v="residential"/><tag k="name" v="{name}"/>' for name in names]
    for at in range(1, 7):
        box = [(at, 10), (at, 11), (at, 12), (at, 13)]
        nodes |= zip(box, [(60 * at, 40), (60 * at + 30, 40), (60 * at + 30, 52), (60 * at, 52)], strict=True)
        streets.append([*box, box[0]])
        tags.append(f'<tag k="building" v="apartments"/><tag k="name" v="蓝旗营{at}号楼"/>')
    ids = {spot: at for at, spot in enumerate(nodes, start=1)}
    drawn = [
        f'<node id="{ids[spot]}" lon="{lon + east / 95_000:.7f}" lat="{lat + north / 111_320:.7f}"/>'
        for spot, (east, north) in nodes.items()
    ]
    for at, (street, said) in enumerate(zip(streets, tags, strict=True), start=1):
        refs = "".join(f'<nd ref="{ids[spot]}"/>' for spot in street)
        drawn.append(f'<way id="{at}">{refs}{said}</way>')
    path = folder / "town.osm"
    path.write_text(f'<osm version="0.6">{"".join(drawn)}</osm>', encoding="utf-8")
    return path


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
    """Load the compiled search before all tests: some give a plan less time than that takes."""
    from doorroute.planning import warm_up

    warm_up()


@pytest.fixture(scope="session")
def demo_day(tmp_path_factory: pytest.TempPathFactory, _own_cache: None) -> Path:
    """Return the folder of the demo's plan, made once by the command itself; the same on every machine."""
    from doorroute.cli import main

    out = tmp_path_factory.mktemp("demo") / "day"
    assert main(["demo", "--out", str(out), "--iterations", "10000", "--quiet"]) == 0
    return out


@pytest.fixture(scope="session")
def make_day():
    """Return the function that makes a small planned day on the sample's streets."""
    from tests.helpers.small_day import day

    return day


@pytest.fixture(scope="session")
def extract(demo_data: Path) -> Path:
    """Return the sample's extract."""
    return demo_data / "helsinki-centre.osm.pbf"


@pytest.fixture(scope="session")
def written(make_day, extract, tmp_path_factory):
    """Return the folder of the small day's files in English, and what was written."""
    from doorroute.output.write import PlanOutput, write_maps

    out = tmp_path_factory.mktemp("maps")
    plan, problem, findings = make_day()
    return out, write_maps(PlanOutput(plan, problem, extract, lang="en", findings=findings), out)


@pytest.fixture(scope="session")
def written_open(make_day, extract, tmp_path_factory):
    """Return the folder of the same day's files with open teams' pages."""
    from doorroute.output.write import PlanOutput, write_maps

    out = tmp_path_factory.mktemp("open")
    plan, problem, findings = make_day()
    write_maps(PlanOutput(plan, problem, extract, lang="en", findings=findings, open_pages=True), out)
    return out


def pytest_report_header() -> str:
    """Say where the extracts come from, and what is left out without them."""
    where = "there" if SHARED.is_dir() else "not there: tests that need them are skipped"
    return f"further extracts: {where}; CI={os.environ.get('CI', '')}"
