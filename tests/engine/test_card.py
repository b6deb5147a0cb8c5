"""A card trains as the lanes do: checked on Numba's simulator, a process in which it is a card."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from demos.engine.crowd import card
from demos.engine.crowd.dealing import Decks
from tests.engine.test_crowd import settings_of_one_seed, several
from tutor.lab.sweep import engines, plan

ROOT = Path(__file__).parents[2]
SIMULATOR = {**os.environ, "NUMBA_ENABLE_CUDASIM": "1"}


def simulated(*command: str) -> str:
    """What a command prints where the simulator is the card."""
    found = subprocess.run(
        [sys.executable, "-m", *command], env=SIMULATOR, cwd=ROOT, text=True, capture_output=True,
        check=False,
    )  # fmt: skip
    assert found.returncode == 0, found.stdout + found.stderr
    return found.stdout


def test_every_formula_trains_as_on_the_lanes() -> None:
    told = simulated("tools.card", "--check")
    print(told)
    assert len(told.splitlines()) == 9


def test_a_sweep_on_the_card_gives_the_rows_of_the_lanes() -> None:
    words = ("tutor", "sweep", "xor", "--seeds", "3", "--set", "hidden_units=2", "--json")
    lines = {
        engine: [json.loads(line) for line in simulated(*words, "--engine", engine).splitlines()]
        for engine in ("cuda", "threads")
    }
    assert lines["cuda"][-1]["summary"]["engine"] == "cuda"
    for on_card, on_lanes in zip(lines["cuda"][:-1], lines["threads"][:-1], strict=True):
        assert on_card["holds"] == on_lanes["holds"]
        np.testing.assert_allclose(
            list(on_card["measured"].values()), list(on_lanes["measured"].values()), rtol=1e-3,
            atol=1e-4,
        )  # fmt: skip


def test_nobody_takes_the_simulator_by_himself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_ENABLE_CUDASIM", "1")
    assert engines.chosen("auto", plan.make("xor", (), (), 1)) == (
        "threads", "there is only its simulator",
    )  # fmt: skip


def test_what_a_card_does_not_take_is_refused_with_a_reason() -> None:
    for nets, why in (
        (several(2, batch_norm=True), "batch norm"),
        (several(2, dropout=0.5), "dropout"),
        (several(2, sizes=(2, 30, 3)), "183 parameters"),
    ):
        assert why in card.refusal(nets[0])
        with pytest.raises(ValueError, match=why):
            card.OnCard(nets)
    assert card.refusal(several(1)[0]) == ""


@pytest.mark.parametrize("make", [several, settings_of_one_seed])
def test_batches_dealt_beforehand_are_those_of_the_lab(make: type) -> None:
    nets = make(3)
    sources = [net.source for net in nets]
    order = np.stack([s.order for s in sources])
    cursor = np.array([s.cursor[0] for s in sources])
    state = np.array([s.state[0] for s in sources], np.uint64)
    decks = Decks(order, cursor, state)
    assert decks.count == (1 if make is settings_of_one_seed else 3)
    for steps in (4, 9):
        rows = decks.deal(12, steps)
        for i, source in enumerate(sources):
            for step in range(steps):
                start = source.start()
                assert (rows[decks.which[i], step] == source.order[start : start + 12]).all()
    decks.give_back()
    assert (order == np.stack([s.order for s in sources])).all()
    assert state.tolist() == [int(s.state[0]) for s in sources]
