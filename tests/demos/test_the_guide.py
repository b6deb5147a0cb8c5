"""The example in docs/writing-a-demo.md is a demo that runs."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from demos import catalog
from tutor.lab.experiment import Experiment
from tutor.plot import DARK, paint

GUIDE = Path(__file__).parents[2] / "docs" / "writing-a-demo.md"


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The example as a file of its own, in the catalog's eyes."""
    block = re.search(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert block is not None
    file = tmp_path / "parabola.py"
    file.write_text(block[1], encoding="utf-8")
    made = importlib.util.spec_from_file_location("demos.parabola", file)
    assert made is not None
    assert made.loader is not None
    module = importlib.util.module_from_spec(made)
    monkeypatch.setitem(sys.modules, "demos.parabola", module)
    made.loader.exec_module(module)
    spec = catalog.read_spec(block[1], file.name)
    assert spec == module.SPEC
    monkeypatch.setattr(catalog, "spec", lambda name: spec)
    monkeypatch.setattr(catalog, "run_class", lambda name: module.Run)
    yield spec.name


def run(name: str, learning_rate: float) -> Experiment:
    experiment = Experiment(name, {"learning_rate": learning_rate})
    experiment.advance(experiment.remaining)
    return experiment


def test_it_keeps_its_claim(example: str) -> None:
    result = run(example, 0.5).result
    assert result is not None
    assert all(verdict.holds for verdict in result.verdicts)
    assert result.answers.predict == 0


def test_a_wrong_setting_fails_its_verdict(example: str) -> None:
    result = run(example, 0.1).result
    assert result is not None
    assert not result.verdicts[0].holds


def test_it_swings_between_1_and_2(example: str) -> None:
    result = run(example, 1.5).result
    assert result is not None
    assert result.answers.observe == 1


def test_it_flies_off_above_2(example: str) -> None:
    experiment = run(example, 3.0)
    assert experiment.diverged is not None
    assert experiment.diverged.knob == "learning_rate"
    assert experiment.frame()


def test_its_panels_can_be_painted(example: str) -> None:
    frame = run(example, 0.5).frame()
    for panel in (frame.picture, *frame.side):
        assert len(paint(panel, 40, 12, DARK)) == 12
