"""The real program in a real terminal, from its start to its exit status."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ui.conftest import DECK
from tests.ui.terminal import ROOT, Terminal
from tutor.memory.model import Rating
from tutor.paths import Place
from tutor.session.learner import Learner
from tutor.session.study import StudySession
from tutor.store.database import open_store


@pytest.fixture
def options(place: Place) -> list[str]:
    """The command line of the test's own learner."""
    return ["--data-dir", str(place.data), "--content", str(DECK), "--no-bundled"]


@pytest.fixture
def answered(place: Place) -> None:
    """A learner whose first card fell due long ago."""
    learner = Learner.open(place, clock=lambda: 1_700_000_000_000)
    session = StudySession(learner)
    item = session.next()
    assert item is not None
    session.answer(item, Rating.GOOD, elapsed_ms=4000)
    learner.close()


def test_day_by_day_open_enter_answer_leave(
    answered: None, options: list[str], place: Place
) -> None:
    with Terminal(*options) as terminal:
        terminal.until("1 learning")
        terminal.press("enter")
        terminal.until("Say what it means")
        terminal.press("enter")
        terminal.until("3 Good")
        terminal.press("3")
        terminal.until("New topic")
        terminal.press("ctrl+q")
        assert terminal.ended() == 0
    with open_store(place.database, place.backups) as store:
        assert len(list(store.events())) == 2


def test_the_first_start_welcomes_and_teaches(options: list[str], place: Place) -> None:
    with Terminal(*options) as terminal:
        terminal.until("How many minutes a day?")
        terminal.press("enter")
        terminal.until("Values placed around")
        terminal.press("ctrl+q")
        assert terminal.ended() == 0
    assert place.settings.exists()


def test_the_whole_first_run_by_enter_and_one_digit_a_choice(place: Place) -> None:
    with Terminal("--data-dir", str(place.data)) as terminal:
        terminal.until("How many minutes a day?")
        seen = set()
        for _ in range(40):
            terminal.quiet()
            text = terminal.text
            seen |= set(re.findall(r"[1-4] of 4", text))
            if "4 of 4" in text:
                break
            asks = re.search(r"^ *(Predict|Observe)  ", text, re.MULTILINE) or "0) I don" in text
            terminal.press("1" if asks else "enter")
        assert seen == {"1 of 4", "2 of 4", "3 of 4", "4 of 4"}
        terminal.until("Your first lesson: 3 cards")
        terminal.press("ctrl+q")
        assert terminal.ended() == 0
    with open_store(place.database, place.backups) as store:
        saved = [event for event in store.events() if event.kind == "review"]
    assert len(saved) == 3


def test_a_terminal_of_one_cell_and_back(answered: None, options: list[str]) -> None:
    with Terminal(*options) as terminal:
        terminal.until("Start today")
        terminal.quiet()
        terminal.resize(1, 1)
        terminal.quiet()
        terminal.resize(40, 10)
        terminal.until("too small")
        terminal.resize(80, 24)
        terminal.until("Start today")
        terminal.press("ctrl+q")
        assert terminal.ended() == 0


@pytest.mark.parametrize(
    ("verb", "words"),
    [("quiz", "Questions"), ("glossary", "Parameter counting"), ("progress", "What you know"),
     ("lab", "live demos"), ("study", "New topic")],
)  # fmt: skip
def test_every_verb_opens_its_screen(options: list[str], verb: str, words: str) -> None:
    with Terminal(*options, verb, columns=120, rows=40) as terminal:
        terminal.until(words)
        terminal.press("ctrl+q")
        assert terminal.ended() == 0


def test_a_damaged_file_is_a_calm_screen(answered: None, options: list[str], place: Place) -> None:
    place.database.write_bytes(b"no database" * 500)
    with Terminal(*options) as terminal:
        terminal.until("esc close")
        terminal.press("enter")
        terminal.until("Your answers are not open")
        terminal.press("ctrl+q")
        assert terminal.ended() == 0


# -- without a terminal -----------------------------------------------------------------------


