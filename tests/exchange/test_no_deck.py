"""Files that are no deck, or half of one: one sentence each that names what they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.errors import UsageError
from tutor.exchange.reading import read_file


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "it is empty"),
        (b"SQLite format 3\0" + bytes(84), "File > Export"),
        (b"PK\5\6" + bytes(18), "zip of nothing"),
        (b"PK\3\4" + bytes(30), "unpack it"),
        (b"\x1f\x8b\x08" + bytes(20), "gzip"),
        (b"\x89PNG\r\n\x1a\n" + bytes(20), "a picture"),
        (b"%PDF-1.7\n", "a PDF"),
        ("front,back\na,b\n".encode("utf-16-le"), "no text"),
        ("café,a\n".encode() + "naïve,b\n".encode("cp1252"), "line 1 is UTF-8 and line 2 is not"),
        (b"<?xml version='1.0'?><!DOCTYPE q [<!ENTITY a 'b'>]><quiz>&a;</quiz>", "entit"),
        (b"<?xml version='1.0'?><quiz><question type='essay'>", "no XML"),
        (b"[[questions]\nx", "no TOML"),
        (b"a~b\nc~d\ne~f\n", "two columns"),
        (b'front,back\n"a,b\nc,d\n', "never closed"),
    ],
)
def test_what_is_no_deck_is_named_in_a_sentence(tmp_path: Path, data: bytes, told: str) -> None:
    file = tmp_path / ("a.toml" if told == "no TOML" else "a.dat")
    file.write_bytes(data)
    with pytest.raises(UsageError) as refused:
        read_file(file)
    assert told in str(refused.value)
    assert refused.value.hint
