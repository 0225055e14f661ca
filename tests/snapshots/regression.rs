/**

| argument | kind | shape |
|---|---|---|
| `x_i` | `Vi<2>` | M rows of 2 coordinates, one per i |
| `y_j` | `Vj<2>` | N rows of 2 coordinates, one per j |
| `b_j` | `Vj<2>` | N rows of 2 coordinates, one per j |
| *result* | `Vi<2>` | M rows of 2 coordinates, one per i |
*/
#[allow(non_snake_case, clippy::all, clippy::pedantic)]
pub fn regression<T: ::keops::Real, M: ::keops::Memory>(
    x_i: impl ::keops::Points<2, T, M>,
    y_j: impl ::keops::Points<2, T, M>,
    b_j: impl ::keops::Points<2, T, M>,
) -> ::core::result::Result<M::Rows<T, 2>, ::keops::Error> {
    regression::with(::keops::Options::new(), x_i, y_j, b_j)
}
///Other ways to call [`regression`](fn@regression).
#[allow(non_snake_case, clippy::all, clippy::pedantic)]
pub mod regression {
    pub(super) struct Formula;
    struct Stage0<'a, T> {
        in_x_i: &'a [T],
        in_y_j: &'a [T],
        in_b_j: &'a [T],
        parameters: [T; 0],
        lifetime: ::core::marker::PhantomData<&'a T>,
    }
    impl<T: ::keops::Real> ::keops::engine::Kernel<T> for Stage0<'_, T> {
        const LAYOUT: ::keops::engine::Layout = ::keops::engine::Layout {
            row_inputs: 2,
            row_hoisted: 0,
            column_inputs: 0,
            column_hoisted: 0,
            column_read: 4,
            accumulators: &[
                ::keops::reduction::accumulator::Accumulator {
                    kind: ::keops::reduction::accumulator::Kind::Sum,
                    dim: 2,
                },
                ::keops::reduction::accumulator::Accumulator {
                    kind: ::keops::reduction::accumulator::Kind::Sum,
                    dim: 1,
                },
            ],
            outputs: 2,
            cuts: 1,
            wide: true,
            columns_in_lanes: true,
            cost: 28,
        };
        fn read_rows(&self, first: usize, lanes: usize, bank: &mut [T]) {
            ::keops::engine::transpose(
                self.in_x_i,
                2,
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
                &self.in_b_j[..columns.end * 2],
                2,
                columns.start,
                lanes,
                &mut bank[0 * lanes..],
            );
            ::keops::engine::transpose(
                &self.in_y_j[..columns.end * 2],
                2,
                columns.start,
                lanes,
                &mut bank[2 * lanes..],
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
            let in_b_j: &[[T; 2]] = self.in_b_j.as_chunks::<2>().0;
            let in_b_j = &in_b_j[columns.first..columns.first + len];
            let in_y_j: &[[T; 2]] = self.in_y_j.as_chunks::<2>().0;
            let in_y_j = &in_y_j[columns.first..columns.first + len];
            let (cut_0, cuts) = cuts.split_at_mut(::keops::engine::TILE);
            let _ = (bank, cuts, stride);
            {
                let t8 = P::load(token, &bank[..]);
                let t12 = P::load(token, &bank[1 * stride..]);
                let t16 = P::splat(
                    token,
                    <P::Elem as ::keops::Real>::from_f64(-1.4426950408889634f64),
                );
                let cut_0 = &mut cut_0[..steps];
                for j in 0..steps {
                    let t9 = columns.coordinate::<P, _>(token, in_y_j, j, 0, 2);
                    let t10 = t8.sub(t9);
                    let t11 = t10.mul(t10);
                    let t13 = columns.coordinate::<P, _>(token, in_y_j, j, 1, 2);
                    let t14 = t12.sub(t13);
                    let t15 = t14.mul_add(t14, t11);
                    let t17 = t15.mul(t16);
                    cut_0[j] = t17;
                }
            }
            {
                let t0 = P::splat(token, <P::Elem as ::keops::Real>::from_f64(0f64));
                let mut t1 = t0;
                let mut t5 = t0;
                let mut t7 = t0;
                let cut_0 = &cut_0[..steps];
                for j in 0..steps {
                    let t2 = cut_0[j];
                    let t3 = <P::Elem as ::keops::math::Functions>::exp2_nonpositive(t2);
                    let t4 = columns.coordinate::<P, _>(token, in_b_j, j, 0, 0);
                    t1 = t3.mul_add(t4, t1);
                    let t6 = columns.coordinate::<P, _>(token, in_b_j, j, 1, 0);
                    t5 = t3.mul_add(t6, t5);
                    t7 = t7.add(t3);
                }
                ::keops::reduction::sum::update::<P>(token, &mut state[..], stride, t1);
                ::keops::reduction::sum::update::<
                    P,
                >(token, &mut state[2 * stride..], stride, t5);
                ::keops::reduction::sum::update::<
                    P,
                >(token, &mut state[4 * stride..], stride, t7);
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
            let t18 = ::keops::reduction::sum::value::<P>(token, &state[..], stride);
            let t19 = ::keops::reduction::sum::value::<
                P,
            >(token, &state[4 * stride..], stride);
            let t20 = t18.div(t19);
            let t21 = P::load(token, &bank[..]);
            let t22 = t20.sub(t21);
            t22.store(&mut outputs[..]);
            let t23 = ::keops::reduction::sum::value::<
                P,
            >(token, &state[2 * stride..], stride);
            let t24 = t23.div(t19);
            let t25 = P::load(token, &bank[1 * stride..]);
            let t26 = t24.sub(t25);
            t26.store(&mut outputs[1 * stride..]);
        }
    }
    impl<T: ::keops::Real> ::keops::Formula<T> for Formula {
        fn declaration(&self) -> &'static ::keops::points::Declaration {
            &::keops::points::Declaration {
                arguments: &[
                    ("x_i", ::keops::points::Index::I),
                    ("y_j", ::keops::points::Index::J),
                    ("b_j", ::keops::points::Index::J),
                ],
                kept: ::keops::points::Index::I,
                results: ::keops::points::Index::I,
                demands: &[],
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
                    in_x_i: arguments[0].data(),
                    in_y_j: arguments[1].data(),
                    in_b_j: arguments[2].data(),
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
                            dim: 2,
                        },
                    ],
                )?;
            }
            ::core::result::Result::Ok(())
        }
    }
    ///[`regression`](fn@super::regression), written to memory of the caller: see `keops::Destination`. The arguments are those of the function.
    #[allow(dead_code)]
    pub fn into<T: ::keops::Real, M: ::keops::Memory>(
        mut result: impl ::keops::Destination<2, T, M>,
        x_i: impl ::keops::Points<2, T, M>,
        y_j: impl ::keops::Points<2, T, M>,
        b_j: impl ::keops::Points<2, T, M>,
    ) -> ::core::result::Result<(), ::keops::Error> {
        let arguments = [
            ::keops::Points::<2, T, M>::view(&x_i, "x_i")?,
            ::keops::Points::<2, T, M>::view(&y_j, "y_j")?,
            ::keops::Points::<2, T, M>::view(&b_j, "b_j")?,
        ];
        M::evaluate(
            &Formula,
            &arguments,
            ::keops::Options::new(),
            ::keops::memory::Results {
                values: &mut [
                    ::keops::Destination::<2, T, M>::slot(&mut result, "result")?,
                ],
                indices: &mut [],
                totals: &mut [],
            },
        )
    }
    ///[`regression`](fn@super::regression) of some of the pairs, or watched while it is computed: see `keops::Options`. The other arguments are those of the function.
    #[allow(dead_code)]
    pub fn with<'options, T: ::keops::Real, M: ::keops::Memory>(
        options: impl ::core::convert::Into<::keops::Options<'options>>,
        x_i: impl ::keops::Points<2, T, M>,
        y_j: impl ::keops::Points<2, T, M>,
        b_j: impl ::keops::Points<2, T, M>,
    ) -> ::core::result::Result<M::Rows<T, 2>, ::keops::Error> {
        let arguments = [
            ::keops::Points::<2, T, M>::view(&x_i, "x_i")?,
            ::keops::Points::<2, T, M>::view(&y_j, "y_j")?,
            ::keops::Points::<2, T, M>::view(&b_j, "b_j")?,
        ];
        let mut result_0 = <M::Rows<T, 2> as ::core::default::Default>::default();
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
