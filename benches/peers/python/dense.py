"""What the libraries that work on matrices share: blocks of rows, so that the whole matrix is never stored, and the
conjugate gradient method on a stored one."""

# Rows of a block: a block of 512 × 20,000 numbers is 40 MB in single precision.
BLOCK = 512


def blocks(x):
    """The rows of x, block by block."""
    return [x[first : first + BLOCK] for first in range(0, len(x), BLOCK)]


def squared_distances(x, y):
    """|x|² + |y|² - 2 x·y, by a matrix product."""
    return (x * x).sum(1)[:, None] + (y * y).sum(1)[None, :] - 2 * (x @ y.T)


def conjugate_gradient(product, b, tolerance=1e-6):
    """Solves A a = b for a positive A given by its product with a vector, until |r| < tolerance √n."""
    a, r, p = 0 * b, b, b
    size = (r * r).sum()
    while size >= len(b) * tolerance**2:
        image = product(p)
        step = size / (p * image).sum()
        a, r = a + step * p, r - step * image
        size, previous = (r * r).sum(), size
        p = r + size / previous * p
    return a
