"""Whether the program's own files are still those that it was started with.

An update that runs while the program is open exchanges them; what is imported later may then not
fit what is here already.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from tutor.errors import TutorError

STARTED = time.time()


def exchanged(since: float = STARTED) -> bool:
    """Whether a source file of the program has come, changed or gone since its start.

    What a file holds may be older than its coming, so the time of its entry counts.
    """
    here = Path(__file__).parent
    try:
        changed = any(file.stat().st_ctime > since for file in here.rglob("*.py"))
    except OSError:
        return True
    return changed or not all(map(Path.exists, _loaded()))


def _loaded() -> list[Path]:
    """The source files of the program's modules that were imported until now."""
    name = __name__.partition(".")[0]
    ours = (module for key, module in list(sys.modules.items()) if key.partition(".")[0] == name)
    return [Path(file) for module in ours if (file := getattr(module, "__file__", None))]


def explained(error: Exception) -> TutorError | None:
    """What to tell of an unexpected error if an update is its cause; None for a mistake of ours."""
    if isinstance(error, TutorError) or not exchanged():
        return None
    return TutorError(
        "The tutor was updated while it ran",
        f"Its files are not those that it was started with ({type(error).__name__}: {error}).",
        "Start it again. Every answer that was saved is there.",
    )
