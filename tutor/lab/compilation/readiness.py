"""Which demos start at once, because their kernels lie ready.

Each kernel is a file whose name says all that it hangs on, so that a look at two folders tells:
the user's own, and that of the wheel.
"""

from __future__ import annotations

from collections.abc import Iterable

from demos import catalog
from demos.engine import kernel_files
from tutor.lab.compilation import recipes

DAMAGED = "Damaged kernels were thrown away: they are compiled anew."


def starts_at_once(name: str) -> bool:
    """Whether a demo starts without compiling; `paths.use_kernel_cache` must have run before."""
    return all(kernel_files.is_there(*task) for task in recipes.tasks([name], "first"))


def is_warm(name: str) -> bool:
    """Whether nothing of a demo, whatever its knobs, is left to compile for this processor.

    The wheel's kernels run on any of its kind; those made for this very one are faster.
    """
    return all(map(is_kept, recipes.tasks([name], "all")))


def is_kept(task: recipes.Task) -> bool:
    """Whether a kernel was compiled for exactly this processor."""
    return kernel_files.is_kept(*task)


def sweep() -> int:
    """Throw damaged kernels away; returns how many there were."""
    return kernel_files.sweep()


def news() -> str:
    """What is to be told, once, of kernels that were damaged; empty when none was."""
    return DAMAGED if kernel_files.thrown_away() else ""


def cold(names: Iterable[str] | None = None, extent: recipes.Extent = "all") -> list[str]:
    """The demos among `names` (all of them) that still have something to compile."""
    ready = is_warm if extent == "all" else starts_at_once
    return [name for name in names or catalog.names() if not ready(name)]
