#pragma once

/// Scalar functions on the device, in `keops::math`, for float and double, with the names, conventions and special
/// values of those on the host (`keops-runtime/src/math`). They need C++17 and nothing that nvcc does not include itself.
///
/// Where nothing else is said, errors were found to be within 2.5 ulp (in CUDA's count within 2 of the correctly rounded
/// result), and CUDA's own functions are used where they are. Found by a test (`kernels/tests/math`) that compares all of
/// them with the host's on the simulator, with products and sums apart and fused as an assembler may: 52 edges, or pairs of
/// them, and 512 numbers of all sizes. That proves no bound.
/// For its own functions NVIDIA documents larger errors of some, in the appendix on mathematical functions of its guide.

#include "math_basic.cuh"
#include "math_exp.cuh"
#include "math_fast.cuh"
#include "math_special.cuh"
