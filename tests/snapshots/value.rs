fn around() {
    let value = {
        /**

| argument | kind | shape |
|---|---|---|
| `x_i` | `Vi<3>` | M rows of 3 coordinates, one per i |
| `y_j` | `Vj<3>` | N rows of 3 coordinates, one per j |
| `b_j` | `Vj<1>` | N rows of 1 coordinate, one per j |
| `s` | `Pm<1>` | one number |
| *result* | `Vi<1>` | M rows of 1 coordinate, one per i |
*/
        #[allow(non_snake_case, clippy::all, clippy::pedantic)]
        fn formula<
            T: ::keops::Real,
            M: ::keops::Memory,
            X0: ?::core::marker::Sized,
            X1: ?::core::marker::Sized,
            X2: ?::core::marker::Sized,
        >(
            x_i: &X0,
            y_j: &X1,
            b_j: &X2,
            s: impl ::keops::Parameter<1, T, M>,
        ) -> ::core::result::Result<M::Column<T>, ::keops::Error>
        where
            for<'a> &'a X0: ::keops::Points<3, T, M>,
            for<'a> &'a X1: ::keops::Points<3, T, M>,
            for<'a> &'a X2: ::keops::Points<1, T, M>,
        {
            let arguments = [
                ::keops::Points::<3, T, M>::view(&x_i, "x_i")?,
                ::keops::Points::<3, T, M>::view(&y_j, "y_j")?,
                ::keops::Points::<1, T, M>::view(&b_j, "b_j")?,
                ::keops::Parameter::<1, T, M>::view(&s, "s")?,
            ];
            let mut result_0 = <M::Column<T> as ::core::default::Default>::default();
            M::evaluate(
                &formula::Formula,
                &arguments,
                ::keops::Options::new(),
                ::keops::memory::Results {
                    values: &mut [
                        ::keops::memory::NewResult::<T, M>::slot(&mut result_0),
                    ],
                    indices: &mut [],
                    totals: &mut [],
                },
            )?;
            ::core::result::Result::Ok(result_0)
        }
        ///Other ways to call [`formula`](fn@formula).
        #[allow(non_snake_case, clippy::all, clippy::pedantic)]
        mod formula {
            pub(super) struct Formula;
            struct Stage0<'a, T> {
                in_x_i: &'a [T],
                in_y_j: &'a [T],
                in_b_j: &'a [T],
                parameters: [T; 2],
                lifetime: ::core::marker::PhantomData<&'a T>,
            }
            impl Stage0<'_, f64> {
                fn hoist_parameters<P: ::keops::simd::Rows<Elem = f64>>(
                    token: P::Token,
                    bank: &mut [f64],
                ) {
                    let stride = P::LANES;
                    let t20 = P::splat(
                        token,
                        <P::Elem as ::keops::Real>::from_f64(-1.4426950408889634f64),
                    );
                    let t21 = P::load(token, &bank[..]);
                    let t22 = <P::Elem as ::keops::math::Functions>::power(t21, -2);
                    let t23 = t20.mul(t22);
                    t23.store(&mut bank[1 * stride..]);
                }
            }
            impl<T: ::keops::Real> ::keops::engine::Kernel<T> for Stage0<'_, T> {
                const LAYOUT: ::keops::engine::Layout = ::keops::engine::Layout {
                    row_inputs: 3,
                    row_hoisted: 0,
                    column_inputs: 0,
                    column_hoisted: 0,
                    column_read: 4,
                    accumulators: &[
                        ::keops::reduction::accumulator::Accumulator {
                            kind: ::keops::reduction::accumulator::Kind::Sum,
                            dim: 1,
                        },
                    ],
                    outputs: 1,
                    cuts: 1,
                    wide: true,
                    columns_in_lanes: true,
                    cost: 28,
                };
                fn read_rows(&self, first: usize, lanes: usize, bank: &mut [T]) {
                    ::keops::engine::transpose(
                        self.in_x_i,
                        3,
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
                        &self.in_b_j[..columns.end * 1],
                        1,
                        columns.start,
                        lanes,
                        &mut bank[0 * lanes..],
                    );
                    ::keops::engine::transpose(
                        &self.in_y_j[..columns.end * 3],
                        3,
                        columns.start,
                        lanes,
                        &mut bank[1 * lanes..],
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
                    let in_b_j: &[[T; 1]] = self.in_b_j.as_chunks::<1>().0;
                    let in_b_j = &in_b_j[columns.first..columns.first + len];
                    let in_y_j: &[[T; 3]] = self.in_y_j.as_chunks::<3>().0;
                    let in_y_j = &in_y_j[columns.first..columns.first + len];
                    let (cut_0, cuts) = cuts.split_at_mut(::keops::engine::TILE);
                    let _ = (bank, cuts, stride);
                    {
                        let t5 = P::load(token, &bank[..]);
                        let t9 = P::load(token, &bank[1 * stride..]);
                        let t13 = P::load(token, &bank[2 * stride..]);
                        let t17 = P::splat(token, self.parameters[1]);
                        let cut_0 = &mut cut_0[..steps];
                        for j in 0..steps {
                            let t6 = columns.coordinate::<P, _>(token, in_y_j, j, 0, 1);
                            let t7 = t5.sub(t6);
                            let t8 = t7.mul(t7);
                            let t10 = columns.coordinate::<P, _>(token, in_y_j, j, 1, 1);
                            let t11 = t9.sub(t10);
                            let t12 = t11.mul_add(t11, t8);
                            let t14 = columns.coordinate::<P, _>(token, in_y_j, j, 2, 1);
                            let t15 = t13.sub(t14);
                            let t16 = t15.mul_add(t15, t12);
                            let t18 = t16.mul(t17);
                            cut_0[j] = t18;
                        }
                    }
                    {
                        let t0 = P::splat(
                            token,
                            <P::Elem as ::keops::Real>::from_f64(0f64),
                        );
                        let mut t1 = t0;
                        let cut_0 = &cut_0[..steps];
                        for j in 0..steps {
                            let t2 = cut_0[j];
                            let t3 = <P::Elem as ::keops::math::Functions>::exp2_nonpositive(
                                t2,
                            );
                            let t4 = columns.coordinate::<P, _>(token, in_b_j, j, 0, 0);
                            t1 = t3.mul_add(t4, t1);
                        }
                        ::keops::reduction::sum::update::<
                            P,
                        >(token, &mut state[..], stride, t1);
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
                    let t19 = ::keops::reduction::sum::value::<
                        P,
                    >(token, &state[..], stride);
                    t19.store(&mut outputs[..]);
                }
            }
            impl<T: ::keops::Real> ::keops::Formula<T> for Formula {
                fn declaration(&self) -> &'static ::keops::points::Declaration {
                    &::keops::points::Declaration {
                        arguments: &[
                            ("x_i", ::keops::points::Index::I),
                            ("y_j", ::keops::points::Index::J),
                            ("b_j", ::keops::points::Index::J),
                            ("s", ::keops::points::Index::None),
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
                        let parameters = {
                            let mut bank = [0.0f64; 2];
                            ::keops::engine::widen(arguments[3].data(), &mut bank[0..1]);
                            Stage0::<
                                f64,
                            >::hoist_parameters::<
                                <f64 as ::keops::Real>::Vector<::keops::simd::Single>,
                            >(::keops::simd::Single, &mut bank);
                            let mut rounded = [<T as ::core::default::Default>::default(); 2];
                            ::keops::engine::narrow(&bank, &mut rounded);
                            rounded
                        };
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
                                    dim: 1,
                                },
                            ],
                        )?;
                    }
                    ::core::result::Result::Ok(())
                }
            }
        }
        formula
    };
}
