"""The digit reader with what is not synthetic: the learner's own files, and drawings."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest

from demos import catalog
from demos.base import Value
from demos.digits import TEST, Run
from demos.engine import digits
from demos.views import Frame, Panel, Raster, Text
from tutor import paths
from tutor.lab.experiment import Experiment


def experiment(**knobs: Value) -> Experiment:
    return Experiment("digits", {**catalog.spec("digits").defaults(), "digits": 400, **knobs})


def words(frame: Frame) -> str:
    """All texts of a frame in one line."""
    panels: list[Panel] = [frame.picture, *frame.side]
    return " ".join(line for p in panels if isinstance(p, Text) for line, _ in p.lines)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """IDX files written from synthetic digits of another seed."""
    X, y = digits.make(400 + TEST, 28, seed=9)
    pixels = np.rint(X * 255).astype(np.uint8)
    head = struct.pack(">IIII", 0x803, len(y), 28, 28)
    folder = tmp_path / "mnist"
    folder.mkdir()
    (folder / "train-images-idx3-ubyte.gz").write_bytes(gzip.compress(head + pixels.tobytes()))
    labels = struct.pack(">II", 0x801, len(y)) + y.astype(np.uint8).tobytes()
    (folder / "train-labels-idx1-ubyte").write_bytes(labels)
    return folder


@pytest.mark.parametrize("data", ["own", "both"])
def test_files_in_the_data_folder_are_learnt_and_read(
    data: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TUTOR_MNIST", "")
    monkeypatch.delenv("TUTOR_MNIST")
    paths.use_digits(folder.parent)
    run = experiment(data=data)
    assert isinstance(run.run, Run)
    assert run.frame().picture.title.startswith("your digits: ")
    run.advance(400)
    assert run.run.measured()["own_digits"] == 1.0
    assert run.run.measured()["accuracy"] > 0.6


def test_what_cannot_be_read_is_told_and_synthetic_digits_take_its_place(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = experiment(data="own")
    assert "names no folder" in words(missing.frame())
    assert missing.run.measured()["own_digits"] == 0.0
    monkeypatch.setenv("TUTOR_MNIST", str(folder))
    (folder / "train-images-idx3-ubyte.gz").write_bytes(b"\x1f\x8bnonsense")
    assert "damaged gzip file" in words(experiment(data="own", digits=300).frame())


@pytest.mark.parametrize("model", ["784-16-16-10", "CNN"])
def test_a_drawing_is_prepared_as_the_generator_prepares_its_digits(model: str) -> None:
    X, y = digits.make(200, 28, seed=77)
    run = experiment(model=model, digits=2000)
    run.advance(400)
    right = 0
    for image, label in zip(X.reshape(-1, 28, 28), y, strict=True):
        # As one would draw it: coarse, and in a corner of the paper.
        corner = np.zeros((20, 24))
        corner[:14, 10:] = digits.shrink(image[None], 14)[0]
        run.draw(corner)
        picture = run.frame().picture
        assert isinstance(picture, Raster)
        right += run.frame().status.startswith(f"reads {label}")
    assert right / len(y) > 0.7


def test_a_drawing_stays_when_the_run_begins_anew_and_changes_nothing_else() -> None:
    run, other = experiment(), experiment()
    run.draw(np.eye(14))
    for begin in (run.rewind, lambda: run.reseed(1)):
        begin()
        assert run.frame().picture.title == "your drawing, as it is seen"
    run.reseed(0)
    run.advance(40)
    other.advance(40)
    assert run.run.measured() == other.run.measured()
    run.draw(None)
    assert run.frame().picture.title == other.frame().picture.title
    assert run.frame().status == other.frame().status


def test_an_empty_drawing_is_blank_paper() -> None:
    run = experiment()
    run.draw(np.zeros((14, 14)))
    picture = run.frame().picture
    assert isinstance(picture, Raster)
    assert picture.values.max() == 0.0
