"""What a command line asks to study or to be quizzed on, for the app and for plain sessions."""

from __future__ import annotations

import argparse

from tutor.session.plans import RESUMED, ExamPlan, QuizPlan, StudyPlan


def study_plan(args: argparse.Namespace) -> StudyPlan:
    """The plan of `tutor study`."""
    return StudyPlan(
        limit=args.limit,
        new=args.new,
        topics=tuple(args.topic),
        ignore_needs=args.ignore_needs,
        minutes=args.minutes,
        chapters=tuple(args.chapter),
        tags=tuple(args.tag),
        drill=args.drill,
        pick=args.pick,
        session=RESUMED if args.resume else "",
    )


def quiz_plan(args: argparse.Namespace) -> QuizPlan:
    """The plan of `tutor quiz`."""
    return QuizPlan(
        cards=tuple(args.card),
        topics=tuple(args.topic),
        kinds=tuple(args.kind),
        count=args.count,
        seed=args.seed,
        chapters=tuple(args.chapter),
        tags=tuple(args.tag),
        pick=args.pick,
        session=RESUMED if args.resume else "",
    )


def exam_plan(args: argparse.Namespace) -> ExamPlan:
    """The plan of `tutor exam`."""
    return ExamPlan(
        topics=tuple(args.topic),
        chapters=tuple(args.chapter),
        kinds=tuple(args.kind),
        count=args.count,
        minutes=args.minutes,
        seed=args.seed,
        go_on=args.resume,
    )


def card_fields(args: argparse.Namespace) -> dict[str, str]:
    """The fields of a card that `tutor add` is given, by their names in a draft."""
    fields = {
        "kind": args.kind, "front": args.front, "answer": args.answer, "hint": args.hint,
        "explanation": args.note, "topic": args.topic, "tags": ",".join(args.tag) or None,
        "deck": args.deck,
    }  # fmt: skip
    return {name: text for name, text in fields.items() if text is not None}


def browse_query(args: argparse.Namespace) -> str:
    """The query of `tutor browse`; a word with a blank in it, which the shell kept, is a phrase."""
    words: list[str] = args.query
    return " ".join(map(_quoted, words)) if len(words) > 1 else "".join(words)


def _quoted(word: str) -> str:
    return f'"{word}"' if " " in word.strip() and '"' not in word else word
