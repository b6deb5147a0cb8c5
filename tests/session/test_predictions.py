"""What the lab's list tells: demos in course order, and what was predicted of each."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from demos import catalog
from tests.session.decks import Clock, learner
from tutor import paths
from tutor.deck.library import load
from tutor.session.predictions import Judgement, in_course_order, keep, seen


def test_what_was_predicted_is_told_of_each_demo(tmp_path: Path) -> None:
    with closing(learner(tmp_path, Clock())) as one:
        for asked, chosen in (("predict", "a"), ("predict", "b"), ("observe", "b")):
            keep(one, Judgement("softmax", asked, {}, 0, chosen, "a"))  # type: ignore[arg-type]
        keep(one, Judgement("gan", "observe", {}, 0, "a", "a"))
        assert {name: str(told) for name, told in seen(one).items()} == {
            "softmax": "predicted 1 of 2",
            "gan": "seen",
        }


def test_demos_come_in_the_order_in_which_the_course_leads_to_them() -> None:
    topics = list(load([paths.content_dir()], None).topics.values())
    order = in_course_order(catalog.names(), topics)
    assert sorted(order) == catalog.names()
    assert order.index("peeking") < order.index("softmax") < order.index("attention")
    linked = {topic.demo.partition("?")[0] for topic in topics}
    assert [name in linked for name in order] == sorted(name in linked for name in order)[::-1]
