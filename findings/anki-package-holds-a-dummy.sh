#!/usr/bin/env bash
# Most would expect the file collection.anki2 of an Anki package to be the collection, as it was for
# years; in every package that anki 26.9.3 writes it holds one note that asks for an update of Anki,
# also with "support older versions" ticked, where the deck lies in collection.anki21.
# Who opens collection.anki2 imports one card of nothing and sees no error.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q anki==26.9.3
FOLDER=$folder "$folder/venv/bin/python" - <<'PY'
import os
import sqlite3
import zipfile
from importlib.metadata import version
from pathlib import Path

from anki.collection import Collection, ExportAnkiPackageOptions

folder = Path(os.environ["FOLDER"])
collection = Collection(str(folder / "a.anki2"))
for n in range(3):
    note = collection.new_note(collection.models.by_name("Basic"))
    note["Front"], note["Back"] = f"question {n}", f"answer {n}"
    collection.add_note(note, 1)
package = folder / "deck.apkg"
options = ExportAnkiPackageOptions(with_scheduling=False, with_media=False, legacy=True)
collection.export_anki_package(out_path=str(package), options=options, limit=None)
counts = {}
with zipfile.ZipFile(package) as archive:
    for name in ("collection.anki2", "collection.anki21"):
        archive.extract(name, folder)
        with sqlite3.connect(folder / name) as database:
            counts[name] = database.execute("SELECT count(*) FROM notes").fetchone()[0]
print("anki", version("anki"))
print("expected: 3 notes in collection.anki2")
print("seen:", counts)
raise SystemExit(counts != {"collection.anki2": 1, "collection.anki21": 3})
PY
