"""What may come in: known by its bytes, told before it comes, taken in whole by both drivers."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from tests.exchange.anki_packages import BASIC, Anki
from tests.session.decks import Clock, learner
from tutor.cli import main
from tutor.errors import UsageError
from tutor.session import arriving
from tutor.session.arriving import WOULD, Kind

ROWS = "card_id,review_rating,review_time\nother/a,3,2024-01-05T10:00:00Z\n"
TABLE = "What is an epoch?\tOne pass over all\nWhat is a batch?\tA few at once\n"
HEAD = '{"format":"tutor-journal","version":1,"schema":2}\n'
KINDS: tuple[Kind, ...] = ("anki", "reviews", "json", "deck")
COMES_IN: tuple[Kind, ...] = ("anki", "reviews", "deck")


def file_of(kind: Kind, folder: Path) -> Path:
    """A small file of this kind under a name that says nothing of it."""
    file = folder / "given.dat"
    if kind == "anki":
        anki = Anki()
        card = anki.note(BASIC, "q", "a", type=2, queue=2, due=9, ivl=8, reps=1)
        anki.answer(card, 3600, 4, 8, 0)
        return anki.write(file)
    file.write_text({"reviews": ROWS, "json": HEAD, "deck": TABLE}[kind], encoding="utf-8")
    return file


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_is_known_by_its_first_bytes(kind: Kind, tmp_path: Path) -> None:
    assert arriving.kind_of(file_of(kind, tmp_path)) == kind


@pytest.mark.parametrize("words", [[], ["anki"], ["reviews"], ["--as", "gift"]])
def test_a_device_that_never_ends_does_not_come_in(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ["--data-dir", str(tmp_path), "--no-bundled"]
    assert main([*data, "import", *words, "/dev/zero"]) == 2
    assert "/dev/zero" in capsys.readouterr().err


@pytest.mark.parametrize("kind", COMES_IN)
def test_what_is_foreseen_is_what_comes_in_and_nothing_is_written_before(
    kind: Kind, tmp_path: Path
) -> None:
    file = file_of(kind, tmp_path)
    with closing(learner(tmp_path, Clock())) as one:

        def state() -> tuple[int, list[Path]]:
            return one.glance().answers, sorted((one.place.data / "decks").glob("*.md"))

        before = state()
        seen = arriving.look(one.place, one, file)
        seen.foresee()
        foreseen = list(seen.report(WOULD))
        assert state() == before
        arrival = arriving.look(one.place, one, file)
        arrival.take()
        came = list(arrival.report(arrival.came_in))
        assert state() != before
        assert came == [line.replace(WOULD, arrival.came_in) for line in foreseen]
        after = state()
        again = arriving.look(one.place, one, file)
        again.take()
        assert state() == after, "what is there does not come in twice"


@pytest.mark.parametrize("kind", COMES_IN)
def test_the_verb_says_what_the_page_says(
    kind: Kind, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = file_of(kind, tmp_path)
    common = ["--data-dir", str(tmp_path / "verb"), "--no-bundled"]
    assert main([*common, "import", str(file), "--dry-run"]) == 0
    printed = capsys.readouterr().out.splitlines()
    with closing(learner(tmp_path, Clock())) as one:
        seen = arriving.look(one.place, one, file)
        seen.foresee()
        assert printed == list(seen.lines())
    assert not list((tmp_path / "verb").rglob("*.md"))
    assert main([*common, "stats", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["reviews"] == 0


@pytest.mark.parametrize(
    ("kind", "option"),
    [
        ("deck", "--no-history"), ("deck", "--weights"), ("deck", "--unit=s"),
        ("anki", "--dates"), ("anki", "--unit=s"),
        ("reviews", "--into=mine"), ("reviews", "--dates"), ("reviews", "--weights"),
        ("json", "--dry-run"), ("json", "--into=mine"),
    ],
)  # fmt: skip
def test_an_option_that_would_do_nothing_is_refused(
    kind: Kind, option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = file_of(kind, tmp_path)
    words = ["--data-dir", str(tmp_path / "data"), "import", str(file), option]
    assert main(words) == 2
    assert f"No {option.partition('=')[0]} here" in capsys.readouterr().err


def test_a_file_of_answers_needs_the_learner(tmp_path: Path) -> None:
    with closing(learner(tmp_path, Clock())) as one:
        place = one.place
    with pytest.raises(ValueError, match="learner"):
        arriving.look(place, None, file_of("reviews", tmp_path))
    assert not arriving.needs_learner("deck", arriving.Wish())
    with pytest.raises(UsageError, match="no such file"):
        arriving.kind_of(tmp_path / "nothing.csv")
