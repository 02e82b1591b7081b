"""The JavaScript of others: pinned by hash, bundled once, and nothing in it can end a page's script."""

import json
import re
from pathlib import Path

import pytest

import hatch_build
from doorroute.output.pages.assets import own

ROOT = Path(__file__).parents[3]
SOURCE = ROOT / "libraries"


def test_every_package_is_pinned_by_its_hash_and_no_address_is_named():
    text = (SOURCE / "package-lock.json").read_text()
    packages = json.loads(text)["packages"]
    assert all(entry["integrity"].startswith("sha512-") for name, entry in packages.items() if name)
    assert "resolved" not in text
    asked = json.loads((SOURCE / "package.json").read_text())["dependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in asked.values())


@pytest.mark.parametrize("entry", sorted(path.name for path in SOURCE.glob("*.js")))
def test_each_bundle_is_there_with_its_licence_and_cannot_end_its_own_element(entry):
    text = own(f"js/vendor/{entry}")
    assert "MIT" in text[:2000]
    assert not re.search(r"</\s*script|<!--", text, re.IGNORECASE)
    assert not re.search(r"\bimport\(|require\(|https?://[^\s)\"]+\.js", text.split("*/", 1)[1])


def test_nothing_is_fetched_while_nothing_has_changed(monkeypatch):
    monkeypatch.setenv("PATH", "")
    target = ROOT / hatch_build.VENDOR
    before = {path: path.stat().st_mtime_ns for path in target.iterdir()}
    hatch_build.bundle_libraries(SOURCE, target)
    assert {path: path.stat().st_mtime_ns for path in target.iterdir()} == before
