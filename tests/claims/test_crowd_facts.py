"""What cards say of crowds is what their sweeps give; all of them: `findings.crowd.facts`."""

from __future__ import annotations

import pytest

from findings.crowd.facts import FACTS, Fact, found

QUICK = [fact for fact in FACTS if fact.quick]


@pytest.mark.parametrize("fact", QUICK, ids=[fact.name[:40] for fact in QUICK])
def test_a_fact_is_what_its_sweep_gives(fact: Fact) -> None:
    assert fact.least <= found(fact) <= fact.most
