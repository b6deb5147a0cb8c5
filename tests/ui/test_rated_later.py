"""Study's right answers are on the disk when the page says so; the rating may change them."""

from __future__ import annotations

from textual.pilot import Pilot

from tests.ui.conftest import Make, press, screen_text, settled
from tests.ui.test_study import STUDY, go_to, journal
from tutor.memory.amend import settled as counting
from tutor.memory.model import Rating
from tutor.paths import Place
from tutor.ui.screens.study import StudyScreen
from tutor.ui.widgets.rating import RatingBar


def ratings(place: Place) -> list[Rating | None]:
    """How the answers of the journal count."""
    return [event.rating for event in counting(journal(place)) if event.kind == "review"]


async def answered(pilot: Pilot[None]) -> StudyScreen:
    """Choose what is right."""
    page = await go_to(pilot, "choice")
    await press(pilot, "enter")
    assert page.question is not None
    right = next(at for at, option in enumerate(page.question.options) if option.right)
    await press(pilot, str(right + 1))
    assert "Right." in screen_text(pilot)
    return page


async def test_it_is_saved_before_it_is_said_and_rated_after(make: Make, place: Place) -> None:
    app = make(STUDY)
    async with app.run_test(size=(80, 24)) as pilot:
        page = await answered(pilot)
        assert ratings(place) == [Rating.GOOD]
        await press(pilot, "2")
        assert ratings(place) == [Rating.HARD]
        assert page.tally.answers[-1].rating is Rating.HARD
        page.action_undo()  # the next card may be one to be typed
        assert ratings(place) == [] and not page.tally.answers


async def test_undo_before_the_rating_asks_it_again(make: Make, place: Place) -> None:
    app = make(STUDY)
    async with app.run_test(size=(80, 24)) as pilot:
        page = await answered(pilot)
        item = page.item
        await press(pilot, "u")
        await settled(pilot)
        assert ratings(place) == []
        assert page.item is not None and item is not None and page.item.unit == item.unit
        assert not page.view.revealed


async def test_a_card_that_is_read_again_meanwhile_is_answered_once(
    make: Make, place: Place
) -> None:
    app = make(STUDY)
    async with app.run_test(size=(80, 24)) as pilot:
        page = await answered(pilot)
        offered = dict(page.query_one(RatingBar).outcomes)
        page.reread()
        await settled(pilot)
        assert {r: o.label for r, o in page.query_one(RatingBar).outcomes.items()} == {
            r: o.label for r, o in offered.items()
        }
        await press(pilot, "1")
        assert ratings(place) == [Rating.AGAIN]
