"""A door on an island: reached by the ferry that takes the team, else said to be cut off, and why."""

from pathlib import Path

import pytest

from doorroute.model.plan import Reason
from doorroute.pipeline import Request, plan

NODES = {1: (0, 0), 2: (2, 0), 3: (0, 2), 4: (28, 0), 5: (30, 0)}


def request(folder: Path, ferry: str, gate: str = "") -> Request:
    """Return a day with one door on an island, 1.5 km off, one on the mainland, and a ferry with these tags
    between.
    """
    nodes = "".join(
        f'<node id="{n}" version="1" lon="{25 + x / 1000}" lat="{60 + y / 1000}">{gate if n == 4 else ""}</node>'
        for n, (x, y) in NODES.items()
    )
    ways = {
        (3, 1, 2): '<tag k="highway" v="residential"/>',
        (4, 5): '<tag k="highway" v="path"/>',
        (2, 4): ferry,
    }
    drawn = "".join(
        f'<way id="{n}" version="1">{"".join(f"""<nd ref="{node}"/>""" for node in way)}{tags}</way>'
        for n, (way, tags) in enumerate(ways.items(), 1)
    )
    files = {
        "town.osm": f'<osm version="0.6">{nodes}{drawn}</osm>',
        "depots.csv": "depot,lon,lat,lab\nBase,25.0,60.0,yes\n",
        "teams.csv": "team,start,end,shift,profile\nT1,Base,Base,08:00-12:00,foot\n",
        "residents.csv": "id,name,lon,lat\n1,Ann,25.030,60.0\n2,Bo,25.001,60.0\n",
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    paths = {name.partition(".")[0]: folder / name for name in files}
    return Request(
        residents=paths["residents"],
        teams=paths["teams"],
        depots=paths["depots"],
        network=paths["town"],
        date="2022-04-06",
        time_limit_s=0.5,
    )


def test_the_ferry_takes_the_team_there(tmp_path: Path) -> None:
    made = plan(request(tmp_path, '<tag k="route" v="ferry"/><tag k="foot" v="yes"/>')).plan
    assert made.summary.assigned == 2


@pytest.mark.parametrize(
    ("ferry", "gate", "said"),
    [
        ("", "", "as on an island"),
        ('<tag k="route" v="ferry"/>', "", "as on an island"),
        ('<tag k="route" v="ferry"/><tag k="foot" v="yes"/><tag k="oneway" v="yes"/>', "", "not both"),
        (
            '<tag k="route" v="ferry"/><tag k="foot" v="yes"/>',
            '<tag k="barrier" v="gate"/><tag k="foot" v="no"/>',
            "a barrier that nobody can pass",
        ),
    ],
)
def test_where_none_does_the_plan_says_so_and_loses_nobody(
    tmp_path: Path, ferry: str, gate: str, said: str
) -> None:
    made = plan(request(tmp_path, ferry, gate))
    assert [(left.residents, left.code) for left in made.plan.unassigned] == [(("1",), Reason.UNREACHABLE)]
    assert [(each.code, each.row) for each in made.findings] == [("CUT_OFF", 2)]
    assert said in made.findings[0].message.into("en")
