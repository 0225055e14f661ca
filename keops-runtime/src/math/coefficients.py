#!/usr/bin/env python3
"""Writes coefficients.rs: `pip install mpmath && python coefficients.py > coefficients.rs`.

Each table is the minimax polynomial sum_k c_k t^k of a target on an interval: the largest weighted error
w(t) |target(t) - sum_k c_k t^k| is the least possible (Remez exchange at 50 digits). The weight turns the error of the
polynomial into the relative error of the function it is used for, which is what the comment of the table states.
The first coefficients matter most: where the interval does not straddle 0, each is rounded to the scalar type in turn
and the others are fitted again. (Where it does, powers from t on are no Chebyshev system, and all are rounded at once.)
"""
import struct
import textwrap

import mpmath as mp

mp.mp.dps = 50
TINY = mp.mpf(10) ** -20  # stands for 0 where a target is a quotient 0/0
ROUNDED_IN_TURN = 3


def solve_alternation(target, weight, points, first, count):
    """Coefficients of t^first .. t^(first+count-1) whose weighted error alternates in sign over count + 1 points."""
    rows, right = mp.matrix(count + 1, count + 1), mp.matrix(count + 1, 1)
    for row, (t, g, w) in enumerate(zip(points, target, weight)):
        for k in range(count):
            rows[row, k] = t ** (first + k) * w
        rows[row, count] = (-1) ** row
        right[row] = g * w
    solution = mp.lu_solve(rows, right)
    return [solution[k] for k in range(count)], abs(solution[count])


def alternating_extrema(errors, count):
    """Indices of the extrema of alternating sign, the smaller of the two ends dropped while there are too many."""
    extrema = []
    for i, error in enumerate(errors):
        if extrema and (error > 0) == (errors[extrema[-1]] > 0):
            if abs(error) > abs(errors[extrema[-1]]):
                extrema[-1] = i
        elif error != 0:
            extrema.append(i)
    while len(extrema) > count:
        extrema.pop(0 if abs(errors[extrema[0]]) < abs(errors[extrema[-1]]) else -1)
    return extrema


def remez(grid, target, weight, first, count):
    """The minimax coefficients of t^first .. on a grid, and the largest weighted error."""
    index = [round((len(grid) - 1) * (i + 0.5) / (count + 1)) for i in range(count + 1)]
    for _ in range(40):
        pick = lambda values: [values[i] for i in index]
        found, level = solve_alternation(pick(target), pick(weight), pick(grid), first, count)
        errors = [w * (mp.polyval(found[::-1], t) * t**first - g) for t, g, w in zip(grid, target, weight)]
        largest = max(map(abs, errors))
        index = alternating_extrema(errors, count + 1)
        if len(index) < count + 1 or largest < level * mp.mpf("1.001"):
            break
    return found, largest


def rounded(x, bits):
    """x as the nearest float of 32 or 64 bits."""
    return mp.mpf(struct.unpack("f", struct.pack("f", x))[0]) if bits == 32 else mp.mpf(float(x))


def fit(target, weight, low, high, count, bits):
    """Rounded minimax coefficients, and the base-2 logarithm of their largest weighted error."""
    size = 60 * count
    centre, radius = (mp.mpf(low) + high) / 2, (mp.mpf(high) - low) / 2
    grid = [centre - radius * mp.cos(mp.pi * i / size) for i in range(size + 1)]
    grid = [t if abs(t) > TINY else TINY for t in grid]
    values, weights = [target(t) for t in grid], [weight(t) for t in grid]
    fixed = []
    while len(fixed) < count:
        rest = [g - mp.polyval(fixed[::-1], t) if fixed else g for t, g in zip(grid, values)]
        found, _ = remez(grid, rest, weights, len(fixed), count - len(fixed))
        take = 1 if len(fixed) < ROUNDED_IN_TURN and low * high >= 0 else len(found)
        fixed += [rounded(c, bits) for c in found[:take]]
    largest = max(abs(w * (mp.polyval(fixed[::-1], t) - g)) for t, g, w in zip(grid, values, weights))
    return fixed, mp.log(largest, 2)


def literal(x, bits):
    """The shortest decimal that reads back as x, or the name of the constant that the standard library has for it."""
    for name, value in (("FRAC_PI_2", mp.pi / 2), ("LOG2_E", 1 / LN2)):
        if x == rounded(value, bits):
            return f"std::f{bits}::consts::{name}"
    if bits == 64:
        return repr(float(x))
    for digits in range(1, 10):
        text = f"{float(x):.{digits}g}"
        if rounded(mp.mpf(text), 32) == x:
            return repr(float(text))


