"""PyTorch on the CPU. In low dimension torch.compile on the whole, which fuses sums with the kernel, from coordinates
that lie together; else matrix products on blocks of rows, topk, and its own attention. Each form is the fastest of those
tried."""

import torch
import torch._dynamo
from dense import blocks, conjugate_gradient, squared_distances

VERSION = torch.__version__


def tensors(*arrays):
    return [torch.from_numpy(a) for a in arrays]


def fused(function, *arguments):
    """A run of a compiled function, without gradients. Compiled anew for each workload: after eight sizes of one function
    it would no longer be compiled."""
    torch._dynamo.reset()
    function = torch.compile(function, dynamic=False)
    run = torch.inference_mode()(lambda: function(*arguments))
    return lambda: run().numpy()


def by_blocks(function, x, *others):
    """A run of a function on blocks of x, without gradients."""
    run = torch.inference_mode()(lambda: torch.cat([function(part, *others) for part in blocks(x)]))
    return lambda: run().numpy()


def low(x):
    return x.shape[1] <= 8


def columns(a):
    """Coordinates that lie together."""
    return torch.from_numpy(a).T.contiguous()


def distances(x, y):
    """Squared distances, y by columns: summed coordinate by coordinate, which is fused with what follows."""
    return sum((x[:, k, None] - y[k]) ** 2 for k in range(x.shape[1]))


def gaussian(x, y, b, s):
    scale = float(-1 / s[0, 0] ** 2)
    if low(x):
        x, y, b = torch.from_numpy(x), columns(y), columns(b)[0]
        return fused(lambda x, y, b: (torch.exp(distances(x, y) * scale) * b).sum(1), x, y, b)
    return by_blocks(lambda x, y, b: torch.exp(squared_distances(x, y) * scale) @ b, *tensors(x, y, b))


def four(x, y, b, s):
    scales = [float(-1 / width**2) for width in s[0]]

    def function(x, y, b):
        d = distances(x, y)
        weights = sum(torch.exp(d * scale) for scale in scales)
        return torch.stack([(weights * row).sum(1) for row in b], 1)

    return fused(function, torch.from_numpy(x), columns(y), columns(b))


def gradient(x, y, b, s, e):
    scale = float(-1 / s[0, 0] ** 2)

    def function(x, y, b, e):
        weights = torch.exp(distances(x, y) * scale) * b
        sums = [(weights * (x[:, k, None] - y[k])).sum(1) for k in range(x.shape[1])]
        return 2 * scale * e * torch.stack(sums, 1)

    x, e = tensors(x, e)
    return fused(function, x, columns(y), columns(b)[0], e)


def argmin(x, y):
    if low(x):
        return fused(lambda x, y: distances(x, y).argmin(1), torch.from_numpy(x), columns(y))
    return by_blocks(lambda x, y: squared_distances(x, y).argmin(1), *tensors(x, y))


def kmin(x, y):
    if low(x):
        function = torch.compile(lambda x, y: torch.topk(distances(x, y), 10, largest=False)[1], dynamic=False)
        return by_blocks(function, torch.from_numpy(x), columns(y))
    return by_blocks(lambda x, y: torch.topk(squared_distances(x, y), 10, largest=False)[1], *tensors(x, y))


def log_sum_exp(x, y, s):
    scale = float(-1 / s[0, 0] ** 2)
    return fused(lambda x, y: torch.logsumexp(distances(x, y) * scale, 1), torch.from_numpy(x), columns(y))


def attention(x, y, b, s):
    query, key, value = [a[None, None] for a in tensors(x, y, b)]
    scale = float(s[0, 0])

    @torch.inference_mode()
    def run():
        return torch.nn.functional.scaled_dot_product_attention(query, key, value, scale=scale)[0, 0].numpy()

    return run


def solve(x, b, s, ridge):
    x, b = tensors(x, b)
    scale, ridge = float(-1 / s[0, 0] ** 2), float(ridge[0, 0])

    @torch.inference_mode()
    def run():
        matrix = torch.exp(squared_distances(x, x) * scale)
        return conjugate_gradient(lambda p: matrix @ p + ridge * p, b).numpy()

    return run


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
