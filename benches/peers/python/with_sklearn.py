"""scikit-learn: brute-force neighbours and its own radial kernel."""

import numpy as np
import sklearn
from dense import blocks
from sklearn.metrics import pairwise_distances_argmin
from sklearn.metrics.pairwise import rbf_kernel
from sklearn.neighbors import NearestNeighbors

VERSION = sklearn.__version__


def gaussian(x, y, b, s):
    gamma = 1 / s[0, 0] ** 2
    return lambda: np.concatenate([rbf_kernel(part, y, gamma=gamma) @ b for part in blocks(x)])


def argmin(x, y):
    return lambda: pairwise_distances_argmin(x, y)


def kmin(x, y):
    return lambda: NearestNeighbors(n_neighbors=10, algorithm="brute").fit(y).kneighbors(x)[1]


KINDS = {"gaussian": gaussian, "argmin": argmin, "kmin": kmin}
