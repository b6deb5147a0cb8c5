#!/usr/bin/env bash
# Most would expect "days since the last review" to be study days, as Anki counts them; py-fsrs
# 6.3.2 counts whole spans of 24 hours: an answer of the next evening, a minute early, is the same
# day, so the memory takes the small step of a second answer on one day.
# Two schedulers of one formula and one set of weights drift apart for people with a fixed hour.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q fsrs==6.3.2
"$folder/venv/bin/python" - <<'PY'
from datetime import UTC, datetime, timedelta
from importlib.metadata import version

from fsrs import Card, Rating, Scheduler

scheduler = Scheduler(enable_fuzzing=False, learning_steps=())
first = datetime(2026, 1, 5, 20, 0, tzinfo=UTC)


def stability(after: timedelta) -> float:
    card, _ = scheduler.review_card(Card(), Rating.Good, first)
    card, _ = scheduler.review_card(card, Rating.Good, first + after)
    assert card.stability is not None
    return card.stability


early, late = stability(timedelta(hours=23, minutes=59)), stability(timedelta(hours=24))
print("fsrs", version("fsrs"))
print("expected: the evening after is one day later, whether at 19:59 or at 20:00")
print(f"seen: stability {early:.3f} days at 19:59, {late:.3f} at 20:00")
raise SystemExit(not late > 1.5 * early)
PY
