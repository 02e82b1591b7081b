"""Notices to buildings: when a team comes, to ten minutes, and nobody's name, flat or class."""

from dataclasses import replace

import pytest

from doorroute.maps.notices import notices, write_notices
from doorroute.maps.views import team_routes
from doorroute.model.place import Access


@pytest.fixture
def day(make_day):
    """Return teams and problem; doors 1 and 3 are in one building that the street map names."""
    plan, problem, _ = make_day()
    labels = {"V1": "幸福路8号", "V2": "Bulevardi 3", "V3": "幸福路8号"}
    places = {
        visit: replace(
            place, label=labels.get(visit, f"Secretstreet {visit}"), source="extract" if visit in labels else "pin"
        )
        for visit, place in problem.places.items()
    }
    visits = tuple(
        replace(visit, access=Access(building="2号楼", unit="3单元", room="501")) for visit in problem.visits
    )
    changed = replace(problem, places=places, visits=visits)
    return team_routes(plan, changed), changed


def test_doors_of_one_building_share_a_notice_from_the_first_to_the_last(day):
    told = notices(*day)
    assert [(notice.place, notice.from_s, notice.to_s) for notice in told] == [
        ("Bulevardi 3 2号楼", 8 * 3600, 8 * 3600 + 600),
        ("幸福路8号 2号楼", 8 * 3600, 8 * 3600 + 1200),
    ]


def test_nobodys_name_flat_phone_or_address_of_the_sheet_is_told(day, tmp_path):
    teams, problem = day
    texts = [path.read_text(encoding="utf-8") for path in write_notices(teams, problem, tmp_path)]
    assert all("幸福路8号 2号楼" in text and "08:20" in text for text in texts)
    for text in texts:
        for visit in problem.visits:
            for one in visit.residents:
                assert not [secret for secret in (one.name, one.phone, one.address, one.note) if secret in text]
        for word in ("501", "3单元", "Secretstreet", "isolated", "yellow"):
            assert word not in text
