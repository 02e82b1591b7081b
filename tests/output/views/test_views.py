"""What every page shows of a team: the same looks all day, whoever else goes."""

from dataclasses import replace

from doorroute.model.place import Point
from doorroute.output.drawings.svg_map import Frame, _spread
from doorroute.output.views.routes import team_routes


def test_a_team_keeps_its_colour_and_shape_when_another_is_dropped(make_day):
    plan, problem, _ = make_day(teams=3, visits=8)
    before = {team.team.id: team.look for team in team_routes(plan, problem)}
    gone = problem.teams[0].id
    rest = replace(plan, routes=tuple(route for route in plan.routes if route.team != gone))
    left = replace(problem, teams=problem.teams[1:])
    after = {team.team.id: team.look for team in team_routes(rest, left, crew=problem.teams)}
    assert after == {team: look for team, look in before.items() if team != gone}


def test_signs_on_paper_stay_whole_inside_the_frame():
    frame = Frame.of([Point(24.94, 60.10), Point(24.94, 60.20)])
    for x, y in _spread([(0.0, 0.0), (0.1, 0.1), (frame.wide_mm, frame.high_mm)], frame):
        assert 4 < x < frame.wide_mm - 4
        assert 4 < y < frame.high_mm - 4
