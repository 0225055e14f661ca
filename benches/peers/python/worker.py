"""Runs one library's versions of the workloads, as `cargo xtask bench` asks for them on the standard input.

    python worker.py LIBRARY

prints `ready VERSION`, then answers each line:

    prepare KIND FOLDER CALLS   loads the arrays of FOLDER, runs once and writes the answer to FOLDER/LIBRARY.out:
                                `done SECONDS TYPE` (CPU seconds of that first run, with what it compiles), or `absent`
                                where the library has no version, or `failed WHY`
    run                         runs again: `time SECONDS` (CPU seconds of the process, all threads)

A library is the module beside this one; its `KINDS` maps the kind of a workload to a function that takes the arrays and
returns a function without arguments, which is what is timed.
"""

import importlib
import os
import sys
import time
from pathlib import Path

import numpy as np


def load(folder):
    """The arrays of a workload by name: `arrays.txt` holds a line `name type rows columns` for each."""
    arrays = {}
    for line in (folder / "arrays.txt").read_text().splitlines():
        name, dtype, rows, columns = line.split()
        arrays[name] = np.fromfile(folder / f"{name}.bin", dtype=dtype).reshape(int(rows), int(columns))
    return arrays


def with_children():
    """The CPU seconds of this process and of the compilers it has run."""
    times = os.times()
    return time.process_time() + times.children_user + times.children_system


def measured(run, calls):
    """The CPU seconds of one of `calls` runs."""
    start = time.process_time()
    for _ in range(calls):
        run()
    return (time.process_time() - start) / calls


def one_line(error):
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]


def main():
    # What libraries and their compilers print goes to the standard error: the standard output is for answers.
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    library = importlib.import_module(f"with_{sys.argv[1]}")
    answers = {"run": None, "calls": 1}

    def answer(command, *words):
        if command == "run":
            return f"time {measured(answers['run'], answers['calls']):.9f}"
        kind, folder, calls = words
        answers["run"] = None
        folder = Path(folder)
        arrays = load(folder)
        if kind not in library.KINDS or not getattr(library, "suits", lambda *_: True)(kind, arrays):
            return "absent"
        start = with_children()
        run = library.KINDS[kind](**arrays)
        result = np.asarray(run())
        seconds = with_children() - start
        dtype = "f8" if result.dtype == np.float64 else "f4" if result.dtype.kind == "f" else "i8"
        np.ascontiguousarray(result, dtype).tofile(folder / f"{sys.argv[1]}.out")
        answers.update(run=run, calls=int(calls))
        return f"done {seconds:.6f} {dtype}"

    print("ready", library.VERSION, file=out, flush=True)
    for line in sys.stdin:
        try:
            reply = answer(*line.split())
        except Exception as error:  # Whatever a library throws is one failed answer, not the end of the run.
            reply = f"failed {one_line(error)}"
        print(reply, file=out, flush=True)


if __name__ == "__main__":
    main()
