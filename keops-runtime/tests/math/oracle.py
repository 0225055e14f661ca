#!/usr/bin/env python3
"""Writes oracle.rs: `pip install mpmath && python oracle.py > oracle.rs`.

Values of the functions at 60 digits, each as the sum of two f64 (some 32 digits): the references of the tests are
compared with them.
"""
import mpmath as mp

mp.mp.dps = 60
# For arguments up to 2^1024, which are reduced by multiples of pi.
REDUCED_DPS = 400

ALL = [0.1, -0.7, 1.3, -2.9, 11.7]
LARGE = ALL + [1e-9, 123456.789, -8.0e8, 1e22, 5.319372648326541e255, 1.7e308]
POSITIVE = [0.3, 0.9999, 1.0001, 1.41, 77.7, 3e-310, 1.7e308]
UNIT = [0.1, -0.4, 0.51, -0.9, 0.99999, 1e-9]


def j1(x):
    return (mp.sin(x) - x * mp.cos(x)) / x**2


def j2(x):
    return ((3 - x * x) * mp.sin(x) - 3 * x * mp.cos(x)) / x**3


FUNCTIONS = [
    ("exp", mp.exp, ALL + [1e-9, -300.3, 709.7]),
    ("exp2", lambda x: mp.mpf(2) ** x, ALL + [1e-9, -300.3, 1023.9]),
    ("expm1", mp.expm1, ALL + [1e-9, -1e-300, 0.499, 709.7]),
    ("sigmoid", lambda x: 1 / (1 + mp.exp(-x)), ALL + [-300.3]),
    ("log", mp.log, POSITIVE),
    ("log2", lambda x: mp.log(x) / mp.log(2), POSITIVE),
    ("log10", mp.log10, POSITIVE),
    ("log1p", mp.log1p, [1e-9, -1e-300, 0.09, -0.11, -0.999, 5.5, 1e300]),
    ("xlogx", lambda x: x * mp.log(x), POSITIVE[:-1]),
    ("softplus", lambda x: mp.log1p(mp.exp(x)), ALL + [-300.3]),
    ("rsqrt", lambda x: 1 / mp.sqrt(x), POSITIVE),
    ("cbrt", mp.cbrt, POSITIVE),
    ("sin", mp.sin, LARGE),
    ("cos", mp.cos, LARGE),
    ("tan", mp.tan, LARGE),
    ("asin", mp.asin, UNIT),
    ("acos", mp.acos, UNIT),
    ("atan", mp.atan, ALL + [1e-9, 1e15]),
    ("sinh", mp.sinh, ALL + [1e-9, 0.499, 710.4]),
    ("cosh", mp.cosh, ALL + [1e-9, 710.4]),
    ("tanh", mp.tanh, ALL + [1e-9, 39.0]),
    ("asinh", mp.asinh, ALL + [1e-9, 1e29, -1e300]),
    ("acosh", mp.acosh, [1.0000001, 1.3, 11.7, 1e29, 1e300]),
    ("atanh", mp.atanh, UNIT),
    ("erf", mp.erf, ALL[:-1] + [1e-9, 5.9]),
    ("erfc", mp.erfc, ALL + [1.99, 2.01, 26.5]),
    ("sinc", mp.sincpi, ALL + [1e-9, 123456.789]),
    ("sinxdivx", mp.sinc, ALL + [1e-9, 1e22]),
    ("spherical_j1", j1, ALL + [1e-9, 5.99, 6.01, 1e22]),
    ("spherical_j1_over_x", lambda x: j1(x) / x, ALL + [1e-9, 5.99, 6.01, 1e22]),
    ("spherical_j2_over_x", lambda x: j2(x) / x, ALL + [1e-9, 5.99, 6.01, 1e22]),
    ("reciprocal", lambda x: 1 / x, ALL),
]


def main():
    print("//! Values at 60 digits, in two `f64` each. Written by `oracle.py`.\n")
    print("/// Functions by name, arguments and values.\n#[rustfmt::skip]")
    rows = [(name, f, x) for name, f, points in FUNCTIONS for x in points]
    print(f"pub(crate) const VALUES: [(&str, f64, [f64; 2]); {len(rows)}] = [")
    for name, f, x in rows:
        with mp.workdps(REDUCED_DPS):
            value = f(mp.mpf(x))
        high = float(value)
        print(f'    ("{name}", {x!r}, [{high!r}, {float(value - high)!r}]),')
    print("];")


main()
