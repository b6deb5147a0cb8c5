"""What a terminal sends, cut into units and turned into events, whatever way it arrives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual.message import Message

from tutor.ui.terminal.keys import GAP, Keyboard, in_burst
from tutor.ui.terminal.units import WAIT, Unit, Units

DELAY = 0.1
# Replies and keys that nobody here asked for or knows.
NOISE = {
    "DA1 of xterm": "\x1b[?64;1;2;6;9;15;16;17;18;21;22;28c",
    "DA2 of xterm": "\x1b[>41;379;0c",
    "DA3": "\x1bP!|00000000\x1b\\",
    "background, ended by ST": "\x1b]11;rgb:1616/1818/1d1d\x1b\\",
    "foreground, ended by BEL": "\x1b]10;rgb:dcdc/dfdf/e4e4\x07",
    "a colour of the palette": "\x1b]4;1;rgb:cccc/0000/0000\x1b\\",
    "clipboard": "\x1b]52;c;MTIz\x07",
    "version": "\x1bP>|XTerm(379)\x1b\\",
    "capability": "\x1bP1+r544e=787465726d\x1b\\",
    "status": "\x1b[0n",
    "Insert in st": "\x1b[4h",
    "window size in pixels": "\x1b[4;480;800t",
    "title": "\x1b]l123\x1b\\",
    "private mode": "\x1b[?1;2$y",
    "kitty keyboard flags": "\x1b[?31u",
    "graphics": "\x1b_Gi=31;OK\x1b\\",
    "something new": "\x1b[1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18;19;20z",
    "8-bit DA2": "\x9b>41;379;0c",
}
KEYS = {
    "\r": "enter", "a": "a", "3": "3", "\x1b[A": "up", "\x1bOA": "up", "\x1b[1;5C": "ctrl+right",
    "\x1bOP": "f1", "\x1b[11~": "f1", "\x1b[[A": "f1", "\x1b[15~": "f5", "\x1b[7$": "shift+home",
    "\x1b[3~": "delete", "\n": "ctrl+j", "\x1b[49;5u": "ctrl+1", "\x1b[27;5;49~": "ctrl+1",
    "\x1b[Z": "shift+tab", "\x1bq": "alt+q", "\x7f": "backspace", "é": "é",
}  # fmt: skip


def keys(found: list[Message]) -> list[str]:
    return [event.key for event in found if isinstance(event, events.Key)]


def heard(*reads: str, apart: float = 0.01) -> list[Message]:
    """The events of reads one after the other, then of a long silence."""
    keyboard, now, found = Keyboard(), 100.0, []
    for read in reads:
        found += [*keyboard.tick(now), *keyboard.feed(read, now)]
        now += apart
    for _ in range(100):
        now += 0.02
        found += keyboard.tick(now)
    return found


@pytest.mark.parametrize("noise", NOISE.values(), ids=NOISE)
def test_a_reply_is_no_key(noise: str) -> None:
    assert heard(noise) == []
    assert keys(heard("a", noise, "b", apart=0.3)) == ["a", "b"]


@pytest.mark.parametrize("noise", NOISE.values(), ids=NOISE)
def test_a_reply_that_comes_in_two_pieces_is_no_key(noise: str) -> None:
    for at in range(1, len(noise)):
        assert keys(heard(noise[:at], noise[at:], apart=0.05)) == []


@pytest.mark.parametrize("noise", [n for n in NOISE.values() if n[0] == "\x1b"])
def test_of_a_reply_on_a_slow_line_only_the_escape_acts(noise: str) -> None:
    assert keys(heard(noise[0], noise[1:], apart=0.3)) == ["escape"]


def test_what_follows_a_reply_in_its_read_is_dropped() -> None:
    assert keys(heard("\x1b[>41;379;0c3\r1")) == []
    assert keys(heard("a\x1b[4h3")) == ["a"]


@pytest.mark.parametrize(("sent", "key"), KEYS.items())
def test_keys_are_what_they_were(sent: str, key: str) -> None:
    assert keys(heard(sent)) == [key]


def test_a_lone_escape_is_the_key_after_a_while() -> None:
    keyboard = Keyboard()
    assert list(keyboard.feed("\x1b", 1.0)) == [] and keyboard.waits
    assert list(keyboard.tick(1.05)) == []
    assert keys(list(keyboard.tick(1.11))) == ["escape"] and not keyboard.waits


def test_escape_then_a_key_are_two_keys() -> None:
    assert keys(heard("\x1b", "[", apart=0.2)) == ["escape", "left_square_bracket"]
    assert keys(heard("\x1b\x1b")) == ["escape", "escape"]


def test_a_modifier_by_itself_is_no_key() -> None:
    keyboard = Keyboard()
    (event,) = keyboard.feed("\x1b[57442u\x1b[113;5u", 1.0)
    assert isinstance(event, events.Key) and event.key == "ctrl+q"
    assert heard("\x1b[57441;2u", "\x1b[57358u") == []


def test_a_paste_is_one_event_and_no_key() -> None:
    found = heard("a\x1b[200~52\n0", "08\x1b[4h\x1b[20", "1~b")
    assert keys(found) == ["a", "b"]
    assert [e.text for e in found if isinstance(e, events.Paste)] == ["52\n008\x1b[4h"]


def test_a_paste_whose_end_never_comes_makes_nothing_deaf() -> None:
    assert keys(heard("\x1b[200~abc", "3", apart=3 * WAIT)) == ["3"]


def test_focus_and_mouse_pass_even_behind_a_reply() -> None:
    found = heard("\x1b[>0c\x1b[I\x1b[<0;5;6M")
    assert [type(event) for event in found] == [events.AppFocus, events.MouseDown]


def test_keys_of_one_read_or_close_together_are_one_burst() -> None:
    keyboard = Keyboard()
    first = [*keyboard.feed("ab", 1.0), *keyboard.feed("c", 1.0 + GAP / 2)]
    later = list(keyboard.feed("d", 1.0 + 2 * GAP))
    bursts = [in_burst(e) for e in [*first, *later] if isinstance(e, events.Key)]
    assert bursts[0] == bursts[1] == bursts[2] != bursts[3]


PIECE = st.one_of(
    st.sampled_from([*NOISE.values(), *KEYS, "\x1b[200~two\nlines\x1b[201~", "\x1b[I"]),
    st.text("ab123\r\x1b[]OP;?~c", max_size=4),
)


@given(st.lists(PIECE, max_size=6), st.data())
def test_how_a_stream_is_cut_into_reads_changes_no_unit(
    pieces: list[str], data: st.DataObject
) -> None:
    stream = "".join(pieces)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=5)))
    cut, whole = Units(DELAY), Units(DELAY)
    found: list[Unit] = []
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        found += cut.feed(stream[start:end], 1.0)
    assert found + cut.tick(9.0) == whole.feed(stream, 1.0) + whole.tick(9.0)


@given(st.text())
def test_no_text_stops_the_ears(text: str) -> None:
    keyboard = Keyboard()
    list(keyboard.feed(text, 1.0))
    list(keyboard.tick(9.0))
    assert keys(list(keyboard.feed("a", 20.0))) in (["a"], [])
    assert keys(list(keyboard.feed("b", 30.0))) == ["b"]


@pytest.mark.parametrize("digit", "0123456789")
def test_a_digit_with_alt_or_ctrl_is_no_digit(digit: str) -> None:
    code = ord(digit)
    for sent in (f"\x1b{digit}", f"\x1b[27;5;{code}~", f"\x1b[{code};5u", f"\x1b[{code};3u"):
        assert digit not in keys(heard(sent))
