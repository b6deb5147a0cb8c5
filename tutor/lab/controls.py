"""A demo's knobs in the learner's hand: their values, which is held, and which of its cells.

Knows no screen: a page shows what stands here, and sends to the run what a turn changes.
"""

from __future__ import annotations

from demos.base import Cells, Knob, Line, Rows, Spec, Value
from demos.views import Frame
from tutor.lab import cells, knobs, link
from tutor.lab.worker import Snapshot


class Controls:
    """The knobs of one demo.

    values: of all knobs, as they are set; a run may still be on its way to them. current: the
    place of the knob in hand. cell: the place of the number in hand, in a knob of several.
    """

    def __init__(self, text: str) -> None:
        """text: a link to a demo; the knob that it sets first is the one in hand.

        Raises NotFoundError or KnobError for a link that leads nowhere.
        """
        self.demo, self.values = link.parse(text)
        self.spec: Spec = link.find(self.demo)
        self.current = 0
        self.cell = 0
        self.take(text.partition("?")[2].partition("=")[0])

    @property
    def knob(self) -> Knob:
        """The knob in hand."""
        return self.spec.knobs[self.current]

    @property
    def several(self) -> bool:
        """Whether the knob in hand holds several numbers."""
        return isinstance(self.knob, Cells)

    @property
    def typed(self) -> bool:
        """Whether the knob in hand is a line that the learner types."""
        return isinstance(self.knob, Line)

    def type(self, text: str) -> dict[str, Value]:
        """Set the knob in hand to a typed line. Returns what has changed. Raises KnobError."""
        value = knobs.checked(self.knob, text)
        if value == self.values[self.knob.name]:
            return {}
        self.values[self.knob.name] = value
        return {self.knob.name: value}

    def hold(self, direction: int) -> None:
        """Take the next knob (+1) in hand, or the one before (-1)."""
        self.current = (self.current + direction) % len(self.spec.knobs)

    def take(self, name: str) -> None:
        """Take the knob of that name in hand, if there is one."""
        for place, knob in enumerate(self.spec.knobs):
            if knob.name == name:
                self.current = place

    def next_cell(self, direction: int, snapshot: Snapshot) -> None:
        """Take the next number (+1) of the knob in hand, or the one before (-1)."""
        if isinstance(self.knob, Cells):
            self.cell = cells.moved(self.rows(self.knob, snapshot), self.cell, direction)

    def turn(self, direction: int, snapshot: Snapshot) -> dict[str, Value]:
        """Turn the knob in hand, or the number of its cell in hand, a step up or down.

        Returns what has changed: nothing at the end of a range; with a knob, the numbers that
        are made anew when it is turned.
        """
        knob = self.knob
        value = knobs.turned(knob, self.values[knob.name], direction)
        if isinstance(knob, Cells) and (rows := self.rows(knob, snapshot)):
            value = cells.changed(knob, rows, self.cell, direction)
        if value == self.values[knob.name]:
            return {}
        changes: dict[str, Value] = {}
        for other in self.spec.knobs:
            if isinstance(other, Cells) and knob.name in other.of:
                changes[other.name] = other.default
                self.cell = 0
        changes[knob.name] = value
        self.values |= changes
        return changes

    def rows(self, knob: Cells, snapshot: Snapshot) -> Rows:
        """The numbers of a knob; none while those of other knobs are still being made."""
        made = all(snapshot.knobs[name] == self.values[name] for name in knob.of)
        grid = cells.grid_of(snapshot.frame, knob) if made else None
        return cells.rows_of(str(self.values[knob.name]), grid)

    def worded(self, snapshot: Snapshot) -> dict[str, Value]:
        """The values, those of several numbers in words."""
        worded = dict(self.values)
        for knob in self.spec.knobs:
            if isinstance(knob, Cells):
                in_hand = self.cell if knob is self.knob else None
                rows = self.rows(knob, snapshot)
                worded[knob.name] = cells.words(str(worded[knob.name]), rows, in_hand)
        return worded

    def marked(self, frame: Frame, wide: bool) -> Frame:
        """`frame` with the number in hand marked."""
        if isinstance(self.knob, Cells):
            return cells.marked(frame, self.knob, self.cell, wide)
        return frame
