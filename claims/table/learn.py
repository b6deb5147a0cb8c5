"""scikit-learn and skorch."""

from __future__ import annotations

import inspect
import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import sklearn
import skorch
from sklearn import (
    datasets,
    decomposition,
    feature_selection,
    impute,
    linear_model,
    metrics,
    model_selection,
    neighbors,
    neural_network,
    preprocessing,
)

from claims.table.rows import Row, error_of

NAN, INF = math.nan, math.inf
M, P, S = metrics, preprocessing, model_selection


def quiet(ask: Callable[[], Any]) -> Any:
    """The answer, without the warnings that it comes with."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ask()


def column(*values: float) -> Any:
    """A column of numbers."""
    return np.array(values, dtype=float)[:, None]


def scaled(scaler: Any, *values: float) -> list[float]:
    """A column after a scaler that was fitted to it."""
    return [float(v) for v in scaler.fit_transform(column(*values)).ravel()]


def given(function: Any, *names: str) -> list[Any]:
    """The defaults of a function's parameters."""
    parameters = inspect.signature(function).parameters
    return [parameters[name].default for name in names]


SCORES = ([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])


def curve_area() -> list[float]:
    """Average precision, and the trapezoids under the same curve."""
    precision, recall, _ = M.precision_recall_curve(*SCORES)
    return [float(M.average_precision_score(*SCORES)), float(M.auc(recall, precision))]


def sizes(n: int, *shares: float | None) -> list[int]:
    """Test rows that train_test_split takes of n for each share."""
    return [
        len(S.train_test_split(list(range(n)), test_size=share, random_state=0)[1])
        for share in shares
    ]


def folds() -> list[list[int]]:
    """Sizes of three folds of ten rows, and the first fold."""
    parts = [[int(i) for i in test] for _, test in S.KFold(3).split(np.zeros(10))]
    return [[len(part) for part in parts], parts[0]]


def sorted_iris() -> list[float]:
    """Mean score on the flowers, sorted by kind: with the default, with KFold(3) in order."""
    x, y = datasets.load_iris(return_X_y=True)
    model = linear_model.LogisticRegression(max_iter=1_000)
    found = []
    for cv in (None, S.KFold(3)):
        found.append(float(S.cross_val_score(model, x, y, cv=cv).mean()))
    return found


class Counting(preprocessing.StandardScaler):  # type: ignore[misc]
    """A scaler that counts how often it is fitted."""

    fits = 0

    def fit(self, x: Any, y: Any = None, sample_weight: Any = None) -> Any:
        """Fit, and count."""
        Counting.fits += 1
        return super().fit(x, y, sample_weight)


def scaler_fits() -> list[int]:
    """Fits of the scaler in cross_val_score and in a grid search of one candidate, five folds."""
    from sklearn.pipeline import make_pipeline

    x, y = datasets.load_iris(return_X_y=True)
    found = []
    for search in (False, True):
        Counting.fits = 0
        pipe = make_pipeline(Counting(), linear_model.LogisticRegression())
        if search:
            S.GridSearchCV(pipe, {"logisticregression__C": [1.0]}, cv=5).fit(x, y)
        else:
            S.cross_val_score(pipe, x, y, cv=5)
        found.append(Counting.fits)
    return found


def shrunk() -> list[float]:
    """Slope of y = x on -1 and 1: Ridge(1), Lasso(1), Lasso(.5), ElasticNet(.5, half L1)."""
    x, y = column(-1, 1), np.array([-1.0, 1.0])
    models = (linear_model.Ridge(1.0), linear_model.Lasso(1.0), linear_model.Lasso(0.5),
              linear_model.ElasticNet(0.5, l1_ratio=0.5))  # fmt: skip
    return [float(model.fit(x, y).coef_[0]) for model in models]


def half_loss() -> float:
    """MLPRegressor's loss over the mean squared error of the same network, without its penalty."""
    x = np.random.default_rng(0).normal(size=(50, 3))
    y = 3 * x[:, 0] + 1
    net = neural_network.MLPRegressor(
        hidden_layer_sizes=(4,), alpha=0.0, max_iter=1, solver="lbfgs", random_state=0
    )
    quiet(lambda: net.fit(x, y))
    return float(net.loss_ / M.mean_squared_error(y, net.predict(x)))


def mlp_start() -> list[float]:
    """Deviation and largest weight of a fresh ReLU network 1000-1000."""
    net = neural_network.MLPClassifier(
        hidden_layer_sizes=(1_000,), max_iter=1, learning_rate_init=1e-12, random_state=0
    )
    x = np.random.default_rng(0).normal(size=(4, 1_000))
    quiet(lambda: net.fit(x, [0, 1, 0, 1]))
    return [float(net.coefs_[0].std()), float(net.coefs_[0].max())]


