"""Adds cards of the learner's own, and mends any card: read while it is typed, written at once.

A card of a file of the learner's own is changed in its place. A bundled card stays as it is: the
learner's wording of it goes into a file of their own and is asked instead.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from tutor import paths
from tutor.deck import editing, files, ids
from tutor.deck.drafting import Draft, Reading, draft_of, read_draft, same_text
from tutor.deck.editing import OpenDeck
from tutor.deck.model import Card, Source
from tutor.deck.outline import decoded, outline
from tutor.deck.parse import ParsedFile
from tutor.deck.rules import Findings
from tutor.deck.slugs import free, slug
from tutor.errors import DeckError, UsageError
from tutor.paths import ensure_dir
from tutor.session.importing_decks import decks_of
from tutor.session.learner import Learner

DECK = "my-cards"
"""The deck of a new card that names none."""

_MOST_FILES = 100
Naming = Callable[[set[str]], str]
"""Gives the key of a card by those that are taken."""


@dataclass(frozen=True, slots=True)
class Written:
    """What one act has written, so that it can be told and taken back.

    did: `added`, `changed` in its place, `mended` by a card that overrides it, `restored` where
    that says the same again, or `same` when there was nothing to write.
    before: what the file held; None when there was no file.
    """

    key: str
    did: str
    source: Source
    before: bytes | None = None
    after: bytes = b""


def draft_for(learner: Learner, key: str) -> Draft:
    """The fields of a card as it is now. Raises NotFoundError, DeckError."""
    return draft_of(_card(learner, key))


def read(learner: Learner, draft: Draft, key: str = "") -> Reading:
    """What a draft is read as, with the words of `tutor check`.

    key: the card that is mended. Raises NotFoundError and DeckError when that is gone.
    """
    original = _card(learner, key) if key else None
    topic, fault = _topic(learner, draft.topic, original)
    if not key and not slug(draft.deck or DECK):
        fault = "The deck needs a name of letters or digits."
    if not draft.front.strip():
        return Reading(None, ("The question is still to be written.",))
    if not draft.answer.strip():
        return Reading(None, ("The answer is still to be written.",))
    deck = slug(draft.deck) or DECK
    found = read_draft(replace(draft, topic=topic, deck=deck), original)
    if fault:
        found = replace(found, card=None, errors=(fault, *found.errors))
    return found


def changed_since(learner: Learner, key: str) -> Card | None:
    """The original of a mended card if it says something else than when that was written."""
    entry = learner.library.entries.get(learner.library.resolve(key))
    original = learner.library.original(entry.key) if entry else None
    if entry is None or original is None:
        return None
    return original if entry.overrides not in {"any", original.content_hash} else None


def write(learner: Learner, draft: Draft, key: str = "") -> Written:
    """Write a draft: a new card, or the card of that key. On disk when this returns.

    The decks are to be read again afterwards. Raises UsageError when the draft is no card yet,
    NotFoundError, and DeckError when nothing could be written.
    """
    found = read(learner, draft, key)
    if found.card is None:
        raise UsageError("This is no card yet", found.errors[0])
    if not key:
        return _add(learner, found.card)
    old = _card(learner, key)
    if found.card.topic is None and old.topic is not None:
        found = replace(found, card=replace(found.card, topic=old.topic))
    assert found.card is not None
    if same_text(found.card, old) and changed_since(learner, key) is None:
        return Written(old.key, "same", old.source)
    return _mend(learner, found.card, old)


def take_back(learner: Learner, written: Written) -> None:
    """Put the file back as it was, if nobody has changed it since.

    Raises EditedError, DeckError.
    """
    path = Path(written.source.file)
    if written.did == "same":
        return
    if written.before is not None:
        files.write_bytes(path, written.before, expected=written.after)
    elif files.read_bytes(path) == written.after:
        files.remove(path)
    else:
        raise files.edited(path)


def restore_original(learner: Learner, key: str) -> Written:
    """Take the card that overrides the original out of its file. Raises as `write` does."""
    card = _card(learner, key)
    if learner.library.original(card.key) is None:
        raise UsageError("There is no original", f"{card.key} stands for itself.")
    deck = editing.open_deck(Path(card.source.file))
    return _done(learner, deck.data, editing.remove_card(deck, card.key), card.key, "restored")


def own_copy(learner: Learner, key: str) -> Source:
    """Where the card stands in a file of the learner's own; a bundled one is copied there first.

    Raises as `write` does.
    """
    card = _card(learner, key)
    if _is_own(learner, Path(card.source.file)):
        return card.source
    mine = replace(card, overrides=card.content_hash)
    return _put(learner, mine, lambda _taken: card.key, "mended").source


def tidy(learner: Learner, key: str) -> None:
    """Take a card that overrides an original of the same text out again, and read the decks."""
    entry = learner.library.entries.get(learner.library.resolve(key))
    original = learner.library.original(entry.key) if entry else None
    if entry is None or original is None:
        return
    card = _card(learner, key)
    if same_text(replace(card, aka=original.aka, topic=original.topic), original):
        restore_original(learner, key)
        learner.reload()


# -- where a card goes ------------------------------------------------------------------------


def _card(learner: Learner, key: str) -> Card:
    entry, _ = learner.library.unit(key)
    return replace(learner.library.card(entry.key), topic=entry.topic, overrides=entry.overrides)


def _topic(learner: Learner, term: str, original: Card | None) -> tuple[str, str]:
    """The id of the topic that is meant, and what is wrong with it."""
    term = term.strip()
    if not term or (original is not None and term == original.topic):
        return term, ""
    library = learner.library
    if (topic := library.find_topic(term)) is not None:
        return topic.id, ""
    near = ", ".join(one.id for one in library.near(term)[:3])
    return "", f"No deck has a topic {term!r}" + (f"; perhaps {near}." if near else ".")


def _add(learner: Learner, card: Card) -> Written:
    made = ids.made(card.front) or "card"
    return _put(learner, card, lambda taken: free(f"{card.deck}/{made}", taken), "added")


def _mend(learner: Learner, card: Card, old: Card) -> Written:
    original = learner.library.original(old.key)
    if original is not None and same_text(replace(card, aka=original.aka), original):
        return restore_original(learner, old.key)
    path = Path(old.source.file)
    if original is not None:
        card = replace(card, overrides=original.content_hash)
    if not _is_own(learner, path):
        mine = replace(card, overrides=old.content_hash)
        return _put(learner, mine, lambda _taken: old.key, "mended")
    deck = editing.open_deck(path)
    card = replace(card, topic=_in_file(deck, old.key, card, old))
    return _done(learner, deck.data, editing.replace_card(deck, old.key, card), old.key, "changed")


def _in_file(deck: OpenDeck, key: str, card: Card, old: Card) -> str | None:
    """The topic to be written: a card that takes its topic from elsewhere goes on doing so."""
    return deck.card(key).topic if card.topic == old.topic else card.topic


def _is_own(learner: Learner, path: Path) -> bool:
    """Whether a file is the learner's to change: not a bundled one, and not read-only."""
    if not os.access(path, os.W_OK):
        return False
    found = path.resolve()
    if found.is_relative_to(decks_of(learner.place).resolve()):
        return True
    return not found.is_relative_to(paths.content_dir().resolve())


