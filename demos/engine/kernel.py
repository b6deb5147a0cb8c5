"""Kernels: functions that Python calls with arrays, and that run as machine code.

The engine's are written down by formulas (`kernel_of`, see `values`); one that a demo writes for
itself may as well be Python that Numba compiles (`kernel`). Either way they are compiled once for
each dtype, kept on disk (`kernel_files`) and loaded from there without a compiler: only what is
missing is compiled. They run without the interpreter's lock, so that the screen stays live while a
network trains.
"""

from __future__ import annotations

import ctypes
import inspect
import json
import struct
import threading
from collections.abc import Callable
from functools import cached_property, update_wrapper
from pathlib import Path
from typing import Any, TypeVar, cast

from demos.engine import argument_types, kernel_files, placing
from demos.engine.argument_types import ADDRESSES, NUMBERS, Type

Function = TypeVar("Function", bound=Callable[..., Any])
# Machine code of a kernel for some types, with an entry of that name.
Compile = Callable[["Kernel", str, list[Type]], bytes]

_TABLE = (ctypes.c_int64 * len(ADDRESSES))(*ADDRESSES)
_WORDS = {"int": "q", "float": "d", "bool": "q"}
_RESULTS: dict[str, Any] = {"int": ctypes.c_int64, "float": ctypes.c_double}
_TUPLE = "tuple"
_OTHER_TYPES = 2  # as in demos.engine.entry, which a program that only loads does not import
_LOCK = threading.RLock()
_ENGINE = "demos.engine."


class KernelError(RuntimeError):
    """A kernel that Numba compiled gave up, such as for shapes that do not fit."""


class Loaded:
    """A kernel compiled for some types."""

    def __init__(self, call: Any, types: list[Type], result: str) -> None:
        self.call, self.types, self.result = call, types, _RESULTS.get(result)
        words = (_WORDS.get(kind, "q") for kind in argument_types.flat(types))
        self.pack = struct.Struct("=" + "".join(words)).pack
        self._kinds = [_TUPLE if kind.__class__ is list else kind in NUMBERS for kind in types]

    def __call__(self, arguments: tuple[Any, ...]) -> tuple[int, Any]:
        """What the entry returned, and the kernel's result. Raises struct.error, as `_words`."""
        packed = self.pack(*self._words(arguments))
        if self.result is None:
            return self.call(_TABLE, packed, None), None
        result = self.result()
        return self.call(_TABLE, packed, ctypes.byref(result)), result.value

    def _words(self, arguments: tuple[Any, ...]) -> list[Any]:
        """Numbers as they are, arrays as their addresses. Raises struct.error for something else.

        A network is called thousands of times a second with dozens of arguments: as few words of
        Python as possible for each.
        """
        words: list[Any] = []
        add = words.append
        for argument, kind in zip(arguments, self._kinds, strict=True):
            if kind is False:
                add(id(argument))
            elif kind is True:
                add(argument)
            elif argument.__class__ is tuple:
                words += map(id, argument)
            else:
                raise struct.error
        return words


