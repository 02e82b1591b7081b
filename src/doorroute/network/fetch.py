"""Download the streets of a place through OSMnx: only when asked, once, with the user's own contact."""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin

from doorroute.disk.files import whole
from doorroute.errors import BadInputError, OutsideError
from doorroute.network.raw import NODE_KEYS, WAY_KEYS
from doorroute.texts import msg
from doorroute.web_requests import is_same_server, within

if TYPE_CHECKING:
    from requests import Response

_TIMEOUT_S: Final = 180  # for each piece of an answer
_ALL_S: Final = 900  # for everything
_LONGEST_ANSWER: Final = 500_000_000  # bytes: a large city has a tenth
_CONTACT: Final = re.compile(
    r"(https?://)?[!-~]+(@|\.)[!-~]+\.[!-~]{2,}|https?://[!-~]+\.[!-~]{2,}|[!-~]+\.[a-z]{2,}(/[!-~]*)?"
)
_HALF_A_SIGN: Final = re.compile(rb"\\u[dD][89a-fA-F]")
_BUSY: Final = (429, 504)
_NO_LIMIT_M2: Final = 1e15  # the earth is smaller: OSMnx would ask for a large place in pieces


def fetch(place: str, out: Path, *, contact: str, within_s: float = _ALL_S) -> Path:
    """Save the streets of `place`, as Nominatim knows it, to `out` (.graphml); return `out`. An `out` that is there already stays as it is.

    The name of the place goes to nominatim.openstreetmap.org, the outline to overpass-api.de, one request each; nothing else leaves the
    computer. `contact` (an e-mail or web address) stands in the user agent, as both services ask of their users. Settings of OSMnx are
    put back.

    Raises
    ------
    BadInputError
        `FETCH_NAME`: `out` is no .graphml. `FETCH_CONTACT`: no contact. `FETCH_PLACE`: no such place, or none with streets.
    OutsideError
        `FETCH_FILE`: `out` cannot be written. `FETCH_BUSY`: a service has too much to do. `FETCH_FAILED`: no network, or an answer that is none or not whole.
    """
    if out.suffix.lower() != ".graphml":
        raise BadInputError(
            "FETCH_NAME",
            msg("Streets are saved as .graphml."),
            msg("Give a file name that ends in .graphml."),
        )
    if not _CONTACT.fullmatch(contact):
        raise BadInputError(
            "FETCH_CONTACT",
            msg("The services of OpenStreetMap ask who is calling."),
            msg("Give an e-mail address or a web page of your own with --contact."),
        )
    if not place.strip():
        raise _no_place()
    if out.exists():
        return out

    import osmnx as ox  # slow to import
    import requests
    import urllib3
    from osmnx._errors import InsufficientResponseError, ResponseStatusCodeError

    with _file(out) as written:  # a folder that cannot be written to is noticed before anybody is asked
        try:
            with _settings(ox, contact, time.monotonic() + within_s):
                graph = within(within_s, lambda: _asked(ox, place))
            ox.save_graphml(graph, written)
        except _BusyError as error:
            raise OutsideError(
                "FETCH_BUSY",
                msg("The services of OpenStreetMap have too much to do just now."),
                msg(
                    "Wait some minutes and try once more; for a large place, download an extract (.osm.pbf) instead."
                ),
            ) from error
        except (
            requests.RequestException,
            urllib3.exceptions.HTTPError,
            ResponseStatusCodeError,
            _NoAnswerError,
            OSError,
            LookupError,
            UnicodeError,  # half a sign, which no file can hold
        ) as error:
            raise OutsideError(
                "FETCH_FAILED",
                msg("The services of OpenStreetMap could not be reached, or their answer is not whole."),
                msg(
                    "Check the connection and try again later, or copy an extract (.osm.pbf) from another computer."
                ),
            ) from error
        except (InsufficientResponseError, TypeError, ValueError) as error:
            raise _no_place() from error
    return out


