"""The examination: what differs is found, and mended from the journal."""

from __future__ import annotations

from collections.abc import Iterable

from tests.store.samples import answer, filled, opened, state
from tutor.memory.model import CardState, Event
from tutor.store.catalog import Files
from tutor.store.doctor import examine, propose
from tutor.store.journal import Store
from tutor.verbs import doctor as verb


def count(events: Iterable[Event]) -> dict[str, CardState]:
    """A replay that is easy to foresee: one repetition an answer."""
    states: dict[str, CardState] = {}
    for event in events:
        reps = states[event.card_key].reps + 1 if event.card_key in states else 1
        states[event.card_key] = state(event.card_key, reps=reps)
    return states


def test_a_healthy_store(files: Files) -> None:
    filled(files, 5)
    with opened(files) as store:
        found = examine(store, count, {f"d/{number}" for number in range(1, 9)})
    assert found.healthy
    assert found.as_json() == {
        "integrity": "ok",
        "schema": 2,
        "mended": [],
        "journal": {"events": 5, "reviews": 5, "undone": 0},
        "states_match": True,
        "differing": [],
        "repaired": False,
        "imported_late": [],
        "orphans": [],
        "proposals": [],
        "backups": [
            {
                "file": str(files.listed()[0].path),
                "made": files.listed()[0].made.isoformat(),
                "reason": "daily",
                "good": True,
                "fault": "",
                "events": 5,
            }
        ],
    }


def test_states_that_differ_are_mended_from_the_journal(store: Store) -> None:
    store.append(
        [answer(1), answer(2)],
        [state("d/1", reps=5), state("d/3")],
    )
    found = examine(store, count, {"d/1", "d/2", "d/3"})
    assert found.differing == ("d/1", "d/2", "d/3")
    assert found.repaired and not found.healthy
    assert store.states() == {"d/1": state("d/1"), "d/2": state("d/2")}
    assert examine(store, count, {"d/1", "d/2"}).healthy


def test_answers_that_were_imported_late_are_named_as_the_cause(store: Store) -> None:
    def past(number: int, key: str, days_ago: int) -> Event:
        then = answer(0).at_utc_ms - days_ago * 86_400_000
        day = answer(0).study_day - days_ago
        return answer(number, card_key=key, at_utc_ms=then, study_day=day, source="import")

    # To the first card an old log came after the answer, to the second one in order.
    rows = [answer(1, card_key="d/1"), past(2, "d/1", 9), past(3, "d/2", 9), past(4, "d/2", 5)]
    store.append(rows, [state("d/1", reps=7), state("d/2", reps=7)])
    found = examine(store, count, {"d/1", "d/2"})
    assert (found.differing, found.late) == (("d/1", "d/2"), ("d/1",))
    assert "to 1 of them older answers were imported after younger ones" in verb._states(found)


def test_the_last_digits_of_another_machine_are_no_difference(store: Store) -> None:
    store.append([answer(1)], [state("d/1", stability=3.1262 * (1 + 1e-7))])
    assert examine(store, count, {"d/1"}).healthy


def test_the_state_of_a_new_card_is_as_good_as_none(store: Store) -> None:
    store.append([answer(1)], [state("d/1"), CardState("d/2")])
    assert examine(store, count, {"d/1", "d/2"}).healthy


def test_undone_answers_are_counted_apart(store: Store) -> None:
    undo = Event("000003", "undo", "d/2", 3, 0, 1, undoes=answer(2).id)
    store.append([answer(1), answer(2), undo], [state("d/1")])
    found = examine(store, count, {"d/1"})
    assert (found.events, found.reviews, found.undone) == (3, 1, 1)
    assert found.healthy


def test_a_broken_index_is_found_and_made_again(store: Store) -> None:
    store.append([answer(1)], [state("d/1", reps=7)])
    with store.engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA writable_schema = ON")
        connection.exec_driver_sql(
            "UPDATE sqlite_master SET sql = replace(sql, '(card_key)', '(model)')"
            " WHERE name = 'event_card_key'"
        )
    store.engine.dispose()
    found = examine(store, count, {"d/1"})
    assert "the index event_card_key was made again" in found.as_json()["mended"]
    assert found.differing == ("d/1",)
    assert found.repaired and not found.healthy
    assert examine(store, count, {"d/1"}).healthy


def test_a_renamed_card_is_proposed_among_those_never_answered(store: Store) -> None:
    events = [
        answer(1, card_key="cnn/padding-output-size"),
        answer(2, card_key="cnn/stride"),
        answer(3, card_key="old/q7x"),
    ]
    store.append(events, count(events).values())
    cards = {"cnn/stride", "cnn/strides", "cnn/padding-output", "rnn/gates"}
    found = examine(store, count, cards)
    assert found.orphans == ("cnn/padding-output-size", "old/q7x")
    assert [(each.orphan, each.likely) for each in found.proposals] == [
        ("cnn/padding-output-size", "cnn/padding-output")
    ]
    assert found.healthy


def test_without_candidates_nothing_is_proposed() -> None:
    assert propose(["a/b"], set()) == ()