class Kernel:
    """A function that runs as machine code. Arguments are given by place, and arrays are plain.

    A number has the type that the function's annotation says, int, float or bool; an array may
    have any dtype of `argument_types`, for each of which the kernel is compiled once. The result
    is a number or nothing.
    """

    def __init__(self, function: Callable[..., Any], compile: Compile) -> None:
        self.function, self._compile = function, compile
        self.name = f"{function.__module__}.{function.__qualname__}".removeprefix(_ENGINE)
        self.loaded: dict[str, Loaded] = {}
        self._last: Loaded | None = None
        update_wrapper(self, function)

    @cached_property
    def _numbers(self) -> list[str]:
        """For each parameter the type of a number, or nothing for arrays."""
        kinds = [str(p.annotation) for p in inspect.signature(self.function).parameters.values()]
        return [kind if kind in NUMBERS else "" for kind in kinds]

    @property
    def result(self) -> str:
        """The type of what it returns: int, float or None."""
        return str(inspect.signature(self.function).return_annotation)

    def __call__(self, *arguments: Any) -> Any:
        """Run. Raises TypeError for arguments of a wrong type, KernelError if the kernel fails."""
        last = self._last
        if last is not None:
            try:
                status, value = last(arguments)
            except (struct.error, ValueError, TypeError):
                status = _OTHER_TYPES
            if not status:
                return value
        return self._run_anew(arguments)

    def _run_anew(self, arguments: tuple[Any, ...]) -> Any:
        """Run what fits the arguments' types, which may have to be compiled."""
        types = self.types_of(arguments)
        plain = tuple(
            argument if kind else argument_types.plain(argument)
            for argument, kind in zip(arguments, self._numbers, strict=True)
        )
        self._last = self._for(types)
        try:
            status, value = self._last(plain)
        except struct.error as error:
            raise TypeError(f"{self.name}: {error}") from None
        if status:
            raise KernelError(f"{self.name} gave up: do its arguments' shapes fit?")
        return value

    def types_of(self, arguments: tuple[Any, ...]) -> list[Type]:
        """The types that a call needs. Raises TypeError for arguments of a wrong number or type."""
        if len(arguments) != len(self._numbers):
            raise TypeError(f"{self.name} takes {len(self._numbers)} arguments")
        pairs = zip(arguments, self._numbers, strict=True)
        return [kind or argument_types.type_of(argument) for argument, kind in pairs]

    def _for(self, types: list[Type]) -> Loaded:
        text = json.dumps(types)
        with _LOCK:
            if text not in self.loaded:
                self.loaded[text] = Loaded(self._load(types, text), types, self.result)
            return self.loaded[text]

    def _load(self, types: list[Type], text: str) -> Any:
        code = kernel_files.find(self.name, text, self._own)
        if code is None:
            code = self.compile(types)
        return placing.loaded(self._entry(text), code)

    def compile(self, types: list[Type]) -> bytes:
        """Compile for these types, and keep the machine code."""
        text = json.dumps(types)
        code = self._compile(self, self._entry(text), types)
        kernel_files.keep(self.name, text, code, self._own)
        return code

    def _entry(self, text: str) -> str:
        """The name of the machine code's entry; it differs from all others of the program."""
        return kernel_files.name_of(self.name, text, self._own, "entry")

    @cached_property
    def _own(self) -> bytes:
        """What it is made of besides the engine's files: its own file, if that lies elsewhere."""
        file = Path(inspect.getfile(self.function)).resolve()
        if kernel_files.ENGINE in file.parents:
            return b""
        return file.read_bytes()


def kernel_of(emit: Callable[..., Any]) -> Callable[[Function], Function]:
    """Make a function a kernel whose machine code is what `emit` writes down.

    `emit` gets an `Array` for each array, a tuple of them for a tuple and a `Value` for each
    number, and returns a Value or nothing. The function's own signature says what Python hands
    over; its body is its docstring.
    """

    def compile(kernel: Kernel, entry: str, types: list[Type]) -> bytes:
        from demos.engine import compiler

        return compiler.emitted(entry, types, emit)

    def decorate(function: Function) -> Function:
        return cast(Function, Kernel(function, compile))

    return decorate


def kernel(function: Function) -> Function:
    """Let Numba compile it with strict IEEE arithmetic: no reordering; a run repeats bit for bit.

    Arrays are made outside: a kernel that makes some is refused.
    """
    return cast(Function, Kernel(function, _by_numba))


def _by_numba(kernel: Kernel, entry: str, types: list[Type]) -> bytes:
    from demos.engine import numba_code

    return numba_code.machine_code(kernel.function, entry, types)


class Part:
    """A part of kernels that Numba compiles: only they call it, or a test."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        update_wrapper(self, function)

    @cached_property
    def dispatcher(self) -> Any:
        """Numba's own object for it."""
        from demos.engine import numba_code

        return numba_code.dispatcher(self.function)

    @property
    def _numba_type_(self) -> Any:
        """What Numba takes it for where a kernel calls it."""
        return self.dispatcher._numba_type_

    def __call__(self, *arguments: Any) -> Any:
        """Compile and run it by itself."""
        return self.dispatcher(*arguments)


def part(function: Function) -> Function:
    """A part of a kernel, which only kernels call."""
    return cast(Function, Part(function))
