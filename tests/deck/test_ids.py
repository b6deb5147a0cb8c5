"""Adding ids: what they are, that nothing else changes, and that nothing is ever half written."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor import cli
from tutor.deck import files, ids
from tutor.deck.parse import parse_bytes
from tutor.errors import DeckError

TEXT = """\
---
deck: d
---

# Adam and friends
<!-- topic needs=sgd -->

## What is @{x} in $\\beta_1$?
<!--
  card
  type=term -->
Text.

## Adam
<!-- card id=adam -->
Text.

## Adam
<!-- card -->
Text.

## Adam
<!--CARD   topic=x -->
Text.

## 日本
<!-- card id= -->
Text."""


def test_ids_are_slugs_of_headings_and_free() -> None:
    found = ids.missing(TEXT.encode(), "d.md", {"adam-and-friends", "d/adam-2"})
    assert [(one.word, one.line, one.id) for one in found] == [
        ("topic", 6, "adam-and-friends-2"),
        ("card", 9, "what-is-in-beta-1"),
        ("card", 19, "adam-3"),
        ("card", 23, "adam-4"),
        ("card", 27, "card"),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("last", ["", "\n", " \t\n\n"])
def test_only_ids_are_added(end: str, mark: str, last: str) -> None:
    text = mark + (TEXT.replace("id= ", "") + last).replace("\n", end)
    data = text.encode()
    found = ids.missing(data, "d.md", ())
    written = ids.with_ids(data, found)
    assert len(found) == 5
    undone = written
    for one in found:
        undone = undone.replace(b" id=" + one.id.encode() + b" ", b" ", 1).replace(
            b" id=" + one.id.encode() + end.encode(), end.encode(), 1
        )
    assert undone == data
    assert ids.missing(written, "d.md", ()) == []
    assert not any(p.rule in {"no-id", "duplicate-id"} for p in parse_bytes(written, "d").problems)


@given(
    st.lists(st.sampled_from(["## A\n", "<!-- card -->\n", "<!-- topic -->\r\n", "x\xff\r", "\n"]))
)
@settings(max_examples=150)
def test_writing_once_is_enough(pieces: list[str]) -> None:
    data = "".join(pieces).encode("latin-1")
    written = ids.with_ids(data, ids.missing(data, "d.md", ()))
    assert ids.missing(written, "d.md", ()) == []
    again = written
    for _ in ids.missing(data, "d.md", ()):
        start = again.index(b" id=")
        again = again[:start] + again[again.index(b" -->", start) :]
    assert again == data


def test_the_verb_writes_and_checks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TUTOR_CACHE_DIR", str(tmp_path / "cache"))
    deck = tmp_path / "d.md"
    deck.write_text("## Adam\n<!-- card -->\nText.\n", encoding="utf-8")
    deck.chmod(0o640)
    options = ["--data-dir", str(tmp_path / "data"), "--no-bundled"]
    assert cli.main([*options, "ids", "--check", str(deck)]) == 1
    assert f"{deck}:2: card" in capsys.readouterr().out
    assert deck.read_text() == "## Adam\n<!-- card -->\nText.\n"
    assert cli.main([*options, "ids", "--write", str(tmp_path)]) == 0
    named = "---\ndeck: d\n---\n\n## Adam\n<!-- card id=adam -->\nText.\n"
    assert deck.read_text() == named
    assert cli.main([*options, "ids", "--write", str(tmp_path)]) == 0
    assert deck.read_text() == named
    assert deck.stat().st_mode & 0o777 == 0o640
    assert cli.main([*options, "ids", "--check", str(deck)]) == 0
    assert sorted(path.name for path in tmp_path.glob("*.md*")) == ["d.md"]


def test_two_files_of_one_deck_get_different_ids(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TUTOR_CACHE_DIR", str(tmp_path / "cache"))
    for name in "ab":
        text = "---\ndeck: d\n---\n## Adam\n<!-- card -->\nText.\n"
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    assert cli.main(["--no-bundled", "ids", "--write", str(tmp_path)]) == 0
    written = [(tmp_path / f"{name}.md").read_text() for name in "ab"]
    assert "id=adam " in written[0]
    assert "id=adam-2 " in written[1]


def test_a_failed_write_leaves_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deck = tmp_path / "d.md"
    deck.write_bytes(b"as it was")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(DeckError, match="No space left"):
        files.write_bytes(deck, b"new")
    assert deck.read_bytes() == b"as it was"
    assert list(tmp_path.iterdir()) == [deck]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    deck, link = tmp_path / "d.md", tmp_path / "link.md"
    deck.write_bytes(b"old")
    link.symlink_to(deck)
    files.write_bytes(link, b"new")
    assert link.is_symlink()
    assert deck.read_bytes() == b"new"


def test_a_deck_that_cannot_be_read_as_a_whole_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "d.md"
    path.write_text(TEXT)
    monkeypatch.setattr(files, "BYTE_LIMIT", len(TEXT.encode()) - 1)
    assert cli.main(["ids", "--write", str(path)]) == 1
    assert "more than" in capsys.readouterr().err
    assert path.read_text() == TEXT


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (b"# A\r\n", b"---\r\ndeck: x\r\n---\r\n\r\n# A\r\n"),
        (b"\xef\xbb\xbf# A", b"\xef\xbb\xbf---\ndeck: x\n---\n\n# A"),
        (b"---\ntitle: T\n---\n# A\n", b"---\ndeck: x\ntitle: T\n---\n# A\n"),
    ],
)
def test_the_deck_is_named_in_the_front_matter(data: bytes, named: bytes) -> None:
    assert ids.with_deck(data, "x") == named


def test_a_named_deck_keeps_its_keys_when_its_file_is_renamed() -> None:
    text = b"## One?\n<!-- card id=one -->\nA one.\n"
    name = ids.deck_to_name(text, "My notes.md")
    assert name == "my-notes"
    named = ids.with_deck(text, name)
    assert ids.deck_to_name(named, "my-notes.md") is None
    keys = [parse_bytes(data, file).cards[0].key for data, file in
            ((text, "My notes.md"), (named, "My notes.md"), (named, "other.md"))]  # fmt: skip
    assert keys == ["my-notes/one"] * 3
