"""Sessions that were killed go on: as real processes, at random lines, until they are done."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.session.decks import place
from tutor.paths import Place

CARDS = 8
SEED = 20261128
CONFIRMED = re.compile(r"^(?:saved|drilled) (\S+)", re.M)


def deck() -> str:
    cards = "".join(
        f"\n## How much is {n} + {n}?\n<!-- card id=c{n} -->\n= {2 * n}\n" for n in range(CARDS)
    )
    return f"---\ndeck: sums\n---\n\n# Sums\n<!-- topic id=sums -->\n{cards}"


def command(where: Place, *words: str) -> list[str]:
    return [
        sys.executable, "-m", "tutor", "--data-dir", str(where.data), "--no-bundled",
        "--content", str(where.content[0]), *words,
    ]  # fmt: skip


def killed(where: Place, after: int, say: str, *words: str) -> list[str]:
    """Run a session and kill it after so many confirmed answers; the keys that were confirmed."""
    process = subprocess.Popen(
        command(where, *words), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin and process.stdout
    process.stdin.write(say * CARDS)
    process.stdin.flush()
    printed = []
    for line in process.stdout:
        printed.append(line)
        if sum(bool(CONFIRMED.match(each)) for each in printed) >= after:
            break
    process.kill()
    printed += process.stdout.readlines()
    process.wait()
    return CONFIRMED.findall("".join(line for line in printed if line.endswith("\n")))


@pytest.mark.parametrize(
    ("start", "say"),
    [(("quiz", "--plain", "--count", str(CARDS), "--seed", "7"), "1\n"),
     (("study", "--plain", "--limit", str(CARDS), "--new", str(CARDS)), "?\n"),
     (("study", "--plain", "--drill"), "\n3\n")],
    ids=["quiz", "study", "drill"],
)  # fmt: skip
def test_a_killed_session_goes_on_until_it_is_done(
    tmp_path: Path, start: tuple[str, ...], say: str
) -> None:
    where, chance = place(tmp_path, deck()), random.Random(f"{SEED} {start}")
    print(f"seed {SEED}")
    if "--drill" in start:
        met = command(where, "quiz", "--plain", "--count", str(CARDS))
        subprocess.run(met, input="1\n" * CARDS, text=True, capture_output=True, check=True)
    done = killed(where, chance.randrange(1, 4), say, *start)
    assert done
    for _ in range(CARDS):
        rest = killed(where, chance.randrange(1, 4), say, start[0], "--plain", "--resume")
        if not rest:
            break
        done += rest
    if start[0] == "quiz" or "--drill" in start:
        assert len(done) == len(set(done)), "no answer was asked for twice"
    # A last answer may be on disk that was not confirmed any more, once a kill.
    assert CARDS - 4 <= len(done) <= CARDS
    over = subprocess.run(
        command(where, start[0], "--plain", "--resume"), capture_output=True, text=True, check=False
    )
    assert over.returncode == 2 and "Every session has come to its end" in over.stderr
