"""Cards of every kind with any text, for what writes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from tutor.deck.model import (
    ASKS,
    KINDS,
    Answer,
    Card,
    Choice,
    Cloze,
    Gap,
    Kind,
    Match,
    Numeric,
    Option,
    Order,
    Params,
    Prose,
    Source,
    Tolerance,
    Typed,
    Wrong,
)
from tutor.deck.slugs import slug

# What Markdown, the grammar of decks or a comment could take for something else.
PIECES = (
    "#", "# ", "## What?", " #", "-", "- ", "* ", "+ ", "- [x] ", "- [ ] a", "> ", "> [!TIP]",
    "1. ", "2) ", "|", "a | b", "| --- | --- |", "$", "$x_i$", "$$", "==", "==gap==", "=== ", "= 5",
    '= "a"', "<b>", "<!-- card id=x -->", "<!--", "-->", "`", "``", "```", "~~~", "```params",
    "@{x}", "@{n}", "\\", "\\|", "---", "***", "[a](b)", "[^1]", "![a](b)", "&amp;", "*", "_", '"',
    "'", "±", "%", "    ", "\t", " ", "\n", "\n\n", "a", "word", "Two words.", "x", "é", "日本",
    "\N{MINUS SIGN}5", "3,5",
)  # fmt: skip
NASTY = st.lists(st.sampled_from(PIECES), min_size=1, max_size=7).map("".join)
TAME = st.lists(
    st.sampled_from(["weight", "of 3 × 3", "$x_i$", "`code`", "*bold*", "is", "a\\|b", "naïve"]),
    min_size=1,
    max_size=5,
).map(" ".join)
TAME_WORDS = st.sampled_from(["bias", "weight decay", "L2 (ridge)"])
SLUGS = st.from_regex(r"[a-z][a-z0-9]{0,6}(-[a-z0-9]{1,5}){0,2}", fullmatch=True)
WHOLE = st.integers(-(10**6), 10**6).map(str) | st.sampled_from(["13_002", "12,345"])
BROKEN = st.sampled_from(["0.5", "7.31e-1", "1/3", "-.25"])
SOURCE = Source("deck.md", 1, 2)


def _unique(texts: st.SearchStrategy[str], low: int, high: int) -> st.SearchStrategy[list[str]]:
    return st.lists(texts, min_size=low, max_size=high, unique_by=lambda text: slug(text) or text)


@st.composite
def _choices(draw: st.DrawFn, texts: st.SearchStrategy[str], kind: Kind) -> Choice:
    size = (2, 2) if kind == "truefalse" else (2, 6)
    options = draw(_unique(texts, *size))
    right = {draw(st.integers(0, len(options) - 1))}
    if kind == "multi":
        right |= draw(st.sets(st.integers(0, len(options) - 1)))
    reasons = st.just("") | texts
    return Choice(tuple(Option(text, i in right, draw(reasons)) for i, text in enumerate(options)))


@st.composite
def _clozes(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> Cloze:
    gaps: list[Gap] = []
    for text in draw(_unique(texts, 1, 3)):
        others = () if "$" in text else tuple(draw(st.lists(TAME_WORDS, max_size=2)))
        gaps.append(Gap(slug(text) or f"gap-{len(gaps) + 1}", text, "$" in text, others))
    parts = [f"{' ' if i else ''}{draw(texts)} " for i, _ in enumerate(gaps)]
    return Cloze((*parts, draw(st.sampled_from(["", ".", " end"]))), tuple(gaps))


PARAMS = Params(
    (("n", "int(1, 9)"), ("ans", "n * 2")), ("n > 1",), (Wrong("forgot to double", "n"),)
)


@st.composite
def _numerics(draw: st.DrawFn) -> Numeric:
    unit = draw(st.sampled_from(["", "%", "parameters", "bits a", "m s", "µs"]))
    if draw(st.booleans()):
        low, high = sorted(draw(st.tuples(st.integers(-99, 99), st.integers(-99, 99))))
        return Numeric("", interval=(str(low), str(high)), unit=unit)
    amounts = st.floats(0, 1e6, allow_nan=False) | st.sampled_from([0.01, 0.011, 0.5, 3.0])
    amount, relative = draw(amounts), draw(st.booleans())
    # A share is written as a percentage, and not every float is the hundredth of another one.
    tolerance = Tolerance(amount / 100 if relative else amount, relative)
    if draw(st.booleans()):
        near = draw(st.sampled_from([Tolerance(), Tolerance(0.01, relative=True)]))
        return Numeric("@{ans}", near, unit=unit, params=PARAMS)
    numbers = WHOLE | BROKEN if tolerance.amount else WHOLE
    return Numeric(draw(numbers), tolerance, unit=unit)


def answers(kind: Kind, texts: st.SearchStrategy[str]) -> st.SearchStrategy[Answer]:
    """Answers of a kind."""
    made: dict[Kind, Callable[[], st.SearchStrategy[Answer]]] = {
        "cloze": lambda: _clozes(texts),
        "choice": lambda: _choices(texts, kind),
        "multi": lambda: _choices(texts, kind),
        "truefalse": lambda: _choices(texts, kind),
        "numeric": _numerics,
        "typed": lambda: st.lists(texts, min_size=1, max_size=3).map(tuple).map(Typed),
        "order": lambda: _unique(texts, 3, 7).map(tuple).map(Order),
        "match": lambda: _unique(texts, 6, 8).map(_paired),
    }
    return made[kind]() if kind in made else texts.map(Prose)


def _paired(cells: list[str]) -> Match:
    half = len(cells) // 2
    return Match(("left", "right"), tuple(zip(cells[:half], cells[half : 2 * half], strict=True)))


@st.composite
def cards(draw: st.DrawFn, texts: st.SearchStrategy[str], *kinds: Kind) -> Card:
    """Cards of these kinds, or of all, whose texts are all drawn from `texts`."""
    kind = draw(st.sampled_from(kinds or KINDS))
    words = st.just("") | texts
    name = draw(SLUGS)
    front = [draw(texts) + ("?" if kind == "basic" else "")]
    if kind not in {"term", "basic", "cloze"}:
        front += draw(st.lists(texts, max_size=2))
    made: dict[str, Any] = {"ref": draw(words), "demo": draw(words), "rev": draw(words)}
    return Card(
        key=f"deck/{name}",
        deck="deck",
        id=name,
        kind=kind,
        front="\n\n".join(front),
        answer=draw(answers(kind, texts)),
        source=SOURCE,
        topic=draw(st.none() | SLUGS),
        hints=tuple(draw(st.lists(texts, max_size=2))),
        explanation=draw(words),
        tags=tuple(draw(st.lists(SLUGS | texts, max_size=2))),
        find=tuple(draw(st.lists(SLUGS | texts, max_size=2))),
        aka=tuple(f"deck/{old}" for old in draw(st.lists(SLUGS, max_size=2))),
        asks=draw(st.sampled_from(("", *ASKS))),
        claim=draw(st.sampled_from(["", "torch.lstm_parameters"])),
        overrides=draw(st.sampled_from(["", "any", "0123456789abcdef"])),
        **made,
    )
