"""Programs that the tutor starts take nothing from the folder in which one works."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

import tutor
from tutor import children
from tutor.lab.sweep.engines import processes

NAMES = ("tutor", "demos", "numpy", "multiprocessing", "encodings", "json", "sitecustomize")


@pytest.fixture
def poisoned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The present folder, in which whatever is imported leaves a file beside it."""
    for name in NAMES:
        (tmp_path / f"{name}.py").write_text("open(__file__ + 'x', 'w').close()\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_program_itself(poisoned: Path) -> None:
    done = subprocess.run([*children.COMMAND, "--version"], capture_output=True, check=True)
    assert done.stdout.decode().split() == ["tutor", tutor.__version__]
    assert list(poisoned.glob("*.pyx")) == []


def test_the_processes_of_a_sweep(poisoned: Path) -> None:
    with processes(1) as pool:
        assert pool.submit(os.getpid).result() != os.getpid()
    assert list(poisoned.glob("*.pyx")) == []
    assert not children.SAFE_PATH.keys() & os.environ.keys()


def test_a_child_elsewhere_finds_the_same_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    given = {"TUTOR_DATA_DIR": "d", "TUTOR_CONTENT": f"a{os.pathsep}b", "PYTHONPATH": os.pathsep}
    assert children.environment(given | {"X": "y", "Z": "z"}, without=["Z"]) == {
        "TUTOR_DATA_DIR": str(tmp_path / "d"),
        "TUTOR_CONTENT": os.pathsep.join([str(tmp_path / "a"), str(tmp_path / "b")]),
        "PYTHONPATH": "",
        "X": "y",
    }


def test_nothing_else_starts_a_python() -> None:
    package = Path(tutor.__file__).parent
    found = [file.name for file in package.rglob("*.py") if "sys.executable" in file.read_text()]
    assert found == ["children.py"]
