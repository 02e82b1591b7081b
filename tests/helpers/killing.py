"""Kills a piece of work at each of its file operations in turn, in a process of its own: for the tests of
what is left then.

A script that is run for itself calls `at_every_operation`; it forks, so nothing may run beside it.
"""

import os
import sys
from collections.abc import Callable

CHANGING = {
    "os.rename",
    "os.remove",
    "os.rmdir",
    "os.mkdir",
    "os.link",
    "os.symlink",
    "os.truncate",
    "os.chmod",
}
KILLED = 9
EVERY = "DOORROUTE_EVERY_CRASH"
"""Set it, and every operation is tried; else some of them, spread over all: each waits for the disk."""


def _changes(event: str, args: tuple[object, ...]) -> bool:
    if event == "open":
        mode, flags = args[1], args[2]
        written = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        return bool(written) or (isinstance(mode, str) and not {"w", "a", "x", "+"}.isdisjoint(mode))
    return event in CHANGING


def without_waiting_for_the_disk() -> None:
    """Make `os.fsync` do nothing in this process: the system keeps what a killed process has written."""
    os.fsync = lambda *_: None


def at_operation(number: int, work: Callable[[], object]) -> bool:
    """Do `work` in a fork that ends hard just before its file operation `number`; say whether it got that
    far.
    """
    child = os.fork()
    if not child:
        left = number

        def count(event: str, args: tuple[object, ...]) -> None:
            nonlocal left
            if _changes(event, args):
                left -= 1
                if not left:
                    os._exit(KILLED)

        sys.addaudithook(count)
        try:
            work()
        except BaseException as error:  # noqa: BLE001  # told by the exit code
            sys.stderr.write(f"failed by itself: {error!r}\n")
            os._exit(1)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, KILLED), code
    return code == KILLED


def at_every_operation(
    prepare: Callable[[], object], work: Callable[[], object], check: Callable[[], object], *, step: int = 1
) -> int:
    """Kill `work` at operation 1, 1 + `step`, ... (with `EVERY` at all) until it gets through; `prepare`
    before and `check` after each. Return how many times.
    """
    number, step = 1, 1 if os.environ.get(EVERY) else step
    while True:
        prepare()
        killed = at_operation(number, work)
        check()
        if not killed:
            return number // step
        number += step
