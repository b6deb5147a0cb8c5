"""`tutor known TOPIC...`: mark topics as known already, so that what needs them opens."""

from __future__ import annotations

import argparse

from tutor.paths import Place
from tutor.text.printing import say


def run(args: argparse.Namespace, place: Place) -> int:
    """Mark the topics, all or none, and name them. Returns the exit status."""
    from tutor.verbs.opening import open_learner

    with open_learner(place) as learner:
        for topic in learner.mark_known(args.topics):
            say(f"known {topic}: {learner.library.topics[topic].title}")
    return 0
