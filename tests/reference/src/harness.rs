/// Compiles one formula with `keops!` and keeps its text for the evaluator, in a module of the formula's name:
///
/// ```text
/// formula! {
///     pub fn gaussian(x_i: Vi<3>, y_j: Vj<3>, s: Pm<1>) -> Vi<1> { Sum_j(Exp(-SqDist(x_i, y_j) / s^2)) }
/// }
/// gaussian::check(&Setup::sizes(7, 33));
/// ```
///
/// `check` runs it in `f32` and in `f64` on random data and compares; `check_on` takes a case whose data the test has changed.
#[macro_export]
macro_rules! formula {
    (
        $(#[$($attribute:tt)*])*
        pub fn $name:ident ( $($argument:ident : $kind:ident < $dim:tt >),* $(,)? ) $($rest:tt)*
    ) => {
        pub mod $name {
            ::keops::keops! {
                $(#[$($attribute)*])*
                pub fn $name($($argument: $kind<$dim>),*) $($rest)*
            }

            /// The formula.
            pub const TEXT: &str = stringify! {
                $(#[$($attribute)*])*
                pub fn $name($($argument: $kind<$dim>),*) $($rest)*
            };

            /// Compares on random data.
            pub fn check(setup: &$crate::data::Setup) -> $crate::compare::Report {
                check_on(&$crate::case::Case::new(TEXT, setup))
            }

            /// Compares on the data of a case.
            pub fn check_on(case: &$crate::case::Case) -> $crate::compare::Report {
                let single = $name($($crate::argument!(case.data, f32, $kind, $dim, $argument)),*);
                let double = $name($($crate::argument!(case.data, f64, $kind, $dim, $argument)),*);
                case.judge::<f32, _, _>(single).and(case.judge::<f64, _, _>(double))
            }
        }
    };
}

/// An argument of a generated function from a case's data.
#[macro_export]
macro_rules! argument {
    ($data:expr, $scalar:ty, Pm, $dim:tt, $name:ident) => {
        &$data.parameter::<$scalar, $dim>(stringify!($name))
    };
    ($data:expr, $scalar:ty, $kind:ident, $dim:tt, $name:ident) => {
        &$data.points::<$scalar, $dim>(stringify!($name))
    };
}

/// Formulas that are each a test of their own: [`formula!`] and a `#[test]` on a few sizes.
#[macro_export]
macro_rules! cases {
    () => {};
    (
        $(#[$($attribute:tt)*])*
        pub fn $name:ident $arguments:tt -> $kind:ident < $($dim:tt),* > { $($body:tt)* } $($rest:tt)*
    ) => {
        $crate::case! { $name, $(#[$($attribute)*])* pub fn $name $arguments -> $kind<$($dim),*> { $($body)* } }
        $crate::cases! { $($rest)* }
    };
    (
        $(#[$($attribute:tt)*])*
        pub fn $name:ident $arguments:tt -> ( $($results:tt)* ) { $($body:tt)* } $($rest:tt)*
    ) => {
        $crate::case! { $name, $(#[$($attribute)*])* pub fn $name $arguments -> ($($results)*) { $($body)* } }
        $crate::cases! { $($rest)* }
    };
}

/// One formula with its test.
#[macro_export]
macro_rules! case {
    ($name:ident, $($function:tt)*) => {
        $crate::formula! { $($function)* }

        #[test]
        fn $name() {
            $crate::case::usual_sizes($name::check);
        }
    };
}
