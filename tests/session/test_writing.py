"""Cards that the learner writes and mends: read as a deck is, written whole, in the right file."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.session.decks import Clock, learner
from tutor import paths
from tutor.deck.drafting import HOW, Draft, draft_of, read_draft, same_text
from tutor.deck.library import load
from tutor.deck.model import KINDS, Card, Choice, Kind, Match, Numeric, Order, Prose, Typed
from tutor.errors import EditedError, UsageError
from tutor.memory.model import Rating
from tutor.session import drafts, writing
from tutor.session.learner import Learner
from tutor.session.study import StudySession

SHORT: dict[Kind, str] = {
    "term": "One pass over the data.",
    "basic": "Because of that.",
    "cloze": "A ==gap== in it.",
    "choice": "right\nwrong\n> It is not.\nworse",
    "multi": "[x] one\n[x] two\n[ ] three",
    "truefalse": "false",
    "numeric": "0.731 ± 0.001",
    "typed": "ReLU | rectifier",
    "order": "first\nsecond\nthird",
    "match": "a | 1\nb | 2\nc | 3",
}
EPOCH = Draft(front="Epoch", answer="One pass.", deck="my-cards")


@pytest.fixture
def one(tmp_path: Path) -> object:
    with closing(learner(tmp_path, Clock())) as opened:
        yield opened


def bundled(one: Learner, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the deck of the test be a bundled one; its file."""
    file = Path(one.library.decks[0].file)
    monkeypatch.setattr(paths, "content_dir", lambda: file.parent)
    return file


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_a_short_form_that_is_that_kind(kind: Kind) -> None:
    found = read_draft(Draft(kind=kind, front="What is it here?", answer=SHORT[kind], deck="d"))
    assert found.errors == () and found.card is not None and found.card.kind == kind
    assert HOW[kind]
    again = read_draft(replace(draft_of(found.card), deck="d"))
    assert again.card == found.card, "a form that is opened on it reads as the same"


def test_short_forms_mean_what_they_look_like() -> None:
    def answer(kind: Kind) -> object:
        card = read_draft(Draft(kind=kind, front="What?", answer=SHORT[kind], deck="d")).card
        assert card is not None
        return card.answer

    choice = answer("choice")
    assert isinstance(choice, Choice)
    assert [(o.text, o.right, o.reason) for o in choice.options] == [
        ("right", True, ""),
        ("wrong", False, "It is not."),
        ("worse", False, ""),
    ]
    assert answer("typed") == Typed(("ReLU", "rectifier"))
    assert answer("order") == Order(("first", "second", "third"))
    numeric, match = answer("numeric"), answer("match")
    assert isinstance(numeric, Numeric) and numeric.value == "0.731"
    assert isinstance(match, Match) and match.pairs == (("a", "1"), ("b", "2"), ("c", "3"))


@pytest.mark.parametrize(
    ("kind", "text", "answer"),
    [
        ("typed", 'gate | "the | gate"', Typed(("gate", "the | gate"))),
        ("typed", '"one | two"', Typed(("one | two",))),
        ("typed", "| a | | b |", Typed(("a", "b"))),
        (
            "match",
            "$P(A|B)$ | posterior\n`a|b` | code\n$|x|$ | size",
            Match(
                ("This", "Goes with"),
                (("$P(A|B)$", "posterior"), ("`a|b`", "code"), ("$|x|$", "size")),
            ),
        ),
        (
            "match",
            r"a \| b | 1" "\nlength | |x|\nc | 3",
            Match(("This", "Goes with"), (("a | b", "1"), ("length", "|x|"), ("c", "3"))),
        ),
    ],
)
def test_a_bar_in_a_formula_in_code_or_in_quotes_parts_nothing(
    kind: Kind, text: str, answer: Typed | Match
) -> None:
    found = read_draft(Draft(kind=kind, front="What is it here?", answer=text, deck="d"))
    assert found.errors == () and found.card is not None
    assert found.card.answer == answer


@pytest.mark.parametrize(
    ("draft", "word"),
    [
        (Draft(kind="typed", front="A", answer=" | "), "some text"),
        (Draft(front="A", answer="Text.\n# Another\nText."), "another card"),
        (Draft(front="A", answer="Text.\n## B\n<!-- card id=b -->\nText."), "another card"),
        (Draft(front="A", answer="```\nopen"), "never closed"),
        (Draft(kind="choice", front="A", answer="- [x] one\n- [x] two"), "exactly one"),
        (Draft(kind="cloze", front="A", answer="No gap."), "==gap=="),
        (Draft(kind="numeric", front="A", answer="0.5"), "tolerance"),
    ],
)
def test_what_is_no_card_is_told_in_checks_words(draft: Draft, word: str) -> None:
    found = read_draft(replace(draft, deck="d"))
    assert found.card is None and found.errors
    assert word in " ".join(found.errors)


def test_every_bundled_card_can_be_opened_in_the_form_and_reads_as_itself() -> None:
    library = load([paths.content_dir()], None)
    seen = 0
    for key in [*library.entries][::37]:
        card = library.card(key)
        found = read_draft(draft_of(card), card)
        assert found.card is not None, (key, found.errors)
        assert same_text(replace(found.card, content_hash=card.content_hash), card), key
        seen += 1
    assert seen > 40


