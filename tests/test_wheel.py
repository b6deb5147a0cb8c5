"""The wheel holds everything: built, installed into an empty environment and run from there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter that has the wheel's files and, for the rest, only our dependencies."""
    folder = tmp_path_factory.mktemp("env")
    venv.create(folder, with_pip=False)
    site = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    # A path file adds the dependencies but does not run their own path files, so an editable
    # install of this checkout stays out of sight.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def run(python: Path, cwd: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "TUTOR_DATA_DIR": str(cwd / "data"), "TERM": "dumb"}
    environment.pop("PYTHONPATH", None)
    return subprocess.run(
        [str(python), "-m", "tutor", *words],
        cwd=cwd, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL,
        check=False,
    )  # fmt: skip


def test_the_wheel_runs_without_the_checkout(python: Path, tmp_path: Path) -> None:
    """Content, migrations and styles are inside, and none is taken from the checkout."""
    where = subprocess.run(
        [str(python), "-c", "import tutor; print(tutor.__file__)"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert str(ROOT) not in where.stdout

    checked = run(python, tmp_path, "check", "--json")
    assert checked.returncode == 0, checked.stderr
    assert json.loads(checked.stdout)["cards"] >= 40

    waiting = run(python, tmp_path, "due", "--json")
    assert waiting.returncode == 0, waiting.stderr
    assert json.loads(waiting.stdout)["new"] > 0

    demo = run(python, tmp_path, "demo", "softmax", "--headless", "--json")
    assert demo.returncode == 0, demo.stderr
    assert json.loads(demo.stdout)["demo"] == "softmax"


def test_the_wheel_ships_what_the_program_reads(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for part in ("tutor/_content/", "tutor/store/migrations/", "demos/engine/"):
        assert any(name.startswith(part) for name in names), part
    assert any(name.endswith(".tcss") for name in names)
    assert not any(name.startswith("tests/") for name in names)
