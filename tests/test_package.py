"""An update, or an uninstall, of the program while it runs."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import tutor

SCRIPT = """
import pathlib, shutil, sys
from tutor import cli, package
here = pathlib.Path(package.__file__).parent
assert not package.exchanged(), "nothing has happened yet"
match sys.argv[1]:
    case "gone":
        shutil.rmtree(here)
    case "emptied":
        for file in here.rglob("*.py"):
            file.unlink()
    case "one gone":
        (here / "package.py").unlink()
    case "newer":
        (here / "errors.py").write_text((here / "errors.py").read_text() + "# newer")
    case "another":
        (here / "another.py").touch()
assert package.exchanged()
print(package.explained(ImportError("cannot import name 'x'")))
"""


@pytest.mark.parametrize("how", ["gone", "emptied", "one gone", "newer", "another"])
def test_it_is_told_in_words(how: str, tmp_path: Path) -> None:
    copy = tmp_path / "tutor"
    shutil.copytree(Path(tutor.__file__).parent, copy, ignore=shutil.ignore_patterns("ui", "*.pyc"))
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, how],
        check=False,
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.stderr == ""
    assert done.stdout.startswith("The tutor was updated while it ran\n")
    assert "Start it again" in done.stdout
