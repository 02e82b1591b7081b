"""Stage geocode: from the words of an address to the door."""

from doorroute.geocode.index import AddressIndex, open_index
from doorroute.geocode.locate import locate
from doorroute.geocode.query import Located, NotFound, Outcome, Query

__all__ = ["AddressIndex", "Located", "NotFound", "Outcome", "Query", "locate", "open_index"]
