"""Find what is wrong with an extract that libosmium refused; runs in the sandbox."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from doorroute.extracts.xml import odd_value

TOLD: Final = "told.json"


def explain(folder: Path, extract: str, message: str) -> None:
    """Write to `TOLD` what libosmium's `message` means: the fault, the value and its line if there is one."""
    path, low = Path(extract), message.lower()
    told: dict[str, object] = {"fault": "broken", "value": "", "line": None}
    if any(words in low for words in ("twice in input", "out of order", "need to sort")):
        told["fault"] = "twice" if _holds_one_twice(path) else "unsorted"
    elif found := odd_value(path):
        told = {"fault": "value", "value": found[0], "line": found[1]}
    elif "coordinate" in low or "invalidlocation" in low:
        told["fault"] = "coordinates"
    (folder / TOLD).write_text(json.dumps(told), encoding="utf-8")


def _holds_one_twice(extract: Path) -> bool:
    import numpy as np
    import osmium

    for kind in (osmium.osm.NODE, osmium.osm.WAY, osmium.osm.RELATION):
        ids = np.fromiter((item.id for item in osmium.FileProcessor(str(extract), kind)), dtype=np.int64)
        if len(np.unique(ids)) < len(ids):
            return True
    return False
