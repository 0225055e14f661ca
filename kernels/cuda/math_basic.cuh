#pragma once

/// Functions that CUDA's library has, and those of a few instructions.

namespace keops::math {

/// A function of one argument, by its names in the library for float and for double.
#define KEOPS_LIBRARY(name, name_float, name_double)                                \
    __device__ __forceinline__ float name(float x) { return ::name_float(x); }     \
    __device__ __forceinline__ double name(double x) { return ::name_double(x); }

KEOPS_LIBRARY(exp, expf, exp)
KEOPS_LIBRARY(expm1, expm1f, expm1)
KEOPS_LIBRARY(log, logf, log)
KEOPS_LIBRARY(log2, log2f, log2)
KEOPS_LIBRARY(log10, log10f, log10)
KEOPS_LIBRARY(log1p, log1pf, log1p)
KEOPS_LIBRARY(cbrt, cbrtf, cbrt)
KEOPS_LIBRARY(sin, sinf, sin)
KEOPS_LIBRARY(cos, cosf, cos)
KEOPS_LIBRARY(asin, asinf, asin)
KEOPS_LIBRARY(acos, acosf, acos)
KEOPS_LIBRARY(atan, atanf, atan)
KEOPS_LIBRARY(sinh, sinhf, sinh)
KEOPS_LIBRARY(cosh, coshf, cosh)
KEOPS_LIBRARY(tanh, tanhf, tanh)
KEOPS_LIBRARY(asinh, asinhf, asinh)
KEOPS_LIBRARY(acosh, acoshf, acosh)
KEOPS_LIBRARY(erf, erff, erf)
KEOPS_LIBRARY(abs, fabsf, fabs)
KEOPS_LIBRARY(floor, floorf, floor)
KEOPS_LIBRARY(ceil, ceilf, ceil)
KEOPS_LIBRARY(trunc, truncf, trunc)
/// Halves go away from zero.
KEOPS_LIBRARY(round, roundf, round)
/// Correctly rounded, whatever nvcc is told.
KEOPS_LIBRARY(sqrt, __fsqrt_rn, __dsqrt_rn)
KEOPS_LIBRARY(reciprocal, __frcp_rn, __drcp_rn)
#undef KEOPS_LIBRARY

/// A function of two arguments, likewise.
#define KEOPS_LIBRARY(name, name_float, name_double)                                             \
    __device__ __forceinline__ float name(float x, float y) { return ::name_float(x, y); }      \
    __device__ __forceinline__ double name(double x, double y) { return ::name_double(x, y); }

/// √(x² + y²)
KEOPS_LIBRARY(hypot, hypotf, hypot)
/// xʸ with the special cases of IEEE 754.
KEOPS_LIBRARY(pow, powf, pow)
/// The larger; the other if one is NaN.
KEOPS_LIBRARY(maximum, fmaxf, fmax)
/// The smaller; the other if one is NaN.
KEOPS_LIBRARY(minimum, fminf, fmin)
#undef KEOPS_LIBRARY

/// The angle of the point (x, y) from the positive x-axis.
__device__ __forceinline__ float atan2(float y, float x) { return ::atan2f(y, x); }
__device__ __forceinline__ double atan2(double y, double x) { return ::atan2(y, x); }

/// 1/√x, and 0 at 0.
__device__ __forceinline__ float rsqrt(float x) { return x == 0 ? 0 : ::rsqrtf(x); }
__device__ __forceinline__ double rsqrt(double x) { return x == 0 ? 0 : ::rsqrt(x); }

/// x y, rounded before anything is added to it: the assembler fuses other products with sums, which then have no error to
/// be told from what they give back.
__device__ __forceinline__ float rounded_product(float x, float y) { return ::__fmul_rn(x, y); }
__device__ __forceinline__ double rounded_product(double x, double y) { return ::__dmul_rn(x, y); }

/// x y + z, rounded once.
__device__ __forceinline__ float fused(float x, float y, float z) { return ::fmaf(x, y, z); }
__device__ __forceinline__ double fused(double x, double y, double z) { return ::fma(x, y, z); }

/// c₀ + c₁ x + c₂ x² + …
template <class T, int N> __device__ __forceinline__ T polynomial(T x, const T (&coefficients)[N])
{
    T sum = coefficients[N - 1];
#pragma unroll
    for (int k = N - 2; k >= 0; --k)
        sum = fused(sum, x, coefficients[k]);
    return sum;
}

/// |x| with the sign of y.
__device__ __forceinline__ float with_sign(float x, float y) { return ::copysignf(x, y); }
__device__ __forceinline__ double with_sign(double x, double y) { return ::copysign(x, y); }

/// 1 or −1 with the sign of x; ±0 and NaN are kept.
template <class T> __device__ __forceinline__ T sign(T x) { return T(0) < abs(x) ? with_sign(T(1), x) : x; }

/// 0 if x < 0, else 1.
template <class T> __device__ __forceinline__ T step(T x) { return x < T(0) ? T(0) : T(1); }

/// 0 if x < 0, else x.
template <class T> __device__ __forceinline__ T relu(T x) { return x < T(0) ? T(0) : x; }

/// 1 if the comparison holds, else 0.
template <class T> __device__ __forceinline__ T less(T x, T y) { return x < y ? T(1) : T(0); }
template <class T> __device__ __forceinline__ T less_equal(T x, T y) { return x <= y ? T(1) : T(0); }
template <class T> __device__ __forceinline__ T equal(T x, T y) { return x == y ? T(1) : T(0); }
template <class T> __device__ __forceinline__ T not_equal(T x, T y) { return x != y ? T(1) : T(0); }

/// a where c ≥ 0, else b (so also where c is NaN).
template <class T> __device__ __forceinline__ T if_else(T c, T a, T b) { return c >= T(0) ? a : b; }

/// a if x < a, else b if x > b, else x.
template <class T> __device__ __forceinline__ T clamp(T x, T a, T b) { return x < a ? a : b < x ? b : x; }

/// The multiple of 1/s nearest to x, halves away from zero: x s rounded to an integer, divided by s. Halves depend on the
/// rounding of the product, which is that of the host.
template <class T> __device__ __forceinline__ T round_to(T x, T s) { return round(rounded_product(x, s)) / s; }

/// x − n ⌊(x − offset)/n⌋
template <class T> __device__ __forceinline__ T modulo(T x, T n, T offset)
{
    return fused(-floor((x - offset) / n), n, x);
}

/// xⁿ by repeated squaring, in the order of the host, and 1/x⁻ⁿ for negative n. Meant for an n that is known to the
/// compiler: what remains are the multiplications.
template <class T> __device__ __forceinline__ T power(T x, int n)
{
    unsigned left = n < 0 ? 0u - unsigned(n) : unsigned(n);
    T square = x, product = 1;
    while (left > 0) {
        if (left & 1)
            product *= square;
        left >>= 1;
        if (left > 0)
            square *= square;
    }
    return n < 0 ? reciprocal(product) : product;
}

} // namespace keops::math
