"""Reads foreign files in a process of its own, with bounds on memory and time: a crash there is one sentence here.

`python -m doorroute.sandbox` is that process. It is started once, does one job after the other, and ends with its parent; after a failure a
new one is started. Jobs and answers are lines of JSON; results are files in a private folder. Nothing that it writes is unpickled.
"""

from __future__ import annotations

import atexit
import contextlib
import errno
import json
import logging
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Any, Final, Protocol, cast

from doorroute import errors
from doorroute.errors import DoorrouteError, OutsideError, why
from doorroute.texts import Text, msg

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_log = logging.getLogger(__name__)
_NEW_GROUP: Final = getattr(
    subprocess, "CREATE_NEW_PROCESS_GROUP", 0
)  # Windows; elsewhere a session of its own
_FULL_BYTES: Final = 2**20  # so little left on a disk is none
_CORES: Final = (
    4  # that libraries may keep busy at once: processor time is so much more than time on the clock
)


class Reason(StrEnum):
    """Why a job came to nothing."""

    CRASH = "crash"
    MEMORY = "memory"
    TIME = "time"
    FOREIGN = "foreign"  # a library raised what it does not document


class ApartError(Exception):
    """A job that came to nothing; `detail` is what a library said, for the log."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a job may take: bytes of memory (where the system can hold a process to it) and seconds."""

    memory: int
    seconds: float


class Work(Protocol):
    """A function of a module, given the folder for its results and texts or numbers."""

    __module__: str
    __qualname__: str

    def __call__(self, folder: Path, /, *args: Any) -> None:  # noqa: ANN401  # what JSON can hold
        """Do the work."""


def begin(*modules: str) -> None:
    """Start the process, so that it imports `modules` while this one does something else."""
    with _LOCK, contextlib.suppress(ApartError, OutsideError):
        _helper().send({"import": modules})


@contextlib.contextmanager
def apart(
    work: Work, *args: str | float, limits: Limits, progress: Callable[[float], None] | None = None
) -> Iterator[Path]:
    """Give a private folder with what `work(folder, *args)` wrote there; it is gone afterwards.

    Raises
    ------
    ApartError
        It crashed, took too much, or a library raised something.
    DoorrouteError
        As `work` raised it.
    OutsideError
        `DISK_FAILED`: there is no room for the results.
    """
    try:
        private = tempfile.TemporaryDirectory(prefix="doorroute-", ignore_cleanup_errors=True)
    except OSError as error:
        raise disk_failed(error) from error
    with private as folder:
        job = {
            "call": f"{work.__module__}:{work.__qualname__}",
            "folder": folder,
            "args": args,
            "memory": limits.memory,
        }
        with _LOCK:
            _run({**job, "seconds": limits.seconds}, progress)
        yield Path(folder)


def say_progress(share: float) -> None:
    """Tell the parent how far the job has come, 0 to 1; called by `work`."""
    _answer({"progress": share})


class _Helper:
    """The process, and what it has answered."""

    def __init__(self) -> None:
        self.errors = tempfile.TemporaryFile()  # noqa: SIM115  # as long as the process
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "doorroute.sandbox"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            start_new_session=True,  # Ctrl-C is for the parent alone: it is no sign of a broken file
            creationflags=_NEW_GROUP,
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
                "OPENBLAS_NUM_THREADS": "1",  # its threads would take memory that the file is to have
            },
        )
        self.fresh = True  # has done no job yet
        self.answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._listening = threading.Thread(target=self._listen, daemon=True)
        self._listening.start()

    def _listen(self) -> None:
        for line in cast("IO[bytes]", self.process.stdout):
            self.answers.put(line)
        self.answers.put(b"")

    def send(self, job: dict[str, object]) -> None:
        pipe = cast("IO[bytes]", self.process.stdin)
        try:
            pipe.write(json.dumps(job).encode() + b"\n")
            pipe.flush()
        except OSError as error:
            raise ApartError(Reason.CRASH) from error

    def end(self) -> str:
        """Stop it; return the last that it said on stderr."""
        self.process.kill()
        self.process.wait()
        self._listening.join()
        with contextlib.suppress(OSError):
            cast("IO[bytes]", self.process.stdin).close()
        cast("IO[bytes]", self.process.stdout).close()
        self.errors.seek(0)
        said = self.errors.read()[-4000:].decode(errors="replace")
        self.errors.close()
        return said


_LOCK: Final = threading.RLock()
_RUNNING: Final[list[_Helper]] = []


def _helper() -> _Helper:
    if not _RUNNING or _RUNNING[0].process.poll() is not None:
        _stop()
        try:
            _RUNNING.append(_Helper())
        except OSError as error:
            raise OutsideError(
                "HELPER_FAILED",
                msg("A process that reads files could not be started: {reason}", reason=why(error)),
                msg("Close other programs, and try again."),
            ) from error
    return _RUNNING[0]


def _stop() -> str:
    return _RUNNING.pop().end() if _RUNNING else ""


atexit.register(_stop)


def _run(job: dict[str, Any], progress: Callable[[float], None] | None) -> None:
    """Have the job done; what failed in a process that had done others before gets a fresh one."""
    while True:
        helper = _helper()
        was_fresh, helper.fresh = helper.fresh, False
        try:
            answer = _asked(helper, job, progress)
        except ApartError as error:
            if was_fresh or error.reason not in {Reason.CRASH, Reason.MEMORY}:
                raise
            continue
        if "error" in answer:
            raise _error_from(answer["error"])
        return


