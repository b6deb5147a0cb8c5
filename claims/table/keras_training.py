"""Keras's losses, metrics, optimisers, schedules and callbacks, on the backend of KERAS_BACKEND."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np

from claims.table.keras_layers import plain
from claims.table.rows import Row

NAN, INF = math.nan, math.inf
LOSS, OPT, METRIC = keras.losses, keras.optimizers, keras.metrics
SCHEDULE = keras.optimizers.schedules
Make = Callable[[], Any]


def loss(made: Any, target: Any, given: Any, **how: Any) -> float:
    """The loss of these numbers."""
    return float(plain(made(np.array(target), np.array(given, dtype=np.float32), **how)))


def weight(at: float) -> Any:
    """A trained number in float32."""
    return keras.Variable(np.array([at], dtype=np.float32))


def walk(make: Make, gradients: Sequence[float], at: float = 0.0,
         rates: Sequence[float] = ()) -> list[float]:  # fmt: skip
    """The places that a weight takes, one after each gradient."""
    rule, w, places = make(), weight(at), []
    for step, gradient in enumerate(gradients):
        if rates:
            rule.learning_rate = rates[step]
        rule.apply([keras.ops.convert_to_tensor([gradient], dtype="float32")], [w])
        places.append(float(plain(w.value)[0]))
    return places


def moved(make: Make, *gradients: float, at: float = 0.0, **how: Any) -> list[float]:
    """How far each step goes down."""
    places = [at, *walk(make, gradients, at, **how)]
    return [before - after for before, after in itertools.pairwise(places)]


def clipped(**how: float) -> list[float]:
    """Steps of SGD with rate 1 along gradients 3 and 4 of two variables."""
    one, two = weight(0.0), weight(0.0)
    gradients = [keras.ops.convert_to_tensor([x], dtype="float32") for x in (3.0, 4.0)]
    OPT.SGD(1.0, **how).apply(gradients, [one, two])
    return [-float(plain(one.value)[0]), -float(plain(two.value)[0])]


def averaged() -> list[list[float]]:
    """Weight and average of SGD with use_ema from 10, after each of three steps of 1."""
    rule, w, seen = OPT.SGD(1.0, use_ema=True, ema_momentum=0.9), weight(10.0), []
    for _again in range(3):
        rule.apply([keras.ops.convert_to_tensor([1.0], dtype="float32")], [w])
        average = rule._model_variables_moving_average[0]
        seen.append([float(plain(w.value)[0]), float(plain(average.value)[0])])
    return seen


def nesterov() -> list[float]:
    """What is shown of a weight that goes down w² from 5."""
    rule, w, seen = OPT.SGD(0.1, momentum=0.9, nesterov=True), weight(5.0), []
    for _again in range(5):
        rule.apply([2 * w.value], [w])
        seen.append(float(plain(w.value)[0]))
    return seen


def rates(schedule: Any, *steps: int) -> list[float]:
    """The rate at these steps."""
    return [float(plain(schedule(step))) for step in steps]


def plateau(epochs: int) -> list[float]:
    """The rate after each epoch of a loss of 1.0 for ever."""
    model = keras.Sequential([keras.layers.Dense(1)])
    model.compile(OPT.SGD(1.0), "mse")
    callback = keras.callbacks.ReduceLROnPlateau(monitor="loss", patience=2, factor=0.1)
    callback.set_model(model)
    callback.on_train_begin()
    seen = []
    for epoch in range(epochs):
        callback.on_epoch_end(epoch, {"loss": 1.0})
        seen.append(float(plain(model.optimizer.learning_rate)))
    return seen


def stopped(losses: Sequence[float], **how: int) -> int:
    """After how many epochs EarlyStopping stops."""
    model = keras.Sequential([keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    callback = keras.callbacks.EarlyStopping(**how)
    callback.set_model(model)
    callback.on_train_begin()
    for epoch, value in enumerate(losses):
        callback.on_epoch_end(epoch, {"val_loss": value})
        if model.stop_training:
            return epoch + 1
    return 0


def passing(**how: Any) -> Any:
    """A model that hands its input on."""
    model = keras.Sequential([keras.layers.Dense(1, use_bias=False)])
    model.build((None, 1))
    model.set_weights([np.array([[1.0]])])
    model.compile(OPT.SGD(0.0), **how)
    return model


def split_off() -> float:
    """Validation loss of fit(validation_split=.2) on rows 0 to 9 with target 0."""
    x = np.arange(10.0, dtype=np.float32)[:, None]
    done = passing(loss="mse").fit(x, 0 * x, validation_split=0.2, verbose=0)
    return float(done.history["val_loss"][0])


def evaluated() -> float:
    """Mean square that evaluate gives for errors 0, 0, 0, 3 in batches of 3."""
    x = np.array([[0.0], [0.0], [0.0], [3.0]], dtype=np.float32)
    return float(passing(loss="mse").evaluate(x, 0 * x, batch_size=3, verbose=0))


def logit_accuracy() -> list[float]:
    """Loss and accuracy of a model on logits of ±.3, both right."""
    model = passing(loss=LOSS.BinaryCrossentropy(from_logits=True), metrics=["accuracy"])
    x, y = np.array([[0.3], [-0.3]], dtype=np.float32), np.array([[1.0], [0.0]])
    found = model.evaluate(x, y, verbose=0, return_dict=True)
    return [float(found["loss"]), float(found["accuracy"])]


def metric(made: Any, target: Any, given: Any) -> float:
    """The metric of these numbers."""
    made.update_state(np.array(target), np.array(given, dtype=np.float32))
    return float(plain(made.result()))


def rare() -> float:
    """AUC of a perfect order of a hundred scores that all lie in one cell of thresholds."""
    scores = np.linspace(0.0001, 0.004, 100)
    return metric(METRIC.AUC(), [0] * 95 + [1] * 5, scores)


def defaults(*names: str) -> list[list[Any]]:
    """Rate and epsilon of optimisers with nothing set."""
    found = []
    for name in names:
        rule = getattr(OPT, name)()
        found.append([name, float(plain(rule.learning_rate)), getattr(rule, "epsilon", None)])
    return found


SPARSE = LOSS.SparseCategoricalCrossentropy


def class_weighted() -> float:
    """Loss that fit shows for logits 2, 0 twice, classes 0 and 1 and class weights 1 and 10."""
    model = keras.Sequential([keras.layers.Dense(2, use_bias=False)])
    model.build((None, 2))
    model.set_weights([np.eye(2)])
    model.compile(OPT.SGD(0.0), loss=SPARSE(from_logits=True))
    x = np.array([[2.0, 0.0], [2.0, 0.0]], dtype=np.float32)
    done = model.fit(x, np.array([0, 1]), class_weight={0: 1.0, 1: 10.0}, verbose=0)
    return float(done.history["loss"][0])


LOSSES: tuple[Row, ...] = (
    Row("keras", "label smoothing .1 on 2, 1, 0, -1",
        lambda: loss(LOSS.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1),
                     [[1, 0, 0, 0]], [[2, 1, 0, -1]]), 0.59019),
    Row("keras", "binary smoothing .1 at p = .5, .95",
        lambda: [loss(LOSS.BinaryCrossentropy(label_smoothing=0.1), [[1.0]], [[p]])
                 for p in (0.5, 0.95)], [0.693147, 0.198515]),
    Row("keras", "weights 1 and 10: the loss with sample weights",
        lambda: loss(SPARSE(from_logits=True), [0, 1], [[2, 0], [2, 0]],
                     sample_weight=np.array([1.0, 10.0])), 10.6981),
    Row("keras", "fit with class weights 1 and 10: the loss that is shown", class_weighted,
        10.6981),
    Row("keras", "sparse loss on what is no probability: 2, 1, 0",
        lambda: [loss(SPARSE(), [0], [[2, 1, 0]]), loss(SPARSE(), [2], [[2, 1, 0]]),
                 loss(SPARSE(), [1], [[2, -1, 0.5]])], [0.405465, 16.1181, 16.1181]),
    Row("keras", "categorical loss on 2, 1, 0",
        lambda: loss(LOSS.CategoricalCrossentropy(), [[1, 0, 0]], [[2, 1, 0]]), 0.405465),
    Row("keras", "sparse loss at probability 0", lambda: loss(SPARSE(), [1], [[1, 0]]), 16.1181),
    Row("keras", "binary loss at probability 0",
        lambda: loss(LOSS.BinaryCrossentropy(), [[1.0]], [[0.0]]), 16.1181),
    Row("keras", "MeanSquaredError of (4, 1) and (4,)",
        lambda: loss(LOSS.MeanSquaredError(), np.arange(4.0)[:, None], np.arange(4.0)), 0.0),
    Row("keras", "Huber at .5 and 3, square at 3",
        lambda: [loss(LOSS.Huber(), [[0.0]], [[0.5]]), loss(LOSS.Huber(), [[0.0]], [[3.0]]),
                 loss(LOSS.MeanSquaredError(), [[0.0]], [[3.0]])], [0.125, 2.5, 9.0]),
    Row("keras", "KLDivergence of .5, .5 and .9, .1",
        lambda: loss(LOSS.KLDivergence(), [[0.5, 0.5]], [[0.9, 0.1]]), 0.510826),
    Row("keras", "l2(.01) and the default of 'l2', of 3, -4",
        lambda: [float(plain(keras.regularizers.L2(0.01)(np.array([3.0, -4.0])))),
                 float(plain(keras.regularizers.get("l2")(np.array([3.0, -4.0]))))], [0.25, 0.25]),
)  # fmt: skip

STEPS: tuple[Row, ...] = (
    Row("keras", "Adam's first step for 1, 1e-6, 1e-7",
        lambda: [moved(OPT.Adam, g)[0] for g in (1, 1e-6, 1e-7)],
        [0.00099999, 0.000240251, 3.06532e-05]),
    Row("keras", "RMSprop's first step, centred, for 1e-4, 1e-3",
        lambda: [moved(lambda: OPT.RMSprop(0.01), 1)[0],
                 moved(lambda: OPT.RMSprop(0.01, centered=True), 1)[0],
                 moved(lambda: OPT.RMSprop(0.01), 1e-4)[0],
                 moved(lambda: OPT.RMSprop(0.01), 1e-3)[0]],
        [0.0316228, 0.0333333, 0.00314658, 0.0223607]),
    Row("keras", "momentum when the rate drops",
        lambda: moved(lambda: OPT.SGD(0.1, momentum=0.9), *[1.0] * 4, rates=[0.1, 0.1, 0.1, 0.01]),
        [0.1, 0.19, 0.271, 0.2539]),
    Row("keras", "Nesterov's first two steps",
        lambda: moved(lambda: OPT.SGD(0.1, momentum=0.9, nesterov=True), 1, 1), [0.19, 0.271]),
    Row("keras", "Nesterov down w² from 5, as shown", nesterov,
        [3.1, 1.112, -0.54176, -1.62411, -2.07859]),
    Row("keras", "decay without a gradient: AdamW's default, its step",
        lambda: [float(OPT.AdamW().weight_decay), moved(OPT.AdamW, 0.0, at=1.0)[0] > 3.9e-6],
        [0.004, True]),
    Row("keras", "decay without a gradient: Adam, SGD with .1",
        lambda: [moved(lambda: OPT.Adam(weight_decay=0.1), 0.0, at=1.0)[0] > 9.9e-5,
                 moved(lambda: OPT.SGD(0.1, weight_decay=0.1), 0.0, at=1.0)[0]], [True, 0.01]),
    Row("keras", "Adagrad's first step for 1 and .01",
        lambda: [moved(lambda: OPT.Adagrad(0.1), g)[0] for g in (1, 0.01)],
        [0.0953462, 0.0031607]),
    Row("keras", "clipnorm and global_clipnorm of 1 on 3, 4",
        lambda: [clipped(clipnorm=1.0), clipped(global_clipnorm=1.0)], [[1.0, 1.0], [0.6, 0.8]]),
    Row("keras", "Lion's first step, rate, betas",
        lambda: [moved(OPT.Lion, 0.3)[0], float(plain(OPT.Lion().learning_rate)),
                 OPT.Lion().beta_1, OPT.Lion().beta_2], [0.001, 0.001, 0.9, 0.99]),
    Row("keras", "Adafactor's first step from 1, from 0",
        lambda: [moved(OPT.Adafactor, 1.0, at=1.0)[0], moved(OPT.Adafactor, 1.0)[0]],
        [0.001, 1e-6]),
    Row("keras", "rates and epsilons with nothing set",
        lambda: defaults("SGD", "Adam", "RMSprop", "Adagrad", "Nadam", "Adadelta", "AdamW",
                         "Adamax", "Lion", "Muon"),
        [["SGD", 0.01, None], ["Adam", 0.001, 1e-7], ["RMSprop", 0.001, 1e-7],
         ["Adagrad", 0.001, 1e-7], ["Nadam", 0.001, 1e-7], ["Adadelta", 0.001, 1e-7],
         ["AdamW", 0.001, 1e-7], ["Adamax", 0.001, 1e-7], ["Lion", 0.001, None],
         ["Muon", 0.001, 1e-7]]),
    Row("keras", "use_ema: weight and average", averaged, [[9, 9], [8, 8.9], [7, 8.71]]),
)  # fmt: skip

SCHEDULES: tuple[Row, ...] = (
    Row("keras", "CosineDecay(.1, 4) at 0 to 6", lambda: rates(SCHEDULE.CosineDecay(0.1, 4),
                                                             *range(7)),
        [0.1, 0.0853553, 0.05, 0.0146447, 0, 0, 0]),
    Row("keras", "the same after a warm-up of 2",
        lambda: rates(SCHEDULE.CosineDecay(0.0, 4, warmup_target=0.1, warmup_steps=2), *range(9)),
        [0.0, 0.05, 0.1, 0.0853553, 0.05, 0.0146447, 0, 0, 0]),
    Row("keras", "ExponentialDecay(.1, 10, .5) at 0, 5, 10; in stairs at 5",
        lambda: [*rates(SCHEDULE.ExponentialDecay(0.1, 10, 0.5), 0, 5, 10),
                 *rates(SCHEDULE.ExponentialDecay(0.1, 10, 0.5, staircase=True), 5)],
        [0.1, 0.0707107, 0.05, 0.1]),
    Row("keras", "ReduceLROnPlateau(patience=2): rates", lambda: plateau(8),
        [1.0, 1.0, 0.1, 0.1, 0.01, 0.01, 0.001, 0.001]),
    Row("keras", "EarlyStopping: patience 2, default, 1",
        lambda: [stopped((0.9, 0.7, 0.6, 0.65, 0.66, 0.67), **how)
                 for how in ({"patience": 2}, {}, {"patience": 1})], [5, 4, 4]),
    Row("keras", "EarlyStopping with equal losses, patience 2",
        lambda: stopped((1, 1, 1, 1, 1), patience=2), 3),
    Row("keras", "EarlyStopping gives the best weights back",
        lambda: keras.callbacks.EarlyStopping().restore_best_weights, False),
    Row("keras", "validation_split .2 takes the last rows", split_off, 72.5),
    Row("keras", "evaluate over batches of different sizes", evaluated, 2.25),
)  # fmt: skip

METRICS: tuple[Row, ...] = (
    Row("keras", "AUC of .501 below .503, of .2 below .8",
        lambda: [metric(METRIC.AUC(), [0, 1], [0.501, 0.503]),
                 metric(METRIC.AUC(), [0, 1], [0.2, 0.8])], [1.0, 1.0]),
    Row("keras", "AUC of a perfect order in one cell of thresholds", rare, 0.5),
    Row("keras", "BinaryAccuracy of .5 for a positive, precision without one",
        lambda: [metric(METRIC.BinaryAccuracy(), [[1.0]], [[0.5]]),
                 metric(METRIC.Precision(), [1.0, 0.0], [0.1, 0.1])], [0.0, 0.0]),
    Row("keras", "R2Score with a constant target",
        lambda: metric(METRIC.R2Score(), [[1.0], [1.0]], [[1.0], [2.0]]), 0.0),
    Row("keras", "loss and accuracy on logits", logit_accuracy, [0.554355, 0.5]),
    Row("keras", "gelu: layer, operation",
        lambda: [float(plain(keras.layers.Activation("gelu")(np.array([[1.0]])))[0][0]),
                 float(plain(keras.ops.gelu(np.array([1.0], dtype=np.float32)))[0])],
        [0.841345, 0.841192]),
    Row("keras", "leaky ReLU at -1: layer, activation, operation",
        lambda: [float(plain(keras.layers.LeakyReLU()(np.array([[-1.0]])))[0][0]),
                 float(plain(keras.activations.leaky_relu(np.array([-1.0], dtype="float32")))[0]),
                 float(plain(keras.ops.leaky_relu(np.array([-1.0], dtype="float32")))[0])],
        [-0.3, -0.2, -0.2]),
    Row("keras", "hard sigmoid, hard silu, elu",
        lambda: [float(plain(f(np.array([x], dtype="float32")))[0]) for f, x in (
            (keras.ops.hard_sigmoid, 1.0), (keras.ops.hard_silu, 1.0), (keras.ops.elu, -1.0))],
        [0.666667, 0.666667, -0.632121]),
    Row("keras", "softmax of -inf, logsumexp, deviation, round(2.5)",
        lambda: [plain(keras.ops.softmax(np.array([-INF, -INF], dtype="float32"))),
                 float(plain(keras.ops.logsumexp(np.array([-INF, -INF], dtype="float32")))),
                 float(plain(keras.ops.std(np.array([1, 2, 3, 4], dtype="float32")))),
                 float(plain(keras.ops.round(np.array([2.5], dtype="float32")))[0])],
        [[NAN, NAN], -INF, 1.11803, 2.0]),
)  # fmt: skip

ROWS = LOSSES + STEPS + SCHEDULES + METRICS
