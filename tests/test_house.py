"""The rules of the house hold: types, style, spelling, and who may import whom."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LINT_IMPORTS = ["-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"]
RULES = {
    "types": ["-m", "mypy"],
    "lint": ["-m", "ruff", "check", "."],
    "format": ["-m", "ruff", "format", "--check", "."],
    "spelling": ["-m", "codespell_lib"],
    "imports": LINT_IMPORTS,
}


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_of_the_house(rule: str) -> None:
    done = python(*RULES[rule])
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("room", "library"),
    [("tutor.store", "sqlalchemy"), ("tutor.ui", "textual"), ("demos", "numba")],
)
def test_the_contracts_see_the_imports_they_forbid(tmp_path: Path, room: str, library: str) -> None:
    """Each of these imports exists: a contract against it must be broken."""
    config = tmp_path / "contracts.ini"
    config.write_text(
        "[importlinter]\nroot_packages =\n    tutor\n    demos\n"
        "include_external_packages = True\n"
        "[importlinter:contract:1]\nname = must break\ntype = forbidden\n"
        f"source_modules = {room}\nforbidden_modules = {library}\n",
        encoding="utf-8",
    )
    done = python(*LINT_IMPORTS, "--config", str(config))
    assert done.returncode == 1
    assert "must break BROKEN" in done.stdout
