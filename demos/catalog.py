"""The list of demos, read without running any: names, specs, and the class on demand.

`SPEC = Spec(...)` is built from the file's syntax tree, so that listing the demos and checking a
deck's links import neither NumPy nor Numba.
"""

from __future__ import annotations

import ast
import importlib
from functools import cache
from pathlib import Path
from typing import Any

from demos import base

FOLDER = Path(__file__).resolve().parent
NOT_DEMOS = frozenset({"__init__", "base", "catalog", "sweep", "views"})
CONSTRUCTORS = {
    c.__name__: c
    for c in (
        base.Spec, base.Int, base.Real, base.Choice, base.Flag, base.Cells, base.Line, base.Ask,
        base.Dare,
    )
}  # fmt: skip


class SpecError(ValueError):
    """A demo file whose `SPEC` cannot be read as plain data; says where and why."""


def names() -> list[str]:
    """The demos in alphabetical order: `parameter-count` is `demos/parameter_count.py`."""
    return sorted(
        path.stem.replace("_", "-") for path in FOLDER.glob("*.py") if path.stem not in NOT_DEMOS
    )


def source(name: str) -> Path:
    """The file of a demo. Raises KeyError when there is none of that name."""
    if name not in names():
        raise KeyError(name)
    return FOLDER / f"{name.replace('-', '_')}.py"


@cache
def spec(name: str) -> base.Spec:
    """The plain data of a demo. Raises KeyError for an unknown name, SpecError for a bad file."""
    path = source(name)
    found = read_spec(path.read_text(encoding="utf-8"), path.name)
    if found.name != name:
        raise SpecError(f"{path.name}: SPEC says {found.name!r}, the file's name says {name!r}")
    return found


def read_spec(text: str, file: str) -> base.Spec:
    """The `SPEC` of a demo's source text; `file` is only used to say where an error is."""
    try:
        tree = ast.parse(_statement(text) or text)
    except SyntaxError as error:
        raise SpecError(f"{file}:{error.lineno}: {error.msg}") from error
    for node in tree.body:
        if isinstance(node, ast.Assign) and _names_spec(node.targets[0]):
            built = _built(node.value, file)
            if isinstance(built, base.Spec):
                return built
    raise SpecError(f"{file}: no top-level `SPEC = Spec(...)`")


def run_class(name: str) -> type[base.Run]:
    """The class `Run` of a demo; imports its module, and with it NumPy and perhaps Numba."""
    module = importlib.import_module(f"demos.{source(name).stem}")
    run: type[base.Run] = module.Run
    return run


@cache
def sources(name: str) -> tuple[Path, ...]:
    """The files that a demo is made of: its own, then those of the engine that it uses."""
    found = [source(name)]
    for path in found:
        found += [used for used in _engine_files(path) if used not in found]
    return tuple(found)


def has_kernels(name: str) -> bool:
    """Whether a demo uses the engine, so that its first start has something to compile."""
    return bool(_engine_files(source(name)))


@cache
def _engine_files(path: Path) -> tuple[Path, ...]:
    """The engine's modules that a file imports; imports stand at its top level."""
    found: list[Path] = []
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("demos.engine"):
            package = FOLDER.parent / str(node.module).replace(".", "/")
            candidates = [package.with_suffix(".py")]
            candidates += [package / f"{alias.name}.py" for alias in node.names]
            found += [file for file in candidates if file.is_file()]
    return tuple(found)


def _statement(text: str) -> str:
    """`SPEC = ...` alone, on its own lines: to read the whole file costs ten times as much."""
    lines = text.splitlines()
    start = next((i for i, line in enumerate(lines) if line.startswith("SPEC")), None)
    if start is None:
        return ""
    end = start + 1
    while end < len(lines) and (not lines[end] or lines[end][0] in " )]}"):
        end += 1
    return "\n" * start + "\n".join(lines[start:end])


def _names_spec(target: ast.expr) -> bool:
    return isinstance(target, ast.Name) and target.id == "SPEC"


def _built(node: ast.expr, file: str) -> Any:
    """The value of a literal expression in which only the spec's constructors may be called."""
    if isinstance(node, ast.Call):
        return _called(node, file)
    if isinstance(node, ast.Tuple | ast.List):
        return tuple(_built(item, file) for item in node.elts)
    try:
        return ast.literal_eval(node)
    except ValueError as error:
        raise SpecError(f"{file}:{node.lineno}: SPEC may hold literals only") from error


def _called(node: ast.Call, file: str) -> Any:
    function = node.func.id if isinstance(node.func, ast.Name) else ""
    if function not in CONSTRUCTORS or any(keyword.arg is None for keyword in node.keywords):
        allowed = ", ".join(CONSTRUCTORS)
        raise SpecError(f"{file}:{node.lineno}: SPEC may call only {allowed}, without * or **")
    arguments = [_built(item, file) for item in node.args]
    options = {str(keyword.arg): _built(keyword.value, file) for keyword in node.keywords}
    try:
        return CONSTRUCTORS[function](*arguments, **options)
    except (TypeError, ValueError) as error:
        raise SpecError(f"{file}:{node.lineno}: {function}: {error}") from error
