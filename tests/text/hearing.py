"""Takes spoken formulas apart again: if that can be done, no two formulas sound alike.

Written apart from the speaker; it knows the words and the grammar of docs/math-on-a-terminal.md.
A formula is nested tuples here: ("row", ...), ("frac", above, below), a string for a letter.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeGuard

from tutor.text.formula import Accent, Atom, Fence, Frac, Grid, Node, Root, Row, Script
from tutor.text.sign_words import ACCENT_WORDS, SIGNS, words_of

Heard = object

SIGN_OF = {words: sign for sign, words in SIGNS.items() if sign != "-"}
GREEK = {words_of(letter): letter for letter in "αβγδεζηθικλμνξοπρστυφχψω"}
POWERS = {
    "squared": "2", "cubed": "3", "transposed": "⊤", "star": "*", "dagger": "†", "prime": "′",
    "double prime": "′′", "triple prime": "′′′", "quadruple prime": "′′′′",
}  # fmt: skip
FENCES = {
    "open": ("(", "close", ")"), "open bracket": ("[", "close bracket", "]"),
    "open brace": ("{", "close brace", "}"), "open angle": ("⟨", "close angle", "⟩"),
    "floor of": ("⌊", "end floor", "⌋"), "ceiling of": ("⌈", "end ceiling", "⌉"),
    "absolute value of": ("|", "end absolute value", "|"), "norm of": ("‖", "end norm", "‖"),
    "evaluation of": ("", "end evaluation", "|"),
    "determinant of": ("|", "end determinant", "|"),
}  # fmt: skip
ACCENTS = {*ACCENT_WORDS.values(), "underbrace", "overbrace"}
BIG = {"sum": "∑", "product": "∏", "integral": "∫", "big union": "⋃", "max": "max", "limit": "lim"}
# Longest first, so that a phrase is never taken for its beginning.
PHRASES = sorted(
    {
        *SIGN_OF, *GREEK, *POWERS, *FENCES, *ACCENTS, *BIG, "sub", "subscript", "end sub", "to the",
        "to the power", "end power", "group", "end group", "fraction", "over", "end fraction",
        "square root", "square root of", "root of degree", "of", "end root", "wide", "from", "to",
        "as", "across", "log base", "log with base", "end base", "matrix", "next row", "next",
        "end matrix",
        "cases", "when", "next case", "end cases", "lines", "next line", "end lines", "binomial",
        "choose", "end binomial", "text", "end text", "nothing", "followed by", "close",
        *(fence[1] for fence in FENCES.values()), *(f"end {accent}" for accent in ACCENTS),
    },
    key=lambda phrase: -len(phrase.split()),
)  # fmt: skip


class Listener:
    """One spoken formula, word by word."""

    def __init__(self, said: str) -> None:
        self.words = said.split()
        self.at = 0

    def next(self) -> str:
        """The phrase that comes now, or the word."""
        for phrase in PHRASES:
            parts = phrase.split()
            if self.words[self.at : self.at + len(parts)] == parts:
                return phrase
        return self.words[self.at] if self.at < len(self.words) else ""

    def take(self, *expected: str) -> str:
        phrase = self.next()
        assert not expected or phrase in expected, (phrase, expected, self.words, self.at)
        self.at += len(phrase.split())
        return phrase

    def row(self, *stops: str) -> Heard:
        """Items up to one of these phrases, which is not taken."""
        items: list[Heard] = []
        while (phrase := self.next()) and phrase not in stops:
            if phrase == "over":
                self.take()
                items[-1] = ("frac", items[-1], self.atom())
            elif phrase in {"followed by", "nothing"}:
                self.take()
                if phrase == "nothing" and self.next() in {*POWERS, "sub", "subscript", "to the",
                                                           "to the power"}:  # fmt: skip
                    items.append(self.scripts(("row",)))
            else:
                items.append(self.scripts(self.item(), grouped=phrase == "group"))
        return items[0] if len(items) == 1 else ("row", *items)

    def part(self, *stops: str) -> Heard:
        """A row, and the phrase that ends it."""
        found = self.row(*stops)
        self.take(*stops)
        return found

    def item(self) -> Heard:  # noqa: PLR0911, PLR0912 - one a kind of node
        match phrase := self.next():
            case "fraction":
                self.take()
                return ("frac", self.part("over"), self.part("end fraction"))
            case "binomial":
                self.take()
                return ("binomial", self.part("choose"), self.part("end binomial"))
            case "square root":
                self.take()
                return ("root", self.atom())
            case "square root of":
                self.take()
                return ("root", self.part("end root"))
            case "root of degree":
                self.take()
                return ("root", self.part("of"), self.part("end root"))
            case "wide":
                self.take()
                word = self.take(*ACCENTS)
                return ("accent", word, self.part(f"end {word}"))
            case "underbrace" | "overbrace":
                self.take()
                return ("accent", phrase, self.part(f"end {phrase}"))
            case "group":
                self.take()
                return self.part("end group")
            case "matrix" | "lines":
                self.take()
                return self.grid(phrase)
            case "cases":
                self.take()
                return self.cases()
            case "log base" | "log with base":
                self.take()
                base = self.brief() if phrase == "log base" else self.part("end base")
                return ("script", "log", base, None)
        if phrase in BIG:
            return self.big()
        if phrase in FENCES:
            self.take()
            opening, stop, closing = FENCES[phrase]
            return ("fence", opening, self.part(stop), closing)
        return self.atom()

    def big(self) -> Heard:
        name = BIG[self.take()]
        sub = sup = None
        joints = {"max": ("across",), "lim": ("as",)}.get(name, ("from", "over"))
        if self.next() in joints:
            self.take()
            sub = self.row("to", "of")
        elif name == "max":
            return name
        if self.next() == "to":
            self.take()
            sup = self.row("of")
        self.take("of")
        return name if sub is None and sup is None else ("script", name, sub, sup)

    def grid(self, name: str) -> Heard:
        rows: list[list[Heard]] = [[]]
        while True:
            rows[-1].append(self.row("next", "next row", "next line", f"end {name}"))
            match self.take():
                case "next row" | "next line":
                    rows.append([])
                case "next":
                    pass
                case _:
                    return (name, *map(tuple, rows))

    def cases(self) -> Heard:
        rows: list[list[Heard]] = [[]]
        while True:
            rows[-1].append(self.row("when", "next case", "end cases"))
            match self.take():
                case "next case":
                    rows.append([])
                case "when":
                    pass
                case _:
                    return ("cases", *map(tuple, rows))

    def atom(self) -> Heard:
        """One letter, number, sign or run of text, with its accents."""
        phrase = self.take()
        found: Heard
        if phrase == "text":
            found = self.text()
        elif phrase == "capital":
            found = self.take()
        elif phrase == "point":
            found = f".{self.take()}"
        else:
            found = SIGN_OF.get(phrase) or GREEK.get(phrase) or phrase
        while self.next() in ACCENT_WORDS.values() and len(str(found)) == 1:
            found = ("accent", self.take(), found)
        return found

    def text(self) -> str:
        words: list[str] = []
        while self.next() != "end text":
            word = self.words[self.at]
            self.at += 1
            if word == "word":
                word, self.at = self.words[self.at], self.at + 1
            words.append(word)
        self.take("end text")
        return " ".join(words)

    def brief(self) -> Heard:
        if self.next() == "minus":
            self.take()
            return ("row", "−", self.atom())
        return self.atom()

    def scripts(self, base: Heard, grouped: bool = False) -> Heard:
        sub = sup = None
        if (phrase := self.next()) in {"sub", "subscript"}:
            self.take()
            sub = self.brief() if phrase == "sub" else self.part("end sub")
        if (phrase := self.next()) in {"to the", "to the power"}:
            self.take()
            sup = self.brief() if phrase == "to the" else self.part("end power")
        elif phrase in POWERS:
            primes = POWERS[self.take()]
            sup = ("row", *primes) if len(primes) > 1 else primes
        if sub is None and sup is None:
            return base
        if _is_index(base) and not grouped and sub is None:
            return (*base[:3], sup)
        return ("script", base, sub, sup)


def heard(said: str) -> Heard:
    """The formula that was said."""
    listener = Listener(said)
    found = listener.row()
    assert listener.at == len(listener.words), (said, listener.at)
    return found


def written(node: Node | None) -> Heard:  # noqa: PLR0911 - one a kind of node
    """The same form of a tree: braces that only group are none."""
    match node:
        case Atom():
            return node.text.strip()
        case Row():
            items = list(_flat(node))
            return items[0] if len(items) == 1 else ("row", *items)
        case Frac():
            return ("frac", written(node.above), written(node.below))
        case Root(degree=None | Row(items=())):
            return ("root", written(node.body))
        case Root():
            return ("root", written(node.degree), written(node.body))
        case Accent():
            return ("accent", ACCENT_WORDS.get(node.name, node.name), written(node.body))
        case Script():
            base = written(node.base)
            sub = None if node.sub is None else written(node.sub)
            sup = None if node.sup is None else written(node.sup)
            if _is_index(base) and base[1] not in BIG.values() and sub is None:
                return (*base[:3], sup)
            return ("script", base, sub, sup)
        case Fence(body=Frac(rule=False) as body):
            return ("binomial", written(body.above), written(body.below))
        case Fence(body=Grid() as grid, closing=""):
            return ("cases", *(_case(row) for row in grid.rows))
        case Fence():
            return ("fence", node.opening, written(node.body), node.closing)
        case Grid():
            name = "lines" if node.align == "equations" else "matrix"
            return (name, *(tuple(map(written, row)) for row in node.rows))
    return None


def _is_index(base: Heard) -> TypeGuard[tuple[Heard, ...]]:
    """Whether a base has an index and no power."""
    return isinstance(base, tuple) and base[0] == "script" and base[3] is None


def _case(row: Collection[Node]) -> tuple[Heard, ...]:
    value, *conditions = map(written, row)
    return (value, *(condition for condition in conditions if condition != ("row",)))


def _flat(row: Row) -> Collection[Heard]:
    items: list[Heard] = []
    for item in row.items:
        found = written(item)
        items += found[1:] if isinstance(found, tuple) and found[0] == "row" else [found]
    return items
