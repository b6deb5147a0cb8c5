"""Edits change one card's own lines and nothing else, at once or not at all."""

from __future__ import annotations

import os
import signal
import stat
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.deck.written import SOURCE, TAME, cards
from tutor.deck import files
from tutor.deck.editing import create_deck, insert_cards, open_deck, remove_card, replace_card
from tutor.deck.model import Card, Prose
from tutor.deck.parse import ParsedFile
from tutor.deck.writer import placeless
from tutor.errors import DeckError, EditedError, InexpressibleError, NotFoundError

TEXT = """\
---
deck: deck
license: mine
---

# Adam
<!-- topic id=adam -->

A *lesson*.

## What is it?
<!-- card id=what
     ref=here -->
An optimiser.
<!-- check 1 + 1 = 2 -->


## How many @{n}?
<!-- card id=many -->
```params
# one digit
n = int(1, 9)
```
= @{n}

# SGD
<!-- topic id=sgd -->
## Why?
<!-- card id=why -->
Because."""
NEW = Card("deck/new", "deck", "new", "basic", "Is it new?", Prose("It is."), SOURCE, "adam")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "deck.md"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_a_card_is_replaced_and_its_comments_stay(file: Path) -> None:
    deck = open_deck(file)
    card = replace(deck.card("deck/what"), front="What is Adam?", answer=Prose("One of many."))
    edited = replace_card(deck, "deck/what", card)
    old = TEXT[TEXT.index("## What") : TEXT.index("\n\n\n## How")]
    new = (
        "## What is Adam?\n<!-- card id=what ref=here -->\nOne of many.\n\n<!-- check 1 + 1 = 2 -->"
    )
    assert file.read_text(encoding="utf-8") == TEXT.replace(old, new)
    assert edited == open_deck(file)
    assert [p.rule for p in edited.problems] == [p.rule for p in deck.problems]


def test_notes_in_a_params_block_stay(file: Path) -> None:
    deck = open_deck(file)
    replace_card(deck, "deck/many", replace(deck.card("deck/many"), front="How many are @{n}?"))
    changed = TEXT.replace("How many @{n}?", "How many are @{n}?").replace("```\n= @", "```\n\n= @")
    assert file.read_text(encoding="utf-8") == changed


def test_a_card_may_get_another_id_and_keep_its_history(file: Path) -> None:
    deck = open_deck(file)
    card = replace(deck.card("deck/why"), id="reason", key="deck/reason", aka=("deck/why",))
    assert placeless(replace_card(deck, "deck/why", card).card("deck/reason")) == placeless(card)
    assert file.read_text("utf-8").endswith("<!-- card id=reason aka=why -->\nBecause.")


def test_the_linter_is_asked_again(file: Path) -> None:
    deck = open_deck(file)
    card = replace(deck.card("deck/why"), answer=Prose(r"Because of $\nonsense$."))
    assert "unknown-math" in {p.rule for p in replace_card(deck, "deck/why", card).problems}


@pytest.mark.parametrize(
    ("topic", "above"),
    [("adam", "# SGD\n"), (None, "# Adam\n"), ("sgd", ""), ("elsewhere", "")],
)
def test_a_new_card_goes_to_its_topic(file: Path, topic: str | None, above: str) -> None:
    card = replace(NEW, topic=topic)
    edited = insert_cards(open_deck(file), [card])
    assert placeless(edited.card("deck/new")) == placeless(card)
    text = file.read_text(encoding="utf-8")
    start = text.index("## Is it new?")
    assert text[start:].partition("It is.\n")[2].lstrip("\n").partition("\n")[0] == above.strip()
    assert ("topic=" in text[start:].partition("-->")[0]) == (topic == "elsewhere")


def test_a_new_card_goes_below_another(file: Path) -> None:
    insert_cards(open_deck(file), [NEW, replace(NEW, id="n2", key="deck/n2")], after="deck/what")
    keys = [card.id for card in open_deck(file).parsed.cards]
    assert keys == ["what", "new", "n2", "many", "why"]


def test_a_card_is_taken_out(file: Path) -> None:
    remove_card(open_deck(file), "deck/many")
    start, end = TEXT.index("## How many"), TEXT.index("# SGD")
    assert file.read_text(encoding="utf-8") == TEXT[:start] + TEXT[end:]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("last", ["", "\n", "\n\n \n"])
def test_line_ends_marks_and_odd_bytes_stay(file: Path, end: str, mark: str, last: str) -> None:
    data = (mark + TEXT + last).replace("\n", end).encode().replace(b"lesson", b"le\xff\xfeson")
    file.write_bytes(data)
    deck = open_deck(file)
    edited = replace_card(deck, "deck/why", replace(deck.card("deck/why"), front="Why not?"))
    assert file.read_bytes() == data.replace(b"Why?", b"Why not?")
    edited = insert_cards(edited, [NEW])
    remove_card(edited, "deck/new")
    assert file.read_bytes() == data.replace(b"Why?", b"Why not?")


