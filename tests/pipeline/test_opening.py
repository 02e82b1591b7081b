"""The library writes into folders as the commands do: a day that is open there goes on, or stays."""

import json
from datetime import date

import pytest

from doorroute import plan
from doorroute.errors import BadInputError
from doorroute.handback.codes import read_codes

DAY, NEXT = date(2022, 4, 6), date(2022, 4, 7)


def made(demo_data, work, rows, *, day=DAY, **more):
    """Plan a list of people without numbers, each a name and a longitude."""
    lines = ["name,lon,lat,datum", *(f"{name},{lon},60.1690,wgs84" for name, lon in rows)]
    (work / "list.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    tables = {
        "teams": 1,
        "depots": demo_data / "depots.xlsx",
        "network": demo_data / "helsinki-centre.osm.pbf",
    }
    return plan(work / "list.csv", **tables, time_limit_s=0.2, date=day, **more)


def ids(folder):
    people = json.loads((folder / "ids.json").read_text(encoding="utf-8"))["people"]
    return {each["name"]: (each["id"], each["visit"]) for each in people}


def test_a_library_call_keeps_the_ids_of_the_folder_that_it_names_and_never_overruns_a_day(
    demo_data, tmp_path
):
    out = tmp_path / "today"
    made(demo_data, tmp_path, [("ann", 24.940), ("bob", 24.943)]).write(out)
    pages = {page.lock.route for page in read_codes(out)}
    assert (out / "ids.json").stat().st_mode & 0o077 == 0
    more = [("zoe", 24.946), ("ann", 24.940), ("bob", 24.943)]
    with pytest.raises(BadInputError, match="DAY_UNKNOWN"):
        made(demo_data, tmp_path, more).write(out)
    with pytest.raises(BadInputError, match="DAY_OPEN"):
        made(demo_data, tmp_path, more, day=NEXT).write(out)
    with pytest.raises(BadInputError, match="DAY_OPEN"):
        made(demo_data, tmp_path, more, day=NEXT, folder=out)
    before = ids(out)
    made(demo_data, tmp_path, more, folder=out).write(out)
    assert ids(out) == {**before, "zoe": ("R4", "V3")}
    assert pages <= {page.lock.route for page in read_codes(out)}
