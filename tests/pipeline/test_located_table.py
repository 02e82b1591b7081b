"""A table that `locate` wrote gives the same doors when it is planned from: nothing is asked again, nothing
decided that was asked.
"""

from itertools import combinations
from pathlib import Path

import pytest

from doorroute.cli import main
from doorroute.model.settings import Settings
from doorroute.pipeline import locate_visits, read_tables, sources_of
from tests.helpers.compounds import town

LIST = """编号,姓名,住址,楼栋,单元,楼层,房号,经度,纬度,坐标系
1,甲,锦绣家园7号楼2单元902,,,,,,,
2,乙,锦绣家园7号2单元1001,,,,,,,
3,丙,锦绣家园,7,2,9,903,,,
4,丁,锦绣家园A区3号楼,,,,,,,
5,戊,锦绣家园3号楼东单元,,,,,,,
6,己,"112.7531,37.6912",,,,,,,
7,庚,锦绣家园5号楼,,,,,112.7535,37.6912,wgs84
8,辛,锦绣家园5号楼,,,,,112.7595,37.6920,gcj02
9,壬,锦绣家园9楼,,,,,,,
10,癸,锦绣家园后面平房2号,,,,,,,
11,子,锦绣家园6-2-501,,,,,,,
12,丑,锦秀家园6号楼2单元502,,,,,,,
13,寅,锦绣家园1号楼;锦绣家园2号楼,,,,,,,
14,卯,张家台子,,,,,,,
15,辰,锦绣家园4号楼1单元101,,,,,,,
16,巳,锦绣家园4号楼2单元101,,,,,,,
17,午,锦绣家园8,8,,,,,,
"""
PINS = "address,lon,lat\n张家台子,112.7530,37.6925\n锦绣家园4号楼,112.7542,37.6917\n"


def doors(table: Path, extract: Path, pins: Path | None):
    """Return of each resident where the door is, how one gets in, and why there is none; and of the sheet
    who shares an entrance.
    """
    tables = read_tables(table, mapping={}, settings=Settings())
    sources, _ = sources_of(pins, None)
    located = locate_visits(tables, extract, settings=Settings(), cache=None, sources=sources)
    why = {entry.resident: entry.code for entry in located.not_located}
    found, entrances = {}, {}
    for visit in tables.visits:
        place = located.places.get(visit.id)
        for resident in visit.residents:
            point = place and (round(place.point.lon, 7), round(place.point.lat, 7))
            access = place.access if place else visit.access
            way_in = (access.building, access.unit, access.floor, access.room)
            found[resident.id] = (point, way_in, why.get(resident.id), len(visit.residents))
            if place:
                entrances[resident.id] = place.entrance_id
    shared = {pair for pair in combinations(sorted(entrances), 2) if entrances[pair[0]] == entrances[pair[1]]}
    return found, shared


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_located_table_gives_the_same_doors(tmp_path, suffix):
    town(tmp_path, {"锦绣家园": [f"{number}号楼" for number in range(1, 9)], "锦绣家园B区": ["3号楼"]})
    extract, table, pins = tmp_path / "drawn.osm", tmp_path / "list.csv", tmp_path / "pins.csv"
    table.write_text(LIST, encoding="utf-8")
    pins.write_text(PINS, encoding="utf-8")
    first, shared = doors(table, extract, pins)
    (tmp_path / "later").mkdir()
    out = tmp_path / "later" / f"located.{suffix}"
    assert main(["locate", str(table), "--network", str(extract), "--out", str(out), "--quiet"]) == 0
    again, shared_again = doors(out, extract, None)
    assert again == first
    assert shared_again == shared
    assert {resident for resident, door in first.items() if door[2]} == {"4", "9", "10", "13"}
