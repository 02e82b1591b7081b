"""Online geocoders, played by a small server: right, slow, over quota, wrong key, damaged, down."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from doorroute.geocode import Located, NotFound, Online, Query, Sources, locate, named_provider, preview
from doorroute.geocode.datum import from_wgs84
from doorroute.geocode.online import sent_text
from doorroute.model.place import Datum, Point, Precision
from doorroute.model.settings import Settings

WHERE = Point(116.33, 39.99)
GCJ = from_wgs84(WHERE, Datum.GCJ02)


class Played:
    """What the server answers, and what it was asked."""

    def __init__(self, url):
        self.url = url
        self.answer = (200, b"[]")
        self.wait_s = 0.0
        self.asked = []


@pytest.fixture
def server() -> Iterator[Played]:
    with playing() as played:
        yield played


@contextmanager
def playing():
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            played.asked.append((self.path, dict(self.headers)))
            time.sleep(played.wait_s)
            status, body = played.answer
            with suppress(BrokenPipeError, ConnectionResetError):  # who asked has given up
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_):
            pass

    service = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.daemon_threads = True
    played = Played(f"http://127.0.0.1:{service.server_port}")
    thread = threading.Thread(target=service.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield played
    finally:
        service.shutdown()
        thread.join()
        service.server_close()


def body(value):
    return json.dumps(value, ensure_ascii=False).encode()


def nominatim(number="7"):
    return [
        {
            "lon": str(WHERE.lon),
            "lat": str(WHERE.lat),
            "display_name": f"{number}, Keksikuja, Helsinki",
            "address": {"house_number": number, "road": "Keksikuja"},
        }
    ]


def photon(number="7"):
    return {
        "features": [
            {
                "geometry": {"coordinates": [WHERE.lon, WHERE.lat]},
                "properties": {"street": "Keksikuja", "housenumber": number, "city": "Helsinki"},
            }
        ]
    }


def amap(number="7", level="门牌号"):
    return {
        "status": "1",
        "infocode": "10000",
        "geocodes": [
            {
                "formatted_address": f"北京市海淀区某路{number}号",
                "location": f"{GCJ.lon},{GCJ.lat}",
                "level": level,
            }
        ],
    }


def baidu():
    return {
        "status": 0,
        "result": {
            "location": {"lng": GCJ.lon, "lat": GCJ.lat},
            "precise": 1,
            "comprehension": 100,
            "level": "门址",
        },
    }


def tianditu(number="7"):
    return {
        "status": "0",
        "location": {
            "lon": WHERE.lon,
            "lat": WHERE.lat,
            "level": "门址",
            "score": 100,
            "keyWord": f"北京市海淀区某路{number}号",
        },
    }


WESTERN, CHINESE = "Keksikuja 7 A 5, 00100 Helsinki", "北京市海淀区某路7号3单元501室"
SERVICES = {
    "nominatim": (nominatim, WESTERN),
    "photon": (photon, WESTERN),
    "amap": (amap, CHINESE),
    "baidu": (baidu, CHINESE),
    "tianditu": (tianditu, CHINESE),
}


def service(name, server, **more):
    return Online(named_provider(name, url=server.url, key="K3Y", contact="a@example.org"), **more)


def ask(index, address, *online):
    (outcome,), findings = locate([Query("Q", address)], index, Settings(), sources=Sources(online=online))
    return outcome, [finding.code for finding in findings]


@pytest.mark.parametrize("name", ["nominatim", "photon", "amap", "tianditu"])
def test_the_very_number_is_taken_in_wgs84(helsinki, server, name):
    make, address = SERVICES[name]
    server.answer = (200, body(make()))
    outcome, codes = ask(helsinki, address, service(name, server))
    assert isinstance(outcome, Located)
    assert (outcome.place.source, outcome.place.precision) == (name, Precision.BUILDING)
    assert outcome.place.point.lon == pytest.approx(WHERE.lon, abs=1e-7)
    assert outcome.place.point.lat == pytest.approx(WHERE.lat, abs=1e-7)
    assert not codes


def test_baidu_names_no_number_and_is_only_offered(helsinki, server):
    server.answer = (200, body(baidu()))
    outcome, _ = ask(helsinki, CHINESE, service("baidu", server))
    assert isinstance(outcome, NotFound)
    assert outcome.candidates[0].point.lon == pytest.approx(WHERE.lon, abs=1e-7)


@pytest.mark.parametrize("name", ["nominatim", "photon", "amap", "tianditu"])
def test_another_number_is_offered_and_never_taken(helsinki, server, name):
    make, address = SERVICES[name]
    server.answer = (200, body(make("9")))
    outcome, _ = ask(helsinki, address, service(name, server))
    assert isinstance(outcome, NotFound)
    assert outcome.candidates[0].score < Settings().min_score


@pytest.mark.parametrize("level", ["道路", "住宅区", "区县", "兴趣点"])
def test_a_street_or_an_estate_is_no_door(helsinki, server, level):
    server.answer = (200, body(amap(level=level)))
    outcome, _ = ask(helsinki, CHINESE, service("amap", server))
    assert isinstance(outcome, NotFound)


def test_flat_unit_and_room_are_never_sent_and_the_preview_says_what_is(helsinki, server):
    queries = [Query("1", WESTERN), Query("2", CHINESE), Query("3", "🙂"), Query("4", WESTERN)]
    shown = preview(queries)
    assert shown == ("Keksikuja 7, 00100 Helsinki", "北京市海淀区某路7号")
    ask(helsinki, CHINESE, service("amap", server))
    (path, _), *_ = server.asked
    assert parse_qs(urlsplit(path).query)["address"] == ["北京市海淀区某路7号"]
    assert "501" not in path


def test_nothing_is_asked_where_no_service_was_given_or_the_map_knows(helsinki, server):
    ask(helsinki, WESTERN)
    ask(helsinki, "Annankatu 12", service("nominatim", server))
    assert server.asked == []


@pytest.mark.parametrize(
    ("name", "status", "content", "code"),
    [
        ("nominatim", 429, b"", "PROVIDER_QUOTA"), ("nominatim", 500, b"oops", "PROVIDER_FAILED"),
        ("nominatim", 403, b"", "PROVIDER_KEY"), ("nominatim", 200, b"<html>", "PROVIDER_NONSENSE"),
        ("nominatim", 200, b'{"a": 1}', "PROVIDER_NONSENSE"),
        ("nominatim", 200, b"\xff\xfe", "PROVIDER_NONSENSE"),
        ("nominatim", 200, b'[{"lon": "x", "lat": "1", "display_name": ""}]', "PROVIDER_NONSENSE"),
        ("nominatim", 200, (b'[{"lon": "500", "lat": "1", "display_name": ""}]'),
         "PROVIDER_NONSENSE"),
        ("photon", 200, b"[]", "PROVIDER_NONSENSE"), ("photon", 502, b"", "PROVIDER_FAILED"),
        ("amap", 200, b'{"status": "0", "infocode": "10001"}', "PROVIDER_KEY"),
        ("amap", 200, b'{"status": "0", "infocode": "10003"}', "PROVIDER_QUOTA"),
        ("amap", 200, b'{"status": "0", "infocode": "20000"}', "PROVIDER_FAILED"),
        ("amap", 200, b"null", "PROVIDER_NONSENSE"), ("baidu", 200, b'{"status": 240}', "PROVIDER_KEY"),
        ("baidu", 200, b'{"status": 302}', "PROVIDER_QUOTA"), ("baidu", 200, b"{", "PROVIDER_NONSENSE"),
        ("tianditu", 200, b'{"status": "301011"}', "PROVIDER_KEY"), ("tianditu", 429, b"", "PROVIDER_QUOTA"),
    ],
)  # fmt: skip
def test_every_trouble_is_a_finding_and_nothing_is_lost(helsinki, server, name, status, content, code):
    server.answer = (status, content)
    address = SERVICES[name][1]
    queries = [Query("found", "Annankatu 12"), Query("unsure", address)]
    outcomes, findings = locate(
        queries, helsinki, Settings(), sources=Sources(online=(service(name, server),))
    )
    assert isinstance(outcomes[0], Located)
    assert isinstance(outcomes[1], NotFound)
    assert [finding.code for finding in findings] == [code]
    assert "K3Y" not in str(findings[0].message) + repr(findings)
    assert "Keksikuja" not in str(findings[0].message)


def test_a_slow_service_is_given_up(helsinki, server):
    server.wait_s = 1.0
    _, codes = ask(helsinki, WESTERN, service("nominatim", server, timeout_s=0.1))
    assert codes == ["PROVIDER_SLOW"]


def test_a_service_that_is_down_is_told_and_the_next_one_is_asked(helsinki, server):
    server.answer = (200, body(nominatim()))
    gone = Online(named_provider("photon", url="http://127.0.0.1:9"))
    outcome, codes = ask(helsinki, WESTERN, gone, service("nominatim", server))
    assert codes == ["PROVIDER_DOWN"]
    assert isinstance(outcome, Located)


def test_after_a_refusal_a_service_is_not_asked_again(helsinki, server):
    server.answer = (429, b"")
    queries = [Query(str(at), f"Keksikuja {at}, Helsinki") for at in range(1, 9)]
    _, (finding,) = locate(
        queries, helsinki, Settings(), sources=Sources(online=(service("nominatim", server),))
    )
    assert len(server.asked) == 1
    assert finding.code == "PROVIDER_QUOTA"


def test_answers_are_kept_and_asked_once_over_runs(helsinki, server, tmp_path):
    server.answer = (200, body(nominatim()))
    for _ in range(2):
        outcome, _ = ask(helsinki, WESTERN, service("nominatim", server, cache=tmp_path))
        assert isinstance(outcome, Located)
    assert len(server.asked) == 1
    assert b"Keksikuja 7 A" not in (tmp_path / "online.sqlite").read_bytes()


def test_troubles_are_not_kept(helsinki, server, tmp_path):
    server.answer = (500, b"")
    ask(helsinki, WESTERN, service("nominatim", server, cache=tmp_path))
    server.answer = (200, body(nominatim()))
    outcome, _ = ask(helsinki, WESTERN, service("nominatim", server, cache=tmp_path))
    assert isinstance(outcome, Located)


def test_a_broken_cache_is_begun_anew(helsinki, server, tmp_path):
    (tmp_path / "online.sqlite").write_bytes(b"no database at all" * 100)
    server.answer = (200, body(nominatim()))
    outcome, codes = ask(helsinki, WESTERN, service("nominatim", server, cache=tmp_path))
    assert isinstance(outcome, Located)
    assert not codes


def test_the_pace_is_kept(helsinki, server):
    waits = []
    provider = named_provider("nominatim-public", contact="a@example.org")
    assert provider.pause_s >= 15  # four a minute for scripts, the policy of May 2026
    slow = Online(type(provider)(url=server.url, contact="a@example.org", pause_s=15.0), sleep=waits.append)
    queries = [Query(str(at), f"Keksikuja {at}, Helsinki") for at in range(1, 4)]
    locate(queries, helsinki, Settings(), sources=Sources(online=(slow,)))
    assert len(server.asked) == 3
    assert [round(wait) for wait in waits] == [15, 15]
    assert "a@example.org" in server.asked[0][1]["User-Agent"]


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("nominatim", {}),
        ("photon", {}),
        ("amap", {}),
        ("nominatim-public", {}),
        ("other", {"url": "http://x"}),
    ],
)
def test_a_service_that_lacks_what_it_needs_is_refused(name, given):
    with pytest.raises(ValueError, match=name):
        named_provider(name, **given)


def test_every_service_warns_before_anything_is_sent(server):
    for name in (*SERVICES, "nominatim-public"):
        assert "sent" in str(named_provider(name, url=server.url, key="K3Y", contact="x").warning)


def test_an_address_without_a_number_is_not_sent():
    assert sent_text(Query("Q", "the yellow house")) == ""


# --- what no honest service sends, over a bare socket ---

OK = b"HTTP/1.1 200 OK\r\nConnection: close\r\n"


@contextmanager
def saying(*pieces, every_s=0.0, for_ever=b""):
    """Give the address of a server that sends `pieces`, and then `for_ever` again and again."""
    listener, over = socket.create_server(("127.0.0.1", 0)), threading.Event()

    def talk():
        with suppress(OSError):
            while True:
                caller, _ = listener.accept()
                with caller, suppress(OSError):
                    caller.recv(65536)
                    for piece in pieces:
                        caller.sendall(piece)
                    while for_ever and not over.is_set():
                        caller.sendall(for_ever)
                        time.sleep(every_s)

    threading.Thread(target=talk, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        over.set()
        listener.close()


def answering(content):
    return OK + b"Content-Length: %d\r\n\r\n" % len(content) + content


ODD = {
    "deep JSON": answering(b"[" * 200_000),
    "half a sign": answering(body(nominatim()).replace(b"Keksikuja", b"\\ud800")),
    "half a sign as the number": answering(body(nominatim()).replace(b'"7"', b'"\\udfff"')),
    "an endless number": answering(body(nominatim()).replace(b'"116.33"', b"1" + b"0" * 400)),
    "not a number": answering(body(nominatim()).replace(b'"116.33"', b"NaN")),
    "a bad status line": b"HTTP/1.1 fine\r\n\r\n",
    "no status line": b"\x00\x01\x02\r\n\r\n",
    "another protocol": b"SSH-2.0-OpenSSH_9.6\r\n",
    "a cut chunk": OK + b"Transfer-Encoding: chunked\r\n\r\n40\r\n[{",
    "a bad chunk": OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n[{",
    "a cut answer": OK + b"Content-Length: 500\r\n\r\n[]",
    "a long header": OK + b"X: " + b"a" * 70_000 + b"\r\n\r\n[]",
    "many headers": OK + b"X: a\r\n" * 200 + b"\r\n[]",
}


@pytest.mark.parametrize("name", ODD)
def test_an_answer_that_no_service_gives_is_a_finding_with_advice(helsinki, name, tmp_path):
    with saying(ODD[name]) as url:
        online = Online(named_provider("nominatim", url=url), cache=tmp_path, timeout_s=5)
        queries = [Query("1", WESTERN)]
        outcomes, (finding,) = locate(queries, helsinki, Settings(), sources=Sources(online=(online,)))
    assert isinstance(outcomes[0], NotFound)
    assert finding.code == "PROVIDER_NONSENSE"
    for lang in ("en", "zh"):
        assert finding.message.into(lang)
        assert finding.advice.into(lang)


@pytest.mark.parametrize(
    ("begin", "drip"),
    [(OK + b"Content-Length: 100000\r\n\r\n", b" "), (b"HTTP/1.1 200 OK\r\nX: ", b"a"), (b"", b"H")],
)
def test_a_service_that_drips_is_given_up_after_the_whole_time(helsinki, begin, drip):
    with saying(begin, for_ever=drip, every_s=0.05) as url:
        online = Online(named_provider("nominatim", url=url), timeout_s=0.4)
        _, codes = ask(helsinki, WESTERN, online)
    assert codes == ["PROVIDER_SLOW"]


def test_an_answer_without_end_is_cut_off(helsinki):
    with saying(OK + b"\r\n", for_ever=b" " * 100_000) as url:
        _, codes = ask(helsinki, WESTERN, Online(named_provider("nominatim", url=url)))
    assert codes == ["PROVIDER_NONSENSE"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nobody_is_sent_on_to_another_server(helsinki, server, status):
    server.answer = (200, body(nominatim()))
    moved = b"HTTP/1.1 %d Moved\r\nConnection: close\r\nLocation: %s/search?q=x\r\n\r\n" % (
        status,
        server.url.encode(),
    )
    with saying(moved) as url:
        outcome, codes = ask(helsinki, WESTERN, Online(named_provider("nominatim", url=url)))
    assert isinstance(outcome, NotFound)
    assert (codes, server.asked) == (["PROVIDER_MOVED"], [])


@pytest.mark.parametrize(
    "target", [b"file:///etc/hostname", b"ftp://127.0.0.1/x", b"//example.org/x", b"http://[x"]
)
def test_a_redirect_to_somewhere_else_than_a_server_of_the_same_name_is_refused(helsinki, target):
    with saying(b"HTTP/1.1 302 Found\r\nConnection: close\r\nLocation: " + target + b"\r\n\r\n") as url:
        _, codes = ask(helsinki, WESTERN, Online(named_provider("nominatim", url=url)))
    assert codes in (["PROVIDER_MOVED"], ["PROVIDER_NONSENSE"], ["PROVIDER_FAILED"])


def test_a_redirect_on_the_same_server_is_followed(helsinki):
    class Moving(BaseHTTPRequestHandler):
        def do_GET(self):
            content = body(nominatim())
            self.send_response(302 if self.path.startswith("/search") else 200)
            self.send_header("Location", "/other")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    service = ThreadingHTTPServer(("127.0.0.1", 0), Moving)
    threading.Thread(target=service.serve_forever, daemon=True).start()
    online = Online(named_provider("nominatim", url=f"http://127.0.0.1:{service.server_port}"))
    outcome, codes = ask(helsinki, WESTERN, online)
    service.shutdown()
    service.server_close()
    assert (isinstance(outcome, Located), codes) == (True, [])
