"""What pictures say, without their colours: golden renderings and the rules of the palette."""

from itertools import pairwise

import numpy as np
import pytest
from rich.color import ColorSystem
from rich.style import Style

from demos.views import (
    Arrows,
    Bar,
    Bars,
    Curves,
    Edge,
    Graph,
    Grid,
    Network,
    Node,
    Panel,
    Points,
    Raster,
    Series,
    Table,
    Text,
)
from tutor.luminance import luminance
from tutor.plot import DARK, LIGHT, Palette, paint
from tutor.plot.palette import inks

T = np.arange(100)
TURN = np.arange(9) * np.pi / 4
KERNEL = np.array([[-1.0, 0.0, 1.0], [-2.0, np.nan, 2.0]])

GOLDEN: dict[str, tuple[Panel, int, int, str]] = {
    "curves": (
        Curves(
            "Loss",
            (
                Series("train", np.exp(-T / 20) + 0.02, role="a"),
                Series("validation", np.exp(-T / 15) + 0.1 + (T - 50).clip(0) / 120, role="b"),
            ),
            x_label="epoch",
            y_label="loss",
            marks=((50, "best"),),
        ),
        44,
        10,
        """
Loss
● train  ◆ validation                   loss
  1 ┤⢧⡀                 ┊best
    │ ⢧⡀                ┊
    │  ⠙⢄               ┊
0.5 ┤    ⠱⣄⡀            ┊                  ◆
    │      ⠛⠶⢄⡀         ┊          ⣀ ⠤⠤ ⠒⠉
    │         ⠉⠓⠲⠤⣄⣀⣀   ┊ ⢀⡀⢠⠤ ⠒⠒ ⠉
    │               ⠉⠉⠙⠛⠓⠚⠣⠤⠤⠤⠤⠤⠤⢄⣀⣀⣀⣀⣀⣀⣀⣀⣀●
     0                 50       epoch
""",
    ),
    "bars": (
        Bars("Signed", (Bar("w0", 0.7), Bar("w1", -0.5, "−½"), Bar("w2", float("nan"))), -1, 1),
        30,
        4,
        """
Signed
w0             ███████▌    0.7
w1       ██████             −½
w2                           –
""",
    ),
    "too many bars": (
        Bars("Classes", tuple(Bar(f"class {i}", i / 10) for i in range(9))),
        24,
        4,
        """
Classes
class 0                0
class 1 █▎           0.1
… 7 more
""",
    ),
    "table": (
        Table("Layers", ("layer", "weights"), (("hidden", "12,544"), ("out", "160")),
              frozenset({(0, 1)})),
        20,
        4,
        """
Layers
 layer   weights
 hidden [12,544]
 out     160
""",
    ),
    "grid": (
        Grid("Kernel", KERNEL, 1, -2, 2, True, ("a", "b"), ("x", "y", "z"), (0, 0, 1, 2)),
        24,
        4,
        """
Kernel
      x     y     z
a [−1.0][ 0.0]  1.0
b  −2.0     –   2.0
""",
    ),
    "text": (
        Text("Notes", (("[bold]no markup[/] here", "text"), ("ok", "good"))),
        16,
        4,
        """
Notes
[bold]no
markup[/] here
ok
""",
    ),
    "network": (
        Network("Net", (784, 2, 1), labels=("in", "hidden", "out")),
        30,
        8,
        """
Net
     ●⣤⣀⣀⡀
     ●⢤⡵⠦⢬⠭⠵⠶⢶⣤●⠤⣀⣀⡀
     ⋮ ⠈⢑⣒⠭⣲⣞⡋     ⠈⠉⢑⣒⣒⠤●
     ●⠴⢮⡥⠴⠭⢤⣬⣽⠶●⠤⠒⠒⠊⠉⠁
     ●⠶⠓⠒⠊⠉⠁
    in      hidden      out
    784        2         1
""",
    ),
    "graph": (
        Graph(
            "Sum",
            (
                Node("x", 0, 0, ("[b]2[/]",), "accent", frozenset({0})),
                Node("y", 0, 1, ("0.5",)),
                Node("z", 1, 0, ("z 1.5", "a   ?", "δ   ?"), "accent", frozenset({0})),
                Node("e", 1, 1, ("e   ?", "a   ?", "δ   ?")),
            ),
            (Edge(0, 2, "w1 0.5", "accent"), Edge(1, 2, "w2 1"), Edge(0, 3, "w3 2"), Edge(1, 3)),
        ),
        28,
        12,
        """
Sum
                     ╔ z ══╗
╔ x ════╗   w1 0.5   ▸z 1.5║
▸[b]2[/]║⠶⡶⠶⠶⠶⠶⠶⠶⠶⠶⢶⠶║a   ?║
╚═══════╝ ⠈⠢⡀    ⢀⠔⠁ ║δ   ?║
           w3 2⢀⠔⠁   ╚═════╝
              ⡨⢇
           w2 1 ⠑⢄   ┌ e ──┐
┌ y ────┐ ⡠⠊      ⠑⢄ │e   ?│
│0.5    │⠚⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠓│a   ?│
└───────┘            │δ   ?│
                     └─────┘
""",
    ),
    "points and a path": (
        Raster(
            "Plane", np.zeros((8, 16)), 0, 1, extent=(0, 1, 0, 1),
            points=Points(np.array([[0.0, 0.0], [1.0, 1.0], [9.0, 9.0]]), np.array([0, 1, 2])),
            paths=(("sgd", "a", np.array([[0.0, 1.0], [0.5, 0.5]])),),
        ),
        16,
        5,
        """
Plane      ● sgd
●•••           x
    ●•••
        ●
o
""",
    ),
    "arrows": (
        Raster(
            "Push", np.zeros((4, 9)), extent=(0, 8, 0, 4),
            arrows=Arrows(
                np.array([*((i, 3 * (i < 8)) for i in range(9)), (1, 0), (2, 0)]),
                np.array([*zip(np.cos(TURN), np.sin(TURN), strict=True), (0, 0), (np.nan, 1)]),
            ),
        ),
        9,
        3,
        """
Push
→↗↑↖←↙↓↘
        →
""",
    ),
    "a plane": (
        Curves(
            "Ring",
            (
                Series("", np.sin(T / 99 * 2 * np.pi), np.cos(T / 99 * 2 * np.pi)),
                Series("middle", np.zeros(1), np.zeros(1), dots=True),
            ),
            extent=(-1, 1, -1, 1),
        ),
        16,
        7,
        """
Ring
● middle
    ⣠ ⠊⠉ ⠑⠒⣀
   ⡄⠁      ⠈⢁
   ⠃    ●   ⠸
   ⠳       ⢀⡆
    ⠘⠢ ⣀⣀ ⠴⠂
""",
    ),
}  # fmt: skip


