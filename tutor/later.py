"""Puts off the import of a module that another one imports at its top and hardly ever uses."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from types import ModuleType
from typing import Any


class Later(ModuleType):
    """Stands for a module until one of its names is asked for; then that one takes its place."""

    def __getattr__(self, name: str) -> Any:
        if sys.modules.get(self.__name__) is self:
            sys.modules.pop(self.__name__, None)
        return getattr(importlib.import_module(self.__name__), name)


def put_off(name: str) -> None:
    """Let whoever imports this module have it when he uses it, if it is not there already."""
    if name not in sys.modules:
        parent, _, child = name.rpartition(".")
        sys.modules[name] = Later(name)
        setattr(importlib.import_module(parent), child, sys.modules[name])


@contextmanager
def standing_in(modules: Mapping[str, Sequence[str]]) -> Iterator[None]:
    """Give whoever takes these names out of these modules meanwhile something that stands for them.

    Each can be called like what it stands for, which is imported then. Modules that are there
    already are left alone, and afterwards all are imported as ever.
    """
    with ExitStack() as stack:
        for module, names in modules.items():
            if module not in sys.modules:
                sys.modules[module] = _with(module, names)
                stack.callback(sys.modules.pop, module)
        yield


def _with(module: str, names: Sequence[str]) -> ModuleType:
    made = ModuleType(module)
    for name in names:
        setattr(made, name, _stand_in(module, name))
    return made


def _stand_in(module: str, name: str) -> type:
    """A class, since it may be somebody's base; calling it calls the other."""

    def called(_: type, *args: Any, **options: Any) -> Any:
        return getattr(importlib.import_module(module), name)(*args, **options)

    return type(name, (), {"__new__": called})
