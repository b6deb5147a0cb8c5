"""Kills the real program at its 1st, 2nd, ... system call of a kind, in every verb that writes.

    python -m tools.kill_at_calls [KILLS] [SEED]

Needs `strace`. After each kill the next start must be clean, every answer that was said to be
saved must be there, and a deck or a backup must be whole. Prints the counts; exit status 1 when
something was lost.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tutor.deck.library import load
from tutor.errors import DataError
from tutor.paths import settle
from tutor.session.exam_rows import left
from tutor.session.learner import Learner
from tutor.store.catalog import Files
from tutor.store.database import open_store
from tutor.store.verify import verify

CALLS = ("fdatasync", "fsync", "pwrite64", "rename")
DECK = "---\ndeck: d\ntitle: Words\n---\n\n# T\n<!-- topic id=t -->\n\n" + "\n".join(
    f"## How many are {n} and one?\n<!-- card id=c{n} -->\n= {n + 1}\n" for n in range(30)
)
WITHOUT_IDS = DECK.replace(" id=c7", "").replace(" id=c8", "")
LOG = "card_id,review_rating,review_time\n" + "".join(
    f"d/c{n % 30},3,2025-0{1 + n % 9}-1{n % 8}T10:00:00Z\n" for n in range(200)
)
Verbs = dict[str, tuple[tuple[str, ...], str]]
# What each verb is given on its standard input.
VERBS: Verbs = {
    "create": (("due",), ""),
    "study": (("study", "--plain", "--limit", "4"), "\n4\n" * 8),
    "quiz": (("quiz", "--plain", "--count", "4", "--seed", "1"), "1\n" * 8),
    "known": (("known", "t"), ""),
    "import": (("import", "reviews", "log.csv"), ""),
    "backup": (("backup",), ""),
    "restore": (("restore", "copy.db"), ""),
    "doctor": (("doctor",), ""),
    "ids": (("ids", "--write", "bare.md"), ""),
    "add": (("add", "--front", "Epoch", "--answer", "One pass."), ""),
    "mend": (("add", "--card", "d/c3", "--answer", "= 44"), ""),
    "exam": (("exam", "--plain", "--count", "4", "--seed", "1"), "1\n2\n"),
}
# What a learner does after a kill to go on; a new exam would say that the old one is given up.
ON: Verbs = {
    "add": VERBS["add"], "mend": VERBS["mend"],
    "study": (("study", "--plain", "--limit", "1"), "\n4\n"),
    "exam": (("exam", "--plain", "--resume"), ":done\n"),
}  # fmt: skip
_SAVED = re.compile(rb"^saved (\S+) ", re.MULTILINE)
_NOTED = re.compile(rb"^noted", re.MULTILINE)


@dataclass(frozen=True)
class Killed:
    """What a run came to: whether it was killed, and the answers that it said were saved.

    noted: those of an exam, which are no answers yet.
    """

    killed: bool
    saved: int
    noted: int = 0


def can_trace() -> str:
    """Why calls cannot be traced here; empty when they can."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    done = subprocess.run(["strace", "-o", os.devnull, "true"], capture_output=True, check=False)
    return "" if done.returncode == 0 else "strace may not trace here"


def prepare(folder: Path) -> None:
    """A learner with some answers, a backup of them, a deck, a log, and a deck without ids."""
    (folder / "deck.md").write_text(DECK, encoding="utf-8")
    (folder / "bare.md").write_text(WITHOUT_IDS, encoding="utf-8")
    (folder / "log.csv").write_text(LOG, encoding="utf-8")
    run(folder, "study")
    shutil.copyfile(folder / made(folder, "backup"), folder / "copy.db")
    run(folder, "study")


def made(folder: Path, verb: str) -> Path:
    """The file that a verb names on its standard output."""
    return Path(_command(folder, verb, ()).stdout.decode().strip())


def run(folder: Path, verb: str, call: str = "", number: int = 0) -> Killed:
    """Run a verb; with a call, killed as it makes that call for the `number`th time."""
    trace = (
        "strace", "-f", "-qq", "-o", os.devnull, "-e", f"trace={call}",
        "-e", f"inject={call}:signal=KILL:when={number}",
    ) if call else ()  # fmt: skip
    done = _command(folder, verb, trace)
    said = (len(form.findall(done.stdout)) for form in (_SAVED, _NOTED))
    return Killed(done.returncode in (-9, 137), *said)


