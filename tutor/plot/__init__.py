"""Painters: arrays to rows of styled cells."""

from tutor.plot.painter import paint, painted
from tutor.plot.palette import DARK, LIGHT, Palette

__all__ = ["DARK", "LIGHT", "Palette", "paint", "painted"]
