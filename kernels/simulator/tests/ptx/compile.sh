#!/bin/sh
# Makes the .ptx files of this folder. They are kept with the sources so that the tests need no compiler.
# NVCC: nvcc of CUDA 13.0, such as that of the PyPI packages nvidia-cuda-nvcc==13.0.88, nvidia-cuda-crt==13.0.88,
# nvidia-nvvm==13.0.88 and nvidia-cuda-runtime==13.0.96, installed together with `pip install --no-deps --target`.
set -e
cd "$(dirname "$0")"
for source in *.cu; do
    "${NVCC:-nvcc}" -ptx -O3 -std=c++17 -arch=compute_75 "$source" -o "${source%.cu}.ptx"
done
