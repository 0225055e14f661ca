// One thread, one number: functions of the mathematical library, whose code uses most instructions of the machine.
// Compiled by `compile.sh` into functions.ptx.

#define FUNCTION(name, type, expression) \
    extern "C" __global__ void name(const type* in, const type* second, type* out, int n) { \
        const int i = blockIdx.x * blockDim.x + threadIdx.x; \
        if (i < n) { const type x = in[i], y = second[i]; out[i] = expression; (void)y; } \
    }

FUNCTION(exp_f32, float, expf(x))
FUNCTION(log_f32, float, logf(x))
FUNCTION(sin_f32, float, sinf(x))
FUNCTION(cos_f32, float, cosf(x))
FUNCTION(tanh_f32, float, tanhf(x))
FUNCTION(pow_f32, float, powf(x, y))
FUNCTION(atan2_f32, float, atan2f(x, y))
FUNCTION(divide_f32, float, x / y)
FUNCTION(round_f32, float, roundf(x))
FUNCTION(fast_f32, float, __expf(x) + __logf(fabsf(x)) + __fdividef(x, y))
FUNCTION(exp_f64, double, exp(x))
FUNCTION(log_f64, double, log(x))
FUNCTION(sin_f64, double, sin(x))
FUNCTION(rsqrt_f64, double, rsqrt(x))
FUNCTION(divide_f64, double, x / y)
FUNCTION(asin_f64, double, asin(x))
FUNCTION(fmod_f64, double, fmod(x, y))
