"""Stage geocode: from an address to the door.

Index:     `map_features` reads what an extract says about addresses; `index_build` makes `index_tables` of
           it, in the sandbox (`index_process`); `index` searches them.
Address:   `spelling` normalises words, `house_numbers` numbers; `chinese` (`chinese_divisions`,
           `chinese_names`, `same_sound`) and `western` give `readings`; `match` scores the doors of a
           reading; `find` decides. `understood` is the address in parts, without a map. `address_cells`
           recognises cells that are not one address.
Sources:   `known_places` are pins and the gazetteer (`pins`, `small_tables`); `online` asks `providers`.
Datums:    `datum` converts; `datum_choice` decides for each source by `datum_signs` and `datum_guess`.
Decision:  `locate` turns each `query` into a place or candidates; `unsure_doors` are for a person to decide.
           `messages` and `datum_messages` are the findings. `place_names` are the names on the map.
"""

from doorroute.geocode.datum_choice import datum_of, misplaced_rows, settle_datums
from doorroute.geocode.datum_messages import NAMES as DATUM_NAMES
from doorroute.geocode.datum_messages import datum_findings
from doorroute.geocode.index import AddressIndex, open_index
from doorroute.geocode.known_places import KnownPlace, KnownPlaces
from doorroute.geocode.locate import Sources, locate
from doorroute.geocode.online import Online, preview
from doorroute.geocode.pins import add_pins, read_gazetteer, read_pins, write_pins
from doorroute.geocode.place_names import NamedPlace, named_places
from doorroute.geocode.providers import named_provider
from doorroute.geocode.query import Located, NotFound, Outcome, Query
from doorroute.geocode.understood import Understood, understand_address
from doorroute.geocode.unsure_doors import Unsure, review_in_terminal, unsure_rows

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
    "datum_findings",
    "datum_of",
    "locate",
    "misplaced_rows",
    "named_places",
    "named_provider",
    "open_index",
    "preview",
    "read_gazetteer",
    "read_pins",
    "review_in_terminal",
    "settle_datums",
    "understand_address",
    "unsure_rows",
    "write_pins",
]
