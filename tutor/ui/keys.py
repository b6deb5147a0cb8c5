"""The one table of keys: a letter means the same thing on every screen.

Screens take their bindings from here, and `docs/keys.md` is tested against it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from textual.binding import Binding


@dataclass(frozen=True, slots=True)
class Key:
    """One meaning and the keys that carry it.

    keys: Textual's names, separated by commas. shown: as printed in the footer.
    label: one or two words for the footer. about: one sentence for the help page.
    """

    keys: str
    shown: str
    label: str
    about: str


FUNCTION_KEY = re.compile(r"f\d+")
SIGNS = {
    "slash": "/", "question_mark": "?", "full_stop": ".", "comma": ",", "plus": "+",
    "equals_sign": "=", "minus": "-", "left_square_bracket": "[", "right_square_bracket": "]",
    "exclamation_mark": "!", "quotation_mark": '"', "number_sign": "#", "dollar_sign": "$",
    "percent_sign": "%", "ampersand": "&", "apostrophe": "'", "left_parenthesis": "(",
    "right_parenthesis": ")", "asterisk": "*", "colon": ":", "semicolon": ";",
    "less_than_sign": "<", "greater_than_sign": ">", "at": "@", "backslash": "\\",
    "circumflex_accent": "^", "underscore": "_", "grave_accent": "`",
    "left_curly_bracket": "{", "vertical_line": "|", "right_curly_bracket": "}", "tilde": "~",
}  # fmt: skip
"""Textual's names of the signs on a keyboard."""

# In the order in which the footer shows them.
KEYS: dict[str, Key] = {
    "go": Key("enter,space", "enter", "go on", "Do the obvious next thing."),
    "on": Key("enter", "enter", "go on", "Run the demo, to its end, and then go on."),
    "submit": Key("enter", "enter", "answer", "Give the answer typed so far."),
    "study": Key("enter", "enter", "start", "Study what is due today."),
    "start": Key("enter", "enter", "start", "Begin with what is chosen."),
    "open": Key("enter", "enter", "open", "See the card, how it stands and all its answers."),
    "tick": Key("space", "space", "tick", "Tick what the cursor is on, or take the tick away."),
    "tick-all": Key("ctrl+a", "^a", "tick all", "Tick all cards found, or take all ticks away."),
    "rate": Key("1,2,3,4", "1-4", "rate", "Say how well you knew it: again, hard, good, easy."),
    "digit": Key("1,2,3,4,5,6", "1-6", "choose", "Choose what carries this number."),
    "unknown": Key("0", "0", "don't know", "Say that you do not know."),
    "overview": Key("end", "end", "list", "See how all questions of an exam stand, and hand in."),
    "next-question": Key("right,pagedown", "← →", "question", "Look at the next question."),
    "last-question": Key("left,pageup", "←", "question", "Look at the question before."),
    "mark": Key("asterisk,f10", "*", "flag", "Flag this question of an exam for another look."),
    "undo": Key("u,f8", "u", "undo", "Take the last answer back."),
    "accept": Key("o", "o", "right", "Count a written miss as right; undo takes that back."),
    "hint": Key("h,f2", "h", "hint", "Show the next hint; the best rating is then Hard."),
    "sure": Key("f3", "F3", "sure/unsure", "Say how sure you are, before you answer."),
    "exam": Key("f9", "F9", "exam", "Take an exam, or go on with the one that you left."),
    "skip": Key("f4", "F4", "skip", "Leave this question out."),
    "another": Key("f6", "F6", "another", "Ask one more like this, with new numbers."),
    "worked": Key("f7", "F7", "worked out", "Show the way to the answer, step by step."),
    "demo": Key("d,f5", "d", "demo", "Run the demo that belongs to this."),
    "lesson": Key("t", "t", "lesson", "Read the lesson of this topic."),
    "known": Key("i", "i", "known", "Mark this topic as known already, or take that back."),
    "mend": Key("e", "e", "mend", "Mend a card in a form, a lesson in your editor."),
    "save": Key("ctrl+s", "^s", "save", "Write the card into its file."),
    "editor": Key("ctrl+o", "^o", "editor", "Save the card, then open it in your editor."),
    "more": Key("x", "x", "more", "Suspend, bury or flag this card."),
    "math": Key("m", "m", "math", "Switch between formulas and their LaTeX."),
    "leave": Key("space", "space", "skip", "Leave the question of a demo open, and go on."),
    "run": Key("space", "space", "run", "Let the demo run, or pause it."),
    "draw": Key("f", "f", "draw", "Draw a digit yourself and see it read."),
    "type": Key("j", "j", "type", "Type a text for the knob in hand."),
    "step": Key("full_stop", ".", "step", "Do one step of the demo."),
    "next-knob": Key("right_square_bracket", "[ ]", "knob", "Choose the next knob."),
    "last-knob": Key("left_square_bracket", "[", "knob", "Choose the knob before."),
    "more-knob": Key("right", "← →", "turn", "Turn the knob up."),
    "less-knob": Key("left", "←", "turn", "Turn the knob down."),
    "next-cell": Key("down", "↑ ↓", "cell", "Choose the next number of a knob that holds several."),
    "last-cell": Key("up", "↑", "cell", "Choose the number before."),
    "rewind": Key("0", "0", "to step 0", "Go back to step 0 with the same weights."),
    "reseed": Key("r", "r", "new seed", "Start again from another seed."),
    "why": Key("w", "w", "why", "Read why it happens."),
    "view": Key("v", "v", "code", "Read the demo's own source and the kernels that it runs."),
    "pen": Key("space", "space", "pen", "Put the pen on the paper, or lift it."),
    "clear": Key("k", "k", "clear", "Take a clean sheet."),
    "crowd": Key("c", "c", "crowd", "See what other seeds and other knobs give: was it luck?"),
    "seeds": Key("n", "n", "more seeds", "Give every cell of the crowd twice as many seeds."),
    "keep": Key("y", "y", "keep rows", "Keep the rows of the crowd in a file."),
    "ghost": Key("g", "g", "ghost", "Show or hide the curve of the last run, to compare."),
    "faster": Key("plus,equals_sign", "+", "faster", "Do more steps a second."),
    "slower": Key("minus", "-", "slower", "Do fewer steps a second."),
    "find": Key("slash", "/", "find", "Find a topic as you type, or browse them all."),
    "browse": Key("b", "b", "browse", "Find any card, see how it stands, and act on many at once."),
    "add": Key("a", "a", "add", "Write a card of your own."),
    "quiz": Key("q", "q", "quiz", "Be quizzed on topics that you choose."),
    "lab": Key("l", "l", "lab", "Open the live demos."),
    "progress": Key("p", "p", "progress", "See what you know and what is coming."),
    "settings": Key("s", "s", "settings", "Change minutes a day, retention, theme and more."),
    "field": Key("tab", "tab", "field", "Move between the text field and the keys."),
    "exchange": Key("z", "z", "exchange", "Import and export decks and answers."),
    "back": Key("escape", "esc", "back", "Go back to where you were."),
    "palette": Key("ctrl+p", "^p", "anything", "Find any topic, card, demo or screen by its name."),
    "help": Key("question_mark,f1", "?", "help", "Explain the keys of this screen."),
    "quit": Key("ctrl+q", "^q", "quit", "Leave the tutor; every answer is already saved."),
}


