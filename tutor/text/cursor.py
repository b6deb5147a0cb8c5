"""A place in a list of LaTeX tokens, and what TeX takes from there: a token, a group, a length."""

from __future__ import annotations

import re

from tutor.text.tokens import LatexError, group_end

DEPTH_LIMIT = 60
"""How deep groups, fences and arguments may be nested."""

_LENGTH = re.compile(r"[\d.]|em|ex|pt|mm|cm|in|mu|[+-]")


class Cursor:
    """Goes over `tokens` from left to right; `depth` says how deep in others it stands."""

    def __init__(self, tokens: list[str], depth: int = 0) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = depth

    def deeper(self) -> None:
        """One level more. Raises LatexError when that is too deep."""
        self.depth += 1
        if self.depth > DEPTH_LIMIT:
            raise LatexError("nested too deep")

    def peek(self) -> str:
        """The next token that is no blank; "" at the end."""
        while self.at < len(self.tokens) and self.tokens[self.at] == " ":
            self.at += 1
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        """`peek`, and go on behind it."""
        token = self.peek()
        self.at += 1
        return token

    def group(self) -> list[str]:
        """The tokens of the group that comes next, or the one token there. Raises LatexError."""
        token = self.peek()
        if token != "{":
            self.at += 1
            return [token]
        end = group_end(self.tokens, self.at)
        found = self.tokens[self.at + 1 : end]
        self.at = end + 1
        return found

    def bracketed(self) -> list[str] | None:
        """The tokens between `[` and `]` if they come next."""
        if self.peek() != "[":
            return None
        depth = 0
        for at in range(self.at + 1, len(self.tokens)):
            depth += {"{": 1, "}": -1}.get(self.tokens[at], 0)
            if self.tokens[at] == "]" and depth == 0:
                found = self.tokens[self.at + 1 : at]
                self.at = at + 1
                return found
            if depth < 0:
                break
        return None

    def length(self) -> str:
        """A length without braces: `1em`, `-3 pt`; in braces it is taken too."""
        if self.peek() == "{":
            return "".join(self.group())
        found = ""
        while (token := self.peek()) and (_LENGTH.match(token) or token in "emxptcin"):
            found += token
            self.at += 1
            if re.search(r"[a-z]{2}$", found):
                break
        return found
