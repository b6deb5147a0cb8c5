"""PyTorch's losses, optimisers and schedules."""

from __future__ import annotations

import inspect
import itertools
import math
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import nn
from torch.nn import functional
from torch.optim import lr_scheduler, swa_utils

from claims.table.rows import Row, error_of

NAN, INF = math.nan, math.inf


def t(*values: Any) -> torch.Tensor:
    """These values as a float32 tensor."""
    return torch.tensor(values, dtype=torch.float32)


def cross(logits: list[list[float]], labels: Any, **how: Any) -> float:
    """Cross-entropy of these logits."""
    target = torch.tensor(labels)
    if "weight" in how:
        how["weight"] = t(*how["weight"])
    return float(nn.CrossEntropyLoss(**how)(torch.tensor(logits), target))


PAIR = [[2.0, 0.0], [2.0, 0.0]]


def walk(
    make: Callable[[list[torch.Tensor]], Any],
    gradients: Iterable[float],
    at: float = 0.0,
    rates: Iterable[float] = (),
) -> list[float]:
    """The places that a weight takes from `at`, one after each gradient."""
    w = torch.tensor([at], dtype=torch.float64, requires_grad=True)
    rule, chosen, places = make([w]), list(rates), []
    for step, gradient in enumerate(gradients):
        if chosen:
            rule.param_groups[0]["lr"] = chosen[step]
        w.grad = torch.full_like(w, gradient)
        rule.step()
        places.append(float(w.detach()[0]))
    return places


def moved(make: Callable[[list[torch.Tensor]], Any], *gradients: float, **how: Any) -> list[float]:
    """How far each step goes down."""
    at = how.get("at", 0.0)
    places = [at, *walk(make, gradients, **how)]
    return [before - after for before, after in itertools.pairwise(places)]


def first(make: Callable[[list[torch.Tensor]], Any], *gradients: float) -> list[float]:
    """The first step for each of the gradients."""
    return [moved(make, gradient)[0] for gradient in gradients]


def on_square(make: Callable[[list[torch.Tensor]], Any], steps: int = 5) -> list[float]:
    """What the optimiser shows of a weight that goes down w² from 5."""
    w = torch.tensor([5.0], dtype=torch.float64, requires_grad=True)
    rule, shown = make([w]), []
    for _again in range(steps):
        rule.zero_grad()
        (w**2).sum().backward()
        rule.step()
        shown.append(float(w.detach()[0]))
    return shown


def rates(make: Callable[[Any], Any], epochs: int, momentum: float = 0.0) -> list[float]:
    """The learning rate of each epoch, from 0.1."""
    rule = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1, momentum=momentum)
    schedule, seen = make(rule), []
    for _again in range(epochs):
        seen.append(float(rule.param_groups[0]["lr"]))
        rule.step()
        schedule.step()
    return seen


def plateau(epochs: int) -> list[float]:
    """The rate after each epoch of a loss of 1.0 for ever, with a patience of 2."""
    rule = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    schedule, seen = lr_scheduler.ReduceLROnPlateau(rule, patience=2), []
    for _again in range(epochs):
        schedule.step(1.0)
        seen.append(float(rule.param_groups[0]["lr"]))
    return seen


def clipped(most: float, *gradients: float) -> list[float]:
    """The norm that clip_grad_norm_ returns, and the gradients after it."""
    weights = [torch.zeros(1, requires_grad=True) for _ in gradients]
    for weight, gradient in zip(weights, gradients, strict=True):
        weight.grad = t(gradient)
    norm = nn.utils.clip_grad_norm_(weights, most)
    return [float(norm), *(float(w.grad) for w in weights if w.grad is not None)]


def muon(rows: int, columns: int, **how: Any) -> list[float]:
    """Length, root mean square, least and largest singular value of Muon's first step."""
    torch.manual_seed(0)
    w = torch.zeros(rows, columns, requires_grad=True)
    rule = torch.optim.Muon([w], lr=1.0, weight_decay=0.0, **how)
    w.grad = torch.randn(rows, columns)
    rule.step()
    values = torch.linalg.svdvals(w.detach())
    size = float(w.detach().norm())
    return [size, size / math.sqrt(rows * columns), float(values[-1]) > 0, float(values[0])]


