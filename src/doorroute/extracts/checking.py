"""Check an extract before it is read; runs in the sandbox."""

from __future__ import annotations

from pathlib import Path

from doorroute.extracts.xml import SUFFIXES as XML_SUFFIXES
from doorroute.extracts.xml import must_be_sound_xml


def must_be_whole(extract: Path) -> None:
    """Refuse XML that is cut short, reports an error of its server, or defines entities.

    Raises
    ------
    BadInputError
        `EXTRACT_BROKEN`, `EXTRACT_INCOMPLETE`.
    """
    if extract.name.lower().endswith(XML_SUFFIXES):
        must_be_sound_xml(extract)


def must_be_in_order(extract: Path) -> None:
    """Refuse objects that are not in order, as libosmium cannot build areas from them (RuntimeError)."""
    import osmium

    with osmium.io.Reader(str(extract)) as reader:
        if reader.header().get("sorting") == "Type_then_ID":
            return
    nothing = osmium.filter.KeyFilter("\0")  # assembling areas checks the order; no object passes
    for _ in osmium.FileProcessor(str(extract)).with_areas(nothing).with_filter(nothing):
        pass
