"""Compiled kernels: damaged ones are compiled anew, and only ours are loaded."""

from __future__ import annotations

import os
import platform
import random
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from demos.engine import kernel_files
from tutor import paths
from tutor.lab.compilation import readiness

RUN = """
import sys
import numpy as np
from demos.engine.emitting import Array, each
from demos.engine.kernel import Kernel, kernel, kernel_of
from demos.engine.values import Value

def _double(x: Array, y: Array) -> None:
    with each(0, x.length) as i:
        y.store(x.load(i) * 2.0, i)

@kernel_of(_double)
def double(x, y) -> None:
    pass

@kernel
def total(x) -> float:
    sum = 0.0
    for i in range(x.size):
        sum += x[i]
    return sum

compiled, compile = [], Kernel.compile
Kernel.compile = lambda kernel, types: compiled.append(kernel.name) or compile(kernel, types)


for dtype in (np.float64, np.float32):
    x, y = np.ones((2, 3), dtype)
    double(x, y)
    assert (y == 2.0).all()
assert total(np.ones(3)) == 3.0
print(len(compiled), "numba" in sys.modules, "llvmlite" in sys.modules)
"""


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program with two kernels, one of them for two types, compiled into a cache of its own."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "kernels"))
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    file = tmp_path / "program.py"
    file.write_text("from __future__ import annotations\n" + RUN)
    assert compiled(file) == 3
    assert compiled(file) == 0
    return file


def compiled(file: Path) -> int:
    """How many times the program's kernel is compiled in a new process."""
    done = subprocess.run([sys.executable, file], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    count, with_numba, with_llvm = done.stdout.split()
    if count in {"0", "3"}:
        assert with_numba == str(count == "3"), "Numba is there only where it compiles"
    if count == "0" and sys.platform.startswith("linux") and platform.machine() == "x86_64":
        assert with_llvm == "False", "so is LLVM, where its object files are placed without it"
    return int(count)


def kernels(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.kernel"))


def damage(data: bytes, rng: random.Random) -> bytes:
    place = rng.randrange(len(data))
    return rng.choice([
        b"", data[:place], b"\x00" * len(data),
        data[:place] + bytes([data[place] ^ 1 << rng.randrange(8)]) + data[place + 1 :],
    ])  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_damage_is_noticed_and_compiled_anew_once(seed: int, program: Path) -> None:
    rng = random.Random(seed)
    files = kernels(program.parent / "kernels")
    assert len(files) == 3
    for file in files if seed % 2 else [rng.choice(files)]:
        file.write_bytes(damage(file.read_bytes(), rng))
    assert compiled(program) >= 1
    assert compiled(program) == 0


def test_a_kernel_that_others_could_write_is_not_loaded(program: Path) -> None:
    for file in kernels(program.parent / "kernels"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        file.chmod(0o666)
    assert compiled(program) == 3


def test_a_sealed_file_of_another_kind_is_compiled_anew(program: Path) -> None:
    for file in kernels(program.parent / "kernels"):
        file.write_bytes(file.read_bytes().replace(b"kernel 1", b"kernel 0"))
    assert compiled(program) == 3


def test_options_of_the_present_folder_are_not_read(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Numba looks for options where a program is started, and again when it compiles."""
    folder = tmp_path / "decks"
    folder.mkdir()
    (folder / ".numba_config.yaml").write_text("disable_jit: 1\n")
    (tmp_path / "yaml.py").write_text("def safe_load(file):\n    return {'disable_jit': 1}\n")
    monkeypatch.chdir(folder)
    assert compiled(program) == 0, "the kernels are used as they are"
    shutil.rmtree(tmp_path / "kernels")
    assert compiled(program) == 3


def test_damaged_kernels_are_swept_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    kernel_files.keep("batches.deal", "[]", b"code")
    kernel_files.keep("batches.deal", "[1]", b"code")
    assert (kernel_files.find("batches.deal", "[]"), readiness.sweep()) == (b"code", 0)
    sound, broken = (
        tmp_path / kernel_files.name_of("batches.deal", text) for text in ("[]", "[1]")
    )
    broken.write_bytes(b"")
    readiness.news()
    assert readiness.sweep() == 1
    assert (sound.exists(), broken.exists()) == (True, False)
    assert (readiness.news(), readiness.news()) == (readiness.DAMAGED, ""), "told once"


@pytest.mark.parametrize("changed", ["NUMBA_CPU_NAME", "version", "source", "types"])
def test_a_kernel_is_only_found_for_what_it_was_compiled_for(
    changed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    kernel_files.keep("batches.deal", "[]", b"code")
    assert kernel_files.is_kept("batches.deal", "[]")
    if changed == "NUMBA_CPU_NAME":
        monkeypatch.setenv(changed, "x86-64")
    elif changed == "version":
        monkeypatch.setattr(kernel_files, "_versions", lambda: ("0.1", "0.2", "0.3"))
    elif changed == "source":
        monkeypatch.setattr(kernel_files, "_salt", lambda: b"other")
    types = "[1]" if changed == "types" else "[]"
    assert not kernel_files.is_there("batches.deal", types)
    assert kernel_files.find("batches.deal", types) is None


def test_a_folder_that_somebody_else_made_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NUMBA_CACHE_DIR")
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    blocked = tmp_path / "blocked"
    blocked.write_text("no folder")
    paths.use_kernel_cache(blocked)
    first = Path(os.environ.pop("NUMBA_CACHE_DIR"))
    assert first.parent == tmp_path
    assert stat.S_IMODE(first.stat().st_mode) == 0o700
    paths.use_kernel_cache(blocked)
    assert Path(os.environ.pop("NUMBA_CACHE_DIR")) == first, "the next start finds it again"
    shutil.rmtree(first)
    first.symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere").mkdir()
    paths.use_kernel_cache(blocked)
    other = Path(os.environ.pop("NUMBA_CACHE_DIR"))
    assert other != first
    assert stat.S_IMODE(other.stat().st_mode) == 0o700
    if os.geteuid() == 0:
        first.unlink()
        first.mkdir(mode=0o777)
        os.chown(first, 65534, 65534)
        paths.use_kernel_cache(blocked)
        assert Path(os.environ.pop("NUMBA_CACHE_DIR")) != first
