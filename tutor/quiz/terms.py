"""The terms that a learner may mean by a wrong answer, so that it is called by its own name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final

from tutor.quiz.question import typed_line
from tutor.quiz.spelling import american, singular
from tutor.quiz.wording import form, plain

if TYPE_CHECKING:
    from tutor.deck.library import Library

_SHORTEST = 2
_WORDS = re.compile("[A-Za-z0-9 -]*")

_FIELD: Final = """
    exploration, exploitation, macro, micro, BERT, BART, SELU, SiLU, CELU, ELU, ReLU, GELU,
    GLU, SwiGLU, PReLU, ReLU6, Adam, AdamW, Adamax, NAdam, RAdam, AdaGrad, AdaDelta, DQN,
    DDQN, LSTM, LSTD, GRU, RNN, CNN, GNN, GAN, VAE, PCA, ICA, LDA, SVM, SVD, MLE, MAP, MAE,
    MSE, RMSE, SGD, SGLD, GPT, mode, model, node, mean, median, loss, less, test, text,
    train, trait, precision, prediction, recall, accuracy, bias, basis, variance,
    covariance, correlation, convolution, cost, batch, patch, epoch, layer, kernel, channel,
    dropout, embedding, encoder, decoder, attention, retention, generator, generation,
    discriminator, discrimination, regression, regularization, classification, clustering,
    gradient, momentum, moment, moments, prior, posterior, likelihood, entropy, perplexity,
    policy, reward, agent, state, stage, action, value, convex, concave, sparse, dense,
    stride, pooling, padding, label, table, token, tensor, sensor, vector, factor, matrix,
    metric, scalar, softmax, hardmax, argmax, argmin, sigmoid, hinge, ridge, lasso,
    boosting, bagging, stacking, bandit, greedy, online, offline, causal, latent, sample,
    signal, single, global, local, linear, affine, dual, parameter, hyperparameter,
    training, validation, evaluation, aggregation, segregation, segmentation, augmentation,
    adaptation, transformer, transformation, translation, transition, transcription,
    diffusion, distribution, distillation, quantization, tokenization, normalization,
    initialization, optimization, interpolation, extrapolation, interpretation,
    representation, population, propagation, backpropagation, estimation, estimator,
    expectation, exploding, activation, inference, interference, reference, preference,
    sensitivity, specificity, selectivity, stationary, stochastic, statistic, statistics,
    logistic, logit, logarithm, algorithm
"""
FIELD: Final = tuple(" ".join(_FIELD.split()).split(", "))
"""Names that a slip of the pen could turn into one another, whatever decks are loaded."""


@dataclass(frozen=True, slots=True)
class Term:
    """A term as it is written, and the topic that it belongs to, if any."""

    name: str
    topic: str = ""

    @property
    def words(self) -> str:
        """What it is called, with its topic where that has another name."""
        other = self.topic and form(self.topic) != form(self.name)
        return f"{self.name} ({self.topic})" if other else self.name


@dataclass(frozen=True)
class Terms:
    """Terms by the form that stands for all wordings of them."""

    by_form: Mapping[str, Term] = field(default_factory=dict)

    @classmethod
    def of(cls, named: Iterable[tuple[str, str]]) -> Terms:
        """The terms of (name, title of its topic), the first counting, and those of the field."""
        found: dict[str, Term] = {}
        for name, topic in (*named, *((name, "") for name in FIELD)):
            key = form(name)
            if len(key) >= _SHORTEST:
                found.setdefault(key, Term(name, topic))
        terms = cls(found)
        # Now, because marking must not wait for it.
        assert terms.words or not found
        return terms

    def find(self, answer: str) -> Term | None:
        """The term that `answer` is."""
        return self.by_form.get(form(answer))

    @cached_property
    def words(self) -> frozenset[str]:
        """Every single word of the terms, in the form of `spelling`."""
        words = (word for term in self.by_form.values() for word in plain(term.name).split())
        return frozenset(singular(american(word)) for word in words)


@lru_cache(maxsize=1)
def terms_of(library: Library) -> Terms:
    """The names of all topics and the accepted answers of all cards."""
    topics = library.topics
    named = [(topic.title, topic.title) for topic in topics.values()]
    named += [(name, topic.title) for topic in topics.values() for name in topic.found_as]
    for entry in library.entries.values():
        title = topics[entry.topic].title if entry.topic else ""
        named += [(_one_line(text), title) for text in entry.accepted]
    return Terms.of(named)


def _one_line(markdown: str) -> str:
    return markdown if _WORDS.fullmatch(markdown) else typed_line(markdown)


NONE: Final = Terms()
