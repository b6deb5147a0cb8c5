"""`==` pairs become marks; in code, math and arithmetic it stays what it was."""

from markdown_it.token import Token

from tutor.text.markdown import parser


def _inline(source: str) -> list[Token]:
    return parser().parseInline(source)[0].children or []


def _types(source: str) -> list[str]:
    return [token.type for token in _inline(source)]


def test_a_mark_may_hold_math_code_and_emphasis() -> None:
    assert _types("==a $x$ `c`==") == [
        "mark_open", "text", "math_inline", "text", "code_inline", "mark_close",
    ]  # fmt: skip
    assert _types("*==a==*") == ["em_open", "mark_open", "text", "mark_close", "em_close"]


def test_code_and_math_keep_their_equals_signs() -> None:
    assert _types("`==a==` $a==b==c$") == ["code_inline", "text", "math_inline"]


def test_comparisons_and_lone_markers_stay_text() -> None:
    for source in ("a == b", "a ==b", "x = 5", "=="):
        assert _types(source) == ["text"]
        assert _inline(source)[0].content == source


def test_marks_tell_where_they_stand_in_the_source() -> None:
    source = "the ==chain rule== from ==loss=="
    places = [t.meta["at"] for t in _inline(source) if t.type.startswith("mark_")]
    assert places == [4, 16, 24, 30]
    assert source[places[0] + 2 : places[1]] == "chain rule"


def test_a_mark_inside_a_link_is_paired() -> None:
    assert _types("[==a==](b.md)") == ["link_open", "mark_open", "text", "mark_close", "link_close"]
