"""Whether the program's own files are still those that it was started with.

An update that runs while the program is open exchanges them; what is imported later may then not
fit what is here already.
"""

from __future__ import annotations

import time
from pathlib import Path

from tutor.errors import TutorError

STARTED = time.time()


def exchanged(since: float = STARTED) -> bool:
    """Whether a source file of the program has come or changed since its start, or all are gone.

    What a file holds may be older than its coming, so the time of its entry counts.
    """
    here = Path(__file__).parent
    try:
        return any(file.stat().st_ctime > since for file in here.rglob("*.py"))
    except OSError:
        return True


def explained(error: Exception) -> TutorError | None:
    """What to tell of an unexpected error if an update is its cause; None for a mistake of ours."""
    if isinstance(error, TutorError) or not exchanged():
        return None
    return TutorError(
        "The tutor was updated while it ran",
        f"Its files are not those that it was started with ({type(error).__name__}: {error}).",
        "Start it again. Every answer that was saved is there.",
    )
