"""Specs are read from a file's text alone, and a bad one says where and why."""

from __future__ import annotations

import pytest

from demos import catalog

GOOD = """
from demos.base import Ask, Int, Spec
SPEC = Spec(
    name="x", title="X", kind="explorer", topics=("t",), knobs=(Int("n", 3, 1, 5),),
    predict=Ask("?", ("a", "b")), observe=Ask("?", ("a", "b")), why=("because",),
)
raise RuntimeError("reading a spec must not run the file")
"""


def test_a_spec_is_read_without_running_the_file() -> None:
    spec = catalog.read_spec(GOOD, "x.py")
    assert spec.name == "x"
    assert spec.defaults() == {"n": 3}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('Int("n", 3, 1, 5)', "__import__('os')", "may call only"),
        ('Int("n", 3, 1, 5)', "N", "literals only"),
        ('Int("n", 3, 1, 5)', 'Int("n", 9, 1, 5)', "out of range"),
        ('Int("n", 3, 1, 5)', 'Int("n", 3, 1)', "Int:"),
        ('"t",', "", "at least one topic"),
        ("SPEC", "OTHER", "no top-level"),
        ('name="x"', 'name="x', "x.py:"),
        ('name="x"', '**{"name": "x"}', "without * or **"),
    ],
)
def test_a_bad_spec_says_where_and_why(old: str, new: str, words: str) -> None:
    with pytest.raises(catalog.SpecError) as refused:
        catalog.read_spec(GOOD.replace(old, new), "x.py")
    assert "x.py" in str(refused.value)
    assert words in str(refused.value)


def test_names_come_from_the_files() -> None:
    assert "parameter-count" in catalog.names()
    assert catalog.source("parameter-count").name == "parameter_count.py"
    with pytest.raises(KeyError):
        catalog.spec("../base")


def test_the_sources_of_a_trainer_include_the_kernels_that_run() -> None:
    names = [path.name for path in catalog.sources("overfit")]
    assert names[0] == "overfit.py"
    assert "dense.py" in names
    assert [path.name for path in catalog.sources("softmax")] == ["softmax.py"]
