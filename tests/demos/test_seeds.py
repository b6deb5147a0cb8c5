"""The sweep over many seeds: its page, its cases, and wrong settings that fail their verdicts."""

from __future__ import annotations

import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from demos import catalog
from findings.seeds import cases, results, rows, swept
from tutor.lab import headless, seeds

ROOT = Path(__file__).parents[2]
FOUND = results.load(results.FILE)
ROWS = rows.rows_of(cases.CASES, FOUND)
ENOUGH = 0.97
# Of a wrong setting it is asked that it fails on most seeds; the page says on how many.
MOST = 0.75


def wrong_settings() -> dict[tuple[str, str], set[str]]:
    """For each demo and wrong setting the verdicts that must fail."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for case in cases.CASES:
        for judged in case.verdicts:
            if judged.wrong is not None:
                found[case.demo, judged.wrong].add(judged.key)
    return found


def named(row: rows.Row) -> str:
    return f"{row.case.demo}-{row.judged.key}"


WRONG = wrong_settings()
every_verdict = pytest.mark.parametrize("row", ROWS, ids=named)


def test_the_page_is_what_the_script_makes_of_the_results(tmp_path: Path) -> None:
    page, record = tmp_path / "seeds.md", tmp_path / "seeds.json"
    options = ["--page", str(page), "--record", str(record)]
    command = [sys.executable, "-m", "findings.seeds.table", *options]
    subprocess.run(command, check=True, cwd=ROOT)
    for made, kept in ((page, ROOT / "docs" / "seeds.md"), (record, seeds.FILE)):
        assert made.read_text(encoding="utf-8") == kept.read_text(encoding="utf-8")


@pytest.mark.parametrize("demo", swept.load())
def test_in_a_crowd_as_many_seeds_hold_as_one_by_one(demo: str) -> None:
    """But for few: single precision, and games in which small differences grow."""
    told = swept.load()[demo]
    own = [row for row in ROWS if row.case.demo == demo and not row.case.right]
    failing = {seed for row in own for seed in row.failing}
    assert told["runs"] == told["finite"] == swept.SEEDS
    assert abs(told["runs"] - told["holds"] - len(failing)) <= 3


def test_every_demo_has_a_case_and_every_case_was_run() -> None:
    assert {case.demo for case in cases.CASES} == set(catalog.names())
    assert len(ROWS) == sum(len(case.verdicts) for case in cases.CASES)


@every_verdict
def test_a_case_names_a_verdict_of_its_run_and_a_wrong_setting_or_why_there_is_none(
    row: rows.Row,
) -> None:
    assert all(row.judged.key in run.verdicts for run in row.right_results)
    assert (row.judged.wrong is None) == bool(row.judged.why)


@every_verdict
def test_on_97_of_100_seeds_a_verdict_holds_and_on_most_its_wrong_setting_fails_it(
    row: rows.Row,
) -> None:
    assert row.runs - len(row.failing) >= ENOUGH * row.runs
    assert row.wrong_fails >= MOST * row.wrong_runs
    assert bool(row.wrong_runs) == (row.judged.wrong is not None)


@pytest.mark.parametrize(("demo", "setting"), WRONG)
def test_a_wrong_setting_fails_its_verdicts_at_the_thresholds_of_the_page(
    demo: str, setting: str
) -> None:
    verdicts = headless.run(demo, setting.split(), seed=0)["verdicts"]
    found = {cases.key_of(demo, verdict["claim"]): verdict for verdict in verdicts}
    assert {key for key, verdict in found.items() if not verdict["holds"]} >= WRONG[demo, setting]
    swept = FOUND[demo, setting, 0].verdicts
    assert list(found) == list(swept)
    for key, (_, relation, threshold) in swept.items():
        assert found[key]["relation"] == relation
        assert found[key]["threshold"] == pytest.approx(threshold)
