"""Boxes joined by lines: what takes part in the moment, and where the words find room."""

from __future__ import annotations

from dataclasses import replace

import pytest

from demos.views import Edge, Graph, Node
from tutor.plot import DARK, LIGHT, Palette, paint
from tutor.plot.boxes import room

LINES = ("z 0.3775", "a 0.5933", "d      ?")
NODES = (
    Node("i1", 0, 0, ("0.05",)),
    Node("i2", 0, 1, ("0.10",)),
    Node("h1", 1, 0, LINES),
    Node("h2", 1, 1, LINES),
    Node("o1", 2, 0, LINES),
    Node("o2", 2, 1, LINES),
)
ENDS = ((0, 2), (1, 2), (0, 3), (1, 3), (2, 4), (3, 4), (2, 5), (3, 5))
LABELS = tuple(f"w{i} 0.{i}000" for i in range(1, 9))
GRAPH = Graph(
    "net", NODES, tuple(Edge(*ends, label) for ends, label in zip(ENDS, LABELS, strict=True))
)


def text(graph: Graph, width: int, height: int, palette: Palette = DARK) -> list[str]:
    rows = paint(graph, width, height, palette)
    return ["".join(segment.text for segment in row) for row in rows]


def with_node(place: int, **changed: object) -> Graph:
    nodes = list(NODES)
    nodes[place] = replace(nodes[place], **changed)  # type: ignore[arg-type]
    return replace(GRAPH, nodes=tuple(nodes))


def with_edge(place: int, **changed: object) -> Graph:
    edges = list(GRAPH.edges)
    edges[place] = replace(edges[place], **changed)  # type: ignore[arg-type]
    return replace(GRAPH, edges=tuple(edges))


@pytest.mark.parametrize("size", [(47, 12), (74, 22), (60, 30)])
def test_every_word_of_a_small_network_can_be_read(size: tuple[int, int]) -> None:
    shown = "\n".join(text(GRAPH, *size))
    assert all(label in shown for label in LABELS)
    assert all(node.name in shown for node in NODES)
    assert [shown.count(line) for line in LINES] == [4, 4, 4]


@pytest.mark.parametrize("place", range(6))
def test_a_node_of_the_moment_shows_without_colour(place: int) -> None:
    shown = text(with_node(place, role="accent", marked=frozenset({0})), 47, 12)
    name, line = f"╔ {NODES[place].name} ", "▸" + NODES[place].lines[0]
    assert sum(name in row for row in shown) == 1
    assert sum(line in row for row in shown) == 1
    assert not any("╔" in row or "▸" in row for row in text(GRAPH, 47, 12))


@pytest.mark.parametrize("place", range(8))
def test_an_edge_of_the_moment_is_thicker(place: int) -> None:
    def dots(graph: Graph) -> int:
        signs = "".join(text(graph, 47, 12))
        return sum(bin(ord(sign) - 0x2800).count("1") for sign in signs if "⠀" <= sign <= "⣿")

    assert dots(with_edge(place, role="accent")) > dots(GRAPH) + 10


def test_what_is_heavy_has_the_accent_in_every_palette() -> None:
    graph = with_edge(2, role="accent")
    for palette in (DARK, LIGHT):
        rows = paint(graph, 47, 12, palette)
        styles = [s.style for row in rows for s in row if LABELS[2] in s.text]
        assert [style.bold for style in styles if style] == [True]
        assert [style.color.name for style in styles if style and style.color] == [palette.accent]


def test_words_are_data_and_never_markup() -> None:
    graph = with_node(2, name="[b]", lines=("[red]9[/]",))
    graph = replace(graph, title="[i]net", edges=(Edge(0, 2, "[b]w[/]"),))
    shown = "\n".join(text(graph, 47, 12))
    assert all(words in shown for words in ("[i]net", "[b]", "[red]9[/]", "[b]w[/]"))


def test_without_room_for_frames_names_and_first_lines_remain() -> None:
    shown = "\n".join(text(GRAPH, 47, 7))
    assert "┌" not in shown
    assert all(node.name in shown for node in NODES)
    assert (shown.count(LINES[0]), shown.count(LINES[2])) == (4, 0)
    marked = "\n".join(text(with_node(3, role="accent"), 47, 7))
    assert "▸h2" in marked


def test_labels_never_cover_each_other() -> None:
    """Where lines are too many, the label of the moment is the one that is kept."""
    nodes = tuple(Node(f"n{i}", i // 6, i % 6) for i in range(12))
    edges = [Edge(i, 6 + j, f"<{i}:{j}>") for i in range(6) for j in range(6)]
    edges[20] = replace(edges[20], role="accent")
    shown = "\n".join(text(Graph("many", nodes, tuple(edges)), 30, 14))
    whole = sum(edge.label in shown for edge in edges)
    assert 6 <= whole == shown.count("<") == shown.count(">") < 36
    assert edges[20].label in shown


def test_in_the_least_room_every_word_can_be_read() -> None:
    width, height = room(GRAPH)
    shown = "\n".join(text(GRAPH, width, 1 + height))
    assert all(label in shown for label in LABELS)
    assert [shown.count(line) for line in LINES] == [4, 4, 4]
    assert "┌" not in "\n".join(text(GRAPH, width, height - 1))
    assert room(Graph("empty", ())) == (0, 0)


def test_an_edge_that_leads_nowhere_or_back_is_left_out() -> None:
    edges = (Edge(0, 9, "far"), Edge(-1, 0, "before"), Edge(4, 2, "back"), Edge(2, 2, "self"))
    assert text(replace(GRAPH, edges=edges), 47, 12) == text(replace(GRAPH, edges=()), 47, 12)
