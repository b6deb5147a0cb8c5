"""The formulas of the course as espeak-ng says them and liblouis brailles them: all unlike.

Different lines must have different words, different phonemes and different cells; blanks, which
are for the eye, do not count.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pytest

from tests.text.test_speech import NEAR
from tools.formulas import formulas
from tutor.text.math import inline, spoken

CONTENT = Path(__file__).parents[2] / "content"
ESPEAK, LOUIS = shutil.which("espeak-ng"), shutil.which("lou_translate")


@cache
def course() -> dict[str, str]:
    """Every formula of the course: its line without blanks -> its LaTeX."""
    found = {inline(each.latex).replace(" ", ""): each.latex for each in formulas(CONTENT)}
    assert len(found) >= 558
    return found


@cache
def lines(every: int = 1) -> list[str]:
    """The LaTeX of the course and of pairs that differ in one place, one of each line.

    every: so many pairs, one is taken.
    """
    near = {inline(each).replace(" ", ""): each for pair in NEAR[::every] for each in pair}
    return [*(near | course()).values()]


def alike(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The formulas that come out as one before them, with that one."""
    first: dict[str, str] = {}
    return [
        (formula, first[form])
        for formula, form in pairs
        if first.setdefault(form, formula) != formula
    ]


def test_no_two_formulas_of_the_course_have_the_same_words() -> None:
    said = {latex: spoken(latex) for latex in course().values()}
    assert all(words.isascii() for words in said.values())
    assert alike(said.items()) == []
    assert alike([("a", "x"), ("b", "x")]) == [("b", "a")]


def phonemes(text: str) -> str:
    assert ESPEAK is not None
    done = subprocess.run(
        [ESPEAK, "-q", "-x", "-v", "en", text], capture_output=True, text=True, check=True
    )
    return " ".join(done.stdout.split())


def cells(lines: list[str]) -> list[str]:
    assert LOUIS is not None
    done = subprocess.run(
        [LOUIS, "--forward", "en-ueb-g2.ctb"],
        input="\n".join(lines) + "\n", capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.splitlines()


@pytest.mark.ears
@pytest.mark.skipif(ESPEAK is None, reason="espeak-ng is not installed")
def test_no_two_formulas_of_the_course_sound_alike() -> None:
    latex = lines(every=4)  # a process each
    with ThreadPoolExecutor(2) as pool:
        heard = list(pool.map(phonemes, map(spoken, latex)))
    assert alike(zip(latex, heard, strict=True)) == []
    print(f"{len(latex)} formulas, no two alike")


@pytest.mark.ears
@pytest.mark.skipif(ESPEAK is None, reason="espeak-ng is not installed")
def test_signs_alone_would_sound_alike() -> None:
    """Why there are words: the voice says nothing of a raised minus eight."""
    assert phonemes("ε = 10⁻⁸") == phonemes("ε = 10")
    assert phonemes(spoken(r"\epsilon=10^{-8}")) != phonemes(spoken(r"\epsilon=10"))


@pytest.mark.ears
@pytest.mark.skipif(LOUIS is None, reason="lou_translate of liblouis-bin is not installed")
def test_no_two_formulas_of_the_course_feel_alike_and_no_cell_is_undefined() -> None:
    latex = lines()
    felt = cells([spoken(each) for each in latex])
    assert alike(zip(latex, felt, strict=True)) == []
    assert [line for line in felt if re.search(r"\\", line)] == []
    (escaped,) = cells(["‖w‖"])
    assert "\\" in escaped, "an undefined cell would be seen"
