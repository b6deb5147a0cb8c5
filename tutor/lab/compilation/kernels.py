"""Compiles demos' kernels ahead of time: by their recipes, then by running each demo a little.

Says after each kernel how far it is, so that whoever waits can see it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from demos import catalog
from demos.base import Choice, Spec, Value
from tutor.lab.compilation import recipes, stamps
from tutor.lab.experiment import Experiment

STEPS = 2
TOGETHER = "kernels"  # in a demo's place while the kernels of several are compiled

OnKernel = Callable[[int, int, str], None]


def compile_first(name: str, on_kernel: OnKernel) -> None:
    """Compile what the demo `name` needs for its first frames and steps.

    `on_kernel(done, total, name)` is called at the start, after each kernel, and at the end.
    """
    plan = recipes.levels([name], "first")
    total = 1 + sum(map(len, plan))
    on_kernel(0, total, name)
    for done, _ in enumerate(recipes.compile_all(plan), 1):
        on_kernel(done, total, name)
    run_a_little(name, every_choice=False)
    stamps.keep_stamp(name, stamps.FIRST)
    on_kernel(total, total, "ready")


def compile_kernels(names: Sequence[str], on_kernel: OnKernel) -> None:
    """Compile and keep all that the demos `names` use.

    `on_kernel(done, total, name)` is called at the start, after each kernel with the name
    "kernels", before each demo is run with its own name, and at the end with the name "ready".
    """
    plan = recipes.levels(names, "all")
    kernels = sum(map(len, plan))
    total = kernels + len(names)
    on_kernel(0, total, TOGETHER)
    for done, _ in enumerate(recipes.compile_all(plan), 1):
        on_kernel(done, total, TOGETHER)
    for done, name in enumerate(names, kernels):
        on_kernel(done, total, name)
        run_a_little(name, every_choice=True)
        stamps.keep_stamp(name)
    on_kernel(total, total, "ready")


def run_a_little(name: str, every_choice: bool) -> None:
    """Take a demo through its first steps, with its defaults or with every choice of its knobs."""
    for knobs in _variants(catalog.spec(name), every_choice):
        experiment = Experiment(name, knobs)
        experiment.advance(STEPS)
        experiment.frame()


def _variants(spec: Spec, every_choice: bool) -> Iterator[dict[str, Value]]:
    """The defaults, and each other choice of each `Choice` knob: they may use other kernels."""
    yield spec.defaults()
    for knob in spec.knobs if every_choice else ():
        if isinstance(knob, Choice):
            for choice in knob.choices:
                if choice != knob.default:
                    yield {**spec.defaults(), knob.name: choice}
