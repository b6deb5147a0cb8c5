"""What whole commands cost in this tree and in another: CPU time, in turns, the least of several.

    python -m tools.commands OTHER_PYTHON [--rounds N] [--content PATH] [--only COMMAND]

OTHER_PYTHON is the interpreter of an environment that holds the other build. Both read the same
decks (PATH, by default those of the other build), and each writes its answers, its cache and its
compiled modules into folders of its own; the first run of each is not counted.
It prints milliseconds of user and system time; nothing is asserted.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

COMMANDS: dict[str, tuple[list[str], str]] = {
    "due": (["due"], ""),
    "stats": (["stats"], ""),
    "study --plain": (["study", "--plain"], ""),
    "quiz --plain": (["quiz", "--plain", "--count", "1"], ""),
    "check": (["check"], ""),
}
"""A name, the arguments, and what is typed: nothing, so a session ends at its first card."""


def cpu_ms(command: Sequence[str], typed: str, environment: dict[str, str]) -> float:
    """The user and system milliseconds of one run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        command,
        check=False,
        input=typed,
        text=True,
        env=environment,
        cwd=environment["HOME"],
        capture_output=True,
    )
    if done.returncode > 1:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}: {done.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return spent * 1000


def bundled(python: str) -> str:
    """The folder of the decks that come with that build."""
    code = "import content; print(next(iter(content.__path__)))"
    out = subprocess.run(
        [python, "-c", code], capture_output=True, text=True, check=True, cwd=os.sep
    )
    return out.stdout.strip()


def home(folder: Path) -> dict[str, str]:
    """An environment in which all that a run writes lies in `folder`."""
    folder.mkdir()
    places = {f"XDG_{kind}_HOME": str(folder / kind) for kind in ("CACHE", "DATA", "CONFIG")}
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    compiled = {"PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    return {**inherited, **places, **compiled, "HOME": str(folder)}


def compare(pythons: dict[str, str], content: str, rounds: int, only: Sequence[str]) -> None:
    """Print a line for each command: the least milliseconds of each build, and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        homes = {name: home(Path(folder) / name) for name in pythons}
        for title in only:
            arguments, typed = COMMANDS[title]
            decks = ["--no-bundled", "--content", content]
            least: dict[str, float] = {}
            for turn in range(rounds + 1):
                for name, python in pythons.items():
                    command = [python, "-P", "-m", "tutor", *arguments, *decks]
                    spent = cpu_ms(command, typed, homes[name])
                    if turn:
                        least[name] = min(spent, least.get(name, spent))
            here, other = least["this"], least["other"]
            print(f"{title:14} other {other:6.0f}   this {here:6.0f}   x{here / other:.2f}")


def main() -> None:
    """Compare this interpreter's build with another's."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("other", help="the interpreter of the other build")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--content", help="the decks that both read")
    parser.add_argument("--only", action="append", choices=list(COMMANDS), help="not all commands")
    args = parser.parse_args()
    pythons = {"other": args.other, "this": sys.executable}
    content = args.content or bundled(args.other)
    compare(pythons, content, args.rounds, args.only or list(COMMANDS))


if __name__ == "__main__":
    main()
