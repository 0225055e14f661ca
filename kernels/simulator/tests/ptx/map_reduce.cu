// Map-reduce kernels of the usual shape: one i a thread, tiles of j in dynamic shared memory.
// Compiled by `compile.sh` into map_reduce.ptx.

constexpr int D = 3;

template <typename T> __device__ T squared_distance(const T* x, const T* y) {
    T sum = 0;
    for (int k = 0; k < D; ++k) sum += (x[k] - y[k]) * (x[k] - y[k]);
    return sum;
}

// Calls visit(y_j, b_j, j) for each j, with the rows of a tile in shared memory.
template <typename T, typename Visit>
__device__ void for_each_j(const T* y, const T* b, int n, Visit visit) {
    extern __shared__ __align__(16) unsigned char memory[];
    T* tile = reinterpret_cast<T*>(memory);
    for (int start = 0; start < n; start += blockDim.x) {
        const int j = start + threadIdx.x;
        if (j < n) {
            for (int k = 0; k < D; ++k) tile[threadIdx.x * (D + 1) + k] = y[D * j + k];
            tile[threadIdx.x * (D + 1) + D] = b[j];
        }
        __syncthreads();
        const int rows = min(static_cast<int>(blockDim.x), n - start);
        for (int row = 0; row < rows; ++row) visit(tile + row * (D + 1), tile[row * (D + 1) + D], start + row);
        __syncthreads();
    }
}

template <typename T> __device__ void load_row(const T* x, int m, int i, T* row) {
    for (int k = 0; k < D; ++k) row[k] = i < m ? x[D * i + k] : T(0);
}

// out_i = sum_j exp(-|x_i - y_j|^2) b_j
template <typename T>
__device__ void gaussian(const T* x, const T* y, const T* b, T* out, int m, int n) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    T row[D], sum = 0;
    load_row(x, m, i, row);
    for_each_j(y, b, n, [&](const T* y_j, T b_j, int) { sum += exp(-squared_distance(row, y_j)) * b_j; });
    if (i < m) out[i] = sum;
}

extern "C" __global__ void gaussian_f32(const float* x, const float* y, const float* b, float* out, int m, int n) {
    gaussian(x, y, b, out, m, n);
}

extern "C" __global__ void gaussian_f64(const double* x, const double* y, const double* b, double* out, int m, int n) {
    gaussian(x, y, b, out, m, n);
}

// As gaussian_f32, with the hardware's exponential.
extern "C" __global__ void gaussian_fast(const float* x, const float* y, const float* b, float* out, int m, int n) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    float row[D], sum = 0;
    load_row(x, m, i, row);
    for_each_j(y, b, n, [&](const float* y_j, float b_j, int) {
        float value;
        asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(value) : "f"(-1.4426950408889634f * squared_distance(row, y_j)));
        sum += value * b_j;
    });
    if (i < m) out[i] = sum;
}

// out_i = log sum_j b_j exp(-|x_i - y_j|^2), with a running maximum: lanes of a warp part at its updates.
extern "C" __global__ void log_sum_exp(const float* x, const float* y, const float* b, float* out, int m, int n) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    float row[D], largest = -INFINITY, sum = 0;
    load_row(x, m, i, row);
    for_each_j(y, b, n, [&](const float* y_j, float b_j, int) {
        const float value = -squared_distance(row, y_j);
        if (value > largest) {
            sum = sum * expf(largest - value) + b_j;
            largest = value;
        } else {
            sum += b_j * expf(value - largest);
        }
    });
    if (i < m) out[i] = largest + logf(sum);
}

// out_i = the j with the smallest |x_i - y_j|, as a 64-bit index
extern "C" __global__ void nearest(const double* x, const double* y, const double* b, long long* out, int m, int n) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    double row[D], smallest = INFINITY;
    long long best = 0;
    load_row(x, m, i, row);
    for_each_j(y, b, n, [&](const double* y_j, double, int j) {
        const double value = squared_distance(row, y_j);
        if (value < smallest) { smallest = value; best = j; }
    });
    if (i < m) out[i] = best;
}
