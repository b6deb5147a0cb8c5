"""Any theme has the five roles, and what is written in them can be read."""

from __future__ import annotations

import pytest

from tests.ui.conftest import Make, press, screen_text, settled
from tutor.luminance import contrast
from tutor.settings import Settings
from tutor.ui import themes
from tutor.ui.start import Start

ROLES = ("text", "quiet", "accent", "good", "bad")


@pytest.mark.parametrize("name", themes.names())
def test_every_role_can_be_read_on_its_page_and_in_a_dialog(name: str) -> None:
    theme = themes.named(name)
    assert theme is not None
    made = {**theme.to_color_system().generate(), **theme.variables, "text": theme.foreground or ""}
    if theme.ansi:
        assert all(made[role].startswith("ansi") for role in ROLES)
        return
    for role in ROLES:
        for ground in ("background", "panel"):
            assert contrast(made[role][:7], made[ground][:7]) >= themes.READABLE, (role, ground)


@pytest.mark.parametrize("name", ["nord", "textual-light", "ansi-dark", "light"])
async def test_the_app_starts_in_any_theme(make: Make, name: str) -> None:
    app = make(Start("settings"), settings=Settings(theme=name))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert app.theme == {"light": "tutor-light"}.get(name, name)
        assert not app.news


async def test_a_theme_that_is_none_is_told_and_replaced(make: Make) -> None:
    app = make(settings=Settings(theme="nrod\x1b[31m"))
    async with app.run_test(size=(120, 40)) as pilot:
        assert app.theme == "tutor-dark"
        assert "No theme is called 'nrod[31m'" in screen_text(pilot)
        await settled(pilot)
        await press(pilot, "escape")
