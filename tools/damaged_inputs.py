"""Damaged and hostile inputs behind every door of the tutor, made by chance from a seed.

Each is a learner's folder with one thing wrong in it, and the verbs that meet it. What is not
damaged, the good deck and the answers to it, must come through.
"""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tools.trial import run

GOOD = """---
deck: good
title: Good
---

# Padding
<!-- topic id=padding -->

Zeros around the input keep its size.

""" + "".join(
    f"## What is {n} plus {n}?\n<!-- card id=sum-{n} -->\n= {2 * n}\n\n" for n in range(1, 7)
)
READING = (
    ["due"], ["stats"], ["stats", "--json"], ["doctor"], ["backup"], ["fit"], ["simulate"],
    ["browse", "sum"], ["export", "json"], ["study", "--resume", "--plain"], ["report"],
)  # fmt: skip
ANSWERS = b"\n3\n" * 12
TOKENS = (
    "*", "**", "_", "==", "=", "~~", "`", "``", "$", "$$", "[", "]", "(", ")", "![", "](a)", "<",
    "<!--",
    "-->", "<a", "&#x202e;", "&#27;", "\\", "|", "> ", "- ", "1. ", "- [ ] ", "- [x] ", "a", " ",
    "\t", "#",
    '"', "'", "@{x}", "@{", "^", "_{", "\\frac{", "}{", "}", "{", "\\left(", "\\begin{a}", "[a]: b",
    "https://a.b ", "\x1b]0;x\x07", "\x9b31m", "\u202e", "\x00", "\r", "é", "中", "\U0001f600",
    "9", "9_9",
    "1e9", "/", "±", "int(1,9)", "require ", "x = [1,1]", "** ", "\n", "\n\n", "```params\n",
    "```\n", "---\n",
)  # fmt: skip
SPOTS = (
    "- [x] {0}\n- [ ] b", "{0}", "= 5{0}", '= "{0}"', "$${0}$$ and ${0}$", "> [!TIP]\n> {0}\n\n= 5",
    "q @{{x}}\n```params\nx = {0}\n```\n= @{{x}}",
    "q @{{x}} {0}\n```params\nx = int(1,9)\n```\n= @{{x}}",
    "==gap== {0}", "<!-- check {0} = 5 -->\ntext", "1. {0}\n2. b\n3. c",
    "| a | b |\n|-|-|\n| {0} | c |",
)  # fmt: skip
NASTY = (
    "\x1b]0;x\x07", "\x9b31m", "\u202eabc", "x" * 300, "9" * 5_000, "", " ", "'", '"', "\n",
    "a\nb", "..", "/",
    "-1", "nan", "inf", "1e400", "０", "²", "%s%n", "{}", "$(touch x)", "\ud800", "é" * 100,
)  # fmt: skip
NUMBERS = (0, 1, -1, 7, 2**31, 2**53, 2**63 - 1, -(2**63), 10**15, -(10**18))
REALS = (0.0, -1.0, 1e-300, 1e300, 0.5, float("inf"), float("-inf"))


@dataclass(slots=True)
class Damaged:
    """One input: its kind, and the verbs to run on it, each with what is typed."""

    kind: str
    folder: Path
    calls: list[tuple[list[str], bytes]] = field(default_factory=list)

    def call(self, *words: str, typed: bytes = b"") -> None:
        """Run this verb too, on the input's folder alone."""
        self.calls.append((["--data-dir", str(self.folder), "--no-bundled", *words], typed))


def template(folder: Path) -> None:
    """The sound folder that every input starts from: a deck, and a dozen answers."""
    (folder / "decks").mkdir(parents=True)
    (folder / "decks" / "good.md").write_text(GOOD)
    for _ in range(2):
        done = run(["--data-dir", str(folder), "--no-bundled", "quiz", "--plain"], b"2\n4\n" * 9)
        assert done.status == 0, done.err
    done = run(["--data-dir", str(folder), "--no-bundled", "backup"])
    assert done.status == 0, done.err


def make(rng: random.Random, sound: Path, folder: Path, kind: str = "") -> Damaged:
    """One damaged copy of the `sound` folder, at `folder`."""
    shutil.copytree(sound, folder)
    kind = kind or rng.choices(list(KINDS), [weight for weight, _ in KINDS.values()])[0]
    found = Damaged(kind, folder)
    KINDS[kind][1](rng, found)
    return found


def _junk(rng: random.Random, most: int = 9_000) -> str:
    unit = "".join(rng.choices(TOKENS, k=rng.randint(1, 4)))
    return (unit * (most // len(unit) + 1))[: rng.choice([9, 90, 900, most])]


def _mutated(rng: random.Random, data: bytes) -> bytes:
    for _ in range(rng.randint(1, 6)):
        at, to = sorted(rng.randrange(len(data) + 1) for _ in range(2))
        part = data[at:to][:400]
        data = rng.choice([
            data[:at] + data[to:],
            data[:at] + part * rng.randint(1, 20) + data[at:],
            data[:at] + "".join(rng.choices(TOKENS, k=3)).encode() + data[at:],
            data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :],
            data[:at],
        ])  # fmt: skip
    return data[:60_000]


def _deck(rng: random.Random, found: Damaged) -> None:
    name = found.folder / "decks" / "bad.md"
    if rng.random() < 0.4:
        name.write_bytes(_mutated(rng, rng.choice(DECKS).read_bytes()))
    else:
        junk = _junk(rng)
        head = f"# T\n<!-- topic id=t -->\n{junk[:200]}\n## {rng.choice(['What?', junk])}\n"
        comment = f"<!-- card id=c {rng.choice(['', junk[:200], 'type=order', 'type=match'])} -->\n"
        text = head + comment + rng.choice(SPOTS).format(junk)
        name.write_bytes(text.encode("utf-8", "surrogatepass"))
    _study_all(rng, found)


def _study_all(rng: random.Random, found: Damaged) -> None:
    found.call("check")
    found.call("study", "--plain", "--new", "9", typed=ANSWERS)
    found.call("quiz", "--plain", typed=b"a\n1\n?\n" * 12)
    found.call("show", rng.choice(["t", "padding"]))


def _name(rng: random.Random, found: Damaged) -> None:
    name = (rng.choice(NASTY) + rng.choice(["", "+3", "-c", _junk(rng, 40)])).replace("/", "")
    name = name.replace("\x00", "").replace("\ud800", "\udc80")[:60].strip(".") or "x"
    folder = found.folder / "decks"
    with suppress(OSError):
        if rng.random() < 0.4:
            folder /= name
            folder.mkdir()
        other = GOOD.replace("padding", "other").replace("good", "other")
        (folder / f"{name}.md").write_bytes(_mutated(rng, other.encode()))
    found.call("check")
    found.call("check", "--json")
    found.call("ids", "--check", str(folder))
    found.call("due")


def _database(rng: random.Random, found: Damaged) -> None:
    """One value that cannot be, put in behind the schema's back."""
    table = found.kind
    key = {"card_state": "key", "writer": "name"}.get(table, "rowid")
    with closing(sqlite3.connect(found.folder / "tutor.db")) as db, suppress(sqlite3.Error):
        db.execute("PRAGMA ignore_check_constraints = ON")
        find = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        triggers = db.execute(find).fetchall()
        for name, _ in triggers:
            db.execute(f'DROP TRIGGER "{name}"')
        _, column, kind, *_ = rng.choice(db.execute(f"PRAGMA table_info({table})").fetchall())
        row, old = rng.choice(db.execute(f'SELECT {key}, "{column}" FROM {table}').fetchall())
        choices: tuple[object, ...] = {"INTEGER": NUMBERS, "REAL": REALS}.get(kind, NASTY)
        value = rng.choice([*choices, None])
        if isinstance(old, str) and rng.random() < 0.5:
            value = _mutated(rng, old.encode()).decode("utf-8", "replace")
        if isinstance(value, str):
            value = value.encode("utf-8", "replace").decode()
        db.execute(f'UPDATE {table} SET "{column}" = ? WHERE {key} = ?', (value, row))
        for _, sql in triggers:
            db.execute(sql)
        db.commit()
    _read_all(rng, found)


def _file(rng: random.Random, found: Damaged) -> None:
    """Bytes of the database, as a failing disk leaves them."""
    file = found.folder / rng.choice(["tutor.db", "tutor.db", "tutor.db-wal", "tutor.db-asking"])
    data = bytearray(file.read_bytes() if file.exists() else b"\x00" * 99)
    at = rng.randrange(max(1, len(data)))
    match rng.randrange(4):
        case 0:
            data[at : at + 1] = bytes([data[at] ^ 1 << rng.randrange(8)]) if data else b"x"
        case 1:
            del data[at:]
        case 2:
            data[at // 4096 * 4096 : at // 4096 * 4096 + 4096] = bytes(4096)
        case _:
            data[at : at + 64] = rng.randbytes(64)
    file.write_bytes(data)
    _read_all(rng, found)


def _read_all(rng: random.Random, found: Damaged) -> None:
    for verb in rng.sample(READING, 3):
        found.call(*verb)
    found.call("study", "--plain", "--new", "3", typed=ANSWERS)


def _settings(rng: random.Random, found: Damaged) -> None:
    names = ["minutes_a_day", "desired_retention", "new_cards_a_day", "rollover_hour", "theme", "x"]
    values = [
        *NASTY,
        "true",
        "[" * 3_000,
        "{a=" * 500,
        "'x'",
        "2026-11-28",
        "-0.0",
        "0x" + "f" * 6_000,
    ]
    lines = [f"{rng.choice(names)} = {rng.choice(values)}" for _ in range(rng.randint(1, 4))]
    text = "\n".join(lines).encode("utf-8", "surrogatepass")
    path = found.folder / "settings.toml"
    if rng.random() < 0.1:
        os.mkfifo(path)
    else:
        path.write_bytes(text if rng.random() < 0.7 else _mutated(rng, text))
    _start(rng, found)


def _start(_: random.Random, found: Damaged) -> None:
    found.call("due")
    found.call("stats", "--json")


def _cache(rng: random.Random, found: Damaged) -> None:
    """A cache of decks that is damaged, cut short or somebody else's."""
    run(["--data-dir", str(found.folder), "--no-bundled", "due"])
    for file in (Path(os.environ["TUTOR_CACHE_DIR"]) / "decks").glob("*.json"):
        file.write_bytes(_mutated(rng, file.read_bytes()))
    found.call("due")
    found.call("check")


def _log(rng: random.Random, found: Damaged) -> None:
    head = "card_id,review_rating,review_time,review_duration"
    row = ["good/sum-1", "3", "2026-01-05T10:00:00+01:00", "4000"]
    rows = []
    for _ in range(rng.randint(1, 30)):
        odd = list(row)
        if rng.random() < 0.3:
            odd[rng.randrange(4)] = rng.choice([*NASTY, *map(str, NUMBERS), "1e300", "9999-12-31"])
        rows.append(",".join(odd))
    data = "\n".join([head, *rows]).encode("utf-8", "surrogatepass")
    path = found.folder / "log.csv"
    if rng.random() < 0.05:
        os.mkfifo(path)
    else:
        path.write_bytes(data if rng.random() < 0.6 else _mutated(rng, data))
    _import(rng, found)


def _import(_: random.Random, found: Damaged) -> None:
    found.call("import", "reviews", str(found.folder / "log.csv"))
    found.call("stats")
    found.call("doctor")


def _words(rng: random.Random, found: Damaged) -> None:
    odd = rng.choice(NASTY).replace("\x00", "")
    if "\ud800" in odd:
        odd = "\udc80"  # a byte that is no UTF-8, as the system gives it
    found.call(*rng.choice([
        ["show", odd], ["known", odd], ["study", "--plain", "--topic", odd],
        ["quiz", "--plain", "--kind", odd],
        ["quiz", "--plain", "--card", odd], ["quiz", "--plain", "--seed", odd],
        ["quiz", "--plain", "--count", odd],
        ["study", "--plain", "--limit", odd], ["study", "--plain", "--new", odd],
        ["restore", odd], ["check", odd],
        ["ids", odd], ["import", "reviews", odd], ["import", odd, odd],
        ["simulate", "--retention", odd],
        ["simulate", "--days", odd], ["demo", odd, "--headless"],
        ["demo", "ewma", "--headless", "--set", odd],
        ["demo", "ewma", "--headless", "--set", f"beta={odd}"],
        ["demo", "ewma", "--headless", "--seed", odd],
        ["lab", odd], ["warm", odd], [odd], [f"--{odd}"], ["--content", odd, "due"],
        ["--database", odd, "due"],
        ["due", "--json", odd], ["glossary", odd],
    ]), typed=ANSWERS)  # fmt: skip


Maker = Callable[[random.Random, Damaged], None]
KINDS: dict[str, tuple[int, Maker]] = {
    "deck": (35, _deck),
    "name": (8, _name),
    "event": (12, _database),
    "card_state": (8, _database),
    "glance": (5, _database),
    "day_count": (4, _database),
    "writer": (4, _database),
    "file": (8, _file),
    "settings": (8, _settings),
    "cache": (5, _cache),
    "log": (8, _log),
    "words": (8, _words),
}
DECKS = sorted((Path(__file__).parents[1] / "content").rglob("*.md"))

# A file of the corpus by its suffix: its kind, its place in the learner's folder, its verbs.
CORPUS: dict[str, tuple[str, str, Maker]] = {
    ".md": ("deck", "decks/bad.md", _study_all),
    ".toml": ("settings", "settings.toml", _start),
    ".csv": ("log", "log.csv", _import),
    ".db": ("file", "tutor.db", _read_all),
}


def again(file: Path, sound: Path, folder: Path) -> Damaged:
    """An input that failed once, made of the damaged file that was kept."""
    shutil.copytree(sound, folder)
    kind, place, calls = CORPUS[file.suffix]
    found = Damaged(kind, folder)
    if kind == "file":
        for beside in ("-wal", "-shm"):
            (folder / f"{place}{beside}").unlink(missing_ok=True)
    shutil.copyfile(file, folder / place)
    calls(random.Random(file.name), found)
    return found


def kept(found: Damaged, corpus: Path, name: str) -> Path | None:
    """Keep the damaged file of an input in the corpus; None if it is no file."""
    tables = ("event", "card_state", "glance", "day_count", "writer")
    kinds = dict.fromkeys(tables, "file")
    for suffix, (kind, place, _) in CORPUS.items():
        file = found.folder / place
        if kind == kinds.get(found.kind, found.kind) and file.is_file():
            corpus.mkdir(parents=True, exist_ok=True)
            return Path(shutil.copyfile(file, corpus / f"{name}{suffix}"))
    return None
