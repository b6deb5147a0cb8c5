"""The text of a file of unknown encoding, and what was taken for it."""

from __future__ import annotations

import codecs

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
# What is taken for a deck by mistake, by its first bytes.
_OTHERS = (
    (b"SQLite format 3\0", "a database such as Anki's own: export decks there (File > Export)"),
    (b"PK\5\6", "a zip of nothing"),
    (b"PK\3\4", "a zip that holds no deck: unpack it"),
    (b"\x1f\x8b", "packed by gzip: unpack it"),
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"GIF8", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)


def decode(data: bytes) -> tuple[str, str]:
    """Text and the encoding's name: by its mark, else UTF-8, else Windows-1252.

    Spreadsheets write Windows-1252 still; in it every byte but five means something, so it comes
    last. Raises ValueError for bytes that are no text, or are text in two encodings.
    """
    if not data:
        raise ValueError("it is empty")
    for begins, what in _OTHERS:
        if data.startswith(begins):
            raise ValueError(f"it is {what}")
    for mark, codec, name in _MARKS:
        if data.startswith(mark):
            return _read(data, codec), name
    if b"\0" in data[:4096]:
        raise ValueError("it holds zero bytes, so it is no text")
    try:
        return data.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        _refuse_mixed(data)
        return _read(data, "cp1252"), "Windows-1252"


def _refuse_mixed(data: bytes) -> None:
    """Refuse lines of UTF-8 among others: whichever is read, some words would come in wrong."""
    first: dict[bool, int] = {}
    for number, line in enumerate(data.split(b"\n"), 1):
        if not line.isascii():
            first.setdefault(_is_utf8(line), number)
    if len(first) == 2:
        raise ValueError(
            f"line {first[True]} is UTF-8 and line {first[False]} is not: save all of it as UTF-8"
        )


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _read(data: bytes, codec: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        raise ValueError(f"it is no {codec} text: byte {error.start} does not fit") from error
