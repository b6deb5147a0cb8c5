#!/usr/bin/env bash
# Most would expect two libraries of recurrent layers on JAX to mean one thing by a GRU's update gate;
# with that gate wide open flax 0.12.8 keeps the old state, and dm-haiku 0.0.17 replaces it.
# The shapes agree, so weights that are carried over load without an error and make another network;
# and a card that asks "what does z = 1 do" has two right answers.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q flax==0.12.8 dm-haiku==0.0.17 jax==0.10.2
"$folder/venv/bin/python" - <<'PY'
import flax
import haiku as hk
import jax
import jax.numpy as jnp
from flax import nnx

old, x = jnp.full((1, 1), 0.25), jnp.zeros((1, 1))

cell = nnx.GRUCell(1, 1, rngs=nnx.Rngs(0))
for layer in (cell.dense_i, cell.dense_h):
    layer.kernel[...] = jnp.zeros_like(layer.kernel[...])
cell.dense_i.bias[...] = jnp.array([0.0, 50.0, 10.0])  # reset, update, candidate near 1
by_flax = float(cell(old, x)[0][0, 0])

net = hk.without_apply_rng(hk.transform(lambda x, h: hk.GRU(1)(x, h)[1]))
params = jax.tree.map(jnp.zeros_like, net.init(jax.random.key(0), x, old))
params["gru"]["b"] = jnp.array([50.0, 0.0, 10.0])  # update, reset, candidate
by_haiku = float(net.apply(params, x, old)[0, 0])

print("flax", flax.__version__, "dm-haiku", hk.__version__)
print("expected: the same new state for an update gate of 1, an old state of 0.25")
print(f"seen: {by_flax:.3f} (kept) in flax, {by_haiku:.3f} (replaced) in haiku")
raise SystemExit(not (abs(by_flax - 0.25) < 1e-3 and by_haiku > 0.99))
PY
