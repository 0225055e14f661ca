// Kernels that every file of kernels has: sums over rows, and the sum of two results.
#pragma once
#include "lanes.cuh"

namespace keops {

struct TotalArguments {
    Count rows, dim;
    const void* from;
    double* to;
};

struct AddArguments {
    Count len;
    void* to;
    const void* from;
};

// to[chunk * dim + k] = sum over the rows of a chunk of from[row * dim + k], in double precision and always in the same
// order: block (k, chunk) of a grid with as many chunks.
template <class T> KEOPS_DEVICE void total(const TotalArguments& a) {
    __shared__ double sums[256];
    const T* from = (const T*)a.from;
    const Count of_chunk = (a.rows + gridDim.y - 1) / gridDim.y, first = blockIdx.y * of_chunk;
    const Count end = first + of_chunk < a.rows ? first + of_chunk : a.rows;
    double sum = 0;
    for (Count row = first + threadIdx.x; row < end; row += 256) sum += (double)from[row * a.dim + blockIdx.x];
    sums[threadIdx.x] = sum;
    __syncthreads();
    for (int half = 128; half > 0; half /= 2) {
        if (threadIdx.x < half) sums[threadIdx.x] += sums[threadIdx.x + half];
        __syncthreads();
    }
    if (threadIdx.x == 0) a.to[blockIdx.y * a.dim + blockIdx.x] = sums[0];
}

// to += from
template <class T> KEOPS_DEVICE void add(const AddArguments& a) {
    Count n = (Count)blockIdx.x * 256 + threadIdx.x;
    if (n < a.len) ((T*)a.to)[n] = (T)((double)((T*)a.to)[n] + (double)((const T*)a.from)[n]);
}

}  // namespace keops

extern "C" __global__ void __launch_bounds__(256) keops_total_f32(const keops::TotalArguments a) { keops::total<float>(a); }
extern "C" __global__ void __launch_bounds__(256) keops_total_f64(const keops::TotalArguments a) { keops::total<double>(a); }
extern "C" __global__ void __launch_bounds__(256) keops_add_f32(const keops::AddArguments a) { keops::add<float>(a); }
extern "C" __global__ void __launch_bounds__(256) keops_add_f64(const keops::AddArguments a) { keops::add<double>(a); }
