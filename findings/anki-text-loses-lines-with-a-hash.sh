#!/usr/bin/env bash
# Most would expect a line such as "#1 in the table" to be a card's front in a text import; anki
# 26.9.3 takes every line that begins with # for a remark, and drops it without a word.
# A list of hash tags, of C directives or of numbered questions comes in with gaps.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q anki==26.9.3
FOLDER=$folder "$folder/venv/bin/python" - <<'PY'
import os
from importlib.metadata import version
from pathlib import Path

from anki.collection import Collection, ImportCsvRequest

folder = Path(os.environ["FOLDER"])
collection = Collection(str(folder / "a.anki2"))
text = folder / "cards.txt"
text.write_text("what is an epoch\tone pass\n#include\ta directive of C\nwhat is a batch\ta few\n")
metadata = collection.get_csv_metadata(str(text), None)
log = collection.import_csv(ImportCsvRequest(path=str(text), metadata=metadata)).log
print("anki", version("anki"))
print("expected: 3 notes, or a word on the one left out")
print(f"seen: {len(log.new)} notes of {log.found_notes} found")
raise SystemExit((len(log.new), log.found_notes) != (2, 2))
PY
