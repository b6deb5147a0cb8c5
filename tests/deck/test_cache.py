"""The cache gives the same library, is never trusted blindly, and is never needed."""

import os
from pathlib import Path

import pytest

from tutor.deck import cache, files
from tutor.deck.library import Library, load

TEXT = (
    "---\ndeck: d\nchapter: 3\n---\n# T\n<!-- topic id=t needs=u aka=v -->\nLesson.\n\n"
    "## X\n<!-- card id=x aka=y tags=a,b -->\nThe ==one== and ==two==.\n\n"
    "## N\n<!-- card id=n -->\n```params\na = int(1, 9)\n```\n= @{a}\n"
)


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    path = tmp_path / "content" / "d.md"
    path.parent.mkdir()
    path.write_text(TEXT, encoding="utf-8")
    return path


def same(a: Library, b: Library) -> bool:
    return (a.topics, a.entries, a.problems) == (b.topics, b.entries, b.problems)


def cached_files(folder: Path) -> list[Path]:
    return sorted((folder / "decks").iterdir())


class ParsedError(BaseException):
    """What no deck can cause."""


def unparsed(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ParsedError

    monkeypatch.setattr(files, "_parsed", fail)


def test_a_second_start_parses_nothing(
    deck: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = load([deck], tmp_path)
    unparsed(monkeypatch)
    assert same(load([deck], tmp_path), first)
    assert first.entries["d/n"].generated


def test_a_touched_file_with_the_same_content_is_not_parsed(
    deck: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = load([deck], tmp_path)
    os.utime(deck, ns=(1, 1))
    unparsed(monkeypatch)
    again = load([deck], tmp_path)
    assert same(again, first)
    assert again.signature != first.signature


def test_a_changed_file_is_parsed_again(deck: Path, tmp_path: Path) -> None:
    load([deck], tmp_path)
    deck.write_text(TEXT.replace("Lesson.", "Better lesson."), encoding="utf-8")
    assert load([deck], tmp_path).topics["t"].lesson == "Better lesson."
    assert len(cached_files(tmp_path)) == 1


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"version": 1}',
        b"[" * 100_000,
    ],
    ids=range(7),
)
def test_a_broken_cache_is_rebuilt(broken: bytes, deck: Path, tmp_path: Path) -> None:
    first = load([deck], tmp_path)
    (path,) = cached_files(tmp_path)
    good = path.read_bytes()
    path.write_bytes(cache.version().encode() + b" " + broken)
    again = load([deck], tmp_path)
    assert same(again, first)
    assert (first.renewed, again.renewed, load([deck], tmp_path).renewed) == (0, 1, 0)
    assert path.read_bytes() == good


def test_any_flipped_bit_is_noticed(deck: Path, tmp_path: Path) -> None:
    first = load([deck], tmp_path)
    (path,) = cached_files(tmp_path)
    good = path.read_bytes()
    for place in range(0, len(good), 7):
        path.write_bytes(good[:place] + bytes([good[place] ^ 4]) + good[place + 1 :])
        assert same(load([deck], tmp_path), first)
        assert path.read_bytes() == good


def test_a_cache_of_another_version_is_not_used(
    deck: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load([deck], tmp_path)
    monkeypatch.setattr(cache, "version", lambda: "another")
    unparsed(monkeypatch)
    with pytest.raises(ParsedError):
        load([deck], tmp_path)
    monkeypatch.undo()
    path = cached_files(tmp_path)[0]
    path.write_bytes(b"0123456789abcdef " + path.read_bytes().partition(b" ")[2])
    assert load([deck], tmp_path).renewed == 0, "an older tutor's cache is no damage"


@pytest.mark.parametrize("body", [b"[]", b"null", b'{"head":1}', b"[" * 100_000])
def test_a_cache_of_another_shape_is_damage_though_its_digest_is_right(
    body: bytes, deck: Path, tmp_path: Path
) -> None:
    first = load([deck], tmp_path)
    (path,) = cached_files(tmp_path)
    path.write_bytes(cache.version().encode() + b" " + cache._digest(body) + b"\n" + body)
    again = load([deck], tmp_path)
    assert same(again, first)
    assert again.renewed == 1


def test_a_cache_that_others_could_write_is_not_used(
    deck: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load([deck], tmp_path)
    (path,) = cached_files(tmp_path)
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o620)
    unparsed(monkeypatch)
    with pytest.raises(ParsedError):
        load([deck], tmp_path)


def test_a_cache_folder_that_cannot_be_written(deck: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    assert len(load([deck], blocked).entries) == 2
    assert same(load([deck], None), load([deck], blocked))


def test_a_pipe_in_the_place_of_a_cache_is_waited_for_by_nobody(deck: Path, tmp_path: Path) -> None:
    first = load([deck], tmp_path)
    (file,) = cached_files(tmp_path)
    file.unlink()
    os.mkfifo(file)
    assert same(load([deck], tmp_path), first)
    assert file.is_file(), "it was made anew"
