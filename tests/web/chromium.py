"""Debian's chromium on a served tutor: keys go in, and what its terminal was sent is read.

The picture itself is a canvas; a script of the test, added by the debugger before the page's
own, keeps the bytes that the page's socket receives.
"""

from __future__ import annotations

import base64
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pyte
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from tests.web.served import WAIT
from tutor.ui.hearing import READING

CHROMIUM, DRIVER = "/usr/bin/chromium", "/usr/bin/chromedriver"
_RECORD = """
window.__got = [];
const Real = window.WebSocket;
window.WebSocket = class extends Real {
  constructor(...given) {
    super(...given);
    window.__cells = ["width", "height"].map((n) => +new URL(given[0]).searchParams.get(n));
    this.addEventListener("message", (event) => {
      if (event.data instanceof ArrayBuffer) {
        let text = "";
        for (const byte of new Uint8Array(event.data)) text += String.fromCharCode(byte);
        window.__got.push(btoa(text));
        if (text.length > 1000) window.__first ??= performance.now();
        window.__told?.(performance.now());
      }
    });
  }
};
"""
_TAKE = "const got = window.__got || []; window.__got = []; return got;"


class Browser:
    """One window."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver
        self.requests: list[str] = []
        self.reset()

    def reset(self) -> None:
        """A new terminal, as after a reload."""
        self.screen = pyte.Screen(150, 50)
        self._stream = pyte.ByteStream(self.screen)
        self.text = ""

    def open(self, address: str) -> None:
        self.driver.get(address)

    def reload(self) -> None:
        """Reload, and stay with "Leave?"."""
        self.reset()
        self.driver.execute_cdp_cmd("Page.reload", {})

    def press(self, *keys: str) -> None:
        """Keys to whatever has the focus, after the time to read what they act on; no click."""
        time.sleep(1.5 * READING)
        for key in keys:
            ActionChains(self.driver).send_keys(key).perform()

    def until(self, shows: str | Callable[[str], bool]) -> str:
        """The screen once it shows this."""
        found = shows if callable(shows) else lambda text: shows in text
        ends = time.monotonic() + WAIT
        while not found(self.text):
            assert time.monotonic() < ends, f"waited for {shows!r}:\n{self.text}"
            time.sleep(0.05)
            self._read()
        return self.text

    def quiet(self) -> str:
        """The screen once nothing has come for a moment."""
        while True:
            time.sleep(0.3)
            if not self._read():
                return self.text

    def _read(self) -> bool:
        """Take in what the page was sent; whether there was anything."""
        got = self.driver.execute_script(_TAKE)
        for chunk in got:
            self._stream.feed(base64.b64decode(chunk))
        if got:  # seldom: a look at all cells takes longer than a look at the page
            self.text = "\n".join(line.rstrip() for line in self.screen.display)
        return bool(got)

    def hosts(self) -> set[str]:
        """Every host that the window asked for anything, sockets included."""
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            asked = message["params"].get("request", {}).get("url") or message["params"].get("url")
            if message["method"] in {
                "Network.requestWillBeSent", "Network.webSocketCreated",
            } and asked:  # fmt: skip
                self.requests.append(asked)
        split = map(urlsplit, self.requests)
        return {url.netloc for url in split if url.scheme not in {"data", "blob"}}

    def paste(self) -> None:
        """The browser's own command, as ctrl+shift+v gives it."""
        self.driver.execute_cdp_cmd(
            "Input.dispatchKeyEvent",
            {"type": "rawKeyDown", "key": "V", "code": "KeyV", "modifiers": 10,
             "commands": ["paste"], "windowsVirtualKeyCode": 86},
        )  # fmt: skip

    def copy(self) -> None:
        """ctrl+c, which the app answers with what is selected."""
        ActionChains(self.driver).key_down(Keys.CONTROL).send_keys("c").key_up(
            Keys.CONTROL
        ).perform()

    def drag_over(self, words: str) -> None:
        """Drag over these words on the screen."""
        row = next(at for at, line in enumerate(self.screen.display) if words in line)
        column = self.screen.display[row].index(words)
        start, end = self._point(column, row), self._point(column + len(words), row)
        for kind, (x, y) in (("mousePressed", start), ("mouseMoved", end), ("mouseReleased", end)):
            self.driver.execute_cdp_cmd(
                "Input.dispatchMouseEvent",
                {"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1, "buttons": 1},
            )
            time.sleep(0.1)

    def _point(self, column: int, row: int) -> tuple[float, float]:
        """The middle of a cell, in pixels."""
        x, y, width, height, columns, rows = self.driver.execute_script(
            "const r = document.querySelector('.xterm-screen').getBoundingClientRect();"
            "return [r.x, r.y, r.width, r.height, ...window.__cells];"
        )
        return x + (column + 0.5) * width / columns, y + (row + 0.5) * height / rows

    def clipboard(self) -> str:
        got = self.driver.execute_async_script(
            "const done = arguments[0]; navigator.clipboard.readText().then(done, done);"
        )
        return str(got)


@contextmanager
def started() -> Iterator[Any]:
    """A headless chromium without a page; a page is a tab of its own."""
    options = ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in ("--headless=new", "--disable-dev-shm-usage", "--no-proxy-server",
                     "--disable-background-networking", "--disable-component-update",
                     "--disable-gpu", "--no-first-run"):  # fmt: skip
        options.add_argument(argument)
    if os.geteuid() == 0:
        options.add_argument("--no-sandbox")  # it refuses to run as root with one
    options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
    options.set_capability("unhandledPromptBehavior", "accept")
    driver: Any = Chrome(options=options, service=Service(DRIVER))
    try:
        yield driver
    finally:
        driver.quit()


@contextmanager
def tab(driver: Any, size: tuple[int, int], origin: str) -> Iterator[Browser]:
    """A tab of a window of this size in pixels, whose page may use the clipboard."""
    empty = driver.current_window_handle
    driver.switch_to.new_window("tab")
    try:
        driver.set_window_size(*size)
        driver.execute_cdp_cmd("Page.bringToFront", {})  # the clipboard is for the page in front
        driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": _RECORD})
        driver.execute_cdp_cmd(
            "Browser.grantPermissions",
            {"origin": origin,
             "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]},
        )  # fmt: skip
        driver.get_log("performance")  # what earlier tabs asked for
        yield Browser(driver)
    finally:
        driver.close()
        driver.switch_to.window(empty)


DOWN, ENTER, ESCAPE = Keys.DOWN, Keys.ENTER, Keys.ESCAPE
