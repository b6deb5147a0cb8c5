#!/usr/bin/env bash
# Most would expect that a package with "import any learning progress" brings a card's newer answers
# to where the card is already; anki 26.9.3 gives a card that exists neither schedule nor answers,
# even if it was never answered there. The text alone is updated.
# Progress goes to Anki once: whoever studies on elsewhere has to delete the notes there first.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q anki==26.9.3
FOLDER=$folder "$folder/venv/bin/python" - <<'PY'
import os
from importlib.metadata import version
from pathlib import Path

from anki.collection import (
    Collection,
    ExportAnkiPackageOptions,
    ImportAnkiPackageOptions,
    ImportAnkiPackageRequest,
)

folder = Path(os.environ["FOLDER"])
package = str(folder / "deck.apkg")
here, there = (Collection(str(folder / f"{name}.anki2")) for name in ("here", "there"))


def carry() -> None:
    wish = ExportAnkiPackageOptions(with_scheduling=True, with_media=False, legacy=True)
    here.export_anki_package(out_path=package, options=wish, limit=None)
    options = ImportAnkiPackageOptions(with_scheduling=True)
    there.import_anki_package(ImportAnkiPackageRequest(package_path=package, options=options))


note = here.new_note(here.models.by_name("Basic"))
note["Front"], note["Back"] = "question", "answer"
here.add_note(note, 1)
carry()
card = here.sched.getCard()
here.sched.answerCard(card, 3)
carry()
answers = [c.db.scalar("SELECT count() FROM revlog") for c in (here, there)]
print("anki", version("anki"))
print("expected: the answer arrives with the second package: 1 and 1")
print("seen: answers here and there:", answers)
raise SystemExit(answers != [1, 0])
PY