def _asked(ox: Any, place: str) -> Any:  # noqa: ANN401  # a module and its graph
    outline = ox.geocode_to_gdf(place).union_all()
    return ox.graph_from_polygon(
        outline if outline.geom_type == "Polygon" else outline.convex_hull,  # islands: still one request
        network_type="all",
        simplify=False,
        retain_all=True,
        truncate_by_edge=True,
    )


@contextmanager
def _file(out: Path) -> Iterator[Path]:
    try:
        with whole(out, shared=True) as written:
            yield written
    except OSError as error:
        raise OutsideError(
            "FETCH_FILE",
            msg("{file} cannot be written.", file=str(out)),
            msg("Check the folder, its rights and the room on the disk."),
        ) from error


class _BusyError(Exception):
    """A service asks to come back later; OSMnx would ask again and again."""


class _NoAnswerError(Exception):
    """What came is no JSON, is too much or too late, leads elsewhere, or the service says that it stopped in the middle."""


def _no_place() -> BadInputError:
    return BadInputError(
        "FETCH_PLACE",
        msg("OpenStreetMap knows no such place with streets."),
        msg("Name the town, the region and the country, with commas between them."),
    )


def _look_at(response: Response, ends: float) -> None:
    """Refuse what OSMnx would take, or wait for; `ends` is the moment of the monotonic clock after which nobody waits any more."""
    try:
        _judge(response, ends)
    except BaseException as error:
        response.close()
        if isinstance(error, ValueError | RecursionError):
            raise _NoAnswerError from error
        raise


def _judge(response: Response, ends: float) -> None:
    if response.is_redirect and not is_same_server(
        response.url, urljoin(response.url, response.headers["location"])
    ):
        raise _NoAnswerError
    _read(response, ends)
    if response.status_code in _BUSY:
        raise _BusyError
    if response.ok:
        answer = response.json()
        if _HALF_A_SIGN.search(response.content):
            json.dumps(
                answer, ensure_ascii=False
            ).encode()  # fails where it is half a sign indeed: no file can hold it
        if isinstance(answer, dict) and "error" in str(
            answer.get("remark", "")
        ):  # what was found until it ran out of time
            raise _NoAnswerError


def _read(response: Response, ends: float) -> None:
    """Read the answer, as far as it may go; `requests` would read on as long as something comes."""
    held = bytearray()
    if int(response.headers.get("content-length") or 0) > _LONGEST_ANSWER:
        raise _NoAnswerError
    for piece in response.iter_content(1 << 16):
        held += piece
        if len(held) > _LONGEST_ANSWER or time.monotonic() > ends:
            raise _NoAnswerError
    response._content = bytes(held)  # noqa: SLF001  # where `requests` keeps it itself


@contextmanager
def _settings(ox: Any, contact: str, ends: float) -> Iterator[None]:  # noqa: ANN401  # a module
    """Have OSMnx ask once, by name, as `contact`; put everything back."""
    changed = {
        "doh_url_template": None,  # no question to a name server abroad
        "http_user_agent": f"doorroute ({contact})",
        "http_referer": "",
        "use_cache": False,
        "requests_timeout": _TIMEOUT_S,
        "requests_kwargs": {
            "stream": True,
            "hooks": {"response": lambda answer, **_: _look_at(answer, ends)},
        },
        "max_query_area_size": _NO_LIMIT_M2,
        "overpass_rate_limit": False,  # it would ask for its place in the queue first; one request needs none
        "useful_tags_way": sorted(WAY_KEYS),
        "useful_tags_node": sorted(NODE_KEYS),
        "log_console": False,
        "log_file": False,
    }
    before = {name: getattr(ox.settings, name) for name in changed}
    names = socket.getaddrinfo  # OSMnx replaces it
    try:
        for name, value in changed.items():
            setattr(ox.settings, name, value)
        yield
    finally:
        socket.getaddrinfo = names
        for name, value in before.items():
            setattr(ox.settings, name, value)
