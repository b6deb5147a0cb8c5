"""A server of PostgreSQL on loopback for all tests of a class, and a new class in it for each."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.classroom.school import School
from tools.postgres import Cluster, UnavailableError, cluster

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    if find_spec("psycopg") is None:
        pytest.skip("psycopg is not installed: pip install -e '.[class]'")
    with ExitStack() as stack:
        try:
            found = stack.enter_context(cluster(tls=True))
        except UnavailableError as why:
            pytest.skip(str(why))
        yield found


@pytest.fixture
def school(postgres: Cluster, tmp_path: Path) -> Iterator[School]:
    with ExitStack() as stack:
        found = School(postgres, f"class{next(_numbers)}", tmp_path, stack)
        found.create_database()
        found.init()
        yield found
