"""What a line refers to elsewhere in its file, put where it is used; and what Obsidian hides.

A card is shown without the rest of its file, so that its links and footnotes must hold all they
say: `[paper][p]` becomes `[paper](address)`, `text[^1]` becomes `text (the note)`. Obsidian's
`%%comments%%` and `^block-ids` are hidden there, and are here. Lines keep their numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

Report = Callable[[int, str, str], None]

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_DEFINITION = re.compile(
    r" {0,3}\[([^\[\]^][^\[\]]*)\]:[ \t]*<?([^\s<>]+)>?(?:[ \t]+[\"'(].*)?[ \t]*$"
)
_NOTE = re.compile(r" {0,3}\[\^([^\[\]\s]+)\]:[ \t]*(.*)")
_LINK = re.compile(r"(!?)(?<![\\\]\[])\[([^\[\]]+)\](?:\[([^\[\]]*)\])?(?![(\[:\]])")
_NOTE_USED = re.compile(r"(?<!\\)\[\^([^\[\]\s]+)\](?!:)")
_BLOCK_ID = re.compile(r"(?:^|(?<=\s))\^(?=[A-Za-z0-9-]*(?:-|[A-Za-z0-9]{4}))[A-Za-z0-9-]+\s*$")
# Code and formulas, in which nothing refers to anything.
_VERBATIM = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)|\$\$.*?\$\$|\$(?! )[^$]*(?<! )\$")
# A note where it is used, with code, formulas and links in it; group 2 is the note.
_NOTE_HERE = re.compile(
    rf"{_VERBATIM.pattern}"
    r"|(?<!\\)\^\[((?:[^\[\]`$]|`[^`]*`|\$[^$]*\$|\[[^\[\]]*\](?:\([^()]*\))?)+)\]"
)
# Without any of these a file has nothing to put in or to hide.
_MARKS = ("]:", "[^", "^[", "%%", " ^", "\t^")


def resolved(lines: list[str], report: Report) -> list[str]:
    """`lines` with what they refer to put in, and what Obsidian hides taken out.

    What refers to nothing, and a comment without an end, is reported and stays as it is.
    Resolving twice is resolving once.
    """
    text = "\n".join(lines)
    if not any(mark in text for mark in _MARKS):
        return lines
    lines = _without_comments(lines, report)
    links, notes, defining = _definitions(lines)
    found = list(lines)
    used: set[str] = set()
    for at in _prose_lines(lines):
        if at in defining or not ("[" in lines[at] or "^" in lines[at]):
            continue
        line = _NOTE_HERE.sub(_in_brackets, lines[at])
        line = _each(line, lambda text: _with_links(text, links))
        found[at] = _BLOCK_ID.sub("", _each(line, lambda text: _with_notes(text, notes, used)))
        for name in (match[1] for match in _NOTE_USED.finditer(_VERBATIM.sub("", found[at]))):
            report(
                at + 1,
                "unread-mark",
                f"`[^{name}]` has no note in this file: add `[^{name}]: ...`.",
            )
    for at, name in defining.items():
        found[at] = "" if not name or name in used else "\\" + found[at].lstrip()
    return found


def _prose_lines(lines: list[str]) -> Iterator[int]:
    """The numbers of the lines outside of code fences."""
    fence = ""
    for at, line in enumerate(lines):
        if match := _FENCE.match(line):
            if not fence:
                fence = match[1]
            elif match[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
        elif not fence:
            yield at


def _each(line: str, change: Callable[[str], str]) -> str:
    """`line` with its text changed, its code and formulas left alone."""
    done, at = "", 0
    for match in _VERBATIM.finditer(line):
        done += change(line[at : match.start()]) + match[0]
        at = match.end()
    return done + change(line[at:])


def _without_comments(lines: list[str], report: Report) -> list[str]:
    """`lines` without what stands between `%%` and `%%`."""
    found = list(lines)
    opened: int | None = None
    for at in list(_prose_lines(lines)):
        if "%%" not in lines[at]:
            continue
        pieces = _VERBATIM.sub(lambda match: match[0].replace("%", "\x04"), lines[at]).split("%%")
        kept = _joined(pieces[1::2] if opened is not None else pieces[::2]).replace("\x04", "%")
        if opened is not None:
            found[opened] = found[opened].rstrip()
            found[opened + 1 : at] = [""] * (at - opened - 1)
        elif len(pieces) % 2 == 0 and not any("%%" in line for line in lines[at + 1 :]):
            report(at + 1, "unread-mark", "This %% is never closed, and is shown: end it with %%.")
            break
        if len(pieces) % 2 == 0:
            opened = at if opened is None else None
        elif opened is not None:
            opened = at
        found[at] = kept
    return found


def _joined(pieces: list[str]) -> str:
    """What stands around a comment, without the blank on both its sides."""
    done = pieces[0] if pieces else ""
    for piece in pieces[1:]:
        done = done + (piece.lstrip() if done[-1:].isspace() or not done else piece)
    return done


def _definitions(lines: list[str]) -> tuple[dict[str, str], dict[str, str], dict[int, str]]:
    """Link labels with addresses, notes with texts, and the lines that define (link: "")."""
    links: dict[str, str] = {}
    notes: dict[str, str] = {}
    defining: dict[int, str] = {}
    name = ""
    for at in _prose_lines(lines):
        line = lines[at]
        if note := _NOTE.match(line):
            name = note[1]
            notes.setdefault(name, note[2].strip())
            defining[at] = name
        elif name and line.startswith((" ", "\t")) and line.strip():
            notes[name] = f"{notes[name]} {line.strip()}".strip()
            defining[at] = name
        elif link := _DEFINITION.fullmatch(line):
            links.setdefault(_label(link[1]), link[2])
            defining[at] = ""
        elif line.strip() or not name:
            name = ""
    return links, notes, defining


def _label(text: str) -> str:
    return " ".join(text.split()).casefold()


def _with_links(text: str, links: Mapping[str, str]) -> str:
    def link(match: re.Match[str]) -> str:
        address = links.get(_label(match[3] or match[2]))
        return match[0] if address is None else f"{match[1]}[{match[2]}](<{address}>)"

    return _LINK.sub(link, text) if links else text


def _in_brackets(match: re.Match[str]) -> str:
    """A note where it is used, as an aside; code and formulas stay."""
    if match[2] is None:
        return match[0]
    blank = "" if match.string[: match.start()][-1:].isspace() else " "
    return f"{blank}({match[2].strip()})"


def _with_notes(text: str, notes: Mapping[str, str], used: set[str]) -> str:
    def note(match: re.Match[str]) -> str:
        blank = "" if text[: match.start()][-1:].isspace() else " "
        if match[1] not in notes:
            return match[0]
        used.add(match[1])
        return f"{blank}({notes[match[1]].rstrip('.')})" if notes[match[1]] else ""

    return _NOTE_USED.sub(note, text)