def _put(learner: Learner, card: Card, name: Naming, did: str) -> Written:
    """Write a card into the learner's file of its deck, which is made if there is none."""
    ensure_dir(decks_of(learner.place))
    path, deck = _own_file(learner, card.deck)
    there = deck.parsed.cards if deck else ()
    key = name({*learner.library.entries, *(one.key for one in there)})
    card = replace(card, key=key, id=key.rpartition("/")[2], source=Source(str(path), 1))
    if deck is None:
        title = card.deck.replace("-", " ").capitalize()
        parsed = ParsedFile(str(path), deck=card.deck, title=title, cards=(card,))
        return _done(learner, None, editing.create_deck(parsed), key, did)
    return _done(learner, deck.data, editing.insert_cards(deck, [card]), key, did)


def _own_file(learner: Learner, name: str) -> tuple[Path, OpenDeck | None]:
    """The learner's file of a deck, opened if it is there."""
    folder = decks_of(learner.place)
    own = [Path(deck.file) for deck in learner.library.decks if deck.deck == name]
    named = [folder / f"{name}.md"]
    named += [folder / f"{name}-{number}.md" for number in range(2, _MOST_FILES)]
    for path in [*(path for path in own if path.parent == folder), *named]:
        if not os.path.lexists(path):
            return path, None
        deck = editing.open_deck(path)
        front, _, _ = outline(decoded(deck.data), Findings(str(path)))
        if front.deck_of(str(path)) == name and os.access(path, os.W_OK):
            return path, deck
    raise DeckError("Deck cannot be written", f"{folder}: no file of it takes the deck {name}.")


def _done(learner: Learner, before: bytes | None, deck: OpenDeck, key: str, did: str) -> Written:
    files.remember(deck.path, deck.data, deck.parsed, learner.place.cache)
    here = [card.source for card in deck.parsed.cards if card.key == key]
    source = here[0] if here else Source(str(deck.path), 1)
    return Written(key, did, source, before, deck.data)
