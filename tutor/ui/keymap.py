"""Keys of the learner's own: the `[keys]` table of the settings, tried against the one table.

A line that cannot be is told and left out; the key stays what it was.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from tutor.text.sanitize import clean
from tutor.ui.keys import KEYS, SIGNS

NAMED = "space|enter|tab|backspace|delete|insert|home|end|f([1-9]|1[0-2])"
# A sign or a letter, a named key, a letter with ctrl; digits rate and choose.
POSSIBLE = re.compile(rf"[^\W\d_]|[!-/:-@\[-`{{-~]|{NAMED}|ctrl\+[a-z]")
# What the terminal or Textual takes for something else.
TAKEN = {
    "ctrl+c": "tells how to leave", "ctrl+q": "quits, always", "ctrl+h": "is backspace",
    "ctrl+i": "is tab", "ctrl+j": "is the keypad's enter", "ctrl+m": "is enter",
    "home": "moves in text", "end": "moves in text", "backspace": "deletes text",
    "delete": "deletes text", "pageup": "scrolls", "pagedown": "scrolls",
}  # fmt: skip
FIXED = ("rate", "digit", "unknown")
_NAMES = {sign: name for name, sign in SIGNS.items()}


def keymap(table: Mapping[str, object]) -> tuple[dict[str, str], list[str]]:
    """Textual's keymap of a `[keys]` table, and a sentence for each line that is left out."""
    wanted: dict[str, list[str]] = {}
    complaints: list[str] = []
    for name, value in table.items():
        try:
            wanted[_meaning(name)] = _keys(name, value)
        except ValueError as error:
            complaints.append(f"[keys] {error}")
    while clashes := _clashes(wanted):  # what goes back to its old key may meet a new one there
        for name, clash in clashes:
            complaints.append(f"[keys] {name}: {clash}; it stays {shown_keys(name)}.")
            del wanted[name]
    return {name: ",".join(keys) for name, keys in wanted.items()}, complaints


def shown_keys(name: str) -> str:
    """The table's keys of a meaning as they are written, such as `u f8`."""
    return " ".join(SIGNS.get(key, key) for key in KEYS[name].keys.split(","))


def _meaning(name: str) -> str:
    """The name of a meaning, or its word where only one has that. Raises ValueError."""
    by_word = [each for each, key in KEYS.items() if key.label == name]
    found = name if name in KEYS else by_word[0] if len(by_word) == 1 else ""
    if found in FIXED:
        raise ValueError(f"{name}: the digits stay what they are.")
    if found:
        return found
    import difflib

    near = difflib.get_close_matches(name, KEYS, 1)
    advice = f"; did you mean {near[0]}?" if near else "; docs/keys.md has the names."
    raise ValueError(f"{clean(name, 40)!r} names nothing that a key does{advice}")


def _keys(name: str, value: object) -> list[str]:
    """Textual's names of the keys, with the F keys of the table, which act in text fields too.

    Raises ValueError.
    """
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f'{name} must be a key in quotes, such as {name} = "z".')
    written = [value.strip()] if len(value.strip()) == 1 else re.split(r"[,\s]+", value.strip())
    keys = [_key(name, one) for one in written]
    kept = [key for key in KEYS[_meaning(name)].keys.split(",") if re.fullmatch(r"f\d+", key)]
    return list(dict.fromkeys([*keys, *kept]))


def _key(name: str, written: str) -> str:
    low = written if len(written) == 1 else written.lower()
    if low in TAKEN:
        raise ValueError(f"{name}: {low} {TAKEN[low]}; choose another key.")
    if not POSSIBLE.fullmatch(low):
        raise ValueError(
            f"{name}: {clean(written, 20)!r} is no key; a letter, a sign, F1 to F12 or ctrl+letter."
        )
    return _NAMES.get(low, low)


def _clashes(wanted: Mapping[str, list[str]]) -> list[tuple[str, str]]:
    """Which wishes take a key that another meaning has, and which one that is.

    Two wishes for one key are both left out. What shares a key in the table may go on to.
    """
    keys = {name: wanted.get(name) or key.keys.split(",") for name, key in KEYS.items()}
    found = []
    for name, mine in wanted.items():
        new = set(mine) - set(KEYS[name].keys.split(","))
        other = next((o for o in KEYS if o != name and new & set(keys[o])), None)
        if other is not None:
            key = min(new & set(keys[other]))
            found.append((name, f"{SIGNS.get(key, key)} is {KEYS[other].label} already"))
    return found
