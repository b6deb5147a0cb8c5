"""Does one server carry a class? How long a sync takes, and whether a row is missed or comes twice.

python -m tools.class_load [LEARNERS] [SECONDS] [PULLERS] [SEED] [FILL]

First each learner syncs once, 50 answers, at a moment of their own within SECONDS; then all push
at once, in five portions, while PULLERS of them pull on a second machine without end. The server
and all learners share this machine; each connection is new, with TLS and SCRAM, and the server
waits for the disk. FILL: so many rows of a thousand other learners are there before.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

from tools.postgres import Cluster, cluster
from tutor.exchange.classroom.keeping import Class, Member
from tutor.exchange.classroom.rows import chains, push
from tutor.exchange.classroom.server import server
from tutor.memory.model import Rating
from tutor.paths import settle
from tutor.session.learner import Learner
from tutor.session.syncing_class import sync_with_class
from tutor.store.chain import START, Writer, link
from tutor.store.union import writers

ROWS = 50
PORTIONS = 5
DECK = "---\ndeck: d\n---\n\n# Words\n<!-- topic id=words -->\n" + "".join(
    f"\n## Word {number}?\n<!-- card id=w{number} -->\nAnswer {number}.\n" for number in range(20)
)


@dataclass
class Pulled:
    """What a puller saw of one learner: how far of each writer, and what was not as it must be."""

    reached: dict[str, Writer] = field(default_factory=dict)
    rows: int = 0
    twice: int = 0
    pulls: int = 0


def main() -> int:
    """Run both loads, print what was seen; 1 if a row was missed or came twice."""
    given = [int(word) for word in sys.argv[1:]]
    learners, seconds, pullers, seed, fill = given + [200, 60, 20, 17, 0][len(given) :]
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        found = stack.enter_context(cluster(tls=True, fsync="on"))
        addresses = let_in(found, learners)
        machines = [stack.enter_context(closing(machine(Path(name), i))) for i in range(learners)]
        for one in machines:
            answer(one, ROWS)
        if fill:
            fill_up(found, fill)
        before = cpu_seconds(found)
        times = spread(machines, addresses, seconds, random.Random(seed))
        print(f"{learners} syncs of {ROWS} rows in {seconds} s: {percentiles(times)}")
        spent = (cpu_seconds(found) - before) / learners * 1000
        print(
            f"the server's share: {spent:.1f} CPU ms a sync, {bytes_a_row(found):.0f} bytes a row"
        )
        began = time.perf_counter()
        pulled = at_once(machines, addresses, pullers)
        took = time.perf_counter() - began
        missed = sum(2 * ROWS - each.rows for each in pulled)
        twice = sum(each.twice for each in pulled)
        pulls = sum(each.pulls for each in pulled)
        print(f"{learners * ROWS} rows pushed at once in {took:.1f} s; {pullers} pullers, "
              f"{pulls} pulls: {missed} missed, {twice} twice")  # fmt: skip
    return 1 if missed or twice else 0


def let_in(found: Cluster, learners: int) -> list[str]:
    """Make a class with so many learners; their addresses."""
    import psycopg

    with psycopg.connect(found.keeper("postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE class")
    with server(found.keeper(), founding=True) as kept:
        Class(kept).found()
        members = [Class(kept).add("learner") for _ in range(learners)]
        kept.commit()
    return [_address(found, member) for member in members]


def fill_up(found: Cluster, rows: int) -> None:
    """Let a thousand others have so many rows, of the length that answers have."""
    import psycopg

    with psycopg.connect(found.keeper(), autocommit=True) as connection:
        connection.execute(
            "INSERT INTO tutor.journal SELECT 'other_' || n % 1000,"
            " lpad(to_hex(n % 1000), 16, '0'), n / 1000 + 1,"
            " sha256(n::text::bytea), repeat(md5(n::text), 9)"
            f" FROM generate_series(0, {rows - 1}) AS n".encode()
        )
        connection.execute("VACUUM (ANALYZE) tutor.journal")
        connection.execute("CHECKPOINT")
    time.sleep(2)  # what this took is counted when its process has ended


def cpu_seconds(found: Cluster) -> float:
    """What the server and those of its processes that have ended have used."""
    pid = (found.folder / "data" / "postmaster.pid").read_text(encoding="utf-8").split()[0]
    words = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return sum(map(int, words[11:15])) / os.sysconf("SC_CLK_TCK")


def bytes_a_row(found: Cluster) -> float:
    """What a row takes on the server's disk, with its index."""
    import psycopg

    with psycopg.connect(found.keeper()) as connection:
        sized = connection.execute(
            "SELECT pg_total_relation_size('tutor.journal')::float / count(*) FROM tutor.journal"
        ).fetchone()
    return float(sized[0]) if sized else 0.0


