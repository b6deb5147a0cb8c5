"""The text of a file of unknown encoding, and what was taken for it."""

from __future__ import annotations

import codecs

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)


def decode(data: bytes) -> tuple[str, str]:
    """Text and the encoding's name: by its mark, else UTF-8, else Windows-1252.

    Spreadsheets write Windows-1252 still; in it every byte but five means something, so it comes
    last. Raises ValueError for bytes that are no text.
    """
    for mark, codec, name in _MARKS:
        if data.startswith(mark):
            return _read(data, codec), name
    if b"\0" in data[:4096]:
        raise ValueError("it holds zero bytes, so it is no text")
    try:
        return data.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        return _read(data, "cp1252"), "Windows-1252"


def _read(data: bytes, codec: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        raise ValueError(f"it is no {codec} text: byte {error.start} does not fit") from error
