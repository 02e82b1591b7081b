"""Read foreign files in a separate process with limits on memory and time.

A crash there becomes one error message here. The process runs `python -m doorroute.sandbox`. It is started
once, does one job after the other, and ends with its parent; after a failure a new one is started. Jobs and
answers are lines of JSON; results are files in a private folder. Nothing that it writes is unpickled.
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
from doorroute.disk.files import Json
from doorroute.errors import DoorrouteError, OutsideError, why
from doorroute.texts import Text, msg

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_log = logging.getLogger(__name__)
# Windows; elsewhere the process gets its own session
_NEW_GROUP: Final = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
_FULL_BYTES: Final = 2**20  # a disk with less free space than this counts as full
_CORES: Final = 4  # processor time is limited to this many times the clock time


class Failure(StrEnum):
    """Why a job failed."""

    CRASH = "crash"
    MEMORY = "memory"
    TIME = "time"
    FOREIGN = "foreign"  # a library raised an error that it does not document


class SandboxError(Exception):
    """A job that failed; `detail` is the library's own message, for the log."""

    def __init__(self, reason: Failure, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a job may use: bytes of memory (where the system can enforce it) and seconds."""

    memory: int
    seconds: float


class Work(Protocol):
    """A function of a module that takes the folder for its results, then texts or numbers."""

    __module__: str
    __qualname__: str

    def __call__(self, folder: Path, /, *args: Json) -> None:
        """Do the work."""


def start_sandbox(*modules: str) -> None:
    """Start the process early, so that it imports `modules` while this one does other work."""
    with _LOCK, contextlib.suppress(SandboxError, OutsideError):
        _worker().send({"import": modules})


@contextlib.contextmanager
def run_in_sandbox(
    work: Work, *args: str | float, limits: Limits, progress: Callable[[float], None] | None = None
) -> Iterator[Path]:
    """Run `work(folder, *args)` and give its private folder of results, which is removed afterwards.

    Raises
    ------
    SandboxError
        The job crashed, exceeded a limit, or a library raised an error.
    DoorrouteError
        `work` raised it.
    OutsideError
        `DISK_FAILED`: there is no space for the results.
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


def report_progress(share: float) -> None:
    """Report to the parent how much of the job is done, 0 to 1; called by `work`."""
    _answer({"progress": share})


class _Worker:
    """The process and its answers."""

    def __init__(self) -> None:
        self.errors = tempfile.TemporaryFile()  # noqa: SIM115  # open as long as the process runs
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "doorroute.sandbox"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            start_new_session=True,  # Ctrl-C goes to the parent only; here it would look like a crash
            creationflags=_NEW_GROUP,
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
                "OPENBLAS_NUM_THREADS": "1",  # more threads would use memory that is meant for the file
            },
        )
        self.fresh = True  # has not done a job yet
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
            raise SandboxError(Failure.CRASH) from error

    def end(self) -> str:
        """Stop the process; return the end of its stderr."""
        self.process.kill()
        self.process.wait()
        self._listening.join()
        with contextlib.suppress(OSError):
            cast("IO[bytes]", self.process.stdin).close()
        cast("IO[bytes]", self.process.stdout).close()
        self.errors.seek(0)
        last_output = self.errors.read()[-4000:].decode(errors="replace")
        self.errors.close()
        return last_output


_LOCK: Final = threading.RLock()
_RUNNING: Final[list[_Worker]] = []


def _worker() -> _Worker:
    if not _RUNNING or _RUNNING[0].process.poll() is not None:
        _stop()
        try:
            _RUNNING.append(_Worker())
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
    """Run the job; after a crash or lack of memory in a used process, try again in a new one."""
    while True:
        worker = _worker()
        was_fresh, worker.fresh = worker.fresh, False
        try:
            answer = _request(worker, job, progress)
        except SandboxError as error:
            if was_fresh or error.reason not in {Failure.CRASH, Failure.MEMORY}:
                raise
            continue
        if "error" in answer:
            raise _error_from(answer["error"])
        return


