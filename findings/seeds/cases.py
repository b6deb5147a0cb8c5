"""What is tried on many seeds: each demo's right setting, and the wrong one for each verdict.

A setting is a text of `knob=value`, those of `tutor demo NAME --set`; the empty one is the
defaults. A verdict is known by its claim.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

# linear, log: how halfway between two numbers is measured. border: the threshold is the place
# itself where one behaviour ends, such as a ratio of 1 between falling and rising.
Scale = Literal["linear", "log", "border"]

IDENTITY = "an identity"
THEOREM = "a theorem"
COUNTS = "the same counted in two ways"
CHANCE = "sampling error: 4 deviations are allowed"


@dataclass(frozen=True, slots=True)
class Judged:
    """One verdict of a demo.

    key: its short name in the results, unique within the demo.
    claim: its claim, with * for what depends on the knobs or the run.
    wrong: the setting that must fail it; None if none can, and `why` says why.
    fixed: its number follows from the knobs alone, so that one seed says all.
    apart: the number of the other behaviour where it is known and the wrong setting's has no
        bound, as a share of something that vanishes.
    """

    key: str
    claim: str
    wrong: str | None = None
    scale: Scale = "linear"
    why: str = ""
    fixed: bool = False
    apart: float | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A demo with the setting under which all of `verdicts` must hold.

    fixed: nothing in them is random.
    """

    demo: str
    verdicts: tuple[Judged, ...]
    right: str = ""
    fixed: bool = False


