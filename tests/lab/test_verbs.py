"""`tutor demo` and `tutor warm` on the command line."""

from __future__ import annotations

import json

import pytest

from tutor import cli
from tutor.lab.compilation import readiness


def test_the_list_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["demo", "--list", "--json"]) == 0
    demos = {demo["name"]: demo for demo in json.loads(capsys.readouterr().out)}
    assert demos["softmax"]["kind"] == "explorer"
    assert demos["convolution"]["knobs"][0] == {
        "name": "input_size", "type": "int", "default": 12, "min": 5, "max": 28, "choices": None,
    }  # fmt: skip
    assert demos["convolution"]["knobs"][2]["choices"] == ["0", "1", "2", "same"]


def test_the_list_for_a_reader_names_every_demo(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["demo", "--list"]) == 0
    assert "parameter-count" in capsys.readouterr().out


def test_a_headless_run_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["demo", "ewma", "--headless", "--set", "beta=0.5", "--seed", "3", "--json"]
    assert cli.main(words) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["knobs"]["beta"] == 0.5
    assert report["seed"] == 3
    assert {"claim", "value", "relation", "threshold", "holds"} == set(report["verdicts"][0])


def test_a_headless_run_for_a_reader_says_what_does_not_hold(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(["demo", "softmax", "--headless", "--set", "loss=mse"]) == 0
    assert "does not hold" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["demo", "nothing"], "There is no demo 'nothing'"),
        (["demo", "ewma", "--set", "beta=9"], "a number from 0.5 to 0.99"),
        (["demo", "ewma", "--set", "alpha=1"], "has no knob 'alpha'"),
        (["demo"], "name of a demo"),
        (["warm", "nothing"], "There is no demo 'nothing'"),
    ],
)
def test_refusals_exit_with_2(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(words) == 2
    assert message in capsys.readouterr().err


def test_warming_compiles_what_a_demo_uses_and_says_how_far_it_is(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.nice", lambda by: 0)
    assert cli.main(["warm", "overfit"]) == 0
    assert readiness.is_warm("overfit")
    last = capfd.readouterr().out.splitlines()[-1]
    done, total = last.removesuffix(" ready").split("/")
    assert done == total
    assert cli.main(["warm", "overfit"]) == 0
    out, err = capfd.readouterr()
    assert out == "0/0 ready\n", "the line that the app reads"
    assert "compiled already" in err


def test_on_a_terminal_a_demo_without_kernels_is_told_in_words(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert cli.main(["warm", "softmax"]) == 0
    out, err = capfd.readouterr()
    assert "0/0" not in out
    assert "no kernels to compile" in err


def test_explorers_have_nothing_to_compile() -> None:
    assert readiness.is_warm("softmax")
