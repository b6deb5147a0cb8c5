"""A demo's crowd gives the numbers that its runs give one by one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from demos import catalog, sweep
from demos.base import Value

Cells = list[dict[str, Value]]
# Settings of each demo that are swept together: several shapes, rates and starts.
SETTINGS: dict[str, Cells] = {
    "xor": [{}, {"hidden_units": 3}, {"init_scale": 0.2, "learning_rate": 0.5}],
    "boundary": [{"learning_rate": 0.02}, {"units": 5, "data": "moons", "features": "all"}],
    "overfit": [{"patience": 300}, {"l2": 0.01, "hidden_units": 8}],
    "batch-norm": [{"batch_size": 16}, {"activation": "relu", "init": "he"}],
    "l1-l2": [{}, {"strength": 0.5}, {"penalty": "both", "method": "subgradient"}],
    "scaling": [{"training_steps": 400}],
    "transfer": [{"labels_per_arm": 2}, {"source": "circles", "mode": "scratch"}],
    "descent": [{}, {"learning_rate": 1.05}, {"learning_rate": 1.2, "scaling": "standard"}],
    "optimizers": [{}, {"surface": "saddle", "beta": 0.5}, {"surface": "rosenbrock"},
                   {"angle": 45, "learning_rate": 0.5}, {"learning_rate": 2.0}, {"noise": 1.0}],
    "perceptron": [{}, {"margin": 0.03}, {"gate": "XOR"}, {"order": "shuffled"}, {"gate": "AND"}],
    "dropout": [{"digits": 100, "drop_rate": 0.3}],
    "gradient-flow": [{}, {"activation": "relu", "init": "he", "depth": 3}, {"residual": True,
                      "depth": 2}],
}  # fmt: skip


@pytest.mark.parametrize("demo", SETTINGS)
def test_a_crowd_gives_the_numbers_of_the_runs_alone(demo: str) -> None:
    defaults = catalog.spec(demo).defaults()
    members = [({**defaults, **cell}, seed) for cell in SETTINGS[demo] for seed in (1, 2)]
    together = sweep.measure(demo, members, threads=2)
    alone = sweep.measure(demo, members, together=False)
    for one, other in zip(together, alone, strict=True):
        assert (one.knobs, one.seed, one.finite) == (other.knobs, other.seed, other.finite)
        assert one.holds == other.holds
        assert list(one.measured) == list(other.measured)
        np.testing.assert_allclose(
            list(one.measured.values()), list(other.measured.values()), rtol=0.02, atol=2e-3
        )


def test_every_file_of_crowds_is_a_demos() -> None:
    files = {file.name for file in Path(sweep.CROWDS).glob("*.py")} - {"__init__.py", "herd.py"}
    # Pairs of networks that play against each other are tested in tests/engine/test_duel.py.
    assert files == {catalog.source(demo).name for demo in (*SETTINGS, "gan")}


def test_a_run_that_diverges_is_told_and_keeps_its_last_numbers() -> None:
    knobs = {**catalog.spec("boundary").defaults(), "activation": "relu", "learning_rate": 1.0}
    members: list[tuple[dict[str, Value], int]] = [(knobs, seed) for seed in range(3)]
    for row in sweep.measure("boundary", members):
        assert np.isfinite(list(row.measured.values())).all()


def test_many_settings_of_a_seed_share_its_block() -> None:
    """Whole blocks of one seed and own decks give the same numbers."""
    defaults = catalog.spec("xor").defaults()
    rates = np.geomspace(0.1, 3.0, 20)
    many = [({**defaults, "learning_rate": float(rate)}, seed) for seed in (1, 2) for rate in rates]
    apart = [sweep.measure("xor", [member])[0] for member in many]
    for one, other in zip(sweep.measure("xor", many), apart, strict=True):
        assert one.measured == other.measured
