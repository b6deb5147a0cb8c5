"""Lives of cards in Anki's own backend, under a clock that is set; run with Anki's own Python.

Its stdin holds {"folder", "clock", "begin", "fsrs", "preset", "package", "legacy", "presets",
"whole", "cards": [{"kind", "steps": [[UTC seconds, what], ...]}]}. `what` is a rating from 1 to 4,
or `suspend`, `bury`, `forget`, `flag`, `due N`, `filtered`. The clock is libfaketime's, by the file
`clock`; `whole` makes the package one of the whole collection. Its stdout says of each step what it
gave, and of each card how it stands and which memory Anki works out of its log. It knows nothing of
the program under test.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from anki.collection import Collection, ExportAnkiPackageOptions
from anki.decks import DeckId
from anki.errors import FilteredDeckError
from anki.scheduler.v3 import CardAnswer

FIELDS = {
    "Basic": ("Front", "Back"),
    "Basic (and reversed card)": ("Front", "Back"),
    "Basic (type in the answer)": ("Front", "Back"),
    "Cloze": ("Text", "Back Extra"),
}
LOG = "select id, ease, ivl, factor, type from revlog where cid = ? order by id"
RATINGS = {1: CardAnswer.AGAIN, 2: CardAnswer.HARD, 3: CardAnswer.GOOD, 4: CardAnswer.EASY}


def main() -> None:
    """Live all lives, then export them."""
    asked = json.load(sys.stdin)
    col = begun(asked)
    cards = [made(col, number, each["kind"]) for number, each in enumerate(asked["cards"])]
    steps = sorted(
        (at, number, what)
        for number, each in enumerate(asked["cards"])
        for at, what in each["steps"]
    )
    done: list[Any] = []
    for at, number, what in steps:
        set_clock(asked["clock"], at)
        done.append([number, act(col, cards[number], what)])
    col.close()
    col = Collection(f"{asked['folder']}/collection.anki2")
    report = [standing(col, cid) for cid in cards]
    if asked.get("whole"):
        col.export_collection_package(asked["package"], include_media=False, legacy=asked["legacy"])
    elif asked.get("package"):
        options = ExportAnkiPackageOptions(
            with_scheduling=True, with_deck_configs=asked.get("presets", False),
            with_media=False, legacy=asked["legacy"],
        )  # fmt: skip
        col.export_anki_package(out_path=asked["package"], options=options, limit=None)
    print(json.dumps({"cards": report, "done": done}))
    col.close()


def set_clock(file: str, at: float) -> None:
    """Let it be that moment from now on."""
    temporary = f"{file}.new"
    Path(temporary).write_text(f"@{int(at)}\n")
    Path(temporary).replace(file)


def begun(asked: dict[str, Any]) -> Collection:
    """A collection at the first moment."""
    set_clock(asked["clock"], asked["begin"])
    col = Collection(f"{asked['folder']}/collection.anki2")
    col.set_config("fsrs", asked["fsrs"])
    if asked.get("preset"):
        preset = col.decks.get_config(1)
        assert preset is not None
        preset.update(asked["preset"])
        col.decks.update_config(preset)
    col.close()
    return Collection(f"{asked['folder']}/collection.anki2")


def made(col: Collection, number: int, kind: str) -> int:
    """The first card of a new note."""
    note = col.new_note(col.models.by_name(kind))
    text = f"card {number}"
    values = (f"{{{{c1::{text}}}}} and {{{{c2::more}}}}", "") if kind == "Cloze" else (text, "back")
    for name, value in zip(FIELDS[kind], values, strict=True):
        note[name] = value
    did = col.decks.id("Lives::Deck")
    assert did is not None
    col.add_note(note, did)
    return int(note.card_ids()[0])


def act(col: Collection, cid: Any, what: Any) -> Any:
    """One step; of an answer what `answer` says."""
    if isinstance(what, int):
        return answer(col, cid, what)
    word, _, rest = what.partition(" ")
    if word == "suspend":
        col.sched.suspend_cards([cid])
    elif word == "bury":
        col.sched.bury_cards([cid])
    elif word == "forget":
        col.sched.schedule_cards_as_new([cid])
    elif word == "flag":
        col.set_user_flag_for_cards(int(rest or 1), [cid])
    elif word == "due":
        col.sched.set_due_date([cid], rest)
    elif word == "filtered":
        filtered(col, cid)
    return None


def filtered(col: Collection, cid: Any) -> None:
    """Lend the card to a filtered deck."""
    deck = col.sched.get_or_create_filtered_deck(DeckId(0))
    deck.name = f"Lent {cid}"
    deck.config.search_terms[0].search = f"cid:{cid}"
    # A card that is lent already, or suspended, is not found.
    with suppress(FilteredDeckError):
        col.sched.add_or_update_filtered_deck(deck)


def answer(col: Collection, cid: Any, rating: int) -> list[float | None]:
    """Answer the card: the interval in days, or minus seconds, and the memory after it."""
    card = col.get_card(cid)
    card.start_timer()
    states = col._backend.get_scheduling_states(cid)
    built = col.sched.build_answer(card=card, states=states, rating=RATINGS[rating])
    col.sched.answer_card(built)
    interval = col.db.scalar("select ivl from revlog where cid = ? order by id desc limit 1", cid)
    memory = col.get_card(cid).memory_state
    return [interval, memory and memory.stability, memory and memory.difficulty]


def standing(col: Collection, cid: Any) -> dict[str, Any]:
    """How a card stands, and its memory by its data and by its log."""
    card = col.get_card(cid)
    home = card.odid or card.did
    state = col.compute_memory_state(cid)
    kept = card.memory_state
    return {
        "guid": col.db.scalar("select guid from notes where id = ?", card.nid),
        "ord": card.ord, "type": card.type, "queue": card.queue,
        "due": card.odue if card.odid and card.odue else card.due, "deck": col.decks.name(home),
        "log": col.db.all(LOG, cid),
        "flags": card.flags, "crt": col.crt, "reps": card.reps, "lapses": card.lapses,
        "computed": [state.stability, state.difficulty] if state.stability else None,
        "kept": [kept.stability, kept.difficulty] if kept else None,
    }  # fmt: skip


if __name__ == "__main__":
    main()
