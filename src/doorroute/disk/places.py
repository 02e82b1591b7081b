"""The folders that doorroute uses: its cache, and the demo data."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import platformdirs


def cache_folder() -> Path:
    """Return the folder for caches: `DOORROUTE_CACHE`, else that of the user's account.

    An account without a home has none. The path returned then cannot be written, and the user is warned as
    for any such folder.
    """
    with suppress(RuntimeError):  # no home
        return Path(os.environ.get("DOORROUTE_CACHE") or platformdirs.user_cache_dir("doorroute"))
    return Path(os.devnull, "doorroute")


def demo_folder() -> Path:
    """Return the folder of the demo data: inside the installed package, or `data/demo` of a checkout."""
    package = Path(__file__).parents[1]
    installed = package / "demo_data"
    return installed if installed.is_dir() else package.parents[1] / "data" / "demo"
