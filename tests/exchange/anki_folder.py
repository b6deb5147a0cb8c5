"""A data folder with a deck of its own, exported to Anki by the verb."""

from __future__ import annotations

import io
import json
import os
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tutor.cli import main


@dataclass
class Folder:
    """A learner's folder; `write` puts a deck into it, `export` makes a package of it."""

    path: Path

    def write(self, text: str, name: str = "d.md", changed: int = 1_790_000_000) -> None:
        """Write a deck file, last edited at that second."""
        file = self.path / "decks" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        os.utime(file, (changed, changed))

    def run(self, *words: str, status: int = 0) -> tuple[str, str]:
        """Stdout and stderr of a verb."""
        with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
            assert main(["--data-dir", str(self.path), "--no-bundled", *words]) == status
        return out.getvalue(), err.getvalue()

    def export(self, name: str, *words: str, form: str = "anki") -> tuple[Path, dict[str, Any]]:
        """The file of an export, and what the verb said."""
        file = self.path.parent / name
        out, err = self.run("export", form, str(file), "--json", *words)
        said = json.loads(out)
        assert isinstance(said, dict) and not err
        return file, said
