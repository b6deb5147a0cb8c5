"""Flipped bits and missing ends: refused with a clear word, or harmless; never a crash."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest

from tests.store.samples import answer, filled, opened
from tools import flip_bits
from tutor.errors import DataError
from tutor.store.backup import backup_to
from tutor.store.catalog import Files
from tutor.store.glance import read_glance
from tutor.store.restore import restore
from tutor.store.verify import newest_good

PAGE = 4096
ANSWERS = 120


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sound")
    return filled(Files(folder / "tutor.db", folder / "backups"), ANSWERS).database


@pytest.fixture(scope="module")
def sealed(sound: Path) -> Path:
    files = Files(sound, sound.parent / "backups")
    with opened(files) as store:
        return backup_to(store.engine, files, sound.with_name("sealed.db"))


def use_everything(files: Files) -> str:
    """Read and write all there is; what was refused, or empty when it all worked."""
    read_glance(files.database)
    try:
        with opened(files) as store:
            events, states = list(store.events()), store.states()
            list(store.active_events())
            store.events_of("d/7")
            store.last_undoable()
            problems = store.check()
            store.append([answer(900_000)], [states["d/7"]] if "d/7" in states else [])
            if not problems:
                assert len(events) == ANSWERS, "a row is gone and nothing was said"
                assert states.keys() == {f"d/{number}" for number in range(1, ANSWERS + 1)}
            return "; ".join(problems)
    except DataError as error:
        assert error.title and str(files.database) in error.message and error.hint
        return error.title


def flipped(content: bytes, offset: int, bit: int) -> bytes:
    broken = bytearray(content)
    broken[offset] ^= 1 << bit
    return bytes(broken)


def test_bit_flips_over_all_pages(sound: Path, files: Files) -> None:
    content = sound.read_bytes()
    chance = random.Random(1)
    files.database.parent.mkdir(parents=True)
    refused = 0
    for page in range(0, len(content), PAGE):
        head = page + chance.randrange(0, 24)
        for offset in (head, *(page + chance.randrange(PAGE) for _ in range(5))):
            shutil.rmtree(files.database.parent)
            files.database.parent.mkdir()
            files.database.write_bytes(flipped(content, offset, chance.randrange(8)))
            refused += bool(use_everything(files))
    assert refused > len(content) // PAGE


def test_one_bit_of_every_byte_of_the_header(sound: Path, files: Files) -> None:
    content = sound.read_bytes()
    for offset in range(108):
        shutil.rmtree(files.database.parent, ignore_errors=True)
        files.database.parent.mkdir()
        files.database.write_bytes(flipped(content, offset, offset % 8))
        use_everything(files)


def test_truncation_at_every_page_and_within(sound: Path, files: Files) -> None:
    content = sound.read_bytes()
    for end in [*range(PAGE, len(content), PAGE), *range(1, len(content), 3 * PAGE + 1234)]:
        shutil.rmtree(files.database.parent, ignore_errors=True)
        files.database.parent.mkdir()
        files.database.write_bytes(content[:end])
        assert use_everything(files), f"{end} of {len(content)} bytes passed for the whole"


def test_any_flipped_bit_in_a_backup_is_refused(sealed: Path, files: Files) -> None:
    filled(files, 2)
    before = files.database.read_bytes()
    content = sealed.read_bytes()
    broken = files.database.with_name("broken.db")
    chance = random.Random(2)
    for offset in (
        0,
        19,
        40,
        len(content) - 85,
        len(content) - 1,
        *(chance.randrange(len(content)) for _ in range(60)),
    ):
        broken.write_bytes(flipped(content, offset, chance.randrange(8)))
        with pytest.raises(DataError, match="cannot be restored"):
            restore(broken, files)
        assert files.database.read_bytes() == before


def test_any_truncated_backup_is_refused(sealed: Path, files: Files) -> None:
    filled(files, 2)
    before = files.database.read_bytes()
    content = sealed.read_bytes()
    broken = files.database.with_name("broken.db")
    whole = len(content) - len(content) % PAGE
    ends = (0, 1, 50, 100, *range(PAGE, whole, PAGE), whole - 1, whole + 1, len(content) - 1)
    for end in ends:
        broken.write_bytes(content[:end])
        with pytest.raises(DataError, match="cannot be restored") as told:
            restore(broken, files)
        assert str(broken) in told.value.message
    assert files.database.read_bytes() == before
    assert files.listed() == []


def test_the_newest_good_backup_is_not_the_newest_broken_one(files: Files) -> None:
    filled(files, 3)
    files.backups.mkdir()
    with opened(files) as store:
        names = [f"tutor-2026112{day}-080000-daily.db" for day in range(3)]
        for name in names:
            backup_to(store.engine, files, files.backups / name)
    newest = files.backups / names[2]
    newest.write_bytes(flipped(newest.read_bytes(), 9000, 3))
    (files.backups / names[1]).write_bytes(b"")
    (files.backups / "notes.txt").write_text("not a backup")
    for path in files.backups.glob("*-daily.db"):
        if path.name not in names:
            path.unlink()
    assert newest_good(files) == files.backups / names[0]


FLIPS = int(os.environ.get("TUTOR_FLIPS", "25"))


def test_every_flipped_bit_that_matters_is_found_and_never_sealed(tmp_path: Path) -> None:
    """A share of what `python -m tools.flip_bits 500` does; the seed is printed."""
    (tmp_path / "sound").mkdir()
    print("seed 3")
    counts, missed = flip_bits.flips(FLIPS, 3, tmp_path)
    assert missed == []
    assert counts["found"] > FLIPS // 2


def test_a_flipped_bit_of_the_header_that_says_little_is_found(tmp_path: Path) -> None:
    content = flip_bits.sound(tmp_path).database.read_bytes()
    whole = tmp_path / "whole.db"
    whole.write_bytes(content)
    before = flip_bits.read(whole)
    for byte in (48, 51):
        came = flip_bits.one_flip(content, 8 * byte + 2, before, tmp_path / "flipped")
        assert came == "found"
