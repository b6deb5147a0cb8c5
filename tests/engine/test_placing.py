"""Machine code placed in memory without LLVM does the same; what is unknown goes to LLVM."""

from __future__ import annotations

import ctypes
import platform
import struct
import sys
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
import pytest

from demos.engine import compiler, placing, processor
from demos.engine.placing import Image, UnplacedError

HEAD = """
declare double @pow(double, double)
declare ptr @memset(ptr, i32, i64)
@table = internal constant [4 x double] [double 2.0, double 3.0, double 5.0, double 7.0]
"""
# result = table[words[0] % 4] to the power 1.5, after eight bytes of it were set to ones
POWER = """
define i32 @"NAME"(ptr %0, ptr %words, ptr %result) {
  %ones = call ptr @memset(ptr %result, i32 255, i64 8)
  %word = load i64, ptr %words
  %at = urem i64 %word, 4
  %place = getelementptr [4 x double], ptr @table, i64 0, i64 %at
  %x = load double, ptr %place
  %y = call double @pow(double %x, double 1.5)
  store double %y, ptr %result
  ret i32 0
}
"""
COUNTS = """
@count = internal global i32 40
define i32 @"NAME"(ptr %0, ptr %words, ptr %result) {
  %n = load i32, ptr @count
  %more = add i32 %n, 1
  store i32 %more, ptr @count
  ret i32 %more
}
"""
STRANGE = """
@strange = external constant i32
define i32 @"NAME"(ptr %0, ptr %words, ptr %result) {
  %n = load i32, ptr @strange
  ret i32 %n
}
"""
elf = pytest.mark.skipif(
    not sys.platform.startswith("linux") or platform.machine() != "x86_64",
    reason="what is placed without LLVM is AMD64's ELF",
)


def objects(source: str, name: str) -> bytes:
    """The object file of a module in LLVM's language."""
    module = llvm.parse_assembly(source.replace("NAME", name))
    return bytes(processor.machine().emit_object(module))


def called(entry: Any, word: int) -> tuple[int, float]:
    result = ctypes.c_double()
    return entry(None, struct.pack("=q", word), ctypes.byref(result)), result.value


@elf
def test_constants_and_c_functions_are_found_wherever_it_lies() -> None:
    code = objects(HEAD + POWER, "power")
    entry = placing.loaded("power", code)
    by_llvm = placing._PROTOTYPE(compiler.placed("power", code))
    for word in range(8):
        status, value = called(entry, word)
        assert (
            (status, value) == called(by_llvm, word) == (0, (2.0, 3.0, 5.0, 7.0)[word % 4] ** 1.5)
        )


@elf
def test_what_can_run_cannot_be_written() -> None:
    address = Image(objects(HEAD + POWER, "guarded")).placed("guarded")
    for line in Path("/proc/self/maps").read_text(encoding="ascii").splitlines():
        start, end = (int(part, 16) for part in line.split()[0].split("-"))
        if start <= address < end:
            assert line.split()[1] == "r-xp"
            return
    raise AssertionError("it lies nowhere")


@elf
@pytest.mark.parametrize(
    ("source", "word"), [(COUNTS, "variables"), (STRANGE, "nowhere")], ids=["variable", "strange"]
)
def test_what_no_kernel_has_is_left_alone(source: str, word: str) -> None:
    with pytest.raises(UnplacedError, match=word):
        Image(objects(source, "other")).placed("other")


def test_what_is_not_placed_here_is_placed_by_llvm() -> None:
    entry = placing.loaded("counting", objects(COUNTS, "counting"))
    assert [called(entry, 0)[0] for _ in range(3)] == [41, 42, 43]


@elf
def test_a_file_cut_short_is_refused() -> None:
    """Digests keep damaged files away; still no length of one may end the program."""
    code = objects(HEAD + POWER, "short")
    for length in range(0, len(code), 16):
        with pytest.raises((UnplacedError, struct.error)):
            Image(code[:length]).placed("short")
