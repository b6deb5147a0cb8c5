"""Every numeric and typed card of the course, answered in the forms that people write.

    python -m tools.answer_forms [--draws N] [--seed N]

Each right answer in some forty forms must be right, some forty near misses of it must not be.
Prints the counts and every answer that is marked otherwise; the exit status tells whether any is.
"""

from __future__ import annotations

import argparse
import gc
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from time import process_time

from tutor.deck.expr import accepts
from tutor.deck.library import Library, load
from tutor.deck.model import Numeric
from tutor.paths import content_dir
from tutor.quiz import number
from tutor.quiz.arithmetic import SCALES
from tutor.quiz.asking import make_question
from tutor.quiz.marking import mark
from tutor.quiz.question import Question, plain_line
from tutor.quiz.terms import Terms, terms_of
from tutor.quiz.verdict import UnreadableError
from tutor.quiz.wording import form

Case = tuple[Question, str, bool]

_NOUN = re.compile(".*[a-z]{3}(?<!ed)(?<![sxzy])(?<!ch|sh)")
_SPELLINGS = (
    (re.compile("(?<=[a-z]{3})isation"), "ization"),
    (re.compile("(?<=[a-z]{3})ization"), "isation"),
    (re.compile("(?<=[a-z]{3}[a-rt-z])ized"), "ised"),
    (re.compile("centre(?!d)"), "center"),
    (re.compile("centred"), "centered"),
    (re.compile("center(?!e)"), "centre"),
)

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def number_forms(value: Decimal) -> Iterator[str]:
    """`value` in the forms that people write, all of them exact."""
    size = abs(value)
    for text in _figures(size):
        yield from _signed(value, text)
    plain = f"{size:f}"
    sign = "-" if value < 0 else ""
    for before in ("=", "= ", "≈ ", "≅", "~", "about ", "roughly ", "approx. ", "ca. ", "x = "):
        yield f"{before}{sign}{plain}"
    yield f"  {sign}{plain} "
    yield f"{sign}{plain}."
    yield f"({sign}{plain})"
    yield f"({sign}{plain} + 1) - 1"
    yield f"2*({sign}{plain})/2"
    yield f"2 × ({sign}{plain}) ÷ 2"
    yield f"{sign}{plain}*1 = {sign}{plain}"
    yield f"${sign}{plain}$"
    if value >= 0:
        yield f"+{plain}"


def _figures(size: Decimal) -> Iterator[str]:
    plain = f"{size:f}"
    yield plain
    whole, _, part = plain.partition(".")
    grouped = f"{int(whole):,}"
    tail = f".{part}" if part else ""
    for mark_ in ("_", "'", "’", " ", "\u00a0", "\u2009", "\u202f"):
        yield grouped.replace(",", mark_) + tail
    yield grouped + tail
    yield grouped.replace(",", ".") + tail.replace(".", ",")
    yield f"{plain.translate(_WIDE)}"
    yield f"{plain}0" if part else f"{plain}.0"
    yield plain.replace(".", ",") if part else f"{plain},00"
    if whole == "0" and part:
        yield f".{part}"
        yield f",{part}"
    mantissa, _, power = f"{size:e}".replace("E", "e").partition("e")
    if power:
        exponent = int(power)
        yield f"{mantissa}e{exponent}"
        yield f"{mantissa}E{exponent:+03d}"
        yield f"{mantissa.replace('.', ',')}e{exponent}"
        yield f"{mantissa} × 10^{exponent}"
        yield f"{mantissa} x 10^{exponent}"
        yield f"{mantissa}*10**{exponent}" if exponent >= 0 else f"{mantissa}*10**({exponent})"
        yield f"{mantissa}·10{str(exponent).translate(_RAISED)}"
        yield rf"{mantissa} \times 10^{{{exponent}}}"
    yield f"{size * 8:f}/8"
    yield f"{size * 3:f} / 3"
    yield f"{plain}/1"
    yield f"{plain} · 1"
    yield f"{plain}e0"
    yield f"{size / 1000:f}k"
    yield f"{size / 1000:f} thousand"


def _signed(value: Decimal, text: str) -> Iterator[str]:
    if value >= 0:
        yield text
        return
    for minus in ("-", "−", "–", "minus "):
        yield f"{minus}{text}"


def number_misses(value: Decimal, rng: random.Random) -> Iterator[str]:
    """Numbers near `value`, or made of it by a slip, in forms that have one reading."""
    step = abs(value) or Decimal(1)
    near = [value + share * step for share in map(Decimal, ("0.3", "-0.3", "0.5", "-0.5", "1.1"))]
    near += [value * 10, value / 10, value * 100, value / 100, -value, value * 2, value / 2]
    near += [value + 1, value - 1, value + 10, value - 10, value * value]
    near += [value * Decimal(str(round(rng.uniform(1.2, 9), 2))) for _ in range(7)]
    for miss in near:
        yield f"{miss:f}e0"
        yield f"{miss.normalize():e}".replace("E", "e")


def _numeric_cases(question: Question, numeric: Numeric, rng: random.Random) -> Iterator[Case]:
    value = _right_value(question, numeric)
    if value is None:
        return
    unit = numeric.unit
    # Of a share in percent the forms with another scale mean another number.
    for text in dict.fromkeys(number_forms(value)):
        yield question, text, True
    plain = f"{value:f}"
    if unit:
        for behind in (f"{plain} {unit}", f"{plain}{unit}", f"{plain} {unit}."):
            yield question, behind, True
    elif value >= 0:
        yield question, f"{value * 100:f}%", True
        yield question, f"{value * 100:f} percent", True
    for text in dict.fromkeys(number_misses(value, rng)):
        miss = float(text)
        scaled = any(accepts(numeric, near, question.values) for near in _scaled(miss, unit))
        if not scaled:
            yield question, text, False


