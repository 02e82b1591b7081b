"""The child process that searches: a job comes in on stdin, better plans go out on stdout as JSON lines.

Run by `child`, in a process of its own: a search that hangs or crashes can be stopped, and what it has
found so far is kept.
"""

from __future__ import annotations

import json
import pickle
import signal
import sys
import time
from collections.abc import Callable

from doorroute.planning.core.score import Orders
from doorroute.planning.search.best import Best
from doorroute.planning.search.child import Job
from doorroute.planning.search.phases import Search


def main() -> None:
    """Do one job."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # on Windows Ctrl-C comes here too, but the parent decides
    job: Job = pickle.load(sys.stdin.buffer)  # noqa: S301  written by the parent
    work(job, _tell)


def work(job: Job, tell: Callable[[Orders], None]) -> None:
    """Search for better plans than the job's first, and `tell` each."""
    seconds = job.ends - time.time()
    ends = time.monotonic() + seconds
    best = Best(job.tables, job.objective, tell)
    best.take(job.first)
    if job.plain:
        from doorroute.planning.search import ortools_engine

        ortools_engine.improve(best, ends - time.monotonic(), job.seed)
        return
    Search(best, ends, job.seed, stopped=lambda: False).run()


def _tell(orders: Orders) -> None:
    sys.stdout.write(json.dumps(orders) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
