"""Optax's rules, schedules and losses, and JAX's numbers."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import optax

from claims.table.jax_layers import KEY
from claims.table.rows import Row

NAN, INF = math.nan, math.inf


def walk(rule: Any, gradients: Sequence[float], at: float = 0.0) -> list[float]:
    """How far each step of an Optax rule goes down."""
    w = jnp.float32(at)
    state, steps = rule.init(w), []
    for gradient in gradients:
        update, state = rule.update(jnp.float32(gradient), state, w)
        w = optax.apply_updates(w, update)
        steps.append(-float(update))
    return steps


def first(make: Callable[[], Any], *gradients: float) -> list[float]:
    """The first step for each of the gradients."""
    return [walk(make(), [gradient])[0] for gradient in gradients]


def dropping(step: Any) -> Any:
    """A rate of .1 that falls to .01 at the fourth step."""
    return jnp.where(step < 3, 0.1, 0.01)


def muon(rows: int, columns: int) -> list[float]:
    """Length and largest singular value of Optax's first Muon step of rate 1."""
    rule, w = optax.contrib.muon(1.0), jnp.zeros((rows, columns))
    update, _ = rule.update(jax.random.normal(KEY, (rows, columns)), rule.init(w), w)
    return [float(jnp.linalg.norm(update)), float(jnp.linalg.norm(update, ord=2))]


def plateau(updates: int) -> list[float]:
    """Scale of each update under a loss of 1 for ever."""
    rule = optax.contrib.reduce_on_plateau(factor=0.1, patience=2)
    state, seen = rule.init(jnp.float32(0)), []
    for _again in range(updates):
        update, state = rule.update(jnp.float32(1.0), state, value=jnp.float32(1.0))
        seen.append(float(update))
    return seen


def averages() -> list[list[float]]:
    """Optax's ema(.9) of 10, 10: with nothing set, and without taking the start out."""
    found = []
    for how in ({}, {"debias": False}):
        rule = optax.ema(0.9, **how)
        update, _ = rule.update(jnp.float32(10), rule.init(jnp.float32(0)))
        found.append([float(update)])
    return found


def rates(schedule: Any, *steps: int) -> list[float]:
    """The rate of a schedule at these steps."""
    return [float(schedule(step)) for step in steps]


def default(rule: Any, name: str) -> Any:
    """The default of a rule's parameter."""
    return inspect.signature(rule).parameters[name].default


