// Kernels with one mistake each, which the simulator has to find.
// Compiled by `compile.sh` into broken.ptx.

extern __shared__ float tile[];

// Right: the others are this one with a mistake.
extern "C" __global__ void right(const float* in, float* out, int n) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    tile[threadIdx.x] = i < n ? in[i] : 0;
    __syncthreads();
    float sum = 0;
    for (int k = 0; k < blockDim.x; ++k) sum += tile[k];
    if (i < n) out[i] = sum;
}

extern "C" __global__ void barrier_before_reading_is_missing(const float* in, float* out, int n) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    tile[threadIdx.x] = i < n ? in[i] : 0;
    float sum = 0;
    for (int k = 0; k < blockDim.x; ++k) sum += tile[k];
    if (i < n) out[i] = sum;
}

extern "C" __global__ void barrier_before_overwriting_is_missing(const float* in, float* out, int n) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    float sum = 0;
    for (int start = 0; start < n; start += blockDim.x) {
        tile[threadIdx.x] = in[(start + threadIdx.x) % n];
        __syncthreads();
        for (int k = 0; k < blockDim.x; ++k) sum += tile[k];
    }
    if (i < n) out[i] = sum;
}

extern "C" __global__ void tail_is_not_guarded(const float* in, float* out, int n) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i <= n) out[i] = in[min(i, n - 1)];
}

extern "C" __global__ void reads_behind_the_input(const float* in, float* out, int n) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) out[i] = in[i + 1];
}

extern "C" __global__ void writes_behind_the_tile(const float* in, float* out, int n) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    tile[threadIdx.x + 1] = i < n ? in[i] : 0;
    __syncthreads();
    if (i < n) out[i] = tile[threadIdx.x + 1];
}

extern "C" __global__ void adds_to_an_uninitialised_result(const float* in, float* out, int n) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) out[i] += in[i];
}

extern "C" __global__ void reads_an_unwritten_tile(const float* in, float* out, int n) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (threadIdx.x > 0) tile[threadIdx.x] = i < n ? in[i] : 0;
    __syncthreads();
    if (i < n) out[i] = tile[0];
}

extern "C" __global__ void vector_is_misaligned(const float* in, float* out, int n) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n / 8) {
        const float4 v = reinterpret_cast<const float4*>(in + 1)[i];
        out[i] = v.x + v.w;
    }
}

extern "C" __global__ void barrier_for_some_lanes(const float* in, float* out, int n) {
    const int i = threadIdx.x;
    tile[i] = i < n ? in[i] : 0;
    if (i % 2 == 0) __syncthreads();
    out[i] = tile[i];
}

extern "C" __global__ void barrier_for_some_warps(const float* in, float* out, int n) {
    const int i = threadIdx.x;
    tile[i] = i < n ? in[i] : 0;
    if (i < 32) __syncthreads();
    out[i] = tile[i];
}

extern "C" __global__ void barrier_after_some_have_left(const float* in, float* out, int n) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    tile[threadIdx.x] = in[i];
    __syncthreads();
    out[i] = tile[0];
}

extern "C" __global__ void blocks_write_the_same_place(const float* in, float* out, int n) {
    if (threadIdx.x < n) out[threadIdx.x] = in[threadIdx.x] + blockIdx.x;
}

extern "C" __global__ void blocks_add_without_atomics(const float* in, float* out, int n) {
    if (threadIdx.x == 0) out[0] = out[0] + in[blockIdx.x];
}

extern "C" __global__ void shuffle_for_some_lanes(const float* in, float* out, int n) {
    float value = in[threadIdx.x];
    if (threadIdx.x % 32 < 16) value += __shfl_xor_sync(0xffffffff, value, 1);
    __syncthreads();
    out[threadIdx.x] = value;
}

extern "C" __global__ void shuffle_outside_of_its_mask(const float* in, float* out, int n) {
    float value = in[threadIdx.x];
    value += __shfl_xor_sync(0xffff, value, 1);
    out[threadIdx.x] = value;
}

extern "C" __global__ void never_ends(const float* in, float* out, int n) {
    volatile float* place = out;
    place[threadIdx.x] = 1;
    while (place[threadIdx.x] > 0) {}
}

extern "C" __global__ void traps(const float* in, float* out, int n) {
    if (in[threadIdx.x] >= 0) __trap();
    out[threadIdx.x] = 1;
}
