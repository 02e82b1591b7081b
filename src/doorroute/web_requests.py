"""What holds whenever a server is asked: it answers in time, and sends nobody on to another server."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Final, TypeVar
from urllib.parse import urlsplit

Said = TypeVar("Said")

_PORTS: Final = {"http": 80, "https": 443}


def within(seconds: float, ask: Callable[[], Said]) -> Said:
    """Return what `ask` returns, or raise what it raises.

    A socket's own limit is for each piece: a server that sends a byte now and then keeps within it for ever. So `ask` runs in a thread;
    one that takes longer is left alone, and ends with the process.

    Raises
    ------
    TimeoutError
        It took longer than `seconds`.
    """
    said: Future[Said] = Future()

    def run() -> None:
        try:
            said.set_result(ask())
        except BaseException as error:  # noqa: BLE001  # whoever waits raises it
            said.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return said.result(seconds)


def stays(asked: str, to: str) -> bool:
    """Say whether a redirect from the address `asked` leads to the same server; from http to https it may."""
    try:
        before, after = urlsplit(asked), urlsplit(to)
        ports = [part.port or _PORTS.get(part.scheme) for part in (before, after)]
    except ValueError:
        return False
    upgraded = (before.scheme, after.scheme) == ("http", "https") and ports == [80, 443]
    return before.hostname == after.hostname and (
        upgraded or (before.scheme == after.scheme and ports[0] == ports[1])
    )
