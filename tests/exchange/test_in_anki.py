"""How our notes live in Anki: faces, updates, moves, presets, the whole course, plain text."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.exchange.anki_folder import Folder
from tests.exchange.anki_peer import ask
from tutor.cli import main

pytestmark = pytest.mark.anki

DECK = r"""---
deck: d
title: Traps::of Anki
---

# Alpha
<!-- topic id=alpha -->

## Is $x<y$ & `[sound:a.mp3]` {{Back}}?
<!-- card id=escapes -->
`{{c1::x}}` and $\{a\}$, [latex]x[/latex] \(p<q\) <script>alert(1)</script> `[$]x[/$]`

```py
if a < b:
    print("[sound:b.mp3]")
```

## Std
<!-- card id=gaps -->
In C++ ==std::vector== is ==$\frac{a}{{b}}$== and {{c7::no gap}} ==f(x) }}== ends; ==:edge:==

## Which?
<!-- card id=choice -->
- [x] one < two
- [ ] two
  > Because.

## Name it
<!-- card id=typed -->
= "weight decay" | "L2"

## Order
<!-- card id=order -->
1. first
2. second
3. third
"""


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = Folder(tmp_path / "data")
    made.write(DECK)
    return made


def shown(face: str) -> str:
    """The words of a side, without its style and tags."""
    text = re.sub(r"<style>.*?</style>", "", face, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]+>", "", text))


def faces(folder: Folder, file: Path, *guids: str) -> list[list[list[str]]]:
    steps = [{"do": "faces", "guid": guid} for guid in guids]
    taken, *found = ask(folder.path.parent / "c.anki2", {"do": "import", "path": str(file)}, *steps)
    assert taken["conflicting"] == 0
    return found


def test_nothing_in_a_text_is_acted_on(folder: Folder) -> None:
    file, _ = folder.export("a.apkg")
    [[[question, answer]]] = faces(folder, file, "d/escapes")
    assert r"\(x&lt;y\)" in question
    assert "[sound:a.mp3]" in shown(question) and "{{Back}}" in shown(question)
    assert "anki:play" not in question + answer and "<img" not in answer
    assert "<script" not in answer and "<script>alert(1)</script>" in shown(answer)
    assert "{{c1::x}}" in shown(answer) and r"\(p&lt;q\)" in answer
    assert "[latex]x[/latex]" in shown(answer) and "[$]x[/$]" in shown(answer)
    assert 'if a < b:    print("[sound:b.mp3]")' in shown(answer)


def test_gaps_hold_what_anki_takes_for_their_end(folder: Folder) -> None:
    file, said = folder.export("a.apkg")
    assert said["left_out"] == []
    [found] = faces(folder, file, "d/gaps")
    assert len(found) == 4
    for place, text in enumerate(["std::vector", r"\(\frac{a}{{b}}\)", "f(x) }}", ":edge:"]):
        question, answer = map(shown, found[place])
        assert text not in question.replace("{{c7::no gap}}", "") and "[...]" in question
        assert text in answer and "{{c7::no gap}}" in answer


def test_choices_show_their_options_and_reasons(folder: Folder) -> None:
    file, _ = folder.export("a.apkg")
    [choice], [order], [typed] = faces(folder, file, "d/choice", "d/order", "d/typed")
    assert "one < two" in shown(choice[0]) and "Because." not in shown(choice[0])
    assert re.search(r"[ab]: one < two.*[ab]: Because\.", shown(choice[1]))
    assert shown(order[1]).endswith("firstsecondthird")
    assert "typeans" in typed[0] and "Right too: L2" in shown(typed[1])


def test_an_edit_updates_and_a_moved_card_stays(folder: Folder) -> None:
    first, _ = folder.export("a.apkg")
    folder.write(DECK.replace("Because.", "Since."), changed=1_790_000_500)
    second, _ = folder.export("b.apkg")
    taken, _, again, dump = ask(
        folder.path.parent / "c.anki2",
        {"do": "import", "path": str(first)},
        {"do": "move", "guid": "d/choice", "deck": "Mine"},
        {"do": "import", "path": str(second)},
        {"do": "dump"},
    )
    assert (taken["new"], again["updated"], again["duplicate"], again["new"]) == (5, 1, 4, 0)
    notes = {note["guid"]: note for note in dump["notes"]}
    assert "Since." in notes["d/choice"]["fields"][1]
    assert notes["d/choice"]["mod"] == 1_790_000_500
    decks = {card["guid"]: card["deck"] for card in dump["cards"]}
    assert decks["d/choice"] == "Mine" and decks["d/order"] == "Tutor::Traps: of Anki"


def test_a_renamed_card_is_the_same_note_and_a_gap_keeps_its_number(folder: Folder) -> None:
    first, _ = folder.export("a.apkg")
    changed = DECK.replace("id=typed", "id=named aka=typed").replace("==std::vector==", "a list")
    folder.write(changed, changed=1_790_000_500)
    second, _ = folder.export("b.apkg")
    taken, again, dump = ask(
        folder.path.parent / "c.anki2",
        {"do": "import", "path": str(first)},
        {"do": "import", "path": str(second)},
        {"do": "dump"},
    )
    assert taken["new"] == 5 and again["new"] == 0 and again["updated"] == 2
    numbers = [card["ord"] for card in dump["cards"] if card["guid"] == "d/gaps"]
    assert numbers == [0, 1, 2, 3]  # the first is empty now, until Empty Cards takes it
    text = next(note for note in dump["notes"] if note["guid"] == "d/gaps")["fields"][0]
    assert re.findall(r"\{\{c(\d)::", text) == ["2", "3", "4"]


def test_weights_go_as_a_preset_on_wish(folder: Folder) -> None:
    file, _ = folder.export("a.apkg", "--preset")
    collection = folder.path.parent / "c.anki2"
    _, found = ask(
        collection, {"do": "import", "path": str(file), "presets": True}, {"do": "config"}
    )
    weights, retention = found["Tutor"]
    assert len(weights) == 21 and weights[:2] == [0.212, 1.2931] and retention == 0.9


def test_the_plain_text_comes_in_as_the_same_notes(folder: Folder) -> None:
    package, _ = folder.export("a.apkg")
    text, said = folder.export("a.txt", form="text")
    assert said["notes"] == 5
    [_, same, fresh] = ask(
        folder.path.parent / "c.anki2",
        {"do": "import", "path": str(package)},
        {"do": "import_text", "path": str(text)},
        {"do": "dump"},
    )
    assert same == {"new": 0, "updated": 0, "duplicate": 5}
    folder.write(DECK.replace("Because.", 'Since "it" is\\\n#1.'), changed=1_790_000_500)
    text, _ = folder.export("b.txt", form="text")
    same, dump = ask(
        folder.path.parent / "c.anki2", {"do": "import_text", "path": str(text)}, {"do": "dump"}
    )
    assert same == {"new": 0, "updated": 1, "duplicate": 4}
    before = {note["guid"]: note["fields"] for note in fresh["notes"]}
    after = {note["guid"]: note["fields"] for note in dump["notes"]}
    assert "Since &quot;it&quot; is<br>#1." in after.pop("d/choice")[1]
    assert after == {guid: before[guid] for guid in after}


def test_the_whole_course_is_one_deck(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "course.apkg"
    assert main(["--data-dir", str(tmp_path / "data"), "export", "anki", str(file), "--json"]) == 0
    said: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert {left["why"] for left in said["left_out"]} == {
        "its numbers are drawn anew each time; --freeze N takes N of them"
    }
    taken, check, again, dump = ask(
        tmp_path / "c.anki2",
        {"do": "import", "path": str(file)}, {"do": "check"},
        {"do": "import", "path": str(file)}, {"do": "dump"},
    )  # fmt: skip
    assert taken["new"] == said["notes"] == again["duplicate"] > 1000
    assert check == {"text": "Database rebuilt and optimized.", "empty": 0}
    assert len(dump["cards"]) == said["cards"]
    assert {card["deck"].split("::")[0] for card in dump["cards"]} == {"Tutor"}
    firsts = [note["fields"][0] for note in dump["notes"]]
    assert len(set(firsts)) == len(firsts)
