#!/usr/bin/env bash
# Most would expect a library that turns LaTeX into text to keep what a fraction holds together;
# pylatexenc 2.10 writes \frac{a}{b+c} as a/b+c, and unicodeit 0.7.5 breaks the power in x^{n/2} at
# the stroke, which has no raised form: half of it stands raised, and a caret in the middle.
# On a terminal these lines are other formulas, and nothing tells.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q pylatexenc==2.10 unicodeit==0.7.5
"$folder/venv/bin/python" - <<'PY'
from importlib.metadata import version

import unicodeit
from pylatexenc.latex2text import LatexNodes2Text

fraction = LatexNodes2Text().latex_to_text(r"\frac{a}{b+c}")
root = LatexNodes2Text().latex_to_text(r"\sqrt{a+b} c")
power = unicodeit.replace(r"x^{n/2}")
print("pylatexenc", version("pylatexenc"), "unicodeit", version("unicodeit"))
print(r"expected: \frac{a}{b+c} as a/(b+c)")
print("seen:", repr(fraction), "(a root keeps its brackets:", repr(root) + ")")
print(r"expected: x^{n/2} as one power; seen:", repr(power))
raise SystemExit((fraction, power) != ("a/b+c", "x\u207f^/\u00b2"))
PY
