"""Runs each demo on many seeds, rightly and wrongly set: `python -m findings.seeds.sweep`.

Each run is added to the results at once, and what is there is not run again: stop it with Ctrl-C
and start it anew. `findings/seeds/table.py` then makes the page of the results.
"""

from __future__ import annotations

import argparse
import math
import statistics
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from concurrent.futures import as_completed
from pathlib import Path

from demos import catalog
from findings.seeds import fresh, results
from findings.seeds.cases import CASES, key_of, seeds_of_settings
from findings.seeds.results import Key, Result
from tutor import paths
from tutor.lab.sweep import engines
from tutor.lab.sweep.running import in_words
from tutor.text.printing import watched
from tutor.verbs.progress_line import clear, show


def run(key: Key, made_of: str) -> Result:
    """One run to its end, in a process of the pool."""
    from tutor.lab import headless

    demo, setting, seed = key
    report = headless.run(demo, setting.split(), seed)
    verdicts = {
        key_of(demo, verdict["claim"]): (
            results.rounded(verdict["value"]) if math.isfinite(verdict["value"]) else None,
            verdict["relation"],
            results.rounded(verdict["threshold"]),
        )
        for verdict in report["verdicts"]
    }
    return Result(demo, setting, seed, round(report["seconds"], 2), made_of, verdicts)


def wanted(seeds: tuple[int, ...], demos: Iterable[str]) -> list[Key]:
    """What to run, seed by seed, so that a sweep that is stopped has all demos on some seeds."""
    keys = {
        (case.demo, setting, seed)
        for case in CASES
        if case.demo in demos
        for setting, some in seeds_of_settings(case, seeds).items()
        for seed in some
    }
    return sorted(keys, key=lambda key: (key[2], key[0], key[1]))


class Cost:
    """Seconds a run, learnt from the runs there are."""

    def __init__(self, done: Iterable[Result]) -> None:
        self.times: dict[tuple[str, str], list[float]] = defaultdict(list)
        for result in done:
            self.add(result)

    def add(self, result: Result) -> None:
        """Count one more run."""
        self.times[result.demo, result.setting].append(result.seconds)

    def of(self, demo: str, setting: str) -> float:
        """The median for a setting; one that was never run takes as long as a middling one."""
        known = self.times.get((demo, setting)) or [t for ts in self.times.values() for t in ts]
        return statistics.median(known or [1.0])

    def left(self, keys: Iterable[Key], jobs: int) -> str:
        """How long these runs take."""
        seconds = sum(self.of(demo, setting) for demo, setting, _ in keys) / jobs
        return in_words(seconds)


def estimate(keys: list[Key], done: Iterable[Result], jobs: int) -> None:
    """Print what each setting costs, and all of it together."""
    cost, runs = Cost(done), Counter((demo, setting) for demo, setting, _ in keys)
    for (demo, setting), count in sorted(runs.items()):
        each = cost.of(demo, setting)
        print(f"{demo:16}{setting or 'defaults':40}{each:7.2f} s ·{count:4} ={each * count:7.0f} s")
    print(f"{len(keys)} runs, {cost.left(keys, jobs)} in {jobs} processes")


def sweep(keys: list[Key], file: Path, jobs: int) -> None:
    """Run what is to be run, and add each result to the file as it comes."""
    done = results.load(file)
    cost, left = Cost(done.values()), set(keys)
    made_of = {demo: fresh.sources(demo) for demo, _, _ in keys}
    with file.open("a", encoding="utf-8") as out, engines.processes(jobs) as pool:
        futures = [pool.submit(run, key, made_of[key[0]]) for key in keys]
        try:
            for future in as_completed(futures):
                result = future.result()
                out.write(results.line(result))
                out.flush()
                cost.add(result)
                left.remove(result.at)
                count = f"{len(keys) - len(left)}/{len(keys)}, {cost.left(left, jobs)} left"
                last = f"{result.demo} {result.setting or 'defaults'}, seed {result.seed}"
                if watched(sys.stderr):
                    show(f"{count}: {last}", sys.stderr)
        finally:
            if watched(sys.stderr):
                clear(sys.stderr)
    results.save(file, results.load(file).values())


def prepare() -> None:
    """Have kernels compiled once for all processes."""
    paths.use_kernel_cache(paths.cache_dir())
    subprocess.run([sys.executable, "-m", "tutor", "warm"], check=True, stdout=subprocess.DEVNULL)


def seed_range(text: str) -> tuple[int, ...]:
    """`0-99` or `7`."""
    first, _, last = text.partition("-")
    return tuple(range(int(first), int(last or first) + 1))


def parser() -> argparse.ArgumentParser:
    """The options."""
    made = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    made.add_argument("--seeds", type=seed_range, default="0-99", help="0-99, or one")
    made.add_argument("--jobs", type=int, default=engines.workers(None), help="processes")
    made.add_argument("--results", type=Path, default=results.FILE, help="the file to add to")
    names = catalog.names()
    made.add_argument("--demos", nargs="+", metavar="NAME", default=names, choices=names)
    sure = (
        "run one seed of each setting that has other sources by now; keep all where it is as it was"
    )
    made.add_argument("--confirm", action="store_true", help=sure)
    again = "also run again what was run with other sources"
    made.add_argument("--fresh", action="store_true", help=again)
    made.add_argument("--estimate", action="store_true", help="print what all of it costs")
    return made


def main() -> None:
    """Run what is missing."""
    options = parser().parse_args()
    done = results.load(options.results)
    keys = wanted(options.seeds, options.demos)
    if options.estimate:
        estimate(keys, done.values(), options.jobs)
        return
    old = fresh.old(done, keys)
    if options.confirm and old:
        confirm(old, done, options.results)
        old = fresh.old(done, keys)
    aged = {at for some in old.values() for at in some}
    keys = [at for at in keys if at not in done or (options.fresh and at in aged)]
    if aged and not options.fresh:
        print(f"{len(aged)} results are those of other sources: --confirm looks whether they still "
              "count, --fresh runs them again.")  # fmt: skip
    if keys:
        results.save(options.results, done.values())
        prepare()
        try:
            sweep(keys, options.results, options.jobs)
        except KeyboardInterrupt:
            sys.exit("Stopped: the results so far are kept.")


def confirm(old: dict[fresh.Setting, list[Key]], done: dict[Key, Result], file: Path) -> None:
    """Run the first seed of each setting, and keep the results of those that are as they were."""
    prepare()
    for setting, keys in sorted(old.items()):
        now = run(keys[0], fresh.sources(setting[0]))
        good = list(fresh.confirmed(done, old, [now]))
        done |= {result.at: result for result in good}
        results.save(file, done.values())
        word = f"{len(good)} results count" if good else f"{len(keys)} results are to be run again"
        print(f"{setting[0]} {setting[1] or 'defaults'}: {word}", flush=True)


if __name__ == "__main__":
    main()
