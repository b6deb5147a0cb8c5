"""The learner's whole journal out of one folder and into another, without loss."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from tutor.errors import UsageError
from tutor.exchange import journal_json
from tutor.paths import Place, ensure_dir
from tutor.session.learner import Learner
from tutor.store import dump
from tutor.store.version import SCHEMA_VERSION


@dataclass(frozen=True, slots=True)
class Brought:
    """What came in: rows of the journal, answers among them, and states worked out from them."""

    rows: int
    answers: int
    states: int


def lines(learner: Learner, settings: Path) -> Iterator[str]:
    """The lines of `tutor export json`."""
    text = settings.read_text(encoding="utf-8") if settings.is_file() else ""
    states = sorted(learner.states(), key=lambda state: state.key)
    return journal_json.lines(
        SCHEMA_VERSION, text, dump.writers(learner.store), dump.events(learner.store),
        map(asdict, states),
    )  # fmt: skip


def bring(place: Place, file: Path) -> Brought:
    """Fill an empty data folder from such a file, all or nothing.

    Settings come along where there are none yet. Raises UsageError when the folder has answers.
    """
    with _opened(file) as given:
        read = journal_json.read(given, file.name)
    with closing(Learner.open(place)) as learner:
        if not dump.is_empty(learner.store):
            raise UsageError(
                "There are answers here already",
                f"{place.database} is not empty, and a journal is brought back into an empty one.",
                "Give an empty folder: tutor --data-dir DIR import json FILE",
            )
    with _or_nothing(place):
        if read.settings and not place.settings.exists():
            ensure_dir(place.settings.parent)
            place.settings.write_text(read.settings, encoding="utf-8")
        with closing(Learner.open(place)) as learner:
            rows = dump.fill(learner.store, read.events, read.writers)
            learner.refresh()
            learner.rebuild(list)
            states = sum(1 for _ in learner.states())
    answers = sum(row.get("kind") == "review" for row in read.events)
    return Brought(rows, answers, states)


@contextmanager
def _or_nothing(place: Place) -> Iterator[None]:
    """Whatever ends what is done inside leaves the empty journal and no settings, as before.

    The journal must be closed before and after.
    """
    had_settings, empty = place.settings.exists(), place.database.read_bytes()
    try:
        yield
    except BaseException:
        for ending in ("-wal", "-shm"):
            Path(f"{place.database}{ending}").unlink(missing_ok=True)
        place.database.write_bytes(empty)
        if not had_settings:
            place.settings.unlink(missing_ok=True)
        raise


def _opened(file: Path) -> _Lines:
    return _Lines(file)


class _Lines:
    """The lines of a regular file of UTF-8, whose failure to open is a sentence."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __enter__(self) -> Iterator[str]:
        try:
            if not self.file.is_file():
                raise FileNotFoundError(2, "it is no regular file")
            self.opened = self.file.open(encoding="utf-8-sig")
        except OSError as error:
            raise UsageError(
                f"{self.file} cannot be read", f"{error.strerror}.", "Look at its name."
            ) from error
        return self._each()

    def _each(self) -> Iterator[str]:
        try:
            yield from self.opened
        except UnicodeDecodeError as error:
            raise UsageError(
                f"{self.file.name} is no UTF-8 text", f"{error.reason}.", "Export it once more."
            ) from error

    def __exit__(self, *_: object) -> None:
        self.opened.close()
