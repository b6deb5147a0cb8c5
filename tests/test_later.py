"""What is put off is imported at its first use, by whoever uses it, and then is what it was."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

from tutor.ui import lean

STORE = "import sys, tutor.store.engine; "


def run(code: str) -> subprocess.CompletedProcess[str]:
    """What a Python of its own says of some code."""
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=False)


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
    told = run(STORE + code)
    assert told.stdout == "False False\n", told.stderr


def test_threads_that_use_it_at_once_all_get_it() -> None:
    code = (
        "import importlib.metadata as m\nfrom concurrent.futures import ThreadPoolExecutor\n"
        "with ThreadPoolExecutor(8) as pool:\n"
        "    found = set(pool.map(lambda _: m.version('numpy'), range(64)))\n"
        "print(len(found))"
    )
    told = run(f"{STORE}\n{code}")
    assert told.stdout == "1\n", told.stderr


STANDING = "import sys; from tutor.later import standing_in\n"


@pytest.mark.parametrize(
    "code",
    [
        # Whoever takes a name meanwhile gets one that calls the other.
        "with standing_in({'colorsys': ('rgb_to_hsv',)}):\n"
        "    from colorsys import rgb_to_hsv\n"
        "print('colorsys' in sys.modules, rgb_to_hsv(1, 0, 0) != (0.0, 1, 1))",
        # Its module comes then, and as it is.
        "with standing_in({'colorsys': ('rgb_to_hsv',)}):\n"
        "    from colorsys import rgb_to_hsv\n"
        "rgb_to_hsv(1, 0, 0)\n"
        "print(not sys.modules['colorsys'].__file__, False)",
        # A class may be made from it.
        "with standing_in({'textwrap': ('TextWrapper',)}):\n"
        "    from textwrap import TextWrapper\n"
        "    class Own(TextWrapper): pass\n"
        "print('textwrap' in sys.modules, TextWrapper(9).fill('a b') != 'a b')",
        # What is there already stays, and what failed meanwhile leaves nothing behind.
        "import colorsys\n"
        "with standing_in({'colorsys': ('rgb_to_hsv',)}):\n"
        "    from colorsys import rgb_to_hsv\n"
        "print(rgb_to_hsv is not colorsys.rgb_to_hsv, 'colorsys' not in sys.modules)",
        "try:\n"
        "    with standing_in({'colorsys': ('rgb_to_hsv',)}): raise OSError\n"
        "except OSError: pass\n"
        "print('colorsys' in sys.modules, False)",
    ],
)
def test_a_name_that_stands_in_calls_what_it_stands_for(code: str) -> None:
    told = run(STANDING + code)
    assert told.stdout == "False False\n", told.stderr


@pytest.mark.parametrize("names", lean.SELDOM.items(), ids=lambda pair: pair[0])
def test_textual_still_takes_these_names_out_of_these_modules(
    names: tuple[str, tuple[str, ...]],
) -> None:
    module = importlib.import_module(names[0])
    assert all(hasattr(module, name) for name in names[1])