# Quotients that leave a function of t = x (or of x^2) to approximate. `in_square` reads its argument as x^2.
def in_square(function):
    return lambda t: function(mp.sqrt(t))


def odd_tail(f):
    """(f(x) - x) / x^3 for an odd f with f'(0) = 1, as a function of x^2; weighted to the relative error of f."""
    return in_square(lambda x: (f(x) - x) / x**3), in_square(lambda x: x**3 / abs(f(x)))


def erfcx(x):
    return mp.erfc(x) * mp.exp(x * x)


def from_unit(t):
    """The x with t = (x - 3) / (x + 3)."""
    return 3 * (1 + t) / (1 - t)


def j1(x):
    return (mp.sin(x) - x * mp.cos(x)) / x**2


def j2(x):
    return ((3 - x * x) * mp.sin(x) - 3 * x * mp.cos(x)) / x**3


def series(f, terms):
    """f near 0, where its closed form cancels, from `terms` of its series."""
    return lambda x: mp.nsum(lambda k: terms(int(k), x), [0, 20]) if abs(x) < 0.1 else f(x)


J1_OVER_X = series(
    lambda x: j1(x) / x, lambda k, x: (-1) ** k * (2 * k + 2) * x ** (2 * k) / mp.factorial(2 * k + 3)
)
J2_OVER_X2 = series(
    lambda x: j2(x) / x**2,
    lambda k, x: (-1) ** k * 4 * (k + 1) * (k + 2) * x ** (2 * k) / mp.factorial(2 * k + 5),
)

LN2 = mp.log(2)
HALF = LN2 / 2 * mp.mpf("1.0005")
LOG_END = ((mp.sqrt(2) - 1) / (mp.sqrt(2) + 1)) ** 2 * mp.mpf("1.0001")
QUARTER = (mp.pi / 4 * mp.mpf("1.002")) ** 2
SINC = lambda x: mp.sinpi(x) / (mp.pi * x)
LOG_TAIL = lambda s: (2 * mp.atanh(s) - 2 * s - 2 * s**3 / 3) / s**5


def erfc_range(high):
    to_unit = lambda x: (x - 3) / (x + 3)
    return to_unit(mp.mpf("0.43")), to_unit(mp.mpf(high))


SCALED_ERFC = lambda t: erfcx(from_unit(t)) * (1 + 2 * from_unit(t))

# Powers of two in steps of 1/8 (f32) and 1/16 (f64), times such a number near 1 that each of them is very nearly a float:
# 0.077 and 0.168 units in the last place from one at most. (Found by trying 2.4e7 and 8e7 numbers.)
STEPS = {32: 8, 64: 16}
NEAR_ONE = {32: 1 - mp.mpf(25518105) / 2**36, 64: 1 - mp.mpf(39558425) / 2**60}


def near_power(log_base):
    """base^f / near one − 1 and its weight, and |f| up to half a step, for both types."""
    target = lambda bits: lambda f: mp.expm1(f * log_base - mp.log(NEAR_ONE[bits]))
    half_step = lambda bits: mp.mpf("1.0005") * LN2 / (2 * STEPS[bits] * log_base)
    return (
        {bits: (target(bits), lambda f: mp.exp(-f * log_base)) for bits in STEPS},
        {bits: (-half_step(bits), half_step(bits)) for bits in STEPS},
    )


def above_power():
    """2^f / near one − 1 and its weight, and f up to a whole step, for both types."""
    functions, half_steps = near_power(LN2)
    return functions, {bits: (mp.mpf(0), 2 * high) for bits, (_, high) in half_steps.items()}


