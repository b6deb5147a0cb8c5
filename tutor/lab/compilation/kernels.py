"""Compiles demos' kernels ahead of time, by their recipes.

Says after each kernel how far it is, so that whoever waits can see it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tutor.lab.compilation import readiness, recipes

OnKernel = Callable[[int, int, str], None]


def compile_kernels(names: Sequence[str], extent: recipes.Extent, on_kernel: OnKernel) -> None:
    """Compile and keep what the demos `names` use, or what their first frames and steps need.

    `on_kernel(done, total, kernel)` is called at the start and after each kernel, with the name
    "kernels" and then with that of the kernel; at the end it is "ready".
    """
    tasks = [task for task in recipes.tasks(names, extent) if not readiness.is_kept(task)]
    on_kernel(0, len(tasks), "kernels")
    for done, name in enumerate(recipes.compile_all(tasks), 1):
        on_kernel(done, len(tasks), name)
    on_kernel(len(tasks), len(tasks), "ready")
