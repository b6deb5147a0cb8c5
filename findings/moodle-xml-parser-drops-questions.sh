#!/usr/bin/env bash
# Most would expect a parser of Moodle's XML to read Moodle's common questions or to refuse them;
# moodle-xml-parser 0.3.1 reads multiple choice, and drops numerical, true/false, short answer and
# matching questions without a word.
# A teacher's bank of 200 questions comes in as 40, and nobody is told.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q moodle-xml-parser==0.3.1
"$folder/venv/bin/python" - <<'PY'
from importlib.metadata import version

from moodle_xml_parser.parser import parse_string

ANSWER = '<answer fraction="100"><text>%s</text></answer>'
KINDS = {
    "multichoice": "<single>true</single>" + ANSWER % "yes" + '<answer fraction="0"><text>no</text></answer>',
    "numerical": ANSWER % "4",
    "truefalse": ANSWER % "true",
    "shortanswer": ANSWER % "softmax",
}
questions = "".join(
    f'<question type="{kind}"><name><text>{kind}</text></name>'
    f'<questiontext format="html"><text>What is it?</text></questiontext>{answers}</question>'
    for kind, answers in KINDS.items()
)
found = parse_string(f'<?xml version="1.0" encoding="UTF-8"?><quiz>{questions}</quiz>')
count = sum(map(len, found.values()))
print("moodle-xml-parser", version("moodle-xml-parser"))
print(f"expected: {len(KINDS)} questions, or a word on those left out")
print(f"seen: {count} question, no word:", {name: len(rows) for name, rows in found.items()})
raise SystemExit(count != 1)
PY
