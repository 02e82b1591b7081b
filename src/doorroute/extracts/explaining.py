"""Find what is wrong with an extract that libosmium refused; runs in the sandbox."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from doorroute.extracts.xml import odd_value

FAULT: Final = "fault.json"


def explain(folder: Path, extract: str, message: str) -> None:
    """Write to `FAULT` what libosmium's `message` means: the fault, the value and its line if known."""
    path, low = Path(extract), message.lower()
    found: dict[str, object] = {"fault": "broken", "value": "", "line": None}
    if any(words in low for words in ("twice in input", "out of order", "need to sort")):
        found["fault"] = "twice" if _holds_one_twice(path) else "unsorted"
    elif odd := odd_value(path):
        found = {"fault": "value", "value": odd[0], "line": odd[1]}
    elif "coordinate" in low or "invalidlocation" in low:
        found["fault"] = "coordinates"
    (folder / FAULT).write_text(json.dumps(found), encoding="utf-8")


def _holds_one_twice(extract: Path) -> bool:
    import numpy as np
    import osmium

    for kind in (osmium.osm.NODE, osmium.osm.WAY, osmium.osm.RELATION):
        ids = np.fromiter((item.id for item in osmium.FileProcessor(str(extract), kind)), dtype=np.int64)
        if len(np.unique(ids)) < len(ids):
            return True
    return False
