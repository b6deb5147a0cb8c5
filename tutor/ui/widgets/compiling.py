"""What stands in a demo's place while its kernels are compiled: how far it is."""

from __future__ import annotations

from textual.content import Content

from tutor.ui.widgets.bars import bar

WIDTH = 30


def progress(done: int, total: int) -> Content:
    """The bar with its words."""
    part = done / total if total else 0.0
    return Content.assemble(
        "Compiling this demo's kernels, for the first time only\n\n",
        bar(part, WIDTH), f"  {done} of {total}",
    )  # fmt: skip
