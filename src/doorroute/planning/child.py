"""The search in a child process: started early, fed a job, listened to, and stopped hard when its time is over.

`python -m` rather than multiprocessing: the same on every system, and it does not run the caller's script or notebook again.
"""

from __future__ import annotations

import json
import logging
import os
import pickle
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import TracebackType
from typing import IO, Final, Protocol, Self, cast

from doorroute.model.settings import Objective
from doorroute.planning.score import Orders
from doorroute.planning.tables import Tables

Report = Callable[[Orders], None]

READY: Final = "ready"
"""The line by which the child says that its imports are done and it waits for its job."""

_LOOK_S: Final = 0.1  # how often a stop is looked for
_GRACE_S: Final = 0.5  # how long after its time the child is stopped hard

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Job:
    """What to search for, and for how long. Numbers only: nothing personal leaves the parent."""

    tables: Tables
    objective: Objective
    first: Orders
    seconds: float
    seed: int


class Engine(Protocol):
    """Something that searches for better plans than a first one, to be used in a `with`."""

    def __enter__(self) -> Self:
        """Get ready."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave nothing running."""

    def search(self, job: Job, report: Report, stop: threading.Event) -> bool:
        """Search for `job.seconds`, or until `stop`; give each better plan to `report`; say whether the search ran at all."""


class Child:
    """An engine in a process of its own (`worker`)."""

    def __enter__(self) -> Self:
        self._errors = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "doorroute.planning.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        )
        self._lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join()
        for pipe in (self._process.stdin, self._process.stdout, self._errors):
            if pipe is not None:
                pipe.close()

    def search(self, job: Job, report: Report, stop: threading.Event) -> bool:
        """Search as `Engine` says. A child that crashes, or is stopped, has lost nothing that it had told."""
        ends = time.monotonic() + job.seconds
        if self._next(ends, stop) != READY.encode():
            self._log_failure()
            return False
        self._give(replace(job, seconds=max(0.0, ends - time.monotonic())))
        while (line := self._next(ends + _GRACE_S, stop)) is not None:
            report(tuple(tuple(order) for order in json.loads(line)))
        self._log_failure()
        return True

    def _give(self, job: Job) -> None:
        pipe = cast("IO[bytes]", self._process.stdin)
        try:
            pickle.dump(job, pipe, protocol=pickle.HIGHEST_PROTOCOL)
            pipe.close()
        except OSError:  # it has crashed meanwhile: its end of the pipe is closed, and `_next` will tell
            _log.debug("the search process took no job")

    def _log_failure(self) -> None:
        """Note for the curious why a child ended that was not stopped."""
        if self._process.poll():
            self._errors.seek(0)
            _log.warning("the search process ended with %s", self._process.returncode)
            _log.debug("%s", self._errors.read().decode(errors="replace"))

    def _read(self) -> None:
        """Pass the child's whole lines on, then None; a line cut off by a crash is not passed on."""
        for line in cast("IO[bytes]", self._process.stdout):
            if line.endswith(b"\n"):
                self._lines.put(line.rstrip())
        self._lines.put(None)

    def _next(self, until: float, stop: threading.Event) -> bytes | None:
        """Wait for the child's next line; None if there will be none in time."""
        while not stop.is_set() and (left := until - time.monotonic()) > 0:
            try:
                return self._lines.get(timeout=min(_LOOK_S, left))
            except queue.Empty:
                continue
        return None
