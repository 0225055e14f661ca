#!/bin/sh
# Makes dot.ptx. It is kept with its source so that the tests need no compiler.
# NVCC: nvcc of CUDA 13.0, as `cargo xtask cuda` installs it.
set -e
cd "$(dirname "$0")"
"${NVCC:-nvcc}" -ptx -O3 -std=c++17 -arch=compute_75 dot.cu -o dot.ptx
