// The map-reduce: tiles of columns in shared memory, several rows per thread, one pass over all pairs.
//
// A formula is a functor `Stage<R>`, R rows per thread, with
//   Scalar, Arguments        numbers, and what a launch passes by value
//   THREADS, TILE, STRIDE    threads of a block; columns of a tile, numbers that a column takes in it
//   COLUMNS                  columns worked on together
//   Bank, State, Local       per row: what is read and hoisted; the accumulators; the sums of the tiles at hand
//   read_rows, fill          fill a bank; fill a tile
//   columns<C>               takes C columns into state and local sums
//   flush                    adds the local sums to the totals
//   merge, finish            accumulators of later columns; the outputs of a row
#pragma once
#include "reductions.cuh"

namespace keops {

// Columns whose sum is kept in working precision before it is added to the compensated total.
constexpr int FLUSHED_COLUMNS = 256;

// Rows of a thread: consecutive threads have consecutive rows. Beyond the last row the last one is computed again.
template <class F, int R> struct RowsOfThread {
    Rows<Count, R> row;
    bool inside[R];
    KEOPS_METHOD RowsOfThread(Count rows, int threads) {
        Count first = (Count)blockIdx.x * ((Count)threads * R) + threadIdx.x;
#pragma unroll
        for (int r = 0; r < R; ++r) {
            Count i = first + (Count)(r * threads);
            inside[r] = i < rows;
            row.v[r] = inside[r] ? i : rows - 1;
        }
    }
};

template <template <int> class Stage, int R> KEOPS_DEVICE void map_reduce(const typename Stage<R>::Arguments& a) {
    typedef Stage<R> F;
    typedef typename F::Scalar T;
    __shared__ __align__(16) T tile[largest(F::TILE * F::STRIDE, 1)];
    RowsOfThread<F, R> mine(a.rows, F::THREADS);
    typename F::Bank bank;
    F::read_rows(a, mine.row, bank);
    typename F::State state;
    typename F::Local local;
    F::identity(state);
    F::clear(local);

    Count begin = (Count)blockIdx.y * a.columns_of_part;
    Count end = begin + a.columns_of_part < a.columns ? begin + a.columns_of_part : a.columns;
    int pending = 0;
#pragma unroll 1
    for (Count first = begin; first < end; first += F::TILE) {
        int len = end - first < F::TILE ? (int)(end - first) : F::TILE;
        F::fill(a, tile, first, len);
        __syncthreads();
        int j = 0, whole = len - len % F::COLUMNS;
        // Keeps the compiler from computing the bound again in every iteration.
        asm volatile("" : "+r"(whole));
#pragma unroll 1
        for (; j < whole; j += F::COLUMNS) {
            F::template columns<F::COLUMNS>(a, mine.row, bank, tile + j * F::STRIDE, first + j, state, local);
        }
#pragma unroll 1
        for (; j < len; ++j) {
            F::template columns<1>(a, mine.row, bank, tile + j * F::STRIDE, first + j, state, local);
        }
        pending += len;
        if (pending >= FLUSHED_COLUMNS) {
            F::flush(state, local);
            pending = 0;
        }
        __syncthreads();
    }
    if (pending > 0) F::flush(state, local);

#pragma unroll
    for (int r = 0; r < R; ++r) {
        if (a.parts > 1 && mine.inside[r]) {
            Cursor<T> to = {a.state + (Count)blockIdx.y * F::STATE * a.rows + mine.row.v[r], a.rows};
            F::store(state, to, r);
        }
    }
    if (a.parts == 1) F::finish(a, mine.row, mine.inside, bank, state);
}

// The second pass, where the columns were divided: one row per thread, the parts in order.
template <template <int> class Stage> KEOPS_DEVICE void merge_parts(const typename Stage<1>::Arguments& a) {
    typedef Stage<1> F;
    typedef typename F::Scalar T;
    RowsOfThread<F, 1> mine(a.rows, F::THREADS);
    typename F::State state, later;
    Cursor<T> from = {a.state + mine.row.v[0], a.rows};
    F::load(state, from);
#pragma unroll 1
    for (Count part = 1; part < a.parts; ++part) {
        from = {a.state + part * F::STATE * a.rows + mine.row.v[0], a.rows};
        F::load(later, from);
        F::merge(state, later);
    }
    typename F::Bank bank;
    F::read_rows(a, mine.row, bank);
    F::finish(a, mine.row, mine.inside, bank, state);
}

// Zeros for what no column has, so that columns can be read by whole vectors.
template <int THREADS, class T> KEOPS_DEVICE void clear_padding(T* tile, int used, int stride, int columns) {
    for (int c = threadIdx.x; c < columns; c += THREADS)
        for (int k = used; k < stride; ++k) tile[c * stride + k] = 0;
}

// Copies `dim` coordinates of `len` points to their places in a tile; neighbouring threads read neighbouring numbers.
template <int THREADS, class T>
KEOPS_DEVICE void copy_points(T* tile, int stride, const T* __restrict__ points, int dim, Count first, int len) {
    const T* from = points + first * dim;
#pragma unroll 2
    for (int n = threadIdx.x; n < len * dim; n += THREADS) tile[n / dim * stride + n % dim] = __ldg(from + n);
}

}  // namespace keops
