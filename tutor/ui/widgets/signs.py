"""The two marks of the program: right and wrong look the same on every page."""

from __future__ import annotations

RIGHT, WRONG = "✓", "✗"


def sign_of(right: bool) -> tuple[str, str]:
    """The mark with its colour."""
    return (RIGHT, "$good") if right else (WRONG, "$bad")
