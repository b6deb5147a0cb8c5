"""Compiles demos' kernels ahead of time by running each demo a little in every variant.

Counts the kernels as Numba compiles them, so that whoever waits can see how far it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from numba.core import event

from demos import catalog
from demos.base import Choice, Spec, Value
from tutor.lab import warm
from tutor.lab.experiment import Experiment

STEPS = 2

Tell = Callable[[int, int, str], None]


def compile_kernels(names: Sequence[str], tell: Tell) -> None:
    """Compile and keep all that the demos `names` use.

    `tell(done, total, name)` is called at the start of each demo, after each kernel, and at the
    end with the name "ready". The total counts the kernels in the demos' sources, so it may be
    reached in a leap: those kept from before and those that nothing calls need no compiling.
    """
    count = _Count(warm.kernels(names), tell)
    with event.install_listener("numba:compile", count):
        for name in names:
            count.begin(name)
            for knobs in _variants(catalog.spec(name)):
                experiment = Experiment(name, knobs)
                experiment.advance(STEPS)
                experiment.frame()
            warm.keep_stamp(name)
    tell(count.total, count.total, "ready")


class _Count(event.Listener):
    """Hears of each kernel that Numba has compiled, and tells how many there were."""

    def __init__(self, total: int, tell: Tell) -> None:
        self.total, self._tell = total, tell
        self._done, self._name = 0, ""

    def begin(self, name: str) -> None:
        """What is compiled from now on is for this demo."""
        self._name = name
        self._tell(self._done, self.total, name)

    def on_start(self, event: event.Event) -> None:
        """Nothing is done yet."""

    def on_end(self, event: event.Event) -> None:
        """One more; the last place is kept for the end."""
        self._done = min(self._done + 1, max(0, self.total - 1))
        self._tell(self._done, self.total, self._name)


def _variants(spec: Spec) -> Iterator[dict[str, Value]]:
    """The defaults, and each other choice of each `Choice` knob: they may use other kernels."""
    yield spec.defaults()
    for knob in spec.knobs:
        if isinstance(knob, Choice):
            for choice in knob.choices:
                if choice != knob.default:
                    yield {**spec.defaults(), knob.name: choice}
