"""The lab in the hand: predict, run, observe, turn knobs, leave; also when things go wrong."""

from __future__ import annotations

import gc
import threading
from collections.abc import Awaitable, Callable

import pytest
from textual.app import App
from textual.pilot import Pilot

from demos import catalog
from demos.base import DivergedError
from tutor.errors import KnobError
from tutor.lab.compilation import readiness
from tutor.session.predictions import Judgement
from tutor.ui import routes, themes
from tutor.ui.app import TutorApp
from tutor.ui.host import host_of
from tutor.ui.screens.lab import DemoScreen, LabScreen
from tutor.ui.start import Start
from tutor.ui.widgets.demo_view import DemoView

SMALL, NORMAL, LARGE = (60, 15), (80, 24), (120, 40)


class LabApp(App[None]):
    """Just the lab, with the app's sheet and themes."""

    CSS_PATH = "../../tutor/ui/app.tcss"
    learner_or_none = None
    HORIZONTAL_BREAKPOINTS = TutorApp.HORIZONTAL_BREAKPOINTS
    VERTICAL_BREAKPOINTS = TutorApp.VERTICAL_BREAKPOINTS

    def __init__(self, link: str | None = None) -> None:
        super().__init__()
        self.link = link
        self.told: list[Judgement] = []
        for theme in themes.THEMES:
            self.register_theme(theme)
        self.theme = themes.DARK

    def on_mount(self) -> None:
        self.push_screen(LabScreen())
        if self.link:
            self.push_screen(DemoScreen(self.link))

    def on_demo_view_judged(self, message: DemoView.Judged) -> None:
        self.told.append(message.said)

    def on_demo_view_asked(self, message: DemoView.Asked) -> None:
        self.go(Start(message.page, term=message.demo))

    def go(self, start: Start) -> None:
        page = routes.page(start, host_of(self))
        assert page is not None
        self.push_screen(page)

    @property
    def view(self) -> DemoView:
        assert isinstance(self.screen, DemoScreen)
        return self.screen.view


