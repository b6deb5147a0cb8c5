"""The way from a card to a demo: `convolution?padding=1&stride=2`.

Knobs that a link leaves out stand at their default. In a knob's text %26 is & and %25 is %.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from demos import catalog
from demos.base import Spec, Value
from tutor.errors import NotFoundError, did_you_mean
from tutor.lab import knobs


def parse(text: str) -> tuple[str, dict[str, Value]]:
    """The demo's name and all its knobs. Raises NotFoundError or KnobError."""
    name, _, query = text.partition("?")
    settings = [_plain(part) for part in query.split("&") if part]
    return name, knobs.parse(find(name), settings)


def to(spec: Spec, settings: Mapping[str, Value]) -> str:
    """The link to a demo with these knobs, to their last digit."""
    usual = spec.defaults()
    changed = {name: value for name, value in settings.items() if value != usual[name]}
    parts = (f"{name}={_written(value)}" for name, value in changed.items())
    return f"{spec.name}?{'&'.join(parts)}"


def _written(value: Value) -> str:
    text = repr(value) if isinstance(value, float) else knobs.shown_value(value)
    return text.replace("%", "%25").replace("&", "%26")


def _plain(text: str) -> str:
    return text.replace("%26", "&").replace("%25", "%")


def find(name: str) -> Spec:
    """The spec of a demo. Raises NotFoundError with the name that was probably meant."""
    try:
        return catalog.spec(name)
    except KeyError:
        known = catalog.names()
        close = difflib.get_close_matches(name, known, n=1)
        hint = did_you_mean(close, "See: tutor demo --list")
        raise NotFoundError("No such demo", f"There is no demo {name!r}.", hint) from None


def title(text: str) -> str:
    """The title of the demo that a link leads to; empty where it leads nowhere."""
    try:
        return catalog.spec(text.partition("?")[0]).title if text else ""
    except (KeyError, catalog.SpecError):
        return ""
