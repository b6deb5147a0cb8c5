"""One live demo: its knobs, its panels, its questions. Stands alone or beside a card.

Its worker tells it of a new snapshot, up to 15 times a second, and it paints the newest; the worker
never touches it. Its keys act while it has the focus.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from demos import catalog
from demos.views import Floats
from tutor import garbage, paths
from tutor.errors import TutorError
from tutor.lab.compilation import readiness
from tutor.lab.compilation.child import Warmer
from tutor.lab.controls import Controls
from tutor.lab.ghost import with_ghost
from tutor.lab.inquiry import Answered, Inquiry
from tutor.lab.worker import Snapshot, Worker
from tutor.plot.arrange import WIDE
from tutor.session.predictions import Judgement
from tutor.ui.host import host_of
from tutor.ui.keys import bind, digits
from tutor.ui.widgets.clicks import offers
from tutor.ui.widgets.compiling import progress
from tutor.ui.widgets.demo_sheet import LOW, SHEET, TALL, prompt_rows
from tutor.ui.widgets.knobs import KnobRow, rows_for
from tutor.ui.widgets.line import Line
from tutor.ui.widgets.lines import Lines
from tutor.ui.widgets.panel import FrameView
from tutor.ui.widgets.prompt import formula, prompt, state

FPS, FPS_OVER_SSH = 15, 8


class DemoView(Widget, can_focus=True):
    """A demo that runs. `link` is a demo's name with knobs, such as `convolution?padding=1`."""

    DEFAULT_CSS = SHEET

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("on", show=False),
        bind("leave"),
        bind("run"),
        bind("step"),
        *digits("digit", "choose"),
        bind("next-knob", "hold(1)"),
        bind("last-knob", "hold(-1)", show=False),
        bind("more-knob", "turn(1)"),
        bind("less-knob", "turn(-1)", show=False),
        bind("next-cell", "cell(1)"),
        bind("last-cell", "cell(-1)", show=False),
        *map(bind, ("rewind", "reseed", "why", "view", "draw", "crowd", "type", "ghost")),
        bind("faster", "pace(1)"),
        bind("slower", "pace(-1)"),
    ]

    @dataclass
    class Judged(Message):
        """A prediction or an observation was marked by the run's own number."""

        said: Judgement

    @dataclass
    class Told(Message):
        """`word` says what enter waits for, or does next; it was pressed, and goes on, if empty."""

        word: str

    @dataclass
    class Asked(Message):
        """A page about this demo is wanted: "why", "code", "draw", "crowd" or "type"."""

        page: str
        demo: str

    class New(Message, bubble=False):
        """There is a newer snapshot."""

    def __init__(
        self, link: str, *, seed: int = 0, fps: int | None = None, asks: bool = True
    ) -> None:
        """asks: whether it asks its questions; if not, `begin_to_ask` makes it.

        Raises NotFoundError or KnobError for a link that leads nowhere.
        """
        super().__init__()
        self.controls = Controls(link)
        self.demo_name, self.spec = self.controls.demo, self.controls.spec
        self.inquiry = Inquiry(self.spec, asks=asks)
        self.ghost, self.part = True, ""  # the part of the first run that this is
        self.dared = False  # whether a dare is shown: what to try after the run
        self.fps = fps or (FPS_OVER_SSH if os.environ.get("SSH_CONNECTION") else FPS)
        values = self.controls.values
        self._worker = Worker(self.demo_name, values, seed, lambda: self.post_message(self.New()))
        self._shown, self._painted_at = -1, 0.0
        self._live: tuple[str, bool, type, bool] | None = None

    @property
    def snapshot(self) -> Snapshot:
        """The newest state of the run."""
        return self._worker.latest

    def compose(self) -> ComposeResult:
        """Title, knobs, panels, formula, questions."""
        yield Line(id="demo-title")
        yield KnobRow(id="demo-knobs")
        yield Static(id="demo-wait")
        yield FrameView(id="demo-frame")
        yield Lines(id="demo-formula")
        yield Lines(id="demo-prompt")

    def on_mount(self) -> None:
        """Start the worker, or first the child that compiles."""
        garbage.keep("demo")
        paths.use_kernel_cache(paths.cache_dir())
        self.app.theme_changed_signal.subscribe(self, lambda _: self.look(anew=True))
        lend = getattr(self.app, "lender", lambda _: None)(self.demo_name)
        if lend is None and readiness.starts_at_once(self.demo_name):
            self._worker.start()
        else:
            self._prepare(lend)

    @work(exclusive=True)
    async def _prepare(self, lend: Callable[[], object] | None) -> None:
        """What takes long before the first frame: own reviews, and kernels."""
        if lend is not None:
            await self._borrow(lend)
        if not readiness.starts_at_once(self.demo_name):
            await self._compile()
        self._worker.start()

    async def _borrow(self, lend: Callable[[], object]) -> None:
        """Let the demo have what the learner lends it; without it the demo makes up its own."""
        try:
            await asyncio.to_thread(lend)
        except TutorError as error:
            host_of(self.app).failed(error)

    async def _compile(self) -> None:
        wait = self.query_one("#demo-wait", Static)
        self.add_class("-compiling")
        wait.update(progress(0, 0))
        # Importing takes half a second: do it while the child compiles. The run tells of failures.
        load = partial(catalog.run_class, self.demo_name)
        self.run_worker(load, thread=True, group="import", exit_on_error=False)
        warmer = getattr(self.app, "warmer", None) or Warmer()
        await warmer.compile(self.demo_name, lambda *done: wait.update(progress(*done)))
        self.remove_class("-compiling")

    def on_unmount(self) -> None:
        """End the run."""
        self._worker.stop()
        garbage.release("demo")

    def on_resize(self) -> None:
        """Lay the words out for the new width."""
        self.set_class(self.size.height >= TALL, "-tall")
        self.set_class(self.size.height < LOW, "-low")
        self.look(anew=True)

    # -- painting -----------------------------------------------------------------------------

    def on_demo_view_new(self) -> None:
        """Look at once, or, where fewer frames are to be shown than come, a little later."""
        wait = self._painted_at + 1 / self.fps - time.monotonic() if self.fps < FPS else 0.0
        if wait > 0:
            self.set_timer(wait, self.look)
        else:
            self.look()

    def look(self, anew: bool = False) -> None:
        """Show the newest snapshot if it is a new one."""
        snapshot = self._worker.latest
        if snapshot.version == self._shown and not anew:
            return
        if self._shown < 1 <= snapshot.version:
            garbage.keep_more()
            if told := readiness.news():
                self.post_message(self.Told(told))
        self._shown, self._painted_at = snapshot.version, time.monotonic()
        self._report(self.inquiry.see(snapshot), snapshot)
        if snapshot.diverged:
            self.controls.take(snapshot.diverged.knob)
        self._paint(snapshot)
        self._offer_keys()

    def _paint(self, snapshot: Snapshot) -> None:
        width, tall = self.size.width, self.has_class("-tall")
        title = Content.styled(self.part + self.spec.title, "bold")
        self.query_one(Line).show(title, Content.styled(state(snapshot, self.spec), "$quiet"))
        controls, values = self.controls, self.controls.worded(snapshot)
        knobs = rows_for(self.size.height, self.spec.knobs, values, controls.current, width)
        self._lines("knobs").show(knobs)
        lines = prompt(self.inquiry, snapshot, width, prompt_rows(self.size.height))
        self.dared = self.inquiry.question is None and offers(lines, "1")
        self._lines("prompt").show(lines)
        if frame := snapshot.frame:
            shown = with_ghost(frame, snapshot.ghost) if snapshot.ghost and self.ghost else frame
            self.query_one(FrameView).show(controls.marked(shown, width >= WIDE))
            self._lines("formula").show(formula(frame, width, tall))

    def _lines(self, part: str) -> Lines:
        return self.query_one(f"#demo-{part}", Lines)

    def _offer_keys(self) -> None:
        """Show the keys that act now, when they are others than before."""
        live = (self.inquiry.phase, bool(self.snapshot.ghost), type(self.controls.knob), self.dared)
        if live != self._live:
            self._live = live
            self.refresh_bindings()

    def _report(self, answered: Answered | None, snapshot: Snapshot) -> None:
        """Tell the host what was predicted or seen."""
        if answered is None:
            return
        asked = self.spec.predict if answered.kind == "predict" else self.spec.observe
        chosen, right = asked.options[answered.chosen], asked.options[answered.right]
        said = Judgement(
            self.demo_name, answered.kind, snapshot.knobs, snapshot.seed, chosen, right
        )
        self.post_message(self.Judged(said))

    def begin_to_ask(self) -> None:
        """The card beside it is answered: ask from now on."""
        if not self.inquiry.asks:
            self.inquiry.begin_to_ask(self.snapshot)
            self.look(anew=True)

    # -- keys ---------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[Any, ...]) -> bool | None:
        """A key acts, and is shown, only where it makes sense; of the digits those of options."""
        runs, asked = self.spec.pace > 0, self.inquiry.question
        if action == "choose":
            return bool(parameters[0] <= (len(asked.options) if asked else int(self.dared)))
        several = runs and self.spec.steps != 1
        acts = {
            "leave": asked is not None,
            "run": asked is None and (several or self.snapshot.result is None),
            "step": several, "rewind": runs, "pace": several, "draw": self.spec.draws,
            "type": self.controls.typed, "cell": self.controls.several,
            "ghost": self.snapshot.ghost is not None,
        }  # fmt: skip
        return acts.get(action, True)

    def action_run(self) -> None:
        """Leave an open question, or run or pause."""
        observing = self.inquiry.phase == "observe"
        self.inquiry.skip()
        if not observing:
            self._worker.play()
        self._say_the_way_on()
        self.look(anew=True)

    action_leave = action_run

    def _say_the_way_on(self) -> None:
        """In the first run, where nobody has met enter yet: what it does once all is answered."""
        if self.part and self.inquiry.phase == "told":
            self.post_message(self.Told("Enter goes on to the cards."))

    def action_on(self) -> None:
        """Do the obvious next thing: say what is asked, run to the end, or let the page go on."""
        snapshot = self.snapshot
        if self._asked_first():
            return
        if self.inquiry.phase == "run" and snapshot.step < self.spec.steps and not snapshot.error:
            self._worker.step(self.spec.steps - snapshot.step)
        else:
            self.post_message(self.Told(""))

    def _asked_first(self) -> bool:
        """Whether a question is open, which is then said: no step and no reason gives it away."""
        ask = self.inquiry.question
        if ask is not None:
            word = f"Choose 1 to {len(ask.options)} first; space goes on without."
            self.post_message(self.Told(word))
        return ask is not None

    def action_choose(self, digit: int) -> None:
        """Answer the open question, or take the dare; a prediction sets the run going."""
        predicting = self.inquiry.phase == "predict"
        if self.inquiry.question is None:
            if self.dared and digit == 1:
                self._take_dare()
            return
        self._report(self.inquiry.choose(digit - 1), self.snapshot)
        if predicting and self.inquiry.phase == "run":
            self._worker.play()
        self._say_the_way_on()
        self.look(anew=True)

    def _take_dare(self) -> None:
        """A new run with the dare's knob, which is asked about from the start."""
        assert self.spec.dare is not None
        name, value = self.spec.dare.knob, self.spec.dare.value
        self.controls.take(name)
        self.controls.values[name] = value
        self._worker.rewind()
        self._changed({name: value})

    def action_step(self) -> None:
        """Do one step, once the prediction is made or left."""
        if self.inquiry.phase != "predict" or not self._asked_first():
            self._worker.step()

    def action_rewind(self) -> None:
        """Back to step 0 with the same weights."""
        self._worker.rewind()

    def action_reseed(self) -> None:
        """Start anew from the next seed."""
        self._worker.reseed(self.snapshot.seed + 1)

    def action_pace(self, direction: int) -> None:
        """Faster or slower."""
        self._worker.faster(direction)

    def action_ghost(self) -> None:
        """Show or hide the last run's curve."""
        self.ghost = not self.ghost
        self.look(anew=True)

    def action_hold(self, direction: int) -> None:
        """Take the next knob in hand."""
        self.controls.hold(direction)
        self.look(anew=True)

    def on_knob_row_held(self, event: KnobRow.Held) -> None:
        """Take the knob under the mouse in hand."""
        self.action_hold(event.at - self.controls.current)

    def action_turn(self, direction: int) -> None:
        """Turn the knob in hand, or the number of its cell in hand; a line is typed instead."""
        if self.controls.typed:
            self.action_type()
        else:
            self._changed(self.controls.turn(direction, self.snapshot))

    def _changed(self, changes: Mapping[str, Any]) -> None:
        """Send to the run what the learner has changed."""
        for name, value in changes.items():
            self._worker.turn(name, value)
        if changes:
            self.look(anew=True)

    def type(self, text: str) -> None:
        """Set the line in hand. Raises KnobError for one that it does not take."""
        self._changed(self.controls.type(text))

    def action_cell(self, direction: int) -> None:
        """Take the next cell of the knob in hand."""
        if self.controls.several:
            self.controls.next_cell(direction, self.snapshot)
            self.look(anew=True)

    def action_why(self) -> None:
        """Explain what happens, once the prediction is made or left."""
        if self.inquiry.phase != "predict" or not self._asked_first():
            self.post_message(self.Asked("why", self.demo_name))

    def action_draw(self) -> None:
        """Let the learner draw for the demo."""
        self.post_message(self.Asked("draw", self.demo_name))

    def action_type(self) -> None:
        """Let the learner type the line in hand."""
        self.post_message(self.Asked("type", self.demo_name))

    def draw(self, image: Floats | None) -> None:
        """Let the demo read a drawing; None puts it away."""
        self._worker.draw(image)

    def action_view(self) -> None:
        """Show the source."""
        self.post_message(self.Asked("code", self.demo_name))

    def action_crowd(self) -> None:
        """Show a crowd of other runs, once the prediction is made or left."""
        if self.inquiry.phase != "predict" or not self._asked_first():
            self.post_message(self.Asked("crowd", self.demo_name))
