"""Glossary, topic, settings and progress on the real services."""

from __future__ import annotations

import pytest

from tests.ui.conftest import Make, press, screen_text, settled
from tutor import settings
from tutor.paths import Place
from tutor.store.database import open_store
from tutor.ui.screens.glossary import GlossaryScreen
from tutor.ui.screens.quiz import QuizScreen
from tutor.ui.screens.settings import turned
from tutor.ui.screens.study import StudyScreen
from tutor.ui.screens.topic import TopicScreen
from tutor.ui.start import Start

GLOSSARY = Start("glossary")


# -- glossary ---------------------------------------------------------------------------------


async def test_typing_finds_a_topic_by_any_of_its_names(make: Make) -> None:
    app = make(GLOSSARY)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "Parameter counting" in screen_text(pilot)
        await press(pilot, *"zero")
        text = screen_text(pilot)
        assert "Padding" in text and "Parameter counting" not in text
        await press(pilot, "enter")
        assert isinstance(app.screen, TopicScreen)
        assert "Values placed around" in screen_text(pilot)
        await press(pilot, "escape")
        assert isinstance(app.screen, GlossaryScreen)


async def test_a_search_without_result_says_what_to_do(make: Make) -> None:
    app = make(GLOSSARY)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *"zzz")
        assert "Try a shorter part of the word." in screen_text(pilot)
        await press(pilot, "escape")
        assert "Padding" in screen_text(pilot)


async def test_tree_and_topic_stand_side_by_side_where_there_is_room(make: Make) -> None:
    app = make(Start("glossary", term="parameter counting"))
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        text = screen_text(pilot)
        assert "1 A small deck" in text and "Each unit has one weight an input" in text
        assert "Needs   Padding" in text and "Cards   6" in text


async def test_a_topic_asked_for_on_the_command_line_is_found_by_its_other_name(
    make: Make,
) -> None:
    app = make(Start("glossary", term="Zero-Padding"))
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        assert "Values placed around" in screen_text(pilot)


async def test_known_is_marked_in_the_tree(make: Make, place: Place) -> None:
    app = make(Start("glossary", term="padding"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "i")
        assert "✓ Padding" in screen_text(pilot)
        assert "1 of 2" in screen_text(pilot)
        await press(pilot, "i")
        assert "✓ Padding" not in screen_text(pilot)
    with open_store(place.database, place.backups) as store:
        assert [event.kind for event in store.events()] == ["known", "unknown"]


async def test_a_topic_leads_to_its_cards_quiz_and_demo(make: Make) -> None:
    app = make(Start("glossary", term="padding"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "enter")
        assert isinstance(app.screen, TopicScreen)
        await press(pilot, "enter")
        assert isinstance(app.screen, StudyScreen)
        await press(pilot, "escape", "q")
        assert isinstance(app.screen, QuizScreen)
        await press(pilot, "escape", "d")
        assert not isinstance(app.screen, TopicScreen)
        await press(pilot, "escape")
        assert isinstance(app.screen, TopicScreen)


# -- settings ---------------------------------------------------------------------------------


async def test_settings_change_at_a_key_press_and_stay(make: Make, place: Place) -> None:
    app = make(Start("settings"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "right", "down", "left")
        assert "← 89 % →" in screen_text(pilot)
        await press(pilot, "escape")
        assert app.learner.settings.minutes_a_day == 25
        assert app.learner.summary.settings.desired_retention == 0.89
    kept, complaints = settings.load(place.settings)
    assert (kept.minutes_a_day, kept.desired_retention, complaints) == (25, 0.89, [])


async def test_the_theme_changes_at_once(make: Make) -> None:
    app = make(Start("settings"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *["down"] * 20, "right")
        assert app.theme == "tutor-light"
        await press(pilot, "right")
        assert app.settings.theme == app.theme == "textual-dark"


def test_a_setting_stays_in_its_range() -> None:
    chosen = settings.Settings()
    for name in settings.LIMITS:
        for steps in (-1000, 1000):
            moved = getattr(turned(chosen, name, steps), name)
            limit = settings.LIMITS[name]
            assert moved == (limit.low if steps < 0 else limit.high)
            assert type(moved) is type(getattr(chosen, name))


@pytest.mark.parametrize(("value", "steps", "moved"), [(0.9, 1, 0.91), (0.9, -1, 0.89)])
def test_retention_moves_by_hundredths(value: float, steps: int, moved: float) -> None:
    chosen = settings.Settings(desired_retention=value)
    assert turned(chosen, "desired_retention", steps).desired_retention == moved


def test_a_value_between_two_steps_moves_to_the_next_of_them() -> None:
    assert turned(settings.Settings(minutes_a_day=22), "minutes_a_day", 1).minutes_a_day == 25
    assert turned(settings.Settings(minutes_a_day=22), "minutes_a_day", -1).minutes_a_day == 20


# -- styles -----------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (120, 40)])
@pytest.mark.parametrize(
    "name", ["today", "study", "quiz", "glossary", "browse", "settings", "lab"]
)
async def test_a_page_has_all_its_styles_when_it_opens(
    make: Make, name: str, size: tuple[int, int]
) -> None:
    app = make(Start(name, read=("padding", "parameter-counting")))
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        nodes = list(app.screen.walk_children(with_self=True))
        before = {node: node.styles.base.get_rules() for node in nodes}
        app.screen.update_node_styles(animate=False)
        assert {node: node.styles.base.get_rules() for node in nodes} == before
