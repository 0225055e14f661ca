#pragma once

/// Exponential functions, and what is made of exponentials and logarithms. The coefficients are those of the host
/// (keops-runtime/src/math/coefficients.rs).

#include "math_basic.cuh"

namespace keops::math {

/// 2ˣ in one instruction; below the least normal number the result is 0.
__device__ __forceinline__ float exp2(float x)
{
    float power;
    asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(power) : "f"(x));
    return power;
}

/// 2ˣ for x ≤ 0 or NaN, in one instruction.
__device__ __forceinline__ float exp2_nonpositive(float x) { return exp2(x); }

/// (2ᶠ − 1 − f log 2) / f² on |f| ≤ ½, in powers of f. In constant memory, which an instruction reads as an operand; as
/// immediate numbers, some architectures load each into two registers first. (Not `static`, which makes a name in PTX
/// that depends on that of the file.)
__constant__ double EXP2_CURVE[] = {
    0.24022650695910122, 0.05550410866482074, 0.009618129107596992, 0.0013333558146686052, 0.0001540353045405534,
    1.5252733546914689e-05, 1.3215436614883954e-06, 1.0178184644684638e-07, 7.073578311654424e-09,
    4.436303516792322e-10,
};

/// A power of two before it is scaled: significand · 2ⁿ with √½ ≤ significand ≤ √2.
struct Power {
    double significand;
    /// n + offset
    int exponent;
};

/// 2ˣ for |x| < 2³¹. Larger x and ±∞ give anything; NaN gives the significand NaN.
__device__ __forceinline__ Power unscaled_exp2(double x, int offset)
{
    // Rounds x to an integer n, and leaves n + offset in the lower word.
    const double rounder = 6755399441055744.0 + offset;
    const double n_bits = x + rounder;
    const double f = x - (n_bits - rounder);
    const double slope = ::fma(polynomial(f, EXP2_CURVE), f, 0.6931471805599453);
    const double significand = ::fma(slope, f, 1.0);
    return { significand, ::__double2loint(n_bits) };
}

/// The number with this exponent field: 2^(field − 1023).
__device__ __forceinline__ double from_exponent(int field) { return ::__hiloint2double(field << 20, 0); }

/// 2ˣ. Without branches, and three quarters of the instructions of the library's.
__device__ __forceinline__ double exp2(double x)
{
    // Where the result is 0 or ∞ after rounding from, so that exponents do not overflow; NaN is kept.
    x = x < -1076.0 ? -1076.0 : x;
    x = x > 1025.0 ? 1025.0 : x;
    // Two factors, since one does not reach from the least number to the largest.
    const Power power = unscaled_exp2(x, 2 * 1023);
    const int half = power.exponent >> 1;
    return power.significand * from_exponent(half) * from_exponent(power.exponent - half);
}

/// 2ˣ for x ≤ 0 or NaN; results below twice the least normal number are 0.
__device__ __forceinline__ double exp2_nonpositive(double x)
{
    const Power power = unscaled_exp2(x, 1023);
    // A multiplication and not an addition to the exponent, which would make numbers of some NaN.
    const double result = power.significand * from_exponent(power.exponent);
    // From beyond −1021 to −∞, told from the upper word: NaN are outside of that range, and the units for integers
    // have less to do than those for doubles.
    constexpr unsigned below = 0xc08fe801, infinity = 0xfff00000;
    return unsigned(::__double2hiint(x)) - below <= infinity - below ? 0.0 : result;
}

/// eˣ for x ≤ 0 or NaN.
template <class T> __device__ __forceinline__ T exp_nonpositive(T x) { return exp(x); }

/// 1/x to some 20 bits, for normal x.
__device__ __forceinline__ float rough_reciprocal(float x)
{
    float result;
    asm("rcp.approx.ftz.f32 %0, %1;" : "=f"(result) : "f"(x));
    return result;
}
__device__ __forceinline__ double rough_reciprocal(double x) { return 1.0 / x; }

/// 1 / (1 + e⁻ˣ)
template <class T> __device__ __forceinline__ T sigmoid(T x)
{
    // The exponential of −|x| cannot overflow, and keeps small results accurate.
    const T e = exp(-abs(x));
    const T numerator = x < T(0) ? e : T(1);
    const T sum = T(1) + e, lost = e - (sum - T(1));
    // A quotient, and once more what it leaves: together hardly an error.
    const T inverse = rough_reciprocal(sum);
    const T quotient = numerator * inverse;
    const T rest = fused(-quotient, lost, fused(-quotient, sum, numerator));
    return fused(rest, inverse, quotient);
}

/// log(1 + eˣ)
template <class T> __device__ __forceinline__ T softplus(T x) { return maximum(x, T(0)) + log1p(exp(-abs(x))); }

/// x log x, and 0 at 0, where the logarithm is that of 1: a choice of the argument, since that of the result would be a
/// branch around the logarithm. The sum with 0 makes −0 of it 0, and is part of the multiplication.
template <class T> __device__ __forceinline__ T xlogx(T x) { return fused(x, log(x == T(0) ? T(1) : x), T(0)); }

} // namespace keops::math