def test_a_new_card_goes_into_a_deck_of_ones_own_and_is_studied(one: Learner) -> None:
    added = writing.write(one, EPOCH)
    assert (added.did, added.key) == ("added", "my-cards/epoch")
    assert Path(added.source.file) == one.place.data / "decks" / "my-cards.md"
    twin = writing.write(one, replace(EPOCH, topic="Alpha", tags="a b, c"))
    assert twin.key == "my-cards/epoch-2", "ids of cards that are on disk are taken"
    one.reload()
    card = one.library.card(twin.key)
    assert (card.topic, card.tags, card.answer) == ("alpha", ("a b", "c"), Prose("One pass."))
    assert not [p for p in one.library.problems if p.level == "error"]
    from tutor.session.plans import StudyPlan

    item = StudySession(one, StudyPlan(cards=(added.key,))).next()
    assert item is not None and item.unit == added.key


def test_a_card_of_ones_own_is_changed_in_its_place(one: Learner) -> None:
    file = Path(one.library.decks[0].file)
    before = file.read_text()
    draft = writing.draft_for(one, "d/gamma")
    done = writing.write(one, replace(draft, answer="Another text."), "d/gamma")
    assert done.did == "changed"
    assert file.read_text() == before.replace("The third letter.", "Another text.")
    writing.take_back(one, done)
    assert file.read_text() == before


def test_a_bundled_card_stays_and_ones_own_wording_has_its_history(
    one: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = bundled(one, monkeypatch)
    before = file.read_bytes()
    session = StudySession(one)
    item = session.next()
    assert item is not None and item.unit == "d/alpha"
    session.answer(item, Rating.GOOD)
    state = one.state("d/alpha")
    draft = writing.draft_for(one, "d/alpha")
    mended = writing.write(one, replace(draft, front="Alpha, in my words"), "d/alpha")
    assert (mended.did, mended.key, file.read_bytes()) == ("mended", "d/alpha", before)
    one.reload()
    card = one.library.card("d/alpha")
    assert (card.front, card.hints) == ("Alpha, in my words", ("It is not the last.",))
    assert one.library.entries["d/alpha"].topic == "alpha"
    assert one.state("d/alpha") == state
    assert next(iter(one.library.entries)) == "d/alpha", "it stands where the original stood"
    again = writing.write(one, replace(draft, front="Once more"), "d/alpha")
    assert again.did == "changed" and again.source.file == mended.source.file
    one.reload()
    back = writing.write(one, draft, "d/alpha")
    assert back.did == "restored", "the very text of the original is the original"
    one.reload()
    assert one.library.card("d/alpha").front == "Alpha" and not one.library.overridden


def test_a_changed_original_is_told_until_the_mended_card_is_saved(
    one: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = bundled(one, monkeypatch)
    draft = replace(writing.draft_for(one, "d/gamma"), answer="My text.")
    writing.write(one, draft, "d/gamma")
    file.write_text(file.read_text().replace("The third letter.", "The letter of radiation."))
    one.reload()
    news = writing.changed_since(one, "d/gamma")
    assert news is not None and news.answer == Prose("The letter of radiation.")
    assert "overridden-changed" in {p.rule for p in one.library.problems}
    assert writing.write(one, draft, "d/gamma").did == "changed"
    one.reload()
    assert writing.changed_since(one, "d/gamma") is None
    assert writing.write(one, draft, "d/gamma").did == "same"


def test_a_file_of_that_name_for_another_deck_is_left_alone(one: Learner) -> None:
    folder = one.place.data / "decks"
    folder.mkdir(parents=True)
    other = folder / "my-cards.md"
    other.write_text("---\ndeck: other\n---\n\n## A\n<!-- card id=a -->\nText.\n")
    added = writing.write(one, EPOCH)
    assert Path(added.source.file).name == "my-cards-2.md"
    writing.take_back(one, added)
    assert [path.name for path in folder.glob("*.md")] == ["my-cards.md"]


def test_what_somebody_has_changed_meanwhile_is_not_taken_back(one: Learner) -> None:
    added = writing.write(one, EPOCH)
    path = Path(added.source.file)
    path.write_text(path.read_text() + "\nMore.\n")
    with pytest.raises(EditedError):
        writing.take_back(one, added)


def test_a_topic_that_is_none_and_lost_gaps_are_told(one: Learner) -> None:
    found = writing.read(one, replace(EPOCH, topic="alpa"))
    assert found.card is None and "perhaps alpha" in found.errors[0]
    with pytest.raises(UsageError):
        writing.write(one, replace(EPOCH, topic="alpa"))
    row = replace(writing.draft_for(one, "d/row"), answer="After ==alpha== comes ==b==.")
    told = writing.read(one, row, "d/row").advice
    assert any("`beta`" in text and "`alpha`" not in text for text in told)


def test_drafts_are_kept_by_card_and_bad_ones_cost_nothing(one: Learner) -> None:
    place = one.place
    drafts.keep(place, EPOCH)
    drafts.keep(place, replace(EPOCH, front="Mended"), "d/gamma")
    assert drafts.load(place) == EPOCH
    drafts.forget(place)
    assert drafts.load(place) is None and drafts.load(place, "d/gamma") is not None
    for text in ("", "[]", "{", '{"": 1}', '{"": {"front": 3, "x": "y"}}', "[" * 100_000):
        (place.data / "drafts.json").write_text(text)
        assert drafts.load(place) in (None, Draft())


def test_the_card_of_a_gap_is_mended_as_a_whole(one: Learner) -> None:
    card: Card = one.library.card("d/row")
    assert writing.draft_for(one, "d/row/beta") == draft_of(card)
