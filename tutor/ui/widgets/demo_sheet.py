"""How a demo is laid out, and from how many rows on it has room."""

from __future__ import annotations

TALL = 30
LOW = 20
"""Below so many rows the picture, the knob in hand and the question are all there is."""
# The rows of the prompt, as in the sheet below.
PROMPT, PROMPT_LOW, PROMPT_TALL = 4, 5, 6


def prompt_rows(height: int) -> int:
    """The rows of the prompt in a demo of so many rows."""
    return PROMPT_LOW if height < LOW else PROMPT_TALL if height >= TALL else PROMPT


SHEET = """
    DemoView { height: 1fr; }
    DemoView > #demo-knobs { height: auto; }
    DemoView > #demo-wait { display: none; height: 1fr; content-align: center middle; }
    DemoView > FrameView { margin: 1 0; }
    DemoView > #demo-formula { height: auto; max-height: 5; }
    DemoView > #demo-prompt { height: 4; }
    DemoView.-tall > #demo-prompt { height: 6; margin-top: 1; }
    DemoView.-low > FrameView { margin: 0; }
    DemoView.-low > #demo-formula { display: none; }
    DemoView.-low > #demo-prompt { height: 5; }
    DemoView.-compiling > #demo-wait { display: block; }
    DemoView.-compiling > FrameView { display: none; }
"""
