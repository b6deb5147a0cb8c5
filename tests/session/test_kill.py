"""A study session killed again and again: no answer that was confirmed is ever lost.

The real program runs as its own process and gets SIGKILL while it works; what it printed as
saved must be in the journal, in order, and the states must be what the journal says.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.session.decks import many, place
from tutor.memory.replay import replay
from tutor.paths import Place
from tutor.session.replaying import scheduler
from tutor.settings import Settings
from tutor.store.database import open_store
from tutor.store.doctor import examine
from tutor.store.journal import Store
from tutor.store.privacy import MASK

KILLS = 12
CARDS = 400


@pytest.fixture
def private() -> Iterator[None]:
    """What this process makes beside the program is closed to others, as the program's own is."""
    before = os.umask(MASK)
    yield
    os.umask(before)


@pytest.mark.slow
def test_no_confirmed_answer_is_lost(tmp_path: Path, private: None) -> None:
    where = place(tmp_path, many(CARDS))
    chance = random.Random(7)
    last, confirmed = None, 0
    for _ in range(KILLS):
        printed = study_until_killed(where, chance)
        with open_store(where.database, where.backups) as store:
            written = journal_lines(store, last)
            # The last answer may be on disk and not yet confirmed, but never the other way round.
            assert written[: len(printed)] == printed
            assert len(written) - len(printed) in (0, 1)
            last = store.last_event_id()
            assert_sound(store)
        confirmed += len(printed)
    assert confirmed > KILLS


def study_until_killed(where: Place, chance: random.Random) -> list[tuple[str, str]]:
    """Study with a stream of answers, kill at a random line; what was confirmed until then."""
    command = [
        sys.executable, "-m", "tutor", "--data-dir", str(where.data), "--no-bundled",
        "--content", str(where.content[0]), "study", "--plain", "--new", str(CARDS),
    ]  # fmt: skip
    words = chance.choices(["\n3\n", "\n1\n", "\n4\n", "u\n"], [6, 3, 3, 1], k=2000)
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdin and process.stdout and process.stderr
    process.stdin.write("".join(words).encode())
    process.stdin.flush()
    # Sometimes while it is still opening the files, mostly amid the answers.
    heard = chance.randrange(400) if chance.random() < 0.85 else 0
    lines = [process.stdout.readline() for _ in range(heard)]
    process.kill()
    lines += process.stdout.readlines()
    process.wait()
    errors = process.stderr.read().decode()
    assert not errors, errors
    return [
        (found[0], found[1])
        for line in lines
        if (found := line.decode().split())
        and found[0] in ("saved", "undone")
        # The last line may be cut in the middle: then it confirmed nothing.
        and line.endswith(b"\n")
    ]


def journal_lines(store: Store, after: str | None) -> list[tuple[str, str]]:
    """The events after an id, as the session confirms them."""
    words = {"review": "saved", "undo": "undone"}
    return [(words[event.kind], event.card_key) for event in store.events(after)]


def assert_sound(store: Store) -> None:
    by = scheduler(store, Settings())
    found = examine(store, lambda events: replay(events, by), ())
    assert found.integrity == ()
    assert found.differing == ()
