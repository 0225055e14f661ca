"""Numba: the loops, compiled for this processor with fast mathematics, rows over the threads."""

import numba
import numpy as np
from numba import njit, prange

VERSION = numba.__version__

parallel = njit(parallel=True, fastmath=True)
serial = njit(fastmath=True)


@serial
def squared_distance(x, y, i, j):
    d = x.dtype.type(0)
    for k in range(x.shape[1]):
        t = x[i, k] - y[j, k]
        d += t * t
    return d


@serial
def gaussian_row(x, y, b, scale, i):
    total = x.dtype.type(0)
    for j in range(len(y)):
        total += np.exp(squared_distance(x, y, i, j) * scale) * b[j, 0]
    return total


@serial
def gaussian_serial(x, y, b, scale, out):
    for i in range(len(x)):
        out[i] = gaussian_row(x, y, b, scale, i)


@parallel
def gaussian_parallel(x, y, b, scale, out):
    for i in prange(len(x)):
        out[i] = gaussian_row(x, y, b, scale, i)


@parallel
def four_rows(x, y, b, scales, out):
    for i in prange(len(x)):
        for j in range(len(y)):
            d = squared_distance(x, y, i, j)
            weight = x.dtype.type(0)
            for k in range(len(scales)):
                weight += np.exp(d * scales[k])
            for k in range(b.shape[1]):
                out[i, k] += weight * b[j, k]


@parallel
def gradient_rows(x, y, b, e, scale, out):
    for i in prange(len(x)):
        for j in range(len(y)):
            d = squared_distance(x, y, i, j)
            weight = np.exp(d * scale) * b[j, 0] * e[i, 0] * (2 * scale)
            for k in range(x.shape[1]):
                out[i, k] += weight * (x[i, k] - y[j, k])


@parallel
def argmin_rows(x, y, out):
    for i in prange(len(x)):
        best = squared_distance(x, y, i, 0)
        for j in range(1, len(y)):
            d = squared_distance(x, y, i, j)
            if d < best:
                best = d
                out[i] = j


@parallel
def log_sum_exp_rows(x, y, scale, out):
    for i in prange(len(x)):
        largest = squared_distance(x, y, i, 0) * scale
        for j in range(1, len(y)):
            largest = max(largest, squared_distance(x, y, i, j) * scale)
        total = x.dtype.type(0)
        for j in range(len(y)):
            total += np.exp(squared_distance(x, y, i, j) * scale - largest)
        out[i] = largest + np.log(total)


def filled(loop, shape, dtype, *arguments):
    """Runs a loop that fills its last argument."""

    def run():
        out = np.zeros(shape, dtype)
        loop(*arguments, out)
        return out

    return run


def gaussian(x, y, b, s):
    # Below this the threads cost more than they bring.
    loop = gaussian_serial if len(x) * len(y) < 100_000 else gaussian_parallel
    return filled(loop, len(x), x.dtype, x, y, b, x.dtype.type(-1 / s[0, 0] ** 2))


KINDS = {
    "gaussian": gaussian,
    "four": lambda x, y, b, s: filled(four_rows, (len(x), b.shape[1]), x.dtype, x, y, b, -1 / s[0] ** 2),
    "gradient": lambda x, y, b, s, e: filled(
        gradient_rows, x.shape, x.dtype, x, y, b, e, x.dtype.type(-1 / s[0, 0] ** 2)
    ),
    "argmin": lambda x, y: filled(argmin_rows, len(x), np.int64, x, y),
    "log_sum_exp": lambda x, y, s: filled(
        log_sum_exp_rows, len(x), x.dtype, x, y, x.dtype.type(-1 / s[0, 0] ** 2)
    ),
}
