"""The tables of Anki's schema 11, which every version since 2012 imports, and the rows of `col`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from tutor.exchange.anki.note_types import NoteType

VERSION = 11
TABLES = {
    "col": "id integer primary key, crt integer not null, mod integer not null, "
    "scm integer not null, ver integer not null, dty integer not null, usn integer not null, "
    "ls integer not null, conf text not null, models text not null, decks text not null, "
    "dconf text not null, tags text not null",
    "notes": "id integer primary key, guid text not null, mid integer not null, "
    "mod integer not null, usn integer not null, tags text not null, flds text not null, "
    "sfld integer not null, csum integer not null, flags integer not null, data text not null",
    "cards": "id integer primary key, nid integer not null, did integer not null, "
    "ord integer not null, mod integer not null, usn integer not null, type integer not null, "
    "queue integer not null, due integer not null, ivl integer not null, "
    "factor integer not null, reps integer not null, lapses integer not null, "
    "left integer not null, odue integer not null, odid integer not null, "
    "flags integer not null, data text not null",
    "revlog": "id integer primary key, cid integer not null, usn integer not null, "
    "ease integer not null, ivl integer not null, lastIvl integer not null, "
    "factor integer not null, time integer not null, type integer not null",
    "graves": "usn integer not null, oid integer not null, type integer not null",
}
INDEXES = {
    "ix_notes_usn": "notes (usn)",
    "ix_notes_csum": "notes (csum)",
    "ix_cards_usn": "cards (usn)",
    "ix_cards_nid": "cards (nid)",
    "ix_cards_sched": "cards (did, queue, due)",
    "ix_revlog_usn": "revlog (usn)",
    "ix_revlog_cid": "revlog (cid)",
}
FIELD_SEPARATOR = "\x1f"
DEFAULT_DECK = 1
FIRST_DECK = 1_795_800_000_100
PRESET = 1_795_800_000_010
_DEFAULT_PRESET = 1
# Learning and relearning steps in minutes, as here.
_STEPS, _AGAIN_STEPS = [1.0, 10.0], [10.0]
_LONGEST_ANSWER_S = 60


def tables() -> str:
    """The statements that make the tables."""
    return "\n".join(f"create table {name} ({columns});" for name, columns in TABLES.items())


def indexes() -> str:
    """The statements that make the indexes, which is faster once the rows are there."""
    return "\n".join(f"create index {name} on {columns};" for name, columns in INDEXES.items())


def script() -> str:
    """The statements that make an empty collection."""
    return tables() + indexes()


def conf(creation_offset_min: int, next_position: int) -> str:
    """What Anki needs to know of the collection.

    creation_offset_min: minutes west of UTC. Without `schedVer` Anki takes the answers for those
    of its oldest scheduler, and raises Hard and Good of learning by one.
    """
    return json.dumps({
        "schedVer": 2, "sched2021": True, "creationOffset": creation_offset_min,
        "nextPos": next_position, "curDeck": DEFAULT_DECK, "activeDecks": [DEFAULT_DECK],
        "newSpread": 0, "collapseTime": 1200, "timeLim": 0, "estTimes": True, "dueCounts": True,
        "curModel": None, "sortType": "noteFld", "sortBackwards": False, "addToCur": True,
        "dayLearnFirst": False,
    })  # fmt: skip


def models(types: Sequence[NoteType]) -> str:
    """The note types in use."""
    return json.dumps({str(kind.id): kind.as_json() for kind in types})


def decks(ids: Mapping[str, int], preset: bool) -> str:
    """The decks by name, `A::B` being inside `A`, and the default one, which must be there."""
    chosen = PRESET if preset else _DEFAULT_PRESET
    found = {str(DEFAULT_DECK): _deck(DEFAULT_DECK, "Default", _DEFAULT_PRESET)}
    found |= {str(number): _deck(number, name, chosen) for name, number in ids.items()}
    return json.dumps(found)


def _deck(number: int, name: str, preset: int) -> dict[str, Any]:
    today = {f"{queue}Today": [0, 0] for queue in ("new", "rev", "lrn", "time")}
    return {
        "id": number, "name": name, "mod": 0, "usn": -1, "desc": "", "dyn": 0, "conf": preset,
        "collapsed": False, "browserCollapsed": False, "extendNew": 0, "extendRev": 0, **today,
    }  # fmt: skip


def presets(weights: Sequence[float], retention: float, *, ours: bool) -> str:
    """The default preset, and with `ours` one with these weights and desired retention."""
    found = {str(_DEFAULT_PRESET): _preset(_DEFAULT_PRESET, "Default", [], 0.9)}
    if ours:
        rounded = [round(weight, 4) for weight in weights]
        found[str(PRESET)] = _preset(PRESET, "Tutor", rounded, retention)
    return json.dumps(found)


def _preset(number: int, name: str, weights: Sequence[float], retention: float) -> dict[str, Any]:
    return {
        "id": number, "name": name, "mod": 0, "usn": -1, "maxTaken": _LONGEST_ANSWER_S,
        "autoplay": True, "timer": 0, "replayq": True, "dyn": False,
        "new": {"bury": False, "delays": _STEPS, "initialFactor": 2500, "ints": [1, 4, 0],
                "order": 1, "perDay": 20},
        "rev": {"bury": False, "ease4": 1.3, "ivlFct": 1.0, "maxIvl": 36500, "perDay": 200,
                "hardFactor": 1.2},
        "lapse": {"delays": _AGAIN_STEPS, "leechAction": 1, "leechFails": 8, "minInt": 1,
                  "mult": 0.0},
        "fsrsParams6": list(weights), "desiredRetention": retention,
    }  # fmt: skip
