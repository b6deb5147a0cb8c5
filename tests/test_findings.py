"""Every surprise in findings/ has the form that its README asks for."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

FINDINGS = Path(__file__).parents[1] / "findings"
TEMPLATE = re.search(r"```sh\n(.*?)```", (FINDINGS / "README.md").read_text("utf-8"), re.DOTALL)
SCRIPTS = sorted([*FINDINGS.glob("*.sh"), *FINDINGS.glob("*/run.sh")])


def faults(text: str) -> list[str]:
    """What a script lacks."""
    head = re.match(r"#!/usr/bin/env bash\n((?:#.*\n)+)", text)
    wanted = {
        "a first line for bash, and a comment below it": head is not None,
        "two lines of comment at least": head is not None and head[1].count("\n") >= 2,
        "set -euo pipefail": "\nset -euo pipefail\n" in text,
        "a folder of its own": "mktemp -d" in text and "trap " in text,
        "every package with its version": not re.search(r"pip\S* install(?!.*==)", text),
        "nothing of this project": not re.search(r"^(import|from) (tutor|demos)\b", text, re.M),
    }
    return [words for words, holds in wanted.items() if not holds]


def test_the_template_of_the_readme_has_the_form() -> None:
    assert TEMPLATE is not None and faults(TEMPLATE[1]) == []


def test_a_script_without_it_is_seen() -> None:
    assert len(faults("python -m pip install anki\nfrom tutor import cli\n")) == 6


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: str(path.relative_to(FINDINGS)))
def test_a_finding_has_the_form(script: Path) -> None:
    assert os.access(script, os.X_OK)
    assert faults(script.read_text(encoding="utf-8")) == []
