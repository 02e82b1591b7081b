"""Wall time and memory of a command with all its children."""

from __future__ import annotations

import subprocess
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True)
class Measured:
    """Seconds, the largest sum of resident memory of the command and its children at one moment in MB, and
    what it printed.
    """

    wall_s: float
    peak_mb: float
    stdout: str
    stderr: str


def measure(command: Sequence[str], env: Mapping[str, str]) -> Measured:
    """Run `command` to its end, which must be a good one."""
    began = time.perf_counter()
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    peak = 0
    over = threading.Event()

    def watch() -> None:
        nonlocal peak
        root = psutil.Process(process.pid)
        while not over.wait(0.05):
            total = 0
            try:
                family = [root, *root.children(recursive=True)]
            except psutil.NoSuchProcess:
                break
            for each in family:
                try:
                    total += each.memory_info().rss
                except psutil.NoSuchProcess:
                    continue
            peak = max(peak, total)

    watcher = threading.Thread(target=watch)
    watcher.start()
    stdout, stderr = process.communicate()
    wall_s = time.perf_counter() - began
    over.set()
    watcher.join()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n{stderr}")
    return Measured(wall_s, peak / 1e6, stdout, stderr)
