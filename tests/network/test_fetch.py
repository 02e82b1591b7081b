"""Downloading streets, from services that stand on this computer."""

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import osmnx as ox
import pytest

from doorroute.cli import main
from doorroute.errors import BadInputError, OutsideError
from doorroute.model.place import Point
from doorroute.model.team import Profile
from doorroute.network import open_network
from doorroute.network.fetch import fetch

PLACE = {
    "place_id": 1, "osm_type": "relation", "osm_id": 1, "lat": "60.0005", "lon": "25.0005", "display_name": "Village", "importance": 0.5,
    "boundingbox": ["59.99", "60.01", "24.99", "25.01"], "class": "place", "type": "village", "name": "Village", "addresstype": "village",
    "geojson": {"type": "Polygon", "coordinates": [[[24.99, 59.99], [25.01, 59.99], [25.01, 60.01], [24.99, 60.01], [24.99, 59.99]]]},
}  # fmt: skip
STREETS = {
    "elements": [
        {"type": "node", "id": 1, "lat": 60.0, "lon": 25.0},
        {"type": "node", "id": 2, "lat": 60.0, "lon": 25.002},
        {
            "type": "way",
            "id": 9,
            "nodes": [1, 2],
            "tags": {"highway": "residential", "name": "Main Street", "surface": "gravel"},
        },
    ]
}


