"""Every author and year that a card names is explained in `docs/sources.md`, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

from tests.content.test_course import cards, course

PAGE = Path(__file__).parents[2] / "docs" / "sources.md"
# "Ba, Kiros & Hinton 2016, section 3" is the source "Ba, Kiros & Hinton 2016".
NAMED = re.compile(r"(?!measured|tutor |follows)(.+? (?:19|20)\d\d)\b")


def named() -> set[str]:
    refs = [card.ref for card in cards()] + [topic.ref for topic in course().topics.values()]
    found = [NAMED.match(part) for ref in refs for part in ref.split("; ")]
    return {match[1] for match in found if match}


def told() -> tuple[set[str], set[str]]:
    """Those with a title, and those that were not looked up again."""
    looked_up, rest = PAGE.read_text(encoding="utf-8").split("## Not looked up again")
    rows = re.findall(r"^\| (.+? \d{4}) \| .+ \| .+ \|$", looked_up, re.MULTILINE)
    return set(rows), set(re.findall(r"^- (.+)$", rest, re.MULTILINE))


def test_every_source_is_explained_once() -> None:
    titled, listed = told()
    assert titled & listed == set()
    assert named() ^ (titled | listed) == set()


def test_what_the_course_tells_of_language_models_was_looked_up() -> None:
    titled, listed = told()
    refs = [card.ref for card in cards() if card.deck == "language-models"]
    used = {match[1] for ref in refs for part in ref.split("; ") if (match := NAMED.match(part))}
    assert len(used & titled) > 50
    assert used & listed <= OLDER


# Books and papers that every list of references of the field has.
OLDER = {
    "Brown et al. 2020", "Devlin et al. 2019", "Hoffmann et al. 2022", "Jordan et al. 2024",
    "Kaplan et al. 2020", "Mikolov et al. 2013", "Radford et al. 2018", "Radford et al. 2019",
    "Sutton & Barto 2018", "Touvron et al. 2023", "Vaswani et al. 2017",
}  # fmt: skip
