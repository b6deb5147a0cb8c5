"""How other programs of ours are started: nothing of the folder that one works in is imported.

That folder may be a stranger's, and hold a `numpy.py`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

# -P: Python imports nothing of the present folder.
COMMAND = (sys.executable, "-P", "-m", "tutor")
NEUTRAL = os.sep
"""Where a child works that is given no path."""
# The same for a Python that others start for us, as multiprocessing does.
SAFE_PATH = {"PYTHONSAFEPATH": "1"}
_PATHS = {
    "TUTOR_DATA_DIR", "TUTOR_CACHE_DIR", "TUTOR_MNIST", "NUMBA_CACHE_DIR",
    "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME",
}  # fmt: skip
_LISTS = {"PYTHONPATH", "TUTOR_CONTENT"}


def environment(own: Mapping[str, str], without: Collection[str] = ()) -> dict[str, str]:
    """`own` for a child that works in another folder: all paths are whole."""
    found = {name: value for name, value in own.items() if name not in without}
    for name in (_PATHS | _LISTS) & found.keys():
        parts = found[name].split(os.pathsep) if name in _LISTS else [found[name]]
        whole = [str(Path(part).expanduser().absolute()) for part in parts if part]
        found[name] = os.pathsep.join(whole)
    return found


@contextmanager
def given(variables: Mapping[str, str]) -> Iterator[None]:
    """What is started in this block has these variables; afterwards all are as before."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.__setitem__(name, value)
