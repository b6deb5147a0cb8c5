"""A share of the course's cards, answered in the forms that people write.

`python -m tools.answer_forms` tries them all.
"""

from __future__ import annotations

import random
from decimal import Decimal

from tools.answer_forms import cases, fault, number_forms, number_misses, word_forms
from tutor.deck.library import load
from tutor.paths import content_dir
from tutor.quiz.terms import terms_of

SHARE = 12


def test_answers_of_the_course_in_forty_forms_and_near_misses() -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    library = load((content_dir(),), None)
    rng = random.Random(seed)
    asked = [key for key, e in library.entries.items() if e.kind in {"numeric", "typed", "cloze"}]
    for key in set(asked) - set(rng.sample(asked, len(asked) // SHARE)):
        del library.entries[key]
    terms = terms_of(library)
    tried = list(cases(library, terms, 1, seed))
    assert len(tried) > 500
    assert {right for _, _, right in tried} == {True, False}
    assert [found for case in tried if (found := fault(case, terms))] == []


def test_there_are_forty_forms_and_near_misses_of_an_answer() -> None:
    rng = random.Random(0)
    for value in map(Decimal, ("13002", "0.731", "-0.5", "58500")):
        assert len(set(number_forms(value))) >= 40, value
        assert len(set(number_misses(value, rng))) >= 40, value
    for word in ("optimizer", "learning rate", "forget gate"):
        assert len(set(word_forms(word))) >= 35, word
