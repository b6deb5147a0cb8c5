"""`python -m claims`: ask the frameworks what the course says of them."""

from __future__ import annotations

import argparse
import importlib.metadata
import sys
import warnings
from collections.abc import Sequence

PACKAGES = ("torch", "keras", "jax", "flax", "optax", "scikit-learn", "pandas", "numpy")


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare, print each difference and the counts; 1 if there was a difference."""
    options = _parser().parse_args(arguments)
    warnings.simplefilter("ignore")  # the frameworks warn of just what the cards ask about
    print("versions:", ", ".join(_version(name) for name in PACKAGES))
    if options.table:
        return 1 if _table() else 0
    differences = 0
    if not options.no_cards:
        differences += _cards(options.draws, options.only)
    if not options.no_engine:
        differences += _engine()
    if not options.no_dialects:
        differences += _dialects()
    return 1 if differences else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m claims", description=__doc__)
    parser.add_argument("--draws", type=int, default=8, help="instances of each generated card")
    parser.add_argument("--only", default="", help="only cards or claims whose name holds this")
    parser.add_argument("--no-cards", action="store_true", help="leave the cards out")
    parser.add_argument("--no-engine", action="store_true", help="leave our kernels out")
    parser.add_argument("--table", action="store_true", help="ask the recorded table alone")
    parser.add_argument("--no-dialects", action="store_true", help="leave that demo out")
    return parser


def _version(package: str) -> str:
    try:
        return f"{package} {importlib.metadata.version(package)}"
    except importlib.metadata.PackageNotFoundError:
        return f"{package} missing"


def _cards(draws: int, only: str) -> int:
    from claims import asked_torch, cards  # noqa: F401  # the claims register themselves

    compared, found = cards.compare(draws, only)
    for difference in found:
        print(difference)
    print(f"cards: {compared:,} comparisons, {len(found)} differences")
    return len(found)


def _engine() -> int:
    from claims import engine

    compared, found = engine.compare()
    for line in found:
        print(line)
    print(f"engine: {compared:,} comparisons, {len(found)} differences")
    return len(found)


def _dialects() -> int:
    from claims import (
        asked_keras,  # noqa: F401  # chooses Keras's backend before it is imported
        dialects,
    )

    compared, found = dialects.compare()
    for line in found:
        print(line)
    print(f"dialects: {compared:,} steps, {len(found)} differences")
    return len(found)


def _table() -> int:
    from claims.table.__main__ import everything

    return everything()


if __name__ == "__main__":
    sys.exit(main())
