"""Settings files that cannot be read, and values that cannot be."""

BROKEN: dict[str, bytes] = {
    "a name of very many parts": b"a." * 20_000 + b"b = 1\n",
    "open quote": b"theme = 'tutor-dark\nminutes_a_day = 33\n",
    "number of thousands of digits": b"minutes_a_day = " + b"9" * 5_000,
    "brackets without end": b"x = " + b"[" * 3_000,
    "deep tables": b"x = " + b"{a=" * 3_000,
    "no utf-8": b"theme = '\xff\xfe'",
    "nul": b"\x00" * 100,
    "a date that is none": b"x = 2026-02-30\n",
    "a key twice": b"theme = 'a'\ntheme = 'b'\n",
    "too large": b"# " + b"x" * 1_000_001,
}
ODD = (
    "inf", "-inf", "nan", "true", "0", "241", "-1", "1e300", "'x'", "[]", "{}", "2026-11-28",
    "[" * 50 + "]" * 50, "'" + "9" * 5_000 + "'", "0x" + "f" * 20_000,
)  # fmt: skip
