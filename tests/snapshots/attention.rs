/**

| argument | kind | shape |
|---|---|---|
| `q_i` | `Vi<4>` | M rows of 4 coordinates, one per i |
| `k_j` | `Vj<4>` | N rows of 4 coordinates, one per j |
| `v_j` | `Vj<3>` | N rows of 3 coordinates, one per j |
| *result* | `Vi<3>` | M rows of 3 coordinates, one per i |
*/
#[allow(non_snake_case, clippy::all, clippy::pedantic)]
pub fn attention<T: ::keops::Real, M: ::keops::Memory>(
    q_i: impl ::keops::Points<4, T, M>,
    k_j: impl ::keops::Points<4, T, M>,
    v_j: impl ::keops::Points<3, T, M>,
) -> ::core::result::Result<M::Rows<T, 3>, ::keops::Error> {
    attention::with(::keops::Options::new(), q_i, k_j, v_j)
}
///Other ways to call [`attention`](fn@attention).
#[allow(non_snake_case, clippy::all, clippy::pedantic)]
pub mod attention {
    pub(super) struct Formula;
    struct Stage0<'a, T> {
        in_q_i: &'a [T],
        in_k_j: &'a [T],
        in_v_j: &'a [T],
        parameters: [T; 0],
        lifetime: ::core::marker::PhantomData<&'a T>,
    }
    impl<T: ::keops::Real> ::keops::engine::Kernel<T> for Stage0<'_, T> {
        const LAYOUT: ::keops::engine::Layout = ::keops::engine::Layout {
            row_inputs: 4,
            row_hoisted: 0,
            column_inputs: 0,
            column_hoisted: 0,
            column_read: 7,
            accumulators: &[
                ::keops::reduction::accumulator::Accumulator {
                    kind: ::keops::reduction::accumulator::Kind::Exponent,
                    dim: 1,
                },
                ::keops::reduction::accumulator::Accumulator {
                    kind: ::keops::reduction::accumulator::Kind::ScaledSum {
                        exponent: 0,
                    },
                    dim: 3,
                },
                ::keops::reduction::accumulator::Accumulator {
                    kind: ::keops::reduction::accumulator::Kind::ScaledSum {
                        exponent: 0,
                    },
                    dim: 1,
                },
            ],
            outputs: 3,
            cuts: 1,
            wide: true,
            columns_in_lanes: true,
            cost: 32,
        };
        fn read_rows(&self, first: usize, lanes: usize, bank: &mut [T]) {
            ::keops::engine::transpose(
                self.in_q_i,
                4,
                first,
                lanes,
                &mut bank[0 * lanes..],
            );
        }
        #[inline(always)]
        fn hoist_rows<P: ::keops::simd::Rows<Elem = T>>(
            &self,
            token: P::Token,
            bank: &mut [T],
            stride: usize,
        ) {
            let _ = (token, bank, stride);
        }
        fn read_columns(&self, first: usize, lanes: usize, bank: &mut [T]) {
            let _ = (first, lanes, bank);
        }
        fn read_tile(
            &self,
            columns: ::core::ops::Range<usize>,
            lanes: usize,
            bank: &mut [T],
        ) {
            ::keops::engine::transpose(
                &self.in_v_j[..columns.end * 3],
                3,
                columns.start,
                lanes,
                &mut bank[0 * lanes..],
            );
            ::keops::engine::transpose(
                &self.in_k_j[..columns.end * 4],
                4,
                columns.start,
                lanes,
                &mut bank[3 * lanes..],
            );
        }
        #[inline(always)]
        fn hoist_columns<P: ::keops::simd::Rows<Elem = T>>(
            &self,
            token: P::Token,
            bank: &mut [T],
            stride: usize,
        ) {
            let _ = (token, bank, stride);
        }
        #[inline(always)]
        fn update<P: ::keops::simd::Rows<Elem = T>, const IN_LANES: bool>(
            &self,
            token: P::Token,
            bank: &[T],
            columns: ::keops::engine::Columns<'_, T, IN_LANES>,
            cuts: &mut [P],
            state: &mut [T],
        ) {
            #[allow(unused_imports)]
            use ::keops::simd::{Pair as _, Vector as _};
            let (len, stride) = (columns.len, P::LANES);
            let steps = columns.steps::<P>();
            let in_v_j: &[[T; 3]] = self.in_v_j.as_chunks::<3>().0;
            let in_v_j = &in_v_j[columns.first..columns.first + len];
            let in_k_j: &[[T; 4]] = self.in_k_j.as_chunks::<4>().0;
            let in_k_j = &in_k_j[columns.first..columns.first + len];
            let (cut_0, cuts) = cuts.split_at_mut(::keops::engine::TILE);
            let _ = (bank, cuts, stride);
            let mut factors_0 = [P::splat(
                token,
                <T as ::core::default::Default>::default(),
            ); 1];
            {
                let t14 = P::splat(
                    token,
                    <P::Elem as ::keops::Real>::from_f64(f64::NEG_INFINITY),
                );
                let mut t15 = t14;
                let t16 = P::load(token, &bank[..]);
                let t19 = P::load(token, &bank[1 * stride..]);
                let t22 = P::load(token, &bank[2 * stride..]);
                let t25 = P::load(token, &bank[3 * stride..]);
                let t28 = P::splat(
                    token,
                    <P::Elem as ::keops::Real>::from_f64(0.7213475204444817f64),
                );
                let cut_0 = &mut cut_0[..steps];
                for j in 0..steps {
                    let t17 = columns.coordinate::<P, _>(token, in_k_j, j, 0, 3);
                    let t18 = t16.mul(t17);
                    let t20 = columns.coordinate::<P, _>(token, in_k_j, j, 1, 3);
                    let t21 = t19.mul_add(t20, t18);
                    let t23 = columns.coordinate::<P, _>(token, in_k_j, j, 2, 3);
                    let t24 = t22.mul_add(t23, t21);
                    let t26 = columns.coordinate::<P, _>(token, in_k_j, j, 3, 3);
                    let t27 = t25.mul_add(t26, t24);
                    let t29 = t27.mul(t28);
                    t15 = t29.max(t15);
                    cut_0[j] = t29;
                }
                factors_0[0] = ::keops::reduction::exp_sum::raise::<
                    P,
                >(token, &mut state[..], t15);
            }
            {
                let t0 = P::splat(token, <P::Elem as ::keops::Real>::from_f64(0f64));
                let mut t1 = t0;
                let t3 = ::keops::reduction::exp_sum::reference::<P>(token, &state[..]);
                let t5 = P::splat(token, <P::Elem as ::keops::Real>::from_f64(2f64));
                let mut t9 = t0;
                let mut t11 = t0;
                let mut t13 = t0;
                let cut_0 = &cut_0[..steps];
                for j in 0..steps {
                    let t2 = cut_0[j];
                    let t4 = t2.sub(t3);
                    let t6 = t4.mul(t5);
                    let t7 = <P::Elem as ::keops::math::Functions>::exp2_nonpositive(t6);
                    let t8 = columns.coordinate::<P, _>(token, in_v_j, j, 0, 0);
                    t1 = t7.mul_add(t8, t1);
                    let t10 = columns.coordinate::<P, _>(token, in_v_j, j, 1, 0);
                    t9 = t7.mul_add(t10, t9);
                    let t12 = columns.coordinate::<P, _>(token, in_v_j, j, 2, 0);
                    t11 = t7.mul_add(t12, t11);
                    t13 = t13.add(t7);
                }
                ::keops::reduction::exp_sum::update::<
                    P,
                >(token, &mut state[1 * stride..], stride, factors_0[0], t1);
                ::keops::reduction::exp_sum::update::<
                    P,
                >(token, &mut state[3 * stride..], stride, factors_0[0], t9);
                ::keops::reduction::exp_sum::update::<
                    P,
                >(token, &mut state[5 * stride..], stride, factors_0[0], t11);
                ::keops::reduction::exp_sum::update::<
                    P,
                >(token, &mut state[7 * stride..], stride, factors_0[0], t13);
            }
        }
        #[inline(always)]
        fn finish<P: ::keops::simd::Rows<Elem = T>>(
            &self,
            token: P::Token,
            bank: &[T],
            state: &[T],
            outputs: &mut [T],
            stride: usize,
        ) {
            let _ = (bank, state);
            let t30 = ::keops::reduction::sum::value::<
                P,
            >(token, &state[1 * stride..], stride);
            let t31 = ::keops::reduction::sum::value::<
                P,
            >(token, &state[7 * stride..], stride);
            let t32 = t30.div(t31);
            t32.store(&mut outputs[..]);
            let t33 = ::keops::reduction::sum::value::<
                P,
            >(token, &state[3 * stride..], stride);
            let t34 = t33.div(t31);
            t34.store(&mut outputs[1 * stride..]);
            let t35 = ::keops::reduction::sum::value::<
                P,
            >(token, &state[5 * stride..], stride);
            let t36 = t35.div(t31);
            t36.store(&mut outputs[2 * stride..]);
        }
    }
    impl<T: ::keops::Real> ::keops::Formula<T> for Formula {
        fn declaration(&self) -> &'static ::keops::points::Declaration {
            &::keops::points::Declaration {
                arguments: &[
                    ("q_i", ::keops::points::Index::I),
                    ("k_j", ::keops::points::Index::J),
                    ("v_j", ::keops::points::Index::J),
                ],
                kept: ::keops::points::Index::I,
                results: ::keops::points::Index::I,
                demands: &[
                    ::keops::points::Demand {
                        reduction: "SumSoftMaxWeight_j",
                        points: 1,
                        indices: false,
                    },
                ],
                streams: true,
            }
        }
        fn on_host(
            &self,
            arguments: &[::keops::points::View<'_, T>],
            pairs: ::keops::points::Pairs<'_>,
            values: &mut [&mut [T]],
            _: &mut [&mut [usize]],
            _: &mut [&mut [T]],
        ) -> ::core::result::Result<(), ::keops::Error> {
            let [stage_0_0] = ::keops::memory::all(values);
            {
                let parameters = [];
                let kernel = Stage0::<T> {
                    in_q_i: arguments[0].data(),
                    in_k_j: arguments[1].data(),
                    in_v_j: arguments[2].data(),
                    parameters,
                    lifetime: ::core::marker::PhantomData,
                };
                ::keops::engine::run(
                    &kernel,
                    pairs,
                    ::keops::points::Index::I,
                    &mut [
                        ::keops::engine::Out::Rows {
                            rows: &mut stage_0_0[..],
                            dim: 3,
                        },
                    ],
                )?;
            }
            ::core::result::Result::Ok(())
        }
    }
    ///[`attention`](fn@super::attention), written to memory of the caller: see `keops::Destination`. The arguments are those of the function.
    #[allow(dead_code)]
    pub fn into<T: ::keops::Real, M: ::keops::Memory>(
        mut result: impl ::keops::Destination<3, T, M>,
        q_i: impl ::keops::Points<4, T, M>,
        k_j: impl ::keops::Points<4, T, M>,
        v_j: impl ::keops::Points<3, T, M>,
    ) -> ::core::result::Result<(), ::keops::Error> {
        let arguments = [
            ::keops::Points::<4, T, M>::view(&q_i, "q_i")?,
            ::keops::Points::<4, T, M>::view(&k_j, "k_j")?,
            ::keops::Points::<3, T, M>::view(&v_j, "v_j")?,
        ];
        M::evaluate(
            &Formula,
            &arguments,
            ::keops::Options::new(),
            ::keops::memory::Results {
                values: &mut [
                    ::keops::Destination::<3, T, M>::slot(&mut result, "result")?,
                ],
                indices: &mut [],
                totals: &mut [],
            },
        )
    }
    ///[`attention`](fn@super::attention) of some of the pairs, or watched while it is computed: see `keops::Options`. The other arguments are those of the function.
    #[allow(dead_code)]
    pub fn with<'options, T: ::keops::Real, M: ::keops::Memory>(
        options: impl ::core::convert::Into<::keops::Options<'options>>,
        q_i: impl ::keops::Points<4, T, M>,
        k_j: impl ::keops::Points<4, T, M>,
        v_j: impl ::keops::Points<3, T, M>,
    ) -> ::core::result::Result<M::Rows<T, 3>, ::keops::Error> {
        let arguments = [
            ::keops::Points::<4, T, M>::view(&q_i, "q_i")?,
            ::keops::Points::<4, T, M>::view(&k_j, "k_j")?,
            ::keops::Points::<3, T, M>::view(&v_j, "v_j")?,
        ];
        let mut result_0 = <M::Rows<T, 3> as ::core::default::Default>::default();
        M::evaluate(
            &Formula,
            &arguments,
            ::core::convert::Into::into(options),
            ::keops::memory::Results {
                values: &mut [::keops::memory::NewResult::<T, M>::slot(&mut result_0)],
                indices: &mut [],
                totals: &mut [],
            },
        )?;
        ::core::result::Result::Ok(result_0)
    }
}