STEPS: tuple[Row, ...] = (
    Row("optax", "Adam's first step for 1, 1e-6, 1e-7, 1e-8",
        lambda: first(lambda: optax.adam(0.001), 1, 1e-6, 1e-7, 1e-8),
        [0.000999993, 0.000990092, 0.000909085, 0.000499998]),
    Row("optax", "RMSprop's first step; centred; for 1e-4 inside, outside the root",
        lambda: [first(lambda: optax.rmsprop(0.01), 1)[0],
                 first(lambda: optax.rmsprop(0.01, centered=True), 1)[0],
                 first(lambda: optax.rmsprop(0.01, eps_in_sqrt=False), 1e-4)[0],
                 first(lambda: optax.rmsprop(0.01), 1e-4)[0]],
        [0.0316228, 0.0333333, 0.0316128, 0.00953463]),
    Row("optax", "momentum when the rate drops",
        lambda: walk(optax.sgd(dropping, momentum=0.9), [1.0] * 4), [0.1, 0.19, 0.271, 0.03439]),
    Row("optax", "Nesterov's first two steps",
        lambda: walk(optax.sgd(0.1, momentum=0.9, nesterov=True), [1.0, 1.0]), [0.19, 0.271]),
    Row("optax", "trace(.9), ema(.9), ema without debias: three steps",
        lambda: [[-step for step in walk(rule, [1.0] * 3)] for rule in (
            optax.trace(0.9), optax.ema(0.9), optax.ema(0.9, debias=False))],
        [[1.0, 1.9, 2.71], [1.0, 1.0, 1.0], [0.1, 0.19, 0.271]]),
    Row("optax", "AdamW's step without a gradient",
        lambda: walk(optax.adamw(0.001), [0.0], at=1.0)[0], 1e-7),
    Row("optax", "decay before and after Adam",
        lambda: [walk(optax.chain(optax.add_decayed_weights(0.1), optax.adam(0.001)), [0.0],
                      at=1.0)[0],
                 walk(optax.chain(optax.adam(0.001), optax.add_decayed_weights(0.1)), [0.0],
                      at=1.0)[0]], [0.000999993, -0.1]),
    Row("optax", "Adagrad's first step for 1 and .01",
        lambda: first(lambda: optax.adagrad(0.1), 1, 0.01), [0.0953463, 0.0031607]),
    Row("optax", "clip_by_global_norm(1) and clip(1) on 3, 4",
        lambda: [[float(v) for v in rule.update([jnp.float32(3), jnp.float32(4)],
                                                rule.init(None))[0]]
                 for rule in (optax.clip_by_global_norm(1.0), optax.clip(1.0))],
        [[0.6, 0.8], [1.0, 1.0]]),
    Row("optax", "Muon's first step: 64 × 64, 64 × 256, 256 × 64",
        lambda: [muon(64, 64), muon(64, 256), muon(256, 64)],
        [[6.96451, 1.13327], [13.7227, 2.267], [6.82359, 1.13406]], drawn=True),
    Row("optax", "Lion's first step from 1", lambda: walk(optax.lion(0.001), [0.3], at=1.0)[0],
        0.001001),
    Row("optax", "Adafactor's first step from 1, from 0",
        lambda: [walk(optax.adafactor(0.01), [1.0], at=1.0)[0],
                 walk(optax.adafactor(0.01), [1.0])[0]], [0.01, 1e-5]),
    Row("optax", "defaults: Adam's betas and epsilon, decay of AdamW, of Lion; RMSprop's decay",
        lambda: [default(optax.adam, "b1"), default(optax.adam, "b2"), default(optax.adam, "eps"),
                 default(optax.adamw, "weight_decay"), default(optax.lion, "weight_decay"),
                 default(optax.rmsprop, "decay"), default(optax.rmsprop, "eps_in_sqrt")],
        [0.9, 0.999, 1e-8, 1e-4, 0.001, 0.9, True]),
    Row("optax", "Adagrad's start and epsilon with nothing set",
        lambda: [default(optax.adagrad, "initial_accumulator_value"),
                 default(optax.adagrad, "eps")], [0.1, 1e-7]),
    Row("optax", "reduce_on_plateau(patience=2)", lambda: plateau(8),
        [1.0, 1.0, 0.1, 0.1, 0.01, 0.01, 0.001, 0.001]),
    Row("optax", "ema(.9) of 10: as it is, without debias", averages, [[10.0], [1.0]]),
    Row("optax", "cosine_decay_schedule(.1, 4)",
        lambda: rates(optax.cosine_decay_schedule(0.1, 4), *range(7)),
        [0.1, 0.0853553, 0.05, 0.0146447, 0, 0, 0]),
    Row("optax", "warmup_cosine_decay_schedule(0, .1, 2, 4)",
        lambda: rates(optax.warmup_cosine_decay_schedule(0.0, 0.1, 2, 4), *range(7)),
        [0.0, 0.1 / 2, 0.1, 0.05, 0, 0, 0]),
    Row("optax", "exponential_decay(.1, 10, .5) at 0, 5, 10",
        lambda: rates(optax.exponential_decay(0.1, 10, 0.5), 0, 5, 10), [0.1, 0.0707107, 0.05]),
    Row("optax", "piecewise_constant_schedule(.1, {2: .1})",
        lambda: rates(optax.piecewise_constant_schedule(0.1, {2: 0.1}), *range(4)),
        [0.1, 0.1, 0.01, 0.01]),
)  # fmt: skip