def _text(panel: Panel, width: int, height: int) -> list[str]:
    return [
        "".join(segment.text for segment in row).rstrip()
        for row in paint(panel, width, height, DARK)
    ]


@pytest.mark.parametrize("name", GOLDEN)
def test_golden(name: str) -> None:
    panel, width, height, shown = GOLDEN[name]
    assert _text(panel, width, height) == shown.strip("\n").split("\n")


def test_half_blocks_show_two_values_a_cell() -> None:
    rows = paint(Raster("", np.array([[0.0, 1.0], [1.0, 0.0]])), 2, 2, DARK)
    (left, right) = rows[1]
    assert (left.text, right.text) == ("▀", "▀")
    assert left.style is not None
    assert right.style is not None
    assert (left.style.color, left.style.bgcolor) == (right.style.bgcolor, right.style.color)


def test_a_gap_is_told_from_the_lowest_value() -> None:
    lowest = _text(Raster("", np.zeros((2, 4))), 4, 2)[1]
    assert _text(Raster("", np.full((2, 4), np.nan)), 4, 2)[1] == "····" != lowest


def test_curves_break_where_a_number_is_missing() -> None:
    y = np.array([1.0, 1.0, np.nan, 1.0, 1.0])
    assert _text(Curves("", (Series("", np.ones(5)),)), 12, 2)[1] == "⠤" * 12
    assert _text(Curves("", (Series("", y),)), 12, 2)[1] == "⠤⠤⠤⠄    ⠠⠤⠤⠤"


def test_series_differ_without_colour() -> None:
    y = np.linspace(0, 1, 50)
    shown = {
        "\n".join(
            _text(Curves("", (*[Series("", y - 9)] * i, Series("", y))), 40, 20)
        )
        for i in range(6)
    }  # fmt: skip
    assert len(shown) == 6


def test_both_ramps_rise_in_luminance() -> None:
    for palette in (DARK, LIGHT):
        styles = inks(palette)
        for signed in (False, True):
            ramp = [styles.shade(level, signed) for level in range(24)]
            light = [luminance(shade or "") for shade in ramp]
            assert all(low < high for low, high in pairwise(light))


def test_numbers_on_shades_can_be_read() -> None:
    styles = inks(DARK)
    for signed in (False, True):
        for level in range(24):
            style = styles.over(level, signed)
            assert style.color is not None
            assert style.bgcolor is not None
            pair = sorted(luminance(str(colour.name)) for colour in (style.color, style.bgcolor))
            assert (pair[1] + 0.05) / (pair[0] + 0.05) >= 4.5


def test_a_background_is_painted_everywhere() -> None:
    palette = Palette(background="#101418")
    for panel, width, height, _ in GOLDEN.values():
        for row in paint(panel, width, height, palette):
            assert all(segment.style and segment.style.bgcolor for segment in row)


def test_a_smooth_frame_at_80x24_sends_at_most_eight_kilobytes() -> None:
    y, x = np.mgrid[-1:1:60j, -1:1:60j]
    surface = Raster("Surface", np.tanh(2 * x + np.sin(3 * x * y)), -1, 1, signed=True)
    segments = [segment for row in paint(surface, 80, 24, DARK) for segment in row]
    sent = [
        (segment.style or Style()).render(segment.text, color_system=ColorSystem.TRUECOLOR)
        for segment in segments
    ]
    assert len("".join(sent).encode()) <= 8_000
