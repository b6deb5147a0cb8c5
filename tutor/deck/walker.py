"""Evaluates the small expressions of decks by walking their syntax tree, never with `eval`.

Only a listed set of operators and functions exists; every value and the work are capped.
"""

from __future__ import annotations

import ast
import math
import operator
import re
import warnings
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Union

from tutor.deck.functions import FUNCTIONS

Value = Union[int, float, str, list["Value"]]  # noqa: UP007 (a recursive alias at run time)
Function = Callable[..., Value]

# Written here, for `int | float` would be made anew at every step.
_NUMBER = (int, float)
_CONSTANT = (int, float, str)
_LONG = (str, list)

_USUAL = 10**18

MAX_SOURCE = 1_000
MAX_STEPS = 5_000
MAX_MESSAGE = 160
MAX_DEPTH = 60
MAX_BITS = 1_000
MAX_ITEMS = 1_000


class ExprError(ValueError):
    """An expression that cannot be evaluated, whatever its names stand for.

    The message quotes what a deck's author wrote or computed, so it is cut to size.
    """

    def __init__(self, message: str) -> None:
        short = len(message) <= MAX_MESSAGE
        super().__init__(message if short else f"{message[: MAX_MESSAGE - 3]}...")


class DomainError(ExprError):
    """An expression without a value for these numbers: division by zero, log(-1), overflow."""


class Steps:
    """The work that is left: one step an operation, and one each item of a list it looks at."""

    __slots__ = ("left",)

    def __init__(self, most: int = MAX_STEPS) -> None:
        self.left = most

    def take(self, count: int = 1) -> None:
        """Use some. Raises ExprError when there are too few."""
        self.left -= count
        if self.left < 0:
            raise ExprError("this takes too many steps")


def evaluate(
    expr: str,
    names: Mapping[str, Value],
    functions: Mapping[str, Function] = FUNCTIONS,
    steps: Steps | None = None,
) -> Value:
    """The value of `expr` with `names` bound. Raises ExprError, or DomainError below it.

    steps: what several evaluations may use together; MAX_STEPS for this one, if there are none.
    """
    return _Walker(names, functions, steps or Steps()).value(parsed(expr.strip()), 0)


def number(value: Value) -> int | float:
    """`value` as a number; raises ExprError for words and lists."""
    if isinstance(value, _NUMBER):
        return int(value) if isinstance(value, bool) else value
    raise ExprError(f"{value!r} is not a number")


@lru_cache(maxsize=4096)
def parsed(expr: str) -> ast.expr:
    """The syntax tree of `expr`. Raises ExprError when it is no expression."""
    if len(expr) > MAX_SOURCE:
        raise ExprError(f"the expression is longer than {MAX_SOURCE:,} characters")
    try:
        return _tree(expr)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        what = error.msg if isinstance(error, SyntaxError) else "nested too deeply"
        raise ExprError(f"`{_short(expr)}` is no expression ({what})") from None


def _tree(expr: str) -> ast.expr:
    """The syntax tree; Python may warn of escapes, and of a number that runs into a word."""
    if not _WARNED.search(expr):
        return ast.parse(expr, mode="eval").body
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(expr, mode="eval").body


_WARNED = re.compile(r"\\|\d[A-Za-z_]")


def _short(expr: str) -> str:
    return expr if len(expr) <= 60 else f"{expr[:57]}..."


