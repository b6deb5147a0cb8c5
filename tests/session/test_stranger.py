"""A stranger's reading of the journal: what `docs/store.md` says, and nothing of the product."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections import defaultdict
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.session.decks import Clock, learner
from tests.session.test_accepting import answered, quizzed
from tests.session.test_learner import answer
from tests.session.test_order import old_log
from tutor.memory.model import Rating
from tutor.session.importing import import_reviews

CHANGES_NOTHING = {"undo", "params", "prediction", "accept", "retime", "exam", "session"}
Row = dict[str, Any]


def text(values: list[Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()


def bits(uid: str) -> int:
    return int(uid.replace("-", "")[-16:], 16) & (2**63 - 1)


def read(file: Path, table: str) -> list[Row]:
    with closing(sqlite3.connect(file)) as db:
        db.row_factory = sqlite3.Row
        order = "ORDER BY rowid" if table == "event" else ""
        return [dict(row) for row in db.execute(f"SELECT * FROM {table} {order}")]


def wrong_chains(file: Path) -> list[str]:
    """Rows that their chain, and writers that their last row, does not fit."""
    reached: dict[str, tuple[bytes, int]] = {}
    found = []
    for row in read(file, "event"):
        kept = row.pop("hash")
        tip, count = reached.get(row["writer"], (bytes(32), 0))
        made = hashlib.sha256(tip + text(list(row.values()))).digest()
        if (made, count + 1) != (kept, row["seq"]):
            found.append(row["id"])
        reached[row["writer"]] = (kept, row["seq"])
    ends = {row["name"]: (row["tip"], row["rows"]) for row in read(file, "writer")}
    return found + [name for name in ends if ends[name] != reached.get(name)]


def wrong_sums(file: Path) -> list[Row]:
    """Derived rows that their CRC does not fit."""
    rows = [row for table in ("writer", "card_state", "day_count", "glance")
            for row in read(file, table)]  # fmt: skip
    return [
        row for row in rows
        if row.pop("crc")
        != zlib.crc32(text([v.hex() if isinstance(v, bytes) else v for v in row.values()]))
    ]  # fmt: skip


def wrong_ground(file: Path) -> list[str]:
    """Rows of the learner's own whose `after` or `on` is not what had been applied to the card."""
    cards: dict[str, list[str]] = defaultdict(list)
    said: dict[str, list[str]] = defaultdict(list)
    found = []
    for row in read(file, "event"):
        card = cards[row["card_key"]]
        if row["kind"] == "undo":
            for ids in (*cards.values(), *said.values()):
                ids[:] = [uid for uid in ids if uid != row["undoes"]]
        elif row["kind"] in ("accept", "retime"):
            said[json.loads(row["payload"])["of"]].append(row["id"])
        elif row["kind"] not in CHANGES_NOTHING:
            digest = 0
            for uid in card:
                for each in (uid, *said[uid]):
                    digest ^= bits(each)
            own = (card[-1] if card else None, digest)
            if row["source"] == "import":  # of a time before all that is answered here
                card.insert(0, row["id"])
                continue
            if (row["after"], row["on"]) != own:
                found.append(row["id"])
            card.append(row["id"])
    return found


def test_a_stranger_arrives_at_the_same(tmp_path: Path) -> None:
    clock = Clock()
    with closing(learner(tmp_path, clock)) as one:
        answer(one, Rating.GOOD, Rating.AGAIN)
        quiz = quizzed(one, "d/before", "d/second")
        answered(quiz, "5")
        clock.forward(minutes=1)
        quiz.accept()
        answered(quiz, "b")
        import_reviews(one, old_log(one))
        for _ in range(3):
            clock.forward(days=2)
            answer(one, Rating.GOOD)
            one.append(lambda: [one.event(
                "review", "d/row", rating=Rating.HARD, source="quiz", answer="ü\t\\ \u2028\x7f 😀",
            )])  # fmt: skip
        one.undo()
        one.append(lambda: [one.event("suspend", "d/alpha")])
        one.append(lambda: [one.event("reset", "d/before")])
        clock.forward(days=-9)
        assert one.cut_back()
        clock.forward(days=1)
        answered(quizzed(one, "d/before"), "1")
    file = next(tmp_path.rglob("tutor.db"))
    kinds = {row["kind"] for row in read(file, "event")}
    assert kinds >= {"review", "accept", "undo", "suspend", "reset", "retime"}
    assert (wrong_chains(file), wrong_sums(file), wrong_ground(file)) == ([], [], [])
