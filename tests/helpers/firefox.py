"""A real Firefox over WebDriver BiDi, which it speaks by itself: no driver, no package. Playwright drives
builds of its own alone.

Looked for in `DOORROUTE_FIREFOX`, then as firefox-esr and firefox on the path.
"""

import base64
import itertools
import json
import os
import re
import secrets
import shutil
import socket
import struct
import subprocess
from pathlib import Path

NAME = "phone.test"
"""A host that leads here and is not "localhost": what comes from it is as insecure as from a machine in the
same building.
"""
PREFS = {
    "network.dns.localDomains": NAME,
    "security.fileuri.strict_origin_policy": True,  # as users have it; drivers switch it off
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.update.enabled": False,
    "browser.download.folderList": 2,
    "dom.disable_beforeunload": True,
}


def find():
    """Return the program, None where there is none."""
    return os.environ.get("DOORROUTE_FIREFOX") or shutil.which("firefox-esr") or shutil.which("firefox")


class Firefox:
    """One window. Commands are those of w3.org/TR/webdriver-bidi."""

    def __init__(self, program, profile: Path):
        settings = "".join(
            f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in PREFS.items()
        )
        (profile / "user.js").write_text(settings)
        command = [
            program,
            "--headless",
            "--no-remote",
            "--profile",
            str(profile),
            "--remote-debugging-port",
            "0",
        ]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        port = next(
            int(found[1])
            for line in self.process.stderr
            if (found := re.search(r"BiDi listening on ws://127.0.0.1:(\d+)", line))
        )
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        self.socket.sendall(
            f"GET /session HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        self.stream = self.socket.makefile("rb")
        while self.stream.readline().strip():
            pass
        self.numbers = itertools.count(1)
        self.ask("session.new", capabilities={})
        self.context = self.ask("browsingContext.getTree")["contexts"][0]["context"]

    def ask(self, method, **params):
        """Send a command and return its result."""
        number = next(self.numbers)
        text = json.dumps({"id": number, "method": method, "params": params}).encode()
        mask = secrets.token_bytes(4)
        length = bytes([0x80 | len(text)]) if len(text) < 126 else b"\xfe" + struct.pack(">H", len(text))
        self.socket.sendall(
            b"\x81" + length + mask + bytes(octet ^ mask[i % 4] for i, octet in enumerate(text))
        )
        while True:
            answer = json.loads(self._message())
            if answer.get("id") == number:
                if "error" in answer:
                    raise RuntimeError(answer["message"])
                return answer["result"]

    def _message(self):
        _, size = self.stream.read(2)
        if size == 126:
            (size,) = struct.unpack(">H", self.stream.read(2))
        elif size == 127:
            (size,) = struct.unpack(">Q", self.stream.read(8))
        return self.stream.read(size)

    def open(self, url):
        """Go to a page, or load it anew."""
        self.ask("browsingContext.navigate", context=self.context, url=url, wait="complete")

    def run(self, script):
        """Return what an expression gives, awaited where it is a promise: text, number or truth."""
        result = self.ask(
            "script.evaluate", expression=script, target={"context": self.context}, awaitPromise=True
        )
        if result["type"] != "success":
            raise RuntimeError(result["exceptionDetails"]["text"])
        return result["result"].get("value")

    def wait(self, condition, seconds=60):
        """Wait until an expression is true."""
        script = (
            f"new Promise((done, fail) => {{ const end = Date.now() + {seconds * 1000}; const look = () => "
            f"({condition}) ? done(true) : Date.now() > end ? fail(new Error('in vain')) : setTimeout(look, 50); look(); }})"
        )
        assert self.run(script)

    def screenshot(self, path: Path):
        """Take a picture of what is seen."""
        made = self.ask("browsingContext.captureScreenshot", context=self.context)
        path.write_bytes(base64.b64decode(made["data"]))

    def close(self):
        """End it."""
        self.stream.close()
        self.socket.close()
        self.process.terminate()
        self.process.wait(20)
        self.process.stderr.close()
