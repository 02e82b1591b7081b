"""Stage geocode: from the words of an address to the door."""

from doorroute.geocode.datum_messages import NAMES as DATUM_NAMES
from doorroute.geocode.datum_messages import datums_told
from doorroute.geocode.datums import astray, datum_of, settle
from doorroute.geocode.index import AddressIndex, open_index
from doorroute.geocode.known import KnownPlace, KnownPlaces
from doorroute.geocode.locate import Sources, locate
from doorroute.geocode.naming import NamedPlace, named_places
from doorroute.geocode.online import Online, preview
from doorroute.geocode.pins import add_pins, read_gazetteer, read_pins, write_pins
from doorroute.geocode.providers import named_provider
from doorroute.geocode.query import Located, NotFound, Outcome, Query
from doorroute.geocode.understood import Understood, understand_address
from doorroute.geocode.unsure import Unsure, review_in_terminal, unsure_rows

__all__ = [
    "DATUM_NAMES",
    "AddressIndex",
    "KnownPlace",
    "KnownPlaces",
    "Located",
    "NamedPlace",
    "NotFound",
    "Online",
    "Outcome",
    "Query",
    "Sources",
    "Understood",
    "Unsure",
    "add_pins",
    "astray",
    "datum_of",
    "datums_told",
    "locate",
    "named_places",
    "named_provider",
    "open_index",
    "preview",
    "read_gazetteer",
    "read_pins",
    "review_in_terminal",
    "settle",
    "understand_address",
    "unsure_rows",
    "write_pins",
]
