"""Keys of the learner's own, and what help says of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.conftest import Make, press, screen_text, settled
from tests.ui.test_keys import DOC, SHARED
from tests.ui.test_study import STUDY, go_to, journal
from tutor import settings
from tutor.paths import Place
from tutor.ui.keymap import FIXED, keymap
from tutor.ui.keys import KEYS
from tutor.ui.screens.help import explained
from tutor.ui.start import Start


@pytest.mark.parametrize(
    ("table", "made"),
    [
        ({"undo": "K"}, {"undo": "K,f8"}),
        ({"undo": "Z"}, {"undo": "Z,f8"}),
        ({"undo": "ctrl+z"}, {"undo": "ctrl+z,f8"}),
        ({"undo": "K, f11"}, {"undo": "K,f11,f8"}),
        ({"find": ";"}, {"find": "semicolon"}),
        ({"find": ","}, {"find": "comma"}),
        ({"undo": "r", "reseed": "u"}, {"undo": "r,f8", "reseed": "u"}),
        ({"new seed": "K"}, {"reseed": "K"}),
        ({"undo": "u"}, {"undo": "u,f8"}),
        ({"palette": "f12"}, {"palette": "f12"}),
    ],
)
def test_a_table_of_keys(table: dict[str, object], made: dict[str, str]) -> None:
    assert keymap(table) == (made, [])


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"undoo": "z"}, "did you mean undo?"),
        ({"undo": "q"}, "q is quiz already; it stays u f8"),
        ({"undo": "3"}, "'3' is no key"),
        ({"undo": 3}, "must be a key in quotes"),
        ({"undo": ""}, "must be a key in quotes"),
        ({"undo": "zz"}, "'zz' is no key"),
        ({"undo": "ctrl+c"}, "tells how to leave"),
        ({"rate": "z"}, "the digits stay"),
        ({"undo": "enter"}, "enter is go on already"),
        ({"undo": {"a": 1}}, "must be a key in quotes"),
        ({"go on": "z"}, "names nothing"),
        ({"\x1b[31m": "z"}, "names nothing"),
    ],
)
def test_a_line_that_cannot_be_is_told_and_left_out(table: dict[str, object], words: str) -> None:
    made, (complaint,) = keymap(table)
    assert made == {} and words in complaint and "\x1b" not in complaint


def test_two_wishes_for_one_key_are_both_left_out() -> None:
    made, complaints = keymap({"undo": "z", "hint": "z"})
    assert made == {} and len(complaints) == 2


@given(st.dictionaries(st.sampled_from(sorted(KEYS)), st.sampled_from("aizujZ;/?.f9") | st.text()))
def test_whatever_is_wished_a_key_has_one_meaning(table: dict[str, object]) -> None:
    made, _ = keymap(table)
    keys = {name: made.get(name, key.keys).split(",") for name, key in KEYS.items()}
    owners: dict[str, str] = {}
    for name, mine in keys.items():
        for key in mine:
            if key not in SHARED and name not in FIXED and not key.isdigit():
                assert owners.setdefault(key, name) == name


async def test_a_key_of_ones_own_acts_and_is_shown(make: Make, place: Place) -> None:
    place.data.mkdir(parents=True, exist_ok=True)
    place.settings.write_text('[keys]\nundo = "K"\nfind = ";"\nlab = "q"\n')
    app = make(STUDY)
    async with app.run_test(size=(80, 24)) as pilot:
        page = await go_to(pilot, "term")
        await press(pilot, "enter", "1")
        page.set_focus(None)
        await settled(pilot)
        assert "K undo" in screen_text(pilot)
        await press(pilot, "u")
        assert journal(place)[-1].kind == "review"
        await press(pilot, "K")
        assert journal(place)[-1].kind == "undo"
        assert page.item is not None
        assert any("lab" in news and "quiz already" in news for news in app.news)
        await press(pilot, "semicolon")
        assert "Glossary" in screen_text(pilot)


def test_the_app_keeps_the_table_in_the_file(place: Place) -> None:
    place.data.mkdir(parents=True, exist_ok=True)
    place.settings.write_text('# mine\n[keys]\nundo = "K"\n')
    settings.save(place.settings, settings.Settings(minutes_a_day=25))
    assert settings.own_keys(place.settings) == {"undo": "K"}
    assert settings.load(place.settings) == (settings.Settings(minutes_a_day=25), [])


def test_every_name_stands_in_the_documentation() -> None:
    own = DOC.read_text(encoding="utf-8").partition("## Keys of your own")[2]
    assert set(re.findall(r"`([a-z-]+)`", own)) >= set(KEYS) - set(FIXED)


# -- help, find and leaving on every page ------------------------------------------------------


async def test_help_tells_of_knobs_and_of_fields(make: Make) -> None:
    app = make(Start("lab", term="overfit"))
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        told = "\n".join(line.plain for line in explained(app.screen))
        for row in (
            "]       Choose the next knob.", "[       Choose the knob before.",
            "→       Turn the knob up.", "←       Turn the knob down.",
        ):  # fmt: skip
            assert row in told
    app = make(STUDY)
    async with app.run_test(size=(80, 24)) as pilot:
        page = await go_to(pilot, "numeric")
        told = "\n".join(line.plain for line in explained(page))
        assert "is text here" in told and "F8" in told and "\nu " not in told


@pytest.mark.parametrize(
    ("screen", "seen"),
    [("lab", "find a demo"), ("quiz", "find a topic"), ("progress", "Glossary"),
     ("settings", "Glossary")],
)  # fmt: skip
async def test_find_acts_on_every_page(make: Make, screen: str, seen: str) -> None:
    app = make(Start(screen))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "slash")
        assert seen in screen_text(pilot), "the page's own list, else the glossary"
        footer = screen_text(pilot).splitlines()[-1]
        assert re.search(r"enter (to the list|go on) ", footer), "what is sought is no answer"


async def test_q_and_ctrl_c_say_how_to_leave(make: Make) -> None:
    app = make(Start("progress"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        for key in ("q", "ctrl+c"):
            app.screen.say("")  # type: ignore[attr-defined]
            await press(pilot, key)
            assert "esc goes back, ctrl+q quits" in screen_text(pilot)


def test_nothing_is_marked_by_a_key_that_scrolls_elsewhere() -> None:
    assert not {"j", "k", "f", "G", "g"} & set(KEYS["known"].keys.split(","))


def test_the_file_of_settings_may_lack_or_be_anything(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    assert settings.own_keys(path) == {}
    path.write_text("keys = 3\n")
    assert settings.own_keys(path) == {}
