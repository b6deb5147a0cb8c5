"""The served app over HTTP: who gets in, what is kept when a tab goes, and how it all ends."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tutor.cli import main
from tutor.store.database import open_store

pytest.importorskip("textual_serve", reason="the extra `serve` is not installed")

import aiohttp

from tests.web import served as tutor
from tutor.web import session
from tutor.web.sessions import FullError, Sessions


@pytest.fixture(scope="module")
def options(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return tutor.learner(tmp_path_factory.mktemp("a folder") / "with a space")


@pytest.fixture
def served(options: list[str]) -> Iterator[tutor.Served]:
    with tutor.serving(options) as found:
        yield found


def kept(options: list[str]) -> list[str]:
    """The cards that the journal has answers of."""
    data = Path(options[1])
    with open_store(data / "tutor.db", data / "backups") as store:
        return [event.card_key for event in store.events() if event.kind == "review"]


# -- who gets in ----------------------------------------------------------------------------------


async def test_only_the_printed_address_opens_it_and_only_once(options: list[str]) -> None:
    with tutor.serving(options) as served:
        async with _client() as client:
            await _comes_in_once(client, served)


async def _comes_in_once(client: aiohttp.ClientSession, served: tutor.Served) -> None:
    for path in ("/", "/file/page.js", "/alive", "/?token=", "/?token=wrong"):
        async with client.get(served.origin + path) as refused:
            assert refused.status == 403, path
            assert "frame-ancestors 'none'" in refused.headers["Content-Security-Policy"]
    async with client.get(served.address, allow_redirects=False) as taken:
        assert (taken.status, taken.headers["Location"]) == (303, "/")
        cookie = taken.headers["Set-Cookie"]
        assert "HttpOnly" in cookie and "SameSite=Strict" in cookie
    async with client.get(served.origin) as page:
        assert page.status == 200 and "<html lang" in await page.text()
        assert "http" not in (await page.text()).replace("http-equiv", "")
    async with _client() as other, other.get(served.address) as again:
        assert again.status == 403
        assert "good once" in await again.text()


def _client() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))


async def test_other_hosts_and_origins_are_refused(options: list[str]) -> None:
    with tutor.serving(options) as served:
        (ahead,) = served.apps()
        async with tutor.browser(served) as client:
            async with client.get("/", headers={"Host": "evil.example:80"}) as refused:
                assert refused.status == 421
            for origin in ("http://evil.example", "http://127.0.0.1:1", "null"):
                async with client.get("/", headers={"Origin": origin}) as refused:
                    assert refused.status == 403
                with pytest.raises(aiohttp.WSServerHandshakeError) as error:
                    await client.ws_connect("/ws/tab-00000001", headers={"Origin": origin})
                assert error.value.status == 403
            with pytest.raises(aiohttp.WSServerHandshakeError) as error:
                await client.ws_connect("/ws/tab-00000001")
            assert error.value.status == 403, "a socket without an origin"
            async with client.get("/file/..%2f..%2fserver.py") as refused:
                assert refused.status == 404
        async with _client() as stranger:
            with pytest.raises(aiohttp.WSServerHandshakeError) as error:
                await stranger.ws_connect(
                    f"{served.origin}/ws/tab-00000001", headers={"Origin": served.origin}
                )
            assert error.value.status == 403, "no cookie"
        assert served.apps() == [ahead], "nothing was started for them"


# -- sessions -------------------------------------------------------------------------------------


async def test_a_tab_comes_back_and_no_answer_is_lost(options: list[str]) -> None:
    before = len(kept(options))
    with tutor.serving(options) as served:
        async with tutor.browser(served) as client:
            tab = await tutor.open_tab(client, served, "tab-00000001")
            await tab.until("Start today")
            await tab.until(lambda text: "Opening" not in text)
            await tab.type("\r")
            shown = await tab.until("What comes after")
            await tab.type("\r")
            await tab.until("is next")
            await asyncio.sleep(0.5)  # digits rate what was seen
            await tab.close()
            again = await tutor.open_tab(client, served, "tab-00000001")
            await again.until("is next")
            assert _question(again.text) == _question(shown)
            (app,) = served.apps()
            await again.type("3")
            await asyncio.sleep(0.5)
            await again.close()
            assert len(kept(options)) == before + 1
            newest = await tutor.open_tab(client, served, "tab-00000001")
            await newest.until(_asks)
            taking = await tutor.open_tab(client, served, "tab-00000001")
            await taking.until(_asks)
            assert await newest.closed_with() == session.TAKEN_OVER
            assert served.apps() == [app]


_ASKED = re.compile(r"(?:What comes after|Which is) a? ?\w+\?")


def _question(text: str) -> str:
    """The words of the question: the pane around them may still have its passing width."""
    found = _ASKED.search(text)
    assert found is not None, text
    return found[0]


def _asks(text: str) -> bool:
    return _ASKED.search(text) is not None


async def test_arrows_move_at_once_and_after_a_reload(options: list[str]) -> None:
    """The app has the focus: an arrow moves its cursor, and does not scroll the page."""
    with tutor.serving(options) as served:
        async with tutor.browser(served) as client:
            tab = await tutor.open_tab(client, served, "tab-00000001")
            await tab.until("> Start today")
            await tab.until(lambda text: "Opening" not in text)
            for row in ("> Other sessions", "> Quiz", "> Lab"):
                await tab.type("\x1b[B")
                await tab.until(row)
            await tab.socket.send_json(["blur"])
            await tab.close()
            again = await tutor.open_tab(client, served, "tab-00000001")
            await again.until("> Lab")
            await again.type("\x1b[A")
            await again.until("> Quiz")


async def test_two_tabs_are_never_asked_the_same_card(options: list[str]) -> None:
    with tutor.serving(options) as served:
        async with tutor.browser(served) as client:
            asked = []
            for name in ("tab-00000001", "tab-00000002"):
                tab = await tutor.open_tab(client, served, name)
                await tab.until("Start today")
                await tab.until(lambda text: "Opening" not in text)
                await tab.type("\r")
                asked.append(_question(await tab.until(_asks)))
            assert len(set(asked)) == 2, asked
            assert len(served.apps()) == 2


async def test_what_is_no_message_changes_nothing(served: tutor.Served) -> None:
    async with tutor.browser(served) as client:
        tab = await tutor.open_tab(client, served, "tab-00000001")
        await tab.until("Start today")
        for odd in ("", "{", "[]", '["stdin"]', '["resize", {"width": "x"}]', '["resize", 3]', "7"):
            await tab.socket.send_str(odd)
        await tab.socket.send_bytes(b"\x00")
        await tab.socket.send_json(["ping", "5"])
        while (message := await tab.socket.receive(timeout=tutor.WAIT)).type.name != "TEXT":
            pass
        assert json.loads(message.data) == ["pong", "5"]


async def test_the_first_tab_is_shown_the_app_that_was_begun_before(options: list[str]) -> None:
    with tutor.serving(options) as served:
        ahead = served.apps()
        assert len(ahead) == 1
        async with tutor.browser(served) as client:
            first = await tutor.open_tab(client, served, "tab-00000001")
            await first.until("Start today")
            assert served.apps() == ahead
            second = await tutor.open_tab(client, served, "tab-00000002")
            await second.until("Start today")
            assert len(served.apps()) == 2
            os.kill(ahead[0], signal.SIGKILL)
            assert await first.closed_with() == session.ENDED


async def test_one_that_ended_before_its_tab_is_begun_anew(options: list[str]) -> None:
    with tutor.serving(options) as served:
        (ahead,) = served.apps()
        os.kill(ahead, signal.SIGKILL)
        async with tutor.browser(served) as client:
            tab = await tutor.open_tab(client, served, "tab-00000001")
            await tab.until("Start today")
            assert served.apps() != [ahead]


async def test_no_app_outlives_a_server_that_was_never_opened(options: list[str]) -> None:
    with tutor.serving(options) as served:
        (ahead,) = served.apps()
        served.process.send_signal(signal.SIGTERM)
        assert await tutor.gone(ahead)


class _Idle(session.Session):
    """A session whose app is nothing."""

    stopped = False

    async def stop(self, patience: float = 0) -> None:
        self.stopped = True


async def test_at_most_eight_are_looked_at_and_one_that_waits_makes_room() -> None:
    sessions = Sessions(lambda: _Idle([]), most=2)
    first, second = [await sessions.of_tab(f"tab-{n}") for n in (1, 2)]
    assert await sessions.of_tab("tab-1") is first
    taken: Any = object()
    first.socket = second.socket = taken
    with pytest.raises(FullError):
        await sessions.of_tab("tab-3")
    second.socket = None
    assert await sessions.of_tab("tab-3") not in (first, second)
    assert isinstance(second, _Idle) and second.stopped
    assert len(sessions) == 2
    sessions.keep = -1.0
    first.socket = None
    await sessions.sweep()
    assert len(sessions) == 0


def test_the_app_does_not_take_the_server_s_terminal_for_its_own() -> None:
    own = {"SSH_CONNECTION": "1", "EDITOR": "vi", "TMUX": "x", "PATH": "/bin", "NO_COLOR": "1"}
    given = session.environment(own, 90, 40, files=False)
    assert given["PATH"] == "/bin" and (given["COLUMNS"], given["ROWS"]) == ("90", "40")
    assert not {"SSH_CONNECTION", "EDITOR", "TMUX", "NO_COLOR"} & given.keys()
    assert given["TUTOR_SERVED"] == "no files"
    assert session.environment(own, 90, 40, files=True)["TUTOR_SERVED"] == "files"


# -- the end --------------------------------------------------------------------------------------


async def test_a_signal_ends_the_server_and_its_apps(options: list[str]) -> None:
    with tutor.serving(options) as served:
        async with tutor.browser(served) as client:
            tab = await tutor.open_tab(client, served, "tab-00000001")
            await tab.until("Start today")
            (app,) = served.apps()
            served.process.send_signal(signal.SIGTERM)
            assert await tab.closed_with() in {1001, session.ENDED}
            assert await asyncio.to_thread(served.process.wait, 30) == 0
            assert await tutor.gone(app)


async def test_an_app_ends_when_its_server_was_killed(options: list[str]) -> None:
    with tutor.serving(options) as served:
        async with tutor.browser(served) as client:
            tab = await tutor.open_tab(client, served, "tab-00000001")
            await tab.until("Start today")
            (app,) = served.apps()
            served.process.kill()
            assert await tutor.gone(app)


async def test_an_app_that_ends_says_so(served: tutor.Served) -> None:
    async with tutor.browser(served) as client:
        tab = await tutor.open_tab(client, served, "tab-00000009")
        await tab.until("Start today")
        await tab.type("\x11")
        assert await tab.closed_with() == session.ENDED


async def test_an_app_that_cannot_begin_tells_why(tmp_path: Path) -> None:
    options = ["--data-dir", str(tmp_path), "--no-bundled", "--content", str(tmp_path)]
    deck = tmp_path / "gone.md"
    deck.write_text(tutor.DECK, encoding="utf-8")
    with tutor.serving([*options[:3], "--content", str(deck)]) as served:
        async with tutor.browser(served) as client:
            first = await tutor.open_tab(client, served, "tab-00000001")
            await first.until("How many minutes")
            deck.unlink()
            tab = await tutor.open_tab(client, served, "tab-00000002")
            while (message := await tab.socket.receive(timeout=tutor.WAIT)).type.name != "CLOSE":
                pass
            assert message.data == session.FAILED
            assert "does not exist" in str(message.extra)


def test_a_port_that_is_taken_and_a_missing_extra_are_told(
    options: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with tutor.serving(options) as served:
        port = served.host.split(":")[1]
        assert main([*options, "serve", "--port", port]) == 2
    assert "The port is taken" in capsys.readouterr().err
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert main([*options, "serve"]) == 2
    assert "pip install 'nn-tutor[serve]'" in capsys.readouterr().err
