"""Side environments under `.cache/`: what is measured against must not be among what the project needs."""

from __future__ import annotations

import glob
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PEERS = {
    "osrm": ["osrm-bindings==26.10.0"],
    "searches": ["igraph", "networkit", "pandana", "scipy", "numba", "numpy"],
}
NEWER = "import sys; sys.exit(sys.version_info < (3, 12))"


def python_of(side: str) -> Path | None:
    """Return the Python of a side environment, made where it is not there; None where this computer cannot
    have it.
    """
    names = " ".join(PEERS[side])
    folder = ROOT / ".cache" / f"side-{side}-{hashlib.sha256(names.encode()).hexdigest()[:8]}"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if (folder / "complete").exists():
        return python
    newer = _newer_python() if side == "osrm" else sys.executable
    if newer is None:
        print(
            "OSRM is left out: its wheels want Python 3.12 or later; put a python3.12 on the path.",
            file=sys.stderr,
        )
        return None
    subprocess.run([newer, "-m", "venv", "--clear", str(folder)], check=True)
    done = subprocess.run([str(python), "-m", "pip", "install", "--quiet", *PEERS[side]], check=False)
    if done.returncode:
        print(f"{side} is left out: pip could not install {names}.", file=sys.stderr)
        return None
    (folder / "complete").touch()
    return python


def _newer_python() -> str | None:
    pyenv = os.environ.get("PYENV_ROOT", str(Path.home() / ".pyenv"))
    named = [sys.executable, *(f"python3.{minor}" for minor in (12, 13, 14))]
    for name in [*named, *sorted(glob.glob(f"{pyenv}/versions/3.1[2-9]*/bin/python"))]:  # noqa: PTH207  # an absolute pattern
        found = shutil.which(name)
        if (
            found
            and not subprocess.run([found, "-c", NEWER], check=False, stderr=subprocess.DEVNULL).returncode
        ):
            return found
    return None


def ask(python: Path, script: str, job: dict[str, Any], limit_s: float | None = None) -> Any:  # noqa: ANN401  # JSON
    """Run a peer's script with a job; return what it answers. Raises `subprocess.TimeoutExpired` after
    `limit_s`.
    """
    return given([str(python), str(Path(__file__).with_name(script))], job, limit_s)


def given(command: list[str], job: dict[str, Any], limit_s: float | None = None) -> Any:  # noqa: ANN401  # JSON
    """Run `command` with the name of a file that holds the job; return the JSON that it prints."""
    with tempfile.NamedTemporaryFile("w", suffix=".json", delete=False) as file:
        json.dump(job, file)
    try:
        answer = subprocess.run(
            [*command, file.name], check=True, stdout=subprocess.PIPE, text=True, timeout=limit_s
        )
    finally:
        Path(file.name).unlink()
    return json.loads(answer.stdout)
