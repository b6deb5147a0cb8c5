"""The learner's settings: one readable TOML file.

Unknown keys are kept, bad values are reported and replaced by their default, so that a slip in
an editor never locks the learner out.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tutor.errors import UnwritableError
from tutor.paths import ensure_dir
from tutor.shares import LEAST_RETENTION, MOST_RETENTION, deck_retentions, easy_days

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

SIZE_LIMIT = 100_000
# The parser takes the square of the parts of a dotted name: a line of 50,000 takes a minute.
_MOST_DOTS = 300
"""Bytes of a settings file that is read."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the learner can choose; the attribute texts below are the manual (`LIMITS`)."""

    minutes_a_day: int = 20
    desired_retention: float = 0.9
    new_topics_a_day: int = 3
    new_cards_a_day: int = 20
    reviews_a_day: int = 200
    rollover_hour: int = 4
    theme: str = "tutor-dark"
    formulas: str = "signs"
    glyphs: str = "auto"
    enter_rates: str = "good"
    pretest: str = "off"
    refits: str = "on"
    spare_minutes: str = "tell"
    easy_days: str = ""
    deck_retention: str = ""


class Limit(NamedTuple):
    """A setting's allowed range, its name, its one-line explanation and the step of a key press."""

    low: float
    high: float
    label: str
    about: str
    step: float = 1


class Choice(NamedTuple):
    """A setting that is one of a few words: those, its name and its one-line explanation."""

    words: tuple[str, ...]
    label: str
    about: str


class Text(NamedTuple):
    """A setting that is written: what reads it (ValueError says what is wrong), some to choose."""

    read: Callable[[str], object]
    words: tuple[str, ...]
    label: str
    about: str


TEXTS: dict[str, Text] = {
    "easy_days": Text(
        easy_days,
        ("", "sun 0", "sun 50", "sat 50, sun 50", "sat 0, sun 0"),
        "Easy days",
        "Weekdays with less to review, each with its share in per cent, where another day will do.",
    ),
    "deck_retention": Text(
        deck_retentions,
        ("",),
        "Decks' retention",
        'Another desired retention for single decks, as in "llm 95, maths 85".',
    ),
}

CHOICES: dict[str, Choice] = {
    "formulas": Choice(
        ("signs", "words"),
        "Plain formulas",
        "How study --plain and its like write formulas; words are for ears and braille.",
    ),
    "glyphs": Choice(
        ("auto", "full", "no accents", "plain"),
        "Signs",
        "For formulas and curves; auto goes by the terminal's name, doctor --terminal tries.",
    ),
    "enter_rates": Choice(
        ("good", "nothing"),
        "Enter rates",
        "In Study enter after the answer is Good, or the best that a hint leaves; or a digit must.",
    ),
    "spare_minutes": Choice(
        ("tell", "reviews", "new cards", "exam", "demo", "nothing"),
        "Minutes left",
        "What Today offers when nothing waits and minutes of the day are left.",
    ),
    "refits": Choice(
        ("on", "off"),
        "Fit by itself",
        "From 1,000 answers on the memory model is fitted to them, if that foretells better.",
    ),
    "pretest": Choice(
        ("off", "on"),
        "Before a lesson",
        "Two questions to guess at, which are not scheduled: the lesson then stays better.",
    ),
}

LIMITS: dict[str, Limit] = {
    "minutes_a_day": Limit(
        1, 240, "Minutes a day", "How many minutes a day Today plans for.", step=5
    ),
    "desired_retention": Limit(
        LEAST_RETENTION,
        MOST_RETENTION,
        "Desired retention",
        "The chance to know a card when it is due; higher means more reviews.",
        step=0.01,
    ),
    "new_topics_a_day": Limit(
        0, 50, "New topics a day", "How many topics may be opened in one day."
    ),
    "new_cards_a_day": Limit(
        0, 1000, "New cards a day", "How many new cards may be shown in one day.", step=5
    ),
    "reviews_a_day": Limit(
        0,
        10000,
        "Reviews a day",
        "How many reviews a day; new cards do not count.",
        step=25,
    ),
    "rollover_hour": Limit(0, 23, "A day begins at", "The local hour at which a study day begins."),
}


def explained(name: str) -> Limit | Choice | Text | None:
    """A setting's name and explanation; the theme has none."""
    return LIMITS.get(name) or CHOICES.get(name) or TEXTS.get(name)


def load(path: Path) -> tuple[Settings, list[str]]:
    """Read the settings and the complaints about them; a missing file means the defaults."""
    try:
        data = _parsed(_text(path))
    except FileNotFoundError:
        return Settings(), []
    except _UNREADABLE as error:
        return Settings(), [f"{path}: {_reason(error)}; the defaults are used."]
    good: dict[str, Any] = {}
    complaints = []
    if not isinstance(data.get("keys", {}), dict):
        complaints.append(f"{path}: keys must be a table, [keys]; the usual keys are used.")
    for field in fields(Settings):
        if field.name in data:
            try:
                good[field.name] = checked(field.name, data[field.name])
            except ValueError as error:
                complaints.append(f"{path}: {error}; the default is used.")
    return Settings(**good), complaints


def _parsed(text: str) -> dict[str, Any]:
    if max(line.count(".") for line in text.split("\n")) > _MOST_DOTS:
        raise ValueError(f"A line has more than {_MOST_DOTS} dots")
    # Start-up: most learners have no such file.
    import tomllib

    return tomllib.loads(text)


