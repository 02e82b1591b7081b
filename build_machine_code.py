"""Adds the compiled searches to a wheel, so that nobody who installs it waits for the compiler.

With `DOORROUTE_PURE_WHEEL=1`, or if they cannot be compiled, the wheel is pure and they are compiled at
the first plan.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from packaging.tags import sys_tags

FOLDER = Path(".cache", "machine-code")


def is_wanted() -> bool:
    """Return whether a wheel should carry machine code."""
    return not os.environ.get("DOORROUTE_PURE_WHEEL")


def add_to_wheel(root: Path, build_data: dict[str, Any]) -> None:
    """Compile the searches of the checkout `root` and add them; the wheel's name gets this platform.

    Any Python can install the wheel. Where the machine code does not fit, the searches are compiled at
    the first plan.
    """
    folder = root / FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    environment = os.environ | {"PYTHONPATH": str(root / "src")}
    command = [sys.executable, "-m", "doorroute.warm", "--wheel", str(folder)]
    done = subprocess.run(command, env=environment, check=False)  # noqa: S603
    if done.returncode:
        sys.stderr.write("The searches could not be compiled: the wheel carries no machine code.\n")
        return
    platform = next(
        tag.platform for tag in sys_tags() if not tag.platform.startswith(("manylinux", "musllinux"))
    )
    build_data["pure_python"] = False
    build_data["tag"] = f"py3-none-{platform}"
    build_data["force_include"][str(folder)] = "doorroute/machine_code/shipped"
