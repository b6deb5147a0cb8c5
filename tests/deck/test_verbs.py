"""`tutor check` and `tutor show` from the command line."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from tutor import cli
from tutor.lab.listing import demo_facts
from tutor.verbs import progress_line

GOOD = """\
---
deck: good
title: Good
chapter: 1
---
# Softmax
<!-- topic id=softmax needs=logits aka="soft maximum" demo=convolution ref="A 1" -->
Turns logits $z$ into $\\frac{e^{z_i}}{\\sum_j e^{z_j}}$.

- one
- two

## Softmax
<!-- card id=softmax demo=convolution?padding=1 -->
A distribution.

## Sums
<!-- card id=sums -->
They ==sum== to ==one==.

> [!NOTE]
> Always.

# Logits
<!-- topic id=logits ref="A 1" -->

# Argmax
<!-- topic id=argmax needs=softmax ref="A 1" -->
"""
BAD = """\
## What is it?
<!-- card id=it -->
= 0.5

## What is that?
<!-- card id=that demo=nosuch -->
Text.
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    monkeypatch.setenv("TUTOR_CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / "good.md").write_text(GOOD, encoding="utf-8")
    (tmp_path / "bad.md").write_text(BAD, encoding="utf-8")
    options = ["--data-dir", str(tmp_path / "data"), "--no-bundled"]

    def main(*words: str) -> tuple[int, str, str]:
        status = cli.main([*options, *words])
        return status, *capsys.readouterr()

    return main


def test_check_json_has_exactly_its_keys(run: Any, tmp_path: Path) -> None:
    status, out, err = run("--content", str(tmp_path), "check", "--json")
    report = json.loads(out)
    assert status == 1
    assert err == ""
    assert list(report) == ["files", "cards", "kinds", "topics", "asks", "problems"]
    assert (report["files"], report["cards"]) == (2, 3)
    assert report["kinds"] == dict.fromkeys(report["kinds"], 0) | {
        "term": 1,
        "cloze": 1,
        "basic": 1,
    }
    assert len(report["kinds"]) == 10
    assert report["topics"] == ["softmax", "logits", "argmax"]
    found = [
        (p["line"], p["level"], p["rule"]) for p in report["problems"] if p["level"] == "error"
    ]
    assert found == [(3, "error", "tolerance"), (6, "error", "unknown-demo")]
    assert set(report["problems"][0]) == {"file", "line", "level", "rule", "message"}


def test_check_of_a_path_counts_only_that_path(run: Any, tmp_path: Path) -> None:
    good = str(tmp_path / "good.md")
    status, out, _ = run("--content", str(tmp_path / "bad.md"), "check", good, "--json")
    report = json.loads(out)
    assert status == 0
    assert (report["files"], report["cards"], report["problems"]) == (1, 2, [])


def test_a_path_is_resolved_against_all_decks(run: Any, tmp_path: Path) -> None:
    more = tmp_path / "more.md"
    more.write_text("## More on it\n<!-- card id=more topic=softmax -->\nText.\n")
    assert run("--content", str(tmp_path / "good.md"), "check", str(more))[0] == 0
    assert run("check", str(more))[0] == 1


def test_check_for_people(run: Any, tmp_path: Path) -> None:
    status, out, _ = run("check", str(tmp_path / "bad.md"))
    lines = out.splitlines()
    assert status == 1
    assert lines[0].startswith(f"{tmp_path / 'bad.md'}:1: advice no-deck: ")
    assert lines[1].startswith(f"{tmp_path / 'bad.md'}:3: error tolerance: 0.5 is no whole number")
    assert lines[-1] == "1 file, 1 card, 0 topics: 2 errors, 2 advice"


def test_check_of_an_empty_folder(run: Any, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    status, out, _ = run("--content", str(tmp_path), "check", str(tmp_path / "empty"))
    assert (status, out) == (0, "0 files, 0 cards, 0 topics: 0 errors, 0 advice\n")


def test_check_of_nothing(run: Any, tmp_path: Path) -> None:
    status, out, err = run("check", str(tmp_path / "gone.md"), "--json")
    assert status == 2
    assert json.loads(out)["error"]["title"] == "No such deck"
    assert "gone.md" in err


def test_the_demos_are_known() -> None:
    facts = demo_facts()
    assert facts["convolution"].knobs["padding"].takes("1")
    assert not facts["convolution"].knobs["padding"].takes("99")


def test_show(run: Any, tmp_path: Path) -> None:
    status, out, _ = run("--content", str(tmp_path), "show", "Soft Maximums")
    assert status == 0
    assert out.startswith("Softmax\n=======\nsoftmax · chapter 1, Good\n")
    for part in ("- one", "Needs:       Logits", "Opens:       Argmax", "Cards:       2"):
        assert part in out
    assert "Demos:       convolution\n" in out
    assert not set("\\${}") & set(out)


def test_show_of_an_unknown_term(run: Any, tmp_path: Path) -> None:
    status, out, err = run("--content", str(tmp_path), "show", "sofmax")
    assert (status, out) == (2, "")
    assert "Did you mean softmax?" in err


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("verb", [("check",), ("show", "softmax"), ("due",), ("stats", "--json")])
def test_a_terminal_is_told_how_far_the_reading_is(
    verb: tuple[str, ...], run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress_line, "PATIENCE", 0)
    monkeypatch.setattr(progress_line, "EVERY", 0)
    monkeypatch.setenv("TERM", "xterm")
    told = Terminal()
    monkeypatch.setattr("sys.stderr", told)
    _, out, _ = run("--content", str(tmp_path), *verb)
    assert "Reading" not in out
    assert "\r\x1b[KReading the decks … 100%" in told.getvalue()
    assert told.getvalue().endswith("\r\x1b[K"), "the line is taken back"


def test_a_dumb_terminal_is_told_once(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress_line, "PATIENCE", 0)
    monkeypatch.setenv("TERM", "dumb")
    told = Terminal()
    monkeypatch.setattr("sys.stderr", told)
    run("--content", str(tmp_path), "check")
    assert told.getvalue() == "Reading the decks …\n"


def test_a_short_wait_needs_no_word(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress_line, "PATIENCE", 1000)
    told = Terminal()
    monkeypatch.setattr("sys.stderr", told)
    run("--content", str(tmp_path), "check")
    assert told.getvalue() == ""
