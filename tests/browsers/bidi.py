"""A Firefox that is driven by WebDriver BiDi: tabs, cookies, an extension and its button.

Source: w3c.github.io/webdriver-bidi. Chrome contexts are Firefox's own (`moz:scope`), which need
`--remote-allow-system-access`.
"""

import importlib
import itertools
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

# By name: the types are checked where the package is not installed, too.
_client: Any = importlib.import_module("websockets.sync.client")

_START_TIMEOUT: Final = 60.0
_ANSWER_TIMEOUT: Final = 60.0
"""Seconds for a command: a page of 16 MB takes one on a busy machine."""


class Firefox:
    """One session with one tab."""

    def __init__(self, connection: Any):
        self._connection = connection
        self._numbers = itertools.count(1)
        self.call("session.new", capabilities={})
        self._tab: str = self.call("browsingContext.create", type="tab")["context"]

    def call(self, method: str, **parameters: Any) -> Any:
        """Send a command; return its result. Raises AssertionError for an error."""
        number = next(self._numbers)
        self._connection.send(json.dumps({"id": number, "method": method, "params": parameters}))
        deadline = time.monotonic() + _ANSWER_TIMEOUT
        while True:
            answer = json.loads(self._connection.recv(deadline - time.monotonic()))
            if answer.get("id") == number:
                assert answer["type"] == "success", answer
                return answer["result"]

    def set_cookie(self, address: str, name: str, value: str) -> None:
        """Set a cookie for the host of an address."""
        host = address.split("//")[1].split(":")[0]
        cookie = {"name": name, "value": {"type": "string", "value": value}, "domain": host}
        self.call("storage.setCookie", cookie=cookie)

    def open(self, address: str) -> None:
        """Open a page in the tab, and wait until it is loaded."""
        self.call("browsingContext.navigate", context=self._tab, url=address, wait="complete")

    def install(self, extension: Path) -> str:
        """Install an unpacked extension; return its id."""
        data = {"type": "path", "path": str(extension)}
        return str(self.call("webExtension.install", extensionData=data)["extension"])

    def click_button(self, extension: str) -> None:
        """Do what a click on the extension's button does."""
        tree = self.call("browsingContext.getTree", **{"moz:scope": "chrome"})
        code = """(() => {
            const parent = "resource://gre/modules/ExtensionParent.sys.mjs";
            const {ExtensionParent} = ChromeUtils.importESModule(parent);
            const {extension} = WebExtensionPolicy.getByID(%s);
            ExtensionParent.apiManager.global.browserActionFor(extension).triggerAction(window);
        })()"""
        self._evaluate(code % json.dumps(extension), tree["contexts"][0]["context"])

    def run(self, code: str) -> None:
        """Run code in the page as a click on a bookmark does."""
        self._evaluate(code, self._tab)

    def _evaluate(self, code: str, context: str) -> None:
        """Run code in a context. Raises AssertionError if it throws."""
        done = self.call(
            "script.evaluate",
            expression=code,
            target={"context": context},
            awaitPromise=True,
            userActivation=True,
        )
        assert done["type"] == "success", done


@contextmanager
def started(program: str, profile: Path, environ: Mapping[str, str]) -> Iterator[Firefox]:
    """Start Firefox without a window, with a new profile; end it with all its processes."""
    profile.mkdir(parents=True, exist_ok=True)
    process = subprocess.Popen(
        [
            *(program, "--headless", "--no-remote", "--profile", str(profile)),
            *("--remote-debugging-port", "0", "--remote-allow-system-access"),
        ],
        env={**environ, "MOZ_HEADLESS": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stderr is not None
    try:
        lines = (line for line in process.stderr if "WebDriver BiDi listening on" in line)
        address = next(lines).split()[-1]
        with _client.connect(
            f"{address}/session", max_size=None, open_timeout=_START_TIMEOUT
        ) as connection:
            yield Firefox(connection)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.stderr.close()
        process.wait()
