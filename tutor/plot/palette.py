"""The colours of pictures, and the styles made of them once.

Both ramps rise in luminance from end to end, so that they read without colour too.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rich.style import Style

from demos.views import Role
from tutor.luminance import luminance, triplet

LEVELS = 24
"""Steps of a ramp: few, so that neighbouring cells share a style and a frame stays small."""

FRAME = LEVELS
"""The level of a frame's accent, beyond the ramp."""

STEPS = 5
"""The shades of a calendar's days: the first for none, the last the accent itself."""

_SERIES: tuple[Role, ...] = ("a", "b", "c", "d", "e", "f")


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours as `#rrggbb`: five roles, six series, and the stops of two ramps.

    background: painted under everything; None leaves the terminal's own.
    halves: whether the terminal has half blocks. colours: whether it may be written in colour.
    sequential: from the lowest value to the highest; diverging: from minus to plus.
    """

    text: str = "#e0e0e0"
    quiet: str = "#808890"
    accent: str = "#5fb3ff"
    good: str = "#7ecf7e"
    bad: str = "#ff8a80"
    background: str | None = None
    halves: bool = True
    colours: bool = True
    series: tuple[str, ...] = ("#5fb3ff", "#ffb454", "#7ecf7e", "#d2a6ff", "#ff8a80", "#66d9cf")
    sequential: tuple[str, ...] = ("#10141c", "#1f3a63", "#2f7f93", "#8fcf8a", "#fdf6c3")
    diverging: tuple[str, ...] = ("#16315f", "#3f68a6", "#808488", "#d8a05c", "#ffe6bd")

    def colour(self, role: Role) -> str:
        """The colour of a role or of a series."""
        if role in _SERIES:
            return self.series[_SERIES.index(role) % len(self.series)]
        return str(getattr(self, role))


DARK = Palette()
LIGHT = Palette(
    text="#202428",
    quiet="#6a7178",
    accent="#0b62b0",
    good="#1f7a2e",
    bad="#b3261e",
    series=("#0b62b0", "#a85800", "#1f7a2e", "#7a3fb0", "#b3261e", "#00736b"),
)


class Inks:
    """The styles of one palette, each made once: making one a cell is eight times too slow."""

    def __init__(self, palette: Palette) -> None:
        self.palette = palette
        self.blank = Style.parse(f"on {palette.background}") if palette.background else Style()
        self._made: dict[tuple[str | None, str | None, bool], Style] = {}
        self._over: dict[tuple[int, bool, bool], Style] = {}
        self._ramps = {
            signed: dict(enumerate(_ramp(stops))) | {FRAME: palette.accent}
            for signed, stops in ((False, palette.sequential), (True, palette.diverging))
        }

    def ink(self, colour: str | None, on: str | None = None, bold: bool = False) -> Style:
        """The style of `colour` on a background, which is the palette's if none is given."""
        key = (colour, on or self.palette.background, bold)
        style = self._made.get(key)
        if style is None:
            style = self._made[key] = Style(color=key[0], bgcolor=key[1], bold=bold or None)
        return style

    def role(self, role: Role, bold: bool = False) -> Style:
        """The style of a role or a series."""
        return self.ink(self.palette.colour(role), bold=bold)

    def shade(self, level: int, signed: bool) -> str | None:
        """The colour of a level of a ramp; a negative level has none."""
        return self._ramps[signed].get(level)

    def step(self, place: int) -> str | None:
        """The shade of a day, 0 for none to `STEPS` - 1; none at all below 0."""
        if place < 0:
            return None
        page = self.palette.background or ("#000000" if self._on_dark else "#ffffff")
        part = 0.12 if place == 0 else 0.22 + 0.78 * place / (STEPS - 1)
        return _mixed(page, self.palette.quiet if place == 0 else self.palette.accent, part)

    @property
    def _on_dark(self) -> bool:
        return luminance(self.palette.text) > 0.18

    def pair(self, upper: int, lower: int, signed: bool) -> Style:
        """The style of a cell that shows two levels, one over the other."""
        return self.ink(self.shade(upper, signed), self.shade(lower, signed))

    def over(self, level: int, signed: bool, bold: bool = True) -> Style:
        """The style of a sign or number that stands on a level: dark on light, light on dark."""
        key = level, signed, bold
        if key not in self._over:
            shade = self.shade(level, signed)
            ink = "#000000" if shade and luminance(shade) > 0.18 else "#ffffff"
            self._over[key] = self.ink(ink, shade, bold) if shade else self.role("text", bold)
        return self._over[key]


@lru_cache(maxsize=8)
def inks(palette: Palette) -> Inks:
    """The styles of `palette`, made at the first call."""
    return Inks(palette)


def _ramp(stops: tuple[str, ...]) -> list[str]:
    """`LEVELS` colours evenly spaced along the stops."""
    colours = [triplet(stop) for stop in stops]
    ramp = []
    for level in range(LEVELS):
        place = level / (LEVELS - 1) * (len(colours) - 1)
        i = min(int(place), len(colours) - 2)
        ramp.append(_between(colours[i], colours[i + 1], place - i))
    return ramp


def _mixed(start: str, end: str, part: float) -> str:
    return _between(triplet(start), triplet(end), part)


def _between(start: tuple[int, int, int], end: tuple[int, int, int], part: float) -> str:
    """The colour at `part` (0 to 1) of the way from one to another."""
    mixed = [round(a + (b - a) * part) for a, b in zip(start, end, strict=True)]
    return "#{:02x}{:02x}{:02x}".format(*mixed)
