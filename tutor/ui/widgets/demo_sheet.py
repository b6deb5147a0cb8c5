"""How a demo is laid out, and from how many rows on it has room."""

from __future__ import annotations

TALL = 30
# The rows of the prompt, as in the sheet below.
PROMPT, PROMPT_TALL = 4, 6
SHEET = """
    DemoView { height: 1fr; }
    DemoView > #demo-knobs { height: auto; }
    DemoView > #demo-wait { display: none; height: 1fr; content-align: center middle; }
    DemoView > FrameView { margin: 1 0; }
    DemoView > #demo-formula { height: auto; max-height: 5; }
    DemoView > #demo-prompt { height: 4; }
    DemoView.-tall > #demo-prompt { height: 6; margin-top: 1; }
    DemoView.-compiling > #demo-wait { display: block; }
    DemoView.-compiling > FrameView { display: none; }
"""