ORDER = {name: place for place, name in enumerate(KEYS)}


def place(binding: Binding) -> int:
    """Where a binding stands in the footer; one of a screen's own comes before the common ones."""
    name = (binding.id or "").removesuffix(f"-{binding.key}")
    return ORDER.get(name, ORDER["find"])


def shown(binding: Binding) -> str:
    """The key of a binding as it is printed.

    Where a text field takes the letter, the F key that does the same is what acts.
    """
    if FUNCTION_KEY.fullmatch(binding.key):
        return binding.key.upper()
    return binding.key_display or SIGNS.get(binding.key, binding.key)


def bind(
    name: str, action: str | None = None, label: str | None = None, *, show: bool = True
) -> Binding:
    """The binding of one meaning; `action` defaults to the name, `label` to the table's."""
    key = KEYS[name]
    return Binding(
        key.keys, action or name, label or key.label,
        show=show, key_display=key.shown, tooltip=key.about, id=name,
    )  # fmt: skip


def digits(
    name: str, action: str, label: str | None = None, count: int | None = None
) -> list[Binding]:
    """One binding a digit, calling `action(digit)`; the footer shows them once, as `1-6`.

    count: how many there are to choose from, where that is known.
    """
    key = KEYS[name]
    shown = key.shown if count is None else f"1-{count}"
    return [
        Binding(
            digit, f"{action}({digit})", label or key.label,
            show=digit == "1", key_display=shown, tooltip=key.about, id=f"{name}-{digit}",
        )
        for digit in key.keys.split(",")[:count]
    ]  # fmt: skip
