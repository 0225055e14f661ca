#[must_use]
/**

| argument | kind | shape |
|---|---|---|
| `x_i` | `Vi<64>` | M rows of 64 coordinates, one per i |
| `y_j` | `Vj<64>` | N rows of 64 coordinates, one per j |
| *result* | `Vi<1>` | M rows of 1 coordinate, one per i |
*/
#[allow(non_snake_case, clippy::all, clippy::pedantic)]
pub fn high_dimension<T: ::keops::Real, M: ::keops::Memory>(
    x_i: impl ::keops::Points<64, T, M>,
    y_j: impl ::keops::Points<64, T, M>,
) -> ::core::result::Result<M::Column<T>, ::keops::Error> {
    high_dimension::with(::keops::Options::new(), x_i, y_j)
}
///Other ways to call [`high_dimension`](fn@high_dimension).
#[allow(non_snake_case, clippy::all, clippy::pedantic)]
pub mod high_dimension {
    pub(super) struct Formula;
    struct Stage0<'a, T> {
        in_x_i: &'a [T],
        in_y_j: &'a [T],
        parameters: [T; 0],
        lifetime: ::core::marker::PhantomData<&'a T>,
    }
    impl<T: ::keops::Real> ::keops::engine::Kernel<T> for Stage0<'_, T> {
        const LAYOUT: ::keops::engine::Layout = ::keops::engine::Layout {
            row_inputs: 64,
            row_hoisted: 0,
            column_inputs: 0,
            column_hoisted: 0,
            column_read: 0,
            accumulators: &[
                ::keops::reduction::accumulator::Accumulator {
                    kind: ::keops::reduction::accumulator::Kind::Exponent,
                    dim: 1,
                },
                ::keops::reduction::accumulator::Accumulator {
                    kind: ::keops::reduction::accumulator::Kind::ScaledSum {
                        exponent: 0,
                    },
                    dim: 1,
                },
            ],
            outputs: 1,
            cuts: 1,
            wide: true,
            columns_in_lanes: false,
            cost: 153,
        };
        fn read_rows(&self, first: usize, lanes: usize, bank: &mut [T]) {
            ::keops::engine::transpose(
                self.in_x_i,
                64,
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
            let in_y_j: &[[T; 64]] = self.in_y_j.as_chunks::<64>().0;
            let in_y_j = &in_y_j[columns.first..columns.first + len];
            let (cut_0, cuts) = cuts.split_at_mut(::keops::engine::TILE);
            let _ = (bank, cuts, stride);
            type Block<P> = <<P as ::keops::simd::Vector>::Token as ::keops::simd::Simd>::Columns<
                P,
            >;
            let last = len - 1;
            let mut factors_0 = [P::splat(
                token,
                <T as ::core::default::Default>::default(),
            ); 1];
            {
                let t11 = Block::<
                    P,
                >::splat(token, <P::Elem as ::keops::Real>::from_f64(0f64));
                let t16 = Block::<
                    P,
                >::splat(
                    token,
                    <P::Elem as ::keops::Real>::from_f64(-0.7213475204444817f64),
                );
                for j in (0..len).step_by(Block::<P>::COLUMNS) {
                    let mut t12 = t11;
                    for k0 in 0..64 {
                        let t13 = Block::<
                            P,
                        >::from_row(P::load(token, &bank[k0 * stride..]));
                        let t14 = Block::<
                            P,
                        >::from_columns(
                            token,
                            j,
                            #[inline(always)]
                            |c| in_y_j[::core::cmp::min(c, last)][k0],
                        );
                        t12 = t13.add_squared_difference(t14, t12);
                    }
                    let t17 = t12.mul(t16);
                    t17.spread(&mut cut_0[j..]);
                }
            }
            {
                let t8 = P::splat(
                    token,
                    <P::Elem as ::keops::Real>::from_f64(f64::NEG_INFINITY),
                );
                let mut t9 = t8;
                let cut_0 = &cut_0[..len];
                for j in 0..len {
                    let t10 = cut_0[j];
                    t9 = t10.max(t9);
                }
                factors_0[0] = ::keops::reduction::exp_sum::raise::<
                    P,
                >(token, &mut state[..], t9);
            }
            {
                let t0 = P::splat(token, <P::Elem as ::keops::Real>::from_f64(0f64));
                let mut t1 = t0;
                let t3 = ::keops::reduction::exp_sum::reference::<P>(token, &state[..]);
                let t5 = P::splat(token, <P::Elem as ::keops::Real>::from_f64(2f64));
                let cut_0 = &cut_0[..len];
                for j in 0..len {
                    let t2 = cut_0[j];
                    let t4 = t2.sub(t3);
                    let t6 = t4.mul(t5);
                    let t7 = <P::Elem as ::keops::math::Functions>::exp2_nonpositive(t6);
                    t1 = t1.add(t7);
                }
                ::keops::reduction::exp_sum::update::<
                    P,
                >(token, &mut state[1 * stride..], stride, factors_0[0], t1);
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
            let t18 = ::keops::reduction::exp_sum::log_value::<
                P,
            >(token, &state[..], &state[1 * stride..], stride);
            t18.store(&mut outputs[..]);
        }
    }
    impl<T: ::keops::Real> ::keops::Formula<T> for Formula {
        fn declaration(&self) -> &'static ::keops::points::Declaration {
            &::keops::points::Declaration {
                arguments: &[
                    ("x_i", ::keops::points::Index::I),
                    ("y_j", ::keops::points::Index::J),
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
                            dim: 1,
                        },
                    ],
                )?;
            }
            ::core::result::Result::Ok(())
        }
    }
    ///[`high_dimension`](fn@super::high_dimension), written to memory of the caller: see `keops::Destination`. The arguments are those of the function.
    #[allow(dead_code)]
    pub fn into<T: ::keops::Real, M: ::keops::Memory>(
        mut result: impl ::keops::Destination<1, T, M>,
        x_i: impl ::keops::Points<64, T, M>,
        y_j: impl ::keops::Points<64, T, M>,
    ) -> ::core::result::Result<(), ::keops::Error> {
        let arguments = [
            ::keops::Points::<64, T, M>::view(&x_i, "x_i")?,
            ::keops::Points::<64, T, M>::view(&y_j, "y_j")?,
        ];
        M::evaluate(
            &Formula,
            &arguments,
            ::keops::Options::new(),
            ::keops::memory::Results {
                values: &mut [
                    ::keops::Destination::<1, T, M>::slot(&mut result, "result")?,
                ],
                indices: &mut [],
                totals: &mut [],
            },
        )
    }
    ///[`high_dimension`](fn@super::high_dimension) of some of the pairs, or watched while it is computed: see `keops::Options`. The other arguments are those of the function.
    #[allow(dead_code)]
    pub fn with<'options, T: ::keops::Real, M: ::keops::Memory>(
        options: impl ::core::convert::Into<::keops::Options<'options>>,
        x_i: impl ::keops::Points<64, T, M>,
        y_j: impl ::keops::Points<64, T, M>,
    ) -> ::core::result::Result<M::Column<T>, ::keops::Error> {
        let arguments = [
            ::keops::Points::<64, T, M>::view(&x_i, "x_i")?,
            ::keops::Points::<64, T, M>::view(&y_j, "y_j")?,
        ];
        let mut result_0 = <M::Column<T> as ::core::default::Default>::default();
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