# name, sentence, (target, weight), interval (or one for each type), coefficients in f32 and in f64
TABLES = [
    ("EXP", "(eᶠ − 1 − f) / f² on |f| ≤ ½ log 2, in powers of f; errors relative to eᶠ − 1",
     (lambda f: (mp.expm1(f) - f) / f**2, lambda f: f**2 / abs(mp.expm1(f))), (-HALF, HALF), 5, 10),
    ("EXP2", "(2ᶠ − 1 − f log 2) / f² on |f| ≤ ½, in powers of f; errors relative to 2ᶠ",
     (lambda f: (mp.expm1(f * LN2) - f * LN2) / f**2, lambda f: f**2 / 2**f), (mp.mpf(-1) / 2, mp.mpf(1) / 2), 5, 10),
    ("EXP_NEAR", "eᶠ / (1 + δ) − 1 on |f| ≤ log 2 / 16 (f32), log 2 / 32 (f64), in powers of f; errors relative to eᶠ",
     *near_power(1), 4, 7),
    ("EXP2_NEAR", "2ᶠ / (1 + δ) − 1 on |f| ≤ 1/16 (f32), 1/32 (f64), in powers of f; errors relative to 2ᶠ",
     *near_power(LN2), 4, 7),
    ("EXP2_ABOVE", "the same on 0 ≤ f ≤ 1/8 (f32), 1/16 (f64)", *above_power(), 4, 7),
    ("LOG", "(2 artanh s − 2 s) / s³ on |s| ≤ (√2 − 1) / (√2 + 1), in powers of s²; errors relative to 2 artanh s",
     (in_square(lambda s: (2 * mp.atanh(s) - 2 * s) / s**3), in_square(lambda s: s**3 / (2 * mp.atanh(s)))),
     (0, LOG_END), 3, 7),
    ("LOG_TAIL", "(2 artanh s − 2 s − ⅔ s³) / s⁵ on the same interval, in powers of s²; errors relative to artanh s",
     (in_square(LOG_TAIL), in_square(lambda s: s**5 / (2 * mp.atanh(s)))), (0, LOG_END), 3, 7),
    ("LOG_NEAR", "(log(1 + r) − r + r²/2) / r³ on |r| ≤ 0.0627 (f32), 0.0359 (f64), in powers of r; errors relative to r",
     (lambda r: (mp.log1p(r) - r + r * r / 2) / r**3, lambda r: r**2),
     {32: (mp.mpf("-0.0627"), mp.mpf("0.0627")), 64: (mp.mpf("-0.0359"), mp.mpf("0.0359"))}, 4, 9),
    ("SIN", "(sin r − r) / r³ on |r| ≤ π/4, in powers of r²; errors relative to sin r", odd_tail(mp.sin), (0, QUARTER), 3, 6),
    ("COS", "(cos r − 1 + r²/2) / r⁴ on |r| ≤ π/4, in powers of r²; errors relative to cos r",
     (in_square(lambda r: (mp.cos(r) - 1 + r * r / 2) / r**4), in_square(lambda r: r**4 / mp.cos(r))), (0, QUARTER), 3, 6),
    ("TAN", "(tan r − r) / r³ on |r| ≤ π/4, in powers of r²; errors relative to tan r", odd_tail(mp.tan), (0, QUARTER), 7, 14),
    ("ASIN", "(arcsin s − s) / s³ on |s| ≤ ½, in powers of s²; errors relative to arcsin s", odd_tail(mp.asin), (0, 0.25), 5, 12),
    ("ATAN", "(arctan q − q) / q³ on |q| ≤ ½, in powers of q²; errors relative to arctan q", odd_tail(mp.atan), (0, 0.25), 5, 12),
    ("SINH", "(sinh x − x) / x³ on |x| ≤ 1, in powers of x²; errors relative to sinh x", odd_tail(mp.sinh), (0, 1), 4, 7),
    ("TANH", "(tanh x − x) / x³ on |x| ≤ 0.55, in powers of x²; errors relative to tanh x",
     odd_tail(mp.tanh), (0, mp.mpf("0.3025")), 5, 11),
    ("ERF", "erf(x)/x − 1 on |x| ≤ 1, in powers of x²; errors relative to erf x",
     (in_square(lambda x: mp.erf(x) / x - 1), in_square(lambda x: x / mp.erf(x))), (0, 1), 7, 12),
    ("ERFC", "(1 + 2x) exp(x²) erfc x − 5/4 on 0.43 ≤ x ≤ 10.5 (f32), 28 (f64), in powers of (x − 3)/(x + 3); errors relative to erfc x",
     (lambda t: SCALED_ERFC(t) - 1.25, lambda t: 1 / SCALED_ERFC(t)), {32: erfc_range(10.5), 64: erfc_range(28)}, 11, 22),
    ("SINC", "(sin(πr)/(πr) − 1) / r² on |r| ≤ ½, in powers of r²; errors relative to sin(πr)/(πr)",
     (in_square(lambda r: (SINC(r) - 1) / r**2), in_square(lambda r: r**2 / SINC(r))), (0, 0.25), 5, 8),
    ("J1", "(j₁(x)/x − ⅓) / x² on |x| ≤ 1.75, in powers of x²; errors relative to j₁(x)/x",
     (in_square(lambda x: (J1_OVER_X(x) - mp.mpf(1) / 3) / x**2), in_square(lambda x: x**2 / J1_OVER_X(x))), (0, mp.mpf("3.0625")), 5, 9),
    ("J2", "(j₂(x)/x² − 1/15) / x² on |x| ≤ 3, in powers of x²; errors relative to j₂(x)/x²",
     (in_square(lambda x: (J2_OVER_X2(x) - mp.mpf(1) / 15) / x**2), in_square(lambda x: x**2 / J2_OVER_X2(x))), (0, 9), 6, 10),
    ("CBRT", "∛m on 1 ≤ m ≤ 2, in powers of m; a first guess; relative errors",
     (mp.cbrt, lambda m: 1 / mp.cbrt(m)), (1, 2), 3, 4),
]


