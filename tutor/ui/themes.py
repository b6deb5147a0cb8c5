"""The themes: two of our own, dark and light, and any of Textual's, all with the same five roles.

The roles are `$foreground` (text), `$quiet`, `$accent`, `$good` and `$bad`; a mark or a word goes
with each, so that nothing is told by colour alone.
"""

from __future__ import annotations

from dataclasses import replace

from textual.color import Color
from textual.theme import Theme

from tutor.luminance import contrast

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
        variables=_variables(roles),
    )


def _variables(roles: dict[str, str]) -> dict[str, str]:
    """What the sheets and Textual's widgets ask for beyond the colours of a theme."""
    return {
        "quiet": roles["quiet"],
        "good": roles["good"],
        "bad": roles["bad"],
        "rule": roles["rule"],
        "block-cursor-background": roles["raised"],
        "block-cursor-foreground": roles["text"],
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-background": roles["page"],
        "block-cursor-blurred-foreground": roles["text"],
        "scrollbar": roles["rule"],
        "scrollbar-hover": roles["quiet"],
        "scrollbar-active": roles["quiet"],
        "scrollbar-background": roles["page"],
        "scrollbar-background-hover": roles["page"],
        "scrollbar-background-active": roles["page"],
        "scrollbar-corner-color": roles["page"],
        **({} if roles["accent"].startswith("ansi") else
           {"input-selection-background": f"{roles['accent']} 35%"}),
    }  # fmt: skip


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
            "quiet": "#626872",
            "accent": "#1d5fa6",
            "good": "#2c7434",
            "bad": "#ad3526",
        },
    ),
)

ALIASES = {"dark": DARK, "light": LIGHT}
# What a colour of the terminal's own sixteen is called for each role.
_ANSI = {
    "page": "ansi_default", "raised": "ansi_bright_black", "rule": "ansi_bright_black",
    "text": "ansi_default", "quiet": "ansi_bright_black", "good": "ansi_green", "bad": "ansi_red",
}  # fmt: skip
READABLE = 4.5
"""The contrast that WCAG 2 asks of text, as the ratio of two luminances."""


def names() -> list[str]:
    """Every theme by the name that the settings know it by: ours, then Textual's."""
    from textual.theme import BUILTIN_THEMES

    return [*ALIASES, *BUILTIN_THEMES]


def named(name: str) -> Theme | None:
    """A theme by its name, with our roles; None if there is none of that name."""
    from textual.theme import BUILTIN_THEMES

    name = ALIASES.get(name, name)
    own = next((theme for theme in THEMES if theme.name == name), None)
    return own or (derived(BUILTIN_THEMES[name]) if name in BUILTIN_THEMES else None)


def derived(theme: Theme) -> Theme:
    """A theme of Textual's with our roles: its own colours, moved until they can be read."""
    if theme.ansi:
        roles = {**_ANSI, "accent": theme.accent or theme.primary}
        return replace(theme, variables={**theme.variables, **_variables(roles)})
    made = theme.to_color_system().generate()
    page, text = Color.parse(made["background"]), Color.parse(made["foreground"])
    raised = page.blend(text, 0.10)  # dialogs, chips and fields; nearer to all colours of text
    roles = {
        "page": page.hex6,
        "text": _readable(text, raised).hex6,
        "raised": raised.hex6,
        "rule": page.blend(text, 0.25).hex6,
        "quiet": _readable(page.blend(text, 0.6), raised).hex6,
        "accent": _readable(Color.parse(theme.primary), raised).hex6,
        "good": _readable(Color.parse(made["success"]), raised).hex6,
        "bad": _readable(Color.parse(made["error"]), raised).hex6,
    }
    own = _theme(theme.name, dark=theme.dark, roles=roles)
    return replace(own, variables={**theme.variables, **own.variables})


def _readable(colour: Color, ground: Color) -> Color:
    """`colour`, moved towards white or black until it can be read on `ground`."""
    ends = (Color.parse("#ffffff"), Color.parse("#000000"))
    end = max(ends, key=lambda each: contrast(each.hex6, ground.hex6))
    steps = (colour.blend(end, step / 20) for step in range(21))
    return next((each for each in steps if contrast(each.hex6, ground.hex6) >= READABLE), end)