def _command(
    folder: Path, verb: str, trace: tuple[str, ...], table: Verbs = VERBS
) -> subprocess.CompletedProcess[bytes]:
    words, given = table[verb]
    base = [sys.executable, "-m", "tutor", "--data-dir", "data", "--no-bundled"]
    content = ["--content", "deck.md"]
    env = os.environ | {"TUTOR_CACHE_DIR": str(folder / "cache"), "PYTHONPATH": str(_ROOT)}
    return subprocess.run(
        [*trace, *base, *content, *words],
        cwd=folder, input=given.encode(), capture_output=True, env=env, timeout=120, check=False,
    )  # fmt: skip


_ROOT = Path(__file__).parent.parent


def answers(folder: Path) -> int:
    """The answers in the journal; the opening is the next start, and must be clean."""
    database = folder / "data" / "tutor.db"
    with open_store(database, database.parent / "backups") as store:
        faults = store.check()
        if faults:
            raise AssertionError(faults)
        return sum(event.kind == "review" for event in store.events())


def after(folder: Path, verb: str, before: int, came: Killed) -> str:
    """What is wrong after a run; empty when nothing."""
    try:
        there = answers(folder)
    except (DataError, AssertionError) as error:
        return f"the next start is not clean: {error}"
    if verb == "restore":
        return "" if there in (before, before - 4) else f"{there} answers, not {before} or less 4"
    if verb == "import":
        return "" if there in (before, before + 200) else f"{there} answers: half an import"
    if there < before + came.saved:
        return f"{before + came.saved} answers were saved, {there} are there"
    return _half(folder, came) or _cannot_go_on(folder, verb, came)


def _half(folder: Path, came: Killed) -> str:
    """Whether a deck, an overlay, an exam or a backup is there in part only."""
    text = (folder / "bare.md").read_text("utf-8")
    if text != WITHOUT_IDS and (len(text) < len(WITHOUT_IDS) or text.count(" id=") != 31):
        return "half a deck with ids"
    database = folder / "data" / "tutor.db"
    kept = Files(database, database.parent / "backups").listed()
    if not all(verify(each.path).good for each in kept):
        return "a backup is not whole"
    library = load([folder / "deck.md", folder / "data" / "decks"], None)
    if errors := [str(each) for each in library.problems if each.level == "error"]:
        return f"half a deck: {errors[0]}"
    answer = library.card("d/c3").answer
    if "4" not in str(answer):
        return f"half a card: {answer}"
    learner = Learner.open(
        settle(data_dir=str(folder / "data"), content=(str(folder / "deck.md"),), bundled=False)
    )
    sitting = left(learner)
    learner.close()
    there = len(sitting.answers) if sitting else 0
    return f"{came.noted} answers were noted, {there} are there" if there < came.noted else ""


def _cannot_go_on(folder: Path, verb: str, came: Killed) -> str:
    """What is wrong with the verb's next run; nothing where none is meant to follow."""
    if verb not in ON or not came.killed or (verb == "exam" and not came.noted):
        return ""
    done = _command(folder, verb, (), ON)
    return "" if done.returncode == 0 else f"it does not go on: {done.stderr.decode()[-300:]}"


def one(pristine: Path, folder: Path, verb: str, call: str, number: int) -> tuple[bool, str]:
    """Kill one verb at one call: whether it came to that, and what is wrong afterwards."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(pristine, folder)
    before = answers(folder)
    if verb == "create":
        shutil.rmtree(folder / "data")
        before = 0
    came = run(folder, verb, call, number)
    return came.killed, after(folder, verb, before, came)


def tries(seed: int) -> Iterator[tuple[str, str, int]]:
    """Verbs, calls and numbers in an order of chance, the small numbers first."""
    chance, number = random.Random(seed), 0
    while True:
        number += 1
        pairs = [(verb, call) for verb in VERBS for call in CALLS]
        chance.shuffle(pairs)
        yield from ((verb, call, number) for verb, call in pairs)


def main() -> int:
    """Kill so often, and print what came of it."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    if why := can_trace():
        print(why)
        return 2
    kills, wrong, over = Counter[str](), [], set[tuple[str, str]]()
    with tempfile.TemporaryDirectory() as name:
        pristine, folder = Path(name) / "pristine", Path(name) / "run"
        pristine.mkdir()
        prepare(pristine)
        for verb, call, number in tries(seed):
            if kills.total() >= wanted or len(over) == len(VERBS) * len(CALLS):
                break
            if (verb, call) in over:
                continue
            killed, fault = one(pristine, folder, verb, call, number)
            if fault:
                wrong.append(f"{verb}, {call} {number}: {fault}")
            if killed:
                kills[f"{verb} {call}"] += 1
            else:
                over.add((verb, call))
    print(json.dumps(dict(sorted(kills.items())), indent=1))
    print(f"{kills.total()} kills, seed {seed}, {len(wrong)} with a loss or an unclean next start")
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
