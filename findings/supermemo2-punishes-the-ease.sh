#!/usr/bin/env bash
# Most would expect a package of SM-2 to do what SM-2 says of a failed answer: start the repetitions
# again "without changing the E-Factor"; supermemo2 3.0.1 lowers the factor as well.
# A learner who fails a card a few times keeps it at short intervals for good.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q supermemo2==3.0.1
"$folder/venv/bin/python" - <<'PY'
from importlib.metadata import version

from supermemo2 import review

before = 2.5
found = review(1, before, 6, 2, "2026-01-05")
print("supermemo2", version("supermemo2"))
print(f"expected after a failure: factor {before}")
print("seen:", found)
raise SystemExit(not found["easiness"] < before)
PY
