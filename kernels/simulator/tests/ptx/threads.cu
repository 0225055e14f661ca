// Threads working together: warps, atomic operations, local arrays, constants, three-dimensional blocks.
// Compiled by `compile.sh` into threads.ptx.

// The sum of each block, by shuffles within warps and a static shared array between them.
extern "C" __global__ void block_sum(const float* in, float* out, int n) {
    __shared__ float sums[32];
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    float value = i < n ? in[i] : 0;
    for (int distance = 16; distance > 0; distance /= 2) value += __shfl_xor_sync(0xffffffff, value, distance);
    if (threadIdx.x % 32 == 0) sums[threadIdx.x / 32] = value;
    __syncthreads();
    if (threadIdx.x < 32) {
        value = threadIdx.x < blockDim.x / 32 ? sums[threadIdx.x] : 0;
        for (int distance = 16; distance > 0; distance /= 2) value += __shfl_down_sync(0xffffffff, value, distance);
        if (threadIdx.x == 0) out[blockIdx.x] = value;
    }
}

// How many numbers fall into each of eight bins.
extern "C" __global__ void histogram(const float* in, unsigned* out, int n) {
    __shared__ unsigned bins[8];
    if (threadIdx.x < 8) bins[threadIdx.x] = 0;
    __syncthreads();
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) atomicAdd(&bins[static_cast<int>(in[i] * 8) & 7], 1u);
    __syncthreads();
    if (threadIdx.x < 8) atomicAdd(&out[threadIdx.x], bins[threadIdx.x]);
}

__constant__ float weights[4] = {1.0f, 0.5f, 0.25f, 0.125f};
__device__ int calls;

// The smallest four of 16 consecutive numbers, weighted: an array that is indexed by what is computed lies in local memory.
extern "C" __global__ void smallest_four(const float* in, float* out, int n) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    float best[4] = {INFINITY, INFINITY, INFINITY, INFINITY};
    for (int k = 0; k < 16; ++k) {
        const float value = in[16 * i + k];
        int place = 4;
        while (place > 0 && value < best[place - 1]) --place;
        for (int p = 3; p > place; --p) best[p] = best[p - 1];
        if (place < 4) best[place] = value;
    }
    float sum = 0;
    for (int k = 0; k < 4; ++k) sum += weights[k] * best[k];
    out[i] = sum;
    atomicAdd(&calls, 1);
}

// The linear index of each thread of a three-dimensional grid, which each writes to its own place.
extern "C" __global__ void places(unsigned* out) {
    const unsigned thread = (threadIdx.z * blockDim.y + threadIdx.y) * blockDim.x + threadIdx.x;
    const unsigned block = (blockIdx.z * gridDim.y + blockIdx.y) * gridDim.x + blockIdx.x;
    const unsigned place = block * blockDim.x * blockDim.y * blockDim.z + thread;
    out[place] = place;
}

// A warp's lanes hand a number on through shared memory, ordered by __syncwarp alone.
extern "C" __global__ void rotate(const float* in, float* out) {
    __shared__ float memory[32];
    memory[threadIdx.x] = in[threadIdx.x];
    __syncwarp();
    out[threadIdx.x] = memory[(threadIdx.x + 1) % 32];
}

extern "C" __global__ void __launch_bounds__(64) small_blocks(float* out) { out[threadIdx.x] = 1; }
