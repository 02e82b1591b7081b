"""Build the index tables of an extract in the sandbox, as its reader may crash on a foreign file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from doorroute.extracts import broken, read_in_sandbox
from doorroute.extracts.checking import must_be_in_order, must_be_whole
from doorroute.extracts.undeleted import undeleted
from doorroute.geocode.index_tables import IndexTables

_TABLES: Final = "tables.json"


def read_tables(extract: Path) -> IndexTables:
    """Build the tables of an OpenStreetMap extract.

    Raises
    ------
    BadInputError
        `EXTRACT_...`: it cannot be read.
    """
    with read_in_sandbox(index_to, extract) as folder:
        try:
            return IndexTables.from_json(json.loads((folder / _TABLES).read_bytes()))
        except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
            raise broken(extract) from error


def index_to(folder: Path, extract: str) -> None:
    """Read `extract` and write the tables to the folder; runs in the sandbox."""
    from doorroute.geocode.index_build import build
    from doorroute.geocode.map_features import read_map

    path = Path(extract)
    must_be_whole(path)
    path = undeleted(path)
    must_be_in_order(path)
    tables = build(read_map(path))
    (folder / _TABLES).write_text(
        json.dumps(tables.to_json(), ensure_ascii=False, separators=(",", ":")), "utf-8"
    )