class Services:
    """Nominatim and Overpass in one; remembers who called."""

    def __init__(
        self, places: object = (PLACE,), status: int = 200, streets: bytes | None = None, *, cut: bool = False
    ) -> None:
        self.calls: list[tuple[str, str]] = []
        self.asked: list[str] = []
        services = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                services.calls.append((self.path.split("?")[0], self.headers["User-Agent"]))
                search = "search" in self.path
                body = json.dumps(list(places) if search else STREETS).encode()  # type: ignore[call-overload]
                if not search and streets is not None:
                    body = streets
                body = body if status == 200 or search else b"<html>No</html>"
                services.asked.append(self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode())
                self.send_response(200 if search else status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body[:-9] if cut and not search else body)

            do_GET = do_POST = answer  # noqa: N815  # named by the standard library

            def log_message(self, *_: object) -> None:
                """Stay quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"


@pytest.fixture
def own_services(monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    started: list[Services] = []
    monkeypatch.setattr("osmnx._nominatim.time", SimpleNamespace(sleep=lambda _: None))  # the politeness of a second

    def start(**how: object) -> Services:
        services = Services(**how)  # type: ignore[arg-type]
        started.append(services)
        monkeypatch.setattr(ox.settings, "nominatim_url", services.url + "/")
        monkeypatch.setattr(ox.settings, "overpass_url", services.url)
        return services

    yield start
    for services in started:
        services.server.shutdown()
        services.server.server_close()


def test_streets_are_asked_for_once_with_the_users_contact_and_kept(own_services, tmp_path: Path) -> None:
    services = own_services()
    before = {
        name: getattr(ox.settings, name)
        for name in ("doh_url_template", "http_user_agent", "use_cache", "useful_tags_way")
    }
    out = tmp_path / "village.graphml"
    assert fetch("Village", out, contact="office@example.org") == out
    assert [path for path, _ in services.calls] == ["/search", "/interpreter"]
    assert {agent for _, agent in services.calls} == {"doorroute (office@example.org)"}
    assert {name: getattr(ox.settings, name) for name in before} == before
    network = open_network(out)
    assert network.leg(Point(25.0005, 60), Point(25.0015, 60), Profile.FOOT).distance_m == 56
    assert network.graph.tag_sets[0]["name"] == "Main Street"
    fetch("Village", out, contact="office@example.org")
    assert len(services.calls) == 2
    assert [file.name for file in tmp_path.iterdir()] == ["village.graphml"]


def test_a_place_nobody_knows_is_told(own_services, tmp_path: Path) -> None:
    own_services(places=())
    with pytest.raises(BadInputError, match="FETCH_PLACE"):
        fetch("Nowhere at all", tmp_path / "a.graphml", contact="office@example.org")
    assert not list(tmp_path.iterdir())


ISLANDS = {
    **PLACE,
    "geojson": {
        "type": "MultiPolygon",
        "coordinates": [
            [[[x, 59.99], [x + 0.01, 59.99], [x + 0.01, 60.01], [x, 60.01], [x, 59.99]]] for x in (24.99, 25.02)
        ],
    },
}


def test_a_place_of_several_parts_or_of_a_whole_country_is_asked_for_once(own_services, tmp_path: Path) -> None:
    services = own_services(places=(ISLANDS,))
    fetch("Islands", tmp_path / "islands.graphml", contact="office@example.org")
    assert [path for path, _ in services.calls] == ["/search", "/interpreter"]
    wide = [[20, 55], [30, 55], [30, 65], [20, 65], [20, 55]]
    services = own_services(places=({**PLACE, "geojson": {"type": "Polygon", "coordinates": [wide]}},))
    fetch("Country", tmp_path / "country.graphml", contact="https://example.org/about")
    assert [path for path, _ in services.calls] == ["/search", "/interpreter"]


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"status": 429}, "FETCH_BUSY"),
        ({"status": 504}, "FETCH_BUSY"),
        ({"status": 500}, "FETCH_FAILED"),
        ({"streets": b""}, "FETCH_FAILED"),
        ({"streets": b"<html><body>Rate limited</body></html>"}, "FETCH_FAILED"),
        ({"streets": json.dumps(STREETS).encode()[:-20]}, "FETCH_FAILED"),
        ({"cut": True}, "FETCH_FAILED"),
        ({"streets": json.dumps({**STREETS, "remark": "runtime error: Query timed out"}).encode()}, "FETCH_FAILED"),
        ({"streets": b'{"elements": []}'}, "FETCH_PLACE"),
        ({"streets": b"[]"}, "FETCH_PLACE"),
        ({"streets": b'{"strange": 1}'}, "FETCH_FAILED"),
        ({"streets": b'{"elements": [{"type": "way"}, 7]}'}, "FETCH_FAILED"),
    ],
)
def test_a_bad_answer_is_told_at_once_and_leaves_no_file(
    own_services, tmp_path: Path, how: dict[str, object], code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    services = own_services(**how)
    out = tmp_path / "village.graphml"
    args = ["network", "fetch", "Village", "--out", str(out), "--contact", "office@example.org"]
    for lang, words in (("en", "Advice"), ("zh", "建议")):
        assert main(["--lang", lang, *args]) == (2 if code == "FETCH_PLACE" else 3)
        told = capsys.readouterr().err
        assert code in told
        assert words in told
        assert "nominatim.openstreetmap.org" in told
    assert len(services.calls) == 4
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_there_is_kept_and_nobody_is_asked(
    own_services, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    services = own_services()
    out = tmp_path / "village.graphml"
    out.write_text("mine")
    args = ["network", "fetch", "Village", "--out", str(out), "--contact", "office@example.org"]
    assert main(args) == 0
    assert "nobody was asked" in capsys.readouterr().out
    assert (out.read_text(), services.calls) == ("mine", [])
    out.unlink()
    assert main([*args, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["asked"]
    assert not any("office" in asked for asked in services.asked)  # in the user agent alone
    assert main(["network", "fetch", "Village", "--out", str(out)]) == 2  # without a contact


def test_a_folder_that_cannot_be_written_to_is_noticed_before_anybody_is_asked(own_services, tmp_path: Path) -> None:
    services = own_services()
    (tmp_path / "file").write_text("")
    with pytest.raises(OutsideError, match="FETCH_FILE"):
        fetch("Village", tmp_path / "file" / "village.graphml", contact="office@example.org")
    assert services.calls == []


def test_names_are_looked_up_as_before(own_services, tmp_path: Path) -> None:
    own_services()
    before = socket.getaddrinfo
    fetch("Village", tmp_path / "village.graphml", contact="office@example.org")
    assert socket.getaddrinfo is before


def test_a_service_that_fails_or_is_not_there_is_told(
    own_services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_services(status=403)
    with pytest.raises(OutsideError, match="FETCH_FAILED"):
        fetch("Village", tmp_path / "a.graphml", contact="office@example.org")
    monkeypatch.setattr(ox.settings, "nominatim_url", "http://127.0.0.1:9/")
    with pytest.raises(OutsideError, match="FETCH_FAILED"):
        fetch("Village", tmp_path / "a.graphml", contact="office@example.org")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("out", "contact", "code"),
    [("a.pbf", "a@b.cc", "FETCH_NAME")]
    + [
        ("a.graphml", contact, "FETCH_CONTACT")
        for contact in ("me", "a@b.cc\n", "a@", "", ".", "a b@c.de", "张三@例子.中国")
    ],
)
def test_what_is_needed_to_ask_is_asked_for(tmp_path: Path, out: str, contact: str, code: str) -> None:
    with pytest.raises(BadInputError, match=code):
        fetch("Village", tmp_path / out, contact=contact)
