"""Compiled kernels: damaged ones are compiled anew, and only ours are loaded."""

from __future__ import annotations

import os
import random
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from demos import sealing
from tutor import paths
from tutor.lab.compilation import stamps

RUN = """
import numpy as np
from demos.engine.kernel import kernel

@kernel
def twice(x):
    return 2.0 * x

assert twice(np.ones(3))[0] == 2.0 and twice(4.0) == 8.0
print(sum(twice.stats.cache_misses.values()))
"""


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program with one kernel, compiled for two types into a cache of its own."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "kernels"))
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    file = tmp_path / "program.py"
    file.write_text(RUN)
    assert compiled(file) == 2
    assert compiled(file) == 0
    return file


def compiled(file: Path) -> int:
    """How many times the program's kernel is compiled in a new process."""
    done = subprocess.run([sys.executable, file], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return int(done.stdout)


def kernels(folder: Path) -> list[Path]:
    return sorted(file for pattern in sealing.KERNEL_FILES for file in folder.glob(pattern))


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
    assert compiled(program) == 2


def test_a_sealed_file_of_another_kind_is_compiled_anew(program: Path) -> None:
    for file in kernels(program.parent / "kernels"):
        file.write_bytes(sealing.sealed(b"no pickle"))
    assert compiled(program) == 2


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
    assert compiled(program) == 2


def test_stamps_go_with_damaged_kernels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    (tmp_path / "engine_1").mkdir()
    sound, broken = tmp_path / "engine_1" / "a.nbi", tmp_path / "engine_1" / "a.1.nbc"
    sound.write_bytes(sealing.sealed(b"x"))
    stamps.keep_stamp("boundary")
    assert stamps.sweep() == 0
    assert stamps.is_warm("boundary")
    broken.write_bytes(b"")
    assert stamps.sweep() == 1
    assert (sound.exists(), broken.exists(), stamps.is_warm("boundary")) == (True, False, False)


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
