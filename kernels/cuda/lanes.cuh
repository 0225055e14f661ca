// Values of the pairs that a thread works on together: R rows (points kept) by C columns (points reduced over).
//
// A value has the shape of what it depends on: a number, one per row, one per column, or one per pair. Operations work
// element by element and give the smallest shape that holds the result. Everything is unrolled, so that all of it lies
// in registers.
#pragma once

// Values that only some shapes of a formula use.
#pragma nv_diag_suppress 177, 550

#define KEOPS_DEVICE static __device__ __forceinline__
#define KEOPS_METHOD __device__ __forceinline__

namespace keops {

typedef unsigned long long Count;

template <class T, int R> struct Rows { T v[R]; };
template <class T, int C> struct Columns { T v[C]; };
template <class T, int R, int C> struct Pairs { T v[R][C]; };

// ---- Shapes: 0 rows, or 0 columns, stands for "the same for all".

template <class A> struct Shape { typedef A Scalar; static constexpr int rows = 0, columns = 0; };
template <class T, int R> struct Shape<Rows<T, R>> { typedef T Scalar; static constexpr int rows = R, columns = 0; };
template <class T, int C> struct Shape<Columns<T, C>> { typedef T Scalar; static constexpr int rows = 0, columns = C; };
template <class T, int R, int C> struct Shape<Pairs<T, R, C>> {
    typedef T Scalar;
    static constexpr int rows = R, columns = C;
};

template <class T, int R, int C> struct Of { typedef Pairs<T, R, C> Type; };
template <class T, int R> struct Of<T, R, 0> { typedef Rows<T, R> Type; };
template <class T, int C> struct Of<T, 0, C> { typedef Columns<T, C> Type; };
template <class T> struct Of<T, 0, 0> { typedef T Type; };

__host__ __device__ constexpr int largest() { return 0; }
template <class... N> __host__ __device__ constexpr int largest(int first, N... rest) {
    return first > largest(rest...) ? first : largest(rest...);
}

template <class T> KEOPS_DEVICE T element(const T& x, int, int) { return x; }
template <class T, int R> KEOPS_DEVICE T element(const Rows<T, R>& x, int r, int) { return x.v[r]; }
template <class T, int C> KEOPS_DEVICE T element(const Columns<T, C>& x, int, int c) { return x.v[c]; }
template <class T, int R, int C> KEOPS_DEVICE T element(const Pairs<T, R, C>& x, int r, int c) { return x.v[r][c]; }

template <class T> KEOPS_DEVICE void set(T& x, int, int, T value) { x = value; }
template <class T, int R> KEOPS_DEVICE void set(Rows<T, R>& x, int r, int, T value) { x.v[r] = value; }
template <class T, int C> KEOPS_DEVICE void set(Columns<T, C>& x, int, int c, T value) { x.v[c] = value; }
template <class T, int R, int C> KEOPS_DEVICE void set(Pairs<T, R, C>& x, int r, int c, T value) { x.v[r][c] = value; }

// ---- f of each element.

template <class F, class A, class... More> KEOPS_DEVICE auto map(F f, const A& a, const More&... more) {
    constexpr int rows = largest(Shape<A>::rows, Shape<More>::rows...);
    constexpr int columns = largest(Shape<A>::columns, Shape<More>::columns...);
    typename Of<typename Shape<A>::Scalar, rows, columns>::Type result;
#pragma unroll
    for (int r = 0; r < largest(rows, 1); ++r)
#pragma unroll
        for (int c = 0; c < largest(columns, 1); ++c) set(result, r, c, f(element(a, r, c), element(more, r, c)...));
    return result;
}

// `to = from`, where `from` may be the same for several elements of `to`.
template <class To, class From> KEOPS_DEVICE void assign(To& to, const From& from) {
#pragma unroll
    for (int r = 0; r < largest(Shape<To>::rows, 1); ++r)
#pragma unroll
        for (int c = 0; c < largest(Shape<To>::columns, 1); ++c) set(to, r, c, element(from, r, c));
}

// ---- s = f(s, a...) column after column: how a row takes the values of a group of columns.

template <int C, class T, int R, class F, class... A>
KEOPS_DEVICE void fold(Rows<T, R>& sum, F f, const A&... a) {
#pragma unroll
    for (int c = 0; c < C; ++c)
#pragma unroll
        for (int r = 0; r < R; ++r) sum.v[r] = f(sum.v[r], element(a, r, c)...);
}

// ---- Arithmetic, rounded after each operation; fused only where the formula compiler says so.

KEOPS_DEVICE float sum_of(float a, float b) { return __fadd_rn(a, b); }
KEOPS_DEVICE double sum_of(double a, double b) { return __dadd_rn(a, b); }
KEOPS_DEVICE float product_of(float a, float b) { return __fmul_rn(a, b); }
KEOPS_DEVICE double product_of(double a, double b) { return __dmul_rn(a, b); }
KEOPS_DEVICE float fused(float a, float b, float c) { return __fmaf_rn(a, b, c); }
KEOPS_DEVICE double fused(double a, double b, double c) { return __fma_rn(a, b, c); }

// The larger or smaller of two; the other if one is NaN.
struct Largest {
    KEOPS_DEVICE float better(float a, float b) { return fmaxf(a, b); }
    KEOPS_DEVICE double better(double a, double b) { return fmax(a, b); }
    template <class T> KEOPS_DEVICE bool precedes(T a, T b) { return a > b; }
    template <class T> KEOPS_DEVICE T worst() { return T(-INFINITY); }
};
struct Smallest {
    KEOPS_DEVICE float better(float a, float b) { return fminf(a, b); }
    KEOPS_DEVICE double better(double a, double b) { return fmin(a, b); }
    template <class T> KEOPS_DEVICE bool precedes(T a, T b) { return a < b; }
    template <class T> KEOPS_DEVICE T worst() { return T(INFINITY); }
};

struct Add { template <class T> KEOPS_METHOD T operator()(T a, T b) const { return sum_of(a, b); } };
struct Sub { template <class T> KEOPS_METHOD T operator()(T a, T b) const { return sum_of(a, -b); } };
struct Mul { template <class T> KEOPS_METHOD T operator()(T a, T b) const { return product_of(a, b); } };
struct Div { template <class T> KEOPS_METHOD T operator()(T a, T b) const { return a / b; } };
struct Neg { template <class T> KEOPS_METHOD T operator()(T a) const { return -a; } };
struct MulAdd { template <class T> KEOPS_METHOD T operator()(T a, T b, T c) const { return fused(a, b, c); } };
struct NegMulAdd { template <class T> KEOPS_METHOD T operator()(T a, T b, T c) const { return fused(-a, b, c); } };
// The accumulating forms have the sum first.
struct AddMul { template <class T> KEOPS_METHOD T operator()(T c, T a, T b) const { return fused(a, b, c); } };
struct SubMul { template <class T> KEOPS_METHOD T operator()(T c, T a, T b) const { return fused(-a, b, c); } };
template <class Order> struct Better {
    template <class T> KEOPS_METHOD T operator()(T a, T b) const { return Order::better(a, b); }
};
// x where a precedes b, y elsewhere.
template <class Order> struct Select {
    template <class T> KEOPS_METHOD T operator()(T a, T b, T x, T y) const { return Order::precedes(a, b) ? x : y; }
};
struct Pick {
    bool hit;
    template <class T> KEOPS_METHOD T operator()(T x, T y) const { return hit ? x : y; }
};

// ---- Reading points: `dim` numbers each, row after row.

// As many numbers as the widest load has.
template <class T> struct Vector;
template <> struct Vector<float> { typedef float4 Type; static constexpr int length = 4; };
template <> struct Vector<double> { typedef double2 Type; static constexpr int length = 2; };

KEOPS_DEVICE float part_of(const float4& v, int k) { return k == 0 ? v.x : k == 1 ? v.y : k == 2 ? v.z : v.w; }
KEOPS_DEVICE double part_of(const double2& v, int k) { return k == 0 ? v.x : v.y; }

// Number k of a point that starts where a wide load may. Neighbours come from the same load: the compiler removes all but
// one where it knows the remainder of k.
template <class T> KEOPS_DEVICE T read_by_vectors(const T* point, int k) {
    const int part = k & (Vector<T>::length - 1);
    return part_of(__ldg((const typename Vector<T>::Type*)(point + (k - part))), part);
}

// An address that the compiler does not compute again from what it is made of: coordinates are constant distances away.
template <class T> KEOPS_DEVICE const T* kept_address(const T* address) {
    Count number = (Count)address;
    asm("" : "+l"(number));
    return (const T*)number;
}

// Where the points of some rows start.
template <class T, int R>
KEOPS_DEVICE Rows<const T*, R> rows_of(const T* points, const Rows<Count, R>& row, int dim) {
    Rows<const T*, R> result;
#pragma unroll
    for (int r = 0; r < R; ++r) result.v[r] = kept_address(points + row.v[r] * dim);
    return result;
}
// The same addresses, but the compiler does not know it: what is read there is read again for each group of columns, and
// takes no registers between groups.
template <class T, int R> KEOPS_DEVICE Rows<const T*, R> read_again(const Rows<const T*, R>& points) {
    Rows<const T*, R> result;
#pragma unroll
    for (int r = 0; r < R; ++r) {
        Count number = (Count)points.v[r];
        asm volatile("" : "+l"(number));
        result.v[r] = (const T*)number;
    }
    return result;
}
template <class T, int R> KEOPS_DEVICE Rows<T, R> read_rows(const Rows<const T*, R>& points, int k) {
    Rows<T, R> result;
#pragma unroll
    for (int r = 0; r < R; ++r) result.v[r] = __ldg(points.v[r] + k);
    return result;
}
template <class T, int R> KEOPS_DEVICE Rows<T, R> read_rows_by_vectors(const Rows<const T*, R>& points, int k) {
    Rows<T, R> result;
#pragma unroll
    for (int r = 0; r < R; ++r) result.v[r] = read_by_vectors(points.v[r], k);
    return result;
}

// The numbers of some rows, as values.
template <class T, int R> KEOPS_DEVICE Rows<T, R> numbers_of(const Rows<Count, R>& row) {
    Rows<T, R> result;
#pragma unroll
    for (int r = 0; r < R; ++r) result.v[r] = (T)row.v[r];
    return result;
}

// The same tile, but loads from it and from `tile` are not put in order together. The compiler makes wide loads of runs of
// neighbours, 64 loads at a time: other loads among them would break the runs at places where no wide load can start.
template <class T> KEOPS_DEVICE const T* apart(const T* tile) {
    unsigned number = (unsigned)__cvta_generic_to_shared(tile);
    asm("" : "+r"(number));
    return (const T*)__cvta_shared_to_generic(number);
}

// Coordinate k of the next C columns of a tile in which a column takes `stride` numbers.
template <int C, class T> KEOPS_DEVICE Columns<T, C> read_columns(const T* tile, int stride, int k) {
    Columns<T, C> result;
#pragma unroll
    for (int c = 0; c < C; ++c) result.v[c] = tile[c * stride + k];
    return result;
}

template <int C, class T> KEOPS_DEVICE Columns<T, C> read_columns_by_vectors(const T* tile, int stride, int k) {
    const int part = k & (Vector<T>::length - 1);
    Columns<T, C> result;
#pragma unroll
    for (int c = 0; c < C; ++c)
        result.v[c] = part_of(*(const typename Vector<T>::Type*)(tile + (c * stride + k - part)), part);
    return result;
}

// All numbers of the next C columns, by loads of 16 bytes: coordinate k of column c is `v[c][k]`.
template <class T, int C, int STRIDE> struct Narrow {
    T v[C][STRIDE];
    KEOPS_METHOD explicit Narrow(const T* tile) {
        constexpr int length = Vector<T>::length;
#pragma unroll
        for (int c = 0; c < C; ++c)
#pragma unroll
            for (int n = 0; n < STRIDE / length; ++n) {
                const auto read = ((const typename Vector<T>::Type*)(tile + c * STRIDE))[n];
#pragma unroll
                for (int k = 0; k < length; ++k) v[c][n * length + k] = part_of(read, k);
            }
    }
    KEOPS_METHOD Columns<T, C> at(int k) const {
        Columns<T, C> result;
#pragma unroll
        for (int c = 0; c < C; ++c) result.v[c] = v[c][k];
        return result;
    }
};

// The same of columns that are too wide for a tile, the first of which starts at `points`.
template <int C, class T> KEOPS_DEVICE Columns<T, C> read_columns_of(const T* points, int dim, int k) {
    Columns<T, C> result;
#pragma unroll
    for (int c = 0; c < C; ++c) result.v[c] = __ldg(points + c * dim + k);
    return result;
}
template <int C, class T> KEOPS_DEVICE Columns<T, C> read_columns_of_by_vectors(const T* points, int dim, int k) {
    Columns<T, C> result;
#pragma unroll
    for (int c = 0; c < C; ++c) result.v[c] = read_by_vectors(points + c * dim, k);
    return result;
}

// Index arithmetic of the loop program.
KEOPS_DEVICE int saturating_sub(int a, int b) { return a > b ? a - b : 0; }
KEOPS_DEVICE int smaller(int a, int b) { return a < b ? a : b; }

}  // namespace keops
