"""Nothing that acts on a terminal, or hides, gets through the door."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from tutor.text import sanitize


def test_escape_sequences_lose_their_teeth() -> None:
    hostile = "a\x1b]52;c;aGk=\x07b\x9b31mc\x1b]0;title\x1b\\d"
    assert sanitize.clean(hostile) == "a]52;c;aGk=b31mc]0;title\\d"


def test_line_ends_become_newlines_and_tabs_stay() -> None:
    assert sanitize.clean("a\r\nb\rc\td\n") == "a\nb\nc\td\n"


def test_bidi_and_zero_width_go_but_joiners_stay() -> None:
    assert sanitize.clean("\u202eevil\u2069 \u200bhid\ufeffden") == "evil hidden"
    family = "\U0001f469\u200d\U0001f4bb"
    assert sanitize.clean(family) == family


def test_text_is_composed() -> None:
    assert sanitize.clean("e\u0301") == "é"


def test_lone_surrogates_of_a_lenient_decoder_go() -> None:
    text = b"ok \xff\xfe".decode("utf-8", "surrogateescape")
    assert sanitize.clean(text).encode("utf-8") == b"ok "


def test_lengths_are_capped() -> None:
    assert len(sanitize.clean("x" * 1_000_000)) == sanitize.LINE_LIMIT
    assert sanitize.clean("abcdef", limit=3) == "abc"
    assert sanitize.clean("ab\n" + "x" * 30_000 + "\ncd").endswith("x\ncd")


def test_offenders_are_named_with_their_line() -> None:
    assert sanitize.offenders("\ufefffine\nbad\x1b\x1b\x07\nok\r\n\u202e") == [
        (2, "U+001B ESCAPE"),
        (2, "U+0007 BELL"),
        (4, "U+202E RIGHT-TO-LEFT OVERRIDE"),
    ]
    assert sanitize.offenders("x" * 8_001) == [(1, "a line of 8,001 characters, 8,000 are kept")]


@given(st.text(st.characters()))
def test_cleaning_is_idempotent_and_leaves_only_printable(text: str) -> None:
    once = sanitize.clean(text)
    assert sanitize.clean(once) == once
    assert sanitize.offenders(once) == []
    assert all(c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"} for c in once)
