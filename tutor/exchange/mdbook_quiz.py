"""Quizzes of mdbook-quiz in TOML: short answers, multiple choice, tracing of programs, informal.

The TOML may stand in fences of a Markdown file. Questions of several parts share a text, which is
put before each.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from tutor.deck.model import Option, Prose, Typed
from tutor.errors import UsageError
from tutor.exchange import html
from tutor.exchange.notes import Found, Note, choice

_FENCED = re.compile(
    r"^(```|~~~)[ \t]*toml[^\n]*\n(?P<toml>.*?)^\1[ \t]*$", re.DOTALL | re.MULTILINE
)


def looks(text: str) -> bool:
    """Whether this is TOML with a list of questions."""
    return "[[questions]]" in text


def read(text: str, name: str) -> Found:
    """Every question. Raises UsageError when the TOML cannot be read."""
    try:
        fenced = [match["toml"] for match in _FENCED.finditer(text)]
        quizzes = [tomllib.loads(part) for part in fenced or [text]]
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{name} is no TOML", f"{error}.", "Nothing was imported.") from error
    found, number = Found("mdbook-quiz"), 0
    for quiz in quizzes:
        shared = _table(quiz, "multipart")
        questions = quiz.get("questions", [])
        for question in questions if isinstance(questions, list) else []:
            number += 1
            if isinstance(question, Mapping):
                _question(found, question, number, shared)
            else:
                found.leave(f"question {number}", "it is no table")
    return found


def _question(
    found: Found, question: Mapping[str, Any], number: int, shared: Mapping[str, Any]
) -> None:
    kind = str(question.get("type", ""))
    prompt, answer = _table(question, "prompt"), _table(question, "answer")
    before = shared.get(str(question.get("multipart", "")), "")
    asked = str(prompt.get("prompt", prompt.get("program", ""))).strip()
    front = html.one_line(f"{before}\n\n{asked}".strip())
    context = str(question.get("context", "")).strip()
    source = str(question.get("id", ""))
    common: dict[str, Any] = {"line": number, "explanation": context, "source_id": source}
    if kind == "MultipleChoice":
        found.add(Note(*_front(_options(prompt, answer), front), **common))
    elif kind == "ShortAnswer":
        texts = [str(answer.get("answer", "")), *map(str, answer.get("alternatives", []))]
        found.add(Note("typed", front, Typed(tuple(texts)), **common))
    elif kind == "Informal":
        found.add(Note("basic", front, Prose(str(answer.get("answer", "")).strip()), **common))
    elif kind == "Tracing":
        found.add(Note("basic", _traced(asked), _trace(answer), **common))
    else:
        found.leave(front or f"question {number}", f"its type {kind!r} is not known", number)


def _options(prompt: Mapping[str, Any], answer: Mapping[str, Any]) -> tuple[Any, Any]:
    rights = answer.get("answer", [])
    rights = rights if isinstance(rights, list) else [rights]
    options = [Option(_option(text), right=True) for text in rights]
    wrongs = prompt.get("distractors", [])
    return choice([*options, *(Option(_option(text), right=False) for text in wrongs)])


def _option(text: object) -> str:
    """An option is one line; a program in it too."""
    return html.one_line(str(text))


def _front(made: tuple[Any, Any], front: str) -> tuple[Any, str, Any]:
    return made[0], front, made[1]


def _traced(program: str) -> str:
    code = html.one_line(f"```\n{program}\n```")
    return f"Does this program compile, and what does it print? {code}"


def _trace(answer: Mapping[str, Any]) -> Prose:
    if not answer.get("doesCompile"):
        line = str(answer.get("lineNumber", "")).strip()
        return Prose("It does not compile" + (f": line {line}." if line else "."))
    said = str(answer.get("stdout", "")).strip("\n")
    return Prose(f"It compiles and prints:\n\n```\n{said}\n```")


def _table(question: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = question.get(key, {})
    return value if isinstance(value, Mapping) else {}
