"""One half of a circle."""

from tests.circle import there

__all__ = ["there"]