NUMBERS: tuple[Row, ...] = (
    Row("optax", "smooth_labels of one in four",
        lambda: optax.smooth_labels(jnp.eye(4)[0], 0.1).tolist(), [0.925, *[0.025] * 3]),
    Row("optax", "cross-entropy of two rows: shape; label -100, label 5 of 2",
        lambda: [list(optax.softmax_cross_entropy_with_integer_labels(
                     jnp.zeros((2, 2)), jnp.array([0, 1])).shape),
                 *(float(optax.softmax_cross_entropy_with_integer_labels(
                     jnp.zeros((1, 2)), jnp.array([label]))[0]) for label in (-100, 5))],
        [[2], NAN, NAN]),
    Row("jax", "one_hot of 5 and of -1 in 3",
        lambda: [jax.nn.one_hot(i, 3).tolist() for i in (5, -1)], [[0, 0, 0], [0, 0, 0]]),
    Row("jax", "x[10] of three, x.at[10].set",
        lambda: [float(jnp.arange(3.0)[10]), jnp.arange(3.0).at[10].set(9.0).tolist()],
        [2.0, [0.0, 1.0, 2.0]]),
    Row("optax", "at 3: l2_loss, squared_error, huber_loss, log_cosh",
        lambda: [float(f(jnp.float32(3))) for f in (
            optax.l2_loss, optax.squared_error, optax.huber_loss)]
        + [float(optax.log_cosh(jnp.float32(3)))], [4.5, 9.0, 2.5, 2.30933]),
    Row("optax", "binary cross-entropy at -200",
        lambda: float(optax.sigmoid_binary_cross_entropy(jnp.float32(-200), jnp.float32(1))),
        200.0),
    Row("optax", "kl_divergence of log(.9, .1) and .5, .5",
        lambda: float(optax.kl_divergence(jnp.log(jnp.array([0.9, 0.1])),
                                          jnp.array([0.5, 0.5]))), 0.510826),
    Row("jax", "gelu: as it is, exact",
        lambda: [float(jax.nn.gelu(jnp.float32(1))),
                 float(jax.nn.gelu(jnp.float32(1), approximate=False))], [0.841192, 0.841345]),
    Row("jax", "leaky, elu at -1; hard sigmoid; slopes at 0 of relu",
        lambda: [float(jax.nn.leaky_relu(-1.0)), float(jax.nn.elu(-1.0)),
                 float(jax.nn.hard_sigmoid(1.0)), float(jax.grad(jax.nn.relu)(0.0))],
        [-0.01, -0.632121, 0.666667, 0.0]),
    Row("jax", "slopes of a maximum over a tie",
        lambda: jax.grad(lambda x: x.max())(jnp.ones(2)).tolist(), [0.5, 0.5]),
    Row("jax", "softmax of -inf, logsumexp, deviation, round(2.5), median",
        lambda: [jax.nn.softmax(jnp.array([-INF, -INF])).tolist(),
                 float(jax.nn.logsumexp(jnp.array([-INF, -INF]))),
                 float(jnp.array([1.0, 2, 3, 4]).std()), float(jnp.round(2.5)),
                 float(jnp.median(jnp.array([1.0, 2, 3, 4])))],
        [[NAN, NAN], -INF, 1.11803, 2.0, 2.5]),
    Row("jax", "slopes at 0: where(x > 0, √x, 0), length",
        lambda: [float(jax.grad(lambda x: jnp.where(x > 0, jnp.sqrt(x), 0.0))(0.0)),
                 jax.grad(jnp.linalg.norm)(jnp.zeros(2)).tolist()], [NAN, [NAN, NAN]]),
    Row("jax", "type of arange(3)/2, sum of 2^25 ones",
        lambda: [str((jnp.arange(3) / 2).dtype),
                 float(jnp.ones(2**25, dtype=jnp.float32).sum())], ["float32", 33_554_432.0]),
    Row("jax", "three of four normals begin as three do",
        lambda: bool(jnp.array_equal(jax.random.normal(KEY, (4,))[:3],
                                     jax.random.normal(KEY, (3,)))), True),
)  # fmt: skip

ROWS = STEPS + NUMBERS
