"""Download the streets of a place through OSMnx: only when asked, once, with the user's own contact."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from doorroute.errors import BadInputError, OutsideError
from doorroute.files import whole
from doorroute.network.reading import NODE_KEYS, WAY_KEYS
from doorroute.texts import msg

_TIMEOUT_S: Final = 180


def fetch(place: str, out: Path, *, contact: str) -> Path:
    """Save the streets of `place`, as Nominatim knows it, to `out` (.graphml); return `out`. An `out` that is there already stays as it is.

    The name of the place goes to nominatim.openstreetmap.org, the outline to overpass-api.de; nothing else leaves the computer.
    `contact` (an e-mail or web address) stands in the user agent, as both services ask of their users. Settings of OSMnx are put back.

    Raises
    ------
    BadInputError
        `FETCH_NAME`: `out` is no .graphml. `FETCH_CONTACT`: no contact. `FETCH_PLACE`: no such place, or none with streets.
    OutsideError
        `FETCH_FAILED`: no network, or a service that does not answer.
    """
    if out.suffix.lower() != ".graphml":
        raise BadInputError(
            "FETCH_NAME", msg("Streets are saved as .graphml."), msg("Give a file name that ends in .graphml.")
        )
    if not ("@" in contact or "." in contact) or not contact.isprintable():
        raise BadInputError(
            "FETCH_CONTACT",
            msg("The services of OpenStreetMap ask who is calling."),
            msg("Give an e-mail address or a web page of your own with --contact."),
        )
    if out.exists():
        return out

    import osmnx as ox  # slow to import
    import requests
    from osmnx._errors import InsufficientResponseError, ResponseStatusCodeError

    changed = {
        "doh_url_template": None,  # no question to a name server abroad
        "http_user_agent": f"doorroute ({contact})",
        "http_referer": "",
        "use_cache": False,
        "requests_timeout": _TIMEOUT_S,
        "overpass_rate_limit": False,  # it would ask for its place in the queue first; one request needs none
        "useful_tags_way": sorted(WAY_KEYS),
        "useful_tags_node": sorted(NODE_KEYS),
        "log_console": False,
        "log_file": False,
    }
    before = {name: getattr(ox.settings, name) for name in changed}
    try:
        for name, value in changed.items():
            setattr(ox.settings, name, value)
        graph = ox.graph_from_place(place, network_type="all", simplify=False, retain_all=True, truncate_by_edge=True)
        with whole(out) as written:
            ox.save_graphml(graph, written)
    except (requests.RequestException, ResponseStatusCodeError, OSError) as error:  # some are ValueErrors too
        raise OutsideError(
            "FETCH_FAILED",
            msg("The services of OpenStreetMap could not be reached or did not answer."),
            msg("Check the connection and try again later, or copy an extract (.osm.pbf) from another computer."),
        ) from error
    except (InsufficientResponseError, TypeError, ValueError) as error:
        raise BadInputError(
            "FETCH_PLACE",
            msg("OpenStreetMap knows no such place with streets."),
            msg("Name the town, the region and the country, with commas between them."),
        ) from error
    finally:
        for name, value in before.items():
            setattr(ox.settings, name, value)
    return out
