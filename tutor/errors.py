"""What can go wrong, in words for the learner.

TutorError
├── UsageError           the command or a value was wrong        exit 2
│   ├── KnobError        a knob that does not exist or is out of range
│   └── NotFoundError    no such topic, card, demo or file
├── ElsewhereError       another window has gone on with what was done here  exit 1
├── DeckError            a deck file that cannot be read or written  exit 1
│   ├── InexpressibleError  a card or deck that no Markdown would be read as
│   └── EditedError      a deck file that another program has changed since it was read
└── DataError            the learner's data cannot be opened     exit 3
    ├── UnwritableError  a folder or file that cannot be created or written, or a full disk
    ├── DamagedError     the database or a backup is broken
    ├── NewerError       written by a later version of the tutor
    └── InUseError       another tutor holds it
        └── ChangedError another tutor has written since we last looked: look again

Every error says what happened (title), where and why (message) and how to mend it (hint).
"""

from __future__ import annotations

from collections.abc import Sequence


def did_you_mean(near: Sequence[str], otherwise: str = "") -> str:
    """`Did you mean padding, pooling or stride?`, or `otherwise` where nothing is near."""
    if not near:
        return otherwise
    *others, last = near
    return f"Did you mean {', '.join(others)} or {last}?" if others else f"Did you mean {last}?"


# What is quoted may be as long as a file; nobody reads more than this.
_LONGEST = 2_000


def _brief(text: str) -> str:
    """`text` without its middle where it is too long to be read."""
    if len(text) <= _LONGEST:
        return text
    half = _LONGEST // 2
    return f"{text[:half]} … {text[-half:]}"


class TutorError(Exception):
    """An expected failure, told in three parts: title, message and a way out."""

    exit_status = 1

    def __init__(self, title: str, message: str = "", hint: str = "") -> None:
        self.title, self.message, self.hint = map(_brief, (title, message, hint))
        super().__init__(self.title, self.message, self.hint)

    def __str__(self) -> str:
        return "\n".join(part for part in (self.title, self.message, self.hint) if part)

    def as_json(self) -> dict[str, dict[str, str]]:
        """The shape that every `--json` verb prints when it fails."""
        return {"error": {"title": self.title, "message": self.message, "hint": self.hint}}


class UsageError(TutorError):
    """The command line or a given value was wrong."""

    exit_status = 2


class KnobError(UsageError):
    """A knob that does not exist, or a value outside its range."""


class NotFoundError(UsageError):
    """No such topic, card, demo or file."""


class ElsewhereError(TutorError):
    """Another window has gone on with what was done here; nothing was written here."""


class DeckError(TutorError):
    """A deck file that cannot be read or written."""


class InexpressibleError(DeckError):
    """A card or deck that no Markdown would be read as; nothing was written."""


class EditedError(DeckError):
    """A deck file that another program has changed since it was read; nothing was written."""


class DataError(TutorError):
    """The learner's data cannot be opened or written."""

    exit_status = 3


class UnwritableError(DataError):
    """A folder or file that cannot be created or written, or a disk that is full."""


class DamagedError(DataError):
    """The database or a backup is broken."""


class NewerError(DataError):
    """The database was written by a later version of the tutor."""


class InUseError(DataError):
    """Another running tutor holds the database."""


class ChangedError(InUseError):
    """Another running tutor has written since this one last looked; nothing was written."""
