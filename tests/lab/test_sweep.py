"""Sweeps: plans read and refused, rows that nothing loses, and what the rows say together."""

from __future__ import annotations

import json
import math
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demos.engine.crowd import card
from demos.sweep import Row
from tools import kill_sweeps
from tutor import cli
from tutor.errors import TutorError
from tutor.lab.sweep import engines, plan, running, statistics
from tutor.memory.stats import wilson


def made(*over: str, seeds: int = 4, compare: str = "", demo: str = "xor") -> plan.Plan:
    return plan.make(demo, (), over, seeds, compare)


def test_axes_are_read_as_they_are_written() -> None:
    spec = made().spec
    assert plan.axis(spec, "learning_rate=0.01..1:log:3").values == (0.01, 0.1, 1.0)
    assert plan.axis(spec, "init_scale=0.5..1.5:lin:3").values == (0.5, 1.0, 1.5)
    assert plan.axis(spec, "hidden_units=1..8:lin:3").values == (1, 4, 8)
    assert plan.axis(spec, "hidden_units=1..2:lin:9").values == (1, 2), "each value once"
    assert plan.axis(spec, "activation=tanh,relu").values == ("tanh", "relu")
    assert plan.axis(spec, "init_scale=2").values == (2.0,)
    assert made("hidden_units=2,3", "activation=tanh,relu", seeds=5).runs == 20
    assert made().cells == 1


@pytest.mark.parametrize(
    ("over", "word"),
    [
        ("units=1,2", "no knob"), ("hidden_units=0", "cannot be"), ("learning_rate", "no values"),
        ("learning_rate=0..1:log:5", "reaches 0"), ("learning_rate=1..2", "cannot be read"),
        ("learning_rate=0.1..20:log:5", "cannot be"), ("activation=a..b:lin:3", "takes one of"),
        ("init_scale=0.1..1:lin:x", "cannot be read"), ("init_scale=0.1..1:lin:0", "0 of"),
        ("learning_rate=nan", "cannot be"),
    ],
)  # fmt: skip
def test_a_bad_axis_is_told(over: str, word: str) -> None:
    with pytest.raises(TutorError, match=word):
        made(over)


def test_a_bad_plan_is_counted_before_anything_runs() -> None:
    with pytest.raises(TutorError, match="1,000,000 cells of 4 seeds are 4,000,000 runs"):
        made("init_scale=0.1..1:lin:1000", "learning_rate=0.1..1:lin:1000")
    with pytest.raises(TutorError, match="swept twice"):
        made("init_scale=1,2", compare="init_scale=1,2")
    with pytest.raises(TutorError, match="Two values"):
        made(compare="init_scale=1,2,3")
    with pytest.raises(TutorError, match="at least 1"):
        made(seeds=0)
    with pytest.raises(TutorError, match="1 cell of 99,999,999 seeds"):
        made(seeds=99_999_999)
    with pytest.raises(TutorError, match="set and swept"):
        plan.make("xor", ["init_scale=2"], ["init_scale=1,2"], 4)
    with pytest.raises(TutorError, match="set and swept"):
        plan.make("xor", ["init_scale=2"], [], 4, "init_scale=1,2")
    with pytest.raises(TutorError, match="no 'sloved'"):
        running.metric_of(made(), "sloved")


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 40), st.integers(1, 60), st.integers(0, 50))
def test_portions_hold_each_missing_run_once(cells: int, seeds: int, done: int) -> None:
    planned = made(f"init_scale=0.1..9:log:{cells}", seeds=seeds)
    every = [planned.key(cell, s) for cell in planned.settings() for s in range(seeds)]
    known = every[:done]
    found = [planned.key(*member) for portion in planned.portions(known) for member in portion]
    assert sorted(found) == sorted(every[done:])


def test_wilsons_interval_is_that_of_the_book() -> None:
    # Wilson 1927 with z = 1.96: 8 of 10 and 0 of 10.
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert wilson(0, 10) == pytest.approx((0.0, 0.2775), abs=1e-4)
    assert wilson(0, 0) == (0.0, 1.0)


