"""Files as other programs' users have them: each thing in them comes in as what it is, or is told.

Beside each file stands what is read of it, a line a note (kind, front, answer, and what else the
note holds) and a line for what is left out. After a change that is meant:
`python -m tests.exchange.test_exported`, then read the difference.
"""

from __future__ import annotations

import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.session.decks import Clock, learner
from tutor.deck import library
from tutor.deck.model import Answer, Card, Choice, Cloze, Match, Numeric, Order, Prose, Typed
from tutor.exchange import gift, moodle_xml
from tutor.exchange.notes import Found, Note
from tutor.exchange.reading import read_file
from tutor.paths import content_dir
from tutor.session import importing_decks

FOLDER = Path(__file__).parent / "exported"
FILES = sorted(path.name for path in FOLDER.iterdir() if path.suffix != ".expected")


def given(name: str, folder: Path) -> Path:
    """The file; that of Mnemosyne, which stands there unpacked, as the zip that it is."""
    if name.endswith(".org"):
        pytest.importorskip("orgparse")
    if not name.endswith("_cards.xml"):
        return FOLDER / name
    packed = folder / "deck.cards"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(FOLDER / name, "cards.xml")
        archive.writestr("METADATA", "tags:ML\n")
    return packed


def shown(answer: Answer) -> str:  # noqa: PLR0911 -- a line a kind
    match answer:
        case Prose(text):
            return repr(text)
        case Typed(accepted):
            return " = ".join(map(repr, accepted))
        case Choice(options):
            return "; ".join(
                f"{'+' if option.right else '-'}{option.text!r}"
                + (f" ({option.reason!r})" if option.reason else "")
                for option in options
            )
        case Cloze(parts, gaps):
            filled = ("|".join((gap.text, *gap.others)) for gap in gaps)
            pieces = (f"{part}[{words}]" for part, words in zip(parts, filled, strict=False))
            return repr("".join(pieces) + parts[-1])
        case Numeric(value, tolerance, interval, unit):
            return f"{interval or value} within {tolerance.amount} {unit}".strip()
        case Match(_, pairs):
            return "; ".join(f"{left!r} > {right!r}" for left, right in pairs)
        case Order(items):
            return " > ".join(map(repr, items))


def lines(found: Found) -> Iterator[str]:
    """All that was read."""
    yield found.format
    for note in found.notes:
        yield " | ".join([note.kind, repr(note.front), shown(note.answer), *more(note)])
    for left in found.left_out:
        yield f"left out, {left.line}: {left.what} ({left.why})"


def more(note: Note) -> Iterator[str]:
    for name in ("explanation", "hints", "tags", "group", "source_id"):
        if value := getattr(note, name):
            yield f"{name} {value!r}"
    dates = [(note.due, note.interval_days), *(each or (None, None) for each in note.dates_after)]
    if any(day for day, _ in dates):
        yield "dates " + ", ".join(f"{day} {days}" if day else "none" for day, days in dates)


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_read_as_it_was_meant(name: str, tmp_path: Path) -> None:
    expected = (FOLDER / f"{name}.expected").read_text(encoding="utf-8").splitlines()
    assert list(lines(read_file(given(name, tmp_path)))) == expected


@pytest.mark.parametrize("name", FILES)
def test_all_of_it_comes_in_and_is_there_when_it_comes_again(name: str, tmp_path: Path) -> None:
    file = given(name, tmp_path)
    found = read_file(file)
    with closing(learner(tmp_path, Clock())) as one:
        plan = importing_decks.look(one.place, file, "", "")
        assert plan.cards == len(found.notes), [left.why for left in plan.left_out]
        with importing_decks.written(one.place, plan, one):
            pass
        again = importing_decks.look(one.place, file, "", "")
        assert (again.cards, again.present) == (0, plan.cards)
        one.reload()
        dated = sum(note.due is not None for note in found.notes)
        assert (importing_decks.take_dates(one, plan) >= dated) and one.library.entries


@pytest.fixture(scope="module")
def course() -> dict[str, Card]:
    found = library.load((content_dir(),), None)
    return {key: found.card(key) for key in found.entries}


@pytest.mark.parametrize("form", ["gift", "moodle-xml"])
def test_the_course_goes_to_moodle_and_comes_back_the_same(
    form: str, course: dict[str, Card]
) -> None:
    writer, reader = {
        "gift": (gift.write, gift.read), "moodle-xml": (moodle_xml.write, moodle_xml.read),
    }[form]  # fmt: skip
    text, left = writer(course.values())
    found = reader(text, "course")
    assert not found.left_out
    went = course.keys() - {key for key, _ in left}
    assert {note.source_id for note in found.notes} == went
    for note in found.notes:
        card = course[note.source_id]
        assert (note.kind, note.front, note.explanation) == (
            card.kind, card.front, card.explanation
        ), card.key  # fmt: skip
        assert without_words(note.answer, form) == without_words(card.answer, form), card.key


def without_words(answer: Answer, form: str) -> Answer:
    """The answer without what the form has no place for: titles of columns, GIFT's units."""
    match answer:
        case Match(_, pairs):
            return Match(("", ""), pairs)
        case Numeric(value, tolerance, interval, unit):
            unit = "" if form == "gift" else unit
            margin = tolerance.amount
            if tolerance.relative and not interval:
                margin *= abs(float(value.replace("_", "")))
            if interval:
                low, high = (float(end.replace("_", "")) for end in interval)
                return Numeric(f"{low + high:.9g}", interval=None, unit=unit)
            return Numeric(f"{float(value.replace('_', '')):.9g} {margin:.6g}", unit=unit)
        case _:
            return answer


def write_expected() -> None:
    """Write what is read now beside each file."""
    with tempfile.TemporaryDirectory() as folder:
        for name in sys.argv[1:] or FILES:
            told = "\n".join(lines(read_file(given(name, Path(folder)))))
            (FOLDER / f"{name}.expected").write_text(told + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_expected()
