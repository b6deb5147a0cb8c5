"""Everything can be taken along, and comes back without loss; decks of others come in once."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path

import pytest

from tests.exchange.test_reading import GIFT, OBSIDIAN
from tutor.cli import main


class Runner:
    """Runs verbs on a data folder."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capsys = capsys

    def __call__(self, *words: str, status: int = 0) -> tuple[str, str]:
        self.capsys.readouterr()
        assert main(["--data-dir", str(self.folder), *words]) == status
        found = self.capsys.readouterr()
        return found.out, found.err

    def json(self, *words: str, status: int = 0) -> dict[str, object]:
        out, _ = self(*words, "--json", status=status)
        data = json.loads(out.strip().splitlines()[-1])
        assert isinstance(data, dict)
        return data


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Runner:
    return Runner(tmp_path / "one", capsys)


@pytest.fixture
def other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Runner:
    return Runner(tmp_path / "two", capsys)


@pytest.fixture
def lived(run: Runner, tmp_path: Path) -> Runner:
    """A learner with a life: answers, suspended, settings."""
    dice = random.Random(1)
    print("seed 1")
    keys = ["data/ml-basics", "data/features", "activations/relu", "elsewhere/x"]
    rows = [
        f"{dice.choice(keys)},{dice.randint(1, 4)},{1_700_000_000_000 + i * 86_400_000},{i * 100}"
        for i in range(60)
    ]
    log = tmp_path / "log.csv"
    log.write_text(
        "card_id,review_rating,review_time,review_duration\n" + "\n".join(rows), encoding="utf-8"
    )
    run("import", "reviews", str(log))
    run("known", "softmax")
    (run.folder / "settings.toml").write_text("minutes_a_day = 35 # short\n", encoding="utf-8")
    return run


def test_the_journal_goes_round_without_loss(lived: Runner, other: Runner, tmp_path: Path) -> None:
    first, second = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    assert lived.json("export", "json", str(first))["answers"] == 60
    assert first.stat().st_mode & 0o777 == 0o600
    other("import", "json", str(first))
    other("export", "json", str(second))
    assert first.read_bytes() == second.read_bytes()
    assert other.json("doctor")["states_match"] is True
    out, _ = lived("due", "--json")
    assert other("due", "--json")[0] == out


def test_a_journal_is_brought_into_an_empty_folder_only(lived: Runner, tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    lived("export", "json", str(file))
    assert lived.json("import", "json", str(file), status=2)["error"]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace('"rating":3', '"rating":2', 1),
        lambda text: "\n".join(text.split("\n")[:-30]),
        lambda text: text.replace('"rows":61', '"rows":62'),
        lambda text: text.replace("tutor-journal", "x"),
        lambda text: text.replace('"version":1', '"version":2'),
        lambda text: "",
        lambda text: text + "{",
        lambda text: text + "[]\n",
        lambda text: text.replace('"kind":"review"', '"kind":"party"', 1),
    ],
)
def test_a_damaged_journal_is_refused_whole(
    lived: Runner, other: Runner, tmp_path: Path, change: object
) -> None:
    file = tmp_path / "a.jsonl"
    lived("export", "json", str(file))
    assert callable(change)
    file.write_text(change(file.read_text(encoding="utf-8")), encoding="utf-8")
    _, err = other("import", "json", str(file), status=_status(other, file))
    assert err.count("\n") <= 4
    assert other.json("stats")["reviews"] == 0


def _status(run: Runner, file: Path) -> int:
    """Refused as wrong usage or as damaged data; never taken."""
    status = main(["--data-dir", str(run.folder), "import", "json", str(file)])
    assert status in {2, 3}
    return status


def test_a_deck_comes_in_once_and_is_studied(run: Runner, tmp_path: Path) -> None:
    note = tmp_path / "note.md"
    note.write_text(OBSIDIAN, encoding="utf-8")
    shown = run.json("--no-bundled", "import", str(note), "--dry-run")
    assert (shown["cards"], shown["decks"]) == (5, ["note.md"])
    assert not (run.folder / "decks" / "note.md").exists()
    assert run.json("--no-bundled", "import", str(note), "--dates")["dates"] == 2
    assert run.json("--no-bundled", "check")["cards"] == 5
    assert run.json("--no-bundled", "due")["now"] == 2
    again = run.json("--no-bundled", "import", str(note))
    assert (again["cards"], again["present"]) == (0, 5)
    note.write_text(OBSIDIAN + "\nA layer::units side by side\n", encoding="utf-8")
    assert run.json("--no-bundled", "import", str(note))["cards"] == 1
    assert run.json("--no-bundled", "check")["cards"] == 6


def test_a_changed_deck_of_ones_own_is_kept(run: Runner, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("a;1\nb;2\n", encoding="utf-8")
    run("--no-bundled", "import", str(table))
    deck = run.folder / "decks" / "t.md"
    mine = deck.read_text(encoding="utf-8").replace("\n1\n", "\none, in my words\n")
    deck.write_text(mine, encoding="utf-8")
    again = run.json("--no-bundled", "import", str(table))
    assert again["cards"] == 0
    assert deck.read_text(encoding="utf-8") == mine
    assert isinstance(again["left_out"], list)
    assert "another answer" in again["left_out"][0]["why"]


def test_the_course_goes_out_as_markdown_and_says_the_same(run: Runner, tmp_path: Path) -> None:
    folder = tmp_path / "md"
    assert run.json("export", "markdown", str(folder), "--deck", "activations")["left_out"] == []
    here = run.json("check", str(folder / "activations.md"), "--no-bundled", status=1)
    problems = here["problems"]
    assert isinstance(problems, list)
    assert {p["rule"] for p in problems} <= {"unknown-topic", "unknown-needs", "no-ref"}


def test_gift_goes_in_and_out(run: Runner, tmp_path: Path) -> None:
    quiz = tmp_path / "quiz.gift"
    quiz.write_text(GIFT, encoding="utf-8")
    run("--no-bundled", "import", str(quiz))
    out, _ = run("--no-bundled", "export", "gift")
    assert "~%50.00000%a" in out
    assert "#3.14:0.005" in out


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_an_export_that_cannot_be_written_is_told(run: Runner) -> None:
    assert run.json("export", "json", "/nowhere/x.jsonl", status=3)["error"]


def test_a_spreadsheet_computes_nothing(run: Runner, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text('"=1+1";two\n"-x";y\n', encoding="utf-8")
    run("--no-bundled", "import", str(table))
    out, _ = run("--no-bundled", "export", "csv")
    fronts = [line.split(",")[4] for line in out.splitlines()[1:]]
    assert all(front[:1] not in "=+@-" for front in fronts)


@pytest.mark.parametrize(
    "where", ["tutor.store.dump.fill", "tutor.session.learner.Learner.rebuild"]
)
def test_a_journal_that_was_stopped_on_its_way_comes_in_whole(
    lived: Runner, other: Runner, tmp_path: Path, where: str
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    file = tmp_path / "all.jsonl"
    lived("export", "json", str(file))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(where, stop)
        other("import", "json", str(file), status=130)
    assert other.json("stats")["reviews"] == 0
    other("import", "json", str(file))
    assert other.json("due") == lived.json("due")