def piped(*args: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tutor", *args],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT), **env},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_without_a_terminal_today_is_what_due_prints(answered: None, options: list[str]) -> None:
    today, due = piped(*options), piped(*options, "due")
    assert (today.returncode, today.stdout) == (0, due.stdout)
    assert "1" in due.stdout


@pytest.mark.parametrize(
    ("verb", "instead"),
    [("glossary", "tutor show"), ("lab", "tutor demo"), ("progress", "tutor stats")],
)
def test_other_screens_say_which_verb_gives_their_text(
    options: list[str], verb: str, instead: str
) -> None:
    done = piped(*options, verb)
    assert done.returncode == 0 and instead in done.stdout


def test_a_dumb_terminal_gets_text(answered: None, options: list[str]) -> None:
    with Terminal(*options, env={"TERM": "dumb"}) as terminal:
        assert terminal.ended() == 0
        assert "1" in terminal.text and "\x1b[?1049h" not in terminal.text


def test_the_command_line_imports_nothing_heavy() -> None:
    code = (
        "import sys, tutor.cli, tutor.verbs.app, tutor.store.glance; "
        "bad = {'textual', 'sqlalchemy', 'numpy', 'numba', 'markdown_it'} & set(sys.modules); "
        "sys.exit(f'imported {bad}' if bad else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)
    assert done.returncode == 0


def test_the_first_paint_imports_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "import sys; from tutor.ui.lean import import_textual; import_textual(); "
        "import tutor.ui.app, tutor.ui.screens.today, tutor.store.glance; "
        "bad = {'sqlalchemy', 'numpy', 'numba', 'markdown_it', 'alembic', 'tutor.memory.model', "
        "'tutor.session.plans', 'tutor.ui.widgets.field', 'textual.command', 'ssl', 'rich.table', "
        "'textual.widgets._input', 'uuid', 'tempfile', 'difflib'} & set(sys.modules); "
        "sys.exit(f'imported {bad}' if bad else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)
    assert done.returncode == 0


def test_the_palette_opens_though_textual_was_imported_without_it(options: list[str]) -> None:
    with Terminal(*options) as terminal:
        terminal.until("How many minutes a day?")
        terminal.press("\x10")  # ctrl+p
        terminal.until("A topic, card, demo or screen")
        terminal.press(*"settin")
        terminal.until("Settings")
        terminal.press("escape")
        terminal.press("ctrl+q")
        assert terminal.ended() == 0


# -- a real editor, hostile text --------------------------------------------------------------


def test_the_source_opens_in_the_editor_and_the_card_is_read_again(
    tmp_path: Path, place: Place
) -> None:
    deck = tmp_path / "mine.md"
    deck.write_text("# Old\n<!-- topic id=old -->\n\n## Word\n<!-- card id=w -->\nFirst text.\n")
    own = ["--data-dir", str(place.data), "--content", str(deck), "--no-bundled"]
    editor = f"{sys.executable} -c \"import sys; p = sys.argv[1]; t = open(p).read(); " \
             "open(p, 'w').write(t.replace('First', 'Second'))\""  # fmt: skip
    with Terminal(*own, "study", "--topic", "old", env={"EDITOR": editor}) as terminal:
        terminal.until("enter go on")
        terminal.press("enter")
        terminal.until("First text.")
        terminal.press("e")
        terminal.until("Mend a card")
        terminal.press("ctrl+o")
        terminal.until("3 Good")
        terminal.until("Second text.")
        terminal.press("3")
        terminal.press("ctrl+q")
        assert terminal.ended() == 0


def test_text_of_a_card_cannot_act(tmp_path: Path, place: Place) -> None:
    deck = tmp_path / "hostile.md"
    deck.write_text(
        "# Old\n<!-- topic id=old -->\n\n## x[i] [/] $name [@click=app.quit]here[/]\n"
        "<!-- card id=w -->\nAn \x1b]52;c;aGVsbG8=\x07 escape and \x1b]0;title\x07 another.\n",
        encoding="utf-8",
    )
    own = ["--data-dir", str(place.data), "--content", str(deck), "--no-bundled"]
    with Terminal(*own, "study", "--topic", "old") as terminal:
        terminal.until("x[i] [/] $name [@click=app.quit]here[/]")
        terminal.press("enter")
        text = terminal.until("escape and")
        assert "]52;c;aGVsbG8=" in text, "without its ESC it is plain text"
        assert terminal.screen.title != "title"
        terminal.press("ctrl+q")
        assert terminal.ended() == 0


# -- the terminal itself ----------------------------------------------------------------------

REPLIES = ("\x1b[>41;379;0c", "\x1b]11;rgb:1616/1818/1d1d\x1b\\", "\x1b[?64;1;2;3;4c", "\x1b[4h")


def test_a_reply_of_the_terminal_rates_nothing(
    answered: None, options: list[str], place: Place
) -> None:
    with Terminal(*options, "study") as terminal:
        terminal.until("Say what it means")
        terminal.press("enter")
        terminal.until("3 Good")
        terminal.quiet()
        for reply in REPLIES:
            terminal.press(reply)
            terminal.quiet()
        assert "3 Good" in terminal.text
        terminal.press("ctrl+q")
        assert terminal.ended() == 0
    with open_store(place.database, place.backups) as store:
        assert len(list(store.events())) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_end_leaves_the_terminal_as_it_was(
    answered: None, options: list[str], number: signal.Signals
) -> None:
    with Terminal(*options) as terminal:
        terminal.until("Start today")
        terminal.quiet()
        terminal.child.kill(number)
        assert terminal.ended() == 128 + number
        undone = terminal.raw.rpartition(b"\x1b[?1049h")[2]
        for code in (b"\x1b[?1049l", b"\x1b[?1003l", b"\x1b[?2004l", b"\x1b[?25h", b"\x1b[<u"):
            assert code in undone


def test_no_color_writes_no_colour(answered: None, options: list[str]) -> None:
    with Terminal(*options, env={"NO_COLOR": "1", "COLORTERM": "truecolor"}) as terminal:
        terminal.until("Start today")
        terminal.press("s")
        terminal.until("Minutes a day")
        terminal.press("ctrl+q")
        assert terminal.ended() == 0
        codes = re.findall(rb"\x1b\[([\d;]*)m", terminal.raw)
        assert codes and not {c for c in codes if re.search(rb"(^|;)([349]\d|10\d)(;|$)", c)}


def test_a_locale_without_utf8_gets_a_sentence_and_text(answered: None, options: list[str]) -> None:
    with Terminal(*options, env={"PYTHONIOENCODING": "iso8859-1"}) as terminal:
        assert terminal.ended() == 0
        assert "need UTF-8" in terminal.text and "\x1b[?1049h" not in terminal.text


def test_the_size_is_the_terminals_own(answered: None, options: list[str]) -> None:
    with Terminal(*options, env={"COLUMNS": "40", "LINES": "10"}) as terminal:
        terminal.until("Start today")
        terminal.press("ctrl+q")
        assert terminal.ended() == 0
