"""Reads the hidden comments of a deck: `card`, `topic` and `check`.

The attributes of a comment are `key=value` or `key="some words"`, over as many lines as needed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tutor.deck.model import ANY_TEXT, ASKS
from tutor.deck.rules import Findings
from tutor.deck.slugs import is_slug

TOPIC_KEYS = frozenset({"id", "needs", "aka", "find", "demo", "ref"})
CARD_KEYS = frozenset(
    {"id", "topic", "type", "tags", "demo", "ref", "rev", "aka", "find", "asks", "claim"}
    | {"overrides"}
)
_COMMENT = re.compile(r"\s*<!--(.*?)-->([^\n]*)", re.DOTALL)
_WORD = re.compile(r"\s*([a-z]+)\b(.*)", re.DOTALL | re.IGNORECASE)
_OVERRIDES = re.compile(rf"[0-9a-f]{{16}}|{ANY_TEXT}")
_CLAIM = re.compile(r"[a-z]\w*(?:\.[a-z]\w*)*", re.ASCII)
_ATTRIBUTE = re.compile(r'([^\s="]+)=(?:"([^"]*)"|([^\s"]*))(?=\s|$)|(\S+)')


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment: its first word in lower case, what follows, and what stands after `-->`."""

    word: str
    rest: str
    after: str
    line: int

    @property
    def opens(self) -> bool:
        """Whether it makes its heading a card or a topic."""
        return self.word in {"card", "topic"}


def comment(source: str, line: int) -> Comment | None:
    """The comment that `source` starts with; None when it is other HTML."""
    match = _COMMENT.match(source)
    if match is None:
        return None
    word = _WORD.match(match[1])
    name, rest = (word[1].lower(), word[2]) if word else ("", "")
    return Comment(name, rest, match[2].strip(), line)


def attributes(found: Comment, findings: Findings) -> dict[str, str]:
    """The known attributes of a card or topic comment; the others are reported."""
    known = TOPIC_KEYS if found.word == "topic" else CARD_KEYS
    values: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(found.rest):
        key, quoted, bare, stray = match.groups()
        value = quoted or bare or ""
        if stray is not None:
            message = f'`{stray[:40]}` is not key=value; put a value with spaces in "quotes".'
        elif key not in known:
            message = f"`{key[:40]}=` is not a key of a {found.word}; known: {_listed(known)}."
        elif value and key in values:
            message = f"`{key}=` stands twice; the first one counts."
        else:
            if value:
                values[key] = value
            continue
        findings.add(found.line, "unknown-key", message)
    return values


def checked_use(found: Comment, values: dict[str, str], findings: Findings) -> str:
    """The comment's `asks=`; empty, and reported, when it is none of the four."""
    given = values.get("asks", "")
    if given in {"", *ASKS}:
        return given
    message = f"`asks={given[:40]}` does not exist; known: {', '.join(ASKS)}."
    findings.add(found.line, "unknown-asks", message)
    return ""


def checked_claim(found: Comment, values: dict[str, str], findings: Findings) -> str:
    """The comment's `claim=`, a name such as `torch.lstm_parameters`; empty when it is none."""
    given = values.get("claim", "")
    if not given or _CLAIM.fullmatch(given):
        return given
    message = f"`claim={given[:40]}` is no name such as torch.lstm_parameters."
    findings.add(found.line, "unknown-key", message)
    return ""


def checked_overrides(found: Comment, values: dict[str, str], findings: Findings) -> str:
    """The comment's `overrides=`, a hash or `any`; taken for `any`, and reported, if neither."""
    given = values.get("overrides", "")
    if not given or _OVERRIDES.fullmatch(given):
        return given
    message = f"`overrides={given[:40]}` is neither the hash of a card's text nor `{ANY_TEXT}`."
    findings.add(found.line, "unknown-key", message)
    return ANY_TEXT


def checked_id(found: Comment, values: dict[str, str], findings: Findings) -> str:
    """The comment's id; empty, and reported, when it is missing or no slug."""
    given = values.get("id", "")
    if not given:
        message = f"This {found.word} has no id, so no progress can be kept: add id=some-slug."
        findings.add(found.line, "no-id", f"{message} `tutor ids --write` adds it.")
    elif not is_slug(given):
        message = f"`{given[:40]}` is no slug: use a-z, 0-9 and single hyphens."
        findings.add(found.line, "bad-id", message)
    else:
        return given
    return ""


def listed(value: str) -> tuple[str, ...]:
    """The items of a comma-separated value."""
    if not value:
        return ()
    return tuple(item.strip() for item in value.split(",") if item.strip())


def _listed(known: frozenset[str]) -> str:
    return ", ".join(sorted(known))
