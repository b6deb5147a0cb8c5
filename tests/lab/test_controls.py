"""A demo's knobs in the hand, without a screen: which is held, what a turn changes."""

from __future__ import annotations

import pytest

from demos import catalog
from demos.base import Cells
from tutor.errors import KnobError, NotFoundError
from tutor.lab.controls import Controls
from tutor.lab.experiment import Experiment
from tutor.lab.worker import Snapshot


def snapshot_of(controls: Controls) -> Snapshot:
    """What a run of these knobs shows at step 0."""
    frame = Experiment(controls.demo, controls.values).frame()
    return Snapshot(1, "paused", 0, dict(controls.values), frame=frame)


def test_the_knob_of_the_link_is_in_hand() -> None:
    names = [knob.name for knob in catalog.spec("ewma").knobs]
    last = Controls(f"ewma?{names[-1]}={catalog.spec('ewma').defaults()[names[-1]]}")
    assert last.knob.name == names[-1]
    assert Controls("ewma").knob.name == names[0]
    with pytest.raises(NotFoundError):
        Controls("nothing")
    with pytest.raises(KnobError):
        Controls("ewma?nothing=1")


def test_knobs_go_round_and_stay_in_their_range() -> None:
    controls = Controls("ewma")
    snapshot = snapshot_of(controls)
    for knob in controls.spec.knobs:
        assert controls.knob is knob
        seen = [controls.turn(1, snapshot) for _ in range(500)]
        assert seen[0] == {} or set(seen[0]) == {knob.name}
        assert seen[-1] == {} or len({str(each) for each in seen}) < 500
        controls.hold(1)
    assert controls.current == 0


def test_a_number_among_several_is_turned_alone_and_made_anew_with_its_knob() -> None:
    name = next(
        n for n in catalog.names() if any(isinstance(k, Cells) for k in catalog.spec(n).knobs)
    )
    controls = Controls(name)
    several = next(knob for knob in controls.spec.knobs if isinstance(knob, Cells))
    controls.take(several.name)
    assert controls.several
    snapshot = snapshot_of(controls)
    before = controls.rows(several, snapshot)
    controls.next_cell(1, snapshot)
    changes = controls.turn(1, snapshot)
    assert set(changes) == {several.name}
    after = controls.rows(several, snapshot)
    differing = [
        (i, j) for i, row in enumerate(before) for j, n in enumerate(row) if n != after[i][j]
    ]
    assert differing == [divmod(1, len(before))]
    controls.take(several.of[0])
    changes = controls.turn(1, snapshot) or controls.turn(-1, snapshot)
    assert changes[several.name] == several.default and controls.cell == 0
