"""Study on the real services: every key, and what is on disk after it."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.ui.conftest import MINUTE, HandClock, Make, drawn, press, screen_text, settled
from tutor import settings as files
from tutor.errors import UnwritableError
from tutor.memory.model import Event, Rating
from tutor.paths import Place
from tutor.session.plans import StudyPlan
from tutor.settings import Settings
from tutor.store.database import open_store
from tutor.ui.screens.study import StudyScreen
from tutor.ui.screens.study_end import StudyEndScreen
from tutor.ui.screens.topic import LessonScreen
from tutor.ui.start import Start
from tutor.ui.widgets.rating import RatingBar

TOPICS = ("padding", "counting")
STUDY = Start("study", plan=StudyPlan(topics=TOPICS, new=20), read=TOPICS)


def journal(place: Place) -> list[Event]:
    with open_store(place.database, place.backups) as store:
        return list(store.events())


def study_of(*keys: str) -> Start:
    return Start("study", plan=StudyPlan(topics=keys, new=20))


async def go_to(pilot: Pilot[None], kind: str) -> StudyScreen:
    """Answer cards until one of this kind is on the page."""
    for _ in range(30):
        await settled(pilot)
        if isinstance(pilot.app.screen, LessonScreen):
            await press(pilot, "enter")
        page = pilot.app.screen
        assert isinstance(page, StudyScreen), "the session ended before such a card came"
        assert page.item is not None and page.session is not None
        if page.item.card.kind == kind:
            return page
        page.session.bury(page.item)
        page.advance()
    raise AssertionError(f"no card of kind {kind}")


async def test_recall_reveal_rate_saves_before_the_next_card(make: Make, place: Place) -> None:
    app = make(STUDY)
    async with app.run_test(size=(80, 24)) as pilot:
        page = await go_to(pilot, "term")
        assert "Values placed around" not in screen_text(pilot)
        await press(pilot, "enter")
        text = screen_text(pilot)
        assert "Values placed around" in text and "1 Again 1m" in text and "4 Easy 8d" in text
        saved = page.item
        await press(pilot, "3")
        assert page.item is not saved
        last = journal(place)[-1]
        assert (last.kind, last.card_key, last.rating) == ("review", "small/padding", Rating.GOOD)
        assert saved is not None
        outcome = saved.outcomes[Rating.GOOD]
        assert last.due_utc_ms == outcome.state.due_utc_ms


async def test_undo_brings_the_card_back(make: Make, place: Place) -> None:
    app = make(STUDY)
    async with app.run_test(size=(80, 24)) as pilot:
        page = await go_to(pilot, "term")
        await press(pilot, "enter", "1", "f8")
        assert page.item is not None and page.item.unit == "small/padding"
        assert not page.view.revealed
        assert journal(place)[-1].kind == "undo"
        assert "Taken back" in screen_text(pilot)


async def test_a_hint_lowers_the_best_rating_to_hard(make: Make, place: Place) -> None:
    app = make(STUDY)
    async with app.run_test(size=(80, 24)) as pilot:
        page = await go_to(pilot, "term")
        await press(pilot, "h")
        assert "Hint 1" in screen_text(pilot)
        await press(pilot, "h", "enter")
        assert set(page.query_one(RatingBar).outcomes) == {Rating.AGAIN, Rating.HARD}
        await press(pilot, "3")
        assert "at most Hard" in screen_text(pilot)
        await press(pilot, "2")
        last = journal(place)[-1]
        assert (last.rating, last.hints) == (Rating.HARD, 2)


async def test_options_open_on_a_key_and_a_wrong_one_is_again(make: Make, place: Place) -> None:
    app = make(STUDY)
    async with app.run_test(size=(80, 24)) as pilot:
        page = await go_to(pilot, "choice")
        assert "1) " not in screen_text(pilot)
        await press(pilot, "enter")
        assert "1) " in screen_text(pilot)
        question = page.question
        assert question is not None
        wrong = next(at for at, option in enumerate(question.options) if not option.right)
        await press(pilot, str(wrong + 1))
        text = screen_text(pilot)
        assert "✗  Wrong." in text and "Again 1m: saved" in text
        last = journal(place)[-1]
        assert (last.rating, last.correct) == (Rating.AGAIN, False)
        before = page.item
        await press(pilot, "enter")
        assert page.item is not before


async def test_a_right_choice_is_at_most_good(make: Make) -> None:
    app = make(STUDY)
    async with app.run_test(size=(80, 24)) as pilot:
        page = await go_to(pilot, "choice")
        await press(pilot, "enter")
        assert page.question is not None
        right = next(at for at, option in enumerate(page.question.options) if option.right)
        await press(pilot, str(right + 1))
        assert "✓  Right." in screen_text(pilot)
        assert Rating.EASY not in page.query_one(RatingBar).outcomes


async def test_several_options_are_ticked_then_given(make: Make, place: Place) -> None:
    app = make(STUDY)
    async with app.run_test(size=(80, 24)) as pilot:
        page = await go_to(pilot, "multi")
        await press(pilot, "enter")
        assert page.question is not None
        right = [at for at, option in enumerate(page.question.options) if option.right]
        await press(pilot, *(str(at + 1) for at in right), "enter", "3")
        assert journal(place)[-1].correct is True


async def test_a_typed_number_is_marked_and_its_slip_named(make: Make, place: Place) -> None:
    app = make(STUDY)
    async with app.run_test(size=(80, 24)) as pilot:
        page = await go_to(pilot, "numeric")
        assert page.question is not None
        slip = drawn(page.question, "n_in") * drawn(page.question, "n_out")
        await press(pilot, *"nonsense", "enter")
        assert not page.view.revealed
        page.query_one(Input).value = ""
        await press(pilot, *str(slip), "enter")
        assert "forgot the biases" in screen_text(pilot)
        assert journal(place)[-1].correct is False


async def test_letters_are_text_in_the_field_and_keys_after_tab(make: Make) -> None:
    app = make(STUDY)
    async with app.run_test(size=(80, 24)) as pilot:
        page = await go_to(pilot, "typed")
        await press(pilot, "u", "x")
        assert page.query_one(Input).value == "ux"
        await press(pilot, "tab", "x")
        assert "This card" in screen_text(pilot)


async def test_an_empty_answer_shows_the_answer_to_rate(make: Make, place: Place) -> None:
    app = make(STUDY)
    async with app.run_test(size=(80, 24)) as pilot:
        page = await go_to(pilot, "typed")
        await press(pilot, "enter")
        assert page.rating and "ReLU" in screen_text(pilot)
        await press(pilot, "2")
        assert journal(place)[-1].correct is None


@pytest.mark.parametrize(("digit", "kind"), [("1", "bury"), ("2", "suspend"), ("3", "flag")])
async def test_more_buries_suspends_and_flags(
    make: Make, place: Place, digit: str, kind: str
) -> None:
    app = make(STUDY)
    async with app.run_test(size=(80, 24)) as pilot:
        page = await go_to(pilot, "term")
        await press(pilot, "x")
        text = screen_text(pilot)
        assert "small/padding" in text and "small.md:15" in text
        before = page.item
        await press(pilot, digit)
        assert journal(place)[-1].kind == kind
        assert (page.item is before) == (kind == "flag")


async def test_the_end_says_what_was_done_and_what_is_next(make: Make) -> None:
    app = make(
        Start("study", plan=StudyPlan(topics=("padding",), new=20, limit=2), read=("padding",))
    )
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        for _ in range(2):
            page = app.screen
            assert isinstance(page, StudyScreen) and page.question is not None
            await press(pilot, "enter")
            right = next((i for i, o in enumerate(page.question.options, 1) if o.right), 0)
            await press(pilot, *([str(right)] if page.choosing else []), "3")
        end = app.screen
        assert isinstance(end, StudyEndScreen)
        text = screen_text(pilot)
        assert "That was this session: 2 cards" in text and "Learn ahead" in text
        assert "Still to come today: 0 due · 2 learning ·" in text and "> Go on" in text
        await press(pilot, "escape")
        assert app.screen is app.today


async def test_the_last_answer_can_be_taken_back_at_the_end(make: Make, place: Place) -> None:
    app = make(
        Start("study", plan=StudyPlan(topics=("padding",), new=20, limit=1), read=("padding",))
    )
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "enter", "3")
        assert isinstance(app.screen, StudyEndScreen)
        await press(pilot, "u")
        assert isinstance(app.screen, StudyScreen) and not app.screen.view.revealed
        assert journal(place)[-1].kind == "undo"


async def test_where_nothing_waits_an_older_answer_is_taken_back_after_a_question(
    make: Make, place: Place, clock: HandClock
) -> None:
    app = make(Start("study", plan=StudyPlan(topics=("padding",), new=1), read=("padding",)))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "enter", "4")
    clock.pass_by(MINUTE)
    files.save(place.settings, Settings(new_cards_a_day=0))
    app = make(Start("study"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "Nothing waits right now." in screen_text(pilot)
        await press(pilot, "u")
        assert "was answered before this session" in screen_text(pilot)
        assert journal(place)[-1].kind == "review"
        await press(pilot, "u")
        assert journal(place)[-1].kind == "undo"


async def test_an_answer_that_cannot_be_saved_is_told_and_asked_again(
    make: Make, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make(STUDY)
    async with app.run_test(size=(80, 24)) as pilot:
        page = await go_to(pilot, "term")
        await press(pilot, "enter")
        with monkeypatch.context() as full_disk:
            full_disk.setattr(type(app.learner.store), "append", _disk_is_full)
            await press(pilot, "3")
            assert "The disk is full" in screen_text(pilot)
        await press(pilot, "enter")
        assert app.screen is page and page.rating
        before = page.item
        await press(pilot, "3")
        assert page.item is not before
        assert journal(place)[-1].rating == Rating.GOOD


async def test_a_wrong_answer_that_cannot_be_saved_stays_open(
    make: Make, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make(STUDY)
    async with app.run_test(size=(80, 24)) as pilot:
        page = await go_to(pilot, "typed")
        with monkeypatch.context() as full_disk:
            full_disk.setattr(type(app.learner.store), "append", _disk_is_full)
            await press(pilot, *"tanh", "enter")
            assert "The disk is full" in screen_text(pilot)
        await press(pilot, "escape", "enter")
        assert app.screen is page and page.saved
        assert journal(place)[-1].correct is False


def _disk_is_full(*_: object, **__: object) -> None:
    raise UnwritableError("The disk is full", "Nothing was saved.", "Make room and try again.")


async def test_a_new_topic_begins_with_its_lesson_once(make: Make) -> None:
    app = make(Start("study", plan=StudyPlan(topics=TOPICS, new=20)))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert isinstance(app.screen, LessonScreen)
        assert "New topic" in screen_text(pilot) and "Values placed around" in screen_text(pilot)
        await press(pilot, "enter")
        assert isinstance(app.screen, StudyScreen)
        seen = [app.screen.item.card.topic] if app.screen.item else []
        await press(pilot, "enter", "3")
        if isinstance(app.screen, LessonScreen):
            assert app.screen.topic not in seen


async def test_a_suspended_card_is_listed_and_brought_back(make: Make, place: Place) -> None:
    from tutor.ui.screens.card import CardScreen

    app = make(STUDY)
    async with app.run_test(size=(80, 60)) as pilot:
        await go_to(pilot, "term")
        await press(pilot, "x", "2", "escape", "b")
        await press(pilot, *"suspended")
        await settled(pilot)
        assert "1 of" in screen_text(pilot) and "Padding" in screen_text(pilot)
        app.push_screen(CardScreen("small/padding"))
        await settled(pilot)
        await press(pilot, "x")
        assert "Bring back" in screen_text(pilot)
        await press(pilot, "1")
        assert journal(place)[-1].kind == "unsuspend"


async def test_nothing_due_is_no_dead_end(make: Make, place: Place) -> None:
    files.save(place.settings, Settings(new_cards_a_day=0))
    app = make(Start("study"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        text = screen_text(pilot)
        assert "Nothing waits right now." in text
        assert "Quiz" in text and "Lab" in text and "Learn ahead" in text


async def test_math_key_shows_the_latex(make: Make) -> None:
    app = make(STUDY)
    async with app.run_test(size=(80, 24)) as pilot:
        await go_to(pilot, "choice")
        await press(pilot, "enter", "enter")
        assert "Choose with 1 to 3, or 0" in screen_text(pilot), "enter never reveals unasked"
        await press(pilot, "1")
        assert "p = (k − 1)/2" in screen_text(pilot)
        await press(pilot, "m")
        assert "$p=(k-1)/2$" in screen_text(pilot)


async def test_the_lesson_stands_beside_the_card_or_over_it(make: Make) -> None:
    app = make(STUDY)
    async with app.run_test(size=(80, 24)) as pilot:
        page = await go_to(pilot, "term")
        await press(pilot, "t")
        assert "Needs" in screen_text(pilot) or "Opens" in screen_text(pilot)
        assert app.screen is not page
        await press(pilot, "escape")
        assert app.screen is page
    app = make(STUDY)
    async with app.run_test(size=(120, 40)) as pilot:
        page = await go_to(pilot, "term")
        await press(pilot, "t")
        assert app.screen is page and "Opens" in screen_text(pilot)
        await press(pilot, "escape")
        assert app.screen is page and "Opens" not in screen_text(pilot)


async def test_known_is_told_and_taken_back(make: Make, place: Place) -> None:
    app = make(STUDY)
    async with app.run_test(size=(80, 24)) as pilot:
        await go_to(pilot, "term")
        await press(pilot, "i")
        assert journal(place)[-1].kind == "known"
        await press(pilot, "i")
        assert journal(place)[-1].kind == "unknown"


async def test_the_editor_changes_the_card_on_the_page(
    make: Make, place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Headless apps cannot step aside, so the place is told; the card is read again on `reread`."""
    app = make(STUDY)
    monkeypatch.setenv("EDITOR", "true")
    async with app.run_test(size=(80, 24)) as pilot:
        page = await go_to(pilot, "term")
        await press(pilot, "e", "ctrl+o")
        assert "small.md:15" in screen_text(pilot)
        await press(pilot, "escape")
        page.reread()
        await settled(pilot)
        assert page.item is not None and page.item.unit == "small/padding"


async def test_o_counts_a_written_miss_as_right(make: Make, place: Place) -> None:
    app = make(STUDY)
    async with app.run_test(size=(80, 24)) as pilot:
        page = await go_to(pilot, "numeric")
        await press(pilot, "7", "enter")
        assert "Wrong." in screen_text(pilot) and "Again 1m: saved" in screen_text(pilot)
        await press(pilot, "o")
        text = screen_text(pilot)
        assert "Right." in text and "Good 10m: saved" in text
        await press(pilot, "u")
        text = screen_text(pilot)
        assert "Wrong." in text and "Again 1m: saved" in text and "wrong again" in text
        await press(pilot, "o", "enter")
        assert page.saved is False
        assert [e.kind for e in journal(place)[-4:]] == ["review", "accept", "undo", "accept"]
