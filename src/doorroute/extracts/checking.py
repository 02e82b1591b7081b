"""What is looked at before an extract is read; runs apart."""

from __future__ import annotations

from pathlib import Path

from doorroute.extracts.xml import SUFFIXES as XML_SUFFIXES
from doorroute.extracts.xml import must_be_sound_xml


def must_be_whole(extract: Path) -> None:
    """Refuse XML that is cut short, says of itself that it is not whole, or defines entities.

    Raises
    ------
    BadInputError
        `EXTRACT_BROKEN`, `EXTRACT_INCOMPLETE`.
    """
    if extract.name.lower().endswith(XML_SUFFIXES):
        must_be_sound_xml(extract)


def must_be_in_order(extract: Path) -> None:
    """Refuse at once what no map could be drawn from. Raises RuntimeError, with what libosmium says."""
    import osmium

    with osmium.io.Reader(str(extract)) as reader:
        if reader.header().get("sorting") == "Type_then_ID":
            return
    nothing = osmium.filter.KeyFilter("\0")  # areas are put together of ways and relations in order alone
    for _ in osmium.FileProcessor(str(extract)).with_areas(nothing).with_filter(nothing):
        pass
