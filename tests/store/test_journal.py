"""The store's main promises: what goes in comes out, and nothing that is in ever changes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args

import pytest
import sqlalchemy
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from tests.store.samples import DAY_MS, answer, glance, opened, state
from tutor.errors import ChangedError, DamagedError, DataError
from tutor.memory.fsrs import DEFAULT_WEIGHTS
from tutor.memory.model import CardState, Event, EventKind, Phase, Rating, ReviewSource
from tutor.store import adding, schema
from tutor.store.catalog import Files
from tutor.store.glance import read_glance
from tutor.store.journal import Store
from tutor.store.rows import EVENT_FIELDS, LAST_MS, STATE_FIELDS
from tutor.text.sanitize import clean

# Text as the sanitiser lets it in: anything but lone surrogates.
TEXT = st.text(st.characters(codec="utf-8"))
# A name as a door lets it in: nothing that acts on a terminal.
NAME = TEXT.map(clean)
MOMENT = st.integers(0, 7_258_118_400_000)
COUNT = st.integers(0, 10_000)
DAY = st.integers(0, 80_000)
PAYLOAD = st.dictionaries(TEXT, TEXT | st.integers()).map(json.dumps) | st.just("")
# What a row of these kinds needs in its payload.
NEEDED = {
    "params": json.dumps({"weights": DEFAULT_WEIGHTS}),
    "accept": json.dumps({"of": "1"}),
    "retime": json.dumps({"of": "1", "at_utc_ms": 1, "study_day": 0}),
    "anchor": json.dumps({"stability": 3.5, "difficulty": 5.0}),
}


def possible(event: Event) -> Event:
    """The event with what its kind needs, on the day of its time."""
    return replace(
        event,
        study_day=event.at_utc_ms // DAY_MS,
        undoes=event.undoes or ("1" if event.kind == "undo" else event.undoes),
        rating=event.rating or (Rating.GOOD if event.kind == "review" else None),
        payload=NEEDED.get(event.kind, event.payload),
    )


def test_appended_rows_are_there_after_reopening(files: Files) -> None:
    with opened(files) as store:
        store.append([answer(1), answer(2)], [state("d/1"), state("d/2")], glance(due=2))
    with opened(files) as store:
        assert list(store.events()) == [answer(1), answer(2)]
        assert store.states() == {"d/1": state("d/1"), "d/2": state("d/2")}
        assert store.state("d/2") == state("d/2")
        assert store.state("d/3") is None
        assert store.last_event_id() == answer(2).id
    assert read_glance(files.database) == glance(due=2)


def test_an_append_that_fails_leaves_nothing(store: Store) -> None:
    store.append([answer(1)], [state("d/1")])
    broken = CardState("d/2", stability=float("nan"))
    with pytest.raises(DamagedError, match="NOT NULL"):
        store.append([answer(2)], [state("d/1", reps=9), broken], glance())
    assert list(store.events()) == [answer(1)]
    assert store.states() == {"d/1": state("d/1")}
    assert read_glance(store.files.database) is None
    store.append([answer(2)])
    assert store.last_event_id() == answer(2).id


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE event SET rating = 4",
        "DELETE FROM event",
        "INSERT OR REPLACE INTO event SELECT * FROM event",
        "REPLACE INTO event SELECT * FROM event",
    ],
)
def test_the_journal_is_append_only(store: Store, change: str) -> None:
    store.append([answer(1), answer(2)])
    with (
        pytest.raises(IntegrityError, match="append-only"),
        store.engine.begin() as connection,
    ):
        connection.exec_driver_sql(change)
    assert list(store.events()) == [answer(1), answer(2)]


def test_undone_events_are_left_out_of_the_active_ones(store: Store) -> None:
    undo = Event("000004", "undo", "d/2", 4, 0, 1, undoes=answer(2).id)
    store.append([answer(1), answer(2), answer(3), undo])
    assert list(store.active_events()) == [answer(1), answer(3)]
    assert list(store.active_events(after=answer(1).id)) == [answer(3)]
    assert store.events_of("d/2") == []
    assert store.last_undoable() == answer(3)
    assert store.recent(1) == [answer(3)]


def test_imported_and_known_rows_are_not_what_undo_takes_back(store: Store) -> None:
    known = Event("000002", "known", "padding", 2, 0, 1)
    imported = answer(3, source="import")
    store.append([answer(1), known, imported])
    assert store.last_undoable() == answer(1)


def test_fields_and_columns_are_the_same() -> None:
    assert tuple(schema.event.c.keys()) == (*EVENT_FIELDS, "hash")
    assert tuple(schema.card_state.c.keys()) == (*STATE_FIELDS, "crc")


def test_long_journals_come_out_whole_and_in_order(store: Store) -> None:
    count = 2 * adding.CHUNK + 1
    store.append([answer(number) for number in range(count)])
    assert [event.id for event in store.events()] == [answer(n).id for n in range(count)]


def test_an_answer_with_lone_surrogates_is_kept_readable(store: Store) -> None:
    store.append([answer(1, answer="soft\udcffmax é")])
    assert [event.answer for event in store.events()] == ["soft?max é"]


def test_replacing_states_keeps_the_journal(store: Store) -> None:
    store.append([answer(1), answer(2)], [state("d/1"), state("d/2")])
    store.replace_states([state("d/1", stability=9.5)])
    assert store.states() == {"d/1": state("d/1", stability=9.5)}
    assert list(store.events()) == [answer(1), answer(2)]


def test_what_another_program_wrote_must_be_read_before_appending(
    store: Store, files: Files
) -> None:
    store.append([answer(1)], [state("d/1")])
    with opened(files) as other:
        other.append([answer(2)], [state("d/1", reps=2)])
    assert store.changed()
    with pytest.raises(ChangedError, match="not seen"):
        store.append([answer(3)], [state("d/1", reps=2)])
    assert store.states() == {"d/1": state("d/1", reps=2)}
    store.append([answer(3)], [state("d/1", reps=3)])
    assert [event.id for event in store.events()] == [answer(n).id for n in (1, 2, 3)]


@given(
    st.lists(
        st.builds(
            Event,
            id=st.uuids().map(str),
            kind=st.sampled_from(get_args(EventKind)),
            card_key=NAME,
            at_utc_ms=MOMENT,
            utc_offset_min=st.integers(-1440, 1440),
            study_day=DAY,
            rating=st.none() | st.sampled_from(Rating),
            elapsed_ms=st.none() | COUNT,
            source=st.none() | st.sampled_from(get_args(ReviewSource)),
            answer=st.none() | TEXT,
            correct=st.none() | st.booleans(),
            confidence=st.sampled_from([None, "sure", "unsure"]),
            hints=COUNT,
            content_hash=NAME,
            model=NAME,
            due_utc_ms=st.none() | MOMENT,
            undoes=st.none() | NAME,
            payload=PAYLOAD,
            after=st.none() | NAME,
            on=st.none() | st.integers(0, 2**63 - 1),
            retention=st.none() | st.floats(0.01, 0.99),
        ).map(possible),
        unique_by=lambda event: event.id,
    )
)
@settings(max_examples=40, deadline=None)
def test_any_events_round_trip(events: list[Event]) -> None:
    with TemporaryDirectory() as folder:
        files = Files(Path(folder) / "tutor.db", Path(folder) / "backups")
        with opened(files) as store:
            store.append(events)
        with opened(files) as store:
            assert list(store.events()) == sorted(events, key=lambda event: event.id)


@given(
    st.lists(
        st.builds(
            CardState,
            key=NAME,
            phase=st.sampled_from(get_args(Phase)),
            stability=st.floats(0.01, 1e6),
            difficulty=st.floats(1, 10),
            due_utc_ms=MOMENT,
            step=st.just(0),
            reps=COUNT,
            lapses=COUNT,
            first_day=st.none() | DAY,
            last_day=st.none() | DAY,
            model=TEXT,
            suspended=st.booleans(),
            flagged=st.booleans(),
            buried_until_day=st.none() | DAY,
            passed=st.booleans(),
            scored=COUNT,
            remembered=COUNT,
            last_event=st.none() | NAME,
            applied=st.integers(0, 2**63 - 1),
        ),
        unique_by=lambda state: state.key,
    )
)
@settings(max_examples=40, deadline=None)
def test_any_states_round_trip(states: list[CardState]) -> None:
    with TemporaryDirectory() as folder:
        files = Files(Path(folder) / "tutor.db", Path(folder) / "backups")
        with opened(files) as store:
            store.append([], states)
            assert store.states() == {state.key: state for state in states}


@pytest.mark.parametrize("kind", schema.SELDOM)
def test_what_is_rare_is_looked_up_and_not_searched_for(store: Store, kind: EventKind) -> None:
    """SQLite takes the index of the seldom kinds only for a query that has its very words."""
    asked: list[tuple[str, tuple[object, ...]]] = []

    @sqlalchemy.event.listens_for(store.engine, "before_cursor_execute")
    def note(
        _: object, __: object, statement: str, values: tuple[object, ...], *___: object
    ) -> None:
        asked.append((statement, values))

    store.recent(1, kind)
    ((statement, values),) = [each for each in asked if "FROM event" in each[0]]
    with store.engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
    assert "USING INDEX event_seldom" in str(plan[0])


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"at_utc_ms": -1, "study_day": -1}, "Set this computer's clock"),
        ({"at_utc_ms": LAST_MS + 1, "study_day": LAST_MS // DAY_MS}, "Set this computer's clock"),
        ({"card_key": f"d/{'x' * 2000}"}, "a name that no tutor writes"),
        ({"study_day": 3}, "does not fit its time"),
        ({"retention": 7.0}, "the impossible retention"),
    ],
)
def test_what_would_be_refused_when_it_is_read_is_never_written(
    store: Store, changes: dict[str, Any], word: str
) -> None:
    store.append([answer(1)])
    with pytest.raises(DataError) as told:
        store.append([answer(2), answer(3, **changes)])
    assert word in str(told.value)
    assert [event.id for event in store.events()] == [answer(1).id]
    store.append([answer(2)])
    assert store.check() == []


def test_the_day_of_an_anchor_is_long_before_its_row(store: Store) -> None:
    row = answer(1, kind="anchor", rating=None, payload='{"stability": 5.0, "difficulty": 5.0}')
    store.append([replace(row, study_day=row.study_day - 4000)])
    assert [event.study_day for event in store.events()] == [row.study_day - 4000]
    assert store.check() == [] and store.warnings == []
