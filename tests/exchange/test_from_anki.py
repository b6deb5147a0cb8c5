"""Anki packages: their notes, their log and their dates, from files made for the test."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.exchange.anki_packages import (
    BASIC,
    CLOZE,
    CRT,
    DAY_S,
    DAY_ZERO,
    REVERSED,
    TYPING,
    Anki,
)
from tests.session.decks import DECK, Clock, learner
from tutor.cli import main
from tutor.deck.model import Card, Cloze, Prose, Typed
from tutor.memory.model import CardState, Rating
from tutor.memory.replay import replay
from tutor.session import importing_anki
from tutor.session.importing_anki import Package
from tutor.session.learner import Learner
from tutor.session.study import StudySession

NOW_MS = (CRT + 200 * DAY_S) * 1000
HOUR_S = 3600


def take(one: Learner, file: Path, *, history: bool = True, weights: bool = False) -> Package:
    package = importing_anki.look(one, file, "")
    importing_anki.take(one, package, history, weights)
    return package


def opened(folder: Path) -> Any:
    return closing(learner(folder, Clock(NOW_MS), DECK))


def cards_of(package: Package) -> list[Card]:
    return [card for deck in package.plan.decks for card in deck.cards]


def told(package: Package) -> list[str]:
    return [left.why for left in package.left_out()]


@pytest.fixture
def anki() -> Anki:
    return Anki()


def test_a_note_becomes_a_card_of_its_kind(anki: Anki, tmp_path: Path) -> None:
    anki.note(BASIC, "What is <b>amare</b>?<br>Say it", "to love &lt;3", tags="a b::c leech")
    anki.note(REVERSED, "canis", "dog", ords=(0, 1))
    anki.note(TYPING, "Capital of France", "Paris")
    anki.note(CLOZE, "{{c1::Caesar}} crossed the {{c2::Rubicon::river}}", "49 BC", ords=(0, 1))
    with opened(tmp_path) as one:
        package = take(one, anki.write(tmp_path / "a.apkg"))
        basic, there, back, typed, gaps = cards_of(package)
        assert (basic.front, basic.answer, basic.tags) == (
            "What is **amare**? Say it", Prose(r"to love \<3"), ("a", "b::c", "Verbs"),
        )  # fmt: skip
        assert (there.id, back.id) == ("canis", "canis-2")
        assert (back.front, back.answer) == ("dog", Prose("canis"))
        assert typed.answer == Typed(("Paris",))
        assert isinstance(gaps.answer, Cloze)
        assert [gap.text for gap in gaps.answer.gaps] == ["Caesar", "Rubicon"]
        assert gaps.explanation == "49 BC"
        assert "Caesar" not in gaps.front
        for card in cards_of(package):
            entry = one.library.entries[card.key]
            assert (entry.kind, entry.front) == (card.kind, card.front)


@pytest.mark.parametrize(
    ("text", "fronts", "backs"),
    [
        (
            "{{c1::Paris}} is in {{c1::France}}, {{c2::Rome}} in Italy",
            ["[…] is in […], Rome in Italy", "Paris is in France, […] in Italy"],
            ["**Paris** is in **France**, Rome in Italy", "Paris is in France, **Rome** in Italy"],
        ),
        (
            r"The square: \( {{c1::x^2}} \), {{c2::not x::which}}",
            ["The square: $[…]$, not x", "The square: $x^2$, [which]"],
            ["The square: $<b>x^2</b>$, not x", "The square: $x^2$, **not x**"],
        ),
        (
            "{{c1::outer {{c2::inner}} end}}",
            ["[…]", "outer […] end"],
            ["**outer inner end**", "outer **inner** end"],
        ),
    ],
)
def test_gaps_that_no_cloze_can_have_are_a_card_each(
    anki: Anki, tmp_path: Path, text: str, fronts: list[str], backs: list[str]
) -> None:
    anki.note(CLOZE, text, "", ords=(0, 1))
    with opened(tmp_path) as one:
        found = cards_of(take(one, anki.write(tmp_path / "a.apkg")))
    assert [card.kind for card in found] == ["basic", "basic"]
    if "square" not in text:
        assert [card.front for card in found] == fronts
        assert [card.answer for card in found] == [Prose(back) for back in backs]
    else:
        assert "x^2" not in found[0].front
        assert isinstance(found[0].answer, Prose)
        assert "x^2" in found[0].answer.text


def test_what_does_not_come_in_is_told(anki: Anki, tmp_path: Path) -> None:
    anki.note(BASIC, '<img src="x.png">', "a picture")
    anki.note(BASIC, "Listen [sound:a.mp3]", "to this")
    anki.note(CLOZE, "{{c1::image-occlusion:rect:left=1}}", "")
    anki.note(CLOZE, "{{c1::one}}", "", ords=(0, 4))
    script = ("Scripted", ("Front", "Back"), (("{{Front}}<script>x()</script>", "{{Back}}"),), 0)
    anki.note(script, "front", "back")
    anki.note(("Broken", ("Front",), (("{{Nothing}}", ""),), 0), "front")
    with opened(tmp_path) as one:
        package = take(one, anki.write(tmp_path / "a.apkg"))
    assert [card.front for card in cards_of(package)] == ["Listen", "…", "front"]
    whys = " ".join(told(package))
    for word in ("front is empty", "only text", "hidden in it", "gap 5 is gone", "not run",
                 "asks for the field 'Nothing'"):  # fmt: skip
        assert word in whys


def test_answers_count_at_their_time_and_dates_stay(anki: Anki, tmp_path: Path) -> None:
    card = anki.note(BASIC, "q", "a", type=2, queue=2, due=40, ivl=30, reps=3)
    for at, ease, ivl, kind in ((0, 3, -600, 0), (700, 3, 2, 0), (2 * DAY_S, 3, 11, 1)):
        anki.answer(card, 10 * HOUR_S + at, ease, ivl, kind)
    with opened(tmp_path) as one:
        package = take(one, anki.write(tmp_path / "a.apkg"))
        assert (package.arrived.answers, package.arrived.new_answers) == (3, 3)
        (state,) = (state for state in one.states() if state.key == "latin/q")
        assert (state.phase, state.reps, state.scored) == ("review", 3, 1)
        assert state.due_utc_ms // 1000 // DAY_S == DAY_ZERO + 40
        assert_replayed(one)


def assert_replayed(one: Learner) -> None:
    """The states are what the journal says."""
    states = replay(one.store.events(), one.scheduler, one.renames.key)
    assert {key: one.state(key) for key in states} == states


def test_a_second_import_adds_only_what_is_new(anki: Anki, tmp_path: Path) -> None:
    card = anki.note(BASIC, "q", "a", type=2, queue=2, due=9, ivl=8, reps=1)
    anki.answer(card, HOUR_S, 4, 8, 0)
    with opened(tmp_path) as one:
        take(one, anki.write(tmp_path / "a.apkg"))
        rows = sum(1 for _ in one.store.events())
        again = take(one, tmp_path / "a.apkg")
        assert (again.plan.cards, again.plan.present, again.arrived.new_answers) == (0, 1, 0)
        assert sum(1 for _ in one.store.events()) == rows
        anki.answer(card, 9 * DAY_S, 3, 30, 1)
        anki.cards[0] |= {"due": 39, "ivl": 30, "reps": 2}
        anki.note(BASIC, "new", "note")
        later = take(one, anki.write(tmp_path / "b.apkg"))
        assert (later.plan.cards, later.arrived.new_answers) == (1, 1)
        assert one.state("latin/q").due_utc_ms // 1000 // DAY_S == DAY_ZERO + 39
        assert_replayed(one)


def test_a_text_that_was_changed_here_is_known_by_its_guid(anki: Anki, tmp_path: Path) -> None:
    anki.note(BASIC, "q", "a")
    with opened(tmp_path) as one:
        take(one, anki.write(tmp_path / "a.apkg"))
        file = tmp_path / "data" / "decks" / "latin.md"
        file.write_text(file.read_text().replace("## q", "## another question"))
        one.reload()
        assert take(one, tmp_path / "a.apkg").plan.cards == 0


def test_what_was_answered_here_is_not_set_back(anki: Anki, tmp_path: Path) -> None:
    card = anki.note(BASIC, "q", "a", type=2, queue=2, due=9, ivl=8, reps=1)
    anki.answer(card, HOUR_S, 4, 8, 0)
    with opened(tmp_path) as one:
        take(one, anki.write(tmp_path / "a.apkg"))
        session = StudySession(one)
        item = session.next()
        while item and item.unit != "latin/q":
            session.answer(item, Rating.GOOD)
            item = session.next()
        assert item is not None
        session.answer(item, Rating.GOOD)
        due = one.state("latin/q").due_utc_ms
        anki.answer(card, 8 * DAY_S, 3, 20, 1)
        anki.cards[0] |= {"queue": -1}
        package = take(one, anki.write(tmp_path / "b.apkg"))
        assert package.arrived.new_answers == 1
        state = one.state("latin/q")
        assert not state.suspended
        assert state.reps == 3
        assert state.due_utc_ms >= due - 200 * DAY_S * 1000
        assert_replayed(one)


def test_suspended_flagged_filtered_and_set_aside(anki: Anki, tmp_path: Path) -> None:
    anki.decks[20] = "Filtered"
    anki.note(BASIC, "suspended", "a", queue=-1)
    anki.note(BASIC, "flagged", "a", flags=3)
    card = anki.note(
        BASIC, "lent", "a", type=2, queue=2, did=20, odid=10, odue=15, due=-100_000, ivl=8, reps=1
    )
    anki.answer(card, HOUR_S, 4, 8, 0)
    with opened(tmp_path) as one:
        package = take(one, anki.write(tmp_path / "a.apkg"))
        assert {deck.deck for deck in package.plan.decks} == {"latin"}
        assert one.state("latin/suspended").suspended
        assert one.state("latin/flagged").flagged
        assert one.state("latin/lent").due_utc_ms // 1000 // DAY_S == DAY_ZERO + 15
        assert_replayed(one)


def test_resets_previews_and_other_rows(anki: Anki, tmp_path: Path) -> None:
    card = anki.note(BASIC, "q", "a", type=2, queue=2, due=30, ivl=8, reps=1)
    for at, ease, ivl, kind, factor in (
        (1, 3, -600, 0, 500), (2, 0, 0, 4, 0), (3, 4, 8, 0, 300), (4, 3, 0, 3, 0),
        (5, 0, 9, 5, 221), (9, 3, 20, 3, 100), (10, 0, 20, 4, 500),
    ):  # fmt: skip
        anki.answer(card, at * DAY_S, ease, ivl, kind, factor)
    with opened(tmp_path) as one:
        package = take(one, anki.write(tmp_path / "a.apkg"))
        assert package.arrived.answers == 3
        kinds = [event.kind for event in one.store.events_of("latin/q")]
        assert kinds == ["review", "reset", "review", "review", "set_due"]
        assert one.state("latin/q").reps == 2
        assert_replayed(one)


def test_the_first_scheduler_numbered_its_buttons_otherwise(anki: Anki, tmp_path: Path) -> None:
    del anki.conf["schedVer"]
    card = anki.note(BASIC, "q", "a", type=2, queue=2, due=9, ivl=4, reps=3)
    for at, ease, kind in ((0, 1, 0), (1, 2, 0), (2, 3, 0), (3, 2, 1)):
        anki.answer(card, at * DAY_S, ease, 4, kind)
    with opened(tmp_path) as one:
        take(one, anki.write(tmp_path / "a.apkg"))
        rows = one.store.events_of("latin/q")
        assert [row.rating for row in rows if row.kind == "review"] == [1, 3, 4, 2]


def test_a_memory_without_answers_comes_as_anki_keeps_it(anki: Anki, tmp_path: Path) -> None:
    data = json.dumps({"s": 21.5, "d": 4.25, "lrt": CRT + 5 * DAY_S})
    anki.note(BASIC, "kept", "a", type=2, queue=2, due=25, ivl=20, reps=6, lapses=2, data=data)
    anki.note(BASIC, "old", "a", type=2, queue=2, due=30, ivl=20, reps=3, factor=2500)
    anki.note(BASIC, "dated", "a", type=2, queue=2, due=33)
    late = anki.note(BASIC, "late", "a", type=2, queue=2, due=40, ivl=20, reps=9, factor=1900)
    anki.answer(late, 20 * DAY_S, 3, 20, 1, 1900)
    with opened(tmp_path) as one:
        package = take(one, anki.write(tmp_path / "a.apkg"))
        kept = one.state("latin/kept")
        assert (kept.stability, kept.difficulty, kept.reps, kept.lapses) == (21.5, 4.25, 6, 2)
        assert kept.last_day == DAY_ZERO + 5
        assert one.state("latin/old").stability == pytest.approx(20, rel=0.01)
        assert one.state("latin/late").stability == pytest.approx(20, rel=0.01)
        assert one.state("latin/dated").phase == "new"
        assert package.arrived.estimated == 2
        days = {name: one.state(f"latin/{name}").due_utc_ms // 1000 // DAY_S - DAY_ZERO
                for name in ("kept", "old", "dated", "late")}  # fmt: skip
        assert days == {"kept": 25, "old": 30, "dated": 33, "late": 40}
        rows = sum(1 for _ in one.store.events())
        take(one, tmp_path / "a.apkg")
        assert sum(1 for _ in one.store.events()) == rows
        assert_replayed(one)


def test_answers_of_the_future_and_of_no_card_are_told(anki: Anki, tmp_path: Path) -> None:
    card = anki.note(BASIC, "q", "a")
    anki.answer(card, 900 * DAY_S, 3, 2, 0)
    anki.answer(77, DAY_S, 3, 2, 0)
    with opened(tmp_path) as one:
        package = take(one, anki.write(tmp_path / "a.apkg"))
        assert one.state("latin/q") == CardState("latin/q")
    assert "an answer of the future" in told(package)
    assert "their card does not come in" in told(package)


def test_weights_come_only_when_asked_for(anki: Anki, tmp_path: Path) -> None:
    weights = [0.3, 1.3, 2.4, 8.0, 6.0, 0.8, 3.0, 0.01, 1.8, 0.17, 0.8, 1.5, 0.06, 0.26, 1.6, 0.6,
               1.9, 0.54, 0.09, 0.07, 0.2]  # fmt: skip
    anki.preset = {"fsrsParams6": weights, "desiredRetention": 0.9}
    anki.note(BASIC, "q", "a", type=2, queue=2, due=9, ivl=4, reps=1, factor=2500)
    with opened(tmp_path) as one:
        take(one, anki.write(tmp_path / "a.apkg"))
        assert one.scheduler.model.weights != pytest.approx(weights)
        take(one, tmp_path / "a.apkg", weights=True)
        assert one.scheduler.model.weights == pytest.approx(weights)


def test_the_verb(anki: Anki, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    card = anki.note(BASIC, "q", "a", type=2, queue=2, due=9, ivl=8, reps=1)
    anki.answer(card, HOUR_S, 4, 8, 0)
    file = str(anki.write(tmp_path / "a.apkg"))
    common = ["--data-dir", str(tmp_path / "data"), "--no-bundled"]

    def run(*words: str) -> dict[str, Any]:
        assert main(["import", *words, *common, "--json"]) == 0
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        return found

    dry = run("anki", file, "--dry-run")
    assert (dry["cards"], dry["answers"], dry["new_answers"]) == (1, 1, 1)
    assert not (tmp_path / "data" / "decks").exists()
    assert run("anki", file, "--no-history")["answers"] == 0
    assert run(file)["new_answers"] == 1
    assert run(file, "--dry-run")["new_answers"] == 0
    again = run("anki", file, "--into", "mine")
    assert (again["cards"], again["present"]) == (0, 1)
    assert main(["import", file, *common]) == 0
    assert "1 were in your journal already" in capsys.readouterr().out


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(1, 20 * DAY_S), st.integers(0, 5), st.integers(-4000, 400),
            st.integers(0, 5), st.sampled_from([0, 100, 500, 1100, 2500]),
        ),
        max_size=12,
    ),
    st.integers(0, 3), st.integers(-3, 2), st.integers(-50, 400), st.booleans(),
)  # fmt: skip
@example([(1, 1, 0, 1, 0), (1, 0, 0, 4, 100)], 1, 0, 0, True)  # a date set after the last answer
def test_any_log_gives_what_its_journal_says_and_comes_once(
    tmp_path_factory: Any, rows: list[tuple[int, int, int, int, int]], kind: int, queue: int,
    due: int, known: bool,
) -> None:  # fmt: skip
    folder = tmp_path_factory.mktemp("log")
    anki = Anki()
    data = json.dumps({"s": 3.5, "d": 5.5}) if known else ""
    card = anki.note(BASIC, "q", "a", type=kind, queue=queue, due=due, ivl=3, reps=4, data=data)
    at = HOUR_S
    for wait, ease, ivl, sort, factor in rows:
        at += wait
        anki.answer(card, at, ease, ivl, sort, factor)
    with opened(folder) as one:
        take(one, anki.write(folder / "a.apkg"))
        assert_replayed(one)
        state = one.state("latin/q")
        assert (state.phase == "new") == (kind == 0) or state.reps == 0
        if kind:
            assert state.due_utc_ms // 1000 // DAY_S == max(DAY_ZERO + due, 0)
        count = sum(1 for _ in one.store.events())
        again = take(one, folder / "a.apkg")
        assert again.arrived.new_answers == 0
        assert sum(1 for _ in one.store.events()) == count
    shutil.rmtree(folder)
