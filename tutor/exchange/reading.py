"""Finds the format of a file by looking, and reads it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tutor.errors import UsageError
from tutor.exchange import (
    bytes as encodings,
)
from tutor.exchange import (
    delimited,
    gift,
    hashcards,
    mdbook_quiz,
    mnemosyne,
    moodle_xml,
    obsidian,
    org_drill,
)
from tutor.exchange.notes import MAX_CHARACTERS, MAX_NOTES, Found, tell_repeated

Reader = Callable[[str, str], Found]
# Formats of text, in the order in which they are looked for: the surest signs first.
READERS: dict[str, Reader] = {
    "moodle-xml": moodle_xml.read,
    "mdbook-quiz": mdbook_quiz.read,
    "org-drill": org_drill.read,
    "gift": gift.read,
    "hashcards": hashcards.read,
    "obsidian": obsidian.read,
    "text": delimited.read,
}
_LOOKS: dict[str, Callable[[str], bool]] = {
    "moodle-xml": moodle_xml.looks,
    "mdbook-quiz": mdbook_quiz.looks,
    "org-drill": org_drill.looks,
    "gift": gift.looks,
    "hashcards": hashcards.looks,
    "obsidian": obsidian.looks,
}
FORMATS = (*READERS, "mnemosyne")
_NOTES = {".md", ".markdown"}
_ENDINGS = {".org": "org-drill", ".gift": "gift", ".toml": "mdbook-quiz", ".cards": "mnemosyne",
            ".csv": "text", ".tsv": "text"}  # fmt: skip


def read_file(file: Path, form: str = "") -> Found:
    """All notes of a file of another program.

    form: one of FORMATS, or empty to find it out. Raises UsageError with one sentence when the
    file cannot be read, and then nothing is taken.
    """
    if not file.is_file():
        raise UsageError(f"{file} is no file", "Only regular files are read.", "Look at its name.")
    if form == "mnemosyne" or (not form and mnemosyne.looks(file)):
        found = mnemosyne.read(file)
    else:
        found = _read_text(file, form)
    if not found.notes and not found.left_out:
        raise _nothing(file, found.format)
    if len(found.notes) > MAX_NOTES:
        raise UsageError(
            f"{file.name} is too large",
            f"It holds {len(found.notes):,} notes; {MAX_NOTES:,} are read at once.",
            "Cut it into parts.",
        )
    tell_repeated(found)
    return found


def _read_text(file: Path, form: str) -> Found:
    if file.stat().st_size > MAX_CHARACTERS:
        raise UsageError(
            f"{file.name} is too large", f"It has more than {MAX_CHARACTERS:,} bytes.",
            "Cut it into parts.",
        )  # fmt: skip
    try:
        text, encoding = encodings.decode(file.read_bytes())
    except (OSError, ValueError) as error:
        raise UsageError(f"{file.name} cannot be read", f"{error}.", "Export it anew.") from error
    form = form or guess(text, file.suffix.lower())
    found = READERS[form](text, file.name)
    found.taken.insert(0, f"{file.name} is taken for {form}, in {encoding}")
    return found


def guess(text: str, ending: str = "") -> str:
    """The format of a text: by its ending where that says enough, else by how it looks."""
    if ending in _ENDINGS and _ENDINGS[ending] in READERS:
        return _ENDINGS[ending]
    fitting = (form for form, looks in _LOOKS.items() if looks(text))
    found = next(fitting, "text")
    # `::` stands in many a file; only in a note it parts a front from a back.
    return "text" if found == "obsidian" and ending not in _NOTES else found


def _nothing(file: Path, form: str) -> UsageError:
    return UsageError(
        f"{file.name} holds no question",
        f"It was read as {form}, and nothing in it is one.",
        f"Say what it is with --as: {', '.join(FORMATS)}.",
    )
