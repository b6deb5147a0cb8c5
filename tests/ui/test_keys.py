"""One letter has one meaning: in the table, on every screen, and in the documentation."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from textual.binding import Binding
from textual.dom import DOMNode

import tutor.ui
from tutor.ui.keys import KEYS

DOC = Path(__file__).parents[2] / "docs" / "keys.md"
ROW = re.compile(r"^\| (?P<keys>`.+?`) \| (?P<label>.+?) \| (?P<about>.+?) \|$", re.MULTILINE)
NAMES = {
    "/": "slash", "?": "question_mark", ".": "full_stop", "+": "plus", "=": "equals_sign",
    "-": "minus", "*": "asterisk", "[": "left_square_bracket", "]": "right_square_bracket",
}  # fmt: skip
# Keys whose meaning is the cursor's, the digit's or "go on": what they act on is on the screen.
SHARED = {
    "enter",
    "space",
    "escape",
    "tab",
    "up",
    "down",
    "left",
    "right",
    "pageup",
    "pagedown",
    "home",
    "end",
}


def bindings() -> Iterator[tuple[str, Binding]]:
    """Every binding that a class of the app declares itself."""
    for module in pkgutil.walk_packages(tutor.ui.__path__, "tutor.ui."):
        importlib.import_module(module.name)
    waiting = list(DOMNode.__subclasses__())
    while waiting:
        node = waiting.pop()
        waiting += node.__subclasses__()
        if node.__module__.startswith("tutor.ui"):
            declared = vars(node).get("BINDINGS", [])
            yield from ((node.__name__, b) for b in Binding.make_bindings(declared))


def test_a_letter_has_one_meaning_in_the_table() -> None:
    meanings = defaultdict(set)
    for name, key in KEYS.items():
        for one in key.keys.split(","):
            meanings[one].add(name)
    twice = {
        key: names
        for key, names in meanings.items()
        if len(names) > 1 and key not in SHARED and not key.isdigit()
    }
    assert twice == {}


def test_every_binding_comes_from_the_table() -> None:
    strangers = [
        (where, binding.key, binding.id)
        for where, binding in bindings()
        if binding.key not in SHARED
        and binding.key
        not in KEYS.get((binding.id or "").removesuffix(f"-{binding.key}"), KEYS["go"]).keys.split(
            ","
        )
    ]
    assert strangers == []


def test_every_meaning_of_the_table_acts_somewhere() -> None:
    used = {
        binding.id.removesuffix(f"-{binding.key}")
        for _, binding in bindings()
        if binding.id is not None
    }
    assert set(KEYS) == used & set(KEYS)


def test_the_documentation_is_the_table() -> None:
    written = {
        (
            ",".join(NAMES.get(key, key) for key in re.findall(r"`(.+?)`", row["keys"])),
            row["label"],
            row["about"],
        )
        for row in ROW.finditer(DOC.read_text(encoding="utf-8"))
        if row["label"] != "does"
    }
    assert written == {(key.keys, key.label, key.about) for key in KEYS.values()}
