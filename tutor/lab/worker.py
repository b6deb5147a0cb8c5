"""The thread that runs one demo: takes commands, trains in short chunks, shows its newest state.

The screen never waits for it: commands go into a queue, and the newest snapshot stands in a slot
that the screen looks at once it is told of it. Old snapshots are dropped, never queued.
"""

from __future__ import annotations

import queue
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from demos.base import DivergedError, Value
from demos.views import Floats, Frame, Series
from tutor.lab.experiment import Experiment, Result, Turn

FRAME_SECONDS = 1 / 15
CHUNK_SECONDS = 0.01
STOP_SECONDS = 0.3
RAMP = (1, 1, 2, 4, 8, 16, 32, 64)
PACES = (0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)

State = Literal["loading", "paused", "running", "complete", "diverged", "failed"]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One moment of a demo, complete in itself; `version` rises with each.

    run: rises when a run is started anew or rewound.
    error: what went wrong inside the demo, when the state is "failed".
    """

    version: int
    state: State
    seed: int
    knobs: Mapping[str, Value]
    pace: float = 1.0
    run: int = 0
    step: int = 0
    frame: Frame | None = None
    ghost: Series | None = None
    result: Result | None = None
    diverged: DivergedError | None = None
    turns: tuple[Turn, ...] = ()
    error: str = ""


class Worker:
    """One demo's thread. All methods return at once except `stop`, which waits at most 0.3 s.

    Any thread may call them. `latest` is a whole snapshot that never changes, put there by the
    demo's thread in one assignment, so that any thread may read it without a lock.
    tell: called by the demo's thread whenever there is a newer one; it must return at once.
    """

    def __init__(
        self,
        name: str,
        knobs: Mapping[str, Value],
        seed: int = 0,
        tell: Callable[[], object] = lambda: None,
    ) -> None:
        self._tell = tell
        self._experiment = Experiment(name, knobs, seed)
        self._commands: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._running = False
        self._pace = PACES.index(1.0)
        self._next_frame = 0.0
        self._frames = 0
        self._owed = 0.0
        self._step_seconds = 0.0
        self._show_seconds = 0.0
        self.latest = Snapshot(0, "loading", seed, dict(knobs))
        self._thread = threading.Thread(target=self._live, name=f"demo {name}", daemon=True)

    def start(self) -> None:
        """Begin to load the demo; its first snapshot is that of step 0, paused."""
        self._thread.start()

    def stop(self) -> bool:
        """Ask the thread to end and wait for it; False if it did not within 0.3 s."""
        self._stopping.set()
        self._commands.put(lambda: None)
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)
        return not self._thread.is_alive()

    def play(self) -> None:
        """Run if paused, pause if running."""
        self._commands.put(lambda: self._play(not self._running))

    def pause(self) -> None:
        """Pause after the chunk that is under way."""
        self._commands.put(lambda: self._play(False))

    def step(self, n: int = 1) -> None:
        """Pause, and do `n` steps."""
        self._commands.put(lambda: self._step(n))

    def rewind(self) -> None:
        """Back to step 0 with the same weights, paused."""
        self._commands.put(lambda: self._restart(self._experiment.rewind))

    def reseed(self, seed: int) -> None:
        """A new run from another seed, paused at step 0."""
        self._commands.put(lambda: self._restart(lambda: self._experiment.reseed(seed)))

    def turn(self, name: str, value: Value) -> None:
        """Set a knob; one that does not act at once starts a new run, paused."""
        self._commands.put(lambda: self._turn(name, value))

    def draw(self, image: Floats | None) -> None:
        """Let the demo read a drawing while it goes on as it was; None puts it away."""
        self._commands.put(lambda: self._experiment.draw(image))

    def faster(self, direction: int) -> None:
        """One pace up (+1) or down (-1)."""
        self._commands.put(lambda: self._change_pace(direction))

    def _live(self) -> None:
        try:
            self._publish()
            while not self._stopping.is_set():
                if self._obey():
                    self._publish()
                elif self._running:
                    self._train()
                    self._publish()
        except Exception:
            error = traceback.format_exc(limit=-2)
            version = self.latest.version + 1
            self.latest = replace(self.latest, version=version, state="failed", error=error)
            self._tell()

    def _obey(self) -> bool:
        """Carry out all that is asked; wait for it until the next frame, or for ever if paused."""
        wait = max(0.0, self._next_frame - time.monotonic()) if self._running else None
        obeyed = False
        while True:
            try:
                command = self._commands.get(block=not obeyed, timeout=wait)
            except queue.Empty:
                return obeyed
            command()
            obeyed = True

    def _play(self, running: bool) -> None:
        self._running = running and self._experiment.spec.pace > 0 and not self._experiment.diverged
        self._next_frame = time.monotonic()

    def _step(self, n: int) -> None:
        self._running = False
        self._experiment.advance(n)

    def _restart(self, begin: Callable[[], None]) -> None:
        self._running = False
        self._frames = 0
        begin()

    def _turn(self, name: str, value: Value) -> None:
        if self._experiment.keeps_place(name):
            self._experiment.turn(name, value)
        else:
            self._restart(lambda: self._experiment.turn(name, value))

    def _change_pace(self, direction: int) -> None:
        self._pace = min(len(PACES) - 1, max(0, self._pace + direction))

    def _train(self) -> None:
        """The steps of one frame, in chunks of at most 10 ms by the time the last one took.

        A command ends the frame, and so does the moment when the run is complete or diverges.
        Frames keep to the clock: one that came late is followed the sooner, and the time that it
        takes to show one is left for it.
        """
        now = time.monotonic()
        self._next_frame = max(self._next_frame + FRAME_SECONDS, now + FRAME_SECONDS / 2)
        experiment, was_complete = self._experiment, self._experiment.result is not None
        wanted, last = self._steps_wanted(), self._next_frame - self._show_seconds
        while wanted > 0 and self._commands.empty() and time.monotonic() < last:
            wanted -= self._chunk(wanted)
            if experiment.diverged or (experiment.result and not was_complete):
                self._running = False
                return

    def _steps_wanted(self) -> int:
        """Steps of this frame: the pace, but fewer in the first frames, which teach the most."""
        spec = self._experiment.spec
        pace = spec.pace / 4 if self._experiment.step < spec.slow else spec.pace
        self._owed = min(self._owed, 1.0) + pace * PACES[self._pace]
        gentle = RAMP[self._frames] if self._frames < len(RAMP) else self._owed
        self._frames += 1
        wanted = int(min(self._owed, gentle))
        self._owed -= wanted
        return wanted

    def _chunk(self, wanted: int) -> int:
        fits = int(CHUNK_SECONDS / self._step_seconds) if self._step_seconds else 1
        n = max(1, min(wanted, fits))
        began = time.perf_counter()
        self._experiment.advance(n)
        self._step_seconds = (time.perf_counter() - began) / n
        return n

    def _publish(self) -> None:
        now, began = self._experiment, time.monotonic()
        frame = now.frame()
        self._show_seconds = time.monotonic() - began
        self.latest = Snapshot(
            version=self.latest.version + 1,
            state=self._state(),
            seed=now.seed,
            knobs=dict(now.knobs),
            pace=PACES[self._pace],
            run=now.runs,
            step=now.step,
            frame=frame,
            ghost=now.ghost,
            result=now.result,
            diverged=now.diverged,
            turns=tuple(now.turns),
        )
        self._tell()

    def _state(self) -> State:
        if self._experiment.diverged:
            return "diverged"
        if self._running:
            return "running"
        return "complete" if self._experiment.result else "paused"
