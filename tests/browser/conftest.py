"""A real Chromium with the network off, and what a page did in it."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.browser.get_chromium import find

HERE = Path(__file__).parent
FLAGS = [
    "--no-sandbox",  # as root, as in containers; only our own pages are opened
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    # as if from a machine in the building: no secure context
    "--host-resolver-rules=MAP phone.test 127.0.0.1",
]
LOCALES = {"en": "en-GB", "zh": "zh-CN"}
DESKTOP = (1280, 800)


@dataclass
class Opened:
    """A page, the requests that it tried (its own file apart), and what it complained of."""

    page: Page
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is in this folder, so that `-m "not browser"` leaves it out."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return a Chromium for the whole session."""
    chromium = find()
    if chromium is None:
        reason = "no Chromium here: run tests/browser/get_chromium.py, or name one in DOORROUTE_CHROMIUM"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Opened]]:
    """Return the function that opens a file with the network off; `more` goes to the browser's context."""
    contexts = []

    def open_it(
        path: Path, *, viewport: tuple[int, int] = DESKTOP, lang: str = "en", **more: object
    ) -> Opened:
        width, height = viewport
        size = {"width": width, "height": height}
        context = browser.new_context(offline=True, viewport=size, locale=LOCALES[lang], **more)
        contexts.append(context)
        opened = Opened(context.new_page())
        url = path.resolve().as_uri()

        def complain(message: ConsoleMessage) -> None:
            if message.type == "error":
                opened.errors.append(message.text)

        context.on(
            "request", lambda request: opened.requests.append(request.url) if request.url != url else None
        )
        context.on("console", complain)
        context.on("weberror", lambda error: opened.errors.append(str(error.error)))
        opened.page.goto(url)
        return opened

    yield open_it
    for context in contexts:
        context.close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def serve() -> Iterator[Callable[..., str]]:
    """Return the function that serves a folder on this machine, and gives its address; `name` is another
    name of it.
    """
    with ExitStack() as servers:

        def serve_it(folder: Path, name: str = "127.0.0.1") -> str:
            server = servers.enter_context(
                ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=folder))
            )
            servers.callback(server.shutdown)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            return f"http://{name}:{server.server_port}"

        yield serve_it
