"""Files of other programs: each read, by looking, into the notes that were meant."""

from __future__ import annotations

import contextlib
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.deck.model import Choice, Cloze, Match, Numeric, Prose, Typed
from tutor.errors import UsageError
from tutor.exchange import gift, html, moodle_xml
from tutor.exchange.notes import Found, Note
from tutor.exchange.reading import guess, read_file

Write = Callable[[str, str | bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def _write(name: str, content: str | bytes) -> Path:
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return file

    return _write


def prose(note: Note) -> str:
    assert isinstance(note.answer, Prose)
    return note.answer.text


def pairs(found: Found) -> list[tuple[str, str]]:
    return [(note.front, prose(note)) for note in found.notes]


@pytest.mark.parametrize("separator", ["\t", ";", ",", "|"])
def test_a_table_is_parted_where_all_its_records_agree(write: Write, separator: str) -> None:
    lines = ["ReLU", "max(0. x)"], ["tanh", '"a curve\nof ""two"" lines, and; more\tsigns"']
    found = read_file(write("cards.txt", "\n".join(separator.join(line) for line in lines)))
    assert found.format == "text"
    assert pairs(found) == [
        ("ReLU", "max(0. x)"),
        ("tanh", 'a curve\\\nof "two" lines, and; more\tsigns'),
    ]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_table_is_read_in_the_encodings_of_spreadsheets(write: Write, codec: str) -> None:
    found = read_file(write("cards.csv", "Größe;naïve é\r\nKöln;1,5".encode(codec)))
    assert pairs(found) == [("Größe", "naïve é"), ("Köln", "1,5")]


@pytest.mark.parametrize("separator", ["\t", ";", ","])
@pytest.mark.parametrize("rows", [3, 40])
def test_a_quote_that_is_never_closed_is_told_with_its_line(
    write: Write, separator: str, rows: int
) -> None:
    lines = [f"front {i}{separator}back {i}" for i in range(rows)]
    lines[1:1] = [f'two{separator}"lines\nin one"']
    lines[-1] = f'open{separator}"never closed'
    with pytest.raises(UsageError, match=f"line {rows + 2}: a quote"):
        read_file(write("cards.csv", "\n".join([*lines, f"more{separator}rows"])))


def test_a_header_row_names_the_columns_in_any_order(write: Write) -> None:
    text = "Tags,Answer,Question\nml basics,4,What is 2+2?"
    (note,) = read_file(write("cards.csv", text)).notes
    assert (note.front, prose(note), note.tags) == ("What is 2+2?", "4", ("ml", "basics"))


def test_ankis_headers_are_directives_only_at_the_top(write: Write) -> None:
    text = (
        "#separator:tab\n#html:true\n#tags column:4\n#deck column:3\n"
        "<b>Bold</b>&nbsp;x<br>y\tback\tml::deep\ta b\n#1 rule\tbe kind\tml\t\n"
    )
    first, second = read_file(write("notes.txt", text)).notes
    assert (first.front, first.group, first.tags) == ("**Bold** x y", "ml::deep", ("a", "b"))
    assert second.front in {r"\#1 rule", "#1 rule"}


@pytest.mark.parametrize("number", ["²", "x", "9" * 5_000])
def test_a_directive_that_is_no_column_is_left_alone(number: str, write: Write) -> None:
    text = f"#separator:tab\n#notetype column:{number}\n#tags column:{number}\na\tb\n"
    assert pairs(read_file(write("notes.txt", text))) == [("a", "b")]


def test_rows_of_another_width_and_pictures_are_told(write: Write) -> None:
    text = "a;b\nc;d\ne;f\ng;h\ni;j\nk;l\nm;n\no;p\nq;r\nlonely\n<img src=x.png>;<b>y</b>\n"
    found = read_file(write("cards.csv", text))
    told = {left.why for left in found.left_out}
    assert "the row has no second column" in told
    assert "only text comes in" in told


def test_a_column_that_is_not_taken_is_told(write: Write) -> None:
    found = read_file(write("cards.csv", "a;b;c\nd;e;\n"))
    assert pairs(found) == [("a", "b"), ("d", "e")]
    assert [left.what for left in found.left_out] == ["column 3, filled in 1 of 2 rows"]


def test_a_repeated_row_comes_once_and_an_empty_side_not_at_all(write: Write) -> None:
    found = read_file(write("cards.csv", "a;1\na;1\na;2\nb;\n"))
    assert pairs(found) == [("a", "1"), ("a", "2")]
    assert [left.why for left in found.left_out] == [
        "its answer is empty",
        "it stands already in line 1",
    ]


OBSIDIAN = """# Chapter
A neuron::a weighted sum <!--SR:!2025-08-27,1,230-->

Here:::there

What
is long?
?
An answer
of two lines
<!--SR:!2025-09-01,4,250-->

The ==capital== of {{France}} is {@{Paris}@}

```cpp
std::vector<int> x;; y
```

Inline `a::b` code is no card.
"""


def test_obsidian_notes(write: Write) -> None:
    found = read_file(write("note.md", OBSIDIAN))
    assert found.format == "obsidian"
    neuron, here, there, long, cloze = found.notes
    assert (neuron.front, prose(neuron), neuron.due, neuron.interval_days) == (
        "A neuron",
        "a weighted sum",
        date(2025, 8, 27),
        1,
    )
    assert (here.front, there.front) == ("Here", "there")
    assert (long.front, prose(long)) == ("What is long?", "An answer\nof two lines")
    assert isinstance(cloze.answer, Cloze)
    assert [gap.text for gap in cloze.answer.gaps] == ["capital", "France", "Paris"]


def test_hashcards(write: Write) -> None:
    text = (
        '---\nname = "ML"\n---\n\nQ: What is x?\nA: A letter\nof two lines\n\n'
        "C: The [chain rule], not [a link](http://x.org) nor ![a picture](y.png).\n\n"
        "Q: Nobody answers\n"
    )
    found = read_file(write("deck.md", text))
    basic, cloze = found.notes
    assert (basic.front, prose(basic), basic.group) == (
        "What is x?",
        "A letter\nof two lines",
        "ML",
    )
    assert isinstance(cloze.answer, Cloze)
    assert [gap.text for gap in cloze.answer.gaps] == ["chain rule"]
    picture, nobody = found.left_out
    assert (picture.why, nobody.what) == ("only text comes in", "Nobody answers")


GIFT = r"""// a comment
$CATEGORY: $course$/ml/basics

::Q1:: What is 2+2? {=4 ~3#one less ~5}

::Q2:: Pi is {#3.14:0.005}

Between {#1..2}

Softmax sums to 1. {T#it does#right}

Pick both {~%50%a ~%50%b ~%-100%c ####because}

Match {=cat -> meow =dog -> woof =cow -> moo}

Escaped \{braces\}\: $$x^2$$ {=yes\=no =sure}

[markdown]Is **it** ____ here? {
=yes

=certainly
}

The {=sun ~moon} shines.

Essay {}

Only a description.
"""


def test_gift(write: Write) -> None:
    found = read_file(write("quiz.txt", GIFT))
    assert found.format == "gift"
    by_front = {note.front: note for note in found.notes}
    four = by_front["What is 2+2?"]
    assert isinstance(four.answer, Choice)
    assert [(o.text, o.right, o.reason) for o in four.answer.options] == [
        ("4", True, ""), ("3", False, "one less"), ("5", False, ""),
    ]  # fmt: skip
    assert four.source_id == "Q1"
    pi, between = by_front["Pi is"].answer, by_front["Between"].answer
    assert isinstance(pi, Numeric)
    assert isinstance(between, Numeric)
    assert (pi.value, pi.tolerance.amount, between.interval) == ("3.14", 0.005, ("1", "2"))
    assert by_front["Pick both"].kind == "multi"
    assert by_front["Pick both"].explanation == "because"
    match = by_front["Match"].answer
    assert isinstance(match, Match)
    assert match.pairs == (("cat", "meow"), ("dog", "woof"), ("cow", "moo"))
    typed = by_front["Escaped {braces}: $$x^2$$"].answer
    assert isinstance(typed, Typed)
    assert typed.accepted == ("yes=no", "sure")
    assert by_front["Is **it** ____ here?"].kind == "typed"
    assert r"The \_\_\_\_\_ shines." in by_front or "The _____ shines." in by_front
    assert by_front["Softmax sums to 1."].explanation == "right"
    assert len(found.left_out) == 2


MOODLE = """<?xml version="1.0"?>
<quiz>
<question type="category"><category><text>$course$/top/ml</text></category></question>
<question type="multichoice"><name><text>n</text></name>
<questiontext format="html"><text><![CDATA[<p>Which <b>two</b>?</p>]]></text></questiontext>
<single>false</single>
<answer fraction="33.33333"><text>a</text><feedback><text>yes</text></feedback></answer>
<answer fraction="66.66667"><text>b</text></answer>
<answer fraction="-50"><text>c</text></answer></question>
<question type="numerical"><questiontext><text>How many?</text></questiontext>
<answer fraction="100"><text>13002</text><tolerance>0.5</tolerance></answer></question>
<question type="matching"><questiontext><text>Match</text></questiontext>
<subquestion><text>x</text><answer><text>1</text></answer></subquestion>
<subquestion><text>y</text><answer><text>2</text></answer></subquestion>
<subquestion><text>z</text><answer><text>3</text></answer></subquestion>
<subquestion><text></text><answer><text>4</text></answer></subquestion></question>
<question type="essay"><questiontext><text>Write</text></questiontext></question>
</quiz>
"""


def test_moodle_xml(write: Write) -> None:
    found = read_file(write("quiz.xml", MOODLE))
    two, many, match = found.notes
    assert (two.front, two.kind, two.group) == ("Which **two**?", "multi", "ml")
    assert isinstance(two.answer, Choice)
    assert [option.right for option in two.answer.options] == [True, True, False]
    assert isinstance(many.answer, Numeric)
    assert (many.answer.value, many.answer.tolerance.amount) == ("13002", 0.5)
    assert isinstance(match.answer, Match)
    assert len(match.answer.pairs) == 3
    assert {left.why[:9] for left in found.left_out} == {"a distrac", "questions"}


def test_moodle_xml_with_entities_of_its_own_is_not_read(write: Write) -> None:
    text = '<!DOCTYPE quiz [<!ENTITY a "b">]><quiz><question type="essay"/></quiz>'
    with pytest.raises(UsageError, match="not read"):
        read_file(write("quiz.xml", text))


def test_mdbook_quiz(write: Write) -> None:
    text = """
[[questions]]
type = "MultipleChoice"
prompt.prompt = "Which?"
prompt.distractors = ["b", "c"]
answer.answer = ["a", "d"]
context = "because"
[[questions]]
type = "ShortAnswer"
prompt.prompt = "Say it"
answer.answer = "yes"
answer.alternatives = ["yep"]
[[questions]]
type = "Tracing"
prompt.program = "fn main() {}"
answer.doesCompile = true
answer.stdout = "7"
"""
    choice, typed, tracing = read_file(write("quiz.toml", text)).notes
    assert (choice.kind, choice.explanation) == ("multi", "because")
    assert isinstance(typed.answer, Typed)
    assert typed.answer.accepted == ("yes", "yep")
    assert "prints" in prose(tracing)


ORG = """* Chapter
** What is X :drill:ml:
   SCHEDULED: <2025-09-01 Mon>
   :PROPERTIES:
   :ID: abc
   :DRILL_LAST_INTERVAL: 4.0
   :END:
   Question text
*** Answer
    The /answer/ is *bold*
** Capitals :drill:
The [capital||hint] of [[http://x.org][a land]] is [Paris].
** No card
"""


def test_org_drill(write: Write) -> None:
    pytest.importorskip("orgparse")
    what, cloze = read_file(write("cards.org", ORG)).notes
    assert (what.front, prose(what)) == ("Question text", "The *answer* is **bold**")
    assert (what.due, what.interval_days, what.source_id) == (date(2025, 9, 1), 4, "abc")
    assert (what.tags, what.group) == (("ml",), "Chapter")
    assert isinstance(cloze.answer, Cloze)
    assert [gap.text for gap in cloze.answer.gaps] == ["capital", "Paris"]


def test_mnemosyne(tmp_path: Path) -> None:
    xml = (
        '<openSM2sync number_of_entries="4"><log type="10" o_id="t"><name>ml</name></log>'
        '<log type="16" o_id="f"><f>a &lt;b&gt;front&lt;/b&gt;</f><b>back</b></log>'
        '<log type="6" o_id="c" card_t="1" fact="f" fact_v="2.1" tags="t"/>'
        '<log type="6" o_id="d" card_t="2" fact="f" fact_v="2.2" tags="t"/></openSM2sync>'
    )
    file = tmp_path / "deck.cards"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("cards.xml", xml)
    there, back = read_file(file).notes
    assert (there.front, prose(there), there.tags) == ("a **front**", "back", ("ml",))
    assert (back.front, prose(back)) == ("back", "a **front**")


@pytest.mark.parametrize("content", ["", "one line of prose", "\0\0\0", "<quiz><question", "x"])
def test_a_file_that_holds_no_question_gets_a_sentence(write: Write, content: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_file(write("file.dat", content))
    assert str(refused.value)


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    file = tmp_path / "deck.cards"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("cards.xml", b"0" * 20_000_000)
    with pytest.raises(UsageError, match="times its packed size"):
        read_file(file)


def test_what_gift_writes_gift_reads(write: Write) -> None:
    notes = read_file(write("quiz.gift", GIFT)).notes
    marked = [note for note in notes if note.kind != "basic"]
    text, left = gift.write(cards_of(marked))
    again = gift.read(text, "again").notes
    assert left == []
    assert [(n.front, n.kind, n.answer) for n in again] == [
        (n.front, n.kind, n.answer) for n in marked
    ]


def test_what_moodle_xml_writes_it_reads(write: Write) -> None:
    notes = read_file(write("quiz.gift", GIFT)).notes
    text, left = moodle_xml.write(cards_of(notes))
    again = moodle_xml.read(text, "again").notes
    assert left == []
    assert [(n.front, n.kind) for n in again] == [(n.front, n.kind) for n in notes]


def cards_of(notes: list[Note]) -> list:  # type: ignore[type-arg]
    from tutor.deck.model import Card, Source

    return [
        Card(f"d/c{i}", "d", f"c{i}", note.kind, note.front, note.answer, Source("f", 1),
             explanation=note.explanation)
        for i, note in enumerate(notes)
    ]  # fmt: skip


@given(st.text(max_size=300))
def test_no_text_breaks_a_reader(text: str) -> None:
    from tutor.exchange.reading import READERS

    html.to_markdown(text)
    form = guess(text)
    with contextlib.suppress(UsageError):
        READERS[form](text, "name")
