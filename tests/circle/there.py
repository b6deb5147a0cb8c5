"""The other half of a circle."""

from tests.circle import here

__all__ = ["here"]
