"""SciPy: k-d trees for neighbours in low dimension, built in the time measured, and a Cholesky solution."""

import numpy as np
import scipy
from dense import squared_distances
from scipy.linalg import cho_factor, cho_solve
from scipy.spatial import cKDTree

VERSION = scipy.__version__


def suits(kind, arrays):
    return kind == "solve" or arrays["x"].shape[1] <= 16


def argmin(x, y):
    return lambda: cKDTree(y).query(x, workers=-1)[1]


def kmin(x, y):
    return lambda: cKDTree(y).query(x, 10, workers=-1)[1]


def solve(x, b, s, ridge):
    def run():
        matrix = np.exp(squared_distances(x, x) * (-1 / s[0, 0] ** 2))
        matrix[np.diag_indices_from(matrix)] += ridge[0, 0]
        return cho_solve(cho_factor(matrix, overwrite_a=True, check_finite=False), b, check_finite=False)

    return run


KINDS = {"argmin": argmin, "kmin": kmin, "solve": solve}
