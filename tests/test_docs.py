"""The page of the command line names every verb, every option, and all keys of the JSON."""

from __future__ import annotations

import argparse
import io
import json
import re
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from tutor.cli import VERBS, main, parser
from tutor.lab import bench
from tutor.store.database import open_store

PAGE = (Path(__file__).parents[1] / "docs" / "command-line.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `tutor (\w+)[^`]*` (\|.*)$", PAGE, re.MULTILINE))
KEYS = dict(re.findall(r"^- `(\w+)[ \w]*`[^:]*: (.*)$", PAGE, re.MULTILINE))
GLOBAL = {"--help", "--data-dir", "--content", "--no-bundled", "--database"}


@cache
def parsers() -> dict[str, argparse.ArgumentParser]:
    """Verb -> its parser."""
    verbs = next(a for a in parser()._actions if isinstance(a, argparse._SubParsersAction))
    return dict(verbs.choices)


def options(verb: str) -> set[str]:
    """The long options of a verb's own."""
    found = (name for action in parsers()[verb]._actions for name in action.option_strings)
    return {name for name in found if name.startswith("--")} - GLOBAL


def test_every_verb_has_its_row() -> None:
    assert list(ROWS) == list(VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_a_row_names_the_options_of_its_verb(verb: str) -> None:
    assert set(re.findall(r"`(--[\w-]+)", ROWS[verb].split(" | ")[0])) == options(verb)


def test_the_global_options_are_named() -> None:
    for name in GLOBAL - {"--help"}:
        assert f"| `{name}" in PAGE


def other(folder: Path) -> Path:
    """An empty journal of another machine."""
    open_store(folder / "other.db", folder / "backups").close()
    return folder / "other.db"


@pytest.mark.parametrize("verb", [verb for verb in VERBS if "--json" in options(verb)])
def test_the_json_has_the_keys_of_the_page(
    verb: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "log.csv"
    log.write_text("card_id,review_time,review_rating\nd/a,1700000000000,3\n", encoding="utf-8")
    more = {
        "demo": ["perceptron", "--headless"],
        "sweep": ["xor", "--seeds", "2"],
        "add": ["--front", "Epoch", "--answer", "One pass."],
        "import": ["reviews", str(log)],
        "merge": [str(other(tmp_path))],
        "sync": [str(tmp_path)],
        "export": ["json", str(tmp_path / "out.jsonl")],
    }
    monkeypatch.setattr(bench, "CONFIGS", (replace(bench.CONFIGS[1], steps=2),))
    monkeypatch.setattr(bench, "TURN", 0.001)
    monkeypatch.setattr("tutor.verbs.bench._with_all_threads", dict)
    monkeypatch.setattr(sys, "stdin", io.StringIO("q\n"))
    assert main([verb, *more.get(verb, []), "--json"]) in {0, 1}
    last = capsys.readouterr().out.strip().splitlines()[-1]
    documented = re.findall(r"`(\w+)`", re.sub(r"\(.*?\)", "", KEYS[verb]))
    data = json.loads(last)
    assert documented == list(data[0] if isinstance(data, list) else data)