J = Judged
CASES = (
    Case("activations", (
        J("choked", "Ten * layers let through at most", "function=tanh", "log"),
        J("slope", "The slope and central differences agree (difference)", why=IDENTITY),
    ), fixed=True),
    Case("attention", (
        J("right", "Symbols put right", "causal_mask=on"),
        J("mass", "Attention on the right place", "causal_mask=on"),
    )),
    Case("babbler", (
        J("loss", "Loss a letter: it knows the text by heart", "learning_rate=0.0001"),
        J("first", "Its first loss is ln 25 (difference)",
          why="before the first step no knob has acted"),
        J("heat", "Known words lost between temperature 0.2 and 2", "learning_rate=0.0001"),
    )),
    Case("backprop", (
        J("error", "Error after one update over the error before", scale="border",
          why="no rate within the knob's range overshoots"),
        J("slope", "Largest gap to a central difference", why=IDENTITY),
        J("work", "Multiplications with deltas kept over following every path", "cache=off"),
    ), fixed=True),
    Case("batch-norm", (
        J("gain", "Accuracy with batch norm less without", "activation=relu init=he"),
        J("mean", "Largest mean of a unit over the batch", why=IDENTITY),
        J("variance", "Its variance is 1 but for epsilon: largest difference",
          "batch_size=2 init=small", "log"),
    )),
    Case("boundary", (
        J("right", "Share of points on the right side", "units=2"),
        J("held_out", "Share of points held out on the right side", "units=2"),
    )),
    Case("convolution", (
        J("size", "The formula gives * windows a row; counted", why=COUNTS),
        J("sum", "Each cell is its sum of products (error)", why=IDENTITY),
        J("weights", "Weights, against a dense layer's", "input_size=5 kernel_size=5", "border"),
        J("seen", "Share of input cells that some window sees", "stride=3 kernel_size=2", "border"),
    ), fixed=True),
    Case("descent", (
        J("valley", "Loss over the lowest: 200 steps were not enough", "scaling=min-max", "log"),
        J("downhill", "Loss now over the loss at the start: it went downhill",
          "learning_rate=1.05", "border"),
        J("steps", "Steps needed with raw features over standardised ones",
          why="each run compares all scalings"),
    )),
    Case("dialects", (
        J("old_rate", "Keras's step over PyTorch's, just after the rate fell", "rule=adam", "log"),
        J("alike", "Before that their steps were alike: largest difference, as a share",
          "rule=adam gradient=1e-6"),
    )),
    Case("digits", (
        J("accuracy", "Accuracy on * digits never seen", "digits=100"),
        J("parameters", "Parameters held", why=COUNTS),
        J("fall", "Accuracy lost when digits move by a seventh", "model=CNN"),
    )),
    Case("dropout", (
        J("test", "Test accuracy with dropout less without", "label_noise=0"),
        J("training", "Training accuracy without dropout less with", "label_noise=0"),
        J("mask", "Mean of mask/(1-r) from 1, in standard deviations", why=CHANCE),
    )),
    Case("edge", (
        J("cells", "Cells by which the windows are apart", "input_size=13"),
        J("outputs", "Largest difference of outputs, of the largest", "pad_by_hand=on"),
        J("sizes", "Sizes of the outputs differ by", why=COUNTS),
        J("moved", "Picture moved by so much: outputs differ by", why=IDENTITY),
    ), fixed=True),
    Case("ewma", (
        J("raw", "Raw, a constant 10 starts at 10(1 − β), off by", why=IDENTITY),
        J("corrected", "Corrected, it starts at 10, off by", why=IDENTITY),
        J("weights", "The weights add up to 1 − βᵗ, off by", why=IDENTITY),
        J("rule", "After 1/(1 − β) steps 1/e of a weight is left, off by", "beta=0.5", "log"),
    ), fixed=True),
    Case("fit", (
        J("sum", "Error = bias² + variance, relative gap", why=IDENTITY),
        J("bias", "Share of bias in the error: the fit is too stiff", "degree=5"),
    )),
    Case("forgetting", (
        J("fell", "Loss on 1,000 cards held back fell by", "memory=average"),
        J("removed", "Avoidable part of it removed", "memory=average", apart=0.0),
    )),
    Case("gan", (
        J("clouds", "Clouds filled at the end", "preset=collapse"),
        J("near", "Share of samples near a cloud", "preset=collapse"),
    )),
    Case("gradient-flow", (
        J("ratio", "δ of layer 1 over that of the last, before training",
          "activation=relu init=he", "log"),
        J("stuck", "Accuracy: the network is stuck", "activation=relu init=he"),
    )),
    Case("gradient-flow", (
        J("alike", "Units of layer 1 differ by", why=IDENTITY),
        J("stuck", "Accuracy: the network is stuck", "activation=relu init=he"),
    ), right="init=constant"),
    Case("l1-l2", (
        J("useless", "Useless weights that are exactly 0, of 15", "penalty=L2"),
        J("useful", "Useful weights that are exactly 0, of 5", "strength=1", "border"),
    )),
    Case("lora", (
        J("gain", "Share of the full gain that the correction gets", "start=zeros"),
        J("first", "Before the first step outputs have moved by", "start=random", "border"),
        J("few", "Numbers trained, of those of the whole network", "rank=16", fixed=True),
        J("merged", "Merged and apart, outputs differ by", why=IDENTITY),
    )),
    Case("memory-lane", (
        J("LSTM", "LSTM remembers: its loss is below half of 1/6", "learning_rate=0.001"),
        J("GRU", "GRU remembers: its loss is below half of 1/6", "learning_rate=0.001"),
        J("RNN", "The plain RNN stays near 1/6", "cell=RNN length=10"),
    )),
    Case("one-number", (
        J("loss", "Loss at the end, as a share of the first", "start=3"),
        J("best", "How far the number is from the best one", why="a law: a step leaves 85 % of it"),
    )),
    Case("optimizers", (
        J("adagrad", "AdaGrad's steps over those of SGD", "angle=45", "log"),
        J("momentum", "Momentum's steps over those of SGD", "beta=0.5", "log"),
    ), fixed=True),
    Case("overfit", (
        J("validation", "Validation loss at the end over its lowest", "l2=0.01", "log"),
        J("test", "Test loss at the end over that at the flag", "l2=0.01", "log"),
    )),
    Case("parameter-count", (
        J("sum", "The sum is what the arrays of * hold", why=COUNTS),
        J("share", "The first layer's share of all parameters", "inputs=2"),
    ), fixed=True),
    Case("peeking", (
        J("optimism", "The winner's validation score less its test score",
          "models=1 validation_examples=500"),
        J("fair", "Test score from 0.5, in standard deviations", why=CHANCE),
        J("games", "Mean of 400 games from the formula, in standard errors", why=CHANCE),
    )),
    Case("perceptron", (
        J("wrong", "Wrong answers at the end", "gate=XOR", "border"),
        J("updates", "Updates within the bound (R/γ)²", why=THEOREM),
    )),
    Case("perceptron", (
        J("best", "No line gets more than three of four right: best share", why=THEOREM),
    ), right="gate=XOR order=shuffled"),
    Case("running-mean", (
        J("early", "Share right in training less evaluation, after 40 steps", "kept=0.9"),
        J("healed", "The same at the end: it has healed", "kept=0.999"),
        J("law", "Running mean from mean·(1 − keptᵗ), off by", why="the law of the average"),
    )),
    Case("sampling", (
        J("kept", "Letters of 25 that stay, on average", "top_p=1"),
        J("tail", "Nothing cut off, share of letters from the tail", "top_p=1"),
        J("sum", "What stays adds up to 1 (difference)", why=IDENTITY),
    )),
    Case("scaling", (
        J("off", "Largest student off the line of the small ones, in factors",
          "teacher_units=8", "log"),
        J("straight", "Straightness of the line, R²", "noise=0.5"),
        J("tokens", "Tokens a parameter at 5.76e23 operations",
          "constants=published training_steps=400", "log", fixed=True),
    )),
    Case("softmax", (
        J("pull", "At a logit of -10 * still pulls: |dL/dz|", "loss=mse"),
        J("sum", "The probabilities add up to 1 (difference)", why=IDENTITY),
        J("shift", "Adding 5 to every logit changes no p", why=IDENTITY),
        J("slope", "The slope of cross-entropy is (p - y)/T", why=IDENTITY),
    ), fixed=True),
    Case("think-longer", (
        J("gain", "Gain of * tries over one", "rule=majority", fixed=True),
        J("counted", "Counted against exact, in standard deviations", why=CHANCE),
        J("by_hand", "Majority of 3 is 3p² − 2p³, off by", why=IDENTITY),
    )),
    Case("tokeniser", (
        J("tokens", "Tokens of the text, as a share of its bytes",
          "text=abcdefghijklmnopqrstuvwxyz"),
        J("word", "Pieces of the word, as a share of its bytes", "word=rhythm"),
        J("joined", "Joined again, the text differs (1: yes)", why=IDENTITY),
    ), fixed=True),
    Case("transfer", (
        J("gain", "Test accuracy with the frozen body less afresh", "labels_per_arm=20"),
        J("frozen", "The frozen body's weights moved by", why=IDENTITY),
    )),
    Case("valleys", (
        J("missed", "Height above the deepest place", "start=-1.5"),
        J("rest", "Slope where it stands", "learning_rate=0.001", "log"),
    ), fixed=True),
    Case("xor", (
        J("settled", "Settled: all four right, or the loss no longer falls *",
          "activation=relu init_scale=0.3 learning_rate=0.005"),
    )),
)  # fmt: skip


def key_of(demo: str, claim: str) -> str:
    """The short name of a verdict. Raises KeyError for a claim that stands in no case."""
    for case in CASES:
        for judged in case.verdicts:
            if case.demo == demo and fnmatchcase(claim, judged.claim):
                return judged.key
    raise KeyError(f"{demo}: no case has the claim {claim!r}")


def seeds_of_settings(case: Case, seeds: tuple[int, ...]) -> dict[str, tuple[int, ...]]:
    """Each setting of a case with the seeds to run it on: one where nothing is random."""
    one = (0,)
    found = {case.right: one if case.fixed else seeds}
    for judged in case.verdicts:
        if judged.wrong is not None:
            wanted = one if case.fixed or judged.fixed else seeds
            found[judged.wrong] = max(found.get(judged.wrong, ()), wanted, key=len)
    return found
