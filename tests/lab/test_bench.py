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

NAMES = [
    "mlp-784-16-16-10", "mlp-2-4-2-1", "mlp-2-8-8-8-1", "cnn-digits", "lstm-adding",
    "crowd-2-4-2-1", "crowd-2-8-8-1", "crowd-2-32-32-2",
]  # fmt: skip


@pytest.fixture
def report(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setattr(bench, "CONFIGS", tuple(replace(c, steps=12) for c in bench.CONFIGS))
    monkeypatch.setattr(bench, "TURNS", 1)
    monkeypatch.setattr(bench, "TURN", 0.001)
    return bench.run(lambda _: None)


def test_every_contender_arrives_at_the_engines_loss_in_every_configuration(
    report: dict[str, Any],
) -> None:
    assert [config["name"] for config in report["configs"]] == NAMES
    for config in report["configs"]:
        for name in ("", "numpy_", "torch_", "jax_", "sklearn_"):
            speed, loss = config[f"{name}samples_per_s"], config[f"{name}mean_loss"]
            assert (speed is None) == (loss is None)
            if speed is not None:
                assert speed > 0
                assert config[f"{name}samples_per_s_wall"] > 0
                assert loss == pytest.approx(config["mean_loss"], rel=2e-4)
        assert config["samples_per_s"] and config["numpy_samples_per_s"]
        if config["name"].startswith("mlp"):
            assert config["share_of_gemm"] == pytest.approx(
                config["gflops"] / config["gemm_gflops"], rel=0.2, abs=0.02
            )
    assert report["versions"]["numpy"]
    assert "CPUs" in report["machine"]


def test_the_table_names_each_network_and_what_is_missing() -> None:
    config = {
        "layers": "2-2", "samples_per_s": 3_000_000, "numpy_samples_per_s": 1_000_000,
        "torch_samples_per_s": None, "share_of_gemm": 0.42, "first_loss": 0.7, "mean_loss": 0.1,
        "compile_s": 1.25,
    }  # fmt: skip
    table = bench.table(
        {"machine": "here", "threads": 1, "versions": {"numpy": "9", "torch": None},
         "configs": [config]}
    )  # fmt: skip
    assert table.startswith("here\nnumpy 9\nsamples a second of CPU time, 1 thread\n")
    row = table.splitlines()[-1].split("  ")
    cells = [cell.strip() for cell in row if cell.strip()]
    assert cells[:5] == ["2-2", "3,000,000", "1,000,000", "×3.0", "-"]
    assert cells[-3:] == ["42%", "0.700 → 0.100", "1.2 s"]


def test_the_verb_prints_json_on_stdout_and_narrates_on_stderr(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("NUMBA_CACHE_DIR", *verb.THREADS):
        monkeypatch.setenv(name, "1")  # so that what the verb sets is taken back
    monkeypatch.setattr(bench, "CONFIGS", (replace(bench.CONFIGS[1], steps=4),))
    monkeypatch.setattr(verb, "_with_all_threads", lambda: bench.run(lambda _: None))
    monkeypatch.setattr(bench, "TURNS", 1)
    place = paths.settle()
    assert verb.run(argparse.Namespace(json=True), place) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["configs"][0]["name"] == "mlp-2-4-2-1"
    assert "mlp-2-4-2-1: turn 1 of 1" in err
    assert verb.run(argparse.Namespace(json=False), place) == 0
    assert "2-4-2-1 tanh" in capsys.readouterr().out
