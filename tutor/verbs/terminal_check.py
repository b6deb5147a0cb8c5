"""`tutor doctor --terminal`: what this terminal can show, measured, and seen by the person at it.

A cursor tells how wide a sign is, not whether it is a box: so a sheet is shown, and asked about.
The answers choose the setting `glyphs`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from tutor import probe, settings, terminals
from tutor.errors import UsageError
from tutor.paths import Place
from tutor.text import glyphs
from tutor.text.printing import say, say_json
from tutor.text.sanitize import clean
from tutor.verbs.dialogue import read_line

if TYPE_CHECKING:
    from tutor.probe import Measured
    from tutor.text.glyphs import Glyphs

NAMES = (
    "TERM",
    "COLORTERM",
    "TERM_PROGRAM",
    "STY",
    "TMUX",
    "LC_ALL",
    "LC_CTYPE",
    "LANG",
    "NO_COLOR",
)
# What is shown, what is asked of it, and which signs do without it.
SHEET: tuple[tuple[str, str, Glyphs], ...] = (
    ("m̂  v̂  θ̂  W̃  x̄", "Is there a roof, a wave or a line over each letter?", "no accents"),
    ("ᵗ ₜ ᵀ ᵢ ₁ ²  β₁ᵗ  L_val", "Are these small letters and digits, none of them a box?", "plain"),
    ("α β θ σ ∑ ∇ √ ≤ → ∈", "Are these ten different signs, none of them a box or a _?", "plain"),
    ("⣀⡠⠔⠊⠉⠑⠢⢄⣀  ▀▄█  ╭─╮│╰─╯", "Do you see a bow of dots, three blocks and a frame?", "plain"),
)  # fmt: skip


def run(place: Place, *, as_json: bool) -> int:
    """Measure, ask, and write the setting. Returns the exit status; raises UsageError."""
    if not terminals.is_terminal():
        raise UsageError(
            "There is no terminal here", "doctor --terminal measures the one that it runs in.",
            "Run it without a pipe.",
        )  # fmt: skip
    glyphs.use("full")  # what is tried must be shown as it is
    try:
        measured = probe.measure()
    except (OSError, ImportError) as error:
        raise UsageError("This terminal cannot be measured", f"{error}.") from error
    if as_json:
        say_json({"terminal": facts(), "widths": [_row(each) for each in measured]})
        return 0
    say("\n".join(told(measured)))
    return _ask(place, measured)


def facts() -> dict[str, str]:
    """What the environment says, the size, and the colours that Textual will use."""
    said = {name: clean(os.environ[name], 80) for name in NAMES if os.environ.get(name)}
    size = shutil.get_terminal_size()
    return {
        **said,
        "encoding": terminals.encoding_of_terminal(),
        "size": f"{size.columns}x{size.lines}",
        "colours": terminals.colours(os.environ) or "as Textual finds them",
    }


def told(measured: list[Measured]) -> Iterator[str]:
    """The facts, then each sign that is not as wide as pages are laid out for."""
    for name, value in facts().items():
        yield f"{name:<14}{value}"
    if why := terminals.unfit(os.environ):
        yield why
    if not measured:
        yield "widths        this terminal does not tell where its cursor is"
        return
    odd = [each for each in measured if each.painted != each.assumed]
    yield f"widths        {len(measured)} signs measured, {len(odd)} not as wide as assumed"
    for each in odd:
        yield f"              {each.sign} {each.name}: {each.painted} cells, {each.assumed} assumed"


def chosen(seen: list[bool], measured: list[Measured]) -> Glyphs:
    """The signs for what was seen on each line of the sheet, and for the widths."""
    needs = [signs for (_, _, signs), well in zip(SHEET, seen, strict=False) if not well]
    wide = any(m.painted != m.assumed for m in measured if m.name in probe.AMBIGUOUS)
    if wide or "plain" in needs:
        return "plain"
    return "no accents" if needs else "full"


def _ask(place: Place, measured: list[Measured]) -> int:
    seen: list[bool] = []
    try:
        for sign, question, _ in SHEET:
            say(f"\n    {sign}\n")
            seen.append(_yes(question))
        signs = chosen(seen, measured)
        present, _ = settings.load(place.settings)
        say(f"\nThe signs for this terminal: {signs}; the setting is {present.glyphs} now.")
        if _yes(f"Write glyphs = {signs!r} into {place.settings}?"):
            broken = settings.save(place.settings, replace(present, glyphs=signs))
            say(broken or "Written.")
    except EOFError:
        say("\nNothing was written.")
    return 0


def _yes(question: str) -> bool:
    """Ask until the answer is yes or no. Raises EOFError at `q` and at the end of the input."""
    while True:
        answer = read_line(f"{question} (y, n, q leaves)").casefold()
        if answer in {"y", "yes", "n", "no"}:
            return answer[0] == "y"


def _row(each: Measured) -> dict[str, object]:
    return {
        "name": each.name, "sign": each.sign, "assumed": each.assumed, "painted": each.painted,
    }  # fmt: skip
