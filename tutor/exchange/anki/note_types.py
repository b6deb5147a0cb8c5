"""The note types of our cards in Anki: fixed ids, names and fields, and how they look.

Anki tells note types apart by these numbers and by the names in order: a change of any of them
makes a second type beside the first, whose notes are updated no more. So fields that nothing
fills yet are reserved, and only the looks may change, together with `LOOKS_CHANGED`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

LOOKS_CHANGED = 1_795_824_000
"""When templates or style last changed, in seconds; Anki takes looks newer than its own."""

_COMMON = ("Front", "Back", "Explanation", "Hint", "Source", "Key", "Units")
_ASIDE = (
    "{{#Explanation}}<div class=explanation>{{Explanation}}</div>{{/Explanation}}"
    "{{#Source}}<div class=source>{{Source}}</div>{{/Source}}"
)
_HINT = "{{#Hint}}<div class=hint>{{hint:Hint}}</div>{{/Hint}}"
_HEADING = "{{#Front}}<div class=front>{{Front}}</div>{{/Front}}"


@dataclass(frozen=True, slots=True)
class NoteType:
    """A note type: its id, name, fields in order, the two sides, and whether it has gaps."""

    id: int
    name: str
    fields: tuple[str, ...]
    question: str
    answer: str
    cloze: bool = False

    def as_json(self) -> dict[str, Any]:
        """The note type as schema 11 keeps it."""
        return {
            "id": self.id,
            "name": self.name,
            "type": int(self.cloze),
            "mod": LOOKS_CHANGED,
            "usn": -1,
            "sortf": 0,
            "did": None,
            "tmpls": [self._template()],
            "flds": [self._field(i, name) for i, name in enumerate(self.fields)],
            "css": STYLE,
            "latexPre": "\\documentclass[12pt]{article}\n\\begin{document}\n",
            "latexPost": "\\end{document}",
            "latexsvg": False,
            "req": [[0, "any", [0]]],
        }

    def _template(self) -> dict[str, Any]:
        return {
            "id": self.id * 1000 + 500, "name": "Card", "ord": 0, "qfmt": self.question,
            "afmt": self.answer, "bqfmt": "", "bafmt": "", "did": None, "bfont": "", "bsize": 0,
        }  # fmt: skip

    def _field(self, place: int, name: str) -> dict[str, Any]:
        return {
            "id": self.id * 1000 + place, "name": name, "ord": place, "sticky": False,
            "rtl": False, "font": "Arial", "size": 20,
        }  # fmt: skip


STYLE = """\
.card {
  --ink: #1c1e21; --quiet: #5b626b; --line: #c9ced6; --mark: #0b57a4; --paper: #ffffff;
  --block: #f3f5f8;
  max-width: 40em; margin: 0 auto; padding: 0.8em; text-align: left;
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
  font-size: 18px; line-height: 1.5; color: var(--ink); background: var(--paper);
  overflow-wrap: break-word;
}
.card.nightMode, .nightMode .card, .night_mode .card {
  --ink: #e4e7eb; --quiet: #a3abb5; --line: #4a515b; --mark: #8ec1ff; --paper: #1b1e23;
  --block: #262b32;
}
.front { font-weight: 600; }
.front p, .front li, .front td, .front pre { font-weight: 400; }
.cloze { font-weight: 600; color: var(--mark); }
.hint { margin-top: 0.8em; }
.hint a, .source a { color: var(--mark); }
.explanation { margin-top: 0.8em; padding-top: 0.6em; border-top: 1px dashed var(--line); }
.source { margin-top: 0.8em; font-size: 0.8em; color: var(--quiet); }
hr { border: 0; border-top: 1px solid var(--line); margin: 0.8em 0; }
pre, code { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: 0.88em; }
pre { padding: 0.5em; overflow-x: auto; background: var(--block); }
table { border-collapse: collapse; }
th, td { border: 1px solid var(--line); padding: 0.2em 0.5em; }
blockquote { margin: 0.5em 0; padding-left: 0.8em; border-left: 3px solid var(--line); }
#typeans { max-width: 100%; font-size: 1em; }
mjx-container[display="true"] { overflow-x: auto; overflow-y: hidden; }
"""

BASIC = NoteType(
    1_795_800_000_001,
    "Tutor",
    _COMMON,
    f"<div class=front>{{{{Front}}}}</div>{_HINT}",
    f"{{{{FrontSide}}}}<hr id=answer><div class=back>{{{{Back}}}}</div>{_ASIDE}",
)
CLOZE = NoteType(
    1_795_800_000_002,
    "Tutor (gaps)",
    ("Text", *_COMMON),
    f"{_HEADING}<div class=text>{{{{cloze:Text}}}}</div>{_HINT}",
    f"{_HEADING}<div class=text>{{{{cloze:Text}}}}</div>{_ASIDE}",
    cloze=True,
)
TYPED = NoteType(
    1_795_800_000_003,
    "Tutor (typed)",
    _COMMON,
    f"<div class=front>{{{{Front}}}}</div>{_HINT}{{{{type:Back}}}}",
    f"<div class=front>{{{{Front}}}}</div><hr id=answer>{{{{type:Back}}}}{_ASIDE}",
)
TYPES = {"basic": BASIC, "cloze": CLOZE, "typed": TYPED}
