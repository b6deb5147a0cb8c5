"""Gives machine code its place in memory, so that a program whose kernels lie ready needs no LLVM.

LLVM writes object files. Before one can run, its sections must lie in memory, and the numbers in
them that hang on where they lie must be filled in ("relocations", here as the System V ABI for
AMD64 lists them, with its names: S where a symbol lies, A what is added, P the place to fill).
A kernel calls nobody but the C library and changes only what it is handed, so that few kinds
occur. Whatever else comes, such as another system's object files, is left to LLVM, whose library
takes 50 MB of memory.
"""

from __future__ import annotations

import ctypes
import mmap
import struct
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

Entry = Callable[[Any, bytes, Any], int]

_PROTOTYPE = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)
# An ELF file of 64 bits, little end first, that is an object file for this processor.
_ELF, _OBJECT, _AMD64 = b"\x7fELF\x02\x01\x01", 1, 62
_CONTENT, _SYMBOLS, _RELOCATIONS = 1, 2, 4  # kinds of sections
_WRITTEN, _IN_MEMORY, _THREADS = 1, 2, 0x400  # what they are
_ABSOLUTE, _RELATIVE, _CALL = 1, 2, 4  # R_X86_64_64, R_X86_64_PC32, R_X86_64_PLT32
# jmp *0(%rip), and behind it the address: a call reaches 2 GB, the C library may lie further away.
_JUMP, _JUMP_BYTES = b"\xff\x25\0\0\0\0", 16


class UnplacedError(Exception):
    """This machine code needs more than is known here."""


class Section(NamedTuple):
    """A stretch of an object file, by the names that ELF has for its fields."""

    name: int
    type: int
    flags: int
    addr: int
    offset: int
    size: int
    link: int
    info: int
    addralign: int
    entsize: int


class Symbol(NamedTuple):
    """A name, and where it lies: `value` bytes into section `shndx`; elsewhere, if that is 0."""

    name: int
    info: int
    other: int
    shndx: int
    value: int
    size: int


def loaded(name: str, code: bytes) -> Entry:
    """The function `name` of an object file; it runs without the interpreter's lock."""
    try:
        address = Image(code).placed(name)
    except (UnplacedError, struct.error, OSError):
        from demos.engine import compiler

        address = compiler.placed(name, code)
    return _PROTOTYPE(address)


class Image:
    """An object file as it will lie in memory: its sections, then a jump to each C function.

    Raises UnplacedError or struct.error for anything but an object file of AMD64's ELF.
    """

    def __init__(self, code: bytes) -> None:
        if code[:7] != _ELF or struct.unpack_from("<2H", code, 16) != (_OBJECT, _AMD64):
            raise UnplacedError("not an object file for AMD64")
        self.code = code
        self.sections = _sections(code)
        self.symbols = self._symbols()
        self.starts: dict[int, int] = {}  # of a section in the image
        self.jumps: dict[int, int] = {}  # to the symbol of that number
        self.image = bytearray()
        for number, section in enumerate(self.sections):
            if section.flags & _IN_MEMORY and section.type == _CONTENT:
                self._lay(number, section)

    def _symbols(self) -> list[Symbol]:
        tables = [one for one in self.sections if one.type == _SYMBOLS]
        rows = (struct.iter_unpack("<I2BH2Q", _bytes(self.code, table)) for table in tables)
        return [Symbol(*row) for each in rows for row in each]

    def _lay(self, number: int, section: Section) -> None:
        """Put a section behind the others, at a multiple of what it asks for."""
        if section.flags & (_WRITTEN | _THREADS):
            raise UnplacedError("a kernel has no variables of its own")
        self.image += bytes(-len(self.image) % max(1, section.addralign))
        self.starts[number] = len(self.image)
        self.image += _bytes(self.code, section)

    def placed(self, name: str) -> int:
        """Put it into memory for good, and return the address of a function by its name."""
        fillings = list(self._fillings())
        for kind, _, symbol, _ in fillings:
            if not self.symbols[symbol].shndx and kind == _CALL and symbol not in self.jumps:
                self._add_jump(symbol)
        memory = mmap.mmap(-1, len(self.image), mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        start = ctypes.addressof(ctypes.c_char.from_buffer(memory))
        for filling in fillings:
            self._fill(start, *filling)
        memory[:] = bytes(self.image)
        _let_run(memory, start)
        names = (one for one in self.symbols if one.shndx and self._name(one) == name)
        return start + self._place(next(names))

    def _fillings(self) -> Iterator[tuple[int, int, int, int]]:
        """The kind of each relocation, where it stands in the image, its symbol, what is added."""
        for table in self.sections:
            if table.type == _RELOCATIONS and table.info in self.starts:
                for offset, info, added in struct.iter_unpack("<2Qq", _bytes(self.code, table)):
                    yield info & 0xFFFFFFFF, self.starts[table.info] + offset, info >> 32, added

    def _fill(self, start: int, kind: int, at: int, symbol: int, added: int) -> None:
        """S + A, or S + A - P."""
        to = self.jumps[symbol] if symbol in self.jumps else self._place(self.symbols[symbol])
        if kind == _ABSOLUTE:
            struct.pack_into("<Q", self.image, at, start + to + added)
        elif kind in (_RELATIVE, _CALL):
            struct.pack_into("<i", self.image, at, to + added - at)
        else:
            raise UnplacedError(f"relocation {kind}")

    def _place(self, symbol: Symbol) -> int:
        """Where a symbol lies in the image."""
        if symbol.shndx not in self.starts:
            raise UnplacedError(f"{self._name(symbol)!r} lies nowhere")
        return self.starts[symbol.shndx] + symbol.value

    def _add_jump(self, symbol: int) -> None:
        function = getattr(ctypes.CDLL(None), self._name(self.symbols[symbol]), None)
        if function is None:
            raise UnplacedError(f"{self._name(self.symbols[symbol])!r} is no C function here")
        address = ctypes.cast(function, ctypes.c_void_p).value or 0
        self.image += bytes(-len(self.image) % _JUMP_BYTES)
        self.jumps[symbol] = len(self.image)
        self.image += _JUMP + struct.pack("<Q", address)

    def _name(self, symbol: Symbol) -> str:
        table = next(one for one in self.sections if one.type == _SYMBOLS)
        names = _bytes(self.code, self.sections[table.link])
        return names[symbol.name : names.index(0, symbol.name)].decode()


def _sections(code: bytes) -> Sequence[Section]:
    (offset,) = struct.unpack_from("<Q", code, 0x28)
    _, count = struct.unpack_from("<2H", code, 0x3A)
    return [Section(*struct.unpack_from("<2I4Q2I2Q", code, offset + 64 * i)) for i in range(count)]


def _bytes(code: bytes, section: Section) -> bytes:
    return code[section.offset : section.offset + section.size]


_kept: list[mmap.mmap] = []


def _let_run(memory: mmap.mmap, start: int) -> None:
    """Make memory that was written what may be run, and no more be written. Raises OSError."""
    protect = ctypes.CDLL(None, use_errno=True).mprotect
    protect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    if protect(start, len(memory), mmap.PROT_READ | mmap.PROT_EXEC):
        raise OSError(ctypes.get_errno(), "memory cannot be made to run")
    _kept.append(memory)
