"""What is left out of the search for garbage has one owner."""

from __future__ import annotations

import gc
from collections import Counter

import pytest

from tutor import garbage


def test_leaving_a_demo_keeps_the_decks_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(garbage, "_keepers", Counter())
    gc.collect()  # what earlier tests left is none of the decks
    garbage.keep("learner")
    kept = gc.get_freeze_count()
    loaded = [{} for _ in range(5000)]  # type: list[dict[str, list[int]]]
    for each in loaded:
        each["itself"] = [1]
    garbage.keep("demo")
    assert gc.get_freeze_count() > kept
    del each, loaded
    garbage.release("demo")
    assert gc.get_freeze_count() >= 0.9 * kept > 0
    garbage.release("learner")
    assert gc.get_freeze_count() == 0


def test_a_start_searches_seldom_and_a_session_as_usual(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(garbage, "_keepers", Counter())
    usual = gc.get_threshold()
    garbage.begin()
    assert gc.get_threshold()[0] > 10 * usual[0]
    garbage.keep("learner")
    garbage.release("learner")
    assert gc.get_threshold() == usual


def test_a_pause_ends_where_it_began() -> None:
    assert gc.isenabled()
    with pytest.raises(KeyError), garbage.paused():
        assert not gc.isenabled()
        with garbage.paused():
            pass
        assert not gc.isenabled()
        raise KeyError
    assert gc.isenabled()


def test_nobody_else_may_freeze() -> None:
    """The switch is global: one module may touch it."""
    from pathlib import Path

    root = Path(garbage.__file__).parent
    users = [p for p in root.rglob("*.py") if "gc.freeze" in p.read_text(encoding="utf-8")]
    assert users == [Path(garbage.__file__)]