def _scaled(value: float, unit: str) -> Iterator[float]:
    yield value
    if unit in SCALES:
        yield value / 10 ** SCALES[unit]


def _right_value(question: Question, numeric: Numeric) -> Decimal | None:
    """A decimal number that is right, as the right answer is shown."""
    shown = question.expected.removesuffix(numeric.unit).strip().partition(" to ")[0]
    try:
        value = number.read(shown).values[0]
    except UnreadableError:
        return None
    found = Decimal(str(value))
    return found if accepts(numeric, value, question.values) else None


def word_forms(word: str) -> Iterator[str]:
    """`word` in the forms that people write."""
    cases = [word, word.lower(), word.upper(), word.capitalize(), word.title(), word.swapcase()]
    yield from cases
    # "a squared" is a formula.
    bare = word.split(" ", 1)[0].casefold() not in {"the", "a", "an", "squared"}
    if bare:
        yield from (f"the {word}", f"The {word}", f"THE {word.upper()}", f"a {word}", f"an {word}")
        yield from (f"The {word}.", f"“the {word}”", f" the  {word}", f"A {word}", f"An {word}.")
    yield "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in word)
    yield from (f"{word}:", f"{word}…", f"“{word}.”", f"‹{word}›", f"**{word}**", f"{word}..")
    for left, right in ('""', "“”", "„“", "«»", "''", "‘’", "``", "()"):
        yield f"{left}{word}{right}"
    yield from (f" {word} ", f"{word}.", f"{word},", f"\t{word}", f"{word.lower()}.", f"{word} .")
    for joint in ("  ", "-", "_", "\u00a0", " - ", "–", *([""] if bare else [])):
        yield joint.join(word.split())
        yield joint.join(word.split("-"))
    if word.isascii() and word.isalpha() and word.isupper() and len(word) > 1:
        yield ".".join(word) + "."
        yield " ".join(word)
    if _NOUN.fullmatch(word):
        yield f"{word}s"
        yield f"the {word}s" if bare else f"{word}s."
    for one, other in _SPELLINGS:
        yield one.sub(other, word)


def _word_cases(
    question: Question, accepted: list[str], names: list[str], rng: random.Random
) -> Iterator[Case]:
    for word in accepted:
        for text in dict.fromkeys(word_forms(word)):
            yield question, text, True
    right = {form(word) for word in accepted}
    others = [name for name in names if form(name) not in right]
    for name in rng.sample(others, min(40, len(others))):
        yield question, name, False


def cases(library: Library, terms: Terms, draws: int, seed: int) -> Iterator[Case]:
    """(question, answer, whether it is right) for every numeric card, typed card and gap."""
    rng = random.Random(seed)
    names = [term.name for term in terms.by_form.values()]
    for entry in library.entries.values():
        if entry.kind not in {"numeric", "typed", "cloze"}:
            continue
        card = library.card(entry.key)
        if isinstance(card.answer, Numeric):
            for _ in range(draws if entry.generated else 1):
                question = make_question(card, rng.getrandbits(32))
                yield from _numeric_cases(question, card.answer, rng)
        elif entry.kind == "typed":
            question = make_question(card, 0)
            yield from _word_cases(question, list(question.accepted), names, rng)
        else:
            for place in range(len(entry.units)):
                question = make_question(card, 0, gap=place)
                for gap in question.typed_gaps:
                    wordings = [plain_line(text) for text in (gap.text, *gap.others)]
                    if not any(map(_is_number, wordings)):
                        yield from _word_cases(question, wordings, names, rng)


def _is_number(word: str) -> bool:
    try:
        number.read(word)
    except UnreadableError:
        return False
    return True


def fault(case: Case, terms: Terms) -> str:
    """What is wrong with the mark of one case; nothing if it is as it should be."""
    question, text, right = case
    marked = mark(question, text, terms)
    # A usual reading that is a named slip is asked about.
    asked = right and marked.verdict == "ask-again" and "can be read as" in marked.message
    if marked.right == right or asked:
        return ""
    wanted = "right" if right else "not right"
    return (
        f"{question.key} seed {question.seed} ({question.expected}): {text!r} is {marked}, {wanted}"
    )


def main() -> int:
    """Try them all. Returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=5, help="draws of a generated card (5)")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    library = load((content_dir(),), None)
    terms = terms_of(library)
    # Else a collection of everything loaded would be counted as marking.
    gc.freeze()
    counts: Counter[str] = Counter()
    longest, slowest = 0.0, ""
    for case in cases(library, terms, args.draws, args.seed):
        started = process_time()
        found = fault(case, terms)
        spent = process_time() - started
        if spent > longest:
            longest, slowest = spent, case[1]
        counts[f"{case[0].kind}, {'right' if case[2] else 'wrong'}"] += 1
        if found:
            counts["faults"] += 1
            print(found)
    print(", ".join(f"{name}: {count:,}" for name, count in sorted(counts.items())))
    print(f"longest mark {longest * 1000:.2f} ms of CPU: {slowest!r}")
    return int(bool(counts["faults"]))


if __name__ == "__main__":
    sys.exit(main())