def short(x, bits):
    """x rounded to so many significant bits."""
    scale = mp.mpf(2) ** (bits - 1 - mp.floor(mp.log(abs(x), 2)))
    return mp.nint(x * scale) / scale


def pieces(x, widths, bits):
    """x as a sum of pieces of the given numbers of significant bits (None: all that the type has)."""
    found = []
    for width in widths:
        piece = short(x, width) if width else rounded(x, bits)
        found.append(piece)
        x -= piece
    return found


def chunks(x, width, count, scale):
    """The binary digits of x < 1 in `count` groups of `width`, group j worth 2^(scale - width (j + 1))."""
    found = []
    for j in range(count):
        x *= 2**width
        digit = mp.floor(x)
        found.append(digit * mp.mpf(2) ** (scale - width * (j + 1)))
        x -= digit
    return found


def powers(bits):
    """2^(j/steps) near one, rounded, and the same with the bits of each less j/steps in the place of the exponent."""
    steps, number, pattern, fraction = (8, "f", "I", 23) if bits == 32 else (16, "d", "Q", 52)
    read = lambda to, of, x: struct.unpack(to, struct.pack(of, x))[0]
    found = [float(rounded(mp.mpf(2) ** (mp.mpf(j) / steps) * NEAR_ONE[bits], bits)) for j in range(steps)]
    less = [read(number, pattern, read(pattern, number, x) - (j << fraction) // steps) for j, x in enumerate(found)]
    return [mp.mpf(x) for x in found], [mp.mpf(x) for x in less]


# Intervals of the significands, as many as STEPS, of equal width in bits, which doubles at 1: from START to twice that, where
# 1 lies inside of one.
START = {32: mp.mpf(17) / 24, 64: mp.mpf(39) / 56}


def interval(number, bits):
    """The ends of interval `number`."""
    widen = lambda position: position if position <= 1 else 1 + (position - 1) * 2
    return [widen(START[bits] + mp.mpf(edge) / (2 * STEPS[bits])) for edge in (number, number + 1)]


def inverse(low, high, bits):
    """The inverse of a number in the middle of an interval, 1 if that is inside. It has so few binary places that
    r = m/c - 1 is a float for each float m in the interval: its last place is `places` beyond that of m."""
    if low < 1 < high:
        return mp.mpf(1)
    largest = lambda x: max(abs(low * x - 1), abs(high * x - 1))
    candidates = []
    for places in range(1, 8):
        x = mp.nint(2 / (low + high) * 2**places) / 2**places
        if largest(x) <= mp.mpf(2) ** ((0 if high <= 1 else 1) - places):
            candidates.append(x)
    return min(candidates, key=largest)


def inverses(bits):
    """The inverses of all intervals, and -log of these in two parts, the first a multiple of a number of which the first part
    of log 2 is one: the sum with a multiple of that is exact."""
    unit = mp.mpf(2) ** (-17 if bits == 32 else -42)
    found = [inverse(*interval(j, bits), bits) for j in range(STEPS[bits])]
    logs = [-mp.log(x) for x in found]
    firsts = [mp.nint(log / unit) * unit for log in logs]
    return found, firsts, [rounded(log - first, bits) for log, first in zip(logs, firsts)]


def constants(bits):
    """(name, sentence, values): numbers that are kept in several pieces, the first ones short enough for exact products."""
    single = bits == 32
    full = [None, None]
    log_width, half_width, pi_width = (15, 12, 14) if single else (41, 26, 33)
    with mp.workdps(500):
        two_over_pi = chunks(2 / mp.pi, 12, 16, 80) if single else chunks(2 / mp.pi, 26, 45, 512)
    return [
        ("POWERS", "2^(j/8) (1 + δ) for j < 8 (f32), 2^(j/16) (1 + δ) for j < 16 (f64), where the small δ makes all of them nearly "
         "floats", powers(bits)[0]),
        ("POWERS_LESS_STEPS", "the same with bits less by j eighths or sixteenths of the exponent's lowest bit", powers(bits)[1]),
        ("START", "where the significands start that are divided into 8 (f32) or 16 (f64) intervals of equal width in bits; they end at "
         "twice that", [rounded(START[bits], bits)]),
        ("INVERSES", "1/c for a number c in each of these intervals, 1 in the one around 1; for all floats m in the interval m/c − 1 is a "
         "float", inverses(bits)[0]),
        ("LOG_INVERSES", "log c, a multiple of such a number that the sum with a multiple of log 2's first part is exact", inverses(bits)[1]),
        ("LOG_INVERSES_REST", "the rest of log c", inverses(bits)[2]),
        ("LN_2", "log 2: so many bits that n · first is exact for every exponent n, then the rest",
         pieces(mp.log(2), [log_width, None], bits)),
        ("LOG2_E", "log₂ e: half of the type's bits, then the rest", pieces(1 / mp.log(2), [half_width, None], bits)),
        ("LOG10_E", "log₁₀ e, likewise", pieces(1 / mp.log(10), [half_width, None], bits)),
        ("TWO_THIRDS", "⅔ in two pieces", pieces(mp.mpf(2) / 3, full, bits)),
        ("HALF_PI", "π/2 in two pieces", pieces(mp.pi / 2, full, bits)),
        ("HALF_PI_FUSED", "π/2 in pieces for n · piece inside a fused multiply-add", pieces(mp.pi / 2, [None] * 3, bits)),
        ("HALF_PI_SPLIT", "π/2 in pieces for n · piece exact in itself, but for the last",
         pieces(mp.pi / 2, [pi_width] * 3 + [None], bits)),
        ("TWO_OVER_PI", "2/π in groups of binary digits, scaled up", two_over_pi),
    ]


def constant(name, kind, opening, values, bits):
    """The Rust constant, its numbers in filled lines."""
    numbers = ", ".join(literal(value, bits) for value in values)
    closing = "]" if opening else ""
    line = f"    const {name}: {kind} = {opening}{numbers}{closing};"
    if len(line) <= 110:
        return line
    body = textwrap.fill(numbers + ",", 110, initial_indent=" " * 8, subsequent_indent=" " * 8, break_on_hyphens=False)
    return f"    const {name}: {kind} = {opening}\n{body}\n    ];"


def main():
    print("//! Constants of the approximations. Written by `coefficients.py`, which says how each table was made.\n")
    print("/// The tables of one scalar type.\npub(super) trait Coefficients: Sized + 'static {")
    for name, sentence, *_ in TABLES:
        print(f"    /// {sentence}.\n    const {name}: &'static [Self];")
    for name, sentence, values in constants(32):
        kind = {1: "Self", 2: "[Self; 2]"}.get(len(values), "&'static [Self]")
        print(f"    /// {sentence}.\n    const {name}: {kind};")
    print("}")
    for bits in (32, 64):
        print(f"\n// Filled lines, which rustfmt would make one for each number.\n#[rustfmt::skip]\nimpl Coefficients for f{bits} {{")
        for name, _, target, interval, *counts in TABLES:
            target, weight = target[bits] if isinstance(target, dict) else target
            low, high = interval[bits] if isinstance(interval, dict) else interval
            table, error = fit(target, weight, low, high, counts[bits // 64], bits)
            print(f"    // largest error 2^{mp.nstr(error, 4)}")
            print(constant(name, f"&'static [f{bits}]", "&[", table, bits))
        for name, _, values in constants(bits):
            kinds = {1: (f"f{bits}", ""), 2: (f"[f{bits}; 2]", "[")}
            kind, opening = kinds.get(len(values), (f"&'static [f{bits}]", "&["))
            print(constant(name, kind, opening, values, bits))
        print("}")


main()
