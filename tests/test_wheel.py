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

from demos.engine import kernel_files, processor
from tutor.lab.compilation import readiness

ROOT = Path(__file__).resolve().parent.parent
DEMO = "boundary"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel with the kernels of one demo."""
    if not processor.shipped_identity():
        pytest.skip("this processor does not run the kernels that are shipped")
    folder = tmp_path_factory.mktemp("compiled")
    command = [sys.executable, str(ROOT / "tools" / "wheel.py"), str(folder), "--demos", DEMO]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter that has the wheel's files and, for the rest, only our dependencies."""
    return installed(wheel, tmp_path_factory.mktemp("env"))


def installed(wheel: Path, folder: Path) -> Path:
    venv.create(folder, with_pip=False)
    site = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    # A path file adds the dependencies but does not run their own path files, so an editable
    # install of this checkout stays out of sight.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def run(python: Path, cwd: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "TUTOR_DATA_DIR": str(cwd / "data"),
        "TUTOR_CACHE_DIR": str(cwd / "cache"),
        "TERM": "dumb",
    }
    for name in ("PYTHONPATH", "NUMBA_CACHE_DIR"):
        environment.pop(name, None)
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


def test_only_a_wheel_of_our_own_tool_has_kernels(wheel: Path, compiled: Path) -> None:
    plain, more = zipfile.ZipFile(wheel).namelist(), zipfile.ZipFile(compiled).namelist()
    assert wheel.name.endswith("-any.whl")
    assert not compiled.name.endswith("-any.whl"), "it is for one kind of machine"
    added = [name for name in set(more) - set(plain) if ".dist-info/" not in name]
    assert len(added) > 1
    assert {name.rpartition("/")[0] for name in added} == {"demos/engine/kernels"}
    assert compiled.stat().st_size - wheel.stat().st_size < 5_000_000


def shipped(python: Path) -> list[Path]:
    return sorted(python.parents[1].rglob(f"kernels/*{kernel_files.SUFFIX}"))


def made(folder: Path) -> int:
    """How many kernels a run compiled into its own cache."""
    return len(list((folder / "cache").rglob(f"*{kernel_files.SUFFIX}")))


def run_demo(python: Path, folder: Path) -> str:
    """Run the demo, and return what it said besides its report."""
    folder.mkdir()
    done = run(python, folder, "demo", DEMO, "--headless", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["demo"] == DEMO
    return done.stderr


def test_a_demo_of_such_a_wheel_compiles_nothing(compiled: Path, tmp_path: Path) -> None:
    python = installed(compiled, tmp_path / "env")
    assert run_demo(python, tmp_path / "run") == ""
    assert made(tmp_path / "run") == 0
    # What a group may write is as the installer left it; what everybody may write is not ours.
    folder = shipped(python)[0].parent
    folder.chmod(0o775)
    run_demo(python, tmp_path / "group")
    assert made(tmp_path / "group") == 0


def test_kernels_that_the_list_does_not_have_are_thrown_away(
    compiled: Path, tmp_path: Path
) -> None:
    """Changed ones, with a digest that fits, and ones that were added."""
    python = installed(compiled, tmp_path / "env")
    files = shipped(python)
    for file in files:
        code = kernel_files.unsealed(file.read_bytes())
        assert code
        file.write_bytes(kernel_files.sealed(code[:-1] + bytes([code[-1] ^ 1])))
    added = files[0].with_name(f"other-0{kernel_files.SUFFIX}")
    added.write_bytes(kernel_files.sealed(b"x"))
    assert readiness.DAMAGED in run_demo(python, tmp_path / "run")
    assert shipped(python) == []
    assert made(tmp_path / "run") == len(files)
    assert run_demo(python, tmp_path / "again") == ""


def test_other_versions_of_the_compilers_compile_without_a_word(
    compiled: Path, tmp_path: Path
) -> None:
    python = installed(compiled, tmp_path / "env")
    other = shipped(python)[0].parents[3] / "numba-0.0.1.dist-info"
    other.mkdir()
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: numba\nVersion: 0.0.1\n")
    assert run_demo(python, tmp_path / "run") == ""
    assert made(tmp_path / "run") > 0
    assert shipped(python), "they are nobody's fault"
