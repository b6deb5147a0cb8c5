#!/usr/bin/env bash
# Most would expect layer normalisation to give numbers of deviation 1, as its definition says; with
# nothing set flax 0.12.8 computes the variance as mean of squares minus square of mean, in float32:
# 1000, 1000.1, 1000.2 come out as about -100, 0 and 100 instead of -1.22, 0 and 1.22.
# A feature with a large offset (a year, an altitude) reaches the next layer eighty times too large.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q flax==0.12.8 jax==0.10.2
"$folder/venv/bin/python" - <<'PY'
import flax
import jax.numpy as jnp
from flax import nnx

x = jnp.array([1000, 1000.1, 1000.2], dtype=jnp.float32)


def largest(**chosen):
    return float(jnp.abs(nnx.LayerNorm(3, rngs=nnx.Rngs(0), **chosen)(x)).max())


fast, exact = largest(), largest(use_fast_variance=False)
print("flax", flax.__version__)
print("expected: no number beyond 1.23")
print(f"seen: {fast:.1f} with nothing set, {exact:.2f} with use_fast_variance=False")
raise SystemExit(not (fast > 10 and exact < 1.3))
PY
