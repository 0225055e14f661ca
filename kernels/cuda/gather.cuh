// Sums over chosen pairs: the gradients of Min, Max and KMin. Sums are in double precision, in one order always.
#pragma once
#include "lanes.cuh"
#include "math.cuh"

namespace keops {

template <class T, int N> KEOPS_DEVICE void write_sums(T* to, const double (&sums)[N]) {
    for (int k = 0; k < N; ++k) to[k] = (T)sums[k];
}

// A thread per row that chose; `columns` rows could be chosen.
template <class F, class A> KEOPS_DEVICE void visit_chosen(const A& a) {
    Count chooser = (Count)blockIdx.x * blockDim.x + threadIdx.x;
    if (chooser >= a.rows) return;
    double sums[F::OUTPUTS] = {};
    for (int k = 0; k < F::CHOICES; ++k) {
        Count chosen = a.choice[chooser * F::CHOICES + k];
        if (chosen < a.columns) F::pair(a, k, chooser, chosen, sums);
    }
    write_sums(a.out_0 + chooser * F::OUTPUTS, sums);
}

// A thread per row that may have been chosen, by one of `columns` rows.
template <class F, class A> KEOPS_DEVICE void visit_choosers(const A& a) {
    Count chosen = (Count)blockIdx.x * blockDim.x + threadIdx.x;
    if (chosen >= a.rows) return;
    double sums[F::OUTPUTS] = {};
    for (Count chooser = 0; chooser < a.columns; ++chooser)
        for (int k = 0; k < F::CHOICES; ++k)
            if (a.choice[chooser * F::CHOICES + k] == chosen) F::pair(a, k, chooser, chosen, sums);
    write_sums(a.out_0 + chosen * F::OUTPUTS, sums);
}

}  // namespace keops
