r"""LaTeX cut into tokens: commands, numbers, single characters, and blanks.

Comments go, and the macros that a formula defines for itself are put in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

TOKEN_LIMIT = 20_000
"""Tokens of a formula whose own macros are put in."""


class LatexError(ValueError):
    """The LaTeX cannot be read: unbalanced, too long, or nested too deep."""


_TOKEN = re.compile(
    r"""\\(?:begin|end)\s*\{[^{}\\$]*\}     # an environment's bounds, as one
      | \\[A-Za-z]+                          # a command
      | \\.                                  # a sign that is named by one character
      | %                                    # a comment, or a sign
      | \d+(?:[.,]\d+)*(?:\.(?=\s*$))? | \.\d+
      | :=|==|!=                             # signs of two characters
      | \s+
      | .""",
    re.VERBOSE | re.DOTALL,
)
_ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{\s*([^{}]*?)\s*\}")
_BOUNDARY = re.compile(r"\\[A-Za-z]+$")


def tokens_of(latex: str) -> list[str]:
    r"""The tokens of `latex` in order: `\frac`, `12`, `{`, `\begin{cases}`, and " " for blanks."""
    found: list[str] = []
    matches = _TOKEN.finditer(latex)
    skip_to = 0
    for match in matches:
        token = match[0]
        if match.start() < skip_to:
            continue
        if token == "%":
            end = _comment_end(latex, match.start())
            if end:
                skip_to = end
            else:
                found.append(r"\%")
        elif token.isspace():
            found.append(" ")
        elif token[0].isdigit() and "," in token:
            found.extend(_number(token))
        else:
            found.append(token)
    return (
        _expanded(found)
        if any(token in latex for token in ("\\def", "\\let", "command", "\\Decl"))
        else found
    )


def _number(token: str) -> list[str]:
    """`1,000` as one number; of a list such as `0,1` each number and comma alone."""
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", token) and not token.startswith("0"):
        return [token]
    return re.findall(r"\d+(?:\.\d+)*|[.,]", token)


def _comment_end(latex: str, at: int) -> int:
    """Where the comment that may begin at `at` ends; 0 when `%` is a sign.

    A percent sign follows a number, or stands in a formula of one line; a comment ends its line.
    """
    line_end = latex.find("\n", at)
    if line_end < 0 or (at and latex[at - 1].isdigit()):
        return 0
    return line_end + 1


def environment(token: str) -> tuple[str, str] | None:
    r"""(`begin` or `end`, the name) of such a token; None for any other."""
    match = _ENVIRONMENT.fullmatch(token)
    return (match[1], match[2]) if match else None


def group_end(tokens: Sequence[str], start: int) -> int:
    """Where the group that opens at `start` closes. Raises LatexError."""
    depth = 0
    for at in range(start, len(tokens)):
        depth += {"{": 1, "}": -1}.get(tokens[at], 0)
        if depth == 0:
            return at
    raise LatexError("a { is never closed")


@dataclass(frozen=True, slots=True)
class _Macro:
    """What a formula's own command stands for; `#1` in `body` is its first argument.

    default: what stands for the first one where it is left out; None if it may not be.
    star: whether a star behind its name means nothing.
    """

    arity: int
    body: tuple[str, ...]
    default: tuple[str, ...] | None = None
    star: bool = False


def _expanded(tokens: list[str]) -> list[str]:
    r"""`tokens` with what `\newcommand` and its like define put in where it is used."""
    macros: dict[str, _Macro] = {}
    waiting = tokens[::-1]  # a stack: what a macro stands for is read again
    done: list[str] = []
    steps = 0
    while waiting:
        steps += 1
        if steps > TOKEN_LIMIT:
            raise LatexError("its macros never end")
        token = waiting.pop()
        if token in _DEFINERS:
            name, macro = _DEFINERS[token](waiting)
            macros[name] = macro
        elif token in macros:
            waiting.extend(reversed(_used(macros[token], waiting)))
        else:
            done.append(token)
    return done


def _new(waiting: list[str]) -> tuple[str, _Macro]:
    r"""The name and the meaning that `\newcommand` gives a macro, from the stack `waiting`."""
    name = _name(waiting)
    given = _bracketed(waiting)
    digit = "".join(given or ()).strip()
    default = _bracketed(waiting) if given is not None else None
    arity = int(digit) if digit.isdecimal() and len(digit) == 1 else 0
    return name, _Macro(arity, tuple(_group(waiting)), None if default is None else tuple(default))


def _def(waiting: list[str]) -> tuple[str, _Macro]:
    r"""The same of `\def\name#1#2{...}`."""
    name, arity = _name(waiting), 0
    while waiting and waiting[-1] == "#":
        del waiting[-2:]
        arity += 1
    return name, _Macro(arity, tuple(_group(waiting)))


def _let(waiting: list[str]) -> tuple[str, _Macro]:
    r"""The same of `\let\name=\other`."""
    name = _name(waiting)
    _skip_blanks(waiting)
    if waiting and waiting[-1] == "=":
        waiting.pop()
    return name, _Macro(0, tuple(_group(waiting)))


def _operator(waiting: list[str]) -> tuple[str, _Macro]:
    r"""The same of `\DeclareMathOperator{\name}{words}`."""
    return _name(waiting), _Macro(0, (r"\operatorname", "{", *_group(waiting), "}"))


def _delimiters(waiting: list[str]) -> tuple[str, _Macro]:
    r"""The same of `\DeclarePairedDelimiter{\name}{opening}{closing}`, starred or not."""
    name = _name(waiting)
    opening, closing = _group(waiting), _group(waiting)
    return name, _Macro(1, (r"\left", *opening, "#", "1", r"\right", *closing), star=True)


def _name(waiting: list[str]) -> str:
    if waiting and waiting[-1] == "*":
        waiting.pop()
    return "".join(_group(waiting)).strip()


_DEFINERS: Final[Mapping[str, Callable[[list[str]], tuple[str, _Macro]]]] = {
    r"\newcommand": _new, r"\renewcommand": _new, r"\providecommand": _new, r"\def": _def,
    r"\gdef": _def, r"\let": _let, r"\DeclareMathOperator": _operator,
    r"\DeclarePairedDelimiter": _delimiters,
}  # fmt: skip


def _used(macro: _Macro, waiting: list[str]) -> list[str]:
    given: list[list[str]] = []
    if macro.star and waiting and waiting[-1] == "*":
        waiting.pop()
    if macro.default is not None and macro.arity:
        first = _bracketed(waiting)
        given.append(list(macro.default) if first is None else first)
    given += [_group(waiting) for _ in range(macro.arity - len(given))]
    found: list[str] = []
    parts = iter(macro.body)
    for token in parts:
        if token == "#":
            number = next(parts, "")
            found += given[int(number) - 1] if number in map(str, range(1, len(given) + 1)) else []
        else:
            found.append(token)
    if found and _BOUNDARY.fullmatch(found[-1]):
        found.append(" ")
    return found


def _skip_blanks(waiting: list[str]) -> None:
    while waiting and waiting[-1] == " ":
        waiting.pop()


def _bracketed(waiting: list[str]) -> list[str] | None:
    """The tokens between `[` and `]` on top of the stack, which are taken; None without them."""
    _skip_blanks(waiting)
    if not waiting or waiting[-1] != "[" or "]" not in waiting:
        return None
    waiting.pop()
    found: list[str] = []
    depth = 0
    while waiting and (waiting[-1] != "]" or depth):
        found.append(waiting.pop())
        depth += {"{": 1, "}": -1}.get(found[-1], 0)
    del waiting[-1:]
    return found


def _group(waiting: list[str]) -> list[str]:
    """The group on top of the stack `waiting`, without its braces; or the one token there."""
    _skip_blanks(waiting)
    if not waiting:
        return []
    token = waiting.pop()
    if token != "{":
        return [token]
    found: list[str] = []
    depth = 1
    while waiting:
        token = waiting.pop()
        depth += {"{": 1, "}": -1}.get(token, 0)
        if depth == 0:
            return found
        found.append(token)
    raise LatexError("a { is never closed")
