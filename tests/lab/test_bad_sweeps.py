"""Plans that cannot be: each is told in a sentence, with status 2, before anything runs."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from demos import catalog
from tutor import cli
from tutor.lab.sweep import running

OWN = {**catalog.spec("xor").defaults()}
GOOD = {"knobs": OWN, "seed": 0, "measured": {"solved": 1.0}, "finite": True, "holds": True}
HEAD = "hidden_units,activation,learning_rate,init_scale,seed,solved,finite,holds\n"

PLANS = {
    "--over learning_rate=1e-3..100:log:5": "cannot be '100'. It takes a number from 0.001 to 10",
    "--over init_scale=0": "init_scale cannot be '0'. It takes a number from 0.01 to 10",
    "--over hidden_units=2,2.5": "cannot be '2.5'. It takes a whole number from 1 to 8",
    "--over hidden_units=1.5..3:lin:3": "cannot be '1.5'. It takes a whole number",
    "--over learning_rate=nan..1:lin:5": "cannot be 'nan'",
    "--over learning_rate=0.1..inf:lin:5": "cannot be 'inf'",
    "--over learning_rate=1,,2": "cannot be ''",
    "--over activation=tanh,bogus": "cannot be 'bogus'. It takes one of tanh, sigmoid, relu",
    "--over activation=tanh..relu:lin:2": "No numbers between",
    "--over nonsense=1,2": "no knob 'nonsense'. Knobs: hidden_units, activation, learning_rate",
    "--over learning_rat=1": "no knob 'learning_rat'. Did you mean learning_rate?",
    "--over =1": "no knob ''",
    "--over learning_rate": "'learning_rate' has no values. Write KNOB=A..B:log:N",
    "--over learning_rate=0.1..1:cube:5": "'0.1..1:cube:5' cannot be read. Write KNOB=A..B:log:N",
    "--over learning_rate=0.1..1": "'0.1..1' cannot be read",
    "--over learning_rate=1..0.1:log:5": "begins at its larger end. Write 0.1..1:log:5",
    "--over learning_rate=0..1:log:5": "'0..1:log:5' reaches 0. Begin above 0, or use lin",
    "--over learning_rate=-1..1:log:5": "'-1..1:log:5' reaches 0",
    "--over learning_rate=0.1..1:lin:-4": "-4 of learning_rate. Take 1 to 100,000",
    "--over init_scale=0.1..1:lin:1000 --over learning_rate=0.1..1:lin:1000":
        "1,000,000 cells of 3 seeds are 3,000,000 runs. At most 100,000 cells",
    "--over init_scale=1,2 --over init_scale=3": "swept twice init_scale",
    "--compare init_scale=1": "'init_scale=1' has 1 value. Write KNOB=A,B",
    "--compare init_scale=1,1.0": "has 1 value",
    "--compare init_scale=1,2,3": "has 3 values",
    "--compare init_scale=1,2 --over init_scale=1,2": "swept twice init_scale",
    "--compare foo=1,2": "no knob 'foo'",
    "--compare init_scale=1,99": "cannot be '99'",
    "--set foo=1": "no knob 'foo'",
    "--set init_scale=99": "cannot be '99'",
    "--set init_scale=1 --over init_scale=1,2": "set and swept init_scale",
    "--seeds 0": "--seeds is 0. Give at least 1",
    "--seeds -1": "'-1' is not a whole number",
    "--seeds 1000000000": "1 cell of 1,000,000,000 seeds are 1,000,000,000 runs",
    "--workers 0": "No such number of workers 0. Give 1 to 1024",
    "--metric sloved": "measures no 'sloved'. There are: solved, right, loss, late_fall, holds",
    "--metric ''": "--metric is empty",
    "--engine dask": "--engine dask needs one. Add --cluster tcp://HOST:PORT",
    "--cluster tcp://127.0.0.1:1 --engine threads": "--engine threads has no cluster",
    "--cluster ''": "--cluster is empty",
    "--csv rows.txt": "'rows.txt'. Give it the ending .csv",
    "--csv none/rows.csv": "no folder",
    "--csv folder.csv": "folder.csv is a folder",
    "--csv ''": "--csv is empty",
    "--resume folder.csv": "folder.csv is a folder",
    "--resume full": "full is no ordinary file",
    "--csv a.csv --resume b.csv": "b.csv and a.csv. Name one",
}  # fmt: skip


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(running.Sweep, "run", lambda *_: pytest.fail("it ran"))
    Path("folder.csv").mkdir()
    Path("full").symlink_to("/dev/full")


def refused(words: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What is told of a plan, as one line; that it ends with status 2 and prints nothing else."""
    seeds = "" if "--seeds" in words else "--seeds 3"
    assert cli.main(["sweep", "xor", *shlex.split(f"{words} {seeds}")]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    return " ".join(err.split())


@pytest.mark.parametrize("words", PLANS)
def test_a_plan_that_cannot_be_is_told(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert PLANS[words] in refused(words, capsys)


LINES = {
    "other knobs.jsonl": json.dumps({**GOOD, "knobs": {**OWN, "hidden_units": 3}}),
    "of a later version.jsonl": json.dumps({**GOOD, "knobs": {**OWN, "momentum": 0.9}}),
    "with more fields.jsonl": json.dumps({**GOOD, "version": 9}),
    "without a field.jsonl": json.dumps({k: v for k, v in GOOD.items() if k != "finite"}),
    "out of range.jsonl": json.dumps({**GOOD, "knobs": {**OWN, "hidden_units": 99}}),
    "negative.jsonl": json.dumps({**GOOD, "seed": -1}),
    "half a seed.jsonl": json.dumps({**GOOD, "seed": 0.5}),
    "words.jsonl": json.dumps({**GOOD, "measured": {"solved": "yes"}}),
    "a word for a flag.jsonl": json.dumps({**GOOD, "finite": "no"}),
    "of another demo.jsonl": json.dumps({**GOOD, "knobs": {"points": 60}}),
    "a list.jsonl": "[1, 2]",
    "deep.jsonl": "[" * 100_000,
    "noise.jsonl": "\x00\x01\x02",
    "noise.csv": f"{HEAD}\x00\x01",
    "of another demo.csv": "a,b,c\n1,2,3",
    "short.csv": f"{HEAD}2,tanh,1",
    "long.csv": f"{HEAD}2,tanh,1,1,0,1,1,1,9",
    "a word for a flag.csv": f"{HEAD}2,tanh,1,1,0,1,yes,1",
    "a NUL.csv": f"{HEAD}2,tanh,1,1,0,\x00,1,1",
}


@pytest.mark.parametrize("name", LINES)
def test_a_file_that_is_not_of_this_sweep_is_told_and_stays_as_it_is(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Even its end, which has no line feed as if it had been cut short."""
    text = f"{LINES[name]}\nand more"
    Path(name).write_text(text, encoding="utf-8")
    words = " ".join(refused(f"--resume {shlex.quote(name)}", capsys).split())
    assert f"Line {2 if name.endswith('.csv') else 1} of {name}" in words
    assert Path(name).read_text(encoding="utf-8") == text
