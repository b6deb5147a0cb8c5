"""Quizzes of mdbook-quiz in TOML: short answers, multiple choice, and tracing of programs."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

from tutor.deck.model import Option, Prose, Typed
from tutor.errors import UsageError
from tutor.exchange.notes import Found, Note, choice


def looks(text: str) -> bool:
    """Whether this is TOML with a list of questions."""
    return "[[questions]]" in text


def read(text: str, name: str) -> Found:
    """Every question. Raises UsageError when the TOML cannot be read."""
    try:
        questions = tomllib.loads(text).get("questions", [])
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{name} is no TOML", f"{error}.", "Nothing was imported.") from error
    found = Found("mdbook-quiz")
    for number, question in enumerate(questions if isinstance(questions, list) else [], 1):
        if isinstance(question, Mapping):
            _question(found, question, number)
        else:
            found.leave(f"question {number}", "it is no table")
    return found


def _question(found: Found, question: Mapping[str, Any], number: int) -> None:
    kind = str(question.get("type", ""))
    prompt, answer = _table(question, "prompt"), _table(question, "answer")
    front = str(prompt.get("prompt", prompt.get("program", ""))).strip()
    context = str(question.get("context", "")).strip()
    source = str(question.get("id", ""))
    if kind == "MultipleChoice":
        rights = answer.get("answer", [])
        rights = rights if isinstance(rights, list) else [rights]
        options = [Option(str(text), right=True) for text in rights]
        options += [Option(str(text), right=False) for text in prompt.get("distractors", [])]
        made = choice(options)
        found.add(Note(*_front(made, front), number, explanation=context, source_id=source))
    elif kind == "ShortAnswer":
        texts = [str(answer.get("answer", "")), *map(str, answer.get("alternatives", []))]
        typed = Typed(tuple(texts))
        found.add(Note("typed", _line(front), typed, number, explanation=context, source_id=source))
    elif kind == "Tracing":
        _tracing(found, front, answer, number, context)
    else:
        found.leave(front or f"question {number}", f"its type {kind!r} is not known", number)


def _front(made: tuple[Any, Any], front: str) -> tuple[Any, str, Any]:
    return made[0], _line(front), made[1]


def _tracing(
    found: Found, program: str, answer: Mapping[str, Any], number: int, context: str
) -> None:
    compiles = bool(answer.get("doesCompile"))
    said = str(answer.get("stdout" if compiles else "lineNumber", "")).strip()
    text = f"It compiles and prints:\n\n```\n{said}\n```" if compiles else (
        f"It does not compile: line {said}."
    )  # fmt: skip
    note = f"```\n{program}\n```"
    explanation = f"{note}\n\n{context}".strip()
    first = program.split("\n", 1)[0]
    found.add(
        Note("basic", f"Does this program compile, and what does it print? ({first})",
             Prose(text), number, explanation=explanation)
    )  # fmt: skip


def _table(question: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = question.get(key, {})
    return value if isinstance(value, Mapping) else {}


def _line(text: str) -> str:
    """A front is one line; a program below it follows in the explanation of its card."""
    return " ".join(text.split())
