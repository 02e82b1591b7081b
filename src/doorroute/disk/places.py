"""Folders of the computer that doorroute uses: its caches, and the shipped sample."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import platformdirs


def cache_folder() -> Path:
    """Return where compiled extracts are kept: `DOORROUTE_CACHE`, else the account's own folder for caches.

    An account without a home has none: the path returned then cannot be written, and the user is warned
    as for any such folder.
    """
    with suppress(RuntimeError):  # no home
        return Path(os.environ.get("DOORROUTE_CACHE") or platformdirs.user_cache_dir("doorroute"))
    return Path(os.devnull, "doorroute")


def demo_folder() -> Path:
    """Return the shipped sample: inside the installed package, or `data/demo` of a checkout."""
    package = Path(__file__).parents[1]
    installed = package / "demo_data"
    return installed if installed.is_dir() else package.parents[1] / "data" / "demo"