def averaged(**how: Any) -> list[float]:
    """The average of an AveragedModel at a start of 10 and after 9, 8 and 7."""
    net = nn.Linear(1, 1, bias=False)
    net.weight.data.fill_(10.0)
    average, seen = swa_utils.AveragedModel(net, **how), [10.0]
    for value in (9.0, 8.0, 7.0):
        net.weight.data.fill_(value)
        average.update_parameters(net)
        seen.append(float(average.module.weight))
    return seen


def slope(function: Callable[[torch.Tensor], torch.Tensor], at: float = 0.0) -> float:
    """The slope of a function of one number."""
    x = t(at).requires_grad_()
    function(x).sum().backward()
    assert x.grad is not None
    return float(x.grad)


def twice_softmaxed() -> list[float]:
    """The largest slope at logits 5, 0, 0 and class 1: softmax once, and twice."""
    found = []
    for twice in (False, True):
        x = t(5.0, 0.0, 0.0).requires_grad_()
        given = x.softmax(0) if twice else x
        functional.cross_entropy(given[None], torch.tensor([1])).backward()
        assert x.grad is not None
        found.append(float(x.grad.abs().max()))
    return found


def batch_means() -> float:
    """Mean of the batches' mean squares for errors 0, 0, 0, 3 in batches of 3."""
    loader = torch.utils.data.DataLoader([0.0, 0.0, 0.0, 3.0], batch_size=3)
    return float(torch.stack([(batch**2).mean() for batch in loader]).mean())


def added_up() -> float:
    """The gradient of w after two backward calls, in units of one."""
    w = t(1.0).requires_grad_()
    for _again in range(2):
        (3 * w).sum().backward()
    assert w.grad is not None
    return float(w.grad) / 3


def adam_state() -> list[int]:
    """Numbers of a linear layer 10-4 and of Adam's state for it."""
    layer = nn.Linear(10, 4)
    rule = torch.optim.Adam(layer.parameters())
    layer(torch.ones(1, 10)).sum().backward()
    rule.step()
    state = sum(v.numel() for kept in rule.state.values() for v in kept.values())
    return [sum(p.numel() for p in layer.parameters()), state]


def defaults(*names: str) -> list[list[Any]]:
    """Rate and epsilon of optimisers with nothing set."""
    found = []
    for name in names:
        w = torch.zeros(2, 2, requires_grad=True)
        group = getattr(torch.optim, name)([w]).param_groups[0]
        eps = group.get("eps")
        found.append([name, group["lr"], list(eps) if isinstance(eps, tuple) else eps])
    return found


OPTIM, SGD = torch.optim, torch.optim.SGD


def one_cycle_momentum() -> float:
    """The momentum of SGD after OneCycleLR was made for it."""
    rule = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1, momentum=0.9)
    lr_scheduler.OneCycleLR(rule, 0.1, total_steps=10)
    return float(rule.param_groups[0]["momentum"])


def plateau_defaults() -> list[float]:
    """The defaults of ReduceLROnPlateau."""
    found = inspect.signature(lr_scheduler.ReduceLROnPlateau).parameters
    names = ("factor", "patience", "threshold", "cooldown", "min_lr", "eps")
    return [found[name].default for name in names]


