"""What the commands print names rows and ids: no name, telephone, address or note of anybody, in either
language.
"""

import csv
import json
import shutil

import pytest

from doorroute.cli import main
from tests.helpers.eight_people import DAY

HEAD = ("id", "name", "phone", "address", "lon", "lat", "class", "window", "people", "note", "floor")
ROWS = [
    ("R1", "Zzan One", "0401111111", "Bulevardi 3", "", "", "", "", "1", "zznote", ""),
    ("R2", "Zzan Two", "0402222222", "Bulevardi", "", "", "", "", "1", "zznote", ""),
    ("R3", "Zzan Three", "0403333333", "Misspeltstreet 90", "", "", "", "", "1", "zznote", ""),
    ("R4", "Zzan Four", "0404444444", "Annankatu 12", "", "", "zzclass", "", "1", "zznote", ""),
    ("R5", "Zzan Five", "0405555555", "Annankatu 12", "", "", "isolated", "late at zznight", "zzmany", "zznote", ""),
    ("R6", "Zzan Six", "0406666666", "Kasarmikatu 25", "24.94", "999", "", "", "1", "zznote", ""),
    ("R7", "Zzan Seven", "040777x7777", "Kasarmikatu 25 zzodd", "24.9441", "60.1652", "", "", "1", "zznote", "zzfloor"),
    ("R8", "Zzan Eight", "0408888888", "", "", "", "", "", "1", "zznote", ""),
    ("R9", "Zzan Nine", "0409999999", "Annankatu 12, opposite 9", "", "", "", "", "1", "zznote", ""),
    ("R10", "Zzan One", "0401111111", "Bulevardi 3", "", "", "", "", "1", "zznote", ""),
]  # fmt: skip
SECRETS = ("zz", "bulevardi", "misspelt", "annankatu", "kasarmikatu", "pinstreet", "goneroad", "nowhere")
PHONES = tuple(row[2] for row in ROWS)


@pytest.fixture
def day(demo_data, tmp_path):
    with (tmp_path / "list.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([HEAD, *ROWS])
    (tmp_path / "teams.csv").write_text("team,start,end,shift\nT1,Station,Station,08:00-12:00\n")
    (tmp_path / "depots.csv").write_text("depot,lon,lat,datum\nStation,24.9400,60.1690,wgs84\n")
    pins = "Pinstreet 5,,,24.94,xx,wgs84,me,2022\nGoneroad 7,,,24.94,60.17,wgs84,me,2022\n"
    (tmp_path / "pins.csv").write_text(f"address,building,unit,lon,lat,datum,who,when\n{pins}")
    (tmp_path / "more.csv").write_text("id,name,phone,address\nN1,Zzan New,0408888881,Nowherestreet 3\n")
    (tmp_path / "typed.csv").write_text(
        "resident,status,time,note\nR1,zzstatus,08:30,zznote\nAnnankatu 12,done,9:00,\n"
    )
    shutil.copy(demo_data / "helsinki-centre.osm.pbf", tmp_path / "town.osm.pbf")
    return tmp_path


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_is_printed_names_rows_and_ids(day, lang, capsys):
    tables = (day / "list.csv", "--network", day / "town.osm.pbf")
    more = ("--teams", day / "teams.csv", "--depots", day / "depots.csv")
    rest = ("--now", "9:00", "--iterations", "5")
    plan = day / "today"
    commands = [
        ("check", *tables, *more),
        ("locate", *tables, "--out", day / "places.csv"),
        ("plan", *tables, *more, "--out", plan, "--date", DAY, "--iterations", "5"),
        ("results", plan, day / "typed.csv"),
        ("replan", plan, *rest, "--cancel", "R1", "--add", day / "more.csv", "--out", day / "later"),
        ("verify", plan),
        ("report", plan),
    ]
    for command in commands:
        main(["--lang", lang, *map(str, command)])
        printed = "".join(capsys.readouterr()).replace(str(day), "").casefold()
        assert printed
        assert [secret for secret in (*SECRETS, *PHONES) if secret in printed] == [], command[0]
    assert json.loads((plan / "plan.json").read_text(encoding="utf-8"))["not_located"]
