#!/usr/bin/env bash
# Most would expect a Markdown formatter that checks its own output ("the rendered HTML stays the
# same") to leave $formulas$ alone; mdformat 1.0.0 puts backslashes into them, and its check passes.
# To CommonMark a formula is plain text, where \alpha and \\alpha render alike; to LaTeX the second
# one is a line break and the word "alpha". So a tutor that writes cards cannot hand them to it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q mdformat==1.0.0 markdown-it-py==4.0.0
"$folder/venv/bin/python" - <<'PY'
from importlib.metadata import version

import mdformat
from markdown_it import MarkdownIt

text = r"The slope is $\alpha_{i} < 1$." + "\n"
seen = mdformat.text(text)
html = MarkdownIt("commonmark").render
same = html(text) == html(seen)
print("mdformat", version("mdformat"))
print("expected:", text, end="")
print("seen:    ", seen, end="")
print("the HTML is the same:", same)
raise SystemExit(not (same and seen != text and r"$\\alpha" in seen))
PY
