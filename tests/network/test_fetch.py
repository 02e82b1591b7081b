"""Downloading streets, from services on this computer."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
    "place_id": 1,
    "osm_type": "relation",
    "osm_id": 1,
    "lat": "60.0005",
    "lon": "25.0005",
    "display_name": "Village",
    "importance": 0.5,
    "boundingbox": ["59.99", "60.01", "24.99", "25.01"],
    "class": "place",
    "type": "village",
    "name": "Village",
    "addresstype": "village",
    "geojson": {
        "type": "Polygon",
        "coordinates": [[[24.99, 59.99], [25.01, 59.99], [25.01, 60.01], [24.99, 60.01], [24.99, 59.99]]],
    },
}
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
    monkeypatch.setattr(
        "osmnx._nominatim.time", SimpleNamespace(sleep=lambda _: None)
    )  # the politeness of a second

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
            [[[x, 59.99], [x + 0.01, 59.99], [x + 0.01, 60.01], [x, 60.01], [x, 59.99]]]
            for x in (24.99, 25.02)
        ],
    },
}


def test_a_place_of_several_parts_or_of_a_whole_country_is_asked_for_once(
    own_services, tmp_path: Path
) -> None:
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
        (
            {"streets": json.dumps({**STREETS, "remark": "runtime error: Query timed out"}).encode()},
            "FETCH_FAILED",
        ),
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
    assert "nothing was downloaded" in capsys.readouterr().out
    assert (out.read_text(), services.calls) == ("mine", [])
    out.unlink()
    assert main([*args, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["asked"]
    assert not any("office" in asked for asked in services.asked)  # in the user agent alone
    assert main(["network", "fetch", "Village", "--out", str(out)]) == 2  # without a contact


def test_a_folder_that_cannot_be_written_to_is_noticed_before_anybody_is_asked(
    own_services, tmp_path: Path
) -> None:
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


# --- what no honest service sends, over a bare socket ---

OK = b"HTTP/1.1 200 OK\r\nConnection: close\r\n"
DEEP = b"[" * 200_000
HALF_A_SIGN = json.dumps(STREETS).encode().replace(b"Main Street", b"\\ud800")


@contextmanager
def saying(first: bytes, drip: bytes = b"") -> Iterator[str]:
    """Give the address of a server that sends `first` on connection, then `drip` ten times a second."""
    listener, over = socket.create_server(("127.0.0.1", 0)), threading.Event()

    def talk() -> None:
        with suppress(OSError):
            while True:
                caller, _ = listener.accept()
                with caller, suppress(OSError):
                    caller.recv(65536)
                    caller.sendall(first)
                    while drip and not over.is_set():
                        caller.sendall(drip)
                        time.sleep(0.1)

    threading.Thread(target=talk, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        over.set()
        listener.close()


DRIPPING = {
    "in the body": (OK + b"\r\n", b" "),
    "in the headers": (b"HTTP/1.1 200 OK\r\nX: ", b"a"),
}
ODD = {
    "a bad status line": b"HTTP/1.1 fine\r\n\r\n",
    "another protocol": b"SSH-2.0-OpenSSH_9.6\r\n",
    "deep JSON": OK + b"Content-Length: %d\r\n\r\n" % len(DEEP) + DEEP,
    "a cut chunk": OK + b"Transfer-Encoding: chunked\r\n\r\n40\r\n[{",
    "a bad chunk": OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n[{",
    "a long header": OK + b"X: " + b"a" * 70_000 + b"\r\n\r\n[]",
    "many headers": OK + b"X: a\r\n" * 200 + b"\r\n[]",
    "too much": OK + b"Content-Length: 9000000000\r\n\r\n",
    "no length": OK + b"Content-Length: what\r\n\r\n[]",
    "on to nowhere": b"HTTP/1.1 302 Found\r\nConnection: close\r\nLocation: http://[x\r\n\r\n",
}


@pytest.mark.parametrize("name", ODD)
def test_an_answer_that_no_service_gives_is_told_with_advice(
    own_services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    own_services()
    with saying(ODD[name]) as url:
        monkeypatch.setattr(ox.settings, "nominatim_url", url)
        with pytest.raises(OutsideError, match="FETCH_FAILED"):
            fetch("Village", tmp_path / "a.graphml", contact="office@example.org")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("where", DRIPPING)
def test_a_service_that_drips_is_given_up_after_the_whole_time(
    own_services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    own_services()
    with saying(*DRIPPING[where]) as url:
        monkeypatch.setattr(ox.settings, "overpass_url", url)
        with pytest.raises(OutsideError, match="FETCH_FAILED"):
            fetch("Village", tmp_path / "a.graphml", contact="office@example.org", within_s=0.7)
    assert not list(tmp_path.iterdir())


def test_half_a_sign_in_the_name_of_a_street_is_told(own_services, tmp_path: Path) -> None:
    own_services(streets=HALF_A_SIGN)
    with pytest.raises(OutsideError, match="FETCH_FAILED"):
        fetch("Village", tmp_path / "a.graphml", contact="office@example.org")
    assert not list(tmp_path.iterdir())


def test_nobody_is_sent_on_to_another_server(
    own_services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = own_services()
    there = f"{services.url}/search".encode()
    with saying(b"HTTP/1.1 302 Found\r\nConnection: close\r\nLocation: " + there + b"\r\n\r\n") as url:
        monkeypatch.setattr(ox.settings, "nominatim_url", url)
        with pytest.raises(OutsideError, match="FETCH_FAILED"):
            fetch("Village", tmp_path / "a.graphml", contact="office@example.org")
    assert services.calls == []
