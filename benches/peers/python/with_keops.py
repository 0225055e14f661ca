"""KeOps with its default flags, through its formulas. The time of a call is that of a formula that is compiled."""

import pykeops
from pykeops.numpy import Genred, KernelSolve

pykeops.set_verbose(False)
VERSION = pykeops.__version__

# Further arguments of a sum; another module may set them.
SUM_OPTIONS = {}


def called(formula, aliases, operation, arguments, **options):
    """A run of a reduction over j."""
    routine = Genred(formula, aliases, reduction_op=operation, axis=1, **options)
    return lambda: routine(*arguments, backend="CPU")


def points(x):
    return [f"x = Vi({x.shape[1]})", f"y = Vj({x.shape[1]})"]


def gaussian(x, y, b, s):
    formula = "Exp(-SqDist(x, y) / Square(s)) * b"
    aliases = [*points(x), f"b = Vj({b.shape[1]})", "s = Pm(1)"]
    return called(formula, aliases, "Sum", [x, y, b, s[0]], **SUM_OPTIONS)


def four(x, y, b, s):
    weight = " + ".join(f"Exp(-SqDist(x, y) / Square(Elem(s, {k})))" for k in range(s.shape[1]))
    aliases = [*points(x), f"b = Vj({b.shape[1]})", f"s = Pm({s.shape[1]})"]
    return called(f"({weight}) * b", aliases, "Sum", [x, y, b, s[0]], **SUM_OPTIONS)


def gradient(x, y, b, s, e):
    formula = "Grad(Exp(-SqDist(x, y) / Square(s)) * b, x, e)"
    aliases = [*points(x), "b = Vj(1)", "s = Pm(1)", "e = Vi(1)"]
    return called(formula, aliases, "Sum", [x, y, b, s[0], e], **SUM_OPTIONS)


def argmin(x, y):
    return called("SqDist(x, y)", points(x), "ArgMin", [x, y])


def kmin(x, y):
    return called("SqDist(x, y)", points(x), "ArgKMin", [x, y], opt_arg=10)


def log_sum_exp(x, y, s):
    return called("-SqDist(x, y) / Square(s)", [*points(x), "s = Pm(1)"], "LogSumExp", [x, y, s[0]])


def attention(x, y, b, s):
    aliases = [*points(x), f"b = Vj({b.shape[1]})", "s = Pm(1)"]
    return called("s * (x | y)", aliases, "SumSoftMaxWeight", [x, y, b, s[0]], formula2="b")


def solve(x, b, s, ridge):
    aliases = [*points(x), "b = Vj(1)", "s = Pm(1)"]
    solver = KernelSolve("Exp(-SqDist(x, y) / Square(s)) * b", aliases, "b", axis=1, **SUM_OPTIONS)
    return lambda: solver(x, x, b, s[0], backend="CPU", alpha=float(ridge[0, 0]), eps=1e-6)


KINDS = {
    "gaussian": gaussian,
    "four": four,
    "gradient": gradient,
    "argmin": argmin,
    "kmin": kmin,
    "log_sum_exp": log_sum_exp,
    "attention": attention,
    "solve": solve,
}
