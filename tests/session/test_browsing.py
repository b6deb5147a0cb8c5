"""Browse: the table of all cards, its query language, its index."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.session.decks import DECK, Clock, learner, many
from tutor.cli import main
from tutor.deck.fulltext import NAME, FullText
from tutor.deck.library import load
from tutor.memory.model import EventKind, Rating
from tutor.session.browsing import Browser
from tutor.session.card_facts import facts_of, standing
from tutor.session.card_rows import COLUMNS
from tutor.session.learner import Learner
from tutor.session.plans import StudyPlan
from tutor.session.query import FIELDS, MARKS, NUMBERS, QueryError, Term, nothing_found, read
from tutor.session.study import StudySession
from tutor.text.numerals import plural
from tutor.verbs.browse import when

WORDS = ["order", '"the first"', "beta", "-letter", "kind:cloze", "topic:alpha", "-phase:new",
         "flag:", "suspended", "lapses>0", "s<10", "due:today", "answered:2", "-topic:beta",
         "chapter:1", "deck:d", "tag:none", "is:new", "key:d/b", "r>=90%"]  # fmt: skip


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def one(tmp_path: Path, clock: Clock) -> Iterator[Learner]:
    with closing(learner(tmp_path, clock)) as opened:
        yield opened


@pytest.fixture
def browser(one: Learner) -> Iterator[Browser]:
    with closing(Browser(one)) as opened:
        yield opened


def keys(browser: Browser, query: str, sort: str = "") -> list[str]:
    return [row.key.removeprefix("d/") for row in browser.find(query, sort)]


def note(one: Learner, kind: EventKind, unit: str) -> None:
    one.append(lambda: [one.event(kind, unit)])


# -- the query ----------------------------------------------------------------------------------


def test_a_query_is_read_into_terms() -> None:
    assert read('softmax -kind:choice "one two" lapses>3 s<=10 Suspended -') == (
        Term("", ":", "softmax"),
        Term("kind", ":", "choice", no=True),
        Term("", ":", "one two", phrase=True),
        Term("lapses", ">", "3"),
        Term("stability", "<=", "10"),
        Term("suspended", ":", ""),
    )


@pytest.mark.parametrize(
    "query", ["loss:1", "lapses>", "lapses:x", "kind>3", "is:odd", "topic<2", "p=0.5"]
)
def test_what_means_nothing_is_told_with_a_way_out(query: str) -> None:
    with pytest.raises(QueryError) as told:
        read(query)
    assert told.value.message.endswith(".") and told.value.hint.endswith('"')
    assert read(told.value.hint.partition(": ")[2])[0].phrase, "the hint is a query that is read"


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_with_a_word(query: str) -> None:
    try:
        terms = read(query)
    except QueryError as error:
        assert error.message
    else:
        assert all(term.field in ("", *FIELDS) for term in terms)


# -- words --------------------------------------------------------------------------------------


def test_words_are_found_in_fronts_answers_hints_reasons_and_lessons(browser: Browser) -> None:
    assert keys(browser, "second") == ["second", "beta"], "the front comes before the answer"
    assert keys(browser, "last") == ["alpha"], "in a hint"
    assert keys(browser, "third") == ["second", "gamma"], "in the reason of an option"
    assert keys(browser, "stand") == ["alpha", "second", "row"], "in the lesson of their topic"
    assert keys(browser, '"letters in a"') == ["row"]
    assert keys(browser, '"letters a"') == []
    assert keys(browser, "lett -first") == keys(browser, "letter -first") != []
    assert keys(browser, "card") == keys(browser, "tip") == [], "the grammar is not the text"


def test_a_card_is_found_by_the_words_to_search_it_by(tmp_path: Path) -> None:
    deck = tmp_path / "adding.md"
    deck.write_text('## 2 + 2?\n<!-- card id=sum find="addition,plus sign" -->\n4\n')
    for _ in range(2):  # read from the file, then from the cache
        found = load((deck,), tmp_path / "cache")
        assert found.entries["adding/sum"].find == ("addition", "plus sign")
        index = FullText(found.decks, None)
        assert [index.keys[row] for row in index.find("addit").rows] == ["adding/sum"]
        assert not index.find("plus").fronts


def test_the_index_follows_the_files(one: Learner, browser: Browser, tmp_path: Path) -> None:
    assert keys(browser, "zebra") == []
    file = next(iter(one.library.entries.values())).source.file
    text = Path(file).read_text(encoding="utf-8")
    Path(file).write_text(text.replace("The first letter.", "A zebra."), encoding="utf-8")
    one.reload()
    browser.refresh()
    assert keys(browser, "zebra") == ["alpha"]
    assert keys(browser, '"first letter"') == []


@pytest.mark.parametrize("damage", [b"no database", b"", None])
def test_a_damaged_or_missing_index_is_made_anew(
    one: Learner, browser: Browser, damage: bytes | None
) -> None:
    found = keys(browser, "letter")
    browser.close()
    path = one.place.cache / "decks" / NAME
    if damage is None:
        path.unlink()
    else:
        path.write_bytes(damage)
    with closing(Browser(one)) as again:
        assert keys(again, "letter") == found != []


def test_an_index_that_cannot_be_written_is_kept_in_memory(one: Learner, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    for folder in (None, tmp_path / "file"):
        with closing(FullText(one.library.decks, folder)) as index:
            assert "d/alpha" in [index.keys[row] for row in index.find("first").rows]


# -- fields -------------------------------------------------------------------------------------


def test_fields_look_at_what_is_remembered(one: Learner, browser: Browser, clock: Clock) -> None:
    session = StudySession(one)
    while (item := session.next()) is not None:
        session.answer(item, Rating.EASY)
    note(one, "flag", "d/beta")
    note(one, "suspend", "d/row/beta")
    browser.refresh()
    assert keys(browser, "flag:") == keys(browser, "flagged") == ["beta"]
    assert keys(browser, "suspended") == ["row"], "a gap of it is"
    assert keys(browser, "due:today") == []
    assert len(keys(browser, "answered:1")) == len(keys(browser, "added:1")) == 6
    clock.forward(days=40)
    browser.refresh()
    assert keys(browser, "answered:40") == []
    due = keys(browser, "due:today")
    assert set(due) == {unit.split("/")[1] for unit in one.today.due_today()} and due
    assert keys(browser, "is:due") == due
    assert keys(browser, "due<0") == keys(browser, "due:overdue") == due
    assert set(keys(browser, "r<100%")) == {*due, "row"}


def test_a_forgotten_card_is_found_by_its_lapses(
    one: Learner, browser: Browser, clock: Clock
) -> None:
    for rating in (Rating.EASY, Rating.AGAIN):
        note_review(one, "d/alpha", rating)
        clock.forward(days=30)
    browser.refresh()
    assert keys(browser, "lapses>0") == keys(browser, "lapses=1") == ["alpha"]
    assert keys(browser, "leech") == keys(browser, "lapses>1") == []


def note_review(one: Learner, unit: str, rating: Rating) -> None:
    now = one.now().utc_ms
    one.append(lambda: [one.event("review", unit, rating=rating, due_utc_ms=now)])


@settings(max_examples=60, deadline=None)
@given(terms=st.lists(st.sampled_from(WORDS), max_size=4), sort=st.sampled_from(["", *COLUMNS]))
def test_a_term_and_its_denial_share_the_cards(
    terms: list[str], sort: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with closing(learner(tmp_path_factory.mktemp("one"), Clock())) as one:
        note_review(one, "d/alpha", Rating.AGAIN)
        note(one, "flag", "d/row/beta")
        with closing(Browser(one)) as browser:
            every = keys(browser, "")
            found = keys(browser, " ".join(terms), sort)
            assert len(set(found)) == len(found)
            assert set(found) == set(every).intersection(*(keys(browser, one) for one in terms))
            for term in terms:
                other = term[1:] if term.startswith("-") else f"-{term}"
                assert sorted(keys(browser, term) + keys(browser, other)) == sorted(every)


def test_every_column_sorts_both_ways_with_blanks_last(one: Learner, browser: Browser) -> None:
    note_review(one, "d/beta", Rating.GOOD)
    note_review(one, "d/gamma", Rating.AGAIN)
    browser.refresh()
    for column, value in COLUMNS.items():
        up = [value(row) for row in browser.find("", column)]
        down = [value(row) for row in browser.find("", column, reverse=True)]
        told = [each for each in up if each is not None]
        assert told == sorted(told) and up[len(told) :] == [None] * (len(up) - len(told))
        assert [each for each in down if each is not None] == told[::-1]


def test_every_field_is_understood(browser: Browser) -> None:
    for field in FIELDS:
        browser.find(f"{field}>1" if field in NUMBERS else field if field in MARKS else f"{field}:")


@pytest.mark.parametrize("number", ["²", "-1", "soon", "9" * 5_000])
@pytest.mark.parametrize("field", ["due", "added", "answered"])
def test_what_is_no_number_of_days_is_told(field: str, number: str, browser: Browser) -> None:
    with pytest.raises(QueryError, match="number of days"):
        browser.find(f"{field}:{number}")


# -- the verb -----------------------------------------------------------------------------------


@pytest.fixture
def at(tmp_path: Path) -> list[str]:
    (tmp_path / "deck.md").write_text(DECK, encoding="utf-8")
    (tmp_path / "many.md").write_text(many(3), encoding="utf-8")
    where = ["--content", str(tmp_path / "deck.md"), "--content", str(tmp_path / "many.md")]
    return ["--data-dir", str(tmp_path / "data"), "--no-bundled", *where]


def test_the_verb_prints_json_and_lines(at: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*at, "browse", "topic:alpha", "-kind:cloze", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["key"] for row in rows] == ["d/alpha", "d/second"]
    assert rows[0] == {
        "key": "d/alpha", "front": "Alpha", "deck": "d", "topic": "alpha", "kind": "term",
        "phase": "new", "due": None, "stability": None, "difficulty": None, "lapses": 0,
        "flagged": False, "suspended": False, "tags": [],
    }  # fmt: skip
    assert main([*at, "browse", "-letter", "--plain", "--sort", "front", "--reverse"]) == 0
    told = capsys.readouterr()
    assert told.out.splitlines()[0] == "Card 2? (basic, new) many/c2"
    assert "3 of 9 cards" in told.err


def test_a_single_card_is_told_with_its_history(
    at: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main([*at, "browse", "--plain", "key:d/row"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.strip() for line in lines[1:]] == ["alpha: new", "beta: new"]


def test_the_facts_of_a_card(one: Learner, clock: Clock) -> None:
    for rating in (Rating.EASY, Rating.AGAIN):
        session = StudySession(one, StudyPlan(cards=("d/alpha",)))
        item = session.next()
        assert item is not None
        session.answer(item, rating, elapsed_ms=4_000)
        clock.forward(days=12)
    note(one, "flag", "d/alpha")
    (facts,) = facts_of(one, "d/alpha")
    assert [line.split("  ", 1)[1] for line in facts.history] == [
        "flagged", "Again  4 s  next in 10m", "Easy   4 s  next in 8d",
    ]  # fmt: skip
    assert facts.elapsed == 12 and facts.days == -12
    days, chances = zip(*facts.curve, strict=True)
    assert days[0] == 0 and chances[0] == 1 and list(chances) == sorted(chances, reverse=True)
    assert chances[-1] < facts.recall < chances[0]
    told = standing(facts)
    assert told.startswith("due 12 days ago · flagged · in its learning steps") and "once" in told
    assert standing(facts_of(one, "d/gamma")[0]) == "new"


def test_the_verb_refuses_what_it_does_not_know(
    at: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*at, "browse", "--plain", "--sort", "colour"]) == 2
    assert main([*at, "browse", "--plain", "colour:red"]) == 2
    assert "No field is called `colour`" in capsys.readouterr().err


def test_odd_queries_mean_what_they_can_or_say_what_they_want(browser: Browser) -> None:
    assert keys(browser, "r<80") == keys(browser, "r<80%") == keys(browser, "r<0.8")
    assert keys(browser, "flag:no") == keys(browser, "-flag:") == keys(browser, "flag:0")
    assert keys(browser, "flag:1") == keys(browser, "flag:")
    with pytest.raises(QueryError, match="wants nothing behind it"):
        browser.find("flag:maybe")
    assert "still open" in nothing_found('"unclosed') and "still" not in nothing_found('"a b"')


def test_either_side_of_or_is_found_and_fronts_come_first(browser: Browser) -> None:
    both = keys(browser, "kind:cloze or topic:gamma")
    assert set(both) == {*keys(browser, "kind:cloze"), *keys(browser, "topic:gamma")}
    assert keys(browser, "second or gamma")[0] in {"second", "gamma"}
    assert keys(browser, "alpha kind:cloze or topic:gamma -kind:term") == keys(
        browser, "alpha kind:cloze"
    )
    assert keys(browser, "second or") == keys(browser, "or second") == keys(browser, "second")
    assert keys(browser, '"or"') != keys(browser, "or"), "the word itself stands in quotes"


@pytest.mark.parametrize("field", ["topic", "chapter", "deck", "tag"])
def test_a_name_that_nothing_has_is_told(field: str, browser: Browser) -> None:
    with pytest.raises(QueryError, match=f"No {field} is called `nowhere`"):
        browser.find(f"{field}:nowhere")


def test_near_names_and_the_spelling_of_anki_are_understood(browser: Browser) -> None:
    with pytest.raises(QueryError, match=r"Did you mean topic.* Fields: "):
        browser.find("tpoic:alpha")
    assert keys(browser, "prop:lapses>0") == keys(browser, "lapses>0")
    assert keys(browser, "-prop:ivl>1") == keys(browser, "-s>1")
    with pytest.raises(QueryError):
        browser.find("prop:nothing")


def test_what_waits_longer_says_how_long(one: Learner, browser: Browser, clock: Clock) -> None:
    session = StudySession(one)
    item = session.next()
    assert item is not None
    session.answer(item, Rating.EASY)
    browser.refresh()
    waiting = next(row for row in browser.rows if row.days is not None)
    clock.forward(days=(waiting.days or 0) + 3)
    browser.refresh()
    row = next(row for row in browser.rows if row.key == waiting.key)
    assert row.days is not None and row.days < 0
    assert when(row) == f"due {plural(-row.days, 'day')} ago"
    assert standing(facts_of(one, row.key)[0]).startswith(when(row))
