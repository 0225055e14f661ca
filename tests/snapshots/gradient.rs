/**

| argument | kind | shape |
|---|---|---|
| `x_i` | `Vi<2>` | M rows of 2 coordinates, one per i |
| `y_j` | `Vj<2>` | N rows of 2 coordinates, one per j |
| `s` | `Pm<1>` | one number |
| *result* | `Vi<1>` | M rows of 1 coordinate, one per i |
*/
#[allow(non_snake_case, clippy::all, clippy::pedantic)]
pub fn gradient<T: ::keops::Real, M: ::keops::Memory>(
    x_i: impl ::keops::Points<2, T, M>,
    y_j: impl ::keops::Points<2, T, M>,
    s: impl ::keops::Parameter<1, T, M>,
) -> ::core::result::Result<M::Column<T>, ::keops::Error> {
    gradient::with(::keops::Options::new(), x_i, y_j, s)
}
///Other ways to call [`gradient`](fn@gradient), and its gradients.
#[allow(non_snake_case, clippy::all, clippy::pedantic)]
pub mod gradient {
    pub(super) struct Formula;
    struct Stage0<'a, T> {
        in_x_i: &'a [T],
        in_y_j: &'a [T],
        parameters: [T; 2],
        lifetime: ::core::marker::PhantomData<&'a T>,
    }
    impl Stage0<'_, f64> {
        fn hoist_parameters<P: ::keops::simd::Rows<Elem = f64>>(
            token: P::Token,
            bank: &mut [f64],
        ) {
            let stride = P::LANES;
            let t15 = P::splat(
                token,
                <P::Elem as ::keops::Real>::from_f64(-1.4426950408889634f64),
            );
            let t16 = P::load(token, &bank[..]);
            let t17 = <P::Elem as ::keops::math::Functions>::power(t16, -2);
            let t18 = t15.mul(t17);
            t18.store(&mut bank[1 * stride..]);
        }
    }
    impl<T: ::keops::Real> ::keops::engine::Kernel<T> for Stage0<'_, T> {
        const LAYOUT: ::keops::engine::Layout = ::keops::engine::Layout {
            row_inputs: 2,
            row_hoisted: 0,
            column_inputs: 0,
            column_hoisted: 0,
            column_read: 2,
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
            cost: 26,
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
                &self.in_y_j[..columns.end * 2],
                2,
                columns.start,
                lanes,
                &mut bank[0 * lanes..],
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
            let in_y_j: &[[T; 2]] = self.in_y_j.as_chunks::<2>().0;
            let in_y_j = &in_y_j[columns.first..columns.first + len];
            let (cut_0, cuts) = cuts.split_at_mut(::keops::engine::TILE);
            let _ = (bank, cuts, stride);
            {
                let t4 = P::load(token, &bank[..]);
                let t8 = P::load(token, &bank[1 * stride..]);
                let t12 = P::splat(token, self.parameters[1]);
                let cut_0 = &mut cut_0[..steps];
                for j in 0..steps {
                    let t5 = columns.coordinate::<P, _>(token, in_y_j, j, 0, 0);
                    let t6 = t4.sub(t5);
                    let t7 = t6.mul(t6);
                    let t9 = columns.coordinate::<P, _>(token, in_y_j, j, 1, 0);
                    let t10 = t8.sub(t9);
                    let t11 = t10.mul_add(t10, t7);
                    let t13 = t11.mul(t12);
                    cut_0[j] = t13;
                }
            }
            {
                let t0 = P::splat(token, <P::Elem as ::keops::Real>::from_f64(0f64));
                let mut t1 = t0;
                let cut_0 = &cut_0[..steps];
                for j in 0..steps {
                    let t2 = cut_0[j];
                    let t3 = <P::Elem as ::keops::math::Functions>::exp2_nonpositive(t2);
                    t1 = t1.add(t3);
                }
                ::keops::reduction::sum::update::<P>(token, &mut state[..], stride, t1);
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
            let t14 = ::keops::reduction::sum::value::<P>(token, &state[..], stride);
            t14.store(&mut outputs[..]);
        }
    }
    impl<T: ::keops::Real> ::keops::Formula<T> for Formula {
        fn declaration(&self) -> &'static ::keops::points::Declaration {
            &::keops::points::Declaration {
                arguments: &[
                    ("x_i", ::keops::points::Index::I),
                    ("y_j", ::keops::points::Index::J),
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
                    ::keops::engine::widen(arguments[2].data(), &mut bank[0..1]);
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
    ///[`gradient`](fn@super::gradient), written to memory of the caller: see `keops::Destination`. The arguments are those of the function.
    #[allow(dead_code)]
    pub fn into<T: ::keops::Real, M: ::keops::Memory>(
        mut result: impl ::keops::Destination<1, T, M>,
        x_i: impl ::keops::Points<2, T, M>,
        y_j: impl ::keops::Points<2, T, M>,
        s: impl ::keops::Parameter<1, T, M>,
    ) -> ::core::result::Result<(), ::keops::Error> {
        let arguments = [
            ::keops::Points::<2, T, M>::view(&x_i, "x_i")?,
            ::keops::Points::<2, T, M>::view(&y_j, "y_j")?,
            ::keops::Parameter::<1, T, M>::view(&s, "s")?,
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
    ///[`gradient`](fn@super::gradient) of some of the pairs, or watched while it is computed: see `keops::Options`. The other arguments are those of the function.
    #[allow(dead_code)]
    pub fn with<'options, T: ::keops::Real, M: ::keops::Memory>(
        options: impl ::core::convert::Into<::keops::Options<'options>>,
        x_i: impl ::keops::Points<2, T, M>,
        y_j: impl ::keops::Points<2, T, M>,
        s: impl ::keops::Parameter<1, T, M>,
    ) -> ::core::result::Result<M::Column<T>, ::keops::Error> {
        let arguments = [
            ::keops::Points::<2, T, M>::view(&x_i, "x_i")?,
            ::keops::Points::<2, T, M>::view(&y_j, "y_j")?,
            ::keops::Parameter::<1, T, M>::view(&s, "s")?,
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
    ///The gradient of Σ ⟨e, gradient⟩ with respect to `x_i`: rows of the shape of `x_i`, for a seed `e` of the shape of the result (one for each value result, in order).
    /**

| argument | kind | shape |
|---|---|---|
| `x_i` | `Vi<2>` | M rows of 2 coordinates, one per i |
| `y_j` | `Vj<2>` | N rows of 2 coordinates, one per j |
| `s` | `Pm<1>` | one number |
| `e` | `Vi<1>` | M rows of 1 coordinate, one per i |
| *result* | `Vi<2>` | M rows of 2 coordinates, one per i |
*/
    #[allow(non_snake_case, clippy::all, clippy::pedantic)]
    pub fn grad_x_i<T: ::keops::Real, M: ::keops::Memory>(
        x_i: impl ::keops::Points<2, T, M>,
        y_j: impl ::keops::Points<2, T, M>,
        s: impl ::keops::Parameter<1, T, M>,
        e: impl ::keops::Points<1, T, M>,
    ) -> ::core::result::Result<M::Rows<T, 2>, ::keops::Error> {
        grad_x_i::with(::keops::Options::new(), x_i, y_j, s, e)
    }
    ///Other ways to call [`grad_x_i`](fn@grad_x_i).
    #[allow(non_snake_case, clippy::all, clippy::pedantic)]
    pub mod grad_x_i {
        pub(super) struct Formula;
        struct Stage0<'a, T> {
            in_x_i: &'a [T],
            in_y_j: &'a [T],
            in_e: &'a [T],
            counts: ::keops::engine::Counts<T>,
            parameters: [T; 3],
            lifetime: ::core::marker::PhantomData<&'a T>,
        }
        impl Stage0<'_, f64> {
            fn hoist_parameters<P: ::keops::simd::Rows<Elem = f64>>(
                token: P::Token,
                bank: &mut [f64],
            ) {
                let stride = P::LANES;
                let t34 = P::splat(
                    token,
                    <P::Elem as ::keops::Real>::from_f64(-1.4426950408889634f64),
                );
                let t35 = P::load(token, &bank[..]);
                let t36 = <P::Elem as ::keops::math::Functions>::power(t35, -2);
                let t37 = t34.mul(t36);
                t37.store(&mut bank[1 * stride..]);
                let t38 = P::splat(token, <P::Elem as ::keops::Real>::from_f64(-2f64));
                let t39 = t38.mul(t36);
                t39.store(&mut bank[2 * stride..]);
            }
        }
        impl<T: ::keops::Real> ::keops::engine::Kernel<T> for Stage0<'_, T> {
            const LAYOUT: ::keops::engine::Layout = ::keops::engine::Layout {
                row_inputs: 4,
                row_hoisted: 0,
                column_inputs: 0,
                column_hoisted: 0,
                column_read: 2,
                accumulators: &[
                    ::keops::reduction::accumulator::Accumulator {
                        kind: ::keops::reduction::accumulator::Kind::Sum,
                        dim: 2,
                    },
                ],
                outputs: 2,
                cuts: 1,
                wide: true,
                columns_in_lanes: true,
                cost: 29,
            };
            fn read_rows(&self, first: usize, lanes: usize, bank: &mut [T]) {
                ::keops::engine::transpose(
                    self.in_x_i,
                    2,
                    first,
                    lanes,
                    &mut bank[0 * lanes..],
                );
                self.counts.read(first, lanes, &mut bank[2 * lanes..]);
                ::keops::engine::transpose(
                    self.in_e,
                    1,
                    first,
                    lanes,
                    &mut bank[3 * lanes..],
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
                    &self.in_y_j[..columns.end * 2],
                    2,
                    columns.start,
                    lanes,
                    &mut bank[0 * lanes..],
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
                let in_y_j: &[[T; 2]] = self.in_y_j.as_chunks::<2>().0;
                let in_y_j = &in_y_j[columns.first..columns.first + len];
                let (cut_0, cuts) = cuts.split_at_mut(::keops::engine::TILE);
                let _ = (bank, cuts, stride);
                {
                    let t11 = P::load(token, &bank[..]);
                    let t15 = P::load(token, &bank[1 * stride..]);
                    let t19 = P::splat(token, self.parameters[1]);
                    let cut_0 = &mut cut_0[..steps];
                    for j in 0..steps {
                        let t12 = columns.coordinate::<P, _>(token, in_y_j, j, 0, 0);
                        let t13 = t11.sub(t12);
                        let t14 = t13.mul(t13);
                        let t16 = columns.coordinate::<P, _>(token, in_y_j, j, 1, 0);
                        let t17 = t15.sub(t16);
                        let t18 = t17.mul_add(t17, t14);
                        let t20 = t18.mul(t19);
                        cut_0[j] = t20;
                    }
                }
                {
                    let t0 = P::splat(token, <P::Elem as ::keops::Real>::from_f64(0f64));
                    let mut t1 = t0;
                    let t4 = P::load(token, &bank[..]);
                    let mut t7 = t0;
                    let t8 = P::load(token, &bank[1 * stride..]);
                    let cut_0 = &cut_0[..steps];
                    for j in 0..steps {
                        let t2 = cut_0[j];
                        let t3 = <P::Elem as ::keops::math::Functions>::exp2_nonpositive(
                            t2,
                        );
                        let t5 = columns.coordinate::<P, _>(token, in_y_j, j, 0, 0);
                        let t6 = t4.sub(t5);
                        t1 = t3.mul_add(t6, t1);
                        let t9 = columns.coordinate::<P, _>(token, in_y_j, j, 1, 0);
                        let t10 = t8.sub(t9);
                        t7 = t3.mul_add(t10, t7);
                    }
                    ::keops::reduction::sum::update::<
                        P,
                    >(token, &mut state[..], stride, t1);
                    ::keops::reduction::sum::update::<
                        P,
                    >(token, &mut state[2 * stride..], stride, t7);
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
                let t21 = P::load(token, &bank[2 * stride..]);
                let t22 = P::splat(token, <P::Elem as ::keops::Real>::from_f64(-0.5f64));
                let t23 = t21.add(t22);
                let t24 = P::splat(token, self.parameters[2]);
                let t25 = P::load(token, &bank[3 * stride..]);
                let t26 = t24.mul(t25);
                let t27 = ::keops::reduction::sum::value::<P>(token, &state[..], stride);
                let t28 = t26.mul(t27);
                let t29 = P::splat(token, <P::Elem as ::keops::Real>::from_f64(0f64));
                let t30 = <P::Elem as ::keops::math::Functions>::if_else(t23, t28, t29);
                t30.store(&mut outputs[..]);
                let t31 = ::keops::reduction::sum::value::<
                    P,
                >(token, &state[2 * stride..], stride);
                let t32 = t26.mul(t31);
                let t33 = <P::Elem as ::keops::math::Functions>::if_else(t23, t32, t29);
                t33.store(&mut outputs[1 * stride..]);
            }
        }
        impl<T: ::keops::Real> ::keops::Formula<T> for Formula {
            fn declaration(&self) -> &'static ::keops::points::Declaration {
                &::keops::points::Declaration {
                    arguments: &[
                        ("x_i", ::keops::points::Index::I),
                        ("y_j", ::keops::points::Index::J),
                        ("s", ::keops::points::Index::None),
                        ("e", ::keops::points::Index::I),
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
                        let mut bank = [0.0f64; 3];
                        ::keops::engine::widen(arguments[2].data(), &mut bank[0..1]);
                        Stage0::<
                            f64,
                        >::hoist_parameters::<
                            <f64 as ::keops::Real>::Vector<::keops::simd::Single>,
                        >(::keops::simd::Single, &mut bank);
                        let mut rounded = [<T as ::core::default::Default>::default(); 3];
                        ::keops::engine::narrow(&bank, &mut rounded);
                        rounded
                    };
                    let kernel = Stage0::<T> {
                        in_x_i: arguments[0].data(),
                        in_y_j: arguments[1].data(),
                        in_e: arguments[3].data(),
                        counts: ::keops::engine::Counts::new(
                            pairs,
                            ::keops::points::Index::I,
                        )?,
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
        ///[`grad_x_i`](fn@super::grad_x_i), written to memory of the caller: see `keops::Destination`. The arguments are those of the function.
        #[allow(dead_code)]
        pub fn into<T: ::keops::Real, M: ::keops::Memory>(
            mut result: impl ::keops::Destination<2, T, M>,
            x_i: impl ::keops::Points<2, T, M>,
            y_j: impl ::keops::Points<2, T, M>,
            s: impl ::keops::Parameter<1, T, M>,
            e: impl ::keops::Points<1, T, M>,
        ) -> ::core::result::Result<(), ::keops::Error> {
            let arguments = [
                ::keops::Points::<2, T, M>::view(&x_i, "x_i")?,
                ::keops::Points::<2, T, M>::view(&y_j, "y_j")?,
                ::keops::Parameter::<1, T, M>::view(&s, "s")?,
                ::keops::Points::<1, T, M>::view(&e, "e")?,
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
        ///[`grad_x_i`](fn@super::grad_x_i) of some of the pairs, or watched while it is computed: see `keops::Options`. The other arguments are those of the function.
        #[allow(dead_code)]
        pub fn with<'options, T: ::keops::Real, M: ::keops::Memory>(
            options: impl ::core::convert::Into<::keops::Options<'options>>,
            x_i: impl ::keops::Points<2, T, M>,
            y_j: impl ::keops::Points<2, T, M>,
            s: impl ::keops::Parameter<1, T, M>,
            e: impl ::keops::Points<1, T, M>,
        ) -> ::core::result::Result<M::Rows<T, 2>, ::keops::Error> {
            let arguments = [
                ::keops::Points::<2, T, M>::view(&x_i, "x_i")?,
                ::keops::Points::<2, T, M>::view(&y_j, "y_j")?,
                ::keops::Parameter::<1, T, M>::view(&s, "s")?,
                ::keops::Points::<1, T, M>::view(&e, "e")?,
            ];
            let mut result_0 = <M::Rows<T, 2> as ::core::default::Default>::default();
            M::evaluate(
                &Formula,
                &arguments,
                ::core::convert::Into::into(options),
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
    }
    ///The gradient of Σ ⟨e, gradient⟩ with respect to `s`: rows of the shape of `s`, for a seed `e` of the shape of the result (one for each value result, in order).
    /**

| argument | kind | shape |
|---|---|---|
| `x_i` | `Vi<2>` | M rows of 2 coordinates, one per i |
| `y_j` | `Vj<2>` | N rows of 2 coordinates, one per j |
| `s` | `Pm<1>` | one number |
| `e` | `Vi<1>` | M rows of 1 coordinate, one per i |
| *result* | `Pm<1>` | one number |
*/
    #[allow(non_snake_case, clippy::all, clippy::pedantic)]
    pub fn grad_s<T: ::keops::Real, M: ::keops::Memory>(
        x_i: impl ::keops::Points<2, T, M>,
        y_j: impl ::keops::Points<2, T, M>,
        s: impl ::keops::Parameter<1, T, M>,
        e: impl ::keops::Points<1, T, M>,
    ) -> ::core::result::Result<T, ::keops::Error> {
        grad_s::with(::keops::Options::new(), x_i, y_j, s, e)
    }
    ///Other ways to call [`grad_s`](fn@grad_s).
    #[allow(non_snake_case, clippy::all, clippy::pedantic)]
    pub mod grad_s {
        pub(super) struct Formula;
        struct Stage0<'a, T> {
            in_x_i: &'a [T],
            in_y_j: &'a [T],
            in_e: &'a [T],
            counts: ::keops::engine::Counts<T>,
            parameters: [T; 3],
            lifetime: ::core::marker::PhantomData<&'a T>,
        }
        impl Stage0<'_, f64> {
            fn hoist_parameters<P: ::keops::simd::Rows<Elem = f64>>(
                token: P::Token,
                bank: &mut [f64],
            ) {
                let stride = P::LANES;
                let t25 = P::splat(
                    token,
                    <P::Elem as ::keops::Real>::from_f64(-1.4426950408889634f64),
                );
                let t26 = P::load(token, &bank[..]);
                let t27 = <P::Elem as ::keops::math::Functions>::power(t26, -2);
                let t28 = t25.mul(t27);
                t28.store(&mut bank[1 * stride..]);
                let t29 = P::splat(token, <P::Elem as ::keops::Real>::from_f64(2f64));
                let t30 = <P::Elem as ::keops::math::Functions>::power(t26, -3);
                let t31 = t29.mul(t30);
                t31.store(&mut bank[2 * stride..]);
            }
        }
        impl<T: ::keops::Real> ::keops::engine::Kernel<T> for Stage0<'_, T> {
            const LAYOUT: ::keops::engine::Layout = ::keops::engine::Layout {
                row_inputs: 4,
                row_hoisted: 0,
                column_inputs: 0,
                column_hoisted: 0,
                column_read: 2,
                accumulators: &[
                    ::keops::reduction::accumulator::Accumulator {
                        kind: ::keops::reduction::accumulator::Kind::Sum,
                        dim: 1,
                    },
                ],
                outputs: 1,
                cuts: 2,
                wide: true,
                columns_in_lanes: true,
                cost: 26,
            };
            fn read_rows(&self, first: usize, lanes: usize, bank: &mut [T]) {
                ::keops::engine::transpose(
                    self.in_x_i,
                    2,
                    first,
                    lanes,
                    &mut bank[0 * lanes..],
                );
                self.counts.read(first, lanes, &mut bank[2 * lanes..]);
                ::keops::engine::transpose(
                    self.in_e,
                    1,
                    first,
                    lanes,
                    &mut bank[3 * lanes..],
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
                    &self.in_y_j[..columns.end * 2],
                    2,
                    columns.start,
                    lanes,
                    &mut bank[0 * lanes..],
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
                let in_y_j: &[[T; 2]] = self.in_y_j.as_chunks::<2>().0;
                let in_y_j = &in_y_j[columns.first..columns.first + len];
                let (cut_0, cuts) = cuts.split_at_mut(::keops::engine::TILE);
                let (cut_1, cuts) = cuts.split_at_mut(::keops::engine::TILE);
                let _ = (bank, cuts, stride);
                {
                    let t5 = P::load(token, &bank[..]);
                    let t9 = P::load(token, &bank[1 * stride..]);
                    let t13 = P::splat(token, self.parameters[1]);
                    let cut_0 = &mut cut_0[..steps];
                    let cut_1 = &mut cut_1[..steps];
                    for j in 0..steps {
                        let t6 = columns.coordinate::<P, _>(token, in_y_j, j, 0, 0);
                        let t7 = t5.sub(t6);
                        let t8 = t7.mul(t7);
                        let t10 = columns.coordinate::<P, _>(token, in_y_j, j, 1, 0);
                        let t11 = t9.sub(t10);
                        let t12 = t11.mul_add(t11, t8);
                        let t14 = t12.mul(t13);
                        cut_0[j] = t14;
                        cut_1[j] = t12;
                    }
                }
                {
                    let t0 = P::splat(token, <P::Elem as ::keops::Real>::from_f64(0f64));
                    let mut t1 = t0;
                    let cut_0 = &cut_0[..steps];
                    let cut_1 = &cut_1[..steps];
                    for j in 0..steps {
                        let t2 = cut_0[j];
                        let t3 = <P::Elem as ::keops::math::Functions>::exp2_nonpositive(
                            t2,
                        );
                        let t4 = cut_1[j];
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
                let t15 = P::load(token, &bank[2 * stride..]);
                let t16 = P::splat(token, <P::Elem as ::keops::Real>::from_f64(-0.5f64));
                let t17 = t15.add(t16);
                let t18 = P::splat(token, self.parameters[2]);
                let t19 = P::load(token, &bank[3 * stride..]);
                let t20 = t18.mul(t19);
                let t21 = ::keops::reduction::sum::value::<P>(token, &state[..], stride);
                let t22 = t20.mul(t21);
                let t23 = P::splat(token, <P::Elem as ::keops::Real>::from_f64(0f64));
                let t24 = <P::Elem as ::keops::math::Functions>::if_else(t17, t22, t23);
                t24.store(&mut outputs[..]);
            }
        }
        impl<T: ::keops::Real> ::keops::Formula<T> for Formula {
            fn declaration(&self) -> &'static ::keops::points::Declaration {
                &::keops::points::Declaration {
                    arguments: &[
                        ("x_i", ::keops::points::Index::I),
                        ("y_j", ::keops::points::Index::J),
                        ("s", ::keops::points::Index::None),
                        ("e", ::keops::points::Index::I),
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
                _: &mut [&mut [T]],
                _: &mut [&mut [usize]],
                totals: &mut [&mut [T]],
            ) -> ::core::result::Result<(), ::keops::Error> {
                let [stage_0_0] = ::keops::memory::all(totals);
                {
                    let parameters = {
                        let mut bank = [0.0f64; 3];
                        ::keops::engine::widen(arguments[2].data(), &mut bank[0..1]);
                        Stage0::<
                            f64,
                        >::hoist_parameters::<
                            <f64 as ::keops::Real>::Vector<::keops::simd::Single>,
                        >(::keops::simd::Single, &mut bank);
                        let mut rounded = [<T as ::core::default::Default>::default(); 3];
                        ::keops::engine::narrow(&bank, &mut rounded);
                        rounded
                    };
                    let kernel = Stage0::<T> {
                        in_x_i: arguments[0].data(),
                        in_y_j: arguments[1].data(),
                        in_e: arguments[3].data(),
                        counts: ::keops::engine::Counts::new(
                            pairs,
                            ::keops::points::Index::I,
                        )?,
                        parameters,
                        lifetime: ::core::marker::PhantomData,
                    };
                    ::keops::engine::run(
                        &kernel,
                        pairs,
                        ::keops::points::Index::I,
                        &mut [
                            ::keops::engine::Out::Total {
                                sum: &mut stage_0_0[..],
                            },
                        ],
                    )?;
                }
                ::core::result::Result::Ok(())
            }
        }
        ///[`grad_s`](fn@super::grad_s) of some of the pairs, or watched while it is computed: see `keops::Options`. The other arguments are those of the function.
        #[allow(dead_code)]
        pub fn with<'options, T: ::keops::Real, M: ::keops::Memory>(
            options: impl ::core::convert::Into<::keops::Options<'options>>,
            x_i: impl ::keops::Points<2, T, M>,
            y_j: impl ::keops::Points<2, T, M>,
            s: impl ::keops::Parameter<1, T, M>,
            e: impl ::keops::Points<1, T, M>,
        ) -> ::core::result::Result<T, ::keops::Error> {
            let arguments = [
                ::keops::Points::<2, T, M>::view(&x_i, "x_i")?,
                ::keops::Points::<2, T, M>::view(&y_j, "y_j")?,
                ::keops::Parameter::<1, T, M>::view(&s, "s")?,
                ::keops::Points::<1, T, M>::view(&e, "e")?,
            ];
            let mut result_0 = [<T as ::core::default::Default>::default(); 1];
            M::evaluate(
                &Formula,
                &arguments,
                ::core::convert::Into::into(options),
                ::keops::memory::Results {
                    values: &mut [],
                    indices: &mut [],
                    totals: &mut [&mut result_0],
                },
            )?;
            ::core::result::Result::Ok(result_0[0])
        }
    }
}
