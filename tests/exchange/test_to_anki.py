"""Packages for Anki as they are written, without Anki: rows, texts, names that stay."""

from __future__ import annotations

import json
import re
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exchange.anki_folder import Folder
from tutor.exchange.anki import to_html
from tutor.exchange.anki.identities import Identities
from tutor.exchange.anki.kept import KeptNote, KeptNotes
from tutor.exchange.anki.note_types import TYPES
from tutor.exchange.anki.package_writer import Answer, Note, Package, Schedule, write
from tutor.exchange.anki.to_html import cloze_html, front_html, html

DECK = """---
deck: d
title: Small
---

# Alpha
<!-- topic id=alpha -->

## What is it?
<!-- card id=basic tags=a,b ref="Prechelt 1998" -->
A *thing* of $x < 1$.

> [!TIP]
> Look up.

> [!NOTE]
> So it is.

## Gaps
<!-- card id=gaps -->
First ==one==, then ==two==.

## Which?
<!-- card id=choice -->
- [x] this
- [ ] that
  > No.

## What is @{a} + @{b}?
<!-- card id=sum -->
```params
a = int(1, 9)
b = int(1, 9)
ans = a + b
```
= @{ans}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = Folder(tmp_path / "data")
    made.write(DECK)
    return made


def opened(file: Path) -> sqlite3.Connection:
    """The database of a package."""
    with zipfile.ZipFile(file) as archive:
        assert sorted(archive.namelist()) == ["collection.anki2", "media"]
        assert archive.read("media") == b"{}"
        data = archive.read("collection.anki2")
    connection = sqlite3.connect(":memory:")
    connection.deserialize(data)
    assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
    return connection


def fields(file: Path) -> dict[str, list[str]]:
    rows = opened(file).execute("select guid, flds from notes")
    return {guid: flat.split("\x1f") for guid, flat in rows}


# -- texts


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("a *b* **c** ~~d~~ `e<f`", "a <em>b</em> <strong>c</strong> <s>d</s> <code>e&lt;f</code>"),
        ("$x<y & z$", r"\(x&lt;y &amp; z\)"),
        ("$$\na\n< b\n$$", r"<p>\[a &lt; b\]</p>"),
        ("one\ntwo\\\nthree", "one two<br>three"),
        ("one\n\ntwo", "<p>one</p><p>two</p>"),
        ("<b>x</b> <!-- y -->", "&lt;b&gt;x&lt;/b&gt;"),
        ("```py\nif a < b:\n    c\n```", "<pre><code>if a &lt; b:<br>    c</code></pre>"),
        ("`[sound:x.mp3]` [LaTeX] `[$]x[/$]`",
         "<code>&#91;sound:x.mp3]</code> &#91;LaTeX] <code>&#91;$]x[/$]</code>"),
        ("![a cat](cat.png) and [[Note|words]]", "[picture: a cat] and words"),
        ("- [ ] a\n- [x] b", '<ul class="contains-task-list"><li>☐ a</li><li>☑ b</li></ul>'),
        ("| a | b |\n|---|---|\n| $x$ | `y` |",
         "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>\\(x\\)</td>"
         "<td><code>y</code></td></tr></tbody></table>"),
        ("[w](https://a.b/c?d=1&e=2)", '<a href="https://a.b/c?d=1&amp;e=2">w</a>'),
        ("&#92;(x&#92;)", r"\<span>(</span>x\)"),
    ],
)  # fmt: skip
def test_markdown_as_anki_takes_it(markdown: str, expected: str) -> None:
    assert html(markdown) == expected


def test_a_heading_is_a_line_of_its_own() -> None:
    assert front_html("+ 3 is what?\n\nSay *it*.") == "+ 3 is what?<p>Say <em>it</em>.</p>"


@pytest.mark.parametrize(
    ("text", "numbers", "expected"),
    [
        ("a ==b== c", [1], "a {{c1::b}} c"),
        ("==a::b== ==:c:==", [3, 1], "{{c3::a&#58;:b}} {{c1::&#58;c&#58;}}"),
        ("==f(x)}== {{c1::d}}", [2], "{{c2::f(x)&#125;}} {&#123;c1::d}}"),
        ("==$\\frac{a}{{b}}$==", [1], r"{{c1::\(\frac{a&#125;{&#123;b&#125;&#125;\)}}"),
        ("{==a==}", [1], "&#123;{{c1::a}}}"),
    ],
)
def test_gaps_as_anki_takes_them(text: str, numbers: list[int], expected: str) -> None:
    assert cloze_html(text, numbers) == expected


def test_a_text_with_other_marks_has_no_gaps() -> None:
    assert cloze_html("a ==b==", [1, 2]) is None
    assert cloze_html("a ==b== ==c==", [1]) is None


@given(st.text("ab\n `*_$\\[](){}:<>&|=#-", max_size=80))
def test_no_field_holds_a_line_end(text: str) -> None:
    made = html(text)
    assert "\n" not in made and "[sound:" not in made


@given(st.text("abW w.,;()?'%/-’…1:@&*_<", max_size=30))
def test_words_take_no_parser_and_come_out_the_same(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(to_html, "WORDS", re.compile("(?!)"))
        slow = html(text), to_html.inline_html(text), to_html.html_blocks(text)
    assert (html(text), to_html.inline_html(text), to_html.html_blocks(text)) == slow


# -- rows


def test_a_package_is_what_anki_wants(folder: Folder) -> None:
    file, said = folder.export("a.apkg")
    assert said == {
        "notes": 3, "cards": 4, "answers": 0,
        "left_out": [{"key": "d/sum", "why": "its numbers are drawn anew each time; "
                                             "--freeze N takes N of them"}],
    }  # fmt: skip
    connection = opened(file)
    [(ver, conf, models, mod)] = connection.execute("select ver, conf, models, mod from col")
    assert ver == 11 and json.loads(conf)["schedVer"] == 2
    assert {model["name"] for model in json.loads(models).values()} == {"Tutor", "Tutor (gaps)"}
    assert mod == 1_790_000_000_000
    rows = connection.execute("select guid, mod, tags from notes order by guid").fetchall()
    assert rows == [
        ("d/basic", 1_790_000_000, " a b topic::alpha "),
        ("d/choice", 1_790_000_000, " topic::alpha "),
        ("d/gaps", 1_790_000_000, " topic::alpha "),
    ]
    cards = connection.execute("select type, queue, due, data from cards order by due").fetchall()
    assert cards == [(0, 0, place, "") for place in (1, 2, 3, 4)]
    assert connection.execute("select count(*) from revlog").fetchone() == (0,)


def test_the_fields_of_a_note(folder: Folder) -> None:
    file, _ = folder.export("a.apkg")
    made = fields(file)
    assert made["d/basic"] == [
        "What is it?", r"A <em>thing</em> of \(x &lt; 1\).", "<p>So it is.</p>", "Look up.",
        "Prechelt 1998", "d/basic", "",
    ]  # fmt: skip
    assert made["d/gaps"] == [
        "First {{c1::one}}, then {{c2::two}}.", "Gaps", "", "", "", "", "d/gaps", "c1=one c2=two",
    ]  # fmt: skip
    front, back = made["d/choice"][:2]
    assert sorted([front.index("<li>this"), front.index("<li>that")])[0] > front.index("Which?")
    assert "this</p>" in back and "No." in back and "No." not in front


def test_note_types_never_change() -> None:
    """Another id, name or field would make a second note type beside the first in Anki."""
    assert {
        kind: (made.id, made.name, made.fields, made.cloze) for kind, made in TYPES.items()
    } == {
        "basic": (1_795_800_000_001, "Tutor", FIELDS, False),
        "cloze": (1_795_800_000_002, "Tutor (gaps)", ("Text", *FIELDS), True),
        "typed": (1_795_800_000_003, "Tutor (typed)", FIELDS, False),
    }
    ids = [field["id"] for made in TYPES.values() for field in made.as_json()["flds"]]
    assert ids == sorted(set(ids)) and ids[0] == 1_795_800_000_001_000


FIELDS = ("Front", "Back", "Explanation", "Hint", "Source", "Key", "Units")


def test_the_same_package_is_the_same_bytes(folder: Folder) -> None:
    first, _ = folder.export("a.apkg")
    second, _ = folder.export("b.apkg")
    assert first.read_bytes() == second.read_bytes()


def test_answers_of_one_millisecond_have_ids_of_their_own(tmp_path: Path) -> None:
    row = Answer(1_700_000_000_000, 3, 1, 0, 500, 10, 0)
    notes = [
        Note(f"g{i}", TYPES["basic"], ("f",) * 7, "D", 1, cards=((0, Schedule(answers=[row] * 3)),))
        for i in range(4)
    ]
    file = tmp_path / "a.apkg"
    file.write_bytes(write(Package(notes, 20_000, 0)))
    ids = [one for (one,) in opened(file).execute("select id from revlog order by id")]
    assert ids == list(range(1_700_000_000_000, 1_700_000_000_012))


# -- what stays the same


def test_only_an_edit_is_a_change(folder: Folder) -> None:
    folder.export("a.apkg")
    folder.write(DECK.replace("So it is.", "So it was."), changed=1_790_000_100)
    file, _ = folder.export("b.apkg")
    rows = dict(opened(file).execute("select guid, mod from notes"))
    assert rows == {"d/basic": 1_790_000_100, "d/choice": 1_790_000_000, "d/gaps": 1_790_000_000}
    folder.write(DECK, changed=4_000_000_000)
    file, _ = folder.export("c.apkg")
    [(mod,)] = opened(file).execute("select mod from notes where guid = 'd/basic'")
    assert 1_790_000_100 < mod < 4_000_000_000


def test_a_card_that_becomes_a_cloze_is_another_note(folder: Folder) -> None:
    folder.export("a.apkg")
    folder.write(DECK.replace("A *thing* of $x < 1$.", "A ==thing==."))
    file, _ = folder.export("b.apkg")
    assert "d/basic cloze" in fields(file) and "d/basic" not in fields(file)
    folder.write(DECK)
    file, _ = folder.export("c.apkg")
    assert "d/basic" in fields(file)


def test_a_gap_number_goes_to_no_other_gap() -> None:
    note = KeptNote()
    assert [note.number(f"d/x/{gap}") for gap in ("a", "b", "c")] == [0, 1, 2]
    assert [note.number(f"d/x/{gap}") for gap in ("c", "d", "a")] == [2, 3, 0]


def test_the_names_are_kept_for_the_learner_alone(folder: Folder) -> None:
    folder.export("a.apkg")
    kept = folder.path / "anki.json"
    assert kept.stat().st_mode & 0o777 == 0o600
    known = KeptNotes.read(kept)
    assert known.place("d/gaps/two") == ("d/gaps", 1) and known.unit("d/gaps", 0) == "d/gaps/one"


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"format":"x"}', '{"format":"tutor-anki","version":2,"notes":{}}',
             '{"format":"tutor-anki","version":1,"notes":{"g":["",1]}}',
             '{"format":"tutor-anki","version":1,"notes":{"g":["","",1,[["u",-1]]]}}'],
)  # fmt: skip
def test_a_damaged_table_of_names_is_told_and_nothing_is_written(folder: Folder, text: str) -> None:
    (folder.path / "anki.json").write_text(text, encoding="utf-8")
    file = folder.path.parent / "a.apkg"
    _, err = folder.run("export", "anki", str(file), status=3)
    assert "anki.json" in err and not file.exists()


def test_a_card_that_came_from_anki_goes_back_under_its_name_there(folder: Folder) -> None:
    came = Identities.load(folder.path)
    came.units = {"G,x#0": "d/basic", "H#2": "d/gaps/one", "H#0": "d/gaps/two", "K#1": "d/choice"}
    came.save()
    file, said = folder.export("a.apkg")
    made = fields(file)
    assert made.keys() == {"G,x", "H"} and "{{c3::one}}" in made["H"][0]
    assert [row["key"] for row in said["left_out"]] == ["d/choice", "d/sum"]


# -- the verb


def test_frozen_numbers_are_the_same_each_time(folder: Folder) -> None:
    first, said = folder.export("a.apkg", "--freeze", "3")
    assert said["notes"] == 6 and said["left_out"] == []
    made = fields(first)
    assert {"d/sum#1", "d/sum#2", "d/sum#3"} <= made.keys()
    assert "@{" not in "".join(made["d/sum#1"])
    second, _ = folder.export("b.apkg", "--freeze", "3")
    assert fields(second) == made


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["anki"], "Name one"),
        (["anki", "x.colpkg"], "whole collection"),
        (["anki", "x.zip"], "x.zip.apkg"),
        (["csv", "x.csv", "--with-schedule"], "--with-schedule"),
        (["gift", "x.gift", "--freeze", "2"], "--freeze"),
    ],
)
def test_a_wrong_wish_is_told(folder: Folder, words: list[str], told: str) -> None:
    _, err = folder.run("export", *words, status=2)
    assert told in err


def test_the_verb_says_what_to_tick(folder: Folder) -> None:
    file = str(folder.path.parent / "a.apkg")
    _, err = folder.run("export", "anki", file)
    assert err.count("\n") == 5 and "left out: 1" in err and "File > Import" in err
    _, err = folder.run("export", "anki", file, "--with-schedule")
    assert "Import any learning progress" in err and "FSRS" in err


def test_the_plain_text_has_all_headers(folder: Folder) -> None:
    out, _ = folder.run("export", "text")
    lines = out.splitlines()
    assert lines[:6] == [
        "#separator:tab", "#html:true", "#guid column:1", "#notetype column:2", "#deck column:3",
        "#tags column:4",
    ]  # fmt: skip
    assert len(lines) == 9 and all(line.count("\t") == 11 for line in lines[6:])
    assert lines[6].startswith('"d/basic"\t"Tutor"\t"Tutor::Small"\t"a b topic::alpha"\t')


# -- with the schedule


def answers(folder: Folder, *rows: str) -> None:
    log = folder.path.parent / "log.csv"
    head = "card_id,review_rating,review_time,review_duration\n"
    log.write_text(head + "\n".join(rows), encoding="utf-8")
    folder.run("import", "reviews", str(log))


def test_answers_go_along_only_on_wish(folder: Folder) -> None:
    day, at = 86_400_000, 1_700_000_000_000
    answers(
        folder, *(f"d/basic,{3},{at + i * 5 * day},{1000 + i}" for i in range(4)),
        f"d/sum,3,{at},5", f"gone/x,3,{at},5", f"d/gaps/two,4,{at + 7},6",
    )  # fmt: skip
    plain, _ = folder.export("a.apkg")
    assert plain.stat().st_mode & 0o777 == 0o644
    bare = opened(plain)
    assert bare.execute("select count(*) from revlog").fetchone() == (0,)
    assert bare.execute("select distinct type, queue, reps, ivl, data from cards").fetchall() == [
        (0, 0, 0, 0, "")
    ]
    [(created,)] = bare.execute("select crt from col")
    assert created * 1000 > at + 100 * day
    full, said = folder.export("b.apkg", "--with-schedule")
    assert full.stat().st_mode & 0o777 == 0o600
    left = {row["key"]: row["why"] for row in said["left_out"]}
    assert said["answers"] == 5
    assert "1 answer of d/sum" in left["d/sum"] and "no deck has it" in left["import/gone/x"]
    _, frozen = folder.export("c.apkg", "--with-schedule", "--freeze", "2")
    assert frozen["answers"] == 6


def test_the_columns_of_an_answered_card(folder: Folder) -> None:
    day, at = 86_400_000, 1_700_000_000_000
    answers(
        folder, *(f"d/basic,{r},{at + i * 5 * day},{1000 + i}" for i, r in enumerate((3, 3, 1)))
    )
    file, _ = folder.export("b.apkg", "--with-schedule")
    connection = opened(file)
    rows: list[Any] = connection.execute(
        "select ease, ivl, lastIvl, time, type from revlog order by id"
    ).fetchall()
    assert [row[0] for row in rows] == [3, 3, 1]
    assert rows[0] == (3, -600, 0, 1000, 0)
    assert rows[1][2:] == (-600, 1001, 0) and rows[1][1] > 0
    assert rows[2] == (1, -600, rows[1][1], 1002, 1)
    [(kind, queue, reps, lapses, left, data)] = connection.execute(
        "select type, queue, reps, lapses, left, data from cards where reps > 0"
    )
    assert (kind, queue, reps, lapses, left) == (3, 1, 3, 1, 1)
    memory = json.loads(data)
    assert memory.keys() == {"s", "d", "dr", "decay", "lrt"}
    assert memory["lrt"] == (at + 10 * day) // 1000 and memory["dr"] == 0.9
