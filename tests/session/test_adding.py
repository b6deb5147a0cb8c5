"""`tutor add`: line by line, at once from options, as JSON; nothing half, whatever ends it."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tutor.cli import main, parser
from tutor.deck.library import load
from tutor.deck.model import Prose
from tutor.verbs import app


@pytest.fixture
def at(tmp_path: Path) -> list[str]:
    return ["--data-dir", str(tmp_path / "data"), "--no-bundled"]


def typed(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def test_it_asks_shows_what_it_would_be_and_asks_before_it_writes(
    at: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fields = ["choice", "Which is smooth?", "GELU", "ReLU", "> A corner.", "", "", "", "", "x"]
    typed(monkeypatch, *fields, "n", *[""] * 2, "GELU", "ReLU", "", *[""] * 4, "")
    assert main([*at, "add", "--plain"]) == 0
    out = capsys.readouterr().out
    assert out.count("Save it?") == 2 and "why it is wrong" in out
    file = tmp_path / "data" / "decks" / "my-cards.md"
    assert out.rstrip().endswith(f"added my-cards/which-is-smooth {file}:6")
    text = file.read_text()
    assert "- [x] GELU\n- [ ] ReLU\n" in text and "tags=x" in text and "corner" not in text


def test_code_keeps_its_indentation_and_its_empty_lines(
    at: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = ["```python", "def f(x):", "    y = x", "", "    return y", "```"]
    typed(monkeypatch, "", "What is f?", *code, "", *[""] * 4, "")
    assert main([*at, "add", "--plain"]) == 0
    assert load([tmp_path / "data"], None).card("my-cards/what-is-f").answer == Prose(
        "\n".join(code)
    )


def test_an_answer_from_a_closed_stdin_is_none(
    at: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert main([*at, "add", "--front", "Epoch", "--answer", "-"]) == 2
    assert "answer is still to be written" in capsys.readouterr().err


def test_the_form_opens_with_the_fields_that_are_given() -> None:
    words = ["add", "--kind", "cloze", "--tag", "a", "--tag", "b c", "--deck", "mine"]
    start = app.start(parser().parse_args([*words, "--topic", "adam"]))
    fields = {"kind": "cloze", "tags": "a,b c", "deck": "mine", "topic": "adam"}
    assert (start.screen, dict(start.given)) == ("add", fields)


@pytest.mark.parametrize("lines", [(), ("q",), ("term", "Epoch", "q")])
def test_who_leaves_has_written_nothing(
    lines: tuple[str, ...], at: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, *lines)
    assert main([*at, "add", "--plain"]) == 1
    assert not (tmp_path / "data" / "decks").exists()


def test_at_once_from_options_and_mended_by_its_key(
    at: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    new = ["--front", "Epoch", "--answer", "One pass.", "--tag", "a", "--deck", "Words"]
    assert main([*at, "add", *new, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["did"], told["key"], told["errors"]) == ("added", "words/epoch", [])
    typed(monkeypatch, "Two", "lines.")
    assert main([*at, "add", "--card", "words/epoch", "--answer", "-"]) == 0
    assert "changed words/epoch" in capsys.readouterr().out
    library = load([tmp_path / "data"], None)
    card = library.card("words/epoch")
    assert (card.answer, card.tags) == (Prose("Two\nlines."), ("a",))


@pytest.mark.parametrize(
    "words",
    [
        ["--front", "Epoch"],
        ["--card", "words/epoch", "--answer", "Text", "--deck", "other"],
        ["--answer", "Text."],
        ["--front", "A", "--answer", "No gap", "--kind", "cloze"],
        ["--front", "A", "--answer", "Text", "--kind", "nosuch"],
        ["--front", "A", "--answer", "Text", "--topic", "nosuch"],
        ["--front", "A", "--answer", "Text", "--card", "no/such"],
        ["--front", "A", "--answer", "Text", "--deck", "!!"],
        ["--front", "A", "--answer", "Text\n# B"],
    ],
)
def test_what_is_no_card_is_refused_with_the_reason(
    words: list[str], at: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*at, "add", *words]) == 2
    assert len(capsys.readouterr().err.splitlines()) > 1
    assert not (tmp_path / "data" / "decks").exists()


@pytest.mark.slow
def test_killed_at_any_moment_every_card_is_whole(at: list[str], tmp_path: Path) -> None:
    """Each run is killed a little later; the file always reads, with the confirmed cards in it."""
    folder, confirmed = tmp_path / "data" / "decks", list[str]()
    for number in range(16):
        command = [sys.executable, "-m", "tutor", *at, "add", "--front", f"Word {number}"]
        process = subprocess.Popen(
            [*command, "--answer", f"Text {number}.", "--json"], stdout=subprocess.PIPE
        )
        # The last ones end by themselves: with them the file has grown.
        delay = 0.3 + 0.05 * number if number < 12 else 60
        deadline = time.monotonic() + delay
        while process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        out, _ = process.communicate()
        confirmed += [json.loads(line)["key"] for line in out.splitlines() if line.endswith(b"}")]
        library = load([folder], None)
        assert not [p for p in library.problems if p.level == "error"]
        assert set(confirmed) <= set(library.entries)
        for key in library.entries:
            number_of = key.rpartition("-")[2]
            assert library.card(key).answer == Prose(f"Text {number_of}.")
    assert len(confirmed) >= 4
