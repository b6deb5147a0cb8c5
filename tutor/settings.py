"""The learner's settings: one readable TOML file.

Unknown keys are kept, bad values are reported and replaced by their default, so that a slip in
an editor never locks the learner out.
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from tutor.errors import UnwritableError
from tutor.paths import ensure_dir


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


@dataclass(frozen=True, slots=True)
class Limit:
    """A setting's allowed range, its name, its one-line explanation and the step of a key press."""

    low: float
    high: float
    label: str
    about: str
    step: float = 1


LIMITS: dict[str, Limit] = {
    "minutes_a_day": Limit(
        1, 240, "Minutes a day", "How many minutes a day Today plans for.", step=5
    ),
    "desired_retention": Limit(
        0.70,
        0.97,
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


def load(path: Path) -> tuple[Settings, list[str]]:
    """Read the settings and the complaints about them; a missing file means the defaults."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings(), []
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return Settings(), [f"{path}: {error}; the defaults are used."]
    good: dict[str, Any] = {}
    complaints = []
    for field in fields(Settings):
        if field.name in data:
            try:
                good[field.name] = checked(field.name, data[field.name])
            except ValueError as error:
                complaints.append(f"{path}: {error}; the default is used.")
    return Settings(**good), complaints


def checked(name: str, value: object) -> int | float | str:
    """`value` with the right type and in range. Raises ValueError with the range in words."""
    kind = type(getattr(Settings(), name))
    if kind is str:
        if isinstance(value, str):
            return value
        raise ValueError(f"{name} must be a text")
    limit = LIMITS[name]
    try:
        number = kind(value)
    except (TypeError, ValueError):
        number = None
    if number is None or isinstance(value, bool) or not limit.low <= number <= limit.high:
        raise ValueError(f"{name} must be from {limit.low:g} to {limit.high:g}, not {value!r}")
    return number  # type: ignore[no-any-return]


def save(path: Path, settings: Settings) -> None:
    """Write all settings, keeping comments and unknown keys. Raises UnwritableError."""
    import tomlkit

    ensure_dir(path.parent)
    try:
        document = tomlkit.parse(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        document = tomlkit.document()
    for field in fields(Settings):
        if field.name in LIMITS and field.name not in document:
            document.add(tomlkit.comment(LIMITS[field.name].about))
        document[field.name] = getattr(settings, field.name)
    temporary = path.with_suffix(".tmp")
    try:
        temporary.write_text(tomlkit.dumps(document), encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        raise UnwritableError(
            "Settings cannot be written", f"{path}: {error.strerror}.", "Check the folder's rights."
        ) from error


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
