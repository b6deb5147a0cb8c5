"""Runs Anki's own backend and prints JSON; started with the Python of Anki's own environment.

Its stdin holds {"collection": PATH, "steps": [{"do": NAME, ...}]}, its stdout the answer of each
step. It knows nothing of the program under test.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from anki.collection import (
    Collection,
    ExportAnkiPackageOptions,
    ImportAnkiPackageOptions,
    ImportAnkiPackageRequest,
)

Step = dict[str, Any]
_NOTES = "select guid, flds, tags, mod, mid from notes"


def main() -> None:
    """Do all steps in order."""
    asked = json.load(sys.stdin)
    col = Collection(asked["collection"])
    answers: list[Any] = []
    for step in asked["steps"]:
        if step["do"] == "reopen":
            col.close()
            col = Collection(asked["collection"])
            answers.append(None)
        else:
            answers.append(DOES[step["do"]](col, step))
    col.close()
    print(json.dumps(answers))


def take(col: Collection, step: Step) -> Any:
    """Import a package; how many notes of each fate."""
    options = ImportAnkiPackageOptions(
        with_scheduling=step.get("schedule", True), with_deck_configs=step.get("presets", False)
    )
    began = time.process_time()
    log = col.import_anki_package(
        ImportAnkiPackageRequest(package_path=step["path"], options=options)
    ).log
    fates = ("new", "updated", "duplicate", "conflicting", "missing_notetype", "missing_deck",
             "empty_first_field")  # fmt: skip
    found: dict[str, Any] = {fate: len(getattr(log, fate)) for fate in fates}
    return {**found, "found": log.found_notes, "cpu": time.process_time() - began}


def give(col: Collection, step: Step) -> Any:
    """Export everything as a package; the CPU seconds of it."""
    options = ExportAnkiPackageOptions(
        with_scheduling=True, with_deck_configs=False, with_media=False, legacy=True
    )
    began = time.process_time()
    col.export_anki_package(out_path=step["path"], limit=None, options=options)
    return {"cpu": time.process_time() - began}


def take_text(col: Collection, step: Step) -> Any:
    """Import a text file by its own headers."""
    from anki.collection import ImportCsvRequest

    metadata = col.get_csv_metadata(path=step["path"], delimiter=None)
    log = col.import_csv(ImportCsvRequest(path=step["path"], metadata=metadata)).log
    return {"new": len(log.new), "updated": len(log.updated), "duplicate": len(log.duplicate)}


def dump(col: Collection, step: Step) -> Any:
    """Everything: notes, cards with absolute due days, answers by card."""
    first_day = (col.crt - 60 * col.get_config("creationOffset", 0)) // 86_400
    guids = dict(col.db.all("select id, guid from notes"))
    names = {deck.id: deck.name for deck in col.decks.all_names_and_ids()}
    cards = []
    for cid in col.db.list("select id from cards order by id"):
        card = col.get_card(cid)
        nid, did, due, kind = card.nid, card.did, card.due, card.type
        cards.append({
            "id": cid, "guid": guids[nid], "ord": card.ord, "deck": names[did], "type": kind,
            "queue": card.queue, "due": due + first_day if kind == 2 else due, "ivl": card.ivl,
            "reps": card.reps, "lapses": card.lapses, "left": card.left, "flags": card.flags,
            "s": card.memory_state and card.memory_state.stability,
            "d": card.memory_state and card.memory_state.difficulty,
            "data": col.db.scalar("select data from cards where id = ?", cid),
        })  # fmt: skip
    return {
        "cards": cards,
        "notes": [
            {"guid": guid, "fields": flds.split("\x1f"), "tags": tags.split(), "mod": mod,
             "type": col.models.get(mid)["name"]}
            for guid, flds, tags, mod, mid in col.db.all(_NOTES)
        ],
        "answers": col.db.all(
            "select cid, id, ease, ivl, lastIvl, factor, time, type from revlog order by cid, id"
        ),
    }  # fmt: skip


def memory(col: Collection, step: Step) -> Any:
    """Stability and difficulty that Anki works out from the history, by card."""
    col.set_config("fsrs", True)
    found = {}
    for cid in col.db.list("select id from cards"):
        state = col.compute_memory_state(cid)
        found[str(cid)] = [state.stability, state.difficulty]
    return found


def check(col: Collection, step: Step) -> Any:
    """What Check Database and Empty Cards say."""
    text, _ = col.fix_integrity()
    return {"text": text, "empty": len(col.get_empty_cards().notes)}


def faces(col: Collection, step: Step) -> Any:
    """Both sides of each card of a guid, as HTML."""
    cids = col.db.list(
        "select c.id from cards c join notes n on n.id = c.nid where n.guid = ? order by c.ord",
        step["guid"],
    )
    return [[col.get_card(cid).question(), col.get_card(cid).answer()] for cid in cids]


def move(col: Collection, step: Step) -> Any:
    """Put the cards of a guid into another deck."""
    cids = col.db.list(
        "select c.id from cards c join notes n on n.id = c.nid where n.guid = ?", step["guid"]
    )
    did = col.decks.id(step["deck"])
    assert did is not None
    col.set_deck(cids, did)
    return None


def config(col: Collection, step: Step) -> Any:
    """The presets by name: weights and desired retention."""
    return {
        one["name"]: [one.get("fsrsParams6"), one.get("desiredRetention")]
        for one in col.decks.all_config()
    }


DOES = {
    "import": take, "export": give, "import_text": take_text, "dump": dump, "memory": memory,
    "check": check, "faces": faces, "move": move, "config": config,
}  # fmt: skip

if __name__ == "__main__":
    main()
