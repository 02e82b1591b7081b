"""The pages' scripts: packages pinned by hash, bundled once from the present sources, and nothing in them
can end a page's script.
"""

import json
import re
from pathlib import Path

import pytest

from doorroute.output.pages.assets import own
from frontend import build

ROOT = Path(__file__).parents[3]
SOURCE = ROOT / "frontend"
BUNDLES = {
    "lock.js": {"@noble/ciphers", "@noble/hashes", "fflate"},
    "notices.js": set(),
    "open_team.js": {"fflate"},
    "overview.js": {"@noble/ciphers", "@noble/hashes", "fflate"},
    "phone.js": {"fflate", "qrcode-generator"},
    "review.js": {"fflate"},
    "scenarios.js": {"fflate"},
}


def test_every_package_is_pinned_by_its_hash_and_no_address_is_named():
    text = (SOURCE / "package-lock.json").read_text()
    packages = json.loads(text)["packages"]
    assert all(entry["integrity"].startswith("sha512-") for name, entry in packages.items() if name)
    assert "resolved" not in text
    about = json.loads((SOURCE / "package.json").read_text())
    asked = {**about["dependencies"], **about["devDependencies"]}
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in asked.values())


def test_the_bundles_are_those_of_the_present_sources():
    assert build.is_fresh(), build.STALE


def test_every_page_has_its_bundle_and_no_other_is_there():
    assert {path.name for path in build.entries()} == set(BUNDLES)
    assert {path.name for path in build.BUNDLES.glob("*.js")} == set(BUNDLES)


@pytest.mark.parametrize("name", sorted(BUNDLES))
def test_each_bundle_names_what_it_holds_and_cannot_end_its_own_element(name):
    text = own(f"js/{name}")
    notices, _, code = text.partition("*/") if BUNDLES[name] else ("", "", text)
    assert set(re.findall(r"^([@\w/-]+) \d+\.\d+\.\d+$", notices, re.MULTILINE)) == BUNDLES[name]
    assert notices.count("MIT") >= len(BUNDLES[name])
    assert not re.search(r"</\s*script|<!--", text, re.IGNORECASE)
    assert not re.search(r"\bimport\(|require\(|https?://[^\s)\"]+\.js", code)


@pytest.mark.parametrize("name", sorted(BUNDLES))
def test_a_bundle_leaves_no_global_behind(name):
    code = own(f"js/{name}").rpartition("*/\n")[2]
    assert code.startswith(('"use strict";(()=>{', "(()=>{"))
    assert code.endswith("})();\n")


def test_nothing_is_fetched_while_nothing_has_changed(monkeypatch):
    monkeypatch.setenv("PATH", "")
    before = {path: path.stat().st_mtime_ns for path in build.BUNDLES.iterdir()}
    build.bundle()
    assert {path: path.stat().st_mtime_ns for path in build.BUNDLES.iterdir()} == before