class _Walker:
    """One evaluation: the names, the functions, and the steps left."""

    __slots__ = ("functions", "names", "steps")

    def __init__(
        self, names: Mapping[str, Value], functions: Mapping[str, Function], steps: Steps
    ) -> None:
        self.names = names
        self.functions = functions
        self.steps = steps

    def value(self, node: ast.expr, depth: int) -> Value:
        steps = self.steps
        steps.left -= 1
        if steps.left < 0 or depth > MAX_DEPTH:
            steps.take(0)
            raise ExprError("the expression is nested too deeply")
        if isinstance(node, ast.Constant) and isinstance(node.value, _NUMBER):  # most nodes
            return node.value if -_USUAL < node.value < _USUAL else _capped(node.value)
        visit = _VISITS.get(type(node))
        if visit is None:
            raise ExprError(f"{_what(node)} is not part of the expression language")
        value = visit(self, node, depth + 1)
        if isinstance(value, _NUMBER) and -_USUAL < value < _USUAL:
            return value
        value = _capped(value)
        if isinstance(value, list):
            self.steps.take(len(value))
        return value

    def constant(self, node: ast.Constant, depth: int) -> Value:
        if isinstance(node.value, _CONSTANT):
            return node.value
        raise ExprError(f"{node.value!r} is not a number or a word")

    def name(self, node: ast.Name, depth: int) -> Value:
        try:
            return self.names[node.id]
        except KeyError:
            raise ExprError(f"`{node.id}` is not defined") from None

    def list(self, node: ast.List, depth: int) -> Value:
        items = [self.value(item, depth) for item in node.elts]
        # Lists of one list, shared ten times a level, would be a thousand million items.
        if any(isinstance(item, list) for item in items):
            raise ExprError("a list holds numbers and words, no lists")
        return items

    def binary(self, node: ast.BinOp, depth: int) -> Value:
        left, right = self.value(node.left, depth), self.value(node.right, depth)
        operate = _BINARY.get(type(node.op))
        if operate is None:
            raise ExprError(f"{_what(node.op)} is not part of the expression language")
        if type(left) not in _NUMBER or type(right) not in _NUMBER:  # words, lists and booleans
            left, right = number(left), number(right)
        return _guarded(operate, left, right)

    def unary(self, node: ast.UnaryOp, depth: int) -> Value:
        value = self.value(node.operand, depth)
        if isinstance(node.op, ast.Not):
            return not value
        if isinstance(node.op, ast.Invert):
            raise ExprError("`~` is not part of the expression language")
        return -number(value) if isinstance(node.op, ast.USub) else number(value)

    def boolean(self, node: ast.BoolOp, depth: int) -> Value:
        wanted = isinstance(node.op, ast.Or)
        value: Value = not wanted
        for item in node.values:
            value = self.value(item, depth)
            if bool(value) is wanted:
                break
        return value

    def compare(self, node: ast.Compare, depth: int) -> Value:
        left = self.value(node.left, depth)
        for op, item in zip(node.ops, node.comparators, strict=True):
            right = self.value(item, depth)
            operate = _COMPARE.get(type(op))
            if operate is None:
                raise ExprError("`is` is not part of the expression language")
            if not _guarded(operate, left, right):
                return False
            left = right
        return True

    def choose(self, node: ast.IfExp, depth: int) -> Value:
        return self.value(node.body if self.value(node.test, depth) else node.orelse, depth)

    def index(self, node: ast.Subscript, depth: int) -> Value:
        items, place = self.value(node.value, depth), self.value(node.slice, depth)
        if not isinstance(items, list) or not isinstance(place, int):
            raise ExprError("only a list can be indexed, and only by a whole number")
        return _guarded(operator.getitem, items, place)

    def call(self, node: ast.Call, depth: int) -> Value:
        if not isinstance(node.func, ast.Name):
            raise ExprError("only a function's name can be called")
        if node.func.id not in self.functions:
            raise ExprError(f"`{_short(node.func.id)}` is not a known function")
        if node.keywords:
            raise ExprError(f"{node.func.id}() takes no named values")
        if node.func.id == "pick":
            values = [self._word(item, depth) for item in node.args]
        else:
            values = [self.value(item, depth) for item in node.args]
        return _guarded(self.functions[node.func.id], *values)

    def _word(self, node: ast.expr, depth: int) -> Value:
        """An argument of `pick`, where a name that is not defined is a word."""
        if isinstance(node, ast.Name) and node.id not in self.names:
            return node.id
        return self.value(node, depth)


def _guarded(operate: Callable[..., Value], *values: Value) -> Value:
    """Apply `operate`; a failure becomes an ExprError in words."""
    try:
        return operate(*values)
    except ExprError:
        raise
    except (ArithmeticError, ValueError, IndexError) as error:
        raise DomainError(str(error) or type(error).__name__) from None
    except (TypeError, AttributeError) as error:
        raise ExprError(str(error)) from None


def _capped(value: Value) -> Value:
    """`value` if it is a finite number, a short word or a short list."""
    if isinstance(value, int):
        fits = value.bit_length() <= MAX_BITS
    elif isinstance(value, float):
        fits = math.isfinite(value)
    elif isinstance(value, _LONG):
        fits = len(value) <= MAX_ITEMS
    else:
        raise ExprError(f"a {type(value).__name__} is not a number, a word or a list")
    if not fits:
        raise DomainError("a value is too large or not finite")
    return value


def _power(base: int | float, exponent: int | float) -> int | float:
    """`base ** exponent`, refused before a huge integer is computed."""
    if isinstance(base, int) and isinstance(exponent, int):
        if base.bit_length() * abs(exponent) > MAX_BITS and base not in {-1, 0, 1}:
            raise DomainError(f"{base} ** {exponent} is too large")
        if abs(exponent) > MAX_BITS:
            exponent %= 2  # only -1, 0 and 1 come here
            exponent += 2
    result = base**exponent
    if isinstance(result, complex):
        raise DomainError(f"{base} ** {exponent} is not a real number")
    return result


def _contains(item: Value, items: Value) -> bool:
    if not isinstance(items, list):
        raise ExprError("`in` looks into a list")
    return item in items


def _what(node: ast.AST) -> str:
    return f"`{type(node).__name__}`"


_VISITS: dict[type, Callable[..., Value]] = {
    ast.Constant: _Walker.constant,
    ast.Name: _Walker.name,
    ast.List: _Walker.list,
    ast.BinOp: _Walker.binary,
    ast.UnaryOp: _Walker.unary,
    ast.BoolOp: _Walker.boolean,
    ast.Compare: _Walker.compare,
    ast.IfExp: _Walker.choose,
    ast.Subscript: _Walker.index,
    ast.Call: _Walker.call,
}
_BINARY: dict[type, Callable[..., Value]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: _power,
}
_COMPARE: dict[type, Callable[..., bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: _contains,
    ast.NotIn: lambda item, items: not _contains(item, items),
}
