"""Downloading streets, from services that stand on this computer."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import osmnx as ox
import pytest

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

    def __init__(self, places: object = (PLACE,), status: int = 200) -> None:
        self.calls: list[tuple[str, str]] = []
        services = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                services.calls.append((self.path.split("?")[0], self.headers["User-Agent"]))
                body = json.dumps(list(places) if "search" in self.path else STREETS).encode()  # type: ignore[call-overload]
                body = body if status == 200 else b"Forbidden"
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                self.wfile.write(body)

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
    [("a.pbf", "a@b.c", "FETCH_NAME"), ("a.graphml", "me", "FETCH_CONTACT"), ("a.graphml", "a@b\n", "FETCH_CONTACT")],
)
def test_what_is_needed_to_ask_is_asked_for(tmp_path: Path, out: str, contact: str, code: str) -> None:
    with pytest.raises(BadInputError, match=code):
        fetch("Village", tmp_path / out, contact=contact)
