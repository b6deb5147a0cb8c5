"""How well a card is to be remembered."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tutor.memory.model import CardState
from tutor.memory.schedule import Scheduler
from tutor.memory.wishes import Wishes, eased

HARD, MIDDLE, EASY = 10.0, 5.0, 1.0


def test_a_deck_may_have_its_own_wish_and_gaps_have_their_decks() -> None:
    wishes = Wishes(0.9, {"llm": 0.95})
    assert wishes.of("llm/a/gap", 0) == wishes.of("llm/a", HARD) == 0.95
    assert wishes.of("other/a", HARD) == 0.9


def test_a_hard_card_may_be_forgotten_more_often() -> None:
    """1 - r = 0.1 e^((D - 5) / 10): 0.165 at 10; an easy card is wished for as it stands."""
    wishes = Wishes(0.9, by_difficulty=True)
    assert [wishes.of("d/a", each) for each in (0, MIDDLE)] == [0.9, 0.9]
    assert round(wishes.of("d/a", HARD), 3) == 0.835
    assert wishes.of("d/a", EASY) == 0.9


@given(st.floats(0.7, 0.97), st.floats(1, 10), st.floats(1, 10))
def test_the_harder_the_lower_and_always_a_wish_that_can_be(
    wish: float, one: float, other: float
) -> None:
    low, high = sorted((one, other))
    assert 0.7 <= eased(wish, high) <= eased(wish, low) <= 0.97


def test_the_scheduler_asks_a_hard_card_later_than_it_would() -> None:
    state = CardState("d/a", "review", 50.0, 9.5, reps=4, first_day=0, last_day=10)
    wish = Scheduler(desired_retention=Wishes(0.9, by_difficulty=True)).wish(state)
    assert wish == eased(0.9, 9.5) < 0.9 == Scheduler().wish(state)
