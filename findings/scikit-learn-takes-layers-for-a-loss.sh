#!/usr/bin/env bash
# Most would expect the classifier and the regressor of one family to take the same first argument;
# in scikit-learn 1.9.1 MLPClassifier((50,)) asks for a hidden layer of 50, and MLPRegressor((50,))
# for a loss of that name, which is refused only when it is fitted.
# A line that is copied from one to the other, or from an older book, stops working.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q scikit-learn==1.9.1
"$folder/venv/bin/python" -W ignore - <<'PY'
import sklearn
from sklearn.neural_network import MLPClassifier, MLPRegressor

x, y = [[0.0], [1.0], [2.0], [3.0]], [0, 1, 0, 1]
layers = MLPClassifier((50,), max_iter=5).fit(x, y).n_layers_
try:
    MLPRegressor((50,), max_iter=5).fit(x, y)
    seen = "fitted"
except Exception as error:
    seen = f"{type(error).__name__}: {error}"
print("scikit-learn", sklearn.__version__)
print(f"expected: both have {layers} layers, the middle one of 50")
print("seen:", seen)
raise SystemExit("'loss' parameter" not in seen)
PY
