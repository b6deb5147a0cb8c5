"""Drives `tutor quiz --plain` as another program would: on pipes, line by line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Timer
from types import TracebackType
from typing import Any, Self

PATIENCE = 60.0


class Quiz:
    """One running quiz. `ask` gives the lines up to the next prompt."""

    def __init__(self, *options: str, data: Path, content: Path, hash_seed: str = "0") -> None:
        command = [sys.executable, "-m", "tutor", "quiz", "--plain", "--no-bundled", *options]
        self.process = subprocess.Popen(
            [*command, "--data-dir", str(data), "--content", str(content)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONUTF8": "1", "PYTHONHASHSEED": hash_seed},
        )
        self._watch = Timer(PATIENCE, self.process.kill)
        self._watch.start()
        self.said: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._watch.cancel()
        self.process.kill()
        self.process.wait(PATIENCE)
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert pipe is not None
            with suppress(BrokenPipeError):
                pipe.close()

    def ask(self) -> list[str]:
        """The lines up to the next prompt, which is the last of them, or to the end."""
        assert self.process.stdout is not None
        lines: list[str] = []
        for line in self.process.stdout:
            lines.append(line.rstrip("\n"))
            if line.startswith(("Answer (", "This one is yours", "Did you know")):
                break
        self.said += lines
        return lines

    def answer(self, text: str) -> list[str]:
        """Write one line; the lines up to the next prompt."""
        assert self.process.stdin is not None
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()
        return self.ask()

    def end(self) -> int:
        """Close the input; the exit status."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.ask()
        return self.process.wait(PATIENCE)

    def report(self) -> dict[str, Any]:
        """The JSON of the last line."""
        data: dict[str, Any] = json.loads(self.said[-1])
        return data
