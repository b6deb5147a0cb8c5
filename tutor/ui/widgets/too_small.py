"""What stands in for a page or a dialog on a terminal that is too small for it."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from tutor.ui.widgets.clicks import press
from tutor.ui.widgets.keybar import live_bindings

# The terminal that a page needs, and a page that trains or draws.
COMPACT, ROOMY = (60, 15), (80, 24)


class TooSmall(Static):
    """Says which size is there and which is needed; a click goes back where esc does."""

    def render(self) -> Content:
        """Say what is there and what is needed."""
        size = self.app.size
        width, height = getattr(self.screen, "smallest", COMPACT)
        needs = "The tutor needs" if (width, height) == COMPACT else "This page needs"
        back = ",\nor go back with esc" if self._leads_back else ""
        return Content(
            f"{size.width}×{size.height} is too small.\n"
            f"{needs} {width}×{height}:\nmake the window larger{back}."
        )

    @property
    def _leads_back(self) -> bool:
        return any(binding.id == "back" for binding in live_bindings(self.screen))

    def on_click(self) -> None:
        """Go back."""
        if self._leads_back:
            press(self.app, "escape")
