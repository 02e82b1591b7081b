"""`doorroute locate` as a dispatcher uses it: the unsure is asked once, then never again; a service is asked
only when told to.
"""

import json
import shutil
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from doorroute.cli import Commands, main

ANSWER = [
    {
        "lon": "24.9441",
        "lat": "60.1652",
        "display_name": "somewhere",
        "address": {"road": "Kasarmikatu"},
        "addresstype": "road",
    }
]


@pytest.fixture
def sheet(demo_data: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(demo_data / "residents.xlsx", tmp_path))


@pytest.fixture
def locate(demo_data: Path, sheet: Path):
    network = str(demo_data / "helsinki-centre.osm.pbf")
    return [
        "locate",
        str(sheet),
        "--network",
        network,
        "--out",
        str(sheet.with_name("places.csv")),
        "--quiet",
    ]


@pytest.fixture
def server():
    """Give a Nominatim on 127.0.0.1 that knows streets alone, and the list of what it was asked."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            body = json.dumps(ANSWER).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        thread = threading.Thread(target=httpd.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{httpd.server_port}", asked
        httpd.shutdown()
        thread.join()


def unsure(capsys, args: list[str]) -> set[int]:
    capsys.readouterr()
    assert main([*args, "--json"]) == 0
    return {entry["row"] for entry in json.loads(capsys.readouterr().out)["not_located"]}


def test_what_was_decided_in_the_terminal_is_not_asked_again(locate, sheet, capsys):
    assert unsure(capsys, locate) == {21, 48, 69}
    answers = "60.1700, 24.9400\n60.1650, 24.9480\n60.1710, 24.9360\n"
    result = CliRunner().invoke(Commands("en"), [*locate, "--review"], input=answers)
    assert result.exit_code == 0, result.output
    pins = sheet.with_name("pins.csv").read_text(encoding="utf-8-sig")
    assert len(pins.splitlines()) == 4
    assert unsure(capsys, locate) == set()
    again = CliRunner().invoke(Commands("en"), [*locate, "--review"], input="")
    assert again.exit_code == 0
    assert "1 of" not in again.output


def test_a_review_that_is_broken_off_keeps_what_was_decided(locate, capsys):
    result = CliRunner().invoke(Commands("en"), [*locate, "--review"], input="60.1700, 24.9400\nq\n")
    assert result.exit_code == 0, result.output
    assert unsure(capsys, locate) == {48, 69}


def test_the_review_page_is_written_when_asked_for(locate, sheet):
    page = sheet.with_name("review.html")
    assert main([*locate, "--review-page", str(page)]) == 0
    assert "Kasarmikatu 918" in page.read_text(encoding="utf-8")


def test_a_service_is_asked_only_after_a_warning_a_preview_and_a_yes(locate, server, capsys):
    url, asked = server
    online = [*locate, "--online", "nominatim", "--online-url", url]
    refused = CliRunner().invoke(Commands("en"), online, input="n\n")
    assert refused.exit_code == 0
    assert "Addresses are sent" in refused.output
    assert "Kasarmikatu 918" in refused.output
    assert asked == []
    agreed = CliRunner().invoke(Commands("en"), online, input="y\n")
    assert agreed.exit_code == 0, agreed.output
    assert asked
    assert all("Kasarmikatu" in path or "Revontulentie" in path for path in asked)
    before = len(asked)
    assert unsure(capsys, [*online, "--yes"]) == {
        21,
        48,
        69,
    }  # a street is no door: it is offered, never taken
    assert len(asked) == before, "answers are kept: the same text is not sent again"


def test_nothing_is_asked_when_no_service_was_named(locate, server, capsys):
    _, asked = server
    unsure(capsys, locate)
    assert asked == []


def test_a_service_without_what_it_needs_is_told(locate, capsys):
    assert main([*locate, "--online", "amap"]) == 2
    assert "--online-key" in capsys.readouterr().err


def test_a_service_that_is_down_is_a_finding_and_nothing_found_is_lost(locate, capsys):
    capsys.readouterr()
    assert main([*locate, "--online", "photon", "--online-url", "http://127.0.0.1:9", "--yes", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert "PROVIDER_DOWN" in {finding["code"] for finding in report["findings"]}
    assert sum(group["visits"] for group in report["located"]) == 80


def test_a_gazetteer_is_asked_before_the_extract(locate, sheet, capsys):
    table = sheet.with_name("known.csv")
    table.write_text('address,lon,lat\n"Revontulentie 5, 00100 Helsinki",24.94,60.17\n', encoding="utf-8")
    assert unsure(capsys, [*locate, "--gazetteer", str(table)]) == {48, 69}


@pytest.mark.parametrize(
    ("pin", "code"),
    [
        ('"Revontulentie 5, 00100 Helsinki",24.94,60.17', "PINS_USED"),
        ("Keksikuja 4,24.94,60.17", "PINS_NOT_USED"),
        ("Revontulentie 5,9.52,47.14", "PINS_ELSEWHERE"),
    ],
)
def test_pins_beside_the_list_are_told_whether_they_were_used(locate, sheet, capsys, pin, code):
    rows = unsure(capsys, locate)
    sheet.with_name("pins.csv").write_text(f"address,lon,lat\n{pin}\n", encoding="utf-8")
    capsys.readouterr()
    assert main([*locate, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert [finding["code"] for finding in report["findings"] if finding["table"] == "pins"] == [code]
    assert len(report["not_located"]) == len(rows) - (code == "PINS_USED")


def test_pins_of_another_town_are_told_in_the_language_of_the_user(locate, sheet, capsys):
    sheet.with_name("pins.csv").write_text("address,lon,lat\nRevontulentie 5,9.52,47.14\n", encoding="utf-8")
    assert main(["--lang", "zh", *locate]) == 0
    assert "不在这张地图的范围内" in capsys.readouterr().out.replace("\n", "").replace(" ", "")


def test_rows_that_were_not_taken_are_told_with_the_table(demo_data, tmp_path, capsys):
    table = tmp_path / "list.csv"
    table.write_text("name,address,lon,lat\nA,Annankatu 12,,\nB,Annankatu 14,200,60.1\n", encoding="utf-8")
    network = str(demo_data / "helsinki-centre.osm.pbf")
    assert (
        main(["locate", str(table), "--network", network, "--out", str(tmp_path / "out.csv"), "--quiet"]) == 0
    )
    assert "OFF_EARTH" in capsys.readouterr().out
