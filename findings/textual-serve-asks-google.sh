#!/usr/bin/env bash
# Most would expect a page that a program serves to itself on 127.0.0.1 to load nothing from
# elsewhere; the page of textual-serve 1.1.3 takes its font from fonts.googleapis.com at each start,
# with a font of that name unused in the wheel.
# A tutor that promises that nothing leaves the machine needs a page of its own; offline the fallback
# font loses the accent of letters such as X with a hat.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --no-deps textual-serve==1.1.3
"$folder/venv/bin/python" - <<'PY'
import re
from importlib.metadata import files, version

parts = {str(part): part.locate() for part in files("textual-serve") or []}
page = next(path.read_text() for name, path in parts.items() if name.endswith("app_index.html"))
asked = sorted(set(re.findall(r"https?://[\w.-]+", page)))
fonts = [name for name in parts if re.search(r"\.(ttf|woff2?)$", name)]
print("textual-serve", version("textual-serve"))
print("expected: no other host")
print("seen:", asked, "beside the fonts", [name.rpartition("/")[2] for name in fonts])
raise SystemExit("https://fonts.googleapis.com" not in asked)
PY
