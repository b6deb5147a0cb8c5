"""The same perceptrons as scikit-learn's MLPClassifier, a step at a time, where it is installed."""

from __future__ import annotations

from demos.engine.arrays import Floats
from demos.engine.cnn import Cnn
from demos.engine.mlp import Mlp
from demos.engine.recurrent import Recurrent
from tutor.lab.peer_numpy import Step


def step_of(net: Mlp | Cnn | Recurrent) -> Step | None:
    """One SGD step of the same network, from its weights of now; None where there is none."""
    if not isinstance(net, Mlp):
        return None
    try:
        from sklearn.neural_network import (  # type: ignore[import-not-found, import-untyped, unused-ignore]
            MLPClassifier,
        )
    except ImportError:
        return None
    wide = net.sizes[-1] > 1
    classes = range(net.sizes[-1]) if wide else (0, 1)
    assert net.source is not None
    model = MLPClassifier(
        net.sizes[1:-1], activation=net.functions[0], solver="sgd", alpha=0.0, momentum=0.0,
        learning_rate_init=net.optimizer.learning_rate, nesterovs_momentum=False, shuffle=False,
    )  # fmt: skip
    started = False

    def step(X: Floats, T: Floats) -> float:
        nonlocal started
        y = T.argmax(axis=1) if wide else T[:, 0].astype(int)
        model.batch_size = len(X)
        if not started:  # its first call draws weights: they are replaced before a step counts
            model.partial_fit(X, y, classes=list(classes))
            _set(model, net)
            started = True
        model.partial_fit(X, y)
        return float(model.loss_)

    return step


def _set(model: object, net: Mlp) -> None:
    """Give the model the network's weights."""
    for layer in range(net.depth):
        model.coefs_[layer][:] = net.weights(layer).T  # type: ignore[attr-defined]
        model.intercepts_[layer][:] = net.biases(layer)  # type: ignore[attr-defined]
