"""Take the pictures that the README shows, from the demo's maps: `make pictures`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "browser"))
PICTURES = (
    ("overview.html", "overview.png", 1440, 900, 1.0),
    ("teams/T4.html", "team.png", 390, 844, 1.5),
)


def main() -> None:
    from get_chromium import find  # beside the browser tests

    demo, sample = ROOT / "maps" / "demo", ROOT / "maps" / "sample"
    if not (demo / "plan.json").is_file():
        sys.exit("run `make demo` first")
    sample.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(find() or shutil.which("chromium")), args=["--no-sandbox"]
        )
        for page_name, picture, width, height, scale in PICTURES:
            context = browser.new_context(
                viewport={"width": width, "height": height}, device_scale_factor=scale, offline=True
            )
            page = context.new_page()
            page.goto((demo / page_name).as_uri())
            if page_name.startswith("teams/"):
                unlock(page, code_of(demo, page_name))
            page.wait_for_timeout(3000)  # the base map is drawn tile by tile
            page.screenshot(path=sample / picture)
            context.close()
        browser.close()


def code_of(demo: Path, page_name: str) -> str:
    lines = (demo / "codes.txt").read_text(encoding="utf-8").splitlines()[1:]
    return dict(line.split("\t") for line in lines)[Path(page_name).stem]


def unlock(page: Page, code: str) -> None:
    page.fill("input", code)
    page.keyboard.press("Enter")
    page.wait_for_timeout(3000)  # the key is made slowly, on purpose
    close = page.get_by_text("✕")  # the demo's day is long past, and the page says so
    if close.count() and close.first.is_visible():
        close.first.click()


if __name__ == "__main__":
    main()
