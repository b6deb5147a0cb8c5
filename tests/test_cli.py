"""The command line: help, options before and after the verb, exit statuses, errors as JSON."""

from __future__ import annotations

import io
import json
import os
import shlex
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tutor import __version__
from tutor.cli import VERBS, main, parser
from tutor.errors import UsageError

HEAVY = {
    "textual",
    "sqlalchemy",
    "alembic",
    "numpy",
    "numba",
    "markdown_it",
    "rich",
    "fsrs_rs_python",
}
GOOD = """# Padding
<!-- topic id=padding -->
A frame of zeros.

## Padding
<!-- card id=padding -->
Zeros around the input.
"""
BROKEN = "## Two times two?\n<!-- card id=four -->\n= four\n"
WITH_JSON = [
    "check",
    "due",
    "stats",
    "doctor",
    "quiz",
    "demo",
    "fit",
    "simulate",
    "import",
    "export",
    "bench",
]


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    path = tmp_path / "deck.md"
    path.write_text(GOOD, encoding="utf-8")
    return path


def loaded_by(*words: str) -> set[str]:
    """The packages that `tutor WORDS` imports."""
    script = (
        "import sys\nfrom tutor.cli import main\n"
        f"try: main({list(words)!r})\nexcept SystemExit: pass\n"
        "print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    return set(done.stderr.split())


@pytest.mark.parametrize("words", [["--help"], ["quiz", "--help"], ["--version"], ["nonsense"]])
def test_help_imports_nothing_heavy(words: list[str]) -> None:
    loaded = loaded_by(*words)
    assert "tutor" in loaded
    assert not loaded & HEAVY


def test_the_packages_above_are_the_ones_that_a_verb_loads() -> None:
    assert loaded_by("show", "padding") & HEAVY


@pytest.mark.parametrize("verb", ["study", "due", "sync"])
def test_what_needs_no_class_loads_nothing_of_one(verb: str, tmp_path: Path) -> None:
    words = {"study": ["--plain"], "sync": [str(tmp_path)]}.get(verb, [])
    loaded = loaded_by("--data-dir", str(tmp_path / "data"), "--no-bundled", verb, *words)
    assert "sqlalchemy" in loaded and "psycopg" not in loaded


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_an_example_that_parses(
    verb: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([verb, "--help"])
    assert stopped.value.code == 0
    example = VERBS[verb][2]
    assert f"Example: {example}" in " ".join(capsys.readouterr().out.split())
    program, *words = shlex.split(example)
    assert program == "tutor"
    assert parser().parse_args(words).verb == verb


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_its_module(verb: str) -> None:
    assert find_spec(f"tutor.verbs.{VERBS[verb][0]}") is not None


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == f"tutor {__version__}\n"


@pytest.mark.parametrize(
    "words",
    [["nonsense"], ["show"], ["quiz", "--count", "many"], ["ids", "file.md"], ["--nope"],
     ["show", "padding", "--data-dir"]],
)  # fmt: skip
def test_wrong_usage_is_exit_2_and_names_the_help(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("tutor: Wrong usage\n")
    assert "--help" in err


def test_problems_are_exit_1(tmp_path: Path, deck: Path) -> None:
    broken = tmp_path / "broken.md"
    broken.write_text(BROKEN, encoding="utf-8")
    assert main(["check", "--no-bundled", str(deck)]) == 0
    assert main(["check", "--no-bundled", str(broken)]) == 1


def test_data_that_cannot_be_opened_is_exit_3(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    assert main(["due", "--data-dir", str(tmp_path / "file" / "below")]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert str(tmp_path / "file") in err
    assert "--data-dir" in err


@pytest.mark.parametrize("option", ["--data-dir", "--content", "--database"])
def test_a_path_that_the_system_refuses_is_exit_3(
    option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = str(tmp_path / ("n" * 400))
    where = [] if option == "--data-dir" else ["--data-dir", str(tmp_path)]
    assert main([option, name, *where, "due", "--json"]) == 3
    captured = capsys.readouterr()
    assert name in json.loads(captured.out)["error"]["message"]
    assert name in captured.err and "Traceback" not in captured.err


def test_a_content_path_that_is_missing_is_exit_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--content", "nowhere.md"]) == 2
    assert "nowhere.md does not exist" in capsys.readouterr().err


def test_options_may_stand_before_and_after_the_verb(
    deck: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = []
    options = ["--no-bundled", "--data-dir", str(tmp_path / "data"), "--content", str(deck)]
    for words in (
        [*options, "check", "--json"],
        ["check", *options, "--json"],
        [*options[:3], "check", "--json", *options[3:]],
    ):
        assert main(words) == 0
        shown.append(json.loads(capsys.readouterr().out))
    assert shown[0] == shown[1] == shown[2]
    assert shown[0]["cards"] == 1


@pytest.mark.parametrize(
    "words",
    [
        ["export", "text", "--topic", "a", "--topic", "b", "out.txt", "--json"],
        ["import", "anki", "--into", "mine", "deck.apkg"],
        ["import", "--into", "mine", "anki", "deck.apkg"],
        ["check", "one.md", "--json", "two.md"],
    ],
)
def test_the_words_of_a_verb_may_stand_around_its_options(words: list[str]) -> None:
    verb, *rest = words
    values = {"--topic", "--into"}
    valued = [n for n, word in enumerate(rest) if n and rest[n - 1] in values]
    options = [w for n, w in enumerate(rest) if n in valued or w[:1] == "-"]
    plain = [w for n, w in enumerate(rest) if n not in valued and w[:1] != "-"]
    assert parser().parse_args(words) == parser().parse_args([verb, *options, *plain])


def test_a_word_too_many_is_still_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "text", "--topic", "a", "out.txt", "more.txt"]) == 2
    assert "more.txt" in capsys.readouterr().err


def test_content_given_before_and_after_adds_up(
    deck: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.md"
    other.write_text(GOOD.replace("id=padding", "id=stride"), encoding="utf-8")
    words = ["--no-bundled", "--content", str(deck), "check", "--json", "--content", str(other)]
    assert main(words) == 0
    assert json.loads(capsys.readouterr().out)["cards"] == 2


def test_the_environment_says_where_things_are(
    deck: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TUTOR_DATA_DIR", str(tmp_path / "mine"))
    monkeypatch.setenv("TUTOR_CONTENT", str(deck))
    assert main(["--no-bundled", "due", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["new"] == 1
    assert (tmp_path / "mine").is_dir()


@pytest.mark.parametrize("verb", WITH_JSON)
def test_a_failure_as_json(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    more = {"import": ["reviews", "x.csv"], "export": ["json"]}.get(verb, [])
    assert main([verb, *more, "--json", "--content", "nowhere.md"]) == 2
    out, err = capsys.readouterr()
    error = json.loads(out)["error"]
    assert set(error) == {"title", "message", "hint"}
    assert all(error.values())
    assert err == f"tutor: {error['title']}\n{error['message']}\n{error['hint']}\n"


@pytest.mark.parametrize("verb", WITH_JSON)
def test_wrong_usage_as_json(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([verb, "--json", "--nonsense"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["title"] == "Wrong usage"


def test_a_verb_that_is_nearly_right_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stdy"]) == 2
    assert "Did you mean study? See: tutor --help" in capsys.readouterr().err
    assert main(["check", "--jsn"]) == 2
    assert "Did you mean --json? See: tutor --help" in capsys.readouterr().err


def test_wrong_usage_is_an_error_like_any_other() -> None:
    with pytest.raises(UsageError):
        parser().parse_args(["due", "--nonsense"])


def test_interrupted_is_exit_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("tutor.verbs.show.run", interrupt)
    assert main(["show", "padding"]) == 130


def test_a_reader_that_leaves_is_no_failure(deck: Path) -> None:
    command = [sys.executable, "-m", "tutor", "show", "padding", "--content", str(deck)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait(timeout=60) == 0
        assert process.stderr is not None
        assert process.stderr.read() == b""


def test_a_stdout_without_unicode_gets_question_marks() -> None:
    command = [sys.executable, "-m", "tutor", "show", "softmax"]
    ascii_only = {**os.environ, "PYTHONIOENCODING": "ascii"}
    shown = subprocess.run(command, env=ascii_only, capture_output=True, text=True, check=True)
    assert "?" in shown.stdout


@pytest.mark.parametrize("stream", ["stdin", "stdout"])
@pytest.mark.parametrize("verb", ["today", "due", "show softmax", "study", "exam"])
def test_a_stream_that_was_closed_before_the_start_takes_nothing_down(
    stream: str, verb: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    monkeypatch.setattr(f"sys.{stream}", None)
    assert main([*verb.split(), "--data-dir", str(tmp_path)]) == 0


def test_a_closed_stdin_is_the_end_of_the_input(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", None)
    assert main(["study", "--plain", "--data-dir", str(tmp_path)]) == 0
    assert "saved" not in capsys.readouterr().out


@pytest.mark.parametrize("verb", ["due --json", "due"])
@pytest.mark.parametrize("shell", ["mkdir gone && cd gone && rmdir ../gone && {}", "{} >/dev/full"])
def test_a_folder_that_is_gone_and_a_full_disk_need_no_traceback(
    shell: str, verb: str, tmp_path: Path
) -> None:
    command = f"{sys.executable} -m tutor --data-dir {tmp_path}/d --no-bundled {verb}"
    words = ["bash", "-c", shell.format(command)]
    env = os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)}
    env.pop("PYTHONUNBUFFERED", None)  # it would hide what is left for the end
    done = subprocess.run(words, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    assert done.returncode == (3 if "full" in shell else 0)
