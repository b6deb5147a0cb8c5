"""Byte-pair merges: a worked example, any text in the world, and what a new word is cut into."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from demos import catalog
from demos.base import Value, is_line
from demos.tokeniser import Run, barred, counted, merged, pieces, shown


def run(steps: int = 30, **knobs: Value) -> Run:
    demo = Run({**catalog.spec("tokeniser").defaults(), **knobs}, 0)
    demo.step(steps)
    return demo


def letters(word: str) -> list[bytes]:
    return [bytes([byte]) for byte in word.encode()]


def test_a_worked_example() -> None:
    # ab 3 times, then (ab)c twice; after that no pair occurs twice.
    demo = run(5, text="abcabcab")
    assert [pair for pair, _ in demo.merges] == [(b"a", b"b"), (b"ab", b"c")]
    assert [times for _, times in demo.merges] == [3, 2]
    assert demo.tokens == [8, 5, 3, 3, 3, 3]


def test_a_run_of_one_letter_is_merged_from_the_left() -> None:
    assert merged(letters("aaaaa"), (b"a", b"a")) == [b"aa", b"aa", b"a"]


def test_a_new_word_is_cut_into_pieces_that_the_text_taught() -> None:
    assert barred(run().encoded("slowest")) == "_slow|est"
    assert barred(run().encoded("rhythm")) == "_|r|h|y|t|h|m"


def test_no_token_reaches_across_a_space_unless_that_is_on() -> None:
    def across(tokens: list[bytes]) -> bool:
        return any(b" " in token[1:] for token in tokens)

    text = "of the of the of the of the"
    assert not across([token for piece in run(text=text).cut for token in piece])
    assert across([token for piece in run(text=text, across_spaces=True).cut for token in piece])


lines = st.text(min_size=1, max_size=80).filter(lambda text: is_line(text, 80))


@given(lines, st.booleans())
def test_joined_tokens_are_the_text_and_merges_never_lengthen_it(text: str, across: bool) -> None:
    demo = run(12, text=text, across_spaces=across)
    assert demo.measured()["joined_differs"] == 0
    assert demo.tokens == sorted(demo.tokens, reverse=True)
    assert [b"".join(piece) for piece in demo.cut] == [
        b"".join(piece) for piece in pieces(text, across)
    ]
    for pair, times in demo.merges:
        assert times > 1
        assert len(pair) == 2


@given(lines, lines)
def test_any_word_can_be_cut(text: str, word: str) -> None:
    assert b"".join(run(8, text=text).encoded(word)).decode() == f" {word}"


def test_bytes_of_half_a_character_are_shown_by_their_number() -> None:
    assert [shown(byte) for byte in letters("é")] == ["<C3>", "<A9>"]
    assert shown(" é".encode()) == "_é"


def test_pairs_are_counted_within_stretches() -> None:
    assert counted(pieces("ab ab"))[(b"b", b" ")] == 0
    assert counted(pieces("ab ab", across=True))[(b"b", b" ")] == 1
