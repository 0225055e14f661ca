#pragma once

/// Functions that CUDA's library lacks, and those whose errors are larger there (2.7 ulp for tan, 2.5 for artanh in float,
/// 3.4 for erfc), by the methods and with the coefficients of the host (keops-runtime/src/math).

#include "math_basic.cuh"

namespace keops::math {

/// tan x
__device__ __forceinline__ float tan(float x)
{
    const float size = ::fabsf(x);
    // The one branch in these functions: the way for large arguments is long, and seldom taken.
    if (size > 2e4f)
        return float(::tan(double(x)));
    // |x| = n π/2 + high + low with π/2 in three pieces (Cody and Waite). The bits of n are the last of `rounded`.
    constexpr float rounder = 12582912.0f;
    const float rounded = ::fmaf(size, 0.63661975f, rounder), n = rounded - rounder;
    const float first = ::fmaf(-n, 1.5707964f, size);
    const float product = rounded_product(n, 4.371139e-08f), product_lost = ::fmaf(n, 4.371139e-08f, -product);
    const float high = first + product, from_product = high - first;
    const float lost = (first - (high - from_product)) + (product - from_product);
    const float low = ::fmaf(n, 1.7151245e-15f, lost + product_lost);
    // (tan r − r) / r³ on |r| ≤ π/4, in powers of r²
    constexpr float coefficients[] = {
        0.3333335f, 0.1333267f, 0.054059975f, 0.021279374f, 0.010847792f, 6.97719e-05f, 0.0043878523f,
    };
    const float z = high * high;
    const float tan = high + ::fmaf(z * high, polynomial(z, coefficients), ::fmaf(z, low, low));
    const float value = ::__float_as_int(rounded) & 1 ? -1.0f / tan : tan;
    return ::copysignf(1.0f, x) * value;
}
/// CUDA's is accurate enough in double precision.
__device__ __forceinline__ double tan(double x) { return ::tan(x); }

/// artanh x, NaN for |x| > 1.
__device__ __forceinline__ float atanh(float x)
{
    // ½ log(1 + 2x/(1 − x)), with what is lost in the quotient: its effect on 1 + 2x/(1 − x) = (1 + x)/(1 − x) is
    // relative to 1 + x.
    const float size = ::fabsf(x), twice = size + size;
    const float denominator = 1.0f - size, lost = (1.0f - denominator) - size;
    const float quotient = twice / denominator;
    const float rest = ::fmaf(-quotient, lost, ::fmaf(-quotient, denominator, twice)) / (1.0f + size);
    return ::copysignf(0.5f * (log1p(quotient) + (size < 1.0f ? rest : 0.0f)), x);
}
/// CUDA's is accurate enough in double precision.
__device__ __forceinline__ double atanh(double x) { return ::atanh(x); }

/// erf(x)/x − 1 on |x| ≤ 1, in powers of x².
__device__ __forceinline__ float erf_curve(float z)
{
    constexpr float coefficients[] = {
        0.12837917f, -0.37612626f, 0.11283579f, -0.026853347f, 0.0051871645f, -0.0007997888f, 7.807063e-05f,
    };
    return polynomial(z, coefficients);
}
__device__ __forceinline__ double erf_curve(double z)
{
    constexpr double coefficients[] = {
        0.12837916709551256, -0.37612638903183343, 0.11283791670936952, -0.026866170641959612, 0.005223977596741976,
        -0.0008548325485400591, 0.00012055280511927035, -1.4924465998712758e-05, 1.644415577523675e-06,
        -1.6184036779147408e-07, 1.3616920324775637e-08, -7.608267058089542e-10,
    };
    return polynomial(z, coefficients);
}

/// (1 + 2x) exp(x²) erfc x − 5/4 on 0.43 ≤ x ≤ 10.5 (float), 28 (double), in powers of (x − 3)/(x + 3).
__device__ __forceinline__ float erfc_curve(float u)
{
    constexpr float coefficients[] = {
        0.003008059f, -0.1356211f, -0.04756241f, 0.12964506f, -0.11927098f, 0.068310276f, -0.02379282f, 0.0025082084f,
        0.001964846f, -0.00069481647f, -0.00019559929f,
    };
    return polynomial(u, coefficients);
}
__device__ __forceinline__ double erfc_curve(double u)
{
    constexpr double coefficients[] = {
        0.003008058269729645, -0.13562110612458134, -0.047562294353447984, 0.1296451587027826, -0.11927366341549221,
        0.06830802734314786, -0.023770514913838702, 0.0025293918303968092, 0.0018886902934637571,
        -0.0007798324072067591, -0.00010515926663909562, 0.00012510011108461653, 4.946752488013858e-06,
        -2.0103198444172773e-05, -7.224202947071168e-07, 3.4780090600286084e-06, 3.3718108922263947e-07,
        -6.234750839371291e-07, -1.147221682723516e-07, 1.0558909512301233e-07, 2.0223104142262828e-08,
        -1.2901589926958098e-08,
    };
    return polynomial(u, coefficients);
}

/// An argument whose erfc is 0 after rounding.
__device__ __forceinline__ float erfc_zero(float) { return 10.5f; }
__device__ __forceinline__ double erfc_zero(double) { return 28.0; }

/// erfc x = 1 − erf x
template <class T> __device__ __forceinline__ T erfc(T x)
{
    // erfc x = exp(−x²) (5/4 + p) / (1 + 2x), with what is lost in x² and in the quotient
    const T size = abs(x), far = minimum(size, erfc_zero(x));
    const T curve = erfc_curve((far - T(3)) / (far + T(3)));
    const T numerator = T(1.25) + curve, numerator_rest = curve - (numerator - T(1.25));
    const T denominator = (far + far) + T(1), denominator_rest = T(1) - (denominator - (far + far));
    const T quotient = numerator / denominator;
    const T rest = fused(-quotient, denominator_rest, fused(-quotient, denominator, numerator) + numerator_rest);
    const T square = far * far, square_rest = fused(far, far, -square);
    const T power = exp(-square);
    const T tail = fused(power, quotient, power * fused(quotient, -square_rest, rest / denominator));
    const T beyond = x < T(0) ? T(2) - tail : tail;
    // 1 − erf x = (1 − x) − x p, and 1 − x is exact from x = ½ on
    const T near = fused(-x, erf_curve(x * x), T(1) - x);
    // The comparison is false for NaN, which `minimum` drops from the other form.
    return size >= T(0.75) ? beyond : near;
}

/// (sin(πr)/(πr) − 1) / r² on |r| ≤ ½, in powers of r².
__device__ __forceinline__ float sinc_curve(float z)
{
    constexpr float coefficients[] = { -1.644934f, 0.811742f, -0.19074538f, 0.026104743f, -0.0022154786f };
    return polynomial(z, coefficients);
}
__device__ __forceinline__ double sinc_curve(double z)
{
    constexpr double coefficients[] = {
        -1.6449340668482264, 0.8117424252833462, -0.19075182412167532, 0.026147847807942527, -0.0023460809132871746,
        0.0001484279165461817, -6.972267207935957e-06, 2.451831559349569e-07,
    };
    return polynomial(z, coefficients);
}

__device__ __forceinline__ float round_even(float x) { return ::rintf(x); }
__device__ __forceinline__ double round_even(double x) { return ::rint(x); }

/// sin(πx)/(πx), and 1 at 0.
template <class T> __device__ __forceinline__ T sinc(T x)
{
    // x = n + r with |r| ≤ ½ exactly, and sin(πx)/(πx) = ±(r/x) sin(πr)/(πr).
    const T n = round_even(x), r = x - n, z = r * r, half = T(0.5) * n;
    const T quotient = r / x;
    const T value = fused(quotient, z * sinc_curve(z), quotient);
    const T signed_value = half == trunc(half) ? value : -value;
    return x == T(0) ? T(1) : signed_value;
}

/// sin(x)/x, and 1 at 0, as near it: a choice of the argument, as in `xlogx`.
template <class T> __device__ __forceinline__ T sinxdivx(T x)
{
    const T y = x == T(0) ? T(1e-30) : x;
    return sin(y) / y;
}

/// (j₁(x)/x − ⅓) / x² on |x| ≤ 1.75, in powers of x².
__device__ __forceinline__ float j1_curve(float z)
{
    constexpr float coefficients[] = { -0.033333335f, 0.0011904814f, -2.2050619e-05f, 2.5219597e-07f, -2.09436e-09f };
    return polynomial(z, coefficients);
}
__device__ __forceinline__ double j1_curve(double z)
{
    constexpr double coefficients[] = {
        -0.03333333333333333, 0.0011904761904761856, -2.2045855379171184e-05, 2.505210838239458e-07,
        -1.927085231040675e-09, 1.0706012650935838e-11, -4.497785255358433e-14, 1.469870074912687e-16,
        -3.131755171178528e-19,
    };
    return polynomial(z, coefficients);
}

/// (j₂(x)/x² − 1/15) / x² on |x| ≤ 3, in powers of x².
__device__ __forceinline__ float j2_curve(float z)
{
    constexpr float coefficients[] = {
        -0.004761905f, 0.0001322754f, -2.0042924e-06f, 1.9295634e-08f, -1.305535e-10f, 6.6691395e-13f,
    };
    return polynomial(z, coefficients);
}
__device__ __forceinline__ double j2_curve(double z)
{
    constexpr double coefficients[] = {
        -0.0047619047619047615, 0.0001322751322751304, -2.004168670832512e-06, 1.9270852602097234e-08,
        -1.2847234981365973e-10, 6.297661982805778e-13, -2.3675064916797293e-15, 7.042638302002022e-18,
        -1.6810594438303007e-20, 2.7969120983009765e-23,
    };
    return polynomial(z, coefficients);
}

__device__ __forceinline__ void sin_cos(float x, float& sin, float& cos) { ::sincosf(x, &sin, &cos); }
__device__ __forceinline__ void sin_cos(double x, double& sin, double& cos) { ::sincos(x, &sin, &cos); }

/// j₀ and j₁(x) = (j₀(x) − cos x)/x in closed form, which cancels near 0.
template <class T> __device__ __forceinline__ void closed_form(T x, T& j0, T& j1)
{
    T sin, cos;
    sin_cos(x, sin, cos);
    j0 = sin / x;
    j1 = (j0 - cos) / x;
}

/// Up to where j₁ and j₂ are computed from their series.
constexpr float J1_NEAR = 1.75f, J2_NEAR = 3.0f;

/// j₁(x), and 0 at 0. 3 ulp for |x| ≤ 1.75, beyond that 3 ulp of 1/x (it has zeros there).
template <class T> __device__ __forceinline__ T spherical_j1(T x)
{
    const T z = x * x;
    // x − 3 third is exact.
    const T third = x / T(3), rest = fused(third, T(-3), x);
    const T near = third + fused(x * z, j1_curve(z), rest * T(1.0 / 3.0));
    T j0, far;
    closed_form(x, j0, far);
    return abs(x) < J1_NEAR ? with_sign(near, x) : far;
}

/// j₁(x)/x, and ⅓ at 0. 3 ulp for |x| ≤ 1.75, beyond that 3.5 ulp of 1/x².
template <class T> __device__ __forceinline__ T spherical_j1_over_x(T x)
{
    const T z = x * x;
    T j0, j1;
    closed_form(x, j0, j1);
    return abs(x) < J1_NEAR ? fused(z, j1_curve(z), T(1.0 / 3.0)) : j1 / x;
}

/// j₂(x)/x = (3 j₁(x)/x − j₀(x))/x, and 0 at 0. 4 ulp for |x| ≤ 3, beyond that 4 ulp of 1/x².
template <class T> __device__ __forceinline__ T spherical_j2_over_x(T x)
{
    const T z = x * x;
    // x − 15 fifteenth is exact.
    const T fifteenth = x / T(15), rest = fused(fifteenth, T(-15), x);
    const T near = fifteenth + fused(x * z, j2_curve(z), rest * T(1.0 / 15.0));
    T j0, j1;
    closed_form(x, j0, j1);
    return abs(x) < J2_NEAR ? with_sign(near, x) : fused(j1 / x, T(3), -j0) / x;
}

} // namespace keops::math
