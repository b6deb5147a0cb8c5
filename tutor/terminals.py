"""What the environment says of the terminal: how many colours, whether UTF-8, which signs.

Plain facts and rules, without a terminal at hand; docs/terminals.md tells how they were found.
"""

from __future__ import annotations

import codecs
import locale
import os
import sys
from collections.abc import Mapping

from tutor.text.glyphs import CHOICES, Glyphs
from tutor.text.printing import watched

CJK = ("ja", "ko", "zh")
WIDE = "TUTOR_WIDE_SIGNS"
"""Set to 1 where the terminal paints Greek, lines and arrows in two cells."""

PATIENCE = 1.0  # seconds for tmux to say what its client can


def colours(environ: Mapping[str, str]) -> str | None:
    """The colour system that Textual should use; None where its own choice is right.

    GNU screen 4 paints garbage for 24-bit colours, which it is sent where COLORTERM was inherited
    from the terminal around it. xterm calls itself `xterm`, for which 16 colours are assumed.
    """
    if environ.get("TEXTUAL_COLOR_SYSTEM", "auto") != "auto":
        return None
    if environ.get("STY") or environ.get("TERM", "").startswith("screen."):
        return "256"
    if environ.get("TERM") == "xterm" and environ.get("XTERM_VERSION"):
        return "256"
    return None


def unfit(environ: Mapping[str, str]) -> str:
    """Why the app cannot be shown as it is meant, and what to do; nothing if it can."""
    encoding = encoding_of_terminal()
    if not _is_utf8(encoding):
        return (
            f"The locale says {encoding}, and the app is made of signs that need UTF-8."
            " Set one such as LC_ALL=C.UTF-8."
        )
    if environ.get("TMUX") and tmux_says("client_utf8") == "0":
        return "This tmux was started without UTF-8 and would show signs as _: start it with -u."
    return ""


def encoding_of_terminal() -> str:
    """The encoding of the locale, which is that of the terminal as far as anybody knows.

    Python reads the C locale as UTF-8 by itself; a terminal that was started in it shows UTF-8 or
    not, as it was told, so there is nothing to complain of.
    """
    said = sys.__stderr__.encoding if sys.__stderr__ is not None else None
    return said or locale.getpreferredencoding(False)


def _is_utf8(encoding: str) -> bool:
    try:
        return codecs.lookup(encoding).name in {"utf-8", "utf-8-sig"}
    except LookupError:
        return False


def tmux_says(name: str) -> str:
    """A fact of tmux about its client; nothing where it does not answer."""
    import subprocess  # start-up: only inside tmux

    try:
        done = subprocess.run(
            ["tmux", "display-message", "-p", f"#{{{name}}}"],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()


def language(environ: Mapping[str, str]) -> str:
    """The language of the locale, such as `ja`."""
    said = next((environ[n] for n in ("LC_ALL", "LC_CTYPE", "LANG") if environ.get(n)), "")
    return said.partition("_")[0].partition(".")[0].lower()


def signs(setting: str, environ: Mapping[str, str]) -> Glyphs:
    """The signs to write with: those of the setting, or for `auto` what can be trusted.

    st drops combining accents; the console of Linux has 512 signs and no braille.
    """
    chosen = next((each for each in CHOICES if each == setting), None)
    if chosen is not None:
        return chosen
    term = environ.get("TERM", "")
    if environ.get(WIDE) == "1" or term.startswith(("linux", "vt1", "vt2")):
        return "plain"
    if term == "st" or term.startswith("st-"):
        return "no accents"
    return "full"


def may_paint_wide(environ: Mapping[str, str]) -> bool:
    """Whether it is worth asking: only terminals for Chinese, Japanese and Korean do so."""
    return language(environ) in CJK


def is_terminal() -> bool:
    """Whether a person can see and press: a terminal on both ends that can move its cursor.

    A driver from elsewhere, such as Textual's for a browser, has pipes and is as good.
    """
    if os.environ.get("TEXTUAL_DRIVER"):
        return True
    return watched(sys.stdin) and watched(sys.stdout) and os.environ.get("TERM") != "dumb"
