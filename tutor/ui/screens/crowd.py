"""The crowd page: was it luck? Other seeds of this run, and a map over two knobs, while they train.

It asks first; the answer is what a hundred other seeds say.
"""

from __future__ import annotations

import math
from statistics import median
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from demos.base import Value
from tutor.lab import link
from tutor.lab.crowding import OTHERS, Crowding
from tutor.lab.knobs import shown_value
from tutor.memory.stats import wilson
from tutor.plot import crowd as paint
from tutor.ui.keys import bind, digits
from tutor.ui.screens.page import Page
from tutor.ui.start import Start
from tutor.ui.widgets.clicks import for_key
from tutor.ui.widgets.demo_view import DemoView
from tutor.ui.widgets.too_small import ROOMY

QUESTION = f"Of {OTHERS} other seeds, how many pass?"
OPTIONS = (("0 to 9", 10), ("10 to 49", 50), ("50 to 89", 90), ("90 to 99", 100), ("all", 101))
VIEWS = ("distribution", "map", "table")
FRAMES = 10
Scaled = tuple[list[list[float | None]], float, float]
# Rows and columns of the map, and the size of its cells, on a small and on a large terminal.
SMALL, LARGE = ((9, 24), (2, 1)), ((13, 30), (3, 2))


class CrowdScreen(Page):
    """What a crowd of other runs does: one view at a time, `tab` turns to the next."""

    asks, smallest = True, ROOMY
    CSS_PATH = "crowd.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *digits("digit", "choose", count=len(OPTIONS)),
        Binding("space", "skip", "go on", key_display="space", id="go",
                tooltip="Go on without a guess."),
        Binding("tab", "view", "view", key_display="tab", id="field", tooltip="Show it otherwise."),
        bind("on", "open", "open"),
        bind("next-knob", "axis(1)", "axis"),
        bind("last-knob", "axis(-1)", show=False),
        Binding("up", "move(1,0)", "cell", key_display="↑↓←→", id="next-cell", tooltip="A cell."),
        Binding("down", "move(-1,0)", "cell", show=False),
        Binding("left", "move(0,-1)", "cell", show=False),
        Binding("right", "move(0,1)", "cell", show=False),
        bind("seeds", "seeds"),
        bind("keep", "keep"),
        bind("back"),
    ]  # fmt: skip

    def __init__(self, view: DemoView) -> None:
        super().__init__()
        self.demo, self.spec = view.demo_name, view.spec
        self._knobs, self._seed, self._held = (
            dict(view.controls.values), view.snapshot.seed, view.controls.knob,
        )  # fmt: skip
        self.guess: int | None = None
        self.asking = True
        self.shown = VIEWS[0]
        self.cell = (0, 0)
        self._version = -1
        self.crowd: Crowding | None = None

    def body(self) -> ComposeResult:
        """One view, in rows of characters."""
        yield Static(id="crowd", markup=False)

    def on_mount(self) -> None:
        """Begin at once; what is found stays hidden until it was guessed or left."""
        shape, _ = LARGE if self._roomy else SMALL
        self.crowd = Crowding(self.spec, self._knobs, self._seed, shape, self._held)
        self.cell = self.crowd.here()
        self.crowd.start()
        self.set_interval(1 / FRAMES, self.look)
        self.look()

    def on_unmount(self) -> None:
        """Let the thread end."""
        if self.crowd:
            self.crowd.stop()

    def on_resize(self) -> None:
        """Lay it out anew."""
        super().on_resize()
        self._version = -1

    @property
    def _roomy(self) -> bool:
        return self.app.size.width >= 120 and self.app.size.height >= 38

    # -- what is shown --------------------------------------------------------------------------

    def look(self) -> None:
        """Show what there is if it is new, ten times a second at most."""
        crowd = self.crowd
        if crowd is None or crowd.version == self._version:
            return
        self._version = crowd.version
        pace = f"{crowd.runs:,} runs" + (f" · {crowd.seconds:.1f} s" if crowd.seconds else "")
        self.head(f"Crowd: {self.spec.title}", f"{pace} · {'training' if crowd.busy else 'done'}")
        lines = self._asked() if self.asking else [Content("\n".join(self._lines(crowd)))]
        if crowd.error:
            lines += [Content("\nIt stopped:"), Content(crowd.error.strip().splitlines()[-1])]
        self.query_one("#crowd", Static).update(Content("\n").join(lines))

    def _asked(self) -> list[Content]:
        options = [for_key(f"  {i}  {said[0]}", f"{i}") for i, said in enumerate(OPTIONS, 1)]
        told = Content("They pass where all verdicts of the demo hold. ")
        skip = for_key("Space goes on without a guess.", "space")
        return [Content(f"Was it luck?\n\n{QUESTION}\n"), *options, Content(""), told + skip]

    def _lines(self, crowd: Crowding) -> list[str]:
        if self.shown == "distribution" or crowd.axes is None:
            return self._distribution(crowd)
        return self._map(crowd) if self.shown == "map" else self._table(crowd)

    def _verdict(self, crowd: Crowding) -> list[str]:
        """This run in words beside the others."""
        passed, count = sum(row.holds for row in crowd.others), len(crowd.others)
        if not count or crowd.own is None:
            return [f"Training {OTHERS} other seeds; at the first time kernels are compiled, too."]
        low, high = wilson(passed, count)
        word = "holds" if crowd.own.holds else "does not hold"
        also = "so do" if crowd.own.holds else "it does on"
        line = f"This run's verdict {word}; {also} {passed} of {count} other seeds"
        lines = [f"{line} ({low:.0%} to {high:.0%} in the long run)."]
        if self.guess is not None and count >= OTHERS:
            right = passed < OPTIONS[self.guess][1] and (
                self.guess == 0 or passed >= OPTIONS[self.guess - 1][1]
            )
            lines.append(f"You said {OPTIONS[self.guess][0]}: {'right' if right else 'no'}.")
        return lines

    def _distribution(self, crowd: Crowding) -> list[str]:
        values = crowd.numbers(crowd.others)
        mark = crowd.numbers([crowd.own])[0] if crowd.own else None
        width = max(20, self.query_one("#body").size.width - 4)
        lines = [*self._verdict(crowd), ""]
        if not values:
            return lines
        finite = [value for value in values if math.isfinite(value)]
        if set(finite) <= {0.0, 1.0}:
            yes = sum(finite)
            for word, share in (("1", yes), ("0", len(finite) - yes)):
                bar = paint.BAR * round(share / max(1, len(finite)) * (width - 32))
                here = f" {paint.MARK} this run" if mark == float(word) else ""
                lines.append(f"{crowd.metric} {word} {bar} {share:.0f}{here}")
            return lines
        height = max(4, min(14, self.app.size.height - 16))
        lines += paint.distribution_rows(values, mark, width, height)
        own = f", {paint.MARK} this run {mark:.4g}" if mark is not None else ""
        return [*lines, f"{crowd.metric}: median of {len(finite)} {median(finite):.4g}{own}"]

    def _shares(self, crowd: Crowding) -> Scaled:
        """Each cell's number on a scale from 0 to 1, and the scale's ends."""
        assert crowd.axes is not None
        places = [
            [(r, c) for c in range(len(crowd.axes.columns))] for r in range(len(crowd.axes.rows))
        ]
        told = {
            place: cell.mean if crowd.is_share else cell.median
            for row in places
            for place in row
            if (cell := crowd.told(place)) is not None
        }
        finite = [value for value in told.values() if math.isfinite(value)]
        low, high = (0.0, 1.0) if crowd.is_share or not finite else (min(finite), max(finite))
        span = high - low or 1.0

        def scaled(place: tuple[int, int]) -> float | None:
            return (told[place] - low) / span if place in told else None

        return [[scaled(place) for place in row] for row in places], low, high

    def _map(self, crowd: Crowding) -> list[str]:
        assert crowd.axes is not None
        shares, low, high = self._shares(crowd)
        share = crowd.is_share
        _, (wide, tall) = LARGE if self._roomy else SMALL
        labels, columns = map(_labels, (crowd.axes.rows, crowd.axes.columns))
        what = "share of seeds with" if share else "median of"
        what = what if crowd.cells else "nothing yet of"
        head = (
            f"{crowd.axes.down.name} (up), {crowd.axes.across.name} (right): {what} {crowd.metric}"
        )
        ends = "0 to 100 %" if share else f"{low:.4g} to {high:.4g}"
        rows = paint.map_rows(shares, labels, columns, self.cell, wide, tall)
        legend = f"{paint.RAMP[1:]}  {ends}   · not yet"
        return [head, "", *rows, "", legend, *self._of_cell(crowd)]

    def _of_cell(self, crowd: Crowding) -> list[str]:
        """The cell in hand with its interval, and what enter opens."""
        assert crowd.axes is not None
        settings = crowd.settings(self.cell)
        names = crowd.axes.down.name, crowd.axes.across.name
        where = ", ".join(f"{name} {shown_value(settings[name])}" for name in names)
        cell = crowd.told(self.cell)
        if cell is None:
            return [f"{where}: not yet"]
        if crowd.is_share:
            told = f"{cell.mean:.0%} ({cell.low:.0%} to {cell.high:.0%})"
        else:
            mean = f"{cell.mean:.4g} ({cell.low:.4g} to {cell.high:.4g})"
            told = f"median {cell.median:.4g}, mean {mean}"
        return [f"{where}: {told} of {_seeds(cell.runs)}", f"enter opens seed {cell.median_seed}"]

    def _table(self, crowd: Crowding) -> list[str]:
        """The map in words: the row of the cell in hand, a line a cell; up and down turn rows."""
        assert crowd.axes is not None
        row, axes = self.cell[0], crowd.axes
        lines = [f"{axes.down.name} {shown_value(axes.rows[row])}, {crowd.metric}:", ""]
        room = max(3, self.app.size.height - 10)
        first = max(0, min(self.cell[1] - room // 2, len(axes.columns) - room))
        for c in range(first, min(first + room, len(axes.columns))):
            cell, here = crowd.told((row, c)), "> " if c == self.cell[1] else "  "
            told = "not yet"
            if cell is not None:
                interval = f"{cell.low:.4g} to {cell.high:.4g}"
                told = f"mean {cell.mean:.4g}, {interval}, {_seeds(cell.runs)}"
            lines.append(f"{here}{axes.across.name} {shown_value(axes.columns[c])}: {told}")
        return lines

    # -- keys -----------------------------------------------------------------------------------

    def allows(self, action: str) -> bool:
        """A question first; then what the view can do."""
        mapped = self.crowd is not None and self.crowd.axes is not None
        on_map = mapped and self.shown != "distribution"
        acts = {
            "choose": self.asking, "skip": self.asking, "view": not self.asking and mapped,
            "axis": not self.asking and on_map, "move": not self.asking and on_map,
            "open": not self.asking and on_map, "seeds": not self.asking and on_map,
            "keep": not self.asking,
        }  # fmt: skip
        return acts.get(action, super().allows(action))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Of the digits those of the options."""
        if action == "choose" and parameters[0] not in range(1, len(OPTIONS) + 1):
            return False
        return super().check_action(action, parameters)

    def action_choose(self, digit: int) -> None:
        """Guess."""
        self.guess = digit - 1
        self.action_skip()

    def action_skip(self) -> None:
        """Show what there is."""
        self.asking = self.asks = False
        self._anew()

    def action_view(self) -> None:
        """Distribution, map, table."""
        self.shown = VIEWS[(VIEWS.index(self.shown) + 1) % len(VIEWS)]
        self._anew()

    def action_axis(self, direction: int) -> None:
        """Another second knob."""
        assert self.crowd is not None
        self.crowd.turn(direction)
        self.cell = self.crowd.here()
        self._anew()

    def action_move(self, down: int, across: int) -> None:
        """Take another cell in hand; in the table rows go the other way."""
        assert self.crowd is not None
        assert self.crowd.axes is not None
        rows, columns = len(self.crowd.axes.rows), len(self.crowd.axes.columns)
        if self.shown == "table":
            down, across = across, -down
        self.cell = (
            min(rows - 1, max(0, self.cell[0] + down)),
            min(columns - 1, max(0, self.cell[1] + across)),
        )
        self._anew()

    def action_seeds(self) -> None:
        """Twice as many seeds a cell."""
        assert self.crowd is not None
        self.crowd.more()
        self.say(f"Up to {self.crowd.seeds} seeds a cell.")

    def action_open(self) -> None:
        """The run of this cell that stands in the middle, live."""
        assert self.crowd is not None
        cell = self.crowd.told(self.cell)
        if cell is None:
            self.say("This cell has no run yet.")
            return
        settings = self.crowd.settings(self.cell)
        self.host.go(Start("lab", term=link.to(self.spec, settings), seed=cell.median_seed))

    def action_keep(self) -> None:
        """Keep all rows in a file of the learner's own folder."""
        from tutor.lab.sweep import rows

        assert self.crowd is not None
        cells = list(self.crowd.cells.values())  # while its thread adds to them
        own = [self.crowd.own] if self.crowd.own else []
        found = [*own, *self.crowd.others, *(row for some in cells for row in some)]
        if not found:
            self.say("There are no rows yet.")
            return
        folder = self.host.place.data / "sweeps"
        path = rows.new_file(folder, self.demo)
        rows.write(path, found)
        self.say(f"{len(found):,} rows are in {path}")

    def _anew(self) -> None:
        assert self.crowd is not None
        self.crowd.look_at(self.shown != VIEWS[0], self.cell)
        self._version = -1
        self.refresh_bindings()
        self.look()


def _seeds(count: int) -> str:
    return "1 seed" if count == 1 else f"{count} seeds"


def _labels(values: tuple[Value, ...]) -> list[str]:
    return [f"{value:.2g}" if isinstance(value, float) else shown_value(value) for value in values]
