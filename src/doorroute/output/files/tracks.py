"""A team's route for navigation apps (OsmAnd, Organic Maps): GPX, KML and GeoJSON; WGS 84.

The files are not sealed, so they name doors only by number and visit id.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from doorroute.disk.files import write_whole
from doorroute.model.clock import clock
from doorroute.model.file_names import xml_text
from doorroute.model.place import Point
from doorroute.output.views.routes import TeamRoute
from doorroute.texts import Text, listed, msg

_GPX: Final = "http://www.topografix.com/GPX/1/1"
_KML: Final = "http://www.opengis.net/kml/2.2"


def write_tracks(team: TeamRoute, folder: Path, *, lang: str) -> tuple[Path, ...]:
    """Write `<team>.gpx`, `<team>.kml` and `<team>.geojson` into `folder`, and return their paths."""
    texts = {"gpx": _gpx(team, lang), "kml": _kml(team, lang), "geojson": _geojson(team, lang)}
    paths = []
    for suffix, text in texts.items():
        path = folder / f"{team.file}.{suffix}"
        write_whole(path, text)
        paths.append(path)
    return tuple(paths)


def _places(team: TeamRoute, lang: str) -> Iterator[tuple[str, str, Point]]:
    """Yield the name, the times and the point of each door."""
    for stop in team.stops:
        told: list[Text | str] = [f"{clock(stop.step.arrival_s)}-{clock(stop.step.departure_s)}"]
        if stop.windows:
            told.append(msg("only {hours}", hours=stop.windows))
        yield f"{stop.number} {xml_text(stop.visit.id)}", listed(*told).into(lang), stop.point


def _gpx(team: TeamRoute, lang: str) -> str:
    root = ET.Element("gpx", {"xmlns": _GPX, "version": "1.1", "creator": "doorroute"})
    name = xml_text(team.name)
    ET.SubElement(ET.SubElement(root, "metadata"), "name").text = name
    for title, about, point in _places(team, lang):
        _named(ET.SubElement(root, "wpt", _at(point)), title, "desc", about)
    route = ET.SubElement(root, "rte")  # the doors in order: the app finds its own route between them
    ET.SubElement(route, "name").text = name
    for title, about, point in _places(team, lang):
        _named(ET.SubElement(route, "rtept", _at(point)), title, "desc", about)
    track = ET.SubElement(root, "trk")  # our route along the streets
    ET.SubElement(track, "name").text = name
    segment = ET.SubElement(track, "trkseg")
    for point in team.path:
        ET.SubElement(segment, "trkpt", _at(point))
    return _document(root)


def _kml(team: TeamRoute, lang: str) -> str:
    root = ET.Element("kml", {"xmlns": _KML})
    document = ET.SubElement(root, "Document")
    ET.SubElement(document, "name").text = xml_text(team.name)
    style = ET.SubElement(ET.SubElement(document, "Style", {"id": "way"}), "LineStyle")
    red, green, blue = (team.look.colour[at : at + 2] for at in (1, 3, 5))
    ET.SubElement(style, "color").text = f"ff{blue}{green}{red}".lower()
    ET.SubElement(style, "width").text = "5"
    way = ET.SubElement(document, "Placemark")
    ET.SubElement(way, "name").text = xml_text(team.name)
    ET.SubElement(way, "styleUrl").text = "#way"
    line = ET.SubElement(way, "LineString")
    ET.SubElement(line, "tessellate").text = "1"
    ET.SubElement(line, "coordinates").text = " ".join(map(_lon_lat, team.path))
    for title, about, point in _places(team, lang):
        mark = ET.SubElement(document, "Placemark")
        _named(mark, title, "description", about)
        ET.SubElement(ET.SubElement(mark, "Point"), "coordinates").text = _lon_lat(point)
    return _document(root)


def _geojson(team: TeamRoute, lang: str) -> str:
    way = [[round(point.lon, 7), round(point.lat, 7)] for point in team.path]
    shapes: list[tuple[dict[str, object], dict[str, str]]] = [
        ({"type": "LineString", "coordinates": way}, {"name": team.name, "stroke": team.look.colour})
    ]
    for title, about, point in _places(team, lang):
        at: dict[str, object] = {"type": "Point", "coordinates": [round(point.lon, 7), round(point.lat, 7)]}
        shapes.append((at, {"name": title, "description": about}))
    features = [{"type": "Feature", "properties": about, "geometry": shape} for shape, about in shapes]
    collection = {"type": "FeatureCollection", "features": features}
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n"


def _named(element: ET.Element, name: str, tag: str, about: str) -> None:
    ET.SubElement(element, "name").text = name
    ET.SubElement(element, tag).text = about


def _at(point: Point) -> dict[str, str]:
    return {"lat": f"{point.lat:.7f}", "lon": f"{point.lon:.7f}"}


def _lon_lat(point: Point) -> str:
    return f"{point.lon:.7f},{point.lat:.7f}"


def _document(root: ET.Element) -> str:
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"