def _request(
    worker: _Worker, job: dict[str, Any], progress: Callable[[float], None] | None
) -> dict[str, Any]:
    sound = False
    try:
        worker.send(job)
        answer = _wait(worker, time.monotonic() + job["seconds"], progress)
        sound = answer.get("failed") != Failure.MEMORY
        if "failed" in answer:
            raise SandboxError(Failure(answer["failed"]), str(answer.get("detail", "")))
        return answer
    finally:
        if not sound:  # crashed, stuck, interrupted, or in an unknown state
            _log.debug("a reader ended early: %s", _stop())


def _wait(worker: _Worker, deadline: float, progress: Callable[[float], None] | None) -> dict[str, Any]:
    while True:
        left = deadline - time.monotonic()
        try:
            # no longer than a second: Windows delivers Ctrl-C only between two waits
            line = worker.answers.get(timeout=min(max(0.0, left), 1.0))
        except queue.Empty:
            if left <= 0:
                raise SandboxError(Failure.TIME) from None
            continue
        try:
            answer = json.loads(line)
        except ValueError:
            raise SandboxError(Failure.CRASH) from None
        if "progress" not in answer:
            return cast("dict[str, Any]", answer)
        if progress is not None:
            progress(float(answer["progress"]))


def _error_from(answer: dict[str, Any]) -> DoorrouteError:
    kind = getattr(errors, str(answer["kind"]))
    error: DoorrouteError = kind(
        str(answer["code"]), _text_from(answer["message"]), _text_from(answer["advice"])
    )
    return error


def _text_from(value: dict[str, Any]) -> Text:
    params = {
        name: _text_from(param) if isinstance(param, dict) else param
        for name, param in value["params"].items()
    }
    return Text(str(value["template"]), MappingProxyType(params), value["plural"])


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


# The rest runs in the process itself.

_ANSWERS: Final[list[IO[str]]] = []


def _answer(message: dict[str, object]) -> None:
    for pipe in _ANSWERS:
        pipe.write(json.dumps(message) + "\n")
        pipe.flush()


def serve(lines: IO[str]) -> None:
    """Do the jobs in `lines`, one a line."""
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
        return _error_to(error)
    except MemoryError:
        return {"failed": Failure.MEMORY}
    except Exception as error:  # noqa: BLE001  # libraries that read foreign data may raise anything
        return _failed(error, job["folder"])
    return {"done": True}


def _error_to(error: DoorrouteError) -> dict[str, object]:
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
    if shutil.disk_usage(folder).free < _FULL_BYTES:  # libosmium does not report a full disk
        return _error_to(disk_failed(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))))
    for number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO):
        if os.strerror(number) in str(error):  # libraries quote it in errors of their own
            return _error_to(disk_failed(OSError(number, os.strerror(number))))
    traceback.print_exception(error)
    return {"failed": Failure.FOREIGN, "detail": f"{type(error).__name__}: {error}"}


def _limit(memory: int, seconds: float) -> None:
    """Limit the memory of this process, and its processor time in case the parent no longer waits for it."""
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
        with contextlib.suppress(ValueError, OSError):  # the system's own limit is lower
            resource.setrlimit(limit, (most, hard))


def disk_failed(error: OSError) -> DoorrouteError:
    """Return the error for results that cannot be written."""
    return OutsideError(
        "DISK_FAILED",
        msg("A file could not be written: {reason}", reason=why(error)),
        msg("Make room on the disk, or give another folder."),
    )


def main() -> None:
    """Serve the parent; whatever a library prints goes to stderr, not among the answers."""
    _ANSWERS.append(os.fdopen(os.dup(1), "w", encoding="utf-8"))
    os.dup2(2, 1)
    serve(sys.stdin)


if __name__ == "__main__":
    # the same module that jobs import: otherwise `report_progress` would use another list of pipes
    from doorroute.sandbox import main as run

    run()
