"""Puts off the import of a module that another one imports at its top and hardly ever uses."""

from __future__ import annotations

import importlib
import sys
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
