"""A demo that is asked for by name stands at once; the answers are opened behind it."""

from __future__ import annotations

from contextlib import closing

import pytest

from tests.ui.conftest import Make, press, screen_text, settled
from tutor.paths import Place
from tutor.session import predictions
from tutor.session.learner import Learner
from tutor.session.predictions import Judgement
from tutor.ui.screens import today
from tutor.ui.screens.lab import DemoScreen
from tutor.ui.screens.today import TodayScreen
from tutor.ui.screens.welcome import WelcomeScreen
from tutor.ui.start import Start
from tutor.ui.widgets.demo_view import DemoView
from tutor.ui.widgets.menu import Menu


async def test_a_demo_stands_before_the_answers_are_open(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are opened behind it; what was foretold by then is kept."""
    monkeypatch.setattr(today, "BEHIND", 3600.0)
    app = make(Start("lab", term="one-number"))
    async with app.run_test(size=(100, 30)) as pilot:
        await settled(pilot)
        assert isinstance(app.screen, DemoScreen)
        assert app.learner_or_none is None
        judged = Judgement("one-number", "predict", {}, 0, "Up", "Down")
        app.screen.view.post_message(DemoView.Judged(judged))
        await settled(pilot)
        assert set(predictions.seen(app.learner)) == {"one-number"}
        assert isinstance(app.screen, DemoScreen), "it stays where it is"


async def test_what_was_foretold_is_kept_where_the_program_ends_at_once(
    make: Make, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TodayScreen, "furnish", lambda page: page.refresh())
    app = make(Start("lab", term="one-number"))
    async with app.run_test(size=(100, 30)) as pilot:
        await settled(pilot)
        judged = Judgement("one-number", "predict", {}, 0, "Up", "Down")
        app.on_demo_view_judged(DemoView.Judged(judged))
        assert app.learner_or_none is None
    with closing(Learner.open(place)) as learner:
        assert set(predictions.seen(learner)) == {"one-number"}


async def test_today_is_put_together_when_somebody_comes_to_it(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(today, "BEHIND", 3600.0)
    app = make(Start("lab", term="one-number"))
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        assert not app.today.query("#parts")
        await press(pilot, "escape")
        if isinstance(app.screen, WelcomeScreen):
            await press(pilot, "escape")
        assert app.today.query_one(Menu).has_focus and app.learner_or_none is not None
        assert "What is coming" in screen_text(pilot) and "Quiz" in screen_text(pilot)
