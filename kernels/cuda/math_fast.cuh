#pragma once

/// What stands in for functions, quotients and roots in formulas marked `#[fast_maths]`: in float, the instructions of the
/// units for elementary functions, without what makes them accurate near 0 and 1, and for subnormal numbers and large
/// arguments; those count, and come out, as 0. In double, the functions themselves. What is promised stands in the rows of
/// the compiler's table of operations (keops-macros/compiler/src/ops).

#include "math_exp.cuh"

namespace keops::math {

/// An instruction of one operand.
#define KEOPS_INSTRUCTION(name, instruction)                                \
    __device__ __forceinline__ float name(float x)                          \
    {                                                                       \
        float result;                                                       \
        asm(instruction " %0, %1;" : "=f"(result) : "f"(x));                \
        return result;                                                      \
    }

KEOPS_INSTRUCTION(fast_reciprocal, "rcp.approx.ftz.f32")
KEOPS_INSTRUCTION(fast_sqrt, "sqrt.approx.ftz.f32")
KEOPS_INSTRUCTION(fast_log2, "lg2.approx.ftz.f32")
KEOPS_INSTRUCTION(fast_sin, "sin.approx.ftz.f32")
KEOPS_INSTRUCTION(fast_cos, "cos.approx.ftz.f32")
KEOPS_INSTRUCTION(fast_tanh, "tanh.approx.f32")
KEOPS_INSTRUCTION(rough_rsqrt, "rsqrt.approx.ftz.f32")
#undef KEOPS_INSTRUCTION

/// Whether the instructions take x for 0.
__device__ __forceinline__ bool is_flushed(float x) { return ::fabsf(x) < 1.17549435e-38f; }

/// x / y
__device__ __forceinline__ float fast_divide(float x, float y)
{
    float result;
    asm("div.approx.ftz.f32 %0, %1, %2;" : "=f"(result) : "f"(x), "f"(y));
    return result;
}

/// 1/√x, and 0 where x counts as 0.
__device__ __forceinline__ float fast_rsqrt(float x) { return is_flushed(x) ? 0.0f : rough_rsqrt(x); }

/// √(x² + y²)
__device__ __forceinline__ float fast_hypot(float x, float y) { return fast_sqrt(::fmaf(x, x, y * y)); }

/// log x
__device__ __forceinline__ float fast_log(float x) { return fast_log2(x) * 0.6931471805599453f; }

/// log₁₀ x
__device__ __forceinline__ float fast_log10(float x) { return fast_log2(x) * 0.30102999566398120f; }

/// x log x, and 0 where x counts as 0.
__device__ __forceinline__ float fast_xlogx(float x) { return is_flushed(x) ? 0.0f : x * fast_log(x); }

/// xʸ = 2^(y log₂ x), and 1 for y = 0; NaN for x < 0.
__device__ __forceinline__ float fast_pow(float x, float y) { return y == 0 ? 1.0f : exp2(y * fast_log2(x)); }

/// 1 / (1 + e⁻ˣ)
__device__ __forceinline__ float fast_sigmoid(float x)
{
    return fast_reciprocal(1.0f + exp2(x * -1.4426950408889634f));
}

/// The function itself.
#define KEOPS_NOT_FASTER(name) \
    __device__ __forceinline__ double fast_##name(double x) { return name(x); }

KEOPS_NOT_FASTER(reciprocal)
KEOPS_NOT_FASTER(sqrt)
KEOPS_NOT_FASTER(rsqrt)
KEOPS_NOT_FASTER(log)
KEOPS_NOT_FASTER(log2)
KEOPS_NOT_FASTER(log10)
KEOPS_NOT_FASTER(xlogx)
KEOPS_NOT_FASTER(sigmoid)
KEOPS_NOT_FASTER(sin)
KEOPS_NOT_FASTER(cos)
KEOPS_NOT_FASTER(tanh)
#undef KEOPS_NOT_FASTER

__device__ __forceinline__ double fast_divide(double x, double y) { return x / y; }
__device__ __forceinline__ double fast_hypot(double x, double y) { return hypot(x, y); }
__device__ __forceinline__ double fast_pow(double x, double y) { return pow(x, y); }

} // namespace keops::math
