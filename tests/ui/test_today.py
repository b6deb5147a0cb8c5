"""Today and what is around it: start-up, the first minute, failures, sizes, help, palette."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.screen import Screen

from tests.ui.conftest import DECK, HandClock, Make, press, screen_text, settled
from tutor import settings
from tutor.deck.load_progress import OnProgress
from tutor.memory.model import Rating
from tutor.memory.time import Clock
from tutor.paths import Place, settle
from tutor.session.learner import Learner
from tutor.session.study import StudySession
from tutor.store.glance import read_glance
from tutor.ui.app import TutorApp
from tutor.ui.screens.card import CardScreen
from tutor.ui.screens.glossary import GlossaryScreen
from tutor.ui.screens.help import HelpScreen
from tutor.ui.screens.lab import DemoScreen, LabScreen
from tutor.ui.screens.progress import ProgressScreen
from tutor.ui.screens.quiz_setup import QuizSetupScreen
from tutor.ui.screens.settings import SettingsScreen
from tutor.ui.screens.study import StudyScreen
from tutor.ui.screens.topic import TopicScreen
from tutor.ui.screens.welcome import FirstLesson, WelcomeScreen
from tutor.ui.start import Start
from tutor.ui.widgets.line import Head


@pytest.fixture
def answered(place: Place, clock: HandClock) -> None:
    """A learner who has answered one card, which is due in ten minutes."""
    learner = Learner.open(place, clock=clock)
    session = StudySession(learner)
    item = session.next()
    assert item is not None
    session.answer(item, Rating.GOOD, elapsed_ms=4000)
    learner.close()


async def test_the_numbers_are_painted_before_anything_is_opened(
    answered: None, make: Make, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.pass_by(20 * 60_000)
    gate = threading.Event()
    real = Learner.open

    def slow(*args: object, **kwargs: object) -> Learner:
        gate.wait(10)
        return real(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(Learner, "open", slow)
    app = make()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "0 due    1 learning" in screen_text(pilot)
        assert app.learner_or_none is None
        await pilot.press("s")
        assert app.screen is app.today
        gate.set()
        await settled(pilot)
        assert isinstance(app.screen, SettingsScreen), "what was pressed meanwhile is done"


@pytest.mark.parametrize(("hours", "date"), [(0, "Fri 20 Nov"), (17, "Fri 20 Nov"), (20, "Sat 21")])
async def test_the_date_is_that_of_the_study_day(
    make: Make, clock: HandClock, hours: int, date: str
) -> None:
    clock.pass_by(hours * 60 * 60_000)  # from 08:30: 01:30 is still Friday, 04:30 is Saturday
    app = make()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        app.today.paint_head()
        assert app.today.query_one(Head).right.plain.startswith(date)


async def test_a_long_wait_says_what_it_does(
    answered: None, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    real = Learner.open

    def slow(*args: object, **kwargs: object) -> Learner:
        gate.wait(30)
        return real(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(Learner, "open", slow)
    app = make()
    async with app.run_test(size=(80, 24)) as pilot:
        while "Opening your answers" not in screen_text(pilot):
            await pilot.pause(0.01)
        gate.set()
        await settled(pilot)
        assert "Opening your answers" not in screen_text(pilot)


@pytest.mark.parametrize(
    ("decks", "said"), [(True, "decks … 42 %"), (False, "Your answers take their new form: 42 %")]
)
async def test_a_long_wait_says_how_far_it_is(
    answered: None, make: Make, monkeypatch: pytest.MonkeyPatch, decks: bool, said: str
) -> None:
    gate = threading.Event()
    real = Learner.open

    def slow(
        place: Place, clock: Clock, on_progress: OnProgress, on_migration: OnProgress
    ) -> Learner:
        (on_progress if decks else on_migration)(0.42)
        gate.wait(30)
        return real(place, clock, on_progress, on_migration)

    monkeypatch.setattr(Learner, "open", slow)
    app = make()
    async with app.run_test(size=(80, 24)) as pilot:
        while said not in screen_text(pilot):
            await pilot.pause(0.01)
        gate.set()
        await settled(pilot)
        await pilot.pause(0.5)
        assert "100 %" not in screen_text(pilot), "the line is gone when it is over"


async def test_nothing_due_is_said_as_0_due(make: Make) -> None:
    app = make(Start("settings"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "escape")
        assert "0 due" in screen_text(pilot)


@pytest.mark.parametrize(
    ("key", "screen"),
    [
        ("enter", StudyScreen),
        ("q", QuizSetupScreen),
        ("l", LabScreen),
        ("slash", GlossaryScreen),
        ("p", ProgressScreen),
        ("s", SettingsScreen),
    ],
)
async def test_each_key_opens_its_page_and_escape_comes_back(
    answered: None, make: Make, key: str, screen: type
) -> None:
    app = make()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, key)
        assert isinstance(app.screen, screen)
        await press(pilot, "escape")
        assert app.screen is app.today


async def test_the_mouse_works_too(answered: None, make: Make) -> None:
    app = make()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        bar = screen_text(pilot).splitlines()[23]
        await pilot.click(offset=(bar.index("settings"), 23))
        await settled(pilot)
        assert isinstance(app.screen, SettingsScreen)
        await press(pilot, "escape")
        row = next(y for y, line in enumerate(screen_text(pilot).splitlines()) if "Quiz  " in line)
        await pilot.click(offset=(10, row))
        await settled(pilot)
        assert isinstance(app.screen, QuizSetupScreen)


async def test_the_row_on_disk_follows_each_answer(answered: None, place: Place) -> None:
    glance = read_glance(place.database)
    assert glance is not None
    assert glance.answers == 1 and sum(count for _, count in glance.due) == 1


# -- the first minute -------------------------------------------------------------------------


async def test_the_first_run_by_enter_and_one_digit_a_choice_ends_on_today(
    make: Make, place: Place
) -> None:
    app = make()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert isinstance(app.screen, WelcomeScreen)
        assert "How many minutes a day?   ← 20 min →" in screen_text(pilot)
        await press(pilot, "right", "enter")
        assert settings.load(place.settings)[0].minutes_a_day == 25
        assert isinstance(app.screen, FirstLesson)
        assert "Values placed around" in screen_text(pilot) and "1 of 4" in screen_text(pilot)
        await press(pilot, "enter")
        assert isinstance(app.screen, DemoScreen) and "esc back" in screen_text(pilot)
        assert "2 of 4: " in screen_text(pilot)
        await press(pilot, "enter")
        assert "Choose 1 to" in screen_text(pilot), "enter says what it waits for"
        await through_the_demo(pilot)
        for _ in range(12):
            if not isinstance(page_of(pilot), StudyScreen):
                break
            await answer_by_enter(pilot)
        assert page_of(pilot) is app.today
        assert "4 of 4. Your first lesson: 3 cards" in screen_text(pilot)
    glance = read_glance(place.database)
    assert glance is not None and glance.answers == 3


def page_of(pilot: Pilot[None]) -> Screen[object]:
    return pilot.app.screen


async def through_the_demo(pilot: Pilot[None]) -> None:
    """One digit for each question, enter for the rest."""
    for _ in range(100):
        page = pilot.app.screen
        if not isinstance(page, DemoScreen):
            return
        asked = page.view.inquiry.question is not None and not page.view.has_class("-compiling")
        await press(pilot, "1" if asked else "enter")
        await pilot.pause(0.2)
        if isinstance(pilot.app.screen, DemoScreen) and page.view.inquiry.phase == "told":
            assert "Enter goes on to the cards." in screen_text(pilot)
    raise AssertionError("the demo does not end")


async def answer_by_enter(pilot: Pilot[None]) -> None:
    """The next card: enter, a digit where one is to be chosen, and enter again for Good."""
    page = pilot.app.screen
    assert isinstance(page, StudyScreen) and page.question is not None
    await press(pilot, "enter")
    if page.choosing:
        await press(pilot, "enter")
        assert not page.view.revealed, "enter never reveals unasked"
        right = [at for at, option in enumerate(page.question.options) if option.right]
        await press(pilot, *(str(at + 1) for at in right))
        if page.choosing:
            await press(pilot, "enter")
    await press(pilot, "enter")


async def test_the_welcome_can_be_left(make: Make) -> None:
    app = make()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "escape")
        assert app.screen is app.today


@pytest.mark.parametrize("name", ["study", "quiz", "glossary", "lab", "progress"])
async def test_other_verbs_never_show_the_welcome(make: Make, name: str) -> None:
    app = make(Start(name))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert not isinstance(app.screen, WelcomeScreen)
        await press(pilot, "escape")
        assert app.screen is app.today


async def test_an_answer_given_anywhere_counts_as_data(answered: None, make: Make) -> None:
    app = make()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert app.screen is app.today


# -- failures ---------------------------------------------------------------------------------


async def test_a_damaged_file_is_told_and_nothing_else_happens(
    answered: None, make: Make, place: Place
) -> None:
    place.database.write_bytes(b"this is no database" * 200)
    before = place.database.read_bytes()
    app = make()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        text = screen_text(pilot)
        assert "tutor restore" in text or "backup" in text.lower()
        await press(pilot, "enter")
        assert app.screen is app.today
        assert "Your answers are not open" in screen_text(pilot)
    assert place.database.read_bytes() == before


async def test_a_folder_that_cannot_be_created_is_told(tmp_path: Path, clock: HandClock) -> None:
    (tmp_path / "file").write_text("not a folder")
    place = settle(data_dir=str(tmp_path / "file" / "data"), content=(str(DECK),), bundled=False)
    app = TutorApp(place, clock=clock)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "--data-dir" in screen_text(pilot)


async def test_opening_can_be_tried_again(answered: None, make: Make, place: Place) -> None:
    good = place.database.read_bytes()
    place.database.write_bytes(b"this is no database" * 200)
    app = make()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "enter")
        place.database.write_bytes(good)
        await press(pilot, "p")
        assert isinstance(app.screen, ProgressScreen)


async def test_a_broken_card_is_told_and_the_others_are_studied(
    tmp_path: Path, clock: HandClock
) -> None:
    deck = tmp_path / "broken.md"
    good = "## Good\n<!-- card id=g topic=t -->\nYes.\n"
    deck.write_text(f"# T\n<!-- topic id=t -->\n\n{good}\n## Bad\n<!-- card id=g -->\nTwice.\n")
    place = settle(data_dir=str(tmp_path / "data"), content=(str(deck),), bundled=False)
    app = TutorApp(place, Start("study"), clock=clock)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert isinstance(app.screen, StudyScreen) and "Good" in screen_text(pilot)
        await press(pilot, "escape")
        assert "1 problem in the decks; tutor check lists them." in screen_text(pilot)


async def test_an_unknown_demo_is_told(make: Make) -> None:
    app = make(Start("lab", term="nonsense"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "No such demo" in screen_text(pilot)


# -- sizes ------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(59, 24), (80, 14), (20, 5), (1, 1)])
async def test_too_small_is_told_and_keys_rest(
    answered: None, make: Make, size: tuple[int, int]
) -> None:
    app = make()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.resize_terminal(*size)
        await settled(pilot)
        if size[0] >= 20:
            assert "too small" in screen_text(pilot)
        await press(pilot, "enter", "q", "s")
        assert app.screen is app.today
        await pilot.resize_terminal(80, 24)
        await settled(pilot)
        assert "Start today" in screen_text(pilot)


# -- help and palette -------------------------------------------------------------------------


async def test_help_explains_the_live_keys(answered: None, make: Make) -> None:
    app = make(Start("study"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        if app.screen.focused is not None:
            await press(pilot, "tab")
        await press(pilot, "question_mark")
        assert isinstance(app.screen, HelpScreen)
        text = screen_text(pilot)
        assert "Take the last answer back." in text
        assert "how well you knew it" not in text, "nothing is rated before the answer"
        await press(pilot, "escape")
        assert isinstance(app.screen, StudyScreen)


@pytest.mark.parametrize(
    ("words", "screen"),
    [("parameter counting", TopicScreen), ("relu", CardScreen), ("settings", SettingsScreen)],
)
async def test_the_palette_finds_topics_cards_and_screens(
    answered: None, make: Make, words: str, screen: type
) -> None:
    app = make()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("ctrl+p")
        await pilot.press(*("space" if letter == " " else letter for letter in words))
        await settled(pilot)
        await press(pilot, "down", "enter")
        assert isinstance(app.screen, screen)


async def test_the_palette_finds_demos(answered: None, make: Make) -> None:
    from tutor.ui.palette import Everything

    app = make()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        provider = Everything(app.screen)
        found = [str(hit.text) async for hit in provider.search("convolution")]
        assert any("onvolution" in text for text in found)
