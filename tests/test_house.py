"""The house rules: style, types, imports, documents, and no names of hosts or machines."""

import ast
import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import doorroute
from doorroute.cli import main
from doorroute.pipeline.stages import GIVEN, STAGES

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent


@pytest.mark.parametrize(
    "command",
    [["ruff", "check"], ["ruff", "format", "--check"], ["mypy"], ["lint-imports", "--no-logo"]],
    ids=" ".join,
)
def test_the_code_is_clean(command: list[str]) -> None:
    tool = BIN / command[0]
    result = subprocess.run([tool, *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_a_stage_reads_only_what_an_earlier_one_wrote() -> None:
    there = set(GIVEN)
    for stage in STAGES:
        assert set(stage.reads) <= there, stage.name
        there |= set(stage.writes)


def test_every_stage_is_a_folder_and_stands_in_the_architecture() -> None:
    table = (ROOT / "ARCHITECTURE.md").read_text()
    for stage in STAGES:
        assert (ROOT / "src" / "doorroute" / stage.name).is_dir()
        assert f"| `{stage.name}` |" in table


GUIDES = (
    "README.md",
    "README.zh.md",
    "docs/dispatcher.md",
    "docs/planner.md",
    "docs/input.md",
    "docs/output.md",
)


def test_the_commands_in_the_guides_are_there() -> None:
    texts = [(ROOT / name).read_text(encoding="utf-8") for name in GUIDES]
    named = {
        name
        for text in texts
        for name in re.findall(r"(?:^    |`)doorroute (?:--lang zh )?([a-z]+)\b", text, re.MULTILINE)
    }
    assert named >= {
        "check",
        "plan",
        "replan",
        "report",
        "results",
        "scenarios",
        "solve",
        "verify",
        "network",
        "locate",
    }
    for name in named:
        assert main([name, "--help"]) == 0, name


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_the_readme_is_short(name: str) -> None:
    assert len((ROOT / name).read_text(encoding="utf-8").splitlines()) <= 100


def test_links_between_documents_lead_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
    for page in pages:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_scripts_outside_the_package_import_what_is_there() -> None:
    scripts = [path for folder in ("benchmarks", "docs", "data") for path in (ROOT / folder).rglob("*.py")]
    missing = []
    for script in scripts:
        for node in ast.walk(ast.parse(script.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "doorroute":
                module = importlib.import_module(str(node.module))
                wanted = [name.name for name in node.names if not hasattr(module, name.name)]
                found = [name for name in wanted if importlib.util.find_spec(f"{node.module}.{name}")]
                missing += [f"{script.name}: {node.module}.{name}" for name in wanted if name not in found]
    assert len(scripts) > 20
    assert missing == []


def test_the_version_stands_in_one_place_and_the_changelog_has_a_heading() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert "version" not in project
    assert re.fullmatch(r"\d+\.\d+\.\d+", doorroute.__version__)
    assert "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text()


def test_locks_carry_hashes_and_name_no_host() -> None:
    for name in ("requirements.lock", "requirements-dev.lock", "requirements-node.lock"):
        lock = (ROOT / name).read_text()
        assert "--hash=sha256:" in lock
        assert "://" not in lock
        pinned = re.findall(r"^[a-z0-9][\w.-]*==", lock, re.MULTILINE)
        assert len(re.findall(r"^[a-z0-9]", lock, re.MULTILINE)) == len(pinned) > 0


def test_nothing_committed_is_a_rendered_map_or_someone_elses_code() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    if not listed:
        pytest.fail("not a git checkout: run the tests from one")
    assert not [
        name
        for name in listed
        if name.startswith("maps/") and not name.startswith(("maps/sample/", "maps/README"))
    ]
    assert not [
        name for name in listed if re.search(r"leaflet.*\.(js|css)$|node_modules|\.min\.js$|\.mo$", name)
    ]