LOSSES: tuple[Row, ...] = (
    Row("torch", "label smoothing .1 on 2, 1, 0, -1",
        lambda: cross([[2.0, 1.0, 0.0, -1.0]], [0], label_smoothing=0.1), 0.59019),
    Row("torch", "the same by hand, targets .925 and .9",
        lambda: [cross([[2.0, 1.0, 0.0, -1.0]], [[a, *[b] * 3]])
                 for a, b in ((0.925, 0.025), (0.9, 0.1 / 3))], [0.59019, 0.640190]),
    Row("torch", "weights 1 and 10: mean", lambda: cross(PAIR, [0, 1], weight=[1, 10]), 1.94511),
    Row("torch", "weights 1 and 10, targets as probabilities",
        lambda: cross(PAIR, [[1.0, 0.0], [0.0, 1.0]], weight=[1, 10]), 10.6981),
    Row("torch", "binary: weight, pos_weight",
        lambda: [float(nn.BCEWithLogitsLoss(weight=t(1, 10))(t(2, 2), t(1, 0))),
                 float(nn.BCEWithLogitsLoss(pos_weight=t(10))(t(2, 2), t(1, 0)))],
        [10.6981, 1.6981]),
    Row("torch", "every target ignored", lambda: cross(PAIR, [-100, -100]), NAN),
    Row("torch", "an empty batch",
        lambda: float(nn.CrossEntropyLoss()(torch.zeros(0, 2), torch.zeros(0, dtype=torch.long))),
        NAN),
    Row("torch", "one of two targets ignored", lambda: cross(PAIR, [0, -100]), 0.126928),
    Row("torch", "NLLLoss on probabilities",
        lambda: float(nn.NLLLoss()(torch.tensor([[0.7, 0.2, 0.1]]), torch.tensor([0]))), -0.7),
    Row("torch", "cross-entropy on probabilities 1, 0, 0", lambda: cross([[1.0, 0.0, 0.0]], [0]),
        0.551445),
    Row("torch", "KLDivLoss: mean, batchmean",
        lambda: [float(nn.KLDivLoss(reduction=how)(t([0.9, 0.1]).log(), t([0.5, 0.5])))
                 for how in ("mean", "batchmean")], [0.255413, 0.510826]),
    Row("torch", "MSELoss of (4, 1) and (4,)",
        lambda: float(nn.functional.mse_loss(torch.arange(4.0)[:, None], torch.arange(4.0))), 2.5),
    Row("torch", "Huber at .5 and 3, smooth L1, both bent at 2",
        lambda: [*(float(nn.HuberLoss()(t(e), t(0))) for e in (0.5, 3.0)),
                 float(nn.SmoothL1Loss()(t(3), t(0))), float(nn.HuberLoss(delta=2.0)(t(3), t(0))),
                 float(nn.SmoothL1Loss(beta=2.0)(t(3), t(0)))], [0.125, 2.5, 2.5, 4.0, 2.0]),
    Row("torch", "BCELoss at p = 0, BCEWithLogits at -200",
        lambda: [float(nn.BCELoss()(t(0), t(1))), float(nn.BCEWithLogitsLoss()(t(-200), t(1)))],
        [100.0, 200.0]),
    Row("torch", "GaussianNLLLoss at mean and variance 1",
        lambda: float(nn.GaussianNLLLoss()(t(0), t(0), t(1))), 0.0),
    Row("torch", "weights 1 and 10 with label smoothing .1",
        lambda: cross(PAIR, [0, 1], weight=[1, 10], label_smoothing=0.1), 1.94511),
    Row("torch", "margins: cosine, triplet; MultiMarginLoss of 1, 1",
        lambda: [nn.CosineEmbeddingLoss().margin, nn.TripletMarginLoss().margin,
                 float(nn.MultiMarginLoss()(torch.tensor([[1.0, 1.0]]), torch.tensor([0])))],
        [0.0, 1.0, 0.5]),
    Row("torch", "softmax once and twice: largest slope", twice_softmaxed, [0.993352, 0.0112419]),
    Row("torch", "mean of the batches' means", batch_means, 4.5),
    Row("torch", "softmax without a dimension: of 3 axes, of 2",
        lambda: [float(functional.softmax(torch.zeros(2, 3, 4)).max()),
                 float(functional.softmax(torch.zeros(2, 3)).max())], [0.5, 1 / 3]),
)  # fmt: skip

