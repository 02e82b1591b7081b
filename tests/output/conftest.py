"""A small day, and its maps written once."""

import pytest

from doorroute.output.write import PlanOutput, write_maps
from tests.helpers.small_day import day


@pytest.fixture(scope="session")
def make_day():
    return day


@pytest.fixture(scope="session")
def extract(demo_data):
    return demo_data / "helsinki-centre.osm.pbf"


@pytest.fixture(scope="session")
def written(make_day, extract, tmp_path_factory):
    """Return the folder of the small day's files in English, and what was written."""
    out = tmp_path_factory.mktemp("maps")
    plan, problem, findings = make_day()
    return out, write_maps(PlanOutput(plan, problem, extract, lang="en", findings=findings), out)


@pytest.fixture(scope="session")
def written_open(make_day, extract, tmp_path_factory):
    """Return the folder of the same day's files with open teams' pages."""
    out = tmp_path_factory.mktemp("open")
    plan, problem, findings = make_day()
    write_maps(PlanOutput(plan, problem, extract, lang="en", findings=findings, open_pages=True), out)
    return out