@pytest.fixture(autouse=True)
def _compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests compile in their own process, unless they say otherwise."""
    monkeypatch.setattr(readiness, "starts_at_once", lambda name: True)


def text(pilot: Pilot[None]) -> str:
    """What stands on the screen, line by line."""
    return "\n".join(strip.text.rstrip() for strip in pilot.app.screen._compositor.render_strips())


async def until(pilot: Pilot[None], holds: Callable[[], bool]) -> None:
    """Let the app go on until `holds`; fails after two minutes: the first run compiles."""
    for _ in range(6000):
        await pilot.pause(0.02)
        if holds():
            return
    raise AssertionError(f"it never came to that:\n{text(pilot)}")


async def shows(pilot: Pilot[None], *words: str) -> None:
    await until(pilot, lambda: all(word in text(pilot) for word in words))


Script = Callable[[LabApp, Pilot[None]], Awaitable[None]]


async def play(link: str | None, script: Script, size: tuple[int, int] = NORMAL) -> None:
    app = LabApp(link)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await script(app, pilot)


async def test_the_list_tells_what_each_demo_is_about() -> None:
    async def script(app: LabApp, pilot: Pilot[None]) -> None:
        for name in catalog.names():
            await shows(pilot, f"> {name}", catalog.spec(name).topics[0])
            await pilot.press("down")
        for _ in catalog.names()[2:]:
            await pilot.press("up")
        await pilot.press("enter")
        await shows(pilot, catalog.spec(catalog.names()[1]).title, "Predict")
        await pilot.press("escape")
        assert isinstance(app.screen, LabScreen)

    await play(None, script)


@pytest.mark.parametrize("size", [NORMAL, LARGE])
async def test_predict_run_observe_and_be_judged(size: tuple[int, int]) -> None:
    async def script(app: LabApp, pilot: Pilot[None]) -> None:
        await shows(pilot, "Predict", "1 10, like the series")
        await pilot.press("2")
        await shows(pilot, "Observe", "✓ You predicted")
        await pilot.press("1")
        await shows(pilot, "✗ You saw  At once", "Raw, a constant 10", "Your turn  1 correction on")
        predicted, observed = app.told
        assert predicted.asked == "predict"
        assert (predicted.demo, predicted.seed) == ("ewma", 0)
        assert predicted.chosen == predicted.right == "10 times (1 − β)"
        assert observed.asked == "observe"
        assert (observed.chosen, observed.right) == ("At once", "21 to 100")
        assert observed.knobs["beta"] == 0.9

    await play("ewma", script, size)


async def test_one_key_skips_the_prediction_and_one_the_observation() -> None:
    async def script(app: LabApp, pilot: Pilot[None]) -> None:
        await shows(pilot, "Predict")
        await pilot.press("space")
        await shows(pilot, "Observe")
        await pilot.press("space")
        await shows(pilot, "✓ Raw, a constant 10")
        assert app.told == []

    await play("ewma", script)


async def test_a_verdict_that_fails_says_what_to_change() -> None:
    async def script(app: LabApp, pilot: Pilot[None]) -> None:
        await shows(pilot, "loss ‹mse›")
        await pilot.press("space")
        await shows(pilot, "Observe")
        await pilot.press("space")
        await shows(
            pilot, "✗ At a logit of −10 mse still pulls", "not at least 0.5", "Choose cross-entropy"
        )

    await play("softmax?loss=mse", script)


async def test_the_footer_names_only_the_digits_that_choose() -> None:
    async def script(app: LabApp, pilot: Pilot[None]) -> None:
        options = len(app.view.spec.predict.options)
        await shows(pilot, f"1-{options} choose")
        await pilot.press(f"{options + 1}")
        assert app.view.inquiry.predicted is None

    await play("softmax", script)


async def test_turning_a_knob_of_an_explorer_acts_at_once() -> None:
    async def script(app: LabApp, pilot: Pilot[None]) -> None:
        await shows(pilot, "padding ‹1›", "= ?", "sealed")
        await pilot.press("space")
        await shows(pilot, "= 12", "output 12×12")
        await pilot.press("right")
        await shows(pilot, "padding ‹2›", "= 14")
        await pilot.press("right_square_bracket", "right")
        await shows(pilot, "stride ‹2›", "= 7")
        await pilot.press("left_square_bracket", "left", "left")
        await shows(pilot, "padding ‹0›")

    await play("convolution?padding=1", script)


@pytest.mark.parametrize("size", [NORMAL, LARGE])
async def test_a_kernel_is_set_cell_by_cell(size: tuple[int, int]) -> None:
    async def script(app: LabApp, pilot: Pilot[None]) -> None:
        await shows(pilot, "input size ‹12›", "weights preset")
        assert "cell" not in text(pilot).splitlines()[-1]
        await pilot.press("left_square_bracket")
        await shows(pilot, "weights ‹1,1: 1›", "vertical kernel", "[ 1.00]", "↑ ↓ cell")
        await pilot.press("right", "right", "down", "left")
        await shows(pilot, "weights ‹1,2: −0.5›", "your kernel", "[−0.50]", " 2.00 ")
        await pilot.press("up", "up", "right")
        await shows(pilot, "weights ‹3,3: −0.5›")
        assert app.view.snapshot.knobs["weights"] == "2,-0.5,-1/1,0,-1/1,0,-0.5"
        await pilot.press("left_square_bracket", "left_square_bracket", "right")
        await shows(pilot, "kernel ‹horizontal›", "weights preset")
        assert app.view.snapshot.knobs["weights"] == ""
        await pilot.press("right_square_bracket", "right_square_bracket", "right")
        await shows(pilot, "weights ‹1,1: 1.5›", "your kernel")

    await play("convolution", script, size)


async def test_a_link_brings_a_kernel_of_its_own() -> None:
    async def script(app: LabApp, pilot: Pilot[None]) -> None:
        await shows(pilot, "weights ‹1,1: 0›", "your kernel", "−4.00")
        await pilot.press("right_square_bracket")
        await shows(pilot, "weights own", "input size ‹12›")

    await play("convolution?weights=0,1,0/1,-4,1/0,1,0", script)


async def test_step_pace_seed_and_back_to_the_start() -> None:
    async def script(app: LabApp, pilot: Pilot[None]) -> None:
        await shows(pilot, "step 0 of 100")
        await pilot.press("full_stop", "w")
        await shows(pilot, "Choose 1 to 3 first; space goes on without.", "step 0 of 100")
        await pilot.press("space", "space")
        await shows(pilot, "paused")
        step = app.view.snapshot.step
        await pilot.press("full_stop", "full_stop", "full_stop")
        await shows(pilot, f"step {step + 3} of 100")
        await pilot.press("plus", "plus", "minus")
        await shows(pilot, "×2")
        await pilot.press("0")
        await shows(pilot, "step 0 of 100", "seed 0")
        await pilot.press("r")
        await shows(pilot, "seed 1")

    await play("convolution", script)


async def test_pausing_stops_and_running_goes_on() -> None:
    async def script(app: LabApp, pilot: Pilot[None]) -> None:
        await pilot.press("space")
        await until(pilot, lambda: app.view.snapshot.step > 2)
        await pilot.press("space")
        await shows(pilot, "paused")
        await pilot.press("space")
        await shows(pilot, "running")

    await play("overfit", script)


async def test_the_last_run_stays_as_a_ghost() -> None:
    async def script(app: LabApp, pilot: Pilot[None]) -> None:
        await pilot.press("space")
        await until(pilot, lambda: app.view.snapshot.step > 20)
        await pilot.press("r")
        await shows(pilot, "seed 1", "last run")
        await pilot.press("g")
        await until(pilot, lambda: "last run" not in text(pilot))

    await play("overfit", script, LARGE)


async def test_why_and_the_source_with_its_kernels() -> None:
    async def script(app: LabApp, pilot: Pilot[None]) -> None:
        await shows(pilot, "Predict")
        await pilot.press("space", "w")
        await shows(pilot, "60 points pin down far fewer")
        await pilot.press("escape", "v")
        await shows(pilot, "demos/overfit.py", "The overfit clinic")
        await pilot.press("right_square_bracket")
        await shows(pilot, "demos/engine/")
        await pilot.press("escape")
        await shows(pilot, "Overfit clinic")

    await play("overfit", script)


async def test_long_lines_of_the_source_are_reached_sideways() -> None:
    async def script(app: LabApp, pilot: Pilot[None]) -> None:
        await pilot.press("v")
        await shows(pilot, "demos/attention.py")
        before = text(pilot)
        code = app.screen.query_one("#code")
        assert code.max_scroll_x > 0
        await pilot.press(*["right"] * 3)
        await until(pilot, lambda: code.scroll_x > 0)
        assert text(pilot) != before
        await pilot.press("right_square_bracket")
        await until(pilot, lambda: code.scroll_x == 0)

    await play("attention", script)


async def test_a_dare_is_taken_with_one_key_and_asked_about_anew() -> None:
    async def script(app: LabApp, pilot: Pilot[None]) -> None:
        await pilot.press("1")
        await shows(pilot, "Observe")
        await pilot.press("1")
        await shows(pilot, "Your turn  1 distractors 1: does the vote still help?")
        await pilot.press("1")
        await shows(pilot, "distractors ‹1›", "Predict", "step 0 of 200", "plurality of 11: ?")
        await pilot.press("2")
        await shows(pilot, "✓ You predicted  They score lower", "Observe")
        await pilot.press("1")
        await shows(pilot, "✗ Gain of 11 tries")
        assert "Your turn" not in text(pilot)

    await play("think-longer", script)


async def test_a_demo_that_is_not_to_ask_waits_until_it_may() -> None:
    async def script(app: LabApp, pilot: Pilot[None]) -> None:
        view = DemoView("softmax", asks=False)
        screen = DemoScreen("softmax")
        screen.view = view
        app.push_screen(screen)
        await shows(pilot, "space shows all its numbers")
        assert "Predict" not in text(pilot)
        await pilot.press("1", "full_stop")
        assert app.told == []
        view.begin_to_ask()
        await shows(pilot, "Predict", "1 Nothing")

    await play(None, script)


async def test_divergence_names_step_layer_and_knob(monkeypatch: pytest.MonkeyPatch) -> None:
    run_class = catalog.run_class("ewma")

    class Diverging(run_class):  # type: ignore[misc, valid-type]
        def step(self, n: int) -> None:
            raise DivergedError(12, "layer 2, weights", "noise", "Divide it by 3.")

    monkeypatch.setattr(catalog, "run_class", lambda name: Diverging)

    async def script(app: LabApp, pilot: Pilot[None]) -> None:
        await pilot.press("space")
        await shows(
            pilot, "DIVERGED", "step 12 in layer 2, weights", "Turn back noise", "noise ‹0.5›"
        )

    await play("ewma", script)


async def test_a_resize_to_one_cell_while_it_trains_breaks_nothing() -> None:
    async def script(app: LabApp, pilot: Pilot[None]) -> None:
        await pilot.press("minus", "minus", "space")  # so that it does not end meanwhile
        for size in ((1, 1), (20, 5), (300, 90), NORMAL):
            await pilot.resize_terminal(*size)
            step = app.view.snapshot.step
            await until(pilot, lambda at=step: app.view.snapshot.step > at)  # type: ignore[misc]
        await shows(pilot, "Overfit clinic", "running")

    await play("overfit", script)


async def test_leaving_ends_the_thread() -> None:
    async def script(app: LabApp, pilot: Pilot[None]) -> None:
        await pilot.press("space")
        await until(pilot, lambda: app.view.snapshot.step > 0)
        await pilot.press("escape")
        await until(pilot, lambda: not any(t.name == "demo overfit" for t in threading.enumerate()))

    await play("overfit", script)


async def test_what_is_loaded_is_not_searched_for_garbage_while_a_demo_is_open() -> None:
    async def script(app: LabApp, pilot: Pilot[None]) -> None:
        await shows(pilot, "Predict")
        assert gc.get_freeze_count() > 10_000
        await pilot.press("escape")
        await until(pilot, lambda: gc.get_freeze_count() == 0)

    await play("ewma", script)


async def test_a_link_that_leads_nowhere_is_refused() -> None:
    with pytest.raises(KnobError, match="one of 0, 1, 2, same"):
        DemoScreen("convolution?padding=7")


async def test_it_looks_less_often_over_ssh(monkeypatch: pytest.MonkeyPatch) -> None:
    assert DemoView("ewma").fps == 15
    monkeypatch.setenv("SSH_CONNECTION", "here there")
    assert DemoView("ewma").fps == 8
    assert DemoView("ewma", fps=4).fps == 4
