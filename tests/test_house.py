"""The rules of the house hold: types, style, spelling, and who may import whom."""

from __future__ import annotations

import ast
import statistics
import subprocess
import sys
from collections.abc import Iterator
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


def contract(folder: Path, *lines: str) -> subprocess.CompletedProcess[str]:
    """One contract of import-linter, held against the house as it stands."""
    config = folder / "contracts.ini"
    config.write_text(
        "[importlinter]\nroot_packages =\n    tutor\n    demos\n    tests\n"
        "[importlinter:contract:1]\nname = must break\n" + "\n".join(lines) + "\n",
        encoding="utf-8",
    )
    return python(*LINT_IMPORTS, "--config", str(config))


def test_a_circle_is_seen(tmp_path: Path) -> None:
    """The same contract as for the rooms, where there is a circle on purpose."""
    done = contract(tmp_path, "type = acyclic_siblings", "ancestors = tests.circle")
    assert done.returncode == 1
    assert "No cycles are allowed in tests.circle" in done.stdout


def test_the_layers_of_the_app_can_be_broken(tmp_path: Path) -> None:
    done = contract(
        tmp_path, "type = layers", "layers =", "    tutor.ui.widgets", "    tutor.ui.screens"
    )
    assert done.returncode == 1
    assert "must break BROKEN" in done.stdout


MOST_LINES = 400
LONGEST_FUNCTION, MEDIAN_FUNCTION, P90_FUNCTION = 60, 8, 25
HOUSE = [*ROOT.glob("tutor/**/*.py"), *ROOT.glob("demos/**/*.py")]


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Each function of a file with its lines, from `def` to its end."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            yield f"{path.relative_to(ROOT)}:{node.name}", node.end_lineno - node.lineno + 1


def test_files_and_functions_are_small() -> None:
    tests = ROOT.glob("t*s/**/*.py")
    files = {str(path): path.read_text("utf-8").count("\n") for path in [*HOUSE, *tests]}
    assert {path: lines for path, lines in files.items() if lines > MOST_LINES} == {}
    lengths = dict(pair for path in HOUSE for pair in functions(path))
    assert {name: n for name, n in lengths.items() if n > LONGEST_FUNCTION} == {}
    ordered = sorted(n for path in HOUSE for _, n in functions(path))
    assert statistics.median(ordered) <= MEDIAN_FUNCTION
    assert ordered[len(ordered) * 9 // 10] <= P90_FUNCTION


_STANDARD = {"sys.stdout", "sys.stderr", "sys.__stdout__", "sys.__stderr__"}


def prints(tree: ast.AST) -> Iterator[int]:
    """The lines in which something is written to stdout or stderr, or to a file of any name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in {"print", "input"}:
            yield node.lineno
        elif isinstance(node, ast.Attribute):
            owner = ast.unparse(node.value)
            if (
                owner in _STANDARD and node.attr in {"write", "writelines", "buffer"}
            ) or f"{owner}.{node.attr}" in {"os.write", "rich.print", "warnings.warn"}:
                yield node.lineno


def test_all_text_goes_out_through_one_function() -> None:
    """Only `tutor/text/printing.py` writes to stdout and stderr: there everything is cleaned."""
    assert list(prints(ast.parse("import sys\nsys.stderr.write('x')\nprint('x')"))) == [2, 3]
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for room in ("tutor", "demos")
        for path in sorted((ROOT / room).rglob("*.py"))
        for line in prints(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []
