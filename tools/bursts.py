"""Presses, replies, pastes and resizes at random, through a pseudo-terminal, into a study session.

    python -m tools.bursts 10000 1

Each gesture arrives in one write; what the journal says after it is compared with what it could
mean: a reply, a paste or a new size answers and rates nothing, and a burst of keys acts once, and
with its first key. For Linux, whose /proc tells when the program waits. 1 if anything was amiss.
A gesture takes some 0.4 s, nearly all of it waiting, so several seeds may run side by side.
"""

from __future__ import annotations

import random
import re
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.ui.terminal import Terminal
from tutor.ui.terminal.keys import Keyboard

SIZES = ((80, 24), (120, 40), (100, 30), (60, 15), (20, 5), (80, 24), (90, 26))
REPLIES = (
    "\x1b[?64;1;2;6;9;15;16;17;18;21;22;28c", "\x1b[>41;379;0c", "\x1b[?62;4c",
    "\x1b]11;rgb:1616/1818/1d1d\x1b\\", "\x1b]10;rgb:dcdc/dfdf/e4e4\x07", "\x1b[24;80R",
    "\x1b[4h", "\x1b[4l", "\x1bP1+r544e=7874\x1b\\", "\x1b[?2026;2$y", "\x1b[8;24;80t", "\x1b[0n",
    "\x1b]52;c;MzMz\x07", "\x1b[I", "\x1b[1;2;3;4z", "\x1b[?31u", "\x1b_Gi=3;OK\x1b\\",
)  # fmt: skip
# After these the rest of the read is dropped; of the others Textual knows the meaning.
DEAFENING = tuple(r for r in REPLIES if not list(Keyboard().feed(f"{r}3", 1.0)))
OFTEN = {"press": 4, "answer": 3, "burst": 5, "reply": 4, "mixed": 3, "paste": 2, "resize": 1}
KEYS = ("1", "2", "3", "4", "\r", "\n", " ", "h", "u", "m", "a", "0", ".", "-", "\x1b[A", "\x1b[B")
ARROWS = {"\x1b[A": -1, "\x1b[B": 1}
MOVING = (*ARROWS, ".", "-")  # may come before the key that acts
GOING = ("\r", "\n", " ")  # what is marked is given
PASTES = ("52\n3\n", "3", "ReLU\r\n4\r\n", "\x1b[>41;379;0c3", "1\r" * 20)
LEAST_READING_S = 0.15
OFFERED = re.compile("(> |  )([1-4]) (?:Again|Hard|Good|Easy) ")


@dataclass(frozen=True, slots=True)
class Gesture:
    """What is sent in one write, or a new size; keys: the keys of it that a person may press."""

    kind: str
    sent: str = ""
    keys: tuple[str, ...] = ()
    size: tuple[int, int] | None = None


def gesture(rng: random.Random) -> Gesture:  # noqa: PLR0911 - one a kind
    """One thing that may happen at a keyboard or a terminal."""
    match rng.choices(tuple(OFTEN), tuple(OFTEN.values()))[0]:
        case "press":
            key = rng.choice(KEYS[:5])
            return Gesture("press", key, (key,))
        case "answer":  # one key after the other, in an empty field if there is one
            return Gesture("answer", "\x157\r", ("\x15", "7", "\r"))
        case "burst":
            keys = tuple(rng.choices(KEYS, k=rng.randint(2, 12)))
            return Gesture("burst", "".join(keys), keys)
        case "reply":
            return Gesture("reply", "".join(rng.choices(REPLIES, k=rng.randint(1, 3))))
        case "mixed":
            keys = tuple(rng.choices(KEYS, k=rng.randint(0, 3)))
            noise = rng.choice(DEAFENING)
            return Gesture("mixed", "".join(keys) + noise + "".join(rng.choices(KEYS, k=3)), keys)
        case "paste":
            return Gesture("paste", f"\x1b[200~{rng.choice(PASTES)}\x1b[201~")
    return Gesture("resize", size=rng.choice(SIZES))


def deck(folder: Path, cards: int) -> Path:
    """A deck without a lesson, with cards of every kind that is answered in another way."""
    kinds = (
        "What is {n}?\n<!-- card id=a{n} -->\nThe number {n}.\n",
        "Which is {n}?\n<!-- card id=b{n} -->\n- [ ] one less\n- [x] {n}\n- [ ] one more\n",
        "Are these {n}?\n<!-- card id=c{n} -->\n- [x] {n}.0\n- [x] {n}\n- [ ] none\n",
        "How much is {n} + 1?\n<!-- card id=d{n} type=numeric -->\n= 12{n}\n",
        'Write {n} in words.\n<!-- card id=e{n} -->\n= "word{n}"\n',
        "Is {n} a number?\n<!-- card id=f{n} type=truefalse -->\n- [x] True\n- [ ] False\n",
    )
    text = "---\ndeck: noise\n---\n\n# Noise\n<!-- topic id=noise -->\n\n"
    text += "\n".join(f"## {kinds[n % len(kinds)].format(n=n)}" for n in range(cards))
    path = folder / "noise.md"
    path.write_text(text, encoding="utf-8")
    return path


class Session:
    """The program under noise, and its journal."""

    def __init__(self, folder: Path, cards: int = 600) -> None:
        self.data = folder / "data"
        self.data.mkdir()
        limits = "new_cards_a_day = 1000\nreviews_a_day = 10000\n"
        (self.data / "settings.toml").write_text(limits, encoding="utf-8")
        self.terminal = Terminal(
            "--data-dir", str(self.data), "--content", str(deck(folder, cards)), "--no-bundled",
            "study", "--new", "1000", "--ignore-needs",
        )  # fmt: skip
        self.terminal.until("Study")

    def settle(self) -> None:
        """Wait until the program waits and has painted all."""
        stat, quiet = Path(f"/proc/{self.terminal.child.pid}/stat"), 0
        while quiet < 3:
            time.sleep(0.01)
            if not self.terminal.child.isalive():
                return
            waits = stat.read_text().rpartition(")")[2].split()[0] == "S"
            quiet = quiet + 1 if not self.terminal.drain() and waits else 0

    def rows(self) -> list[tuple[int, int]]:
        """Number and rating of each answer in the journal."""
        with sqlite3.connect(f"file:{self.data / 'tutor.db'}?mode=ro", uri=True) as database:
            sql = "SELECT seq, rating FROM event WHERE kind = 'review' ORDER BY seq"
            return [(int(a), int(b)) for a, b in database.execute(sql)]

    def come_back(self) -> None:
        """To the card again, from wherever keys have led."""
        for _ in range(12):
            head, text = self.terminal.text.lstrip("\n").partition("\n")[0], self.terminal.text
            if head.strip().startswith("Study") and "esc close" not in text:
                return
            if "too small" in text:
                self.terminal.resize(80, 24)
            else:
                on_today = head.strip().startswith("tutor") and "esc close" not in text
                self.terminal.press("enter" if on_today else "escape")
                time.sleep(0.15)
            self.settle()

    def make(self, done: Gesture) -> str:
        """Do it; what was amiss, or nothing."""
        time.sleep(LEAST_READING_S if done.kind in ("press", "reply") else 0)
        self.settle()
        before, text = self.rows(), self.terminal.text
        if done.size is not None:
            self.terminal.resize(*done.size)
        elif done.kind == "answer":
            for key in done.keys:
                time.sleep(LEAST_READING_S)
                self.terminal.child.send(key)
                self.settle()
        else:
            self.terminal.child.send(done.sent)
        self.settle()
        if not self.terminal.child.isalive():
            return f"the program ended: {self.terminal.text}"
        return _amiss(done, text, self.rows()[len(before) :], self.terminal.text)


def _amiss(done: Gesture, text: str, new: list[tuple[int, int]], after: str) -> str:
    """What cannot have been meant by `done`, of the answers that followed it."""
    offered = {int(number): sign == "> " for sign, number in OFFERED.findall(text)}
    rating = new[0][1] if new else 0
    faults = {
        "a traceback": "Traceback" in after,
        f"{len(new)} answers": len(new) > 1,
        f"an answer that nobody gave, rated {rating}": new and not _acting(done),
        f"a rating {rating} that was not pressed": (
            new and offered and rating != _pressed(done, offered)
        ),
        f"a rating {rating} of what was not shown": new and not offered and rating != 1,
        "a reply that was taken for keys": done.kind == "reply" and after != text,
    }
    return next((fault for fault, amiss in faults.items() if amiss), "")


def _acting(done: Gesture) -> str:
    """The one key that may act: the last if they were pressed apart, of a burst the first."""
    if done.kind == "answer":
        return done.keys[-1]
    return next((key for key in done.keys if key not in MOVING), "")


def _pressed(done: Gesture, offered: dict[int, bool]) -> int:
    """The rating that the keys give of those offered, each with whether it is marked; 0 if none."""
    acting, numbers = _acting(done), sorted(offered)
    if acting not in GOING:
        return int(acting) if acting.isdigit() else 0
    at = next((at for at, number in enumerate(numbers) if offered[number]), 0)
    for key in done.keys[: done.keys.index(acting)]:
        at = max(0, min(at + ARROWS.get(key, 0), len(numbers) - 1))
    return numbers[at]


def run(count: int, seed: int, folder: Path) -> tuple[Counter[str], int, list[str]]:
    """Make so many gestures: how many of each kind, the answers given, and what was amiss."""
    rng, made, faults = random.Random(seed), Counter[str](), []
    session = Session(folder)
    with session.terminal:
        session.settle()
        for number in range(count):
            session.come_back()
            done = gesture(rng)
            made[done.kind] += 1
            if fault := session.make(done):
                faults.append(f"{seed}-{number} {done.kind} {done.sent!r}: {fault}")
                print(faults[-1], flush=True)
                if not session.terminal.child.isalive():
                    break
        answers = len(session.rows())
    return made, answers, faults


def main() -> int:
    """Make the gestures asked for; 1 if anything was amiss."""
    count, seed = int(sys.argv[1]), int(sys.argv[2])
    with tempfile.TemporaryDirectory(prefix="bursts-") as folder:
        made, answers, faults = run(count, seed, Path(folder))
    kinds = ", ".join(f"{kind} {number}" for kind, number in sorted(made.items()))
    told = f"{sum(made.values())} gestures ({kinds}), {answers} answers, {len(faults)} amiss"
    print(f"seed {seed}: {told}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
