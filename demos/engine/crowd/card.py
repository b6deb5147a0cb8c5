"""A crowd that trains on a graphics card of NVIDIA's, a network a thread, and looks here.

It needs the extra `cuda`. Whether a card answers, and why not, says `missing`; which networks it
takes, `refusal`. Numba's simulator (NUMBA_ENABLE_CUDASIM=1) answers as a very slow card.
"""

from __future__ import annotations

import importlib
import importlib.util
import math
import os
import warnings
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np

from demos.base import Stop
from demos.engine.arrays import Floats
from demos.engine.crowd import one
from demos.engine.crowd.crowd import Crowd
from demos.engine.crowd.dealing import Decks
from demos.engine.crowd.lines import LANES
from demos.engine.mlp import Mlp
from demos.engine.optimizers import CLIP

# What a thread keeps in registers: above it, a card is slower by far, and nobody tried another way.
MOST_PARAMETERS = 150
# Threads of a block; rows of batches that are dealt and sent at once.
THREADS, ROWS = 128, 1 << 24
# More batches in a launch would hold up a card that also paints a screen.
MOST_STEPS = 2_000


def _cuda() -> Any:
    """Numba's module for cards, untyped; numba-cuda takes its place where it is installed."""
    return importlib.import_module("numba.cuda")


@cache
def missing() -> str:
    """Why no card can be used, in a few words; nothing where one answers."""
    if not simulated():
        if importlib.util.find_spec("numba_cuda") is None:
            return "the extra `cuda` is not installed"
        if tuple(map(int, np.__version__.split(".")[:2])) >= (2, 5):
            return f"numba-cuda needs NumPy below 2.5, and this is {np.__version__}"
    try:
        return "" if _cuda().is_available() else "no card answers"
    except Exception as error:  # a driver that is half there raises what it likes
        return f"no card answers ({type(error).__name__})"


def simulated() -> bool:
    """Whether Numba takes this processor for a card."""
    return os.environ.get("NUMBA_ENABLE_CUDASIM", "0") not in ("", "0")


def refusal(net: Mlp) -> str:
    """Why a card would not train such a network, in a few words; nothing where it would."""
    if net.has_batch_norm:
        return "a batch norm needs the whole batch at once"
    if net.drops:
        return "dropout draws its masks on the processor"
    if net.theta.size > MOST_PARAMETERS:
        return f"{net.theta.size} parameters are more than the {MOST_PARAMETERS} that fit a thread"
    return ""


def name() -> str:
    """What the card calls itself."""
    if simulated():
        return "Numba's simulator"
    called = _cuda().get_current_device().name
    return called.decode() if isinstance(called, bytes) else str(called)


class OnCard(Crowd):
    """As `Crowd`, in float32: `step` runs on the card, everything else on the processor.

    Raises ValueError also for networks that a card does not take.
    """

    def __init__(
        self, nets: Sequence[Mlp], dtype: Any = np.float32, threads: int = 1,
        stop: Stop | None = None,
    ) -> None:  # fmt: skip
        why = refusal(nets[0])
        if why:
            raise ValueError(f"a card does not train these networks: {why}")
        super().__init__(nets, dtype, threads, stop)

    def _train(self, n: int) -> Any:
        cuda = _cuda()
        decks, batch, total = Decks(*self._deck), self.batch, self.blocks * LANES
        examples = self._own.X.shape[1]
        shape = one.shape_of(self.model, examples, bool((self.settings[:, CLIP] > 0.0).any()))
        sent = [cuda.to_device(numbers) for numbers in self._sent(shape, decks)]
        launch = _compiled(shape)[-(-total // THREADS), THREADS]
        most = max(1, min(MOST_STEPS, ROWS // (decks.count * batch)))
        for done in range(0, n, most):
            steps = min(most, n - done)
            rows = cuda.to_device(decks.deal(batch, steps).reshape(-1).astype(np.int32))
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # few blocks leave a card idle, and Numba says so
                launch(total, self.size, steps, batch, 1.0 / batch, *sent, rows)
        decks.give_back()
        brought = [numbers.copy_to_host() for numbers in sent[:5]]
        return self._take(shape, *brought)

    def _sent(self, shape: one.Shape, decks: Decks) -> list[Any]:
        """What the kernel is given, flat, number by number and in them network by network."""
        theta, _, m, v = self._flat
        memory = (m, v) if shape.remembers else (m[:1, :1], v[:1, :1])
        settings, _, powers = self._knobs
        by_network = (_by_number(numbers) for numbers in (theta, *memory, settings, powers))
        deck = np.broadcast_to(decks.which, (self.blocks, LANES))
        of = np.repeat(self._own.of[:, :1], LANES, axis=1) if self._own.shared else self._own.of
        tables = (np.ascontiguousarray(rows.reshape(-1), np.int32) for rows in (of, deck))
        return [*by_network, self._own.X.reshape(-1), self._own.T.reshape(-1), *tables]

    def _take(
        self, shape: one.Shape, theta: Floats, m: Floats, v: Floats, _: Floats, powers: Floats
    ) -> Any:
        """Take back what was trained; which networks are finite (blocks, 16)."""
        pairs = [(self._flat[0], theta), (self._knobs[2], powers)]
        if shape.remembers:
            pairs += [(self._flat[2], m), (self._flat[3], v)]
        for own, numbers in pairs:
            own[:] = np.swapaxes(numbers.reshape(-1, self.blocks, LANES), 0, 1)
        return np.isfinite(self._flat[0]).all(axis=1)


def _by_number(lanes: Floats) -> Floats:
    """Numbers (blocks, numbers, 16) as (numbers · networks,)."""
    flat: Floats = np.ascontiguousarray(np.swapaxes(lanes, 0, 1)).reshape(-1)
    return flat


@cache
def _compiled(shape: one.Shape) -> Any:
    """The kernel for networks of one shape; compiled at its first call, which takes seconds."""
    cuda = _cuda()
    space = {
        "cuda": cuda, "math": math, "float32": np.float32, "float64": np.float64,
        "int32": np.int32, "INF": math.inf, **_bits(),
    }  # fmt: skip
    exec(compile(one.source(shape), "<a kernel for a card>", "exec"), space)
    return cuda.jit(space[one.NAME])


def _bits() -> dict[str, Callable[[Any], Any]]:
    """Between a float32 and its bits; the simulator has none of a card's own functions."""
    if simulated():
        return {
            "as_int": lambda x: np.float32(x).view(np.int32),
            "as_float": lambda x: np.int32(x).view(np.float32),
        }
    library = _cuda().libdevice
    return {"as_int": library.float_as_int, "as_float": library.int_as_float}