def test_students_t_is_that_of_the_tables() -> None:
    for n, t in ((2, 12.706), (5, 2.776), (6, 2.571), (11, 2.228), (31, 2.042), (1001, 1.962)):
        assert statistics.student(n) == pytest.approx(t, rel=2e-3)


def rows_of(planned: plan.Plan, value: Any) -> list[Row]:
    return [
        Row(cell, seed, {"loss": value(cell, seed)}, True, True)
        for cell in planned.settings()
        for seed in range(planned.seeds)
    ]


def test_pairs_tell_a_small_gain_that_seeds_hide() -> None:
    """Each seed adds 100 times what the knob does: unpaired it takes thousands of runs."""
    planned = made(seeds=20, compare="init_scale=1,2")
    rows = rows_of(planned, lambda cell, seed: 0.1 * cell["init_scale"] + seed + 0.01 * (seed % 3))
    found = statistics.difference(planned, rows, "loss")
    assert found is not None
    assert found.mean == pytest.approx(0.1)
    assert found.pairs == found.positive == 20
    assert found.seeds_needed == 2
    assert found.unpaired is not None
    assert found.unpaired > 10_000


def test_a_cell_knows_its_median_seed_and_leaves_out_what_is_not_finite() -> None:
    planned = made(seeds=5)
    values = [3.0, math.nan, 1.0, 2.0, 10.0]
    cell = statistics.cell(rows_of(planned, lambda _, seed: values[seed]), "loss")
    assert (cell.runs, cell.median, cell.median_seed) == (5, 2.5, 0)
    assert cell.mean == 4.0


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.csv"])
def test_a_sweep_that_was_cut_short_goes_on_and_loses_nothing(tmp_path: Path, name: str) -> None:
    planned, file = made("init_scale=0.3,1", seeds=30), tmp_path / name
    whole = running.start(planned, "solved", "threads", 1, file)
    whole.run(lambda rows: None)
    text = file.read_text()
    for keep in (0, 5, len(text) // 3, len(text) - 4):
        file.write_text(text[:keep])
        again = running.start(planned, "solved", "threads", 1, file)
        had = len(again.rows)
        again.run(lambda rows: None)
        assert again.new == planned.runs - had
        assert again.rows == whole.rows
        assert running.start(planned, "solved", "threads", 1, file).rows == whole.rows


def test_rows_of_another_sweep_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    running.start(made(seeds=3), "solved", "threads", 1, file).run(lambda rows: None)
    other = plan.make("xor", ["activation=relu"], (), 3)
    with pytest.raises(TutorError, match=r"Line 1 .* other knobs"):
        running.start(other, "solved", "threads", 1, file)
    file.write_text('{"knobs": 3}\n')
    with pytest.raises(TutorError, match=r"Line 1 .* no row"):
        running.start(made(seeds=3), "solved", "threads", 1, file)


def test_processes_and_threads_give_the_same_rows() -> None:
    planned = made("examples=20,40", seeds=3, demo="descent")
    found = []
    for engine in ("threads", "processes"):
        sweep = running.Sweep(planned, "holds", engine, 2)
        sweep.run(lambda rows: None)
        found.append(sweep.rows)
    assert found[0] == found[1]
    assert len(found[0]) == 6


def test_auto_takes_threads_where_networks_train_together() -> None:
    engine, why = engines.chosen("auto", made())
    assert (engine == "threads" and why) or engine == "cuda"
    assert engines.chosen("auto", made(demo="softmax")) == ("processes", "")
    assert engines.chosen("processes", made()) == ("processes", "")


def test_without_a_card_it_is_said_why(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(card, "missing", lambda: "no card answers")
    assert cli.main(["sweep", "xor", "--dry-run"]) == 0
    assert "by threads" in (out := capsys.readouterr().out)
    assert "No card: no card answers." in out
    assert cli.main(["sweep", "xor", "--seeds", "2"]) == 0
    assert "by threads. No card: no card answers." in capsys.readouterr().out
    with pytest.raises(TutorError, match="No card answers"):
        engines.chosen("cuda", made())
    with pytest.raises(TutorError, match="do not train together"):
        engines.chosen("cuda", made(demo="softmax"))


def test_a_card_takes_small_dense_networks_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """The ends of each axis are tried before anything runs."""
    monkeypatch.setattr(card, "missing", str)
    monkeypatch.setattr(card, "simulated", lambda: False)
    assert engines.chosen("auto", made()) == ("cuda", "")
    wide = made("units=2,16", "layers=1,4", demo="boundary")
    assert engines.chosen("auto", made(demo="boundary"))[0] == "cuda"
    for planned, why in (
        (wide, "parameters are more than"), (made(demo="dropout"), "more than a network"),
        (made("hidden_units=2,64", demo="overfit"), "parameters are more than"),
    ):  # fmt: skip
        assert engines.chosen("auto", planned)[0] == "threads"
        assert why in engines.chosen("auto", planned)[1]


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, list[dict[str, Any]]]:
    status = cli.main(["sweep", *words, "--json"])
    return status, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_the_verb_prints_a_line_a_row_and_a_summary(capsys: pytest.CaptureFixture[str]) -> None:
    status, lines = told(capsys, "xor", "--over", "hidden_units=1,3", "--seeds", "8")
    assert status == 0
    *rows, last = lines
    assert len(rows) == 16
    assert all(list(row) == ["knobs", "seed", "measured", "finite", "holds"] for row in rows)
    assert list(last) == ["summary"]
    one, three = last["summary"]["cells"]
    assert one["knobs"] == {"hidden_units": 1}
    assert one["mean"] == 0.0
    assert three["mean"] > 0.8
    assert one["high"] == pytest.approx(wilson(0, 8)[1])


def test_a_comparison_tells_its_interval_and_the_seeds_it_needs(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status, lines = told(capsys, "boundary", "--compare", "units=2,3", "--seeds", "8")
    difference = lines[-1]["summary"]["compare"]["difference"]
    assert status == 0
    assert difference["low"] < difference["mean"] < difference["high"]
    assert difference["pairs"] == 8
    assert difference["seeds_needed"] <= difference["unpaired"]


def test_a_dry_run_counts_and_runs_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "rows.csv"
    words = ("xor", "--over", "init_scale=0.1..8:log:50", "--seeds", "10", "--csv", str(file))
    status, lines = told(capsys, *words, "--dry-run")
    assert status == 0
    assert lines[0]["summary"]["runs"] == 500
    assert not file.exists()
    assert cli.main(["sweep", *words]) == 0
    assert len(file.read_text().splitlines()) == 501
    assert cli.main(["sweep", *words]) == 2, "a file that is there is not written over"


@pytest.mark.parametrize(("file", "why"), [("none/rows.csv", "no folder"), ("", "is a folder")])
def test_rows_that_cannot_be_kept_are_told_before_anything_runs(
    file: str, why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(running.Sweep, "run", lambda *_: pytest.fail("it ran"))
    option = "--csv" if file else "--resume"
    assert cli.main(["sweep", "xor", "--seeds", "2", option, str(tmp_path / file)]) == 2
    assert why in capsys.readouterr().err


def test_a_sweep_stopped_by_signals_has_the_rows_of_one_that_was_not(tmp_path: Path) -> None:
    """A share of what `python -m tools.kill_sweeps` does: one sweep, killed."""
    seed = int.from_bytes(os.urandom(4))
    print("seed", seed)
    seen = kill_sweeps.run(1, seed, tmp_path, seeds=60)
    assert (seen.sweeps, seen.lost, seen.twice, seen.unlike) == (1, 0, 0, 0)


def test_a_sweep_that_is_stopped_says_what_is_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(sweep: running.Sweep, on_rows: running.OnRows) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(running.Sweep, "run", stopped)
    file = tmp_path / "rows.csv"
    assert cli.main(["sweep", "xor", "--seeds", "9", "--csv", str(file)]) == 130
    assert f"Stopped: 0 of 9 runs are in {file}; --resume {file} goes on." in (
        capsys.readouterr().err
    )
    assert cli.main(["sweep", "xor", "--seeds", "9"]) == 130
    assert "Stopped: 0 of 9 runs, which no file has" in capsys.readouterr().err
