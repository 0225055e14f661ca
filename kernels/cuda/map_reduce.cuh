// The map-reduce: tiles of columns in shared memory, several rows per thread, one pass over all pairs.
//
// A formula is a functor `Stage<R>`, R rows per thread, with
//   Scalar, Arguments        numbers, and what a launch passes by value
//   THREADS, TILE, STRIDE    threads of a block; columns of a tile, numbers that a column takes in it
//   COLUMNS                  columns worked on together
//   Bank, State, Local       per row: what is read and hoisted; the accumulators; the sums of the tiles at hand
//   read_rows                fills a bank
//   clear_gaps, fill         zeros for what no column has of a tile, once; fill a tile
//   columns<C>               takes C columns into state and local sums
//   flush                    adds the local sums to the totals
//   merge, finish            accumulators of later columns; the outputs of a row
#pragma once
#include "reductions.cuh"

namespace keops {

// Columns whose sum is kept in working precision before it is added to the compensated total.
constexpr int FLUSHED_COLUMNS = 256;

// The number of the thread, read anew each time: so what is made of it takes no registers between its uses.
KEOPS_DEVICE unsigned thread_of_block() {
    unsigned thread;
    asm volatile("mov.u32 %0, %%tid.x;" : "=r"(thread));
    return thread;
}

// Where not all pairs count, a launch lists for each block its first row and the one behind its last, and where its ranges of
// columns begin and end in the same list: at least one range, which may be empty.
// They are read anew each time, like the number of the thread.
template <class A> KEOPS_DEVICE Count listed(const A& a, unsigned place) {
    asm volatile("" : "+r"(place));
    return __ldg(a.blocks + place);
}
KEOPS_DEVICE unsigned block_of_list() {
    unsigned block;
    asm volatile("mov.u32 %0, %%ctaid.x;" : "=r"(block));
    return block * 4;
}

// Rows of a thread: consecutive threads have consecutive rows. Beyond the last row the last one is computed again.
template <class F, int R> struct RowsOfThread {
    Rows<Count, R> row;
    bool inside[R];
    KEOPS_METHOD explicit RowsOfThread(const typename F::Arguments& a) {
        constexpr int threads = F::THREADS;
        const Count rows = a.blocks ? listed(a, block_of_list() + 1) : a.rows;
        const Count first = (a.blocks ? listed(a, block_of_list()) : (Count)blockIdx.x * ((Count)threads * R)) + thread_of_block();
#pragma unroll
        for (int r = 0; r < R; ++r) {
            Count i = first + (Count)(r * threads);
            inside[r] = i < rows;
            row.v[r] = inside[r] ? i : rows - 1;
        }
    }
};

// The column behind the last of a range, or of the block's part of all; computed anew for each tile, as the number of the
// thread.
template <class A> KEOPS_DEVICE Count end_of_range(const A& a, unsigned range) {
    if (a.blocks) return listed(a, range + 1);
    unsigned part;
    asm volatile("mov.u32 %0, %%ctaid.y;" : "=r"(part));
    const Count end = (part + Count(1)) * a.columns_of_part;
    return end < a.columns ? end : a.columns;
}

// How many columns the rows of the block have pairs with.
template <class T, class A> KEOPS_DEVICE T count_of_columns(const A& a) {
    if (!a.blocks) return (T)a.columns;
    Count count = 0;
#pragma unroll 1
    for (unsigned range = (unsigned)listed(a, block_of_list() + 2); range < (unsigned)listed(a, block_of_list() + 3); range += 2)
        count += listed(a, range + 1) - listed(a, range);
    return (T)count;
}

// Where the state of a row lies that was found for a part of the columns.
template <class F> KEOPS_DEVICE Cursor<typename F::Scalar> state_of(const typename F::Arguments& a, Count part, Count row) {
    return {a.state + part * F::STATE * a.rows + row, a.rows};
}

template <template <int> class Stage, int R> KEOPS_DEVICE void map_reduce(const typename Stage<R>::Arguments& a) {
    typedef Stage<R> F;
    typedef typename F::Scalar T;
    __shared__ __align__(16) T tile[largest(F::TILE * F::STRIDE, 1)];
    typename F::Bank bank;
    F::read_rows(a, RowsOfThread<F, R>(a).row, bank);
    typename F::State state;
    typename F::Local local;
    F::identity(state);
    F::clear(local);
    F::clear_gaps(tile);

    int pending = 0;
    unsigned range = a.blocks ? (unsigned)listed(a, block_of_list() + 2) : 0;
    Count first = a.blocks ? listed(a, range) : (Count)blockIdx.y * a.columns_of_part;
    // Without accumulators no pair is visited.
#pragma unroll 1
    while (F::STATE > 0) {
        const Count end = end_of_range(a, range);
        if (first >= end) {
            range += 2;
            if (!a.blocks || range >= (unsigned)listed(a, block_of_list() + 3)) break;
            first = listed(a, range);
            continue;
        }
        const Count left = end - first;
        const int len = left < F::TILE ? (int)left : F::TILE;
        F::fill(a, tile, first, len);
        __syncthreads();
        int j = 0, whole = len - len % F::COLUMNS;
        // Keeps the compiler from computing the bound again in every iteration.
        asm volatile("" : "+r"(whole));
#pragma unroll 1
        for (; j < whole; j += F::COLUMNS) {
            F::template columns<F::COLUMNS>(a, bank, tile + j * F::STRIDE, first + j, state, local);
        }
#pragma unroll 1
        for (; j < len; ++j) {
            F::template columns<1>(a, bank, tile + j * F::STRIDE, first + j, state, local);
        }
        pending += len;
        first += F::TILE;
        if (pending >= FLUSHED_COLUMNS || first >= end_of_range(a, range)) {
            F::flush(state, local);
            pending = 0;
        }
        __syncthreads();
    }

    const RowsOfThread<F, R> mine(a);
#pragma unroll
    for (int r = 0; r < R; ++r) {
        if (a.parts > 1 && mine.inside[r]) {
            Cursor<T> to = state_of<F>(a, blockIdx.y, mine.row.v[r]);
            F::store(state, to, r);
        }
    }
    if (a.parts == 1) F::finish(a, mine.row, mine.inside, bank, state);
}

// The second pass, where the columns were divided: one row per thread, the parts in order. Of a grid with several blocks in
// y each merges a group of parts; the states of the groups come behind those of the parts, and are merged by another launch.
template <template <int> class Stage> KEOPS_DEVICE void merge_parts(const typename Stage<1>::Arguments& a) {
    typedef Stage<1> F;
    typedef typename F::Scalar T;
    const RowsOfThread<F, 1> mine(a);
    typename F::State state, later;
    const unsigned parts = (unsigned)a.parts, of_group = (parts + gridDim.y - 1) / gridDim.y;
    const unsigned first = blockIdx.y * of_group, end = first + of_group < parts ? first + of_group : parts;
    Cursor<T> from = state_of<F>(a, first, mine.row.v[0]);
    F::load(state, from);
#pragma unroll 1
    for (unsigned part = first + 1; part < end; ++part) {
        from = state_of<F>(a, part, mine.row.v[0]);
        F::load(later, from);
        F::merge(state, later);
    }
    if (gridDim.y > 1) {
        Cursor<T> to = state_of<F>(a, parts + blockIdx.y, mine.row.v[0]);
        if (mine.inside[0]) F::store(state, to, 0);
        return;
    }
    typename F::Bank bank;
    F::read_rows(a, mine.row, bank);
    F::finish(a, mine.row, mine.inside, bank, state);
}

// Zeros for what no column has, so that columns can be read by whole vectors. Nothing else is ever written there.
template <int THREADS, class T> KEOPS_DEVICE void clear_padding(T* tile, int from, int to, unsigned stride, unsigned columns) {
    for (unsigned c = thread_of_block(); c < columns; c += THREADS)
        for (int k = from; k < to; ++k) tile[c * stride + k] = 0;
}

// Copies `dim` coordinates of `len` points to their places in a tile; neighbouring threads read neighbouring numbers.
template <int THREADS, class T>
KEOPS_DEVICE void copy_points(T* tile, unsigned stride, const T* points, unsigned dim, Count first, unsigned len) {
    const T* from = points + first * dim;
#pragma unroll 2
    for (unsigned n = thread_of_block(); n < len * dim; n += THREADS)
        tile[n / dim * stride + n % dim] = __ldg(from + n);
}

// The same by the widest loads, where `dim` and the place are multiples of them.
template <int THREADS, class T>
KEOPS_DEVICE void copy_vectors(T* tile, unsigned stride, const T* points, unsigned dim, Count first, unsigned len) {
    constexpr int length = Vector<T>::length;
    typedef typename Vector<T>::Type V;
    copy_points<THREADS>((V*)tile, stride / length, (const V*)points, dim / length, first, len);
}

}  // namespace keops
