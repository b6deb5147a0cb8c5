"""What is put off is imported at its first use, by whoever uses it, and then is what it was."""

from __future__ import annotations

import subprocess
import sys

import pytest

STORE = "import sys, tutor.store.engine; "


@pytest.mark.parametrize(
    "code",
    [
        "print('email' in sys.modules, 'zipfile' in sys.modules)",
        "import importlib.metadata as m; print('email' in sys.modules, False)",
        "from importlib.metadata import version; print(version('sqlalchemy') == '', False)",
        "import importlib; print(importlib.metadata.version('numpy') == '', False)",
        "import importlib.metadata as m; m.version; from importlib import metadata as n\n"
        "print(sys.modules['importlib.metadata'] is not n or n.__file__ is None, False)",
    ],
)
def test_it_is_there_for_whoever_uses_it(code: str) -> None:
    told = subprocess.run(
        [sys.executable, "-c", STORE + code], capture_output=True, text=True, check=False
    )
    assert told.stdout == "False False\n", told.stderr


def test_threads_that_use_it_at_once_all_get_it() -> None:
    code = (
        "import importlib.metadata as m\nfrom concurrent.futures import ThreadPoolExecutor\n"
        "with ThreadPoolExecutor(8) as pool:\n"
        "    found = set(pool.map(lambda _: m.version('numpy'), range(64)))\n"
        "print(len(found))"
    )
    told = subprocess.run(
        [sys.executable, "-c", f"{STORE}\n{code}"], capture_output=True, text=True, check=False
    )
    assert told.stdout == "1\n", told.stderr
