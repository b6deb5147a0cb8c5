"""The benchmark compares like with like: every contender learns the same thing."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from typing import Any

import pytest

from tutor import paths
from tutor.lab import bench
from tutor.verbs import bench as verb

NAMES = ["mlp-784-16-16-10", "mlp-2-4-2-1", "mlp-2-8-8-8-1", "cnn-digits", "lstm-adding"]


@pytest.fixture
def report(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setattr(bench, "CONFIGS", tuple(replace(c, steps=12) for c in bench.CONFIGS))
    return bench.run(lambda _: None)


def test_numpy_arrives_at_the_engines_loss_in_every_configuration(
    report: dict[str, Any],
) -> None:
    assert [config["name"] for config in report["configs"]] == NAMES
    for config in report["configs"]:
        assert config["numpy_last_loss"] == pytest.approx(config["last_loss"], rel=2e-4)
        assert config["samples_per_s"] > 0
        assert config["numpy_samples_per_s"] > 0
        assert config["torch_samples_per_s"] is None or config["torch_last_loss"] == pytest.approx(
            config["last_loss"], rel=2e-4
        )


def test_the_table_names_each_network_and_what_is_missing() -> None:
    config = {
        "layers": "2-2", "samples_per_s": 3_000_000, "numpy_samples_per_s": 1_000_000,
        "torch_samples_per_s": None, "first_loss": 0.7, "last_loss": 0.1, "compile_s": 1.25,
    }  # fmt: skip
    table = bench.table({"machine": "here", "configs": [config]})
    assert table.startswith("here\n")
    row = table.splitlines()[-1].split("  ")
    cells = [cell.strip() for cell in row if cell.strip()]
    assert cells[:5] == ["2-2", "3,000,000", "1,000,000", "×3.0", "not installed"]
    assert cells[5:] == ["0.700 → 0.100", "1.2 s"]


def test_the_verb_prints_json_on_stdout_and_narrates_on_stderr(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("NUMBA_CACHE_DIR", *verb.THREADS):
        monkeypatch.setenv(name, "1")  # so that what the verb sets is taken back
    monkeypatch.setattr(bench, "CONFIGS", (replace(bench.CONFIGS[1], steps=4),))
    place = paths.settle()
    assert verb.run(argparse.Namespace(json=True), place) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["configs"][0]["name"] == "mlp-2-4-2-1"
    assert "mlp-2-4-2-1: NumPy, 3 of 3" in err
    assert verb.run(argparse.Namespace(json=False), place) == 0
    assert "2-4-2-1 tanh" in capsys.readouterr().out
