"""What the environment says of a terminal, and what follows for the app."""

from __future__ import annotations

import io
import sys

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from tutor import terminals
from tutor.text.sanitize import clean, offenders
from tutor.ui.painting import Colourless


@pytest.mark.parametrize(
    ("environ", "system"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, None),
        ({"TERM": "screen", "STY": "12.pts-0.host", "COLORTERM": "truecolor"}, "256"),
        ({"TERM": "screen.xterm-256color", "STY": "12.pts-0.host"}, "256"),
        ({"TERM": "screen.xterm-256color", "COLORTERM": "truecolor"}, "256"),
        ({"TERM": "screen-256color", "TMUX": "/tmp/tmux,1,0", "COLORTERM": "truecolor"}, None),
        ({"TERM": "xterm", "XTERM_VERSION": "XTerm(379)"}, "256"),
        ({"TERM": "xterm"}, None),
        ({"TERM": "screen", "STY": "1.x", "TEXTUAL_COLOR_SYSTEM": "truecolor"}, None),
        ({"TERM": "screen", "STY": "1.x", "TEXTUAL_COLOR_SYSTEM": "auto"}, "256"),
    ],
)
def test_colours_that_the_terminal_can_show(environ: dict[str, str], system: str | None) -> None:
    assert terminals.colours(environ) == system


@pytest.mark.parametrize(
    ("environ", "glyphs"),
    [
        ({"TERM": "st-256color"}, "no accents"), ({"TERM": "st"}, "no accents"),
        ({"TERM": "stterm"}, "full"), ({"TERM": "linux"}, "plain"),
        ({"TERM": "linux-16color"}, "plain"),
        ({"TERM": "xterm-kitty"}, "full"), ({}, "full"),
    ],
)  # fmt: skip
def test_signs_that_the_terminal_can_show(environ: dict[str, str], glyphs: str) -> None:
    assert terminals.signs("auto", environ) == glyphs
    assert terminals.signs("plain", environ) == "plain"


@pytest.mark.parametrize(("encoding", "fits"), [
    ("utf-8", True), ("UTF-8", True), ("utf8", True), ("iso8859-1", False), ("ascii", False),
    ("euc_jp", False), ("no-such", False),
])  # fmt: skip
def test_a_locale_that_is_not_utf8_gets_a_sentence(
    encoding: str, fits: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stderr(io.StringIO):
        pass

    stderr = Stderr()
    monkeypatch.setattr(Stderr, "encoding", encoding, raising=False)
    monkeypatch.setattr(sys, "__stderr__", stderr)
    why = terminals.unfit({})
    assert (why == "") == fits
    assert fits or (encoding in why and "C.UTF-8" in why)


def test_a_tmux_that_is_not_utf8_gets_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    for said, fits in {"0": False, "1": True, "": True}.items():
        monkeypatch.setattr(terminals, "tmux_says", lambda _, said=said: said)
        why = terminals.unfit({"TMUX": "/tmp/tmux-0/default,1,0"})
        assert (why == "") == fits and (fits or "-u" in why)
        assert terminals.unfit({}) == ""


def test_tmux_that_is_not_there_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert terminals.tmux_says("client_utf8") == ""


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({"LANG": "ja_JP.UTF-8"}, "ja"), ({"LANG": "de_DE", "LC_ALL": "zh_CN.UTF-8"}, "zh"),
        ({"LC_CTYPE": "ko_KR"}, "ko"), ({"LANG": "C.UTF-8"}, "c"), ({}, ""),
    ],
)  # fmt: skip
def test_the_language_of_the_locale(environ: dict[str, str], language: str) -> None:
    assert terminals.language(environ) == language


def test_a_driver_from_elsewhere_is_as_good_as_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEXTUAL_DRIVER", raising=False)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    assert not terminals.is_terminal()
    monkeypatch.setenv("TEXTUAL_DRIVER", "textual.drivers.web_driver:WebDriver")
    assert terminals.is_terminal()


def test_without_colour_nothing_of_a_colour_is_left() -> None:
    styles = [
        "#82b4e8 on #16181d bold",
        "red",
        "on blue reverse",
        "underline",
        "color(200) on default",
    ]
    segments = [Segment("x", Style.parse(style)) for style in styles]
    found = Colourless().apply([*segments, Segment("y", None)], Color.parse("#000000"))
    assert all(
        s.style is None or (s.style.color is None and s.style.bgcolor is None) for s in found
    )
    assert found[0].style is not None and found[0].style.bold
    assert found[2].style is not None and found[2].style.reverse


@pytest.mark.parametrize("emoji", ["⚠️", "✔️", "❤️", "1️⃣", "⌚︎"])
def test_a_variation_selector_is_taken_out_and_nobody_is_told(emoji: str) -> None:
    assert not set(clean(f"x {emoji} y")) & {"\ufe0e", "\ufe0f"}
    assert offenders(emoji) == []
