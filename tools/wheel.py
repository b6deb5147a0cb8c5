"""Builds a wheel whose kernels are compiled, so that the first demo starts at once.

    python tools/wheel.py DIR [--demos NAME ...]

The kernels are for any x86-64 processor since 2013 (x86-64-v3), or any aarch64, whichever this
machine is, and for the versions of Numba, llvmlite and NumPy that are installed here; elsewhere
the program compiles as if there were none. A list of their SHA-256 goes with them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from demos import catalog  # noqa: E402 - run as a file, it must find the checkout first
from demos.engine import kernel_files, processor  # noqa: E402
from hatch_build import VARIABLE  # noqa: E402

# Run for the processor that the environment names.
COMPILE = """
import sys
from tutor.lab.compilation import recipes
for kernel in recipes.compile_all(recipes.tasks(sys.argv[1:], "all")):
    print("compiled", kernel, flush=True)
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Build it, say where it is and how large, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=_Plain)
    parser.add_argument("folder", type=Path, metavar="DIR", help="where the wheel goes")
    parser.add_argument("--demos", nargs="+", metavar="NAME", help="only these demos' kernels")
    given = parser.parse_args(arguments)
    unknown = set(given.demos or ()) - set(catalog.names())
    if unknown:
        parser.error(f"there is no demo named {', '.join(sorted(unknown))}")
    if not processor.baseline():
        parser.error("kernels are shipped for x86-64 and aarch64 only")
    with tempfile.TemporaryDirectory() as folder:
        kernels = Path(folder)
        compile_into(kernels, given.demos or catalog.names())
        size = write_manifest(kernels)
        wheel = build(given.folder, kernels)
    print(f"{wheel} ({wheel.stat().st_size / 1e6:.1f} MB, kernels {size / 1e6:.1f} MB unpacked)")
    return 0


class _Plain(argparse.RawDescriptionHelpFormatter):
    """The description as it stands above."""


def compile_into(folder: Path, demos: Sequence[str]) -> None:
    """Compile what the demos use for any processor of this kind. Raises CalledProcessError."""
    environment = os.environ | processor.baseline() | {"NUMBA_CACHE_DIR": str(folder)}
    command = [sys.executable, "-c", COMPILE, *demos]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


def write_manifest(folder: Path) -> int:
    """List the SHA-256 of each file, and return how many bytes they have."""
    files = {path.name: path.read_bytes() for path in sorted(folder.glob("*.kernel"))}
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    (folder / kernel_files.MANIFEST).write_text(json.dumps(digests, indent=1) + "\n")
    return sum(map(len, files.values()))


def build(folder: Path, kernels: Path) -> Path:
    """Build the wheel with those kernels. Raises CalledProcessError."""
    folder.mkdir(parents=True, exist_ok=True)
    before = {path: path.stat().st_mtime_ns for path in folder.glob("*.whl")}
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d"]
    environment = os.environ | {VARIABLE: str(kernels)}
    subprocess.run([*command, str(folder.resolve())], cwd=ROOT, env=environment, check=True)
    return next(
        path for path in folder.glob("*.whl") if before.get(path) != path.stat().st_mtime_ns
    )


if __name__ == "__main__":
    raise SystemExit(main())