def test_what_cannot_be_is_refused_and_nothing_is_written(file: Path) -> None:
    deck = open_deck(file)
    with pytest.raises(InexpressibleError, match="already"):
        insert_cards(deck, [replace(NEW, id="why", key="deck/why")])
    with pytest.raises(InexpressibleError):
        insert_cards(deck, [replace(NEW, answer=Prose("One.\n\n# Two"))])
    with pytest.raises(InexpressibleError):
        replace_card(deck, "deck/why", replace(NEW, topic=None))
    with pytest.raises(InexpressibleError, match="its deck is `deck`"):
        insert_cards(deck, [replace(NEW, deck="other", key="other/new")])
    with pytest.raises(NotFoundError):
        remove_card(deck, "deck/nothing")
    assert file.read_text(encoding="utf-8") == TEXT


def test_an_edit_that_would_change_a_neighbour_is_refused(file: Path) -> None:
    """The lesson's fence was never closed, and the new card's fence would close it."""
    text = TEXT.replace("<!-- topic id=sgd -->", "<!-- topic id=sgd -->\n```\nopen\n")
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InexpressibleError, match="deck/why"):
        insert_cards(open_deck(file), [replace(NEW, topic="sgd", answer=Prose("```\na\n```"))])
    assert file.read_text(encoding="utf-8") == text


def test_a_file_that_was_changed_meanwhile_is_left_alone(file: Path) -> None:
    deck = open_deck(file)
    theirs = TEXT.replace("An optimiser.", "Theirs.")
    file.write_text(theirs, encoding="utf-8")
    with pytest.raises(EditedError, match="changed"):
        insert_cards(deck, [NEW])
    assert file.read_text(encoding="utf-8") == theirs
    assert [path.name for path in file.parent.iterdir()] == ["deck.md"]


def test_a_link_stays_a_link_and_permissions_stay(file: Path, tmp_path: Path) -> None:
    file.chmod(0o640)
    link = tmp_path / "link.md"
    link.symlink_to(file)
    insert_cards(open_deck(link), [NEW])
    assert link.is_symlink() and "## Is it new?" in file.read_text(encoding="utf-8")
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_file_is_left_alone(file: Path) -> None:
    file.chmod(0o440)
    with pytest.raises(DeckError, match="read-only"):
        insert_cards(open_deck(file), [NEW])


def test_a_new_deck_is_made_once(tmp_path: Path) -> None:
    deck = ParsedFile(str(tmp_path / "own" / "new.md"), "deck", cards=(replace(NEW, topic=None),))
    made = create_deck(deck, "CC0")
    assert [placeless(card) for card in made.parsed.cards] == [placeless(deck.cards[0])]
    with pytest.raises(DeckError, match="exists"):
        create_deck(deck)
    assert [path.name for path in (tmp_path / "own").iterdir()] == ["new.md"]


@given(st.lists(cards(TAME), min_size=1, max_size=4), st.data())
@settings(max_examples=20, deadline=None)
def test_any_edits_are_those_of_a_list(
    tmp_path_factory: pytest.TempPathFactory, found: list[Card], data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("any") / "deck.md"
    path.write_text("---\ndeck: deck\n---\n", encoding="utf-8")
    deck, model = open_deck(path), list[Card]()
    for number, drawn in enumerate(found):
        card = replace(drawn, id=f"c{number}", key=f"deck/c{number}", topic=None)
        at = data.draw(st.integers(0, len(model)))
        if at == len(model):
            deck, model = insert_cards(deck, [card]), [*model, card]
        elif data.draw(st.booleans()):
            deck = replace_card(deck, model[at].key, card)
            model[at] = card
        else:
            deck = remove_card(deck, model.pop(at).key)
        assert [placeless(one) for one in deck.parsed.cards] == [placeless(one) for one in model]
        assert deck == open_deck(path)


FILE_CALLS = {
    "open", "write", "flush", "fsync", "close", "chown", "chmod", "read", "replace", "rename",
    "stat", "unlink", "access",
}  # fmt: skip


def killed_at_call(number: int, work: Callable[[], object]) -> bool:
    """Run `work` in a child that kills itself as it makes its call `number` about a file.

    Returns False when the work was done before it came to that call.
    """
    child = os.fork()
    if child == 0:
        seen = 0

        def count_calls(_frame: object, kind: str, argument: object) -> None:
            nonlocal seen
            seen += kind == "c_call" and getattr(argument, "__name__", "") in FILE_CALLS
            if seen == number:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.setprofile(count_calls)
        work()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_at_any_moment_the_file_is_the_old_or_the_new_one(file: Path) -> None:
    before = file.read_bytes()
    after = before + b"\nmore\n"
    contents = set()
    for number in count(1):
        file.write_bytes(before)
        killed = killed_at_call(number, lambda: files.write_bytes(file, after, expected=before))
        contents.add(file.read_bytes())
        if not killed:
            break
    assert number > 10
    assert contents == {before, after}
    assert files.find([file.parent]) == [str(file)], "what was left behind is no deck"
