"""The rows of the reviews of November 2026, and the page that tells what became of each.

`python -m tests.content.review` writes `docs/review-2026-11.md` anew from `review_rows.json`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE.parent.parent / "docs" / "review-2026-11.md"

# Which rows each heading of the page gathers: their ids start so.
SECTIONS = {
    "Chapters 1 to 6: wrong": "A1.",
    "Chapters 1 to 6: misleading or outdated": "A2.",
    "Chapters 1 to 6: generated templates": "A3.",
    "Chapters 1 to 6: right words refused": "A4.",
    "Chapters 1 to 6: references": "A5.",
    "Chapters 1 to 6: demos": "A5b.",
    "Chapters 1 to 6: craft": "A6.",
    "Chapters 1 to 6: teaching": "A7.",
    "Chapters 7 to 13: wrong": "W",
    "Chapters 7 to 13: misleading": "M",
    "Chapters 7 to 13: test design": "K",
    "Chapters 7 to 13: what the sources ask": "S",
    "Against the frameworks": "F",
    "Edges of the engine": "E",
    "Stranger's check": "R",
    "Sources looked up": "L",
}
INTRO = (
    "# The reviews of November 2026\n\n"
    "In November 2026 the course was read line by line by hostile experts, and its numbers were "
    "compared with what the frameworks give.\n"
    "Here is what became of each of their findings.\n"
    "Places are those of the version that was read: `07/03` is the third file of chapter 7, "
    "13 and 15 are the myths.\n"
    "The list itself is `tests/content/review_rows.json`; a test holds it complete, looks for "
    "wordings that must be gone, and keeps this page in step.\n"
    "At the end somebody who had written none of it read every new card and lesson once more, as "
    "professor, as beginner and as test designer; the last table but one says what was found.\n"
    "The sources of the new facts were looked up ([sources](sources.md)); the last table says what "
    "that changed.\n"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One finding: where, what, what was done about it, and wordings that must be gone."""

    row: str
    place: str
    fault: str
    state: str
    how: str
    gone: tuple[str, ...] = ()


def rows() -> list[Row]:
    """All rows, in the order of their ids."""
    found = json.loads((HERE / "review_rows.json").read_text(encoding="utf-8"))
    return [Row(**{**row, "gone": tuple(row["gone"])}) for row in found]


def page() -> str:
    """The page, with one table a section."""
    parts = [INTRO]
    for title, start in SECTIONS.items():
        own = [row for row in rows() if row.row.startswith(start)]
        if own:
            parts.append(
                f"## {title}\n\n| row | place | finding | done |\n| --- | --- | --- | --- |"
            )
            parts[-1] += "".join(f"\n{_line(row)}" for row in own) + "\n"
    return "\n".join(parts)


def _line(row: Row) -> str:
    done = row.how if row.state == "mended" else f"**Rejected.** {row.how}"
    cells = (row.row, row.place, row.fault, done)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