def _asked(helper: _Helper, job: dict[str, Any], progress: Callable[[float], None] | None) -> dict[str, Any]:
    sound = False
    try:
        helper.send(job)
        answer = _wait(helper, time.monotonic() + job["seconds"], progress)
        sound = answer.get("failed") != Reason.MEMORY
        if "failed" in answer:
            raise ApartError(Reason(answer["failed"]), str(answer.get("detail", "")))
        return answer
    finally:
        if not sound:  # crashed, stuck, interrupted, or in an unknown state
            _log.debug("a reader ended early: %s", _stop())


def _wait(helper: _Helper, deadline: float, progress: Callable[[float], None] | None) -> dict[str, Any]:
    while True:
        left = deadline - time.monotonic()
        try:
            line = helper.answers.get(
                timeout=min(max(0.0, left), 1.0)
            )  # on Windows, Ctrl-C is heard between two waits
        except queue.Empty:
            if left <= 0:
                raise ApartError(Reason.TIME) from None
            continue
        try:
            answer = json.loads(line)
        except ValueError:
            raise ApartError(Reason.CRASH) from None
        if "progress" not in answer:
            return cast("dict[str, Any]", answer)
        if progress is not None:
            progress(float(answer["progress"]))


def _error_from(told: dict[str, Any]) -> DoorrouteError:
    kind = getattr(errors, str(told["kind"]))
    made: DoorrouteError = kind(str(told["code"]), _text_from(told["message"]), _text_from(told["advice"]))
    return made


def _text_from(told: dict[str, Any]) -> Text:
    params = {
        name: _text_from(value) if isinstance(value, dict) else value
        for name, value in told["params"].items()
    }
    return Text(str(told["template"]), MappingProxyType(params), told["plural"])


def _text_to(text: Text) -> dict[str, Any]:
    params = {
        name: _text_to(value)
        if isinstance(value, Text)
        else value
        if isinstance(value, int | float)
        else str(value)
        for name, value in text.params.items()
    }
    return {"template": text.template, "params": params, "plural": text.plural}


# What follows runs in the process itself.

_ANSWERS: Final[list[IO[str]]] = []


def _answer(told: dict[str, object]) -> None:
    for pipe in _ANSWERS:
        pipe.write(json.dumps(told) + "\n")
        pipe.flush()


def serve(lines: IO[str]) -> None:
    """Do the jobs in `lines` until there are no more."""
    for line in lines:
        job = json.loads(line)
        for module in job.get("import", ()):
            import_module(module)
        if "call" in job:
            _answer(_done(job))


def _done(job: dict[str, Any]) -> dict[str, object]:
    module, _, name = job["call"].partition(":")
    try:
        work = getattr(import_module(module), name)
        _limit(int(job["memory"]), float(job["seconds"]))
        work(Path(job["folder"]), *job["args"])
    except DoorrouteError as error:
        return _told(error)
    except MemoryError:
        return {"failed": Reason.MEMORY}
    except Exception as error:  # noqa: BLE001  # libraries that read foreign data raise anything: the caller says what it means
        return _failed(error, job["folder"])
    return {"done": True}


def _told(error: DoorrouteError) -> dict[str, object]:
    kind = next(each.__name__ for each in type(error).__mro__ if each.__module__ == errors.__name__)
    return {
        "error": {
            "kind": kind,
            "code": error.code,
            "message": _text_to(error.message),
            "advice": _text_to(error.advice),
        }
    }


def _failed(error: Exception, folder: str) -> dict[str, object]:
    if shutil.disk_usage(folder).free < _FULL_BYTES:  # libosmium does not say so
        return _told(disk_failed(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))))
    for number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO):
        if os.strerror(number) in str(error):  # libraries write it into errors of their own kinds
            return _told(disk_failed(OSError(number, os.strerror(number))))
    traceback.print_exception(error)
    return {"failed": Reason.FOREIGN, "detail": f"{type(error).__name__}: {error}"}


def _limit(memory: int, seconds: float) -> None:
    """Hold this process to `memory` bytes of its own, and to processor time in case that nobody waits for it any more."""
    try:
        import resource  # not on Windows
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = used.ru_utime + used.ru_stime
    for limit, most in (
        (resource.RLIMIT_DATA, memory),
        (resource.RLIMIT_CPU, int(spent + seconds * _CORES) + 1),
    ):
        hard = resource.getrlimit(limit)[1]
        with contextlib.suppress(ValueError, OSError):  # the system has a lower one already
            resource.setrlimit(limit, (most, hard))


def disk_failed(error: OSError) -> DoorrouteError:
    """Say that results cannot be written."""
    return OutsideError(
        "DISK_FAILED",
        msg("A file could not be written: {reason}", reason=why(error)),
        msg("Make room on the disk, or give another folder."),
    )


def main() -> None:
    """Listen to the parent; what a library prints goes to stderr, not among the answers."""
    _ANSWERS.append(os.fdopen(os.dup(1), "w", encoding="utf-8"))
    os.dup2(2, 1)
    serve(sys.stdin)


if __name__ == "__main__":
    # as the module that the jobs import: otherwise `say_progress` would know another list of pipes
    from doorroute.sandbox import main as run

    run()
