"""How fast decks of 10,000 cards are parsed, loaded from the cache, and shown. Never asserted.

Run: pytest tests/benchmarks/bench_deck.py -m bench -s
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tutor.deck.library import Library, load
from tutor.deck.parse import parse_bytes
from tutor.text.markdown import parser

pytestmark = pytest.mark.bench

CARDS = 10_000
SAMPLES = (
    "The definition with $\\frac{{{n}}}{{2}}$ and *emphasis*.\n\n> [!TIP]\n> A hint.\n",
    "- [ ] {n}1\n  > One digit too many.\n- [x] {n}\n- [ ] 0\n\n> [!NOTE]\n> Because.\n",
    "The ==number== of this is =={n}== here.\n",
    '```params\na = int(1, 99)\nans = a + {n}\nwrong "forgot a" = {n}\n```\n= @{{ans}} things\n',
)


@pytest.fixture(scope="module")
def deck(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A deck of 10,000 cards of four kinds."""
    cards = (
        f"## What is number {n} of the deck?\n<!-- card id=c{n} -->\n"
        + SAMPLES[n % len(SAMPLES)].format(n=n)
        for n in range(1, CARDS + 1)
    )
    path = tmp_path_factory.mktemp("deck") / "big.md"
    path.write_text("# Topic\n<!-- topic id=t ref=A -->\n\n" + "\n".join(cards), encoding="utf-8")
    return path


def test_parse(deck: Path) -> None:
    text = deck.read_text(encoding="utf-8")
    started = time.perf_counter()
    parser().parse(text)
    _say(f"Markdown alone, {CARDS:,} cards", time.perf_counter() - started)
    started = time.perf_counter()
    parsed = parse_bytes(text.encode(), str(deck))
    _say(f"parse and lint {CARDS:,} cards", time.perf_counter() - started)
    assert len(parsed.cards) == CARDS


def test_load(deck: Path, tmp_path: Path) -> None:
    _timed_load(deck, tmp_path, "first start")
    library = _timed_load(deck, tmp_path, "start with the cache")
    started = time.perf_counter()
    library.card(f"big/c{CARDS}")
    _say("first card shown", time.perf_counter() - started)
    started = time.perf_counter()
    library.card(f"big/c{CARDS // 2}")
    _say("next card shown", time.perf_counter() - started)
    started = time.perf_counter()
    found = library.problems
    _say(f"{len(found):,} problems, all decks together", time.perf_counter() - started)


def _timed_load(deck: Path, cache: Path, what: str) -> Library:
    started = time.perf_counter()
    library = load([deck], cache)
    _say(f"{what}, {len(library.entries):,} cards", time.perf_counter() - started)
    return library


def _say(what: str, seconds: float) -> None:
    print(f"\n{what}: {seconds * 1000:,.1f} ms", end="")
