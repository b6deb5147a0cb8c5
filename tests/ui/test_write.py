"""The form for cards: what is typed is read at once, kept, saved whole, studied, taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.ui.conftest import Make, press, screen_text, settled
from tutor import paths
from tutor.deck.drafting import Draft
from tutor.deck.model import Prose
from tutor.errors import DeckError
from tutor.paths import Place
from tutor.session import drafts, writing
from tutor.session.learner import Learner
from tutor.session.writing import Written
from tutor.ui.screens.browse import BrowseScreen
from tutor.ui.screens.card import CardScreen
from tutor.ui.screens.study import StudyScreen
from tutor.ui.screens.write import WriteScreen
from tutor.ui.start import Start

SIZES = [(80, 24), (120, 40), (200, 60)]


def form(pilot: Pilot[None]) -> WriteScreen:
    page = pilot.app.screen
    assert isinstance(page, WriteScreen)
    return page


async def type_in(pilot: Pilot[None], text: str) -> None:
    await press(pilot, *({" ": "space"}.get(sign, sign) for sign in text))


def file_of(place: Place) -> Path:
    return place.data / "decks" / "my-cards.md"


@pytest.mark.parametrize("size", SIZES)
async def test_a_card_is_added_and_studied_with_few_keys(
    size: tuple[int, int], make: Make, place: Place
) -> None:
    app = make(Start("browse"))
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        await press(pilot, "tab", "a")
        await settled(pilot)
        assert "The question is still" in screen_text(pilot)
        await type_in(pilot, "epoch")
        await press(pilot, "tab")
        await type_in(pilot, "one pass")
        await settled(pilot)
        assert screen_text(pilot).count("one pass") == 2, "typed, and as it will look"
        await press(pilot, "ctrl+s")
        await settled(pilot)
        assert "Saved as my-cards/epoch" in screen_text(pilot)
        assert "one pass" in file_of(place).read_text()
        await press(pilot, "enter")
        await settled(pilot)
        assert isinstance(app.screen, StudyScreen)
        assert app.screen.item is not None and app.screen.item.unit == "my-cards/epoch"


async def test_words_of_check_stand_there_and_nothing_is_saved_before_it_is_a_card(
    make: Make, place: Place
) -> None:
    app = make(Start("add", term="padding"))
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        page = form(pilot)
        assert page.draft.topic == "padding"
        page.query_one("OneOf").focus()
        await press(pilot, "right", "right", "right", "right")
        assert page.draft.kind == "choice" and "the right one first" in screen_text(pilot)
        page.field("front").text, page.field("answer").text = "Which?", "one"
        await settled(pilot)
        assert "options" in " ".join(page.reading.errors)
        assert page.reading.errors[0][:20] in screen_text(pilot)
        await press(pilot, "ctrl+s")
        await settled(pilot)
        assert not file_of(place).exists()
        page.field("answer").text = "one\ntwo\n> no"
        await settled(pilot)
        assert not page.reading.errors and "1) one" in screen_text(pilot)


async def test_a_draft_outlives_the_program_and_is_put_away(make: Make, place: Place) -> None:
    app = make(Start("add"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await type_in(pilot, "half")
    kept = drafts.load(place)
    assert kept is not None and kept.front == "half"
    app = make(Start("add"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert form(pilot).draft.front == "half" and "not saved" in screen_text(pilot)
        await press(pilot, "f8")
        await settled(pilot)
        assert form(pilot).draft.front == ""
        await type_in(pilot, "half")
        await press(pilot, "f8")
        assert "F8 again puts away" in screen_text(pilot) and form(pilot).draft.front == "half"
        await press(pilot, "f8")
        await settled(pilot)
        assert form(pilot).draft.front == ""
    assert drafts.load(place) is None and not file_of(place).exists()


async def test_what_was_not_written_is_kept_and_saved_again(
    make: Make, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make(Start("add", given=(("front", "epoch"), ("tags", "a"))))
    write = writing.write

    def full(learner: Learner, draft: Draft, key: str = "") -> Written:
        raise DeckError("Deck cannot be written", "No space left on device.")

    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "tab")
        await type_in(pilot, "pass")
        monkeypatch.setattr(writing, "write", full)
        await press(pilot, "ctrl+s")
        await settled(pilot)
        assert "No space left" in screen_text(pilot)
        kept = drafts.load(place)
        assert kept is not None and (kept.front, kept.answer) == ("epoch", "pass")
        monkeypatch.setattr(writing, "write", write)
        await press(pilot, "escape")
        await press(pilot, "ctrl+s")
        await settled(pilot)
        assert "tags=a" in file_of(place).read_text()
        assert drafts.load(place) is None


async def test_what_was_saved_here_is_taken_back_into_the_form(make: Make, place: Place) -> None:
    app = make(Start("add"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        page = form(pilot)
        page.field("front").text, page.field("answer").text = "Epoch", "One pass."
        await settled(pilot)
        await press(pilot, "ctrl+s")
        await settled(pilot)
        assert "my-cards/epoch" in app.learner.library.entries
        await press(pilot, "f8")
        await settled(pilot)
        assert page.draft.answer == "One pass." and not file_of(place).exists()
        assert "my-cards/epoch" not in app.learner.library.entries


async def test_a_bundled_card_is_mended_beside_its_file_and_shown_again(
    make: Make, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "content_dir", lambda: place.content[0].parent)
    before = place.content[0].read_bytes()
    app = make(Start("card", term="small/padding"))
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await press(pilot, "e")
        await settled(pilot)
        page = form(pilot)
        assert page.draft.front == "Padding"
        page.field("answer").text = "My own words."
        await settled(pilot)
        await press(pilot, "ctrl+s")
        await settled(pilot)
        assert isinstance(app.screen, CardScreen) and "My own words." in screen_text(pilot)
        assert place.content[0].read_bytes() == before
        assert app.learner.library.card("small/padding").answer == Prose("My own words.")
        assert "overrides=" in (place.data / "decks" / "small.md").read_text()


async def test_browse_mends_the_row_under_the_cursor(make: Make) -> None:
    app = make(Start("browse", term="key:small/relu-name"))
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await press(pilot, "e")
        await settled(pilot)
        assert form(pilot).key == "small/relu-name"
        await press(pilot, "escape")
        await settled(pilot)
        assert isinstance(app.screen, BrowseScreen)


async def test_each_part_is_reached_by_tab_and_by_mouse(make: Make) -> None:
    app = make(Start("add"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        page = form(pilot)
        seen = []
        for _ in range(8):
            seen.append(page.focused)
            await press(pilot, "tab")
        assert len({id(one) for one in seen}) == 8 and page.focused is seen[0]
        for name in ("answer", "front"):
            await pilot.click(page.field(name).box)
            assert page.focused is page.field(name).box
        await pilot.click("OneOf", offset=(20, 0))
        assert page.draft.kind == "term"
