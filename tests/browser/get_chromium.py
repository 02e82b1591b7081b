"""Find a Chromium for the browser tests, or get one; `make test` runs this first. Never fails: without one
the tests say why they skip.
"""

# ruff: noqa: T201  # a script: it says what it does

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

VARIABLE = "DOORROUTE_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
INSTALLED = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
)


def find() -> Path | None:
    """Return the first Chromium that runs: the one asked for, one of the system's, playwright's own."""
    return next((path for path in _candidates() if _runs(path)), None)


def main() -> None:
    """Find or get one, and say which."""
    found = find()
    if found is None and os.environ.get(VARIABLE):
        print(f"{VARIABLE} names what does not run as a Chromium")
    else:
        for get in (_by_apt, _by_playwright):
            if found is None:
                get()
                found = find()
    print(f"Chromium for the browser tests: {found or 'none; they will skip, or fail where CI=true'}")


def _candidates() -> Iterator[Path]:
    asked = os.environ.get(VARIABLE)
    if asked:
        yield Path(asked)
        return
    yield from (Path(path) for name in NAMES if (path := shutil.which(name)))
    yield from (Path(path) for path in INSTALLED if Path(path).is_file())
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    if own.is_file():
        yield own


def _runs(path: Path) -> bool:
    """Say whether it starts at all: in some systems the name is only a hint to install something."""
    return _call([str(path), "--version"], timeout_s=60, quiet=True)


def _by_apt() -> None:
    """As root on Debian and its kin; with a font that has Chinese."""
    if shutil.which("apt-get") is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return
    print("No Chromium: asking apt for one")
    packages = ["chromium", "fonts-noto-cjk"]
    if _call(["apt-get", "update", "-qq"]):
        _call(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages])


def _by_playwright() -> None:
    print("No Chromium: asking playwright for its own")
    _call([sys.executable, "-m", "playwright", "install", "chromium"])


def _call(command: list[str], *, timeout_s: int = 600, quiet: bool = False) -> bool:
    where = subprocess.DEVNULL if quiet else None
    try:
        done = subprocess.run(
            command,
            env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
            stdin=subprocess.DEVNULL,
            stdout=where,
            stderr=where,
            timeout=timeout_s,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        if not quiet:
            print(f"{command[0]}: {error}")
        return False
    return done.returncode == 0


if __name__ == "__main__":
    main()
