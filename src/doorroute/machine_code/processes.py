"""Compiling in child processes, two at a time, for any processor of the architecture."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from doorroute.machine_code.kept import ANY_PROCESSOR

AT_ONCE: Final = 2
"""Processes at a time. More would not be faster: one function takes as long as all others."""


def compile_in_processes(commands: Sequence[Sequence[str]]) -> bool:
    """Run `python -m` with each of `commands`, the first ones first; return whether all succeeded.

    What one process has compiled is found by the others.
    """
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return all(list(pool.map(_succeeds, commands)))


def _succeeds(command: Sequence[str]) -> bool:
    name, features = ANY_PROCESSOR
    home = str(Path(__file__).parents[2])
    paths = os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH"))))
    environment = os.environ | {
        "NUMBA_CPU_NAME": name,
        "NUMBA_CPU_FEATURES": features,
        "NUMBA_DISABLE_INTEL_SVML": "1",  # a library that another computer may lack
        "PYTHONPATH": paths,
    }
    try:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", *command], env=environment, capture_output=True, check=False
        )
    except OSError:  # no further process can be started here
        return False
    return done.returncode == 0