STEPS: tuple[Row, ...] = (
    Row("torch", "Adam's first step for 1, 1e-6, 1e-7, 1e-8",
        lambda: first(OPTIM.Adam, 1, 1e-6, 1e-7, 1e-8),
        [0.001, 0.000990099, 0.000909091, 0.0005]),
    Row("torch", "RMSprop's first step, centred, for 1e-4",
        lambda: [first(lambda w: OPTIM.RMSprop(w, lr=0.01), 1)[0],
                 first(lambda w: OPTIM.RMSprop(w, lr=0.01, centered=True), 1)[0],
                 first(lambda w: OPTIM.RMSprop(w, lr=0.01), 1e-4)[0]],
        [0.1, 0.100504, 0.0999001]),
    Row("torch", "momentum when the rate drops",
        lambda: moved(lambda w: SGD(w, lr=0.1, momentum=0.9), *[1.0] * 4,
                      rates=[0.1, 0.1, 0.1, 0.01]), [0.1, 0.19, 0.271, 0.03439]),
    Row("torch", "Nesterov's first two steps",
        lambda: moved(lambda w: SGD(w, lr=0.1, momentum=0.9, nesterov=True), 1, 1), [0.19, 0.271]),
    Row("torch", "dampening .9: three steps",
        lambda: moved(lambda w: SGD(w, lr=1.0, momentum=0.9, dampening=0.9), 1, 1, 1), [1, 1, 1]),
    Row("torch", "decay without a gradient: AdamW's default, its step, Adam, SGD",
        lambda: [OPTIM.AdamW([torch.zeros(1, requires_grad=True)]).defaults["weight_decay"],
                 moved(OPTIM.AdamW, 0.0, at=1.0)[0],
                 moved(lambda w: OPTIM.Adam(w, weight_decay=0.1), 0.0, at=1.0)[0],
                 moved(lambda w: SGD(w, lr=0.1, weight_decay=0.1), 0.0, at=1.0)[0]],
        [0.01, 1e-5, 0.001, 0.01]),
    Row("torch", "decay of -2: Adam with .1, with .001, AdamW",
        lambda: [abs(moved(lambda w: OPTIM.Adam(w, lr=0.01, weight_decay=0.1), 0.0, at=-2.0)[0]),
                 abs(moved(lambda w: OPTIM.Adam(w, lr=0.01, weight_decay=1e-3), 0.0, at=-2.0)[0]),
                 abs(moved(lambda w: OPTIM.AdamW(w, lr=0.01, weight_decay=0.1), 0.0, at=-2.0)[0])],
        [0.01, 0.01, 0.002]),
    Row("torch", "AdamW(.1, decay .1) takes a slope of .25 to",
        lambda: walk(lambda w: OPTIM.AdamW(w, lr=0.1, weight_decay=0.1), [0.0], at=0.25)[0],
        0.2475),
    Row("torch", "AdamW(.1, decay .1) takes 1 to",
        lambda: walk(lambda w: OPTIM.AdamW(w, lr=0.1, weight_decay=0.1), [0.0], at=1.0)[0], 0.99),
    Row("torch", "Adagrad's first step for 1 and .01",
        lambda: first(lambda w: OPTIM.Adagrad(w, lr=0.1), 1, 0.01), [0.1, 0.1]),
    Row("torch", "clipping 3, 4 to 1; .3, .4", lambda: [clipped(1, 3, 4), clipped(1, 0.3, 0.4)],
        [[5.0, 0.6, 0.8], [0.5, 0.3, 0.4]]),
    Row("torch", "clipping a norm of just .001", lambda: clipped(0.001, 6e-4, 8e-4),
        [0.001, 0.000599401, 0.000799201]),
    Row("torch", "clipping an infinite gradient", lambda: clipped(1, INF, 4), [INF, NAN, 0.0]),
    Row("torch", "RMSprop with nothing set: rate, alpha, epsilon, momentum, centred",
        lambda: [OPTIM.RMSprop([torch.zeros(1, requires_grad=True)]).defaults[name]
                 for name in ("lr", "alpha", "eps", "momentum", "centered")],
        [0.01, 0.99, 1e-8, 0, False]),
    Row("torch", "Muon on a vector",
        lambda: error_of(lambda: OPTIM.Muon([torch.zeros(5, requires_grad=True)])), "ValueError"),
    Row("torch", "Muon's defaults",
        lambda: OPTIM.Muon([torch.zeros(2, 2, requires_grad=True)]).defaults,
        {"lr": 0.001, "weight_decay": 0.1, "momentum": 0.95, "nesterov": True, "eps": 1e-7,
         "ns_steps": 5, "ns_coefficients": (3.4445, -4.775, 2.0315)}),
    Row("torch", "Muon's first step: 64 × 64, 64 × 256, 256 × 64",
        lambda: [muon(64, 64), muon(64, 256), muon(256, 64)],
        [[6.96141, 0.108772, True, 1.16311], [6.86023, 0.0535956, True, 1.1345],
         [13.6075, 0.106309, True, 2.26619]], drawn=True),
    Row("torch", "Muon's first step, 64 × 256, matched to AdamW",
        lambda: muon(64, 256, adjust_lr_fn="match_rms_adamw"), [21.984, 0.17175, True, 3.62683],
        drawn=True),
    Row("torch", "Adafactor's first step from 1, from 0",
        lambda: [abs(moved(OPTIM.Adafactor, 1.0, at=at)[0]) for at in (1.0, 0.0)], [0.01, 1e-5]),
    Row("torch", "rates and epsilons with nothing set",
        lambda: defaults("SGD", "Adam", "RMSprop", "Adagrad", "NAdam", "Adadelta", "AdamW",
                         "Adamax", "Adafactor", "Muon"),
        [["SGD", 0.001, None], ["Adam", 0.001, 1e-8], ["RMSprop", 0.01, 1e-8],
         ["Adagrad", 0.01, 1e-10], ["NAdam", 0.002, 1e-8], ["Adadelta", 1.0, 1e-6],
         ["AdamW", 0.001, 1e-8], ["Adamax", 0.002, 1e-8], ["Adafactor", 0.01, [None, 0.001]],
         ["Muon", 0.001, 1e-7]]),
    Row("torch", "Nesterov down w² from 5, as shown",
        lambda: on_square(lambda w: SGD(w, lr=0.1, momentum=0.9, nesterov=True)),
        [3.1, 1.112, -0.54176, -1.62411, -2.07859]),
    Row("torch", "momentum down w² from 5",
        lambda: on_square(lambda w: SGD(w, lr=0.1, momentum=0.9)),
        [4.0, 2.3, 0.31, -1.543, -2.9021]),
    Row("torch", "gradients after two backward calls, in units of one", added_up, 2.0),
    Row("torch", "Linear(10, 4) with Adam: weights, numbers in the state", adam_state, [44, 90]),
)  # fmt: skip

