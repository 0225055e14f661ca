// The accumulators, one per coordinate, for R rows: twins of those of the runtime (keops::reduction), with the same
// identities, merges and treatment of NaN, infinities and ties.
#pragma once
#include "lanes.cuh"
#include "math.cuh"

namespace keops {

// The numbers of a state, in memory: one after another, `stride` apart.
template <class T> struct Cursor {
    T* at;
    Count stride;
    KEOPS_METHOD void put(T value) {
        *at = value;
        at += stride;
    }
    KEOPS_METHOD T take() {
        T value = *at;
        at += stride;
        return value;
    }
};

KEOPS_DEVICE float greatest_finite(float) { return 3.4028234663852886e38f; }
KEOPS_DEVICE double greatest_finite(double) { return 1.7976931348623157e308; }

// The finite number that stands for a reference of exponents in differences, so that inf - inf never occurs.
template <class T> KEOPS_DEVICE T finite(T m) {
    T limit = greatest_finite(m);
    return Largest::better(-limit, Smallest::better(limit, m));
}

// ---- The sum of a group of tiles in working precision, their total in twice that: Knuth's two-sum (TAOCP vol. 2,
// 4.2.2, theorem B).

template <class T, int R> struct Sum {
    Rows<T, R> high, low;

    KEOPS_METHOD void identity() {
        assign(high, T(0));
        assign(low, T(0));
    }
    KEOPS_METHOD void add(const Rows<T, R>& part) {
#pragma unroll
        for (int r = 0; r < R; ++r) {
            T a = high.v[r], b = part.v[r], sum = sum_of(a, b);
            T b_part = sum_of(sum, -a), a_part = sum_of(sum, -b_part);
            high.v[r] = sum;
            low.v[r] = sum_of(low.v[r], sum_of(sum_of(a, -a_part), sum_of(b, -b_part)));
        }
    }
    KEOPS_METHOD void scale(const Rows<T, R>& factor) {
        high = map(Mul(), high, factor);
        low = map(Mul(), low, factor);
    }
    KEOPS_METHOD void merge(const Sum& later) {
        add(later.high);
        low = map(Add(), low, later.low);
    }
    // Sums that are relative to references which have been merged with these factors.
    KEOPS_METHOD void merge(const Sum& later, const Rows<T, R>& own_factor, const Rows<T, R>& later_factor) {
        scale(own_factor);
        add(map(Mul(), later.high, later_factor));
        low = map(MulAdd(), later.low, later_factor, low);
    }
    // Where the sum is infinite or NaN its error means nothing.
    KEOPS_METHOD Rows<T, R> value() const {
        return map([](auto h, auto l) { return fabs(h) <= greatest_finite(h) ? sum_of(h, l) : h; }, high, low);
    }
    KEOPS_METHOD void store(Cursor<T>& to, int r) const {
        to.put(high.v[r]);
        to.put(low.v[r]);
    }
    KEOPS_METHOD void load(Cursor<T>& from, int r) {
        high.v[r] = from.take();
        low.v[r] = from.take();
    }
};

// ---- The reference of base-2 exponents, to which scaled sums are relative: no less than the largest and little more.

// The reference for further exponents too: a whole number higher where one of them is above it, as on the processor. So
// what was summed before is halved at least, and so are the errors of the factors, which would add up otherwise. Where
// rounding takes the step too far or not far enough, and after -inf, it is their maximum; NaN is skipped.
template <class T> KEOPS_DEVICE T raised(T old, T largest) {
    T next = sum_of(old, math::ceil(sum_of(largest, -old)));
    next = largest <= next && next <= sum_of(largest, T(1)) ? next : largest;
    return old < largest ? next : old;
}

template <class T, int R> struct Exponent {
    Rows<T, R> bound;
    // `bound` made finite, now and when the totals were last scaled.
    Rows<T, R> reference, of_totals;

    KEOPS_METHOD void identity() {
        assign(bound, T(-INFINITY));
        assign(reference, finite(T(-INFINITY)));
        of_totals = reference;
    }
    // Whether any row sees an exponent above its reference.
    KEOPS_METHOD bool rises(const Rows<T, R>& exponents) const {
        bool any = false;
#pragma unroll
        for (int r = 0; r < R; ++r) any |= exponents.v[r] > bound.v[r];
        return any;
    }
    // Returns 2^(old - new reference), the factor for the sums of the tile so far.
    KEOPS_METHOD Rows<T, R> raise(const Rows<T, R>& exponents) {
        bound = map([](auto o, auto e) { return raised(o, e); }, bound, exponents);
        Rows<T, R> old = reference;
        reference = map([](auto m) { return finite(m); }, bound);
        return factor_from(old);
    }
    // The factor for the totals, which are scaled now.
    KEOPS_METHOD Rows<T, R> factor_of_totals() {
        Rows<T, R> factor = factor_from(of_totals);
        of_totals = reference;
        return factor;
    }
    KEOPS_METHOD Rows<T, R> factor_from(const Rows<T, R>& old) const {
        return map([](auto o, auto n) { return math::exp2_nonpositive(sum_of(o, -n)); }, old, reference);
    }
    // Takes both references; returns the factor for the later sums, `own` becomes that for the earlier ones.
    KEOPS_METHOD Rows<T, R> merge(const Exponent& later, Rows<T, R>& own) {
        own = raise(later.bound);
        of_totals = reference;
        return factor_from(later.reference);
    }
    KEOPS_METHOD void store(Cursor<T>& to, int r) const { to.put(bound.v[r]); }
    KEOPS_METHOD void load(Cursor<T>& from, int r) {
        bound.v[r] = from.take();
        reference.v[r] = finite(bound.v[r]);
        of_totals.v[r] = reference.v[r];
    }
};

// log of a scaled sum in base e. Where the reference is +inf it is the result: the sum means nothing there. Where it is
// -inf the sum is 0 and its logarithm the result.
template <class T, int R> KEOPS_DEVICE Rows<T, R> log_sum(const Exponent<T, R>& exponent, const Sum<T, R>& sum) {
    const T ln_2 = T(0.6931471805599453);
    return map(
        [=](auto bound, auto reference, auto s) {
            return bound == T(INFINITY) ? bound : fused(reference, ln_2, math::log(s));
        },
        exponent.bound, exponent.reference, sum.value());
}

// ---- The best value.

template <class T, int R, class Order> struct Best {
    Rows<T, R> value;

    KEOPS_METHOD void identity() { assign(value, Order::template worst<T>()); }
    KEOPS_METHOD void merge(const Best& later) { value = map(Better<Order>(), later.value, value); }
    KEOPS_METHOD void store(Cursor<T>& to, int r) const { to.put(value.v[r]); }
    KEOPS_METHOD void load(Cursor<T>& from, int r) { value.v[r] = from.take(); }
};

// ---- Column numbers travel in the bits of a scalar.

KEOPS_DEVICE float index_bits(float, Count index) { return __uint_as_float((unsigned)index); }
KEOPS_DEVICE double index_bits(double, Count index) { return __longlong_as_double((long long)index); }
KEOPS_DEVICE Count index_of(float bits) { return __float_as_uint(bits); }
KEOPS_DEVICE Count index_of(double bits) { return (Count)__double_as_longlong(bits); }

// ---- The K best values with their columns, best first; of equals the earlier column.

template <class T, int R, int K, class Order> struct List {
    T values[R][K];
    T indices[R][K];
    static constexpr bool short_list = K <= 16;

    KEOPS_METHOD void identity() {
        for_each_row([&](int r) {
            for_each_place([&](int k) {
                values[r][k] = Order::template worst<T>();
                indices[r][k] = index_bits(T(0), ~Count(0));
            });
        });
    }

    // Takes the values of C columns, the first of which has number `first`. A group without a value that beats the last
    // entry of any row costs a comparison per row and one jump. In double precision there is a jump per row: some devices
    // take longer to join the comparisons than to jump.
    template <int C, class V> KEOPS_METHOD void take(const V& value, Count first) {
        T best[R];
        bool any = false;
#pragma unroll
        for (int r = 0; r < R; ++r) {
            best[r] = element(value, r, 0);
#pragma unroll
            for (int c = 1; c < C; ++c) best[r] = Order::better(best[r], element(value, r, c));
            any |= Order::precedes(best[r], values[r][K - 1]);
        }
        if (sizeof(T) == sizeof(float) && !any) return;
#pragma unroll
        for (int r = 0; r < R; ++r) {
            if (Order::precedes(best[r], values[r][K - 1])) {
#pragma unroll
                for (int c = 0; c < C; ++c) {
                    T v = element(value, r, c);
                    if (Order::precedes(v, values[r][K - 1])) insert(r, v, index_bits(T(0), first + c));
                }
            }
        }
    }

    // The value is known to precede the last entry. It goes behind its equals.
    KEOPS_METHOD void insert(int r, T value, T index) {
#pragma unroll (short_list ? K : 1)
        for (int k = K - 1; k > 0; --k) shift(r, k, value, index);
        bool first = Order::precedes(value, values[r][0]);
        values[r][0] = first ? value : values[r][0];
        indices[r][0] = first ? index : indices[r][0];
    }

    // Takes the entries of the other list from its front, to which the others move up: lists in registers are not indexed.
    KEOPS_METHOD void merge(const List& later) {
        if constexpr (short_list) {
            List left = later;
#pragma unroll 1
            for (int n = 0; n < K; ++n) {
                take_entry(left, 0);
                left.move_up();
            }
        } else {
#pragma unroll 1
            for (int n = 0; n < K; ++n) take_entry(later, n);
        }
    }
    KEOPS_METHOD void take_entry(const List& other, int k) {
        for_each_row([&](int r) {
            T v = other.values[r][k];
            if (Order::precedes(v, values[r][K - 1])) insert(r, v, other.indices[r][k]);
        });
    }

    KEOPS_METHOD Rows<T, R> value(int k) const {
        Rows<T, R> result;
#pragma unroll
        for (int r = 0; r < R; ++r) result.v[r] = values[r][k];
        return result;
    }
    KEOPS_METHOD Rows<T, R> index(int k) const {
        Rows<T, R> result;
#pragma unroll
        for (int r = 0; r < R; ++r) result.v[r] = indices[r][k];
        return result;
    }
    KEOPS_METHOD void store(Cursor<T>& to, int r) const {
        for_each_place([&](int k) { to.put(values[r][k]); });
        for_each_place([&](int k) { to.put(indices[r][k]); });
    }
    KEOPS_METHOD void load(Cursor<T>& from, int r) {
        for_each_place([&](int k) { values[r][k] = from.take(); });
        for_each_place([&](int k) { indices[r][k] = from.take(); });
    }

private:
    // Entry k becomes the new value, its left neighbour, or stays, whichever keeps the list sorted.
    KEOPS_METHOD void shift(int r, int k, T value, T index) {
        bool before_this = Order::precedes(value, values[r][k]);
        bool before_left = Order::precedes(value, values[r][k - 1]);
        T v = before_left ? values[r][k - 1] : value, i = before_left ? indices[r][k - 1] : index;
        values[r][k] = before_this ? v : values[r][k];
        indices[r][k] = before_this ? i : indices[r][k];
    }
    KEOPS_METHOD void move_up() {
        for_each_row([&](int r) {
#pragma unroll
            for (int k = 1; k < K; ++k) {
                values[r][k - 1] = values[r][k];
                indices[r][k - 1] = indices[r][k];
            }
        });
    }
    template <class F> static KEOPS_METHOD void for_each_row(F f) {
#pragma unroll
        for (int r = 0; r < R; ++r) f(r);
    }
    // The places of a short list are written out, so that it lies in registers.
    template <class F> static KEOPS_METHOD void for_each_place(F f) {
#pragma unroll (short_list ? K : 1)
        for (int k = 0; k < K; ++k) f(k);
    }
};

// ---- Outputs: coordinate k of R rows of `dim`.

template <class T, int R, class V>
KEOPS_DEVICE void write_rows(T* to, const Rows<Count, R>& row, const bool (&inside)[R], int dim, int k, const V& value) {
#pragma unroll
    for (int r = 0; r < R; ++r)
        if (inside[r]) to[row.v[r] * dim + k] = element(value, r, 0);
}

// Indices that name no column become `missing`.
template <int R, class V>
KEOPS_DEVICE void write_indices(Count* to, const Rows<Count, R>& row, const bool (&inside)[R], int dim, int k,
                                const V& value, Count columns, Count missing) {
#pragma unroll
    for (int r = 0; r < R; ++r) {
        Count index = index_of(element(value, r, 0));
        if (inside[r]) to[row.v[r] * dim + k] = index < columns ? index : missing;
    }
}

}  // namespace keops