def components() -> list[Any]:
    """PCA: is the variance divided by n - 1, the sign for negated data, whitened deviation."""
    x = np.random.default_rng(0).normal(size=(20, 2)) * [3.0, 1.0]
    pca = decomposition.PCA(1).fit(x)
    scores = pca.transform(x)
    white = decomposition.PCA(1, whiten=True).fit_transform(x)
    return [
        bool(np.isclose(pca.explained_variance_[0], scores.var(ddof=1))),
        bool(np.allclose(pca.components_, decomposition.PCA(1).fit(-x).components_)),
        float(white.std(ddof=1)),
    ]


def default_split() -> list[int]:
    """Test rows of ten with random_state 0."""
    return [int(i) for i in S.train_test_split(np.arange(10), random_state=0)[1]]


SCORING: tuple[Row, ...] = (
    Row("scikit-learn", "version", lambda: sklearn.__version__, "1.9.1"),
    Row("scikit-learn", "precision, recall, F1 without a positive prediction",
        lambda: quiet(lambda: [float(f([1, 0], [0, 0])) for f in (
            M.precision_score, M.recall_score, M.f1_score)]), [0, 0, 0]),
    Row("scikit-learn", "F1 where nothing is positive and all is right",
        lambda: quiet(lambda: float(M.f1_score([0, 0], [0, 0]))), 0.0),
    Row("scikit-learn", "macro F1 with a class that is only predicted",
        lambda: quiet(lambda: float(M.f1_score([0, 0, 1, 1], [0, 0, 1, 2], average="macro"))),
        0.555556),
    Row("scikit-learn", "macro F1 is the mean of the F1s",
        lambda: float(M.f1_score([0, 0, 0, 1, 1, 2], [0, 0, 1, 1, 2, 2], average="macro")),
        0.655556),
    Row("scikit-learn", "micro F1 and accuracy",
        lambda: [float(M.f1_score([0, 0, 0, 1, 1, 2], [0, 0, 1, 1, 2, 2], average="micro")),
                 float(M.accuracy_score([0, 0, 0, 1, 1, 2], [0, 0, 1, 1, 2, 2]))],
        [0.666667, 0.666667]),
    Row("scikit-learn", "F1 of labels 1 and 2", lambda: float(M.f1_score([1, 2, 2], [1, 1, 2])),
        0.666667),
    Row("scikit-learn", "F1 of labels a and b",
        lambda: error_of(lambda: M.f1_score(["a", "b"], ["a", "a"])), "ValueError"),
    Row("scikit-learn", "ROC-AUC: equal scores, one class",
        lambda: quiet(lambda: [float(M.roc_auc_score([0, 1], [0.5, 0.5])),
                               float(M.roc_auc_score([1, 1], [0.2, 0.5]))]), [0.5, NAN]),
    Row("scikit-learn", "ROC-AUC of scores, of their labels at .5",
        lambda: [float(M.roc_auc_score(*SCORES)), float(M.roc_auc_score([0, 0, 1, 1],
                                                                        [0, 0, 0, 1]))],
        [0.75, 0.75]),
    Row("scikit-learn", "average precision, trapezoids", curve_area, [0.833333, 0.791667]),
    Row("scikit-learn", "first threshold of roc_curve",
        lambda: float(M.roc_curve([0, 1], [0.2, 0.8])[2][0]), INF),
    Row("scikit-learn", "log_loss at a probability of 0, in float64 and float32",
        lambda: quiet(lambda: [float(M.log_loss([0, 1], np.array([[1, 0], [1, 0]], dtype=kind)))
                               for kind in (np.float64, np.float32)]), [18.0218, 7.97119]),
    Row("scikit-learn", "log_loss takes the columns in the alphabet's order",
        lambda: float(M.log_loss(["spam", "ham"], [[0.9, 0.1], [0.1, 0.9]])), 2.30259),
    Row("scikit-learn", "R²: one row, constant and right, constant and wrong, mean, worse",
        lambda: quiet(lambda: [float(M.r2_score(y, p)) for y, p in (
            ([1], [1]), ([1, 1], [1, 1]), ([1, 1], [1, 2]), ([1, 3], [2, 2]), ([1, 3], [3, 1]))]),
        [NAN, 1.0, 0.0, 0.0, -3.0]),
    Row("scikit-learn", "confusion_matrix: true 1, said 0",
        lambda: [int(i) for i in np.argwhere(M.confusion_matrix([1], [0], labels=[0, 1]))[0]],
        [1, 0]),
    Row("scikit-learn", "Matthews of one prediction for all, kappa of one class",
        lambda: quiet(lambda: [float(M.matthews_corrcoef([0, 1], [1, 1])),
                               float(M.cohen_kappa_score([1, 1], [1, 1]))]), [0.0, NAN]),
    Row("scikit-learn", "balanced accuracy with a class that is only predicted",
        lambda: quiet(lambda: float(M.balanced_accuracy_score([0, 0, 1, 1], [0, 0, 1, 2]))), 0.75),
    Row("scikit-learn", "MAPE at a true value of 0",
        lambda: float(M.mean_absolute_percentage_error([0], [1])) > 1e15, True),
)  # fmt: skip

