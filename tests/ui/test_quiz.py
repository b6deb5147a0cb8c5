"""The Quiz screens on the real services: every kind by keyboard, feedback, keys, report."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from tests.ui.conftest import Make, drawn, press, screen_text, settled
from tutor.paths import Place
from tutor.quiz.question import Question
from tutor.session.plans import QuizPlan
from tutor.store.database import open_store
from tutor.ui.screens.quiz import QuizScreen
from tutor.ui.screens.quiz_report import QuizReportScreen
from tutor.ui.screens.quiz_setup import QuizSetupScreen
from tutor.ui.start import Start

LETTERS = "abcdef"
KINDS = {
    "same-padding": "choice",
    "size-changers": "multi",
    "dense-matrix": "truefalse",
    "dense-count": "numeric",
    "relu-name": "typed",
    "step-order": "order",
    "loss-task": "match",
    "chain-rule": "cloze",
}


def right_keys(question: Question) -> list[str]:
    """The keys that answer a question rightly, the last enter included where one is needed."""
    match question.kind:
        case "choice":
            return ["enter", *_digits(question)]
        case "truefalse":
            return _digits(question)
        case "multi":
            return ["enter", *_digits(question), "enter"]
        case "order":
            text = ",".join(str(place + 1) for place in question.places)
        case "match":
            text = ",".join(f"{n}{LETTERS[p]}" for n, p in enumerate(question.pairs, 1))
        case "cloze":
            text = ";".join(gap.text for gap in question.gaps)
        case _:
            text = question.accepted[0] if question.accepted else question.expected.split()[0]
    return [*typed(text), "enter"]


def _digits(question: Question) -> list[str]:
    return [str(at + 1) for at, option in enumerate(question.options) if option.right]


def typed(text: str) -> list[str]:
    names = {" ": "space", ",": "comma", ";": "semicolon", ".": "full_stop", "-": "minus"}
    return [names.get(letter, letter) for letter in text]


def quiz_of(*cards: str) -> Start:
    return Start("quiz", plan=QuizPlan(cards=tuple(f"small/{card}" for card in cards), seed=5))


def asked(pilot: Pilot[None]) -> Question:
    assert isinstance(pilot.app.screen, QuizScreen)
    question = pilot.app.screen.question
    assert question is not None
    return question


@pytest.mark.parametrize(("card", "kind"), KINDS.items())
async def test_every_kind_is_answered_by_keyboard(
    make: Make, place: Place, card: str, kind: str
) -> None:
    app = make(quiz_of(card))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert asked(pilot).kind == kind
        await press(pilot, *right_keys(asked(pilot)))
        assert "✓  Right." in screen_text(pilot)
        await press(pilot, "enter")
        assert isinstance(app.screen, QuizReportScreen)
        assert "1 of 1 right" in screen_text(pilot)
    with open_store(place.database, place.backups) as store:
        saved = list(store.events())
    assert [event.correct for event in saved] == [True] * len(saved) and saved
    assert {event.source for event in saved} == {"quiz"}


async def test_a_wrong_option_tells_its_reason_and_the_explanation(make: Make) -> None:
    app = make(quiz_of("same-padding"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "enter")
        wrong = next(i for i, o in enumerate(asked(pilot).options) if o.text == "4")
        await press(pilot, str(wrong + 1))
        text = screen_text(pilot)
        assert "That is k − 1: the total, both sides together." in text
        assert "n + 2p − k + 1 = n" in text


async def test_a_slip_is_named_worked_out_and_asked_again(make: Make) -> None:
    app = make(quiz_of("dense-count"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        first = asked(pilot)
        slip = drawn(first, "n_in") * drawn(first, "n_out")
        await press(pilot, *typed(str(slip)), "enter")
        assert f"{slip}: forgot the biases." in screen_text(pilot)
        await press(pilot, "f7")
        assert "ans = n_in × n_out + n_out" in screen_text(pilot)
        await press(pilot, "f6")
        again = asked(pilot)
        assert again.key == first.key and again.values != first.values


async def test_what_cannot_be_read_is_asked_again(make: Make, place: Place) -> None:
    app = make(quiz_of("dense-count"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *"many", "enter")
        assert not app.screen.view.revealed  # type: ignore[attr-defined]
        assert "number" in screen_text(pilot)
    with open_store(place.database, place.backups) as store:
        assert list(store.events()) == []


async def test_sure_and_unsure_are_kept(make: Make, place: Place) -> None:
    app = make(quiz_of("same-padding", "relu-name"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "f3")
        assert "sure" in screen_text(pilot)
        await press(pilot, *right_keys(asked(pilot)), "enter", "f3", "f3")
        assert "unsure" in screen_text(pilot)
        await press(pilot, *right_keys(asked(pilot)), "enter")
        assert "right, but unsure" in screen_text(pilot)
    with open_store(place.database, place.backups) as store:
        assert [event.confidence for event in store.events()] == ["sure", "unsure"]


async def test_skip_leaves_a_question_out(make: Make) -> None:
    app = make(quiz_of("same-padding", "relu-name"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "f4")
        assert asked(pilot).key == "small/relu-name"
        assert "1 of 1" in screen_text(pilot)


async def test_undo_asks_the_same_again(make: Make, place: Place) -> None:
    app = make(quiz_of("same-padding"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *right_keys(asked(pilot)), "u")
        assert asked(pilot).key == "small/same-padding"
        assert not app.screen.view.revealed  # type: ignore[attr-defined]
    with open_store(place.database, place.backups) as store:
        assert list(store.active_events()) == []


async def test_the_report_lists_what_to_review_and_asks_it_again(make: Make) -> None:
    app = make(quiz_of("same-padding", "relu-name"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *right_keys(asked(pilot)), "enter", *"tanh", "enter", "enter")
        text = screen_text(pilot)
        assert "1 of 2 right" in text and "To review" in text and "you: tanh   right: ReLU" in text
        await press(pilot, "enter")
        assert asked(pilot).key == "small/relu-name"


async def test_setup_chooses_number_kinds_and_topics(make: Make) -> None:
    app = make(Start("quiz"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert isinstance(app.screen, QuizSetupScreen)
        await press(pilot, "left", "down", "down", "space", "tab", "down", "space")
        text = screen_text(pilot)
        assert "← 5 →" in text and "✓   Parameter counting" in text and "✓ one of a few" in text
        await press(pilot, "space", "down", "down", "down", "space", "enter")
        assert asked(pilot).kind == "numeric"
        assert asked(pilot).card.topic == "counting"


async def test_a_choice_that_nothing_fits_says_so(make: Make) -> None:
    app = make(Start("quiz", plan=QuizPlan(topics=("padding",), kinds=("order",))))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "Nothing to ask" in screen_text(pilot)
        await press(pilot, "enter")
        assert app.screen is app.today


async def test_escape_leaves_and_what_was_answered_stays(make: Make, place: Place) -> None:
    app = make(quiz_of("same-padding", "relu-name"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *right_keys(asked(pilot)), "escape")
        text = screen_text(pilot)
        assert "left after 1 of 2" in text and "1 of 1 right" in text
        await press(pilot, "enter")
        assert asked(pilot).key == "small/relu-name", "the first row goes on"
        await press(pilot, "escape", "escape")
        assert app.screen is app.today
        assert "quiz, 1 of 2 answered" in screen_text(pilot)
    with open_store(place.database, place.backups) as store:
        assert len(list(store.events())) == 1


async def test_o_counts_a_written_miss_as_right(make: Make, place: Place) -> None:
    app = make(quiz_of("dense-count"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *typed("7"), "enter")
        assert "Wrong." in screen_text(pilot) and "o right" in screen_text(pilot)
        await press(pilot, "o")
        text = screen_text(pilot)
        assert "Right." in text and "because you said so" in text and "1 right" in text
        assert "o right" not in text
        await press(pilot, "u")
        assert "Wrong." in screen_text(pilot) and "counts as wrong again" in screen_text(pilot)
        await press(pilot, "o", "enter")
        assert "1 of 1 right" in screen_text(pilot)
    with open_store(place.database, place.backups) as store:
        assert [e.kind for e in store.events()] == ["review", "accept", "undo", "accept"]
