"""A logistic regression whose ridge pulls each weight to what it would be by hand."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
_ROUNDS = 200
_FLAT = 1e-7  # a step so small changes nothing that is written


def fit(
    signs: Vector, right: Vector, *, prior: Vector, stiffness: float, share: Vector | float = 1.0
) -> Vector:
    """Weights that make the log odds of `right`: the first is the base, the others of `signs`.

    `signs` has a row for each example, `prior` the base and the weights that the ridge of this
    `stiffness` pulls to (the base is free); `share` is how much each example counts. Newton's
    method, with steps of at most 1 in any weight.
    """
    table = np.c_[np.ones(len(signs)), signs]
    ridge = np.eye(table.shape[1]) * stiffness
    ridge[0, 0] = 1e-6
    weights = prior.copy()
    for _ in range(_ROUNDS):
        chance = 1 / (1 + np.exp(-table @ weights))
        slope = table.T @ (share * (chance - right)) + ridge @ (weights - prior)
        bend = (table.T * (share * chance * (1 - chance))) @ table + ridge
        step = np.linalg.solve(bend, slope)
        weights -= step * min(1.0, 1.0 / abs(step).max())
        if abs(step).max() < _FLAT:
            break
    return weights