SCHEDULES: tuple[Row, ...] = (
    Row("torch", "StepLR(2, .1)", lambda: rates(lambda o: lr_scheduler.StepLR(o, 2, 0.1), 6),
        [0.1, 0.1, 0.01, 0.01, 0.001, 0.001]),
    Row("torch", "CosineAnnealingLR(4), ten epochs",
        lambda: rates(lambda o: lr_scheduler.CosineAnnealingLR(o, 4), 10),
        [0.1, 0.0853553, 0.05, 0.0146447, 0.0, 0.0146447, 0.05, 0.0853553, 0.1, 0.0853553]),
    Row("torch", "CosineAnnealingWarmRestarts(4)",
        lambda: rates(lambda o: lr_scheduler.CosineAnnealingWarmRestarts(o, 4), 9),
        [*[0.1, 0.0853553, 0.05, 0.0146447] * 2, 0.1]),
    Row("torch", "LinearLR() and ConstantLR()",
        lambda: [rates(lr_scheduler.LinearLR, 7), rates(lr_scheduler.ConstantLR, 7)],
        [[0.0333333, 0.0466667, 0.06, 0.0733333, 0.0866667, 0.1, 0.1],
         [*[0.0333333] * 5, 0.1, 0.1]]),
    Row("torch", "OneCycleLR(.1, 10 steps)",
        lambda: rates(lambda o: lr_scheduler.OneCycleLR(o, 0.1, total_steps=11), 1, 0.9)[0], 0.004),
    Row("torch", "OneCycleLR(.1, 10 steps) turns a momentum of .9 into", one_cycle_momentum, 0.95),
    Row("torch", "ReduceLROnPlateau: factor, patience, threshold, cooldown, least rate, epsilon",
        plateau_defaults, [0.1, 10, 1e-4, 0, 0, 1e-8]),
    Row("torch", "decay of an AveragedModel's moving average with nothing set",
        lambda: inspect.signature(swa_utils.get_ema_multi_avg_fn).parameters["decay"].default,
        0.999),
    Row("torch", "ExponentialLR(.5), PolynomialLR()",
        lambda: [rates(lambda o: lr_scheduler.ExponentialLR(o, 0.5), 4),
                 rates(lr_scheduler.PolynomialLR, 7)],
        [[0.1, 0.05, 0.025, 0.0125], [0.1, 0.08, 0.06, 0.04, 0.02, 0.0, 0.0]]),
    Row("torch", "ReduceLROnPlateau(patience=2): rates", lambda: plateau(8),
        [1.0, 1.0, 1.0, 0.1, 0.1, 0.1, 0.01, 0.01]),
    Row("torch", "averages of weights: plain, with a decay of .9",
        lambda: [averaged(), averaged(multi_avg_fn=swa_utils.get_ema_multi_avg_fn(0.9))],
        [[10.0, 9.0, 8.5, 8.0], [10.0, 9.0, 8.9, 8.71]]),
)  # fmt: skip


ROWS = LOSSES + STEPS + SCHEDULES
