"""Keys: one number for the cost of a path, by which paths are compared, added and stored exactly.

A key holds, from its highest bits down, the number of entries into private ground, the milliseconds, and the
decimetres. So the smallest key has the fewest entries, then the least time, then the least length. Keys add
up part by part. As whole numbers they give the same sum in every search, in whatever order they are added.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from doorroute.model.travel import UNREACHABLE

_DM_BITS: Final = 24  # 1,677 km
_MS_BITS: Final = 30  # 12 days
NOWHERE: Final = 1 << 62
"""No path: above every key; two of them still fit into 64 bits."""
CROSSING: Final = 1 << (_DM_BITS + _MS_BITS)
"""One entry into private ground; more than 255 on one path count as no path."""


def pack(ms: NDArray[np.int64], dm: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return keys of milliseconds and decimetres."""
    return (ms << _DM_BITS) + dm


def seconds(keys: NDArray[np.int64]) -> NDArray[np.int32]:
    """Return whole seconds, rounded up: so a detour by a third door is never quicker than the direct path."""
    ms = (keys >> _DM_BITS) & ((1 << _MS_BITS) - 1)
    return np.where(keys >= NOWHERE, UNREACHABLE, -(-ms // 1000)).astype(np.int32)


def metres(keys: NDArray[np.int64]) -> NDArray[np.int32]:
    """Return whole metres, rounded."""
    dm = keys & ((1 << _DM_BITS) - 1)
    return np.where(keys >= NOWHERE, UNREACHABLE, (dm + 5) // 10).astype(np.int32)


def share(whole: NDArray[np.int64], part: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the key of the share `part` (0 to 1) of paths with the keys `whole`; NOWHERE stays NOWHERE.

    The remainder, `whole - share`, is the key of the rest of the path.
    """
    ms = (whole >> _DM_BITS) & ((1 << _MS_BITS) - 1)
    dm = whole & ((1 << _DM_BITS) - 1)
    return np.where(
        whole >= NOWHERE,
        NOWHERE,
        pack(np.rint(ms * part).astype(np.int64), np.rint(dm * part).astype(np.int64)),
    )
