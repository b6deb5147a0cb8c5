#!/usr/bin/env bash
# Most would expect a function called predictRecall to return a probability of recall; ebisu 2.2.0
# returns its natural logarithm unless exact=True is given: a number below 0 for every card.
# The order of cards is the same, so a queue looks right; a threshold of 0.9 never holds.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q ebisu==2.2.0
"$folder/venv/bin/python" - <<'PY'
import math
from importlib.metadata import version

import ebisu

prior = (3.0, 3.0, 24.0)
seen, exact = ebisu.predictRecall(prior, 24.0), ebisu.predictRecall(prior, 24.0, exact=True)
print("ebisu", version("ebisu"))
print("expected after one half-life: about 0.5")
print(f"seen: {seen:.4f}; with exact=True: {exact:.4f}")
raise SystemExit(not (seen < 0 and math.isclose(math.exp(seen), exact, rel_tol=1e-9)))
PY
