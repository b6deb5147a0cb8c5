"""The two themes, dark and light, and the five colour roles that the screens use.

The roles are `$foreground` (text), `$quiet`, `$accent`, `$good` and `$bad`; a mark or a word goes
with each, so that nothing is told by colour alone.
"""

from __future__ import annotations

from textual.theme import Theme

DARK = "tutor-dark"
LIGHT = "tutor-light"


def _theme(name: str, *, dark: bool, roles: dict[str, str]) -> Theme:
    """Build a theme from its roles; everything that Textual adds is derived from them."""
    return Theme(
        name=name,
        dark=dark,
        primary=roles["accent"],
        secondary=roles["accent"],
        accent=roles["accent"],
        foreground=roles["text"],
        background=roles["page"],
        surface=roles["page"],
        panel=roles["raised"],
        success=roles["good"],
        error=roles["bad"],
        warning=roles["bad"],
        text_alpha=1.0,
        variables={
            "quiet": roles["quiet"],
            "good": roles["good"],
            "bad": roles["bad"],
            "rule": roles["rule"],
            "block-cursor-background": roles["raised"],
            "block-cursor-foreground": roles["text"],
            "block-cursor-text-style": "bold",
            "block-cursor-blurred-background": roles["page"],
            "block-cursor-blurred-foreground": roles["text"],
            "input-selection-background": f"{roles['accent']} 35%",
            "scrollbar": roles["rule"],
            "scrollbar-hover": roles["quiet"],
            "scrollbar-active": roles["quiet"],
            "scrollbar-background": roles["page"],
            "scrollbar-background-hover": roles["page"],
            "scrollbar-background-active": roles["page"],
            "scrollbar-corner-color": roles["page"],
        },
    )


THEMES = (
    _theme(
        DARK,
        dark=True,
        roles={
            "page": "#16181d",
            "raised": "#23262e",
            "rule": "#3a3f4a",
            "text": "#dcdfe4",
            "quiet": "#8d95a3",
            "accent": "#82b4e8",
            "good": "#93c47d",
            "bad": "#e6907f",
        },
    ),
    _theme(
        LIGHT,
        dark=False,
        roles={
            "page": "#fbfaf7",
            "raised": "#eceae4",
            "rule": "#cfccc4",
            "text": "#23262b",
            "quiet": "#656b75",
            "accent": "#1d5fa6",
            "good": "#2c7434",
            "bad": "#ad3526",
        },
    ),
)