def _address(found: Cluster, member: Member) -> str:
    return found.address(member.role, member.password, more="?sslmode=require")


def machine(folder: Path, number: int) -> Learner:
    """A learner's data folder with a deck of its own."""
    own = folder / str(number)
    own.mkdir()
    (own / "deck.md").write_text(DECK, encoding="utf-8")
    return Learner.open(settle(str(own / "data"), (str(own / "deck.md"),), bundled=False))


def answer(one: Learner, count: int) -> None:
    """So many answers, as a session writes them."""
    for number in range(count):
        key, now = f"d/w{number % 20}", one.now()
        due = one.scheduler.outcome(one.state(key), Rating.GOOD, now).state.due_utc_ms
        row = one.event("review", key, rating=Rating.GOOD, due_utc_ms=due, elapsed_ms=4000,
                        source="review", model=one.scheduler.model.id)  # fmt: skip
        one.append(lambda row=row: [row])  # type: ignore[misc]


def spread(
    machines: Sequence[Learner], addresses: Sequence[str], seconds: float, rng: random.Random
) -> list[float]:
    """Sync each at a moment of its own; the milliseconds that each took, connecting included."""
    began = time.perf_counter()

    def one(number: int) -> float:
        time.sleep(max(0.0, moments[number] - (time.perf_counter() - began)))
        start = time.perf_counter()
        done = sync_with_class(machines[number], addresses[number])
        assert done.sent == ROWS, done
        return (time.perf_counter() - start) * 1000

    moments = [rng.uniform(0, seconds) for _ in machines]
    with ThreadPoolExecutor(len(machines)) as pool:
        return list(pool.map(one, range(len(machines))))


def at_once(machines: Sequence[Learner], addresses: Sequence[str], pullers: int) -> list[Pulled]:
    """All push more rows in portions while some pull without end; what the pullers saw."""
    over = threading.Event()

    def pushes(number: int) -> None:
        for _ in range(PORTIONS):
            answer(machines[number], ROWS // PORTIONS)
            with server(addresses[number]) as found:
                for ours in writers(machines[number].store).values():
                    seen = {each.name: each.rows for each in chains(found, {})}
                    push(found, ours, machines[number].store, seen.get(ours.name, 0))
                found.commit()

    def pulls(number: int) -> Pulled:
        pulled = Pulled()
        last = False
        while not last:
            last = over.is_set()
            _pull(addresses[number], pulled)
        return pulled

    with ThreadPoolExecutor(pullers) as pulling, ThreadPoolExecutor(len(machines)) as pushing:
        waiting = [pulling.submit(pulls, number) for number in range(pullers)]
        try:
            list(pushing.map(pushes, range(len(machines))))
        finally:
            over.set()
        return [each.result() for each in waiting]


def _pull(address: str, pulled: Pulled) -> None:
    """Ask for what is above, and hold each row against the one before."""
    pulled.pulls += 1
    with server(address) as found:
        for each in chains(found, pulled.reached):
            mine = pulled.reached.get(each.name, Writer(each.name))
            rows, tip = mine.rows, mine.tip if mine.rows else START
            each.fetch(rows)
            for one in each.above(rows):
                if link(tip, one.text) != one.hash:
                    pulled.twice += 1
                tip, rows = one.hash, rows + 1
            each.close()
            pulled.rows += rows - mine.rows
            pulled.reached[each.name] = Writer(each.name, rows, tip)


def percentiles(times: Sequence[float]) -> str:
    """`p50 21 ms, p99 42 ms, longest 60 ms`."""
    ordered = sorted(times)
    at = {share: ordered[min(len(ordered) - 1, int(len(ordered) * share / 100))]
          for share in (50, 99)}  # fmt: skip
    told = ", ".join(f"p{share} {value:.0f} ms" for share, value in at.items())
    return f"{told}, longest {ordered[-1]:.0f} ms"


if __name__ == "__main__":
    sys.exit(main())