def own_keys(path: Path) -> dict[str, object]:
    """The `[keys]` table of the file; empty where there is none, or nothing can be read."""
    try:
        table = _parsed(_text(path)).get("keys")
    except _UNREADABLE:
        return {}  # `load` tells of it
    return table if isinstance(table, dict) else {}


# A pipe, a folder, no UTF-8, no TOML, a number of thousands of digits, brackets without end.
_UNREADABLE = (OSError, ValueError, ArithmeticError, RecursionError, MemoryError)


def _text(path: Path) -> str:
    """The text of the settings file. Raises OSError, also for what is no file or far too large."""
    if path.exists() and not path.is_file():
        raise OSError(0, "This is no regular file", str(path))
    with path.open("rb") as file:
        data = file.read(SIZE_LIMIT + 1)
    if len(data) > SIZE_LIMIT:
        raise OSError(0, f"The file has more than {SIZE_LIMIT:,} bytes", str(path))
    return data.decode("utf-8-sig")


def _reason(error: BaseException) -> str:
    if isinstance(error, OSError):
        return error.strerror or str(error)
    if isinstance(error, RecursionError | MemoryError):
        return "Brackets are nested too deeply"
    if isinstance(error, UnicodeDecodeError):
        return f"This is no UTF-8 text (at byte {error.start})"
    return _short(str(error))


def _short(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:117]}..."


def checked(name: str, value: object) -> int | float | str:
    """`value` with the right type and in range. Raises ValueError with the range in words."""
    kind = type(getattr(Settings(), name))
    if kind is str:
        return _word(name, value)
    limit = LIMITS[name]
    try:
        number = kind(value)
        fits = not isinstance(value, bool) and limit.low <= number <= limit.high
    except (TypeError, ValueError, ArithmeticError):
        fits = False
    if not fits:
        allowed = f"from {limit.low:g} to {limit.high:g}"
        raise ValueError(f"{name} must be {allowed}, not {_written(value)}")
    return number  # type: ignore[no-any-return]


def _word(name: str, value: object) -> str:
    if name in CHOICES and value not in CHOICES[name].words:
        allowed = " or ".join(CHOICES[name].words)
        raise ValueError(f"{name} must be {allowed}, not {_written(value)}")
    if isinstance(value, str):
        if name in TEXTS:
            _read(name, value)
        return value
    raise ValueError(f"{name} must be a text")


def _read(name: str, value: str) -> None:
    try:
        TEXTS[name].read(value)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def _written(value: object) -> str:
    try:
        return _short(repr(value))
    except (ValueError, RecursionError):
        return "that"  # a number of thousands of digits, brackets without end


def save(path: Path, settings: Settings) -> str:
    """Write all settings, keeping comments and unknown keys. Raises UnwritableError.

    A file that cannot be read is kept beside it as `settings.toml.broken`; returns what to tell
    of that, else nothing.
    """
    import tomlkit

    ensure_dir(path.parent)
    path = path.resolve()  # a link stays a link
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        document, broken = _document(path)
        for field in fields(Settings):
            about = explained(field.name)
            if about and field.name not in document:
                document.add(tomlkit.comment(about.about))
            document[field.name] = getattr(settings, field.name)
        temporary.write_text(tomlkit.dumps(document), encoding="utf-8")
        temporary.replace(path)
        return f"The file could not be read: what it held is in {broken}." if broken else ""
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise UnwritableError(
            "Settings cannot be written", f"{path}: {error.strerror}.", "Check the folder's rights."
        ) from error


def _document(path: Path) -> tuple[TOMLDocument, Path | None]:
    """What stands in the file, to be changed, and where an unreadable file was put aside.

    Raises OSError when that cannot be done: nothing is ever overwritten unread.
    """
    import tomlkit

    try:
        text = _text(path)
        _parsed(text)  # tomlkit takes what it cannot read for something else at times
        return tomlkit.parse(text), None
    except FileNotFoundError:
        return tomlkit.document(), None
    except (*_UNREADABLE, LookupError):  # tomlkit's own for two tables of one name
        broken = _free_name(path)
        path.rename(broken)
        return tomlkit.document(), broken


def _free_name(path: Path) -> Path:
    """`settings.toml.broken`, or the first of `...broken-2`, ... that is free."""
    free, number = path.with_name(f"{path.name}.broken"), 1
    while os.path.lexists(free):
        number += 1
        free = path.with_name(f"{path.name}.broken-{number}")
    return free


def changed(settings: Settings, name: str, value: object) -> Settings:
    """A copy with one setting changed. Raises ValueError when it is out of range."""
    return replace(settings, **{name: checked(name, value)})  # type: ignore[arg-type]


def stepped(settings: Settings, name: str, steps: int) -> Settings:
    """A copy with one number moved by so many steps, onto a multiple of the step, in range."""
    limit, value = LIMITS[name], getattr(settings, name)
    # Rounding away what floats add: 0.9 / 0.01 is 90.00000000000001.
    position = round(value / limit.step, 6)
    whole = math.floor(position) if steps > 0 else math.ceil(position)
    moved = round((whole + steps) * limit.step, 6)
    return changed(settings, name, type(value)(min(limit.high, max(limit.low, moved))))
