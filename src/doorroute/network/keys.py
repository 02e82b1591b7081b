"""One number for a way: by it ways are compared, added and stored, exactly.

A key holds, from its highest bits down, how often ground is entered that only residents and their visitors may use, the
milliseconds, and the decimetres. The smallest key is the way that trespasses least, then the quickest, then the shortest; keys add up
part by part. Because they are whole numbers, every search finds the same sum for the same doors, whatever the order in which it adds.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from doorroute.model.travel import UNREACHABLE

_DM_BITS: Final = 24  # 1,677 km
_MS_BITS: Final = 30  # 12 days
NOWHERE: Final = 1 << 62
"""No way: above every key, and two of them still fit into 64 bits."""
CROSSING: Final = 1 << (_DM_BITS + _MS_BITS)
"""Entering private ground once; more than 255 times in one way counts as no way."""


def pack(ms: NDArray[np.int64], dm: NDArray[np.int64]) -> NDArray[np.int64]:
    """Make keys of milliseconds and decimetres."""
    return (ms << _DM_BITS) + dm


def seconds(keys: NDArray[np.int64]) -> NDArray[np.int32]:
    """Return whole seconds, rounded up: so that going by way of a third door is never quicker than going straight."""
    ms = (keys >> _DM_BITS) & ((1 << _MS_BITS) - 1)
    return np.where(keys >= NOWHERE, UNREACHABLE, -(-ms // 1000)).astype(np.int32)


def metres(keys: NDArray[np.int64]) -> NDArray[np.int32]:
    """Return whole metres, rounded."""
    dm = keys & ((1 << _DM_BITS) - 1)
    return np.where(keys >= NOWHERE, UNREACHABLE, (dm + 5) // 10).astype(np.int32)


def share(whole: NDArray[np.int64], part: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the key of the share `part` (0 to 1) of ways with the keys `whole`; NOWHERE stays NOWHERE.

    What is left, `whole - share`, is a key too: of the rest of the way.
    """
    ms = (whole >> _DM_BITS) & ((1 << _MS_BITS) - 1)
    dm = whole & ((1 << _DM_BITS) - 1)
    return np.where(
        whole >= NOWHERE,
        NOWHERE,
        pack(np.rint(ms * part).astype(np.int64), np.rint(dm * part).astype(np.int64)),
    )
