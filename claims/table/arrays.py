"""pandas, NumPy, SciPy and ONNX Runtime."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pandas as pd
import scipy.ndimage
import scipy.signal
from onnx import helper

from claims.table.rows import Row

NAN = math.nan


def asked(name: str, inputs: dict[str, Any], outputs: int = 1, **attributes: Any) -> list[Any]:
    """What ONNX Runtime makes of one node."""
    names = [f"y{i}" for i in range(outputs)]
    node = helper.make_node(name, list(inputs), names, **attributes)
    kinds = {key: helper.make_tensor_value_info(key, onnx.TensorProto.FLOAT, value.shape)
             for key, value in inputs.items() if key}  # fmt: skip
    results = [helper.make_tensor_value_info(y, onnx.TensorProto.FLOAT, None) for y in names]
    graph = helper.make_graph([node], "g", list(kinds.values()), results)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    given = {key: value for key, value in inputs.items() if key}
    return [result.ravel().tolist() for result in session.run(None, given)]


def f32(*shape: int, fill: float = 0.0) -> Any:
    """An array of this shape."""
    return np.full(shape, fill, dtype=np.float32)


def onnx_lstm(block: int) -> list[float]:
    """(h, c) of the LSTM node with weights of 0, a bias of -50 on one block, from c = 1."""
    bias = f32(1, 8)
    bias[0, block] = -50
    found = asked(
        "LSTM",
        {"X": f32(1, 1, 1), "W": f32(1, 4, 1), "R": f32(1, 4, 1), "B": bias, "": f32(1),
         "h": f32(1, 1, 1), "c": f32(1, 1, 1, fill=1.0)},
        3, hidden_size=1,
    )  # fmt: skip
    return [found[1][0], found[2][0]]


def onnx_gru(block: int) -> float:
    """New state of the GRU node from .25, with a bias of 50 on one gate, a candidate near 1."""
    bias = f32(1, 6)
    bias[0, 2], bias[0, block] = 10, 50
    inputs = {"X": f32(1, 1, 1), "W": f32(1, 3, 1), "R": f32(1, 3, 1), "B": bias, "": f32(1),
              "h": f32(1, 1, 1, fill=0.25)}  # fmt: skip
    return float(asked("GRU", inputs, 2, hidden_size=1)[1][0])


def onnx_cells(pad: str) -> list[str]:
    """The cells of six that a convolution of 3 with stride 2 reads."""
    kernel, eye = f32(1, 1, 3, fill=1.0), np.eye(6, dtype=np.float32)
    seen = [asked("Conv", {"X": eye[i][None, None], "W": kernel}, auto_pad=pad, strides=[2])[0]
            for i in range(6)]  # fmt: skip
    return ["".join(str(i) for i in range(6) if seen[i][o]) for o in range(len(seen[0]))]


def norm_defaults() -> list[Any]:
    """Momentum and epsilon in the schema of BatchNormalization, epsilon of LayerNormalization."""
    found = [onnx.defs.get_schema(n).attributes for n in ("BatchNormalization",
                                                           "LayerNormalization")]  # fmt: skip
    return [found[0]["momentum"].default_value.f, found[0]["epsilon"].default_value.f,
            found[1]["epsilon"].default_value.f]  # fmt: skip


ROWS: tuple[Row, ...] = (
    Row("pandas", "version", lambda: pd.__version__, "3.1.1"),
    Row("pandas", "ewm(alpha=.1) of 1, 0, 0, 0: adjusted, not",
        lambda: [pd.Series([1, 0, 0, 0]).ewm(alpha=0.1, adjust=how).mean().tolist()
                 for how in (True, False)],
        [[1.0, 0.473684, 0.298893, 0.21198], [1.0, 0.9, 0.81, 0.729]]),
    Row("pandas", "ewm(alpha=.5) of 10, 12, 14: adjusted, not",
        lambda: [pd.Series([10, 12, 14]).ewm(alpha=0.5, adjust=how).mean().tolist()
                 for how in (True, False)], [[10, 11.3333, 12.8571], [10, 11, 12.5]]),
    Row("pandas", "alpha for span 10, com 9, halflife 10",
        lambda: [float(pd.Series([0, 1]).ewm(adjust=False, **how).mean().iloc[1])
                 for how in ({"span": 10}, {"com": 9}, {"halflife": 10})],
        [0.181818, 0.1, 0.066967]),
    Row("pandas", "deviation of 1, 2, 3, 4", lambda: float(pd.Series([1, 2, 3, 4]).std()), 1.29099),
    Row("pandas", "ewm(alpha=.5) of 1, a gap, 3",
        lambda: pd.Series([1, NAN, 3]).ewm(alpha=0.5).mean().tolist(), [1.0, 1.0, 2.6]),
    Row("numpy", "version", lambda: np.__version__, "2.4.6"),
    Row("numpy", "reflect, symmetric, edge, wrap of 1, 2, 3 by 2",
        lambda: [np.pad([1, 2, 3], 2, mode=how).tolist()
                 for how in ("reflect", "symmetric", "edge", "wrap")],
        [[3, 2, 1, 2, 3, 2, 1], [2, 1, 1, 2, 3, 3, 2], [1, 1, 1, 2, 3, 3, 3],
         [2, 3, 1, 2, 3, 1, 2]]),
    Row("numpy", "float32: sum of 2^25 ones, their last running sum",
        lambda: [float(np.ones(2**25, dtype=np.float32).sum()),
                 float(np.ones(2**25, dtype=np.float32).cumsum()[-1])],
        [33_554_432.0, 16_777_216.0]),
    Row("numpy", "float32: mean of ten million times .1",
        lambda: float(np.full(10_000_000, 0.1, dtype=np.float32).mean()), 0.1),
    Row("numpy", "deviation of 1, 2, 3, 4, round(2.5), median",
        lambda: [float(np.std([1, 2, 3, 4])), float(np.round(2.5)), float(np.median([1, 2, 3, 4]))],
        [1.11803, 2.0, 2.5]),
    Row("numpy", "default_rng(0) and RandomState(0) give one number",
        lambda: bool(np.random.default_rng(0).random() == np.random.RandomState(0).random()),
        False),
    Row("scipy", "what lies left of 1, 2, 3: reflect, mirror, nearest, wrap",
        lambda: [scipy.ndimage.correlate1d([1.0, 2.0, 3.0], [1, 0, 0], mode=how).tolist()
                 for how in ("reflect", "mirror", "nearest", "wrap")],
        [[1, 1, 2], [2, 1, 2], [1, 1, 2], [3, 1, 2]]),
    Row("scipy", "convolve of 1, 2, 3 with 1, 0, 0: is the kernel turned",
        lambda: scipy.signal.convolve([1, 2, 3], [1, 0, 0], mode="same").tolist(), [2, 3, 0]),
    Row("onnxruntime", "LSTM: bias -50 on each block, from c = 1: h, c",
        lambda: [onnx_lstm(block) for block in range(4)],
        [[0.231059, 0.5], [0.0, 0.5], [0, 0], [0, 0]]),
    Row("onnxruntime", "GRU: bias 50 on each gate, from .25",
        lambda: [onnx_gru(0), onnx_gru(1)], [0.25, 0.624955]),
    Row("onnxruntime", "AveragePool of 3, stride 2, padding 1, on five ones",
        lambda: asked("AveragePool", {"X": f32(1, 1, 5, fill=1.0)}, kernel_shape=[3], strides=[2],
                      pads=[1, 1])[0], [1, 1, 1]),
    Row("onnxruntime", "Gelu, LeakyRelu, HardSigmoid with nothing set",
        lambda: [asked(name, {"X": f32(1, fill=x)})[0][0] for name, x in (
            ("Gelu", 1.0), ("LeakyRelu", -1.0), ("HardSigmoid", 1.0))], [0.841345, -0.01, 0.7]),
    Row("onnxruntime", "Conv: SAME_UPPER, SAME_LOWER on six cells",
        lambda: [onnx_cells("SAME_UPPER"), onnx_cells("SAME_LOWER")],
        [["012", "234", "45"], ["01", "123", "345"]]),
    Row("onnx", "schema: momentum, epsilon; epsilon of LayerNormalization", norm_defaults,
        [0.9, 1e-5, 1e-5]),
)  # fmt: skip
