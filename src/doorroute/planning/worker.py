"""The child process that searches: its job comes in on stdin, every better plan goes out on stdout as a line of JSON.

Run by `child`; apart from the parent so that a search that hangs or crashes can be stopped without losing what was found.
"""

from __future__ import annotations

import json
import pickle
import signal
import sys

from doorroute.planning.child import READY, Job
from doorroute.planning.ortools_engine import improve
from doorroute.planning.score import Orders


def main() -> None:
    """Do one job."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the parent too, and it decides
    sys.stdout.write(READY + "\n")
    sys.stdout.flush()
    job: Job = pickle.load(sys.stdin.buffer)  # noqa: S301  written by the parent
    improve(job.tables, job.objective, job.first, job.seconds, job.seed, _tell)


def _tell(orders: Orders) -> None:
    sys.stdout.write(json.dumps(orders) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
