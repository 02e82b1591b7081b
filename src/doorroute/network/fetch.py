"""Download the streets of a place with OSMnx: only on request, once, with the user's own contact."""

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

_TIMEOUT_S: Final = 180  # for each part of an answer
_ALL_S: Final = 900  # for everything
_LONGEST_ANSWER: Final = 500_000_000  # bytes: a large city has a tenth
_CONTACT: Final = re.compile(
    r"(https?://)?[!-~]+(@|\.)[!-~]+\.[!-~]{2,}|https?://[!-~]+\.[!-~]{2,}|[!-~]+\.[a-z]{2,}(/[!-~]*)?"
)
_LONE_SURROGATE: Final = re.compile(rb"\\u[dD][89a-fA-F]")
_BUSY: Final = (429, 504)
_NO_LIMIT_M2: Final = 1e15  # larger than the earth: otherwise OSMnx requests a large place in pieces


def fetch(place: str, out: Path, *, contact: str, within_s: float = _ALL_S) -> Path:
    """Save the streets of `place` to `out` (.graphml) and return it; an existing `out` is left unchanged.

    The name of the place goes to nominatim.openstreetmap.org and its outline to overpass-api.de, one request
    each; nothing else leaves the computer. `contact` (an e-mail or web address) is sent as user agent, as
    both services require. The settings of OSMnx are restored.

    Raises
    ------
    BadInputError
        `FETCH_NAME`: `out` is not .graphml. `FETCH_CONTACT`: no contact. `FETCH_PLACE`: no such place with
        streets.
    OutsideError
        `FETCH_FILE`: `out` cannot be written. `FETCH_BUSY`: a service is overloaded. `FETCH_FAILED`: no
        network, or an incomplete answer.
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
            msg("The services of OpenStreetMap require a contact."),
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

    with _file(out) as written:  # fails before any request if the folder cannot be written
        try:
            with _settings(ox, contact, time.monotonic() + within_s):
                graph = within(within_s, lambda: _download(ox, place))
            ox.save_graphml(graph, written)
        except _BusyError as error:
            raise OutsideError(
                "FETCH_BUSY",
                msg("The services of OpenStreetMap are busy."),
                msg(
                    "Wait some minutes and try once more;"
                    " for a large place, download an extract (.osm.pbf) instead."
                ),
            ) from error
        except (
            requests.RequestException,
            urllib3.exceptions.HTTPError,
            ResponseStatusCodeError,
            _NoAnswerError,
            OSError,
            LookupError,
            UnicodeError,  # a lone surrogate, which no file can hold
        ) as error:
            raise OutsideError(
                "FETCH_FAILED",
                msg("The services of OpenStreetMap could not be reached, or their answer is not whole."),
                msg(
                    "Check the connection and try again later,"
                    " or copy an extract (.osm.pbf) from another computer."
                ),
            ) from error
        except (InsufficientResponseError, TypeError, ValueError) as error:
            raise _no_place() from error
    return out


def _download(ox: Any, place: str) -> Any:  # noqa: ANN401  # a module and its graph
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
            msg("Check the folder, its permissions and the space on the disk."),
        ) from error


class _BusyError(Exception):
    """A service asks to come back later; OSMnx itself would repeat the request."""


class _NoAnswerError(Exception):
    """The answer is not JSON, too large, too late, redirected, or the service stopped before the end."""


def _no_place() -> BadInputError:
    return BadInputError(
        "FETCH_PLACE",
        msg("OpenStreetMap has no such place with streets."),
        msg("Name the town, the region and the country, with commas between them."),
    )


def _check(response: Response, ends: float) -> None:
    """Refuse answers that OSMnx would accept or wait for; `ends` is the deadline on the monotonic clock."""
    try:
        _check_answer(response, ends)
    except BaseException as error:
        response.close()
        if isinstance(error, ValueError | RecursionError):
            raise _NoAnswerError from error
        raise


def _check_answer(response: Response, ends: float) -> None:
    if response.is_redirect and not is_same_server(
        response.url, urljoin(response.url, response.headers["location"])
    ):
        raise _NoAnswerError
    _read(response, ends)
    if response.status_code in _BUSY:
        raise _BusyError
    if response.ok:
        answer = response.json()
        if _LONE_SURROGATE.search(response.content):
            json.dumps(answer, ensure_ascii=False).encode()  # raises if the surrogate is really alone
        # a remark about an error: the service ran out of time, and the answer is only a part
        if isinstance(answer, dict) and "error" in str(answer.get("remark", "")):
            raise _NoAnswerError


def _read(response: Response, ends: float) -> None:
    """Read the answer up to the limits of size and time, which `requests` does not have."""
    received = bytearray()
    if int(response.headers.get("content-length") or 0) > _LONGEST_ANSWER:
        raise _NoAnswerError
    for piece in response.iter_content(1 << 16):
        received += piece
        if len(received) > _LONGEST_ANSWER or time.monotonic() > ends:
            raise _NoAnswerError
    response._content = bytes(received)  # noqa: SLF001  # where `requests` stores it


@contextmanager
def _settings(ox: Any, contact: str, ends: float) -> Iterator[None]:  # noqa: ANN401  # a module
    """Set up OSMnx for one request by `contact`; restore its settings."""
    changed = {
        "doh_url_template": None,  # no request to a foreign name server
        "http_user_agent": f"doorroute ({contact})",
        "http_referer": "",
        "use_cache": False,
        "requests_timeout": _TIMEOUT_S,
        "requests_kwargs": {
            "stream": True,
            "hooks": {"response": lambda answer, **_: _check(answer, ends)},
        },
        "max_query_area_size": _NO_LIMIT_M2,
        "overpass_rate_limit": False,  # asks for a slot in the queue first; one request needs none
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
