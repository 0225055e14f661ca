#pragma once

/// Scalar functions on the device, in `keops::math`, for float and double, with the names, conventions and special
/// values of those on the host (`keops-runtime/src/math`). They need C++17 and nothing that nvcc does not include itself.
///
/// The error is within 2.5 ulp where nothing else is said, in CUDA's count within 2 of the correctly rounded result;
/// where CUDA's own functions are that accurate, they are used. A test compares all of them with the host's
/// (`kernels/tests/math`).

#include "math_basic.cuh"
#include "math_exp.cuh"
#include "math_fast.cuh"
#include "math_special.cuh"
