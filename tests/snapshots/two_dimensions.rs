/**

| argument | kind | shape |
|---|---|---|
| `x_i` | `Vi<D>` | M rows of D coordinates, one per i |
| `y_j` | `Vj<D>` | N rows of D coordinates, one per j |
| `v_j` | `Vj<E>` | N rows of E coordinates, one per j |
| *result* | `Vi<E>` | M rows of E coordinates, one per i |

Compiled for D = 1, 2; E = 3.
*/
#[allow(non_snake_case, clippy::all, clippy::pedantic)]
pub fn two_dimensions<
    const D: ::core::primitive::usize,
    const E: ::core::primitive::usize,
    T: ::keops::Real,
    M: ::keops::Memory,
>(
    x_i: impl ::keops::Points<D, T, M>,
    y_j: impl ::keops::Points<D, T, M>,
    v_j: impl ::keops::Points<E, T, M>,
) -> ::core::result::Result<M::Rows<T, E>, ::keops::Error>
where
    two_dimensions::Formulas: two_dimensions::Instance<D, E>,
{
    two_dimensions::with(::keops::Options::new(), x_i, y_j, v_j)
}
///Other ways to call [`two_dimensions`](fn@two_dimensions).
#[allow(non_snake_case, clippy::all, clippy::pedantic)]
pub mod two_dimensions {
    /// The formulas, one for each of the dimensions listed.
    #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug)]
    #[allow(dead_code)]
    pub struct Formulas;
    ///The dimensions that [`two_dimensions`](fn@super::two_dimensions) is compiled for: it can be called where `Formulas` implements this.
    #[diagnostic::on_unimplemented(
        message = "`two_dimensions` is not compiled for D = {D}, E = {E}",
        label = "these dimensions are not listed",
        note = "it is compiled for all combinations of `#[instances(D = 1, 2)]` and `#[instances(E = 3)]`: add what is missing"
    )]
    pub trait Instance<
        const D: ::core::primitive::usize,
        const E: ::core::primitive::usize,
    > {
        #[doc(hidden)]
        fn evaluate<T: ::keops::Real, M: ::keops::Memory>(
            arguments: &[M::View<'_, T>],
            options: ::keops::Options<'_>,
            results: ::keops::memory::Results<'_, '_, T, M>,
        ) -> ::core::result::Result<(), ::keops::Error>;
    }
    mod instance_1_3 {
        pub(super) struct Formula;
        struct Stage0<'a, T> {
            in_x_i: &'a [T],
            in_y_j: &'a [T],
            in_v_j: &'a [T],
            counts: ::keops::engine::Counts<T>,
            parameters: [T; 0],
            lifetime: ::core::marker::PhantomData<&'a T>,
        }
        impl<T: ::keops::Real> ::keops::engine::Kernel<T> for Stage0<'_, T> {
            const LAYOUT: ::keops::engine::Layout = ::keops::engine::Layout {
                row_inputs: 2,
                row_hoisted: 0,
                column_inputs: 4,
                column_hoisted: 3,
                column_read: 0,
                accumulators: &[
                    ::keops::reduction::accumulator::Accumulator {
                        kind: ::keops::reduction::accumulator::Kind::Sum,
                        dim: 3,
                    },
                ],
                outputs: 3,
                cuts: 0,
                wide: true,
                columns_in_lanes: true,
                cost: 3,
            };
            fn read_rows(&self, first: usize, lanes: usize, bank: &mut [T]) {
                self.counts.read(first, lanes, &mut bank[0 * lanes..]);
                ::keops::engine::transpose(
                    self.in_x_i,
                    1,
                    first,
                    lanes,
                    &mut bank[1 * lanes..],
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
                ::keops::engine::transpose(
                    self.in_y_j,
                    1,
                    first,
                    lanes,
                    &mut bank[0 * lanes..],
                );
                ::keops::engine::transpose(
                    self.in_v_j,
                    3,
                    first,
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
                let t21 = P::load(token, &bank[..]);
                let t22 = P::load(token, &bank[1 * stride..]);
                let t23 = t21.mul(t22);
                t23.store(&mut bank[4 * stride..]);
                let t24 = P::load(token, &bank[2 * stride..]);
                let t25 = t21.mul(t24);
                t25.store(&mut bank[5 * stride..]);
                let t26 = P::load(token, &bank[3 * stride..]);
                let t27 = t21.mul(t26);
                t27.store(&mut bank[6 * stride..]);
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
                let _ = (bank, cuts, stride);
                {
                    let t0 = P::splat(token, <P::Elem as ::keops::Real>::from_f64(0f64));
                    let mut t1 = t0;
                    let mut t3 = t0;
                    let mut t5 = t0;
                    for j in 0..steps {
                        let t2 = columns.hoisted::<P>(token, j, 0);
                        t1 = t1.add(t2);
                        let t4 = columns.hoisted::<P>(token, j, 1);
                        t3 = t3.add(t4);
                        let t6 = columns.hoisted::<P>(token, j, 2);
                        t5 = t5.add(t6);
                    }
                    ::keops::reduction::sum::update::<
                        P,
                    >(token, &mut state[..], stride, t1);
                    ::keops::reduction::sum::update::<
                        P,
                    >(token, &mut state[2 * stride..], stride, t3);
                    ::keops::reduction::sum::update::<
                        P,
                    >(token, &mut state[4 * stride..], stride, t5);
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
                let t7 = P::load(token, &bank[..]);
                let t8 = P::splat(token, <P::Elem as ::keops::Real>::from_f64(-0.5f64));
                let t9 = t7.add(t8);
                let t10 = P::load(token, &bank[1 * stride..]);
                let t11 = ::keops::reduction::sum::value::<P>(token, &state[..], stride);
                let t12 = t10.mul(t11);
                let t13 = P::splat(token, <P::Elem as ::keops::Real>::from_f64(0f64));
                let t14 = <P::Elem as ::keops::math::Functions>::if_else(t9, t12, t13);
                t14.store(&mut outputs[..]);
                let t15 = ::keops::reduction::sum::value::<
                    P,
                >(token, &state[2 * stride..], stride);
                let t16 = t10.mul(t15);
                let t17 = <P::Elem as ::keops::math::Functions>::if_else(t9, t16, t13);
                t17.store(&mut outputs[1 * stride..]);
                let t18 = ::keops::reduction::sum::value::<
                    P,
                >(token, &state[4 * stride..], stride);
                let t19 = t10.mul(t18);
                let t20 = <P::Elem as ::keops::math::Functions>::if_else(t9, t19, t13);
                t20.store(&mut outputs[2 * stride..]);
            }
        }
        impl<T: ::keops::Real> ::keops::Formula<T> for Formula {
            fn declaration(&self) -> &'static ::keops::points::Declaration {
                &::keops::points::Declaration {
                    arguments: &[
                        ("x_i", ::keops::points::Index::I),
                        ("y_j", ::keops::points::Index::J),
                        ("v_j", ::keops::points::Index::J),
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
                        in_v_j: arguments[2].data(),
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
                                dim: 3,
                            },
                        ],
                    )?;
                }
                ::core::result::Result::Ok(())
            }
        }
    }
    #[diagnostic::do_not_recommend]
    impl Instance<1, 3> for Formulas {
        fn evaluate<T: ::keops::Real, M: ::keops::Memory>(
            arguments: &[M::View<'_, T>],
            options: ::keops::Options<'_>,
            results: ::keops::memory::Results<'_, '_, T, M>,
        ) -> ::core::result::Result<(), ::keops::Error> {
            M::evaluate(&instance_1_3::Formula, arguments, options, results)
        }
    }
    mod instance_2_3 {
        pub(super) struct Formula;
        struct Stage0<'a, T> {
            in_x_i: &'a [T],
            in_y_j: &'a [T],
            in_v_j: &'a [T],
            parameters: [T; 0],
            lifetime: ::core::marker::PhantomData<&'a T>,
        }
        impl<T: ::keops::Real> ::keops::engine::Kernel<T> for Stage0<'_, T> {
            const LAYOUT: ::keops::engine::Layout = ::keops::engine::Layout {
                row_inputs: 2,
                row_hoisted: 0,
                column_inputs: 0,
                column_hoisted: 0,
                column_read: 5,
                accumulators: &[
                    ::keops::reduction::accumulator::Accumulator {
                        kind: ::keops::reduction::accumulator::Kind::Sum,
                        dim: 3,
                    },
                ],
                outputs: 3,
                cuts: 0,
                wide: true,
                columns_in_lanes: true,
                cost: 5,
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
                ::keops::engine::transpose(
                    &self.in_v_j[..columns.end * 3],
                    3,
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
                let in_y_j: &[[T; 2]] = self.in_y_j.as_chunks::<2>().0;
                let in_y_j = &in_y_j[columns.first..columns.first + len];
                let in_v_j: &[[T; 3]] = self.in_v_j.as_chunks::<3>().0;
                let in_v_j = &in_v_j[columns.first..columns.first + len];
                let _ = (bank, cuts, stride);
                {
                    let t0 = P::splat(token, <P::Elem as ::keops::Real>::from_f64(0f64));
                    let mut t1 = t0;
                    let t2 = P::load(token, &bank[..]);
                    let t5 = P::load(token, &bank[1 * stride..]);
                    let mut t9 = t0;
                    let mut t11 = t0;
                    for j in 0..steps {
                        let t3 = columns.coordinate::<P, _>(token, in_y_j, j, 0, 0);
                        let t4 = t2.mul(t3);
                        let t6 = columns.coordinate::<P, _>(token, in_y_j, j, 1, 0);
                        let t7 = t5.mul_add(t6, t4);
                        let t8 = columns.coordinate::<P, _>(token, in_v_j, j, 0, 2);
                        t1 = t7.mul_add(t8, t1);
                        let t10 = columns.coordinate::<P, _>(token, in_v_j, j, 1, 2);
                        t9 = t7.mul_add(t10, t9);
                        let t12 = columns.coordinate::<P, _>(token, in_v_j, j, 2, 2);
                        t11 = t7.mul_add(t12, t11);
                    }
                    ::keops::reduction::sum::update::<
                        P,
                    >(token, &mut state[..], stride, t1);
                    ::keops::reduction::sum::update::<
                        P,
                    >(token, &mut state[2 * stride..], stride, t9);
                    ::keops::reduction::sum::update::<
                        P,
                    >(token, &mut state[4 * stride..], stride, t11);
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
                let t13 = ::keops::reduction::sum::value::<P>(token, &state[..], stride);
                t13.store(&mut outputs[..]);
                let t14 = ::keops::reduction::sum::value::<
                    P,
                >(token, &state[2 * stride..], stride);
                t14.store(&mut outputs[1 * stride..]);
                let t15 = ::keops::reduction::sum::value::<
                    P,
                >(token, &state[4 * stride..], stride);
                t15.store(&mut outputs[2 * stride..]);
            }
        }
        impl<T: ::keops::Real> ::keops::Formula<T> for Formula {
            fn declaration(&self) -> &'static ::keops::points::Declaration {
                &::keops::points::Declaration {
                    arguments: &[
                        ("x_i", ::keops::points::Index::I),
                        ("y_j", ::keops::points::Index::J),
                        ("v_j", ::keops::points::Index::J),
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
    }
    #[diagnostic::do_not_recommend]
    impl Instance<2, 3> for Formulas {
        fn evaluate<T: ::keops::Real, M: ::keops::Memory>(
            arguments: &[M::View<'_, T>],
            options: ::keops::Options<'_>,
            results: ::keops::memory::Results<'_, '_, T, M>,
        ) -> ::core::result::Result<(), ::keops::Error> {
            M::evaluate(&instance_2_3::Formula, arguments, options, results)
        }
    }
    ///[`two_dimensions`](fn@super::two_dimensions), written to memory of the caller: see `keops::Destination`. The arguments are those of the function.
    #[allow(dead_code)]
    pub fn into<
        const D: ::core::primitive::usize,
        const E: ::core::primitive::usize,
        T: ::keops::Real,
        M: ::keops::Memory,
    >(
        mut result: impl ::keops::Destination<E, T, M>,
        x_i: impl ::keops::Points<D, T, M>,
        y_j: impl ::keops::Points<D, T, M>,
        v_j: impl ::keops::Points<E, T, M>,
    ) -> ::core::result::Result<(), ::keops::Error>
    where
        Formulas: Instance<D, E>,
    {
        let arguments = [
            ::keops::Points::<D, T, M>::view(&x_i, "x_i")?,
            ::keops::Points::<D, T, M>::view(&y_j, "y_j")?,
            ::keops::Points::<E, T, M>::view(&v_j, "v_j")?,
        ];
        <Formulas as Instance<
            D,
            E,
        >>::evaluate::<
            T,
            M,
        >(
            &arguments,
            ::keops::Options::new(),
            ::keops::memory::Results {
                values: &mut [
                    ::keops::Destination::<E, T, M>::slot(&mut result, "result")?,
                ],
                indices: &mut [],
                totals: &mut [],
            },
        )
    }
    ///[`two_dimensions`](fn@super::two_dimensions) of some of the pairs, or watched while it is computed: see `keops::Options`. The other arguments are those of the function.
    #[allow(dead_code)]
    pub fn with<
        'options,
        const D: ::core::primitive::usize,
        const E: ::core::primitive::usize,
        T: ::keops::Real,
        M: ::keops::Memory,
    >(
        options: impl ::core::convert::Into<::keops::Options<'options>>,
        x_i: impl ::keops::Points<D, T, M>,
        y_j: impl ::keops::Points<D, T, M>,
        v_j: impl ::keops::Points<E, T, M>,
    ) -> ::core::result::Result<M::Rows<T, E>, ::keops::Error>
    where
        Formulas: Instance<D, E>,
    {
        let arguments = [
            ::keops::Points::<D, T, M>::view(&x_i, "x_i")?,
            ::keops::Points::<D, T, M>::view(&y_j, "y_j")?,
            ::keops::Points::<E, T, M>::view(&v_j, "v_j")?,
        ];
        let mut result_0 = <M::Rows<T, E> as ::core::default::Default>::default();
        <Formulas as Instance<
            D,
            E,
        >>::evaluate::<
            T,
            M,
        >(
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
    ///[`two_dimensions`](fn@super::two_dimensions) for dimensions that are known when the program runs, `[D, E]`: arguments and results that have them are flat, row after row. It is an error if they are none of those that the function is compiled for. Options go with them in a pair: see `keops::Dimensions`.
    #[allow(dead_code)]
    pub fn flat<'options, T: ::keops::Real>(
        dimensions: impl ::core::convert::Into<::keops::Dimensions<'options, 2>>,
        x_i: &[T],
        y_j: &[T],
        v_j: &[T],
    ) -> ::core::result::Result<::std::vec::Vec<T>, ::keops::Error> {
        let (dimensions, options) = ::core::convert::Into::<
            ::keops::Dimensions<'_, 2>,
        >::into(dimensions)
            .split();
        let evaluate: fn(
            &[::keops::points::View<'_, T>],
            ::keops::Options<'_>,
            ::keops::memory::Results<'_, '_, T, ::keops::Host>,
        ) -> ::core::result::Result<(), ::keops::Error> = match dimensions {
            [1, 3] => <Formulas as Instance<1, 3>>::evaluate::<T, ::keops::Host>,
            [2, 3] => <Formulas as Instance<2, 3>>::evaluate::<T, ::keops::Host>,
            _ => {
                return ::core::result::Result::Err(
                    ::keops::points::not_compiled(
                        "two_dimensions",
                        &["D", "E"],
                        &dimensions,
                        "D = 1, 2; E = 3",
                    ),
                );
            }
        };
        let arguments = [
            ::keops::points::View::points("x_i", x_i, dimensions[0])?,
            ::keops::points::View::points("y_j", y_j, dimensions[0])?,
            ::keops::points::View::points("v_j", v_j, dimensions[1])?,
        ];
        let mut result_0 = ::keops::points::FlatRows::new(dimensions[1]);
        evaluate(
            &arguments,
            options,
            ::keops::memory::Results {
                values: &mut [
                    ::keops::memory::NewResult::<T, ::keops::Host>::slot(&mut result_0),
                ],
                indices: &mut [],
                totals: &mut [],
            },
        )?;
        ::core::result::Result::Ok(result_0.into_numbers())
    }
}
