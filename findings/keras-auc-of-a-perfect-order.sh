#!/usr/bin/env bash
# Most would expect the AUC of scores that put every positive above every negative to be 1; Keras
# 3.15.1 counts at 200 thresholds, so scores that all lie between two of them give 0.5.
# Rare positives have small scores: a classifier that ranks perfectly looks like one that tosses coins.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q keras==3.15.1 jax==0.10.2
KERAS_BACKEND=jax "$folder/venv/bin/python" - <<'PY'
import keras
import numpy as np

labels = np.array([0] * 95 + [1] * 5)
scores = np.linspace(0.0001, 0.004, 100, dtype=np.float32)


def area(factor):
    metric = keras.metrics.AUC()
    metric.update_state(labels, scores * factor)
    return float(metric.result())


small, large = area(1), area(250)
print("keras", keras.__version__, "on", keras.backend.backend())
print("expected: 1.0 for a perfect order, whatever its scale")
print(f"seen: {small:.3f} for scores up to 0.004, {large:.3f} for the same times 250")
raise SystemExit(not (abs(small - 0.5) < 0.01 and large > 0.99))
PY
