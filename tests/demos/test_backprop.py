"""The backprop microscope shows the numbers of the well-known 2-2-2 example."""

from __future__ import annotations

from typing import Any

import pytest

from demos import catalog
from demos.backprop import LARGER, multiplications
from demos.base import Value
from demos.views import Bars, Graph
from tutor.lab import headless
from tutor.lab.experiment import Experiment


def run(*settings: str) -> dict[str, Any]:
    return headless.run("backprop", settings)


def after(steps: int, **knobs: Value) -> Experiment:
    experiment = Experiment("backprop", {**catalog.spec("backprop").defaults(), **knobs})
    experiment.advance(steps)
    return experiment


def graph(steps: int, **knobs: Value) -> Graph:
    picture = after(steps, **knobs).frame().picture
    assert isinstance(picture, Graph)
    return picture


def lit(shown: Graph) -> tuple[dict[str, str], list[str]]:
    """The marked words of the nodes of the moment, and the weights of the moment."""
    nodes = {
        node.name[:2]: " ".join(node.lines[i][0] for i in sorted(node.marked))
        for node in shown.nodes
        if node.role == "accent"
    }
    return nodes, [edge.label[:2] for edge in shown.edges if edge.role == "accent"]


def test_the_numbers_of_the_published_example() -> None:
    """Three independent programs agree on these; the biases are kept."""
    m = run()["measured"]
    assert m["error"] == pytest.approx(0.298371109, abs=5e-10)
    assert m["slope_w5"] == pytest.approx(0.082167041, abs=5e-10)
    assert m["new_w5"] == pytest.approx(0.35891648, abs=5e-9)
    assert m["new_w1"] == pytest.approx(0.149780716, abs=5e-10)
    assert m["error_after"] == pytest.approx(0.29102777369, abs=5e-12)
    assert m["error_after_10000"] == pytest.approx(3.5102e-05, rel=1e-4)


def test_slopes_agree_with_central_differences_elsewhere_too() -> None:
    m = run("input_1=1.5", "input_2=-2", "target_1=0.9")["measured"]
    assert m["slope_check"] <= 1e-8


@pytest.mark.parametrize(
    ("sizes", "expected"), zip(LARGER, [(40, 16), (23_072, 330), (2_300_448, 602)], strict=True)
)
def test_what_keeping_deltas_saves(sizes: tuple[int, ...], expected: tuple[int, int]) -> None:
    assert multiplications(sizes) == expected


def test_without_the_cache_the_saving_is_refused() -> None:
    failing = [v["claim"] for v in run("cache=false")["verdicts"] if not v["holds"]]
    assert failing == ["Multiplications with deltas kept over following every path"]


def test_the_boxes_fill_forward_then_backward() -> None:
    def unknown(steps: int) -> str:
        units = [node for node in graph(steps).nodes if node.name[0] in "ho"]
        return " ".join("".join(line[0] for line in node.lines if "?" in line) for node in units)

    assert unknown(0) == "zaδ zaδ zaδ zaδ"
    assert unknown(2) == "δ zaδ zaδ zaδ"
    assert unknown(8) == "δ δ δ δ"
    assert unknown(10) == "δ δ  δ"
    assert unknown(17).strip() == ""


def test_the_numbers_that_are_multiplied_are_marked() -> None:
    assert lit(graph(0)) == ({}, [])
    assert lit(graph(3)) == ({"i1": " ", "i2": " ", "h2": "z"}, ["w3", "w4"])
    assert lit(graph(4)) == ({"h2": "z a"}, [])
    assert lit(graph(10)) == ({"o1": "a δ"}, [])
    assert lit(graph(12)) == ({"h1": "a", "o1": "δ"}, ["w5"])
    assert lit(graph(17)) == ({"h2": "a δ", "o1": "δ", "o2": "δ"}, ["w6", "w8"])
    assert lit(graph(18)) == ({"i1": " ", "h1": "δ"}, ["w1"])
    assert lit(graph(26)) == ({}, ["w5"])


def test_without_the_cache_a_first_weight_goes_every_path() -> None:
    units, weights = lit(graph(18, cache=False))
    assert (sorted(units), weights) == (["h1", "i1", "o1", "o2"], ["w1", "w5", "w7"])


def test_the_update_changes_the_weights_on_the_edges() -> None:
    labels = [edge.label for edge in graph(26).edges]
    assert [labels[i] for i in (0, 4, 5)] == ["w1 0.1498", "w5 0.3589", "w6 0.4500"]
    assert graph(32).title == "update, error 0.298371 → 0.291028"


def test_what_is_counted_on_the_way_adds_up_to_the_whole() -> None:
    counts = []
    for steps in (9, 12, 21):
        count = after(steps).frame().side[0]
        assert isinstance(count, Bars)
        counts.append([bar.value for bar in count.bars])
    assert counts == [[0, 0], [3, 2], list(multiplications((2, 2, 2))[::-1])]
