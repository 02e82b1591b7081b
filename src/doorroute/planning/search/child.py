"""The search in a child process: start it early, send it a job, read its plans, stop it when time is over.

`python -m` rather than multiprocessing: the same on every system, and it does not run the caller's script
or notebook again.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import pickle
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import IO, Protocol, Self, cast

from doorroute.model.settings import Objective
from doorroute.planning.core.score import Orders
from doorroute.planning.core.tables import Tables

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Job:
    """What to search for, and until when (`time.time`, which both processes share).

    `plain`: by OR-Tools' routing library alone, instead of our own search.
    """

    tables: Tables
    objective: Sequence[Objective]
    first: Orders
    ends: float
    seed: int
    plain: bool = False


class Engine(Protocol):
    """An engine that searches at the same time for better plans than a first one; use it in a `with`."""

    def __enter__(self) -> Self:
        """Get ready."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave nothing running."""

    def begin(self, job: Job) -> None:
        """Take the job, and begin when ready."""

    def news(self) -> list[Orders]:
        """Return the better plans that have been found since the last time, at once."""


class Child:
    """An engine in a process of its own, `worker`. If it crashes, the plans that it has sent are kept."""

    def __enter__(self) -> Self:
        self._errors = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "doorroute.planning.search.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            start_new_session=True,  # Ctrl-C is for the parent alone
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        )
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._threads = [threading.Thread(target=self._read, daemon=True)]
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll():
            self._errors.seek(0)
            _log.warning("the search process ended by itself with %s", self._process.returncode)
            _log.debug("%s", self._errors.read().decode(errors="replace"))
        self._process.kill()
        self._process.wait()
        for thread in self._threads:
            thread.join()
        with contextlib.suppress(OSError):  # what was still to be sent
            cast("IO[bytes]", self._process.stdin).close()
        cast("IO[bytes]", self._process.stdout).close()
        self._errors.close()

    def begin(self, job: Job) -> None:
        """Send the job, which waits in the pipe until the child has started."""
        self._threads.append(threading.Thread(target=self._give, args=(job,), daemon=True))
        self._threads[-1].start()

    def news(self) -> list[Orders]:
        """Return what the child has sent since the last time; ignore lines that are no plan."""
        found = []
        for _ in range(self._lines.qsize()):
            with contextlib.suppress(ValueError):
                found.append(tuple(tuple(order) for order in json.loads(self._lines.get_nowait())))
        return found

    def _give(self, job: Job) -> None:
        pipe = cast("IO[bytes]", self._process.stdin)
        with contextlib.suppress(OSError):  # it has crashed, and closed its end: the exit code says so
            pickle.dump(job, pipe, protocol=pickle.HIGHEST_PROTOCOL)
            pipe.close()

    def _read(self) -> None:
        """Queue the child's whole lines; one cut off by a crash is none."""
        for line in cast("IO[bytes]", self._process.stdout):
            if line.endswith(b"\n"):
                self._lines.put(line)
