"""Rules for every request to a server: it ends in time and is never redirected to another server."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Final, TypeVar
from urllib.parse import urlsplit

Answer = TypeVar("Answer")

_PORTS: Final = {"http": 80, "https": 443}


def within(seconds: float, request: Callable[[], Answer]) -> Answer:
    """Return what `request` returns, or raise what it raises.

    A socket's own timeout applies to each read, so a server that sends a byte now and then never exceeds it.
    `request` therefore runs in a thread. After a timeout the thread is abandoned; it ends with the process.

    Raises
    ------
    TimeoutError
        `request` took longer than `seconds`.
    """
    answer: Future[Answer] = Future()

    def run() -> None:
        try:
            answer.set_result(request())
        except BaseException as error:  # noqa: BLE001  # raised again in the waiting thread
            answer.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return answer.result(seconds)


def is_same_server(url: str, redirect: str) -> bool:
    """Return whether `redirect` leads to the server of `url`; an upgrade from http to https may."""
    try:
        before, after = urlsplit(url), urlsplit(redirect)
        ports = [part.port or _PORTS.get(part.scheme) for part in (before, after)]
    except ValueError:
        return False
    upgraded = (before.scheme, after.scheme) == ("http", "https") and ports == [80, 443]
    return before.hostname == after.hostname and (
        upgraded or (before.scheme == after.scheme and ports[0] == ports[1])
    )
