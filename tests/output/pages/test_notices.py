"""Notices to buildings: when a team comes, to ten minutes, and nobody's name, flat or class."""

from dataclasses import replace

import pytest

from doorroute.handback.marks import Status
from doorroute.model.place import Access
from doorroute.output.pages.notices import notices, write_notices
from doorroute.output.views.routes import team_routes


@pytest.fixture
def day(make_day):
    """Return teams and problem; doors 1 and 3 are in one building that the street map names."""
    plan, problem, _ = make_day()
    labels = {"V1": "幸福路8号", "V2": "Bulevardi 3", "V3": "幸福路8号"}
    places = {
        visit: replace(
            place,
            label=labels.get(visit, f"Secretstreet {visit}"),
            source="extract" if visit in labels else "pin",
        )
        for visit, place in problem.places.items()
    }
    visits = tuple(
        replace(visit, access=Access(building="2号楼", unit="3单元", room="501")) for visit in problem.visits
    )
    changed = replace(problem, places=places, visits=visits)
    return team_routes(plan, changed), changed


def test_doors_of_one_building_share_a_notice_from_the_first_to_the_last(day):
    told = notices(*day).told
    assert [(notice.place, notice.hours, notice.doors) for notice in told] == [
        ("Bulevardi 3 2号楼", "08:00-08:10", 1),
        ("幸福路8号2号楼", "08:00-08:20", 2),
    ]


def test_a_building_that_is_visited_twice_is_told_of_two_times(day):
    teams, problem = day
    last = teams[0].stops[-1]
    later = replace(last.step, arrival_s=39600, start_service_s=39660, departure_s=40000)
    label = problem.places["V1"]
    moved = replace(problem, places={**problem.places, last.visit.id: label})
    changed = (replace(teams[0], stops=(*teams[0].stops[:-1], replace(last, step=later))), *teams[1:])
    told = {notice.place: notice.hours for notice in notices(changed, moved).told}
    assert told["幸福路8号2号楼"] == "08:00-08:20, 11:00-11:10"


def test_nobody_is_told_of_a_visit_that_has_happened(day):
    teams, problem = day
    first, *rest = teams[0].stops
    begun = (replace(teams[0], stops=(replace(first, fates=(Status.DONE,)), *rest)), *teams[1:])
    before, after = (
        {notice.place: (notice.hours, notice.doors) for notice in notices(each, problem).told}
        for each in (teams, begun)
    )
    assert before["幸福路8号2号楼"] == ("08:00-08:20", 2)
    assert after["幸福路8号2号楼"] == ("08:10-08:20", 1)


def test_doors_without_a_notice_are_counted(day):
    assert notices(*day).untold == ("V5", "V4")


def test_nobodys_name_flat_phone_or_address_of_the_sheet_is_told(day, tmp_path):
    teams, problem = day
    texts = [
        path.read_text(encoding="utf-8")
        for path in write_notices("2022-04-06", teams, problem, tmp_path, lang="zh")
    ]
    assert all("幸福路8号2号楼" in text and "08:20" in text for text in texts)
    for text in texts:
        for visit in problem.visits:
            for one in visit.residents:
                assert not [
                    secret for secret in (one.name, one.phone, one.address, one.note) if secret in text
                ]
        for word in ("501", "3单元", "Secretstreet", "isolated", "yellow"):
            assert word not in text


@pytest.mark.parametrize(
    ("address", "building", "told"),
    [
        ("兰旗营10号楼3单元501", "", "兰旗营10号楼"),
        ("兰旗营", "10号楼", "兰旗营10号楼"),
        ("Li Wei, Annankatu 12 B 7", "", "Annankatu 12"),
        ("李伟家 兰旗营10号楼", "", ""),
        ("Li Wei 12", "", ""),
        ("兰旗营", "李伟家", ""),
        ("Annankatu", "", ""),
    ],
)
def test_a_pinned_door_is_told_by_a_name_of_the_map_and_its_number_alone(make_day, address, building, told):
    plan, problem, _ = make_day()
    first = replace(problem.visits[0], address=address, access=Access(building=building, room="501"))
    places = {visit: replace(place, label=address, source="pin") for visit, place in problem.places.items()}
    changed = replace(problem, visits=(first, *problem.visits[1:]), places=places)
    found = notices(team_routes(plan, changed), changed, {"兰旗营", "Annankatu"})
    assert [notice.place for notice in found.told] == ([told] if told else [])
    assert ("V1" in found.untold) == (not told)


def test_after_a_replan_no_notice_names_an_hour_that_is_over(day):
    teams, problem = day
    stops = {stop.visit.id: stop for team in teams for stop in team.stops}
    now_s = max(stops["V1"].step.departure_s, stops["V2"].step.departure_s)
    made = notices(teams, problem, now_s=now_s)
    assert made.overdue == tuple(name for name, stop in stops.items() if stop.step.departure_s <= now_s)
    assert all(start >= now_s // 600 * 600 for notice in made.told for start, _ in notice.times)
    assert sum(notice.doors for notice in made.told) + len(made.overdue) + len(made.untold) == len(stops)


@pytest.mark.parametrize(
    ("label", "written", "told"),
    [
        ("北京市海淀区清华西路28號", "清华西路28号", "清华西路28号"),
        ("广东省深圳市南山区海德三道8号", "海德三道8号", "海德三道8号"),
        ("台北市大安區和平東路28號", "和平東路28號", "台北市大安區和平東路28號"),
        ("新城市花园小区5号", "新城市花园小区5号", "新城市花园小区5号"),
        ("上海市幸福小区5号", "幸福小区5号", "上海市幸福小区5号"),
    ],
)
def test_a_notice_leaves_out_city_and_district(day, label, written, told):
    teams, problem = day
    places = {**problem.places, "V1": replace(problem.places["V1"], label=label)}
    stops = tuple(
        replace(stop, visit=replace(stop.visit, address=written, access=Access()))
        for stop in teams[0].stops
        if stop.visit.id == "V1"
    )
    made = notices((replace(teams[0], stops=stops),), replace(problem, places=places))
    assert [notice.place for notice in made.told] == [told]
