// Kernels with the launch interface of generated ones, small enough to be read: one row per thread, no tiles. Rows are read
// as vectors, which have to be aligned.
//   dot_i = p0 * sum_j <x_i, y_j> + p1 + p2, count_i = number of j
typedef unsigned long long Count;

template <class T> struct __align__(2 * sizeof(T)) Point {
    T a, b;
};

template <class T> struct ByValue {
    T p[3];
    __device__ const T* get() const { return p; }
};

template <class T> struct ByAddress {
    const T* p;
    __device__ const T* get() const { return p; }
};

template <class T, template <class> class Parameters> struct Arguments {
    Count rows, columns, columns_of_part, parts;
    T* state;
    const Count* blocks;
    const Point<T>* x;
    const Point<T>* y;
    T* dot;
    Count* count;
    Parameters<T> parameters;
};

template <class T> __device__ void finish(const T* p, T sum, T count, T* dot, Count* counts, Count i) {
    dot[i] = p[0] * sum + p[1] + p[2];
    counts[i] = (Count)count;
}

template <class T, template <class> class P> __device__ void map_reduce(const Arguments<T, P>& a) {
    Count i = (Count)blockIdx.x * 32 + threadIdx.x;
    if (i >= a.rows) return;
    Count begin = blockIdx.y * a.columns_of_part, end = begin + a.columns_of_part;
    if (end > a.columns) end = a.columns;
    Point<T> x = a.x[i];
    T sum = 0, count = 0;
    for (Count j = begin; j < end; ++j) {
        Point<T> y = a.y[j];
        sum += x.a * y.a + x.b * y.b;
        count += 1;
    }
    if (a.parts > 1) {
        a.state[(2 * blockIdx.y) * a.rows + i] = sum;
        a.state[(2 * blockIdx.y + 1) * a.rows + i] = count;
    } else {
        finish(a.parameters.get(), sum, count, a.dot, a.count, i);
    }
}

template <class T, template <class> class P> __device__ void merge(const Arguments<T, P>& a) {
    Count i = (Count)blockIdx.x * 32 + threadIdx.x;
    if (i >= a.rows) return;
    T sum = 0, count = 0;
    Count of_group = (a.parts + gridDim.y - 1) / gridDim.y, begin = blockIdx.y * of_group, end = begin + of_group;
    if (end > a.parts) end = a.parts;
    for (Count part = begin; part < end; ++part) {
        sum += a.state[(2 * part) * a.rows + i];
        count += a.state[(2 * part + 1) * a.rows + i];
    }
    if (gridDim.y > 1) {
        a.state[(2 * (a.parts + blockIdx.y)) * a.rows + i] = sum;
        a.state[(2 * (a.parts + blockIdx.y) + 1) * a.rows + i] = count;
    } else {
        finish(a.parameters.get(), sum, count, a.dot, a.count, i);
    }
}

#define KERNELS(ID, T, P)                                                                                       \
    extern "C" __global__ void keops_##ID(const Arguments<T, P> a) { map_reduce(a); }                           \
    extern "C" __global__ void keops_##ID##_merge(const Arguments<T, P> a) { merge(a); }

KERNELS(00000000000000f1, float, ByValue)
KERNELS(00000000000000f2, double, ByValue)
KERNELS(00000000000000a1, float, ByAddress)
KERNELS(00000000000000a2, double, ByAddress)

struct Total {
    Count rows, dim;
    const void* from;
    double* to;
};

template <class T> __device__ void total(const Total& a) {
    if (threadIdx.x != 0) return;
    Count of_chunk = (a.rows + gridDim.y - 1) / gridDim.y, begin = blockIdx.y * of_chunk, end = begin + of_chunk;
    if (end > a.rows) end = a.rows;
    double sum = 0;
    for (Count row = begin; row < end; ++row) sum += (double)((const T*)a.from)[row * a.dim + blockIdx.x];
    a.to[blockIdx.y * a.dim + blockIdx.x] = sum;
}

extern "C" __global__ void keops_total_f32(const Total a) { total<float>(a); }
extern "C" __global__ void keops_total_f64(const Total a) { total<double>(a); }

struct Add {
    Count len;
    void* to;
    const void* from;
};

template <class T> __device__ void add(const Add& a) {
    Count n = (Count)blockIdx.x * 256 + threadIdx.x;
    if (n < a.len) ((T*)a.to)[n] += ((const T*)a.from)[n];
}

extern "C" __global__ void keops_add_f32(const Add a) { add<float>(a); }
extern "C" __global__ void keops_add_f64(const Add a) { add<double>(a); }
