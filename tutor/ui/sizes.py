"""The classes of a page by the window's size, given before it is first painted."""

from __future__ import annotations

from textual.app import App


def by_size(app: App[None]) -> dict[str, bool]:
    """Each class of the app's breakpoints, and whether a page has it in a window of this size.

    Textual gives them too, but only once the page is painted: it would be styled, laid out and
    painted twice.
    """
    classes: dict[str, bool] = {}
    for length, steps in (
        (app.size.width, app.HORIZONTAL_BREAKPOINTS or ()),
        (app.size.height, app.VERTICAL_BREAKPOINTS or ()),
    ):
        widest = max((least for least, _ in steps if least <= length), default=None)
        classes |= {name: least == widest for least, name in steps}
    return classes
