"""Textual's own Markdown widget shows whatever our parser gives it, and none of it can act."""

import pytest
from textual.app import App, ComposeResult
from textual.widgets import Markdown

from tutor.text.markdown import terminal_parser

CARDS = {
    "alert": "> [!TIP]\n> Try $k=3$.\n\n> [!NOTE]\n> - a\n> - b",
    "empty alert": "> [!NOTE]",
    "unknown alert": "> [!WARNING]\n> x",
    "table": "| a | $x_1$ |\n| --- | --- |\n| ==gap== | `c` |\n| <b>x</b> | [l](http://x.org) |",
    "table in a quote": "> | a | b |\n> |---|---|\n> | 1 | 2 |",
    "footnote": "Text[^1].\n\n[^1]: A note.\n\n[^2]: Another\n    > deep",
    "html": '<div onclick="x">\nhello\n</div>\n\ninline <b>bold</b> <!-- no -->',
    "comment": "# Title\n<!-- card id=x -->\ntext",
    "image": "![alt *text*](http://evil.example/x.png) and [![a](b.png)](c.md)",
    "link": "[click](https://example.org/a'b) <https://auto.org> www.example.org a@b.org",
    "front matter": "---\ndeck: x\n---\n\n# T",
    "display math": "$$\n\\frac{a}{b}\n$$\n\ntext $$\\frac12$$ text",
    "math in a list": "- $$\n  x\n  $$\n- b",
    "broken math": "$$\n\\frac{a\n$$\n\n$\\foo{$",
    "task list": "- [ ] one\n  > why\n- [x] two\n\n1. [ ] deep",
    "heading": '# $\\max(0,x)$ & `[/]` "quoted" ~~s~~\n\n## \n\nSetext\n===',
    "markup": "[bold]not bold[/] [/] $name [@click=app.quit]x[/] `[red]`",
    "code": "```python\nx[i] = 1\n```\n\n```no-such-lexer &#x202e;\ny\n```\n\n    z",
    "empty": "",
    "gap everywhere": "==a $x$ *b* `c`== ==[d](e.md)==\n\n- ==f==\n\n> ==g==",
}


class _Page(App[None]):
    def __init__(self, source: str, **how: object) -> None:
        super().__init__()
        self.source = source
        self.how = how

    def compose(self) -> ComposeResult:
        yield Markdown(self.source, parser_factory=lambda: terminal_parser(**self.how))


def _shown(app: App[None]) -> str:
    lines = app.screen._compositor.render_update(full=True)
    return "\n".join("".join(s.text for s in strip) for strip in lines.strips)


@pytest.mark.parametrize("name", CARDS)
async def test_every_card_is_shown_and_nothing_acts(name: str) -> None:
    for how in ({}, {"raw": True}, {"gaps": "hide"}, {"gaps": "reveal", "width": 20}):
        app = _Page(CARDS[name], **how)
        async with app.run_test(size=(60, 40)) as pilot:
            await pilot.pause()
            for block in app.query("MarkdownBlock"):
                spans = getattr(block, "_content").spans  # noqa: B009
                assert not any(getattr(span.style, "meta", None) for span in spans)
            assert app._exception is None


async def test_what_is_on_the_page() -> None:
    source = "Gap ==one==, $e^{s_i}$.\n\n> [!TIP]\n> hey\n\n$$\n\\frac{a}{b}\n$$\n\n- [x] yes"
    app = _Page(source)
    async with app.run_test(size=(40, 20)) as pilot:
        await pilot.pause()
        page = _shown(app)
    assert "Gap one, eˢⁱ." in page
    assert "Tip" in page
    assert "hey" in page
    assert "☑ yes" in page
    rows = [line.strip(" ▌│") for line in page.splitlines()]
    at = rows.index("a")
    assert rows[at : at + 3] == ["a", "─", "b"]
