"""Faiss: exact search in a flat index."""

import faiss

VERSION = faiss.__version__


def search(x, y, count):
    def run():
        index = faiss.IndexFlatL2(y.shape[1])
        index.add(y)
        return index.search(x, count)[1]

    return run


KINDS = {"argmin": lambda x, y: search(x, y, 1), "kmin": lambda x, y: search(x, y, 10)}
