"""Shares as people write them."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor import settings, shares
from tutor.settings import Settings, changed


@pytest.mark.parametrize(
    ("text", "share"),
    [("0.9", 0.9), ("90", 0.9), ("90 %", 0.9), (" 85% ", 0.85), ("0.70", 0.7), ("97", 0.97)],
)
def test_a_retention_is_a_share_or_per_cent(text: str, share: float) -> None:
    assert shares.retention(text) == share


@pytest.mark.parametrize("text", ["", "high", "0.69", "98", "1", "-0.9", "9e-1", "0.9.1", "٩٠"])
def test_any_other_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"retention is from|no number"):
        shares.retention(text)


def test_easy_days_are_shares_of_weekdays_from_monday_on() -> None:
    assert shares.easy_days("") == (1,) * 7
    assert shares.easy_days("sat 50, Sunday 0 %") == (1, 1, 1, 1, 1, 0.5, 0)


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("easy_days", "someday 50", "no weekday"),
        ("easy_days", "sun", "no name with a number"),
        ("easy_days", "sun 101", "from 0 to 100"),
        ("easy_days", "sun 50, sun 0", "stands twice"),
        ("easy_days", "mon 0,tue 0,wed 0,thu 0,fri 0,sat 0,sun 0", "must be left"),
        ("easy_days", "x" * 3000, "longer than"),
        ("easy_days", 0, "must be a text"),
        ("deck_retention", "llm 50", "retention is from"),
        ("deck_retention", "95", "no name with a number"),
    ],
)
def test_a_setting_that_cannot_be_says_why(name: str, value: object, word: str) -> None:
    with pytest.raises(ValueError, match=word) as caught:
        changed(Settings(), name, value)
    assert str(caught.value).startswith(name)
    assert len(str(caught.value)) < 200


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (shares.retention, shares.deck_retentions, shares.easy_days):
        with suppress(ValueError):
            read(text)


def test_what_is_offered_can_be_chosen() -> None:
    for name, text in settings.TEXTS.items():
        for word in text.words:
            assert getattr(changed(Settings(), name, word), name) == word