FITTING: tuple[Row, ...] = (
    Row("scikit-learn", "test rows of ten: .25, .33, .3, default; of seven: .2",
        lambda: [*sizes(10, 0.25, 0.33, 0.3, None), *sizes(7, 0.2)], [3, 4, 3, 3, 2]),
    Row("scikit-learn", "train_test_split of ten with random_state 0", default_split, [2, 8, 4]),
    Row("scikit-learn", "training rows of ten: .75",
        lambda: len(S.train_test_split(list(range(10)), train_size=0.75)[0]), 7),
    Row("scikit-learn", "train_test_split is the same twice without a random_state",
        lambda: S.train_test_split(list(range(1_000))) == S.train_test_split(list(range(1_000))),
        False),
    Row("scikit-learn", "StratifiedKFold(5) with a class of three",
        lambda: quiet(lambda: len(list(S.StratifiedKFold(5).split(
            np.zeros(20), [0] * 17 + [1] * 3)))), 5),
    Row("scikit-learn", "VarianceThreshold: threshold",
        lambda: given(feature_selection.VarianceThreshold, "threshold"), [0.0]),
    Row("scikit-learn", "learning_curve: training sizes on 150 rows",
        lambda: [int(size) for size in S.learning_curve(
            neighbors.KNeighborsClassifier(1), *datasets.load_iris(return_X_y=True),
            error_score=0.0)[0]], [12, 39, 66, 93, 120]),
    Row("scikit-learn", "KFold(3) of ten", folds, [[4, 3, 3], [0, 1, 2, 3]]),
    Row("scikit-learn", "flowers sorted by kind: default, KFold(3)", sorted_iris, [0.973333, 0.0]),
    Row("scikit-learn", "fits of the scaler: five folds, a grid of one", scaler_fits, [5, 6]),
    Row("scikit-learn", "StandardScaler on 1, 2, 3, 4; on 5, 5",
        lambda: [scaled(P.StandardScaler(), 1, 2, 3, 4)[0], scaled(P.StandardScaler(), 5, 5)],
        [-1.34164, [0.0, 0.0]]),
    Row("scikit-learn", "MinMaxScaler of 0 to 10: 12; a constant column",
        lambda: [float(P.MinMaxScaler().fit(column(0, 10)).transform(column(12))[0, 0]),
                 scaled(P.MinMaxScaler(), 5, 5)], [1.2, [0.0, 0.0]]),
    Row("scikit-learn", "RobustScaler on 1, 2, 3, 4, 100",
        lambda: scaled(P.RobustScaler(), 1, 2, 3, 4, 100), [-1.0, -0.5, 0.0, 0.5, 48.5]),
    Row("scikit-learn", "Normalizer works on rows",
        lambda: [float(v) for v in P.Normalizer().fit_transform([[3, 4]])[0]], [0.6, 0.8]),
    Row("scikit-learn", "OneHotEncoder: type, unknown category",
        lambda: [type(P.OneHotEncoder().fit_transform([["a"], ["b"]])).__name__,
                 error_of(lambda: P.OneHotEncoder().fit([["a"]]).transform([["c"]]))],
        ["csr_matrix", "ValueError"]),
    Row("scikit-learn", "OrdinalEncoder of low, medium, high",
        lambda: P.OrdinalEncoder().fit_transform([["low"], ["medium"], ["high"]]).ravel().tolist(),
        [1, 2, 0]),
    Row("scikit-learn", "SimpleImputer drops an empty column",
        lambda: list(quiet(lambda: impute.SimpleImputer().fit_transform(
            [[1.0, NAN], [2.0, NAN]])).shape), [2, 1]),
    Row("scikit-learn", "PolynomialFeatures(2) of two: names",
        lambda: [str(n) for n in P.PolynomialFeatures(2).fit([[1, 2]]).get_feature_names_out()],
        ["1", "x0", "x1", "x0^2", "x0 x1", "x1^2"]),
    Row("scikit-learn", "KBinsDiscretizer: encode, strategy",
        lambda: given(P.KBinsDiscretizer, "encode", "strategy"), ["onehot", "quantile"]),
    Row("scikit-learn", "PCA: variance by n - 1, sign kept, whitened deviation", components,
        [True, True, 1.0]),
    Row("scikit-learn", "PCA does not scale: share of a column 100 times as wide",
        lambda: float(decomposition.PCA().fit(np.random.default_rng(0).normal(size=(500, 2))
                                              * [1.0, 100.0]).explained_variance_ratio_[0]),
        0.999897),
    Row("scikit-learn", "PCA(.95) on the flowers, PCA(1.0)",
        lambda: [int(decomposition.PCA(0.95).fit(datasets.load_iris().data).n_components_),
                 error_of(lambda: decomposition.PCA(1.0).fit(datasets.load_iris().data))],
        [2, "InvalidParameterError"]),
    Row("scikit-learn", "LogisticRegression: C, max_iter",
        lambda: given(linear_model.LogisticRegression, "C", "max_iter"), [1.0, 100]),
    Row("scikit-learn", "Ridge(1), Lasso(1), Lasso(.5), ElasticNet(.5)", shrunk,
        [0.666667, 0.0, 0.5, 0.6]),
    Row("scikit-learn", "SGDClassifier: loss, penalty, rate; SGDRegressor: rate",
        lambda: [*given(linear_model.SGDClassifier, "loss", "penalty", "learning_rate"),
                 *given(linear_model.SGDRegressor, "learning_rate")],
        ["hinge", "l2", "optimal", "invscaling"]),
    Row("scikit-learn", "MLPClassifier's defaults",
        lambda: [list(given(neural_network.MLPClassifier, "hidden_layer_sizes")[0]),
                 *given(neural_network.MLPClassifier, "activation", "solver", "alpha",
                        "batch_size", "learning_rate_init", "max_iter", "early_stopping", "tol",
                        "n_iter_no_change")],
        [[100], "relu", "adam", 1e-4, "auto", 0.001, 200, False, 1e-4, 10]),
    Row("scikit-learn", "MLPClassifier: momentum, Nesterov, beta, epsilon",
        lambda: given(neural_network.MLPClassifier, "momentum", "nesterovs_momentum", "beta_1",
                      "epsilon"), [0.9, True, 0.9, 1e-8]),
    Row("scikit-learn", "first parameter of MLPRegressor, of MLPClassifier",
        lambda: [next(iter(inspect.signature(c).parameters)) for c in (
            neural_network.MLPRegressor, neural_network.MLPClassifier)],
        ["loss", "hidden_layer_sizes"]),
    Row("scikit-learn", "MLPRegressor's loss is half the mean square", half_loss, 0.5),
    Row("scikit-learn", "a fresh ReLU network 1000-1000: deviation, largest", mlp_start,
        [0.0316401, 0.0557716], drawn=True),
    Row("scikit-learn", "a tie of two neighbours with labels 1, 0",
        lambda: int(neighbors.KNeighborsClassifier(2).fit([[-1], [1]], [1, 0]).predict([[0]])[0]),
        0),
    Row("scikit-learn", "GridSearchCV fits the best again on all",
        lambda: given(S.GridSearchCV, "refit")[0], True),
    Row("scikit-learn", "TSNE can place new rows",
        lambda: hasattr(__import__("sklearn.manifold").manifold.TSNE, "transform"), False),
    Row("scikit-learn", "deviation of 2, 4, 4, 4, 5, 5, 7, 9: the last; pandas",
        lambda: [scaled(P.StandardScaler(), 2, 4, 4, 4, 5, 5, 7, 9)[-1],
                 float((9 - 5) / pd.Series([2, 4, 4, 4, 5, 5, 7, 9]).std())], [2.0, 1.87083]),
    Row("skorch", "defaults: rate, epochs, batch",
        lambda: given(skorch.NeuralNet, "lr", "max_epochs", "batch_size"),
        [0.01, 10, 128]),
    Row("skorch", "EarlyStopping: patience, threshold, mode, best",
        lambda: given(skorch.callbacks.EarlyStopping, "patience", "threshold", "threshold_mode",
                      "load_best"), [5, 1e-4, "rel", False]),
)  # fmt: skip


ROWS = SCORING + FITTING
